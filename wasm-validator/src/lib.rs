#![doc = include_str!("../README.md")]

mod checker;
mod digest;
mod roster;
mod rows;

pub use checker::{Checker, programs, rules};
pub use digest::FileDigest;
pub use roster::Roster;
