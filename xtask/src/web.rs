//! Builds the page.

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
    setup::node_packages(root, "web")?;
    run_quietly(root.command("npm").args(["run", "build", "--prefix", "web"]), 5 * MINUTE)?;
    stamp.set()
}
