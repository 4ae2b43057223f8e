//! The Lambda function that takes up what stalled, once a minute.

use functions::{context::Context, lambda, sweep};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main]
async fn main() -> Result<(), Error> {
    lambda::log_as_json();
    let context = &Context::from_environment().await?;
    // The clock's event says nothing that matters.
    run(service_fn(async |_: LambdaEvent<serde_json::Value>| sweep::handle(context).await)).await
}
