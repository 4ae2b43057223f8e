//! The steps of a run: each says its name as it starts and its time as it ends; a table sums them up.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

use crate::counts::Counts;

/// What has been done so far.
#[derive(Default)]
pub struct Steps {
    done: Vec<(&'static str, Duration)>,
    /// How the tests went that the steps ran.
    pub counts: Counts,
}

impl Steps {
    /// Does one step. Its error carries the step's name.
    pub fn step<T>(&mut self, name: &'static str, work: impl FnOnce(&mut Counts) -> Result<T>) -> Result<T> {
        say(&format!("\n── {name}"));
        let started = Instant::now();
        let outcome = work(&mut self.counts).with_context(|| format!("the step “{name}” failed"));
        let taken = started.elapsed();
        self.done.push((name, taken));
        if outcome.is_ok() {
            say(&format!("── {name}: done in {}", seconds(taken)));
        }
        outcome
    }

    /// Prints how long each step took.
    pub fn print_table(&self) {
        let width = self.done.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        say("\nTime of each step");
        for (name, taken) in &self.done {
            say(&format!("  {name:width$}  {:>8}", seconds(*taken)));
        }
        let total = self.done.iter().map(|(_, taken)| taken).sum();
        say(&format!("  {:width$}  {:>8}", "total", seconds(total)));
    }
}

/// One line for the person at the terminal.
pub fn say(line: &str) {
    let mut out = std::io::stdout();
    // Whether anybody listens changes nothing about the work.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
