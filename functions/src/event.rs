//! Storage events.

use aws_lambda_events::event::s3::S3Event;

use crate::names::ImportRef;

/// The imports that an event is about, each with the last part of its object's key. A key outside our scheme
/// is nobody's: it is logged and left alone.
pub fn imports(event: &S3Event, stage: &'static str) -> Vec<(ImportRef, String)> {
    event
        .records
        .iter()
        .filter_map(|record| record.s3.object.key.as_deref())
        .filter_map(|key| {
            let found = ImportRef::of_object(stage, key);
            if found.is_none() {
                tracing::warn!(stage, "an event names an object outside the scheme of keys");
            }
            found.map(|(import, rest)| (import, rest.to_owned()))
        })
        .collect()
}
