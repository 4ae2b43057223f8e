//! placeholder
use aws_lambda_events::event::s3::S3Event;

use crate::{context::Context, failure::Failure};

/// Answers one storage event.
pub async fn handle(_context: &Context, _event: S3Event) -> Result<(), Failure> {
    Ok(())
}
