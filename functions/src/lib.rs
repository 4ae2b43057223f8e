//! Rollcall's Lambda functions. Each binary in `src/bin` wires one of these modules to the Lambda runtime;
//! the embedded stack calls the same functions in one process.

pub mod api;
pub mod apply;
pub mod check;
pub mod context;
pub mod failure;
pub mod invite;
pub mod sweep;
