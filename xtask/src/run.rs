//! `cargo xtask run`: sets up, builds, and becomes `rollcall serve`.

use std::{os::unix::process::CommandExt, process::Command};

use anyhow::{Context, Result};

use crate::{
    Root,
    command::{MINUTE, run as run_command},
    setup, wasm, web,
};

/// Builds the programs, and the tests with them: what only tests need changes features of libraries, most of which would
/// be built a second time otherwise, by whichever of `run` and `test` comes later.
pub fn programs(root: &Root) -> Result<()> {
    run_command(&mut root.cargo(&["build", "--workspace", "--bins", "--tests"]), 30 * MINUTE)
}

/// Builds what has changed and starts the embedded stack in this process's place, so that Ctrl-C reaches it
/// and nothing is left behind.
pub fn run(root: &Root, serve: &[String]) -> Result<()> {
    setup::node(root)?;
    wasm::build(root)?;
    programs(root)?;
    web::build(root)?;
    let program = root.target().join("debug/rollcall");
    let error = Command::new(&program)
        .current_dir(&root.0)
        .arg("serve")
        .arg("--page")
        .arg(root.join("web/dist"))
        .args(serve)
        .exec();
    Err(error).with_context(|| format!("cannot start {}", program.display()))
}
