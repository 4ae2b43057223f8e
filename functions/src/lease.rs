//! One import applies at a time for each organisation; the others wait as `queued`.

use aws_sdk_dynamodb::error::ProvideErrorMetadata;

use crate::{
    context::Context,
    failure::Failure,
    import::{self, State},
    names::ImportRef,
    objects,
    table::{self, text},
};

/// How many of an organisation's imports are looked at for one that waits.
const QUEUE_LOOK_BACK: usize = 1_000;

/// Takes the organisation's lease for this import. `false` if another import holds it.
pub async fn acquire(context: &Context, reference: &ImportRef) -> Result<bool, Failure> {
    let key = reference.organisation.lease();
    let answer = context
        .table
        .put_item()
        .table_name(&context.config.table)
        .item("pk", text(key.pk))
        .item("sk", text(key.sk))
        .item("holder", text(&reference.import))
        .condition_expression("attribute_not_exists(holder) OR holder = :me")
        .expression_attribute_values(":me", text(&reference.import))
        .send()
        .await;
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
        Err(error) => Err(Failure::store("take the lease")(error)),
    }
}

/// Gives the lease back, if this import holds it, and starts the import that has waited longest.
pub async fn pass_on(context: &Context, reference: &ImportRef) -> Result<(), Failure> {
    table::delete_if(context, &reference.organisation.lease(), "holder", &reference.import).await?;
    let imports = import::list(context, &reference.organisation, QUEUE_LOOK_BACK).await?;
    let queued = imports.iter().filter(|import| import.state == State::Queued);
    match queued.min_by_key(|import| import.confirmed_at) {
        Some(next) => objects::put(context, &next.reference().start(), Vec::new()).await,
        None => Ok(()),
    }
}
