#![doc = include_str!("../README.md")]

mod detection;
mod encoding;
mod plausibility;
mod transcoder;

pub use self::{
    encoding::{Encoding, UnknownEncoding},
    transcoder::{Transcoded, Transcoder},
};
