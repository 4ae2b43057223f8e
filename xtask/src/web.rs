//! Checks and builds the page.

use std::fs;

use anyhow::Result;

use crate::{
    Root,
    command::{MINUTE, run_quietly},
    setup,
    stamp::Stamp,
};

/// What the page offers of each program to download. The samples of made-up people are beside it, by hand.
const DOWNLOADS: &str = "web/public/programs";

/// Builds the page into web/dist unless nothing that it is made of has changed. The validator and `rollcall` are
/// built.
pub fn build(root: &Root) -> Result<()> {
    downloads(root)?;
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

/// Lets `rollcall` write the programs' templates and explained columns, from the descriptors it was compiled with.
fn downloads(root: &Root) -> Result<()> {
    let rollcall = root.target().join("debug/rollcall");
    let stamp = Stamp::of(root, "downloads", &["shared-rules", "cli", "Cargo.lock"], &[])?;
    let programs = programs(root)?;
    let template = |program: &String| root.join(DOWNLOADS).join(format!("{program}-template.xlsx"));
    if stamp.is_current() && programs.iter().all(|program| template(program).exists()) {
        return Ok(());
    }
    for program in &programs {
        let write = |what: &[&str], name: &str| {
            let file = root.join(DOWNLOADS).join(format!("{program}-{name}"));
            run_quietly(root.command(&rollcall).args(what).args(["-p", program, "-o"]).arg(file), MINUTE)
        };
        write(&["template"], "template.xlsx")?;
        write(&["template"], "template.csv")?;
        write(&["dictionary", "--format", "csv"], "columns.csv")?;
    }
    stamp.set()
}

/// The programs' names, which their descriptors' files have.
fn programs(root: &Root) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join("shared-rules/programs"))? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    Ok(names)
}

fn script(root: &Root, folder: &'static str, name: &str) -> Result<()> {
    setup::node_packages(root, folder)?;
    run_quietly(root.command("npm").args(["run", name, "--prefix", folder]), 5 * MINUTE)
}
