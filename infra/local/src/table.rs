//! DynamoDB by `dynoxide`, in one SQLite file.

use std::{io, path::Path};

use aws_sdk_dynamodb::{
    Client,
    error::DisplayErrorContext,
    types::{
        AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
        TimeToLiveSpecification,
    },
};
use dynoxide::Database;
use tokio::net::TcpListener;

/// Opens the database file.
pub fn open(file: &Path) -> io::Result<Database> {
    let file = file.to_str().ok_or_else(|| io::Error::other("the data folder's path is not UTF-8"))?;
    let database = Database::new(file).map_err(|error| io::Error::other(error.to_string()))?;
    // The normal settings of that name sync the disk at checkpoints and not at every commit. That outlives a
    // killed process, which is what the embedded stack promises, and is many times as fast.
    database.disable_bulk_loading().map_err(|error| io::Error::other(error.to_string()))?;
    Ok(database)
}

/// Serves the database until `stop` resolves and the requests under way are answered.
pub async fn serve(
    listener: TcpListener,
    database: Database,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    if let Err(error) = dynoxide::server::serve_with_shutdown(listener, database, stop).await {
        tracing::error!(error, "the table stopped");
    }
}

/// Makes the table that the functions use, unless it is there: `pk` and `sk`, and `expires` as its time to live.
pub async fn create(client: &Client, name: &str) -> io::Result<()> {
    let found = client.list_tables().send().await.map_err(failed)?;
    if found.table_names().iter().any(|table| table == name) {
        return Ok(());
    }
    client
        .create_table()
        .table_name(name)
        .set_key_schema(Some(vec![key("pk", KeyType::Hash)?, key("sk", KeyType::Range)?]))
        .set_attribute_definitions(Some(vec![attribute("pk")?, attribute("sk")?]))
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await
        .map_err(failed)?;
    let expires = TimeToLiveSpecification::builder().attribute_name("expires").enabled(true).build();
    client
        .update_time_to_live()
        .table_name(name)
        .time_to_live_specification(expires.map_err(io::Error::other)?)
        .send()
        .await
        .map_err(failed)?;
    Ok(())
}

/// Deletes the items that have expired, as DynamoDB does in its own time.
pub async fn expire(database: Database) {
    let swept = tokio::task::spawn_blocking(move || database.sweep_ttl().map_err(|error| error.to_string()));
    match swept.await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::error!(error, "expired items could not be deleted"),
        Err(error) => tracing::error!(%error, "expired items could not be deleted"),
    }
}

fn key(name: &str, kind: KeyType) -> io::Result<KeySchemaElement> {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().map_err(io::Error::other)
}

fn attribute(name: &str) -> io::Result<AttributeDefinition> {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S)
        .build()
        .map_err(io::Error::other)
}

fn failed(error: impl std::error::Error) -> io::Error {
    io::Error::other(DisplayErrorContext(error).to_string())
}
