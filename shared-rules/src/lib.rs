#![doc = include_str!("../README.md")]

mod bytes;
pub mod check;
pub mod clear;
pub mod columns;
mod dates;
pub mod diagnostic;
pub mod dictionary;
pub mod digest;
pub mod identity;
mod layout;
pub mod likeness;
pub mod limits;
pub mod options;
mod places;
pub mod program;
pub mod read;
pub mod record;
pub mod report;
pub mod rules;
pub mod session;
pub mod sheets;
pub mod spreadsheet;
