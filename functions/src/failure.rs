//! Our own faults, as opposed to the data's: what could not be done and why.

use std::error::Error as StdError;

use thiserror::Error;

/// A step that failed for a reason outside the roster. Returned to Lambda, which delivers the event again.
#[derive(Debug, Error)]
pub enum Failure {
    /// A store refused or did not answer; the SDK has already retried.
    #[error("could not {what}: {}", chain(source.as_ref()))]
    Store { what: &'static str, source: Box<dyn StdError + Send + Sync> },
    /// Something that we wrote ourselves does not read back. The cause is kept and not shown: it may quote
    /// the value that it stumbled over.
    #[error("{what} cannot be read back")]
    Corrupt { what: &'static str, source: Box<dyn StdError + Send + Sync> },
    /// Something that must be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
}

impl Failure {
    /// For `map_err`: the store could not do `what` (an imperative phrase).
    pub fn store<E: StdError + Send + Sync + 'static>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Store { what, source: Box::new(source) }
    }

    /// For `map_err`: `what` was written by us and does not read back.
    pub fn corrupt<E: StdError + Send + Sync + 'static>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Corrupt { what, source: Box::new(source) }
    }
}

/// The error and its causes in one line: an SDK error's own text is only "service error".
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
