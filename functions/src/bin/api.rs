//! The Lambda function behind the HTTP API.

use functions::{api, context::Context, lambda};

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    lambda::log_as_json();
    let context = Context::from_environment().await?;
    lambda_http::run(api::router(context)).await
}
