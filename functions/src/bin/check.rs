//! The Lambda function that answers the storage event of an upload.

use aws_lambda_events::event::s3::S3Event;
use functions::{check, context::Context, lambda};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main]
async fn main() -> Result<(), Error> {
    lambda::log_as_json();
    let context = &Context::from_environment().await?;
    run(service_fn(async |event: LambdaEvent<S3Event>| check::handle(context, event.payload).await)).await
}
