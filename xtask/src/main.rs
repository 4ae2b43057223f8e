//! Rollcall's two commands, `cargo xtask run` and `cargo xtask test`, and the steps behind them.
//!
//! Each sets up what it needs on a fresh machine, says what it does, and does nothing twice: a step whose
//! inputs have not changed since it last succeeded is passed over (see [`stamp`]).

mod command;
mod counts;
mod generated;
mod run;
mod setup;
mod stamp;
mod steps;
mod system;
mod test;
mod wasm;
mod web;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, runs and tests Rollcall.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set up, build and start Rollcall on this machine; Ctrl-C stops it.
    Run {
        /// Passed on to `rollcall serve`.
        #[arg(last = true)]
        serve: Vec<String>,
    },
    /// Set up and run every check and test.
    Test,
    /// Run imports through more bad days than `test` does: requests and events that fail, repeat and come late.
    Faults {
        /// How many days.
        #[arg(long, default_value_t = 10_000)]
        seeds: u64,
        /// The first day's seed; a failure names its own.
        #[arg(long, default_value_t = 0)]
        first: u64,
    },
    /// Build the functions in the release profile, and have each answer a real event; `test` does it with a development
    /// build, which takes minutes less.
    Functions,
    /// Install what is missing for `run` and `test`, and nothing else.
    Setup,
    /// Build the WebAssembly modules for the page and for npm.
    Wasm,
    /// Build the page into web/dist.
    Page,
    /// Write RULES.md from the rules' own documentation.
    Rules,
    /// Write the data dictionaries in docs/dictionary from the programs' descriptors.
    Dictionary,
    /// Write the API's description, and the page's client from it.
    Openapi,
}

fn main() -> ExitCode {
    match dispatch(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Result<()> {
    let root = Root::find()?;
    match command {
        Command::Run { serve } => run::run(&root, &serve),
        Command::Test => test::test(&root),
        Command::Faults { seeds, first } => test::faults(&root, first..first.saturating_add(seeds)),
        Command::Functions => test::functions(&root),
        Command::Setup => setup::everything(&root),
        Command::Wasm => wasm::build(&root),
        Command::Page => run::programs(&root).and_then(|()| web::build(&root)),
        Command::Rules => generated::rules(&root),
        Command::Dictionary => generated::dictionary(&root),
        Command::Openapi => generated::openapi(&root),
    }
}

/// The folder of the workspace; every path of a step starts here.
struct Root(PathBuf);

impl Root {
    fn find() -> Result<Self> {
        let package = env::var_os("CARGO_MANIFEST_DIR").context("start this as `cargo xtask`")?;
        let root = Path::new(&package).parent().context("xtask lies in a folder of the workspace")?;
        Ok(Self(root.to_owned()))
    }

    fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        self.0.join(path)
    }

    /// Where cargo builds, unless the environment says otherwise.
    fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.join("target"), |folder| self.join(folder))
    }
}
