//! Storage events.

use aws_lambda_events::event::s3::{S3Event, S3Object};
use percent_encoding::percent_decode_str;

use crate::names::{DROPS, Drop, ImportRef};

/// The imports that an event is about, each with the last part of its object's key. A key outside our scheme
/// is nobody's: it is logged and left alone.
pub fn imports(event: &S3Event, stage: &'static str) -> Vec<(ImportRef, String)> {
    event
        .records
        .iter()
        .filter_map(|record| record.s3.object.key.as_deref())
        .filter(|key| key.starts_with(stage))
        .filter_map(|key| {
            let found = ImportRef::of_object(stage, key);
            if found.is_none() {
                tracing::warn!(stage, "an event names an object outside the scheme of keys");
            }
            found.map(|(import, rest)| (import, rest.to_owned()))
        })
        .collect()
}

/// The dropped files that an event is about.
pub fn drops(event: &S3Event) -> Vec<Drop> {
    let key = |object: &S3Object| object.key.as_deref().map(decode);
    event
        .records
        .iter()
        .filter_map(|record| key(&record.s3.object))
        .filter(|key| key.starts_with(DROPS))
        .filter_map(|key| {
            let drop = Drop::of_object(&key);
            if drop.is_none() {
                tracing::warn!("a file was dropped outside of drops/{{organisation}}/{{program}}/");
            }
            drop
        })
        .collect()
}

/// A key as it is: events write it as forms do, with a plus for a space.
fn decode(key: &str) -> String {
    percent_decode_str(&key.replace('+', " ")).decode_utf8_lossy().into_owned()
}
