//! The whole, from outside: files through the API, events, functions and stores of the embedded stack. One program, as
//! linking one for each file would take longer than most of them run.

mod aws_template;
mod bad_input;
mod cancel;
mod clear;
mod clients;
mod delivery;
mod district;
mod drift;
mod drops;
mod export;
mod guard;
mod import;
mod invite_later;
mod lambda_runtime;
mod learners;
mod mail_events;
mod markets;
mod near;
mod people;
mod person_changes;
mod plan;
mod privacy;
mod programs;
mod reading;
mod requests;
mod retail_10k;
mod same_file;
mod storm;
mod sweep;
mod undo;
mod upload;

/// As in `rollcall serve`, whose stack this is.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
