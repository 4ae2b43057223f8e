#![doc = include_str!("../README.md")]

mod checker;
mod roster;
mod rows;
mod sha256;

pub use checker::{Checker, programs, rules};
pub use roster::Roster;
pub use sha256::Sha256;
