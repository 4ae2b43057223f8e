//! The table: the few ways in which the functions read and write items.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::{
    error::ProvideErrorMetadata,
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{AttributeValue, BatchStatementErrorCodeEnum, BatchStatementRequest, KeysAndAttributes},
};
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Serialize, de::DeserializeOwned};

use crate::{context::Context, failure::Failure, names::TableKey};

/// An item as the SDK gives it.
pub type Item = HashMap<String, AttributeValue>;

/// The most keys that `BatchGetItem` takes.
const BATCH_GET: usize = 100;
/// The most statements that `BatchExecuteStatement` takes.
const BATCH_STATEMENTS: usize = 25;
/// How many batches are under way at once.
const CONCURRENT_BATCHES: usize = 8;
/// How often a batch that the table answered only in part is asked for the rest.
const PARTIAL_RETRIES: u32 = 8;

/// The direction of a query.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Order {
    OldestFirst,
    NewestFirst,
}

/// A string value.
pub fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

/// The item that holds `value` under `key`.
pub fn item(key: &TableKey, value: &impl Serialize) -> Result<Item, Failure> {
    let mut item: Item = serde_dynamo::to_item(value).map_err(Failure::corrupt("a value to store"))?;
    item.extend(key_item(key));
    Ok(item)
}

/// Reads a value back from its item.
pub fn read<T: DeserializeOwned>(item: Item, what: &'static str) -> Result<T, Failure> {
    serde_dynamo::from_item(item).map_err(Failure::corrupt(what))
}

/// Fetches one item, as of now.
pub async fn get(context: &Context, key: &TableKey) -> Result<Option<Item>, Failure> {
    let answer = context
        .table
        .get_item()
        .table_name(&context.config.table)
        .set_key(Some(key_item(key)))
        .consistent_read(true)
        .send()
        .await
        .map_err(Failure::store("fetch an item"))?;
    Ok(answer.item)
}

/// Writes an item, over an older one if there is one.
pub async fn put(context: &Context, item: Item) -> Result<(), Failure> {
    context
        .table
        .put_item()
        .table_name(&context.config.table)
        .set_item(Some(item))
        .send()
        .await
        .map_err(Failure::store("write an item"))?;
    Ok(())
}

/// Writes an item over one that holds `seen` in `field`, or over none at all. `false` if another is there.
pub async fn put_over(
    context: &Context,
    item: Item,
    field: &str,
    seen: Option<AttributeValue>,
) -> Result<bool, Failure> {
    let put = context.table.put_item().table_name(&context.config.table).set_item(Some(item));
    let put = match seen {
        None => put.condition_expression("attribute_not_exists(pk)"),
        Some(seen) => put
            .condition_expression("#field = :seen")
            .expression_attribute_names("#field", field)
            .expression_attribute_values(":seen", seen),
    };
    match put.send().await {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
        Err(error) => Err(Failure::store("write an item")(error)),
    }
}

/// A change of one item, to be completed and sent.
pub fn update(context: &Context, key: &TableKey) -> UpdateItemFluentBuilder {
    context.table.update_item().table_name(&context.config.table).set_key(Some(key_item(key)))
}

/// Deletes an item, if it is there.
pub async fn delete(context: &Context, key: &TableKey) -> Result<(), Failure> {
    context
        .table
        .delete_item()
        .table_name(&context.config.table)
        .set_key(Some(key_item(key)))
        .send()
        .await
        .map_err(Failure::store("delete an item"))?;
    Ok(())
}

/// Deletes an item if it holds `value` in `field`.
pub async fn delete_if(context: &Context, key: &TableKey, field: &str, value: &str) -> Result<(), Failure> {
    let answer = context
        .table
        .delete_item()
        .table_name(&context.config.table)
        .set_key(Some(key_item(key)))
        .condition_expression("#field = :value")
        .expression_attribute_names("#field", field)
        .expression_attribute_values(":value", text(value))
        .send()
        .await;
    match answer {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(()),
        Err(error) => Err(Failure::store("delete an item")(error)),
    }
}

/// Deletes an item of this version; `false` if there is none.
pub async fn delete_version(context: &Context, key: &TableKey, version: u64) -> Result<bool, Failure> {
    let answer = context
        .table
        .delete_item()
        .table_name(&context.config.table)
        .set_key(Some(key_item(key)))
        .condition_expression("version = :version")
        .expression_attribute_values(":version", AttributeValue::N(version.to_string()))
        .send()
        .await;
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
        Err(error) => Err(Failure::store("delete an item of a version")(error)),
    }
}

