//! Our own faults, as opposed to the data's: what could not be done and why.

use thiserror::Error;

/// A step that failed for a reason outside the roster. Returned to Lambda, which delivers the event again.
#[derive(Debug, Error)]
pub enum Failure {
    /// A store refused or did not answer; the SDK has already retried.
    #[error("{what}: {source}")]
    Store { what: &'static str, source: Box<dyn std::error::Error + Send + Sync> },
    /// Something that we wrote ourselves does not read back.
    #[error("{what} cannot be read back: {source}")]
    Corrupt { what: &'static str, source: Box<dyn std::error::Error + Send + Sync> },
}
