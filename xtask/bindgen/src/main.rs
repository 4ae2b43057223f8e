//! `xtask-bindgen MODULE.wasm FOLDER NAME`: writes the ES module, its types and the stripped module that the
//! browser and Node load. Their names begin with the given one.

use std::env;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [module, folder, name] = arguments.as_slice() else {
        bail!("usage: xtask-bindgen MODULE.wasm FOLDER NAME");
    };
    Bindgen::new()
        .input_path(module)
        .out_name(name)
        .web(true)?
        .typescript(true)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen could not read {module}"))
}
