//! Checks and builds the page.

use anyhow::Result;

use crate::{
    Root,
    command::{MINUTE, run_quietly},
    setup,
    stamp::Stamp,
};

/// Builds the page into web/dist unless nothing that it is made of has changed. The validator is built.
pub fn build(root: &Root) -> Result<()> {
    let stamp = Stamp::of(root, "page", &["web"], &[])?;
    if stamp.is_current() && root.join("web/dist/index.html").exists() {
        return Ok(());
    }
    script(root, "build")?;
    stamp.set()
}

/// Checks the page's format, style and types. The validator is built: its types are the page's.
pub fn check(root: &Root) -> Result<()> {
    let stamp = Stamp::of(root, "page-check", &["web"], &[])?;
    if stamp.is_current() {
        return Ok(());
    }
    script(root, "lint")?;
    script(root, "check")?;
    stamp.set()
}

fn script(root: &Root, name: &str) -> Result<()> {
    setup::node_packages(root, "web")?;
    run_quietly(root.command("npm").args(["run", name, "--prefix", "web"]), 5 * MINUTE)
}
