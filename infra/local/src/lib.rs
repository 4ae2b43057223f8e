//! The embedded stack: everything that Rollcall needs from the cloud, in one process and one folder.
//!
//! | part | module | stands for |
//! |---|---|---|
//! | objects | [`objects`] | S3, with signed URLs, CORS and conditional writes |
//! | events | [`events`] | S3's notifications and Lambda's asynchronous invocation |
//! | table | [`table`] | DynamoDB |
//! | mail | [`mail`], [`inbox`] | SES, and the inbox that it delivers to |
//! | keys | [`keys`] | KMS |
//! | gateway | [`gateway`], [`token`] | API Gateway with its JWT authorizer, and the page's host |
//! | stack | [`stack`] | the account: wires the functions to all of the above, and the clock |
//!
//! The functions run unchanged, with the same SDK clients as in the cloud; only the endpoints differ.
//! Nothing listens beyond the loopback interface.
//!
//! `s3s` and `s3s-fs` log whole requests, signatures included: a subscriber should leave them out, as
//! [`LOG_FILTER`] does.

pub mod events;
mod feedback;
pub mod gateway;
mod guard;
pub mod inbox;
mod key_file;
pub mod keys;
pub mod mail;
pub mod objects;
pub mod problem;
mod sequence;
pub mod stack;
pub mod table;
pub mod token;

pub use events::Delivery;
pub use mail::MailLimits;
pub use stack::{Ports, Stack, StackConfig, StackError, Transport, Urls};

/// Directives for `tracing_subscriber::EnvFilter` that silence the libraries which would log object keys,
/// signatures and headers.
pub const LOG_FILTER: &str = "s3s=off,s3s_fs=off";
