//! The Lambda function that sends due registration e-mails, once a minute, and hears what became of them.

use functions::{context::Context, failure::Failure, invite, lambda, mail_events};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main]
async fn main() -> Result<(), Error> {
    lambda::log_as_json();
    let context = &Context::from_environment().await?;
    run(service_fn(async |event: LambdaEvent<serde_json::Value>| {
        // The clock's event says nothing that matters.
        if event.payload["source"] != "aws.ses" {
            return invite::handle(context).await;
        }
        let event = serde_json::from_value(event.payload).map_err(Failure::corrupt("an event of SES"))?;
        mail_events::handle(context, &event).await
    }))
    .await
}
