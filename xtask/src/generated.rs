//! Files that are committed but made from the sources.

use anyhow::Result;

use crate::{
    Root,
    command::{MINUTE, run},
};

/// Writes RULES.md.
pub fn rules(root: &Root) -> Result<()> {
    run(&mut root.cargo(&["run", "--quiet", "--package", "xtask-generate", "--", "rules"]), 30 * MINUTE)
}

/// Writes the API's description.
pub fn openapi(root: &Root) -> Result<()> {
    run(&mut root.cargo(&["run", "--quiet", "--package", "xtask-generate", "--", "openapi"]), 30 * MINUTE)
}
