//! What the five binaries have in common.

use lambda_runtime::Diagnostic;
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// Writes logs as JSON lines to the standard output, where Lambda collects them. `RUST_LOG` chooses the level.
pub fn log_as_json() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_ansi(false).without_time().init();
}

impl From<Failure> for Diagnostic {
    /// What Lambda notes of a failed invocation before it delivers the event again.
    fn from(failure: Failure) -> Self {
        let error_type = match failure {
            Failure::Store { .. } => "store",
            Failure::Corrupt { .. } => "corrupt",
            Failure::Missing(_) => "missing",
        };
        Self { error_type: error_type.to_owned(), error_message: failure.to_string() }
    }
}
