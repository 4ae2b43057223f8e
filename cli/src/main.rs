//! Rollcall on the command line: `serve`, `validate`, `import`, `cancel`, `invite`, `undo`, `settings`, `programs`,
//! `template` and `dictionary`.

mod client;
mod duplicates;
mod import;
mod manage;
mod program;
mod reading;
mod serve;
mod text;
mod upload;
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;

/// What the embedded stack's stores ask and answer is JSON, in many small pieces of memory: the system's allocator took a
/// fifth of an import's time in a development build.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Import people from the roster that you have: check it, see what would happen, import it.
///
/// Exit codes: 0 if everything is clean, 1 if rows have errors or were rejected, 2 if the command could not
/// run.
#[derive(Parser)]
#[command(name = "rollcall", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(serve::Serve),
    Validate(validate::Validate),
    Import(import::Import),
    Cancel(manage::Cancel),
    Invite(manage::Invite),
    Undo(manage::Undo),
    Settings(manage::Settings),
    Programs(manage::Programs),
    Template(program::Template),
    Dictionary(program::DictionaryCommand),
}

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Verdict {
    Clean,
    RowsWithErrors,
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON document on the standard output; everything else goes to the standard error.
    Json,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve(serve) => serve.run().await,
        Command::Validate(validate) => validate.run(),
        Command::Import(import) => import.run().await,
        Command::Cancel(cancel) => cancel.run().await,
        Command::Invite(invite) => invite.run().await,
        Command::Undo(undo) => undo.run().await,
        Command::Settings(settings) => settings.run().await,
        Command::Programs(programs) => programs.run().await,
        Command::Template(template) => template.run(),
        Command::Dictionary(dictionary) => dictionary.run(),
    };
    match done {
        Ok(Verdict::Clean) => ExitCode::SUCCESS,
        Ok(Verdict::RowsWithErrors) => ExitCode::from(1),
        Err(error) => {
            anstream::eprintln!("{}: {error:#}", text::error("error"));
            ExitCode::from(2)
        }
    }
}
