//! placeholder
use crate::{context::Context, failure::Failure};

/// Runs once a minute.
pub async fn handle(_context: &Context) -> Result<(), Failure> {
    Ok(())
}