/// The items of a partition in the order of their sort keys, `most` at the most.
pub async fn query(context: &Context, pk: &str, order: Order, most: usize) -> Result<Vec<Item>, Failure> {
    let mut pages = context
        .table
        .query()
        .table_name(&context.config.table)
        .key_condition_expression("pk = :pk")
        .expression_attribute_values(":pk", text(pk))
        .scan_index_forward(order == Order::OldestFirst)
        .consistent_read(true)
        .into_paginator()
        .items()
        .send();
    let mut items = Vec::new();
    while items.len() < most {
        match pages.next().await {
            Some(item) => items.push(item.map_err(Failure::store("query items"))?),
            None => break,
        }
    }
    Ok(items)
}

/// The items of a partition whose sort keys are before that of `key`, `most` at the most.
pub async fn query_before(
    context: &Context,
    key: &TableKey,
    order: Order,
    most: usize,
) -> Result<Vec<Item>, Failure> {
    let answer = context
        .table
        .query()
        .table_name(&context.config.table)
        .key_condition_expression("pk = :pk AND sk < :sk")
        .expression_attribute_values(":pk", text(&key.pk))
        .expression_attribute_values(":sk", text(&key.sk))
        .scan_index_forward(order == Order::OldestFirst)
        .limit(i32::try_from(most).unwrap_or(i32::MAX))
        .consistent_read(true)
        .send()
        .await
        .map_err(Failure::store("query items"))?;
    Ok(answer.items.unwrap_or_default())
}

/// The items of a partition, fetched a page at a time as they are asked for.
pub struct Pages<'a> {
    context: &'a Context,
    pk: String,
    fetched: std::vec::IntoIter<Item>,
    /// Where the next page begins, unless it is the first.
    start: Option<Item>,
    is_last: bool,
}

impl<'a> Pages<'a> {
    pub fn of(context: &'a Context, pk: String) -> Self {
        Self { context, pk, fetched: Vec::new().into_iter(), start: None, is_last: false }
    }

    /// The next item; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Item>, Failure> {
        loop {
            if let Some(item) = self.fetched.next() {
                return Ok(Some(item));
            }
            if self.is_last {
                return Ok(None);
            }
            let query = self.context.table.query().table_name(&self.context.config.table);
            let query = query.key_condition_expression("pk = :pk");
            let query = query.expression_attribute_values(":pk", text(&self.pk)).consistent_read(true);
            let page = query.set_exclusive_start_key(self.start.take()).send().await;
            let page = page.map_err(Failure::store("query items"))?;
            self.is_last = page.last_evaluated_key.is_none();
            self.start = page.last_evaluated_key;
            self.fetched = page.items.unwrap_or_default().into_iter();
        }
    }
}

/// The items of a partition whose sort keys begin as that of `key`.
pub async fn query_prefix(context: &Context, key: &TableKey) -> Result<Vec<Item>, Failure> {
    context
        .table
        .query()
        .table_name(&context.config.table)
        .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
        .expression_attribute_values(":pk", text(&key.pk))
        .expression_attribute_values(":sk", text(&key.sk))
        .consistent_read(true)
        .into_paginator()
        .items()
        .send()
        .try_collect()
        .await
        .map_err(Failure::store("query items"))
}

/// Fetches the items of these keys that are there, as of now, in no order.
pub async fn batch_get(context: &Context, keys: Vec<TableKey>) -> Result<Vec<Item>, Failure> {
    batch_get_part(context, keys, None).await
}

/// Fetches nothing but one field of these items, and their keys.
pub async fn batch_get_only(
    context: &Context,
    keys: Vec<TableKey>,
    field: &'static str,
) -> Result<Vec<Item>, Failure> {
    batch_get_part(context, keys, Some(field)).await
}

async fn batch_get_part(
    context: &Context,
    keys: Vec<TableKey>,
    field: Option<&'static str>,
) -> Result<Vec<Item>, Failure> {
    let batches: Vec<Vec<TableKey>> = keys.chunks(BATCH_GET).map(<[TableKey]>::to_vec).collect();
    let found: Vec<Vec<Item>> = stream::iter(batches)
        .map(|batch| get_batch(context, batch, field))
        .buffer_unordered(CONCURRENT_BATCHES)
        .try_collect()
        .await?;
    Ok(found.into_iter().flatten().collect())
}

