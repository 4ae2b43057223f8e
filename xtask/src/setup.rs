//! What a fresh machine lacks: Node packages, Python tools and a browser. Each is installed once, inside the
//! workspace where that is possible.

use std::{env, fs, path::PathBuf};

use anyhow::{Context, Result, bail};

use crate::{
    Root,
    command::{MINUTE, find, output, run_quietly},
    stamp::Stamp,
    steps::say,
    system, wasm,
};

/// The oldest Node that the page's build runs on.
const NODE: (u32, u32) = (20, 19);

/// Everything that `run` and `test` need.
pub fn everything(root: &Root) -> Result<()> {
    node(root)?;
    node_packages(root, "web")?;
    node_packages(root, "wasm-validator")?;
    node_packages(root, "tests/browser")?;
    python_tools(root)?;
    chromium(root)?;
    wasm::toolchain(root).map(drop)
}

/// Checks that Node is there and new enough.
pub fn node(root: &Root) -> Result<()> {
    let wanted = format!("Node {}.{} or newer (https://nodejs.org)", NODE.0, NODE.1);
    let version = output(root.command("node").arg("--version"), MINUTE)
        .with_context(|| format!("Node is missing; install {wanted}"))?;
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    let found: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < NODE {
        bail!("Node {version} is too old; install {wanted}");
    }
    Ok(())
}

/// Installs the npm packages of a folder as its lock file has them.
pub fn node_packages(root: &Root, folder: &'static str) -> Result<()> {
    let lock = format!("{folder}/package-lock.json");
    let stamp = Stamp::of(root, &format!("npm-{}", folder.replace('/', "-")), &[&lock], &[])?;
    if stamp.is_current() && root.join(folder).join("node_modules").is_dir() {
        return Ok(());
    }
    say(&format!("Installing the npm packages of {folder}…"));
    let mut install = root.command("npm");
    install.args(["ci", "--no-audit", "--no-fund", "--prefix", folder]).env("PUPPETEER_SKIP_DOWNLOAD", "1");
    run_quietly(&mut install, 10 * MINUTE)?;
    stamp.set()
}

/// Installs the tools that come as Python packages into a virtual environment; returns its programs' folder.
pub fn python_tools(root: &Root) -> Result<PathBuf> {
    const LIST: &str = "xtask/requirements.txt";
    let folder = root.target().join("python");
    let programs = folder.join("bin");
    let stamp = Stamp::of(root, "python", &[LIST], &[&folder.to_string_lossy()])?;
    if stamp.is_current() && programs.join("cfn-lint").exists() {
        return Ok(programs);
    }
    if output(root.command("python3").args(["-c", "import ensurepip"]), MINUTE).is_err() {
        root.install(&system::PYTHON)?;
    }
    say("Installing the tools that are written in Python…");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    run_quietly(root.command("python3").args(["-m", "venv"]).arg(&folder), 2 * MINUTE)?;
    let mut install = root.command(programs.join("pip"));
    install.args(["install", "--quiet", "--disable-pip-version-check", "--requirement", LIST]);
    run_quietly(&mut install, 10 * MINUTE)?;
    stamp.set()?;
    Ok(programs)
}

/// Finds cargo-nextest, or installs it among the Python tools; `None` where it cannot be had.
pub fn nextest(root: &Root) -> Option<PathBuf> {
    let found = find("cargo-nextest").or_else(|| {
        let installed = root.target().join("python/bin/cargo-nextest");
        installed.exists().then_some(installed)
    });
    if found.is_none() {
        say("cargo-nextest is not to be had here; the tests run under `cargo test`.");
    }
    found
}

/// The browser that the tests drive: the one that `CHROMIUM` names, else the headless shell, else Chromium.
pub fn chromium(root: &Root) -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    if let Some(shell) = chromium_shell(root)? {
        return Ok(shell);
    }
    if let Some(browser) = system::chromium() {
        return Ok(browser);
    }
    root.install(&system::CHROMIUM)?;
    system::chromium().context("Chromium was installed but is not on the search path")
}

/// Finds or installs the headless shell. Where it cannot be had, that is remembered and Chromium does.
fn chromium_shell(root: &Root) -> Result<Option<PathBuf>> {
    if let Some(shell) = system::chromium_shell() {
        return Ok(Some(shell));
    }
    let failed = Stamp::of(root, "no-chromium-shell", &[], &[])?;
    if failed.is_current() {
        return Ok(None);
    }
    if let Err(error) = root.install(&system::CHROMIUM_SHELL) {
        say(&format!("{error:#}; Chromium does as well, and takes longer."));
        failed.set()?;
    }
    Ok(system::chromium_shell())
}
