//! The embedded stack, tried from outside: over loopback, with the real SDK clients.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like the tests")]

mod events;
mod gateway;
mod mail;
mod objects;
mod stack;
mod support;
