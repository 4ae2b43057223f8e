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
    script(root, "web", "build")?;
    stamp.set()
}

/// Checks format, style and types of the page and of its tests. The validator is built: its types are the
/// page's.
pub fn check(root: &Root) -> Result<()> {
    let stamp = Stamp::of(root, "page-check", &["web", "tests/browser"], &[])?;
    if stamp.is_current() {
        return Ok(());
    }
    for folder in ["web", "tests/browser"] {
        script(root, folder, "lint")?;
        script(root, folder, "check")?;
    }
    stamp.set()
}

fn script(root: &Root, folder: &'static str, name: &str) -> Result<()> {
    setup::node_packages(root, folder)?;
    run_quietly(root.command("npm").args(["run", name, "--prefix", folder]), 5 * MINUTE)
}