async fn get_batch(
    context: &Context,
    keys: Vec<TableKey>,
    field: Option<&'static str>,
) -> Result<Vec<Item>, Failure> {
    let table = &context.config.table;
    let mut wanted: Vec<Item> = keys.iter().map(key_item).collect();
    let mut found = Vec::new();
    for attempt in 0..PARTIAL_RETRIES {
        let request = KeysAndAttributes::builder()
            .set_keys(Some(std::mem::take(&mut wanted)))
            .consistent_read(true)
            .set_projection_expression(field.map(|field| format!("pk, sk, {field}")))
            .build()
            .map_err(Failure::store("ask for items"))?;
        let answer = context
            .table
            .batch_get_item()
            .request_items(table, request)
            .send()
            .await
            .map_err(Failure::store("fetch items"))?;
        found.extend(answer.responses.and_then(|mut tables| tables.remove(table)).unwrap_or_default());
        wanted = answer
            .unprocessed_keys
            .and_then(|mut tables| tables.remove(table))
            .map(|rest| rest.keys)
            .unwrap_or_default();
        if wanted.is_empty() {
            return Ok(found);
        }
        pause(attempt).await;
    }
    Err(Failure::Missing("the rest of a batch that the table left unanswered"))
}

/// Inserts items that must not be there yet, and returns the indices of those that were.
///
/// 25 PartiQL inserts in one request are conditional one by one and cost one write unit each, where
/// `BatchWriteItem` takes no condition and a transaction costs double.
pub async fn insert_all(context: &Context, items: &[Item]) -> Result<Vec<usize>, Failure> {
    let batches: Vec<Vec<usize>> =
        (0..items.len()).collect::<Vec<_>>().chunks(BATCH_STATEMENTS).map(<[usize]>::to_vec).collect();
    let there: Vec<Vec<usize>> = stream::iter(batches)
        .map(|batch| insert_batch(context, items, batch))
        .buffer_unordered(CONCURRENT_BATCHES)
        .try_collect()
        .await?;
    Ok(there.into_iter().flatten().collect())
}

async fn insert_batch(
    context: &Context,
    items: &[Item],
    mut wanted: Vec<usize>,
) -> Result<Vec<usize>, Failure> {
    let mut there = Vec::new();
    for attempt in 0..PARTIAL_RETRIES {
        let statements = wanted
            .iter()
            .map(|index| insert_statement(&context.config.table, &items[*index]))
            .collect::<Result<Vec<_>, _>>()?;
        let answer = context
            .table
            .batch_execute_statement()
            .set_statements(Some(statements))
            .send()
            .await
            .map_err(Failure::store("insert items"))?;
        let mut again = Vec::new();
        for (index, response) in wanted.iter().zip(answer.responses()) {
            match response.error().and_then(|error| error.code()) {
                None => {}
                Some(BatchStatementErrorCodeEnum::DuplicateItem) => there.push(*index),
                Some(code) if is_passing(code) => again.push(*index),
                Some(code) => return Err(refused(code)),
            }
        }
        wanted = again;
        if wanted.is_empty() {
            return Ok(there);
        }
        pause(attempt).await;
    }
    Err(Failure::Missing("the rest of a batch that the table left undone"))
}

fn insert_statement(table: &str, item: &Item) -> Result<BatchStatementRequest, Failure> {
    let (names, values): (Vec<String>, Vec<AttributeValue>) =
        item.iter().map(|(name, value)| (format!("'{name}': ?"), value.clone())).unzip();
    BatchStatementRequest::builder()
        .statement(format!("INSERT INTO \"{table}\" VALUE {{{}}}", names.join(", ")))
        .set_parameters(Some(values))
        .build()
        .map_err(Failure::store("insert items"))
}

fn is_passing(code: &BatchStatementErrorCodeEnum) -> bool {
    use BatchStatementErrorCodeEnum as Code;
    matches!(
        code,
        Code::ThrottlingError
            | Code::ProvisionedThroughputExceeded
            | Code::RequestLimitExceeded
            | Code::InternalServerError
            | Code::TransactionConflict
    )
}

fn refused(code: &BatchStatementErrorCodeEnum) -> Failure {
    Failure::store("insert an item")(std::io::Error::other(code.as_str().to_owned()))
}

/// Waits 25 ms, 50 ms, 100 ms… up to 1.6 s before the rest of a batch is asked for.
async fn pause(attempt: u32) {
    tokio::time::sleep(Duration::from_millis(25 << attempt.min(6))).await;
}

/// The key alone, which is a whole item where being there says everything.
pub fn key_item(key: &TableKey) -> Item {
    HashMap::from([("pk".to_owned(), text(&key.pk)), ("sk".to_owned(), text(&key.sk))])
}

/// The key of an item that the table returned.
pub fn key_of(item: &Item) -> Option<TableKey> {
    let part = |name| item.get(name).and_then(|value| value.as_s().ok());
    Some(TableKey::new(part("pk")?, part("sk")?))
}
