#![doc = include_str!("../README.md")]

mod sha256;

pub use sha256::Sha256;
