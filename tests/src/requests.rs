//! Counts the requests of functions to their stores, and what DynamoDB would charge for them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector},
    orchestrator::HttpRequest,
};
use aws_smithy_types::retry::RetryConfig;
use local_stack::Transport;
use serde_json::Value;

use crate::between::{self, Between};

/// What one kind of request came to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Count {
    pub requests: u64,
    /// Keys asked for, or items written.
    pub items: u64,
    /// Write units: one for each started kilobyte of an item, and one for an update or a deletion.
    pub write_units: u64,
}

/// Counts what goes through it. Clones share the counts.
#[derive(Clone, Debug, Default)]
pub struct Counter {
    counts: Arc<Mutex<BTreeMap<String, Count>>>,
}

impl Counter {
    /// How functions reach their stores so that it is counted.
    #[must_use]
    pub fn transport(&self) -> Transport {
        Transport { http: between::client(self), retries: RetryConfig::standard() }
    }

    /// What was counted since the last time, by operation: DynamoDB's names, or `PUT journal` for objects.
    #[must_use]
    pub fn take(&self) -> BTreeMap<String, Count> {
        std::mem::take(&mut *self.counts.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The sum over the operations whose names start so.
#[must_use]
pub fn sum(counts: &BTreeMap<String, Count>, prefixes: &[&str]) -> Count {
    let wanted = counts.iter().filter(|(name, _)| prefixes.iter().any(|prefix| name.starts_with(prefix)));
    wanted.fold(Count::default(), |sum, (_, count)| Count {
        requests: sum.requests + count.requests,
        items: sum.items + count.items,
        write_units: sum.write_units + count.write_units,
    })
}

/// DynamoDB's operations that write.
pub const WRITES: [&str; 4] = ["BatchExecuteStatement", "PutItem", "UpdateItem", "DeleteItem"];

impl Between for Counter {
    fn carry(&self, network: SharedHttpConnector, request: HttpRequest) -> HttpConnectorFuture {
        let operation = operation(&request);
        let (items, write_units) = charged(&operation, &request);
        {
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counts.entry(operation).or_default();
            count.requests += 1;
            count.items += items;
            count.write_units += write_units;
        }
        network.call(request)
    }
}

/// The name of the operation; of the bucket, method and kind of object.
#[must_use]
pub fn operation(request: &HttpRequest) -> String {
    if let Some(target) = request.headers().get("x-amz-target") {
        return target.rsplit('.').next().unwrap_or(target).to_owned();
    }
    let path = request.uri().split("127.0.0.1").nth(1).unwrap_or_default();
    match path.split('/').nth(2) {
        Some(kind) if !kind.is_empty() => format!("{} {kind}", request.method()),
        // SES takes its operation in a form.
        _ => {
            let body = request.body().bytes().unwrap_or_default();
            let sends = body.windows(16).any(|part| part == b"Action=SendEmail");
            if sends { "SendEmail".to_owned() } else { request.method().to_owned() }
        }
    }
}

/// Items and write units of a request to the table.
fn charged(operation: &str, request: &HttpRequest) -> (u64, u64) {
    let body = || request.body().bytes().and_then(|body| serde_json::from_slice::<Value>(body).ok());
    match operation {
        "BatchGetItem" => {
            let keys = |wanted: &Value| wanted["Keys"].as_array().map_or(0, |keys| keys.len() as u64);
            let body = body().unwrap_or_default();
            (body["RequestItems"].as_object().map_or(0, |tables| tables.values().map(keys).sum()), 0)
        }
        "BatchExecuteStatement" => {
            let body = body().unwrap_or_default();
            let statements = body["Statements"].as_array().map_or(&[][..], Vec::as_slice);
            let size = |statement: &Value| {
                // `INSERT INTO "t" VALUE {'pk': ?, …}`: the names are what stands in quotes.
                let names =
                    statement["Statement"].as_str().unwrap_or_default().split('\'').skip(1).step_by(2);
                names.map(str::len).sum::<usize>() + size(&statement["Parameters"])
            };
            (statements.len() as u64, statements.iter().map(|statement| units(size(statement))).sum())
        }
        "PutItem" => (1, units(size(&body().unwrap_or_default()["Item"]))),
        "UpdateItem" | "DeleteItem" => (1, 1),
        _ => (0, 0),
    }
}

fn units(bytes: usize) -> u64 {
    bytes.div_ceil(1024).max(1) as u64
}

/// The size of attribute values as DynamoDB counts it, about: names and texts by their bytes, three more for a list or
/// a map.
fn size(value: &Value) -> usize {
    const TYPES: [&str; 10] = ["S", "N", "B", "M", "L", "BOOL", "NULL", "SS", "NS", "BS"];
    match value {
        Value::String(text) => text.len(),
        Value::Array(list) => 3 + list.iter().map(size).sum::<usize>(),
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| if TYPES.contains(&name.as_str()) { 0 } else { name.len() } + size(value))
            .sum(),
        _ => 1,
    }
}
