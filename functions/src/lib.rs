//! Rollcall's Lambda functions. Each binary in `src/bin` wires one of these modules to the Lambda runtime;
//! the embedded stack calls the same functions in one process.

pub mod api;
pub mod apply;
pub mod check;
pub mod context;
mod event;
pub mod failure;
pub mod import;
pub mod invite;
pub mod lambda;
mod lease;
mod mail;
pub mod names;
mod objects;
pub mod outcome;
pub mod partition;
mod password;
mod people;
pub mod person;
pub mod plan;
mod results;
mod roster;
pub mod sweep;
mod table;
