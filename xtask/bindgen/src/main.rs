//! `xtask-bindgen MODULE.wasm FOLDER`: writes the ES module, its types and the stripped module that the
//! browser and Node load.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [module, folder] = arguments.as_slice() else {
        bail!("usage: xtask-bindgen MODULE.wasm FOLDER");
    };
    Bindgen::new()
        .input_path(module)
        .out_name("rollcall_validator")
        .web(true)?
        .typescript(true)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen could not read {}", module.display()))
}
