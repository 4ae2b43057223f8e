//! `cargo xtask test`.
use anyhow::Result;

use crate::{Root, steps::Steps};

pub fn test(_root: &Root) -> Result<()> {
    Steps::default().print_table();
    Ok(())
}
