//! Files that are committed but made from the sources. RULES.md, the dictionaries and the API's
//! description have tests of their own beside what writes them.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::{
    Root,
    command::{MINUTE, run, run_quietly},
    setup,
};

const DESCRIPTION: &str = "functions/openapi.json";
const CLIENT: &str = "web/src/api/schema.d.ts";

/// Writes RULES.md.
pub fn rules(root: &Root) -> Result<()> {
    generate(root, "rules")
}

/// Writes the programs' data dictionaries.
pub fn dictionary(root: &Root) -> Result<()> {
    generate(root, "dictionary")
}

/// Writes the API's description and, from it, the types of the page's client.
pub fn openapi(root: &Root) -> Result<()> {
    generate(root, "openapi")?;
    client(root)
}

/// Checks that the page's client is what the committed description gives. Where it isn't, it is by then.
pub fn check(root: &Root) -> Result<()> {
    let read = || fs::read(root.join(CLIENT)).with_context(|| format!("cannot read {CLIENT}"));
    let before = read()?;
    client(root)?;
    ensure!(before == read()?, "{CLIENT} was out of date and has been written anew; commit it");
    Ok(())
}

fn generate(root: &Root, what: &str) -> Result<()> {
    run(root.tool("xtask-generate")?.arg(what), MINUTE)
}

fn client(root: &Root) -> Result<()> {
    setup::node_packages(root, "web")?;
    let mut generate = root.command("npm");
    generate.args(["run", "generate", "--prefix", "web"]).env("OPENAPI", root.join(DESCRIPTION));
    run_quietly(&mut generate, 2 * MINUTE)
}
