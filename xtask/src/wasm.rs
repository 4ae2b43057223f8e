//! Builds the modules of the page: the compiler's module, the JavaScript around it, made small, put where the
//! page and the npm package have it.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result};

use crate::{
    Root,
    command::{MINUTE, find, output, run, run_quietly},
    setup,
    stamp::Stamp,
    steps::say,
    system,
};

const TARGET: &str = "wasm32-unknown-unknown";

/// Something that is compiled to a module and packed for npm.
struct Module {
    /// The crate, and with underscores the compiler's file.
    krate: &'static str,
    /// The npm package. Built files are in its folder `pkg`.
    package: &'static str,
    /// What the built files' names begin with.
    name: &'static str,
}

const MODULES: [Module; 3] = [
    Module { krate: "wasm-validator", package: "wasm-validator", name: "rollcall_validator" },
    Module { krate: "wasm-encoding", package: "wasm-validator/encoding", name: "rollcall_encoding" },
    Module { krate: "wasm-workbook", package: "wasm-validator/workbook", name: "rollcall_workbook" },
];

/// The page's copies. The page is built from its own folder alone.
const PAGE: &str = "web/src/wasm";

impl Module {
    fn built(&self) -> String {
        format!("{}/pkg", self.package)
    }

    fn binary(&self) -> String {
        format!("{}_bg.wasm", self.name)
    }

    fn files(&self) -> [String; 4] {
        let name = self.name;
        [format!("{name}.js"), format!("{name}.d.ts"), self.binary(), format!("{name}_bg.wasm.d.ts")]
    }

    fn is_there(&self, root: &Root) -> bool {
        let there = |folder: &str| self.files().iter().all(|file| root.join(folder).join(file).exists());
        there(&self.built()) && there(PAGE)
    }
}

/// The compiler that has a standard library for the target.
pub enum Toolchain {
    /// The one that runs this program.
    Own,
    /// Debian's, which builds the standard library along.
    Debian,
}

/// Builds the modules unless nothing that they are made of has changed.
pub fn build(root: &Root) -> Result<()> {
    const INPUTS: [&str; 14] = [
        "Cargo.lock",
        "Cargo.toml",
        "shared-rules",
        "wasm-validator/Cargo.toml",
        "wasm-validator/README.md",
        "wasm-validator/src",
        "wasm-validator/package-lock.json",
        "wasm-validator/encoding/Cargo.toml",
        "wasm-validator/encoding/README.md",
        "wasm-validator/encoding/src",
        "wasm-validator/workbook/Cargo.toml",
        "wasm-validator/workbook/README.md",
        "wasm-validator/workbook/src",
        "xtask/bindgen",
    ];
    let stamp = Stamp::of(root, "wasm", &INPUTS, &[])?;
    if stamp.is_current() && MODULES.iter().all(|module| module.is_there(root)) {
        return Ok(());
    }
    setup::node_packages(root, "wasm-validator")?;
    let toolchain = toolchain(root)?;
    for module in &MODULES {
        let compiled = compile(root, &toolchain, module)?;
        generate(root, &compiled, module)?;
        shrink(root, module)?;
        copy(root, module)?;
    }
    stamp.set()
}

/// Finds a compiler for the target: the toolchain's own, else by rustup, else Debian's.
pub fn toolchain(root: &Root) -> Result<Toolchain> {
    if has_target(root) {
        say(&format!("WebAssembly: the toolchain has {TARGET}."));
        return Ok(Toolchain::Own);
    }
    if add_by_rustup(root)? && has_target(root) {
        say(&format!("WebAssembly: rustup added {TARGET}."));
        return Ok(Toolchain::Own);
    }
    let packages = system::RUST_FOR_WASM;
    if !Path::new("/usr/bin/cargo").exists() || !Path::new("/usr/lib/rustlib/src/rust/library").exists() {
        root.install(&packages)?;
    }
    say(&format!("WebAssembly: Debian's compiler builds it ({}).", packages.debian.join(", ")));
    Ok(Toolchain::Debian)
}

fn has_target(root: &Root) -> bool {
    sysroot(root).is_ok_and(|folder| folder.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

/// Asks rustup for the target. Where it cannot be had, that is remembered: an answer that doesn't come
/// would otherwise hold up each start.
fn add_by_rustup(root: &Root) -> Result<bool> {
    const LIMIT: Duration = Duration::from_secs(20);
    if find("rustup").is_none() {
        return Ok(false);
    }
    let toolchain = sysroot(root)?;
    let failed = Stamp::of(root, "rustup-has-no-wasm", &[], &[&toolchain.to_string_lossy()])?;
    if failed.is_current() {
        return Ok(false);
    }
    say(&format!("Asking rustup for {TARGET} (at most {} s)…", LIMIT.as_secs()));
    let mut add = root.command("rustup");
    add.args(["target", "add", TARGET])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    if let Err(error) = run(&mut add, LIMIT) {
        say(&format!("{error:#}; remembered in target/xtask."));
        failed.set()?;
        return Ok(false);
    }
    Ok(true)
}

fn sysroot(root: &Root) -> Result<PathBuf> {
    output(root.command("rustc").args(["--print", "sysroot"]), MINUTE).map(PathBuf::from)
}

fn compile(root: &Root, toolchain: &Toolchain, module: &Module) -> Result<PathBuf> {
    let build = ["build", "--profile", "wasm", "--target", TARGET, "--package", module.krate];
    let (mut command, folder) = match toolchain {
        Toolchain::Own => (root.cargo(&build), root.target()),
        Toolchain::Debian => debian(root, &build)?,
    };
    // Sixteen bytes at a time, as every browser of the last years can.
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-Ctarget-feature=+simd128");
    run(&mut command, 15 * MINUTE)?;
    Ok(folder.join(TARGET).join("wasm").join(module.krate.replace('-', "_")).with_extension("wasm"))
}

/// Debian's compiler has the standard library's source instead of a library for the target, and the linker
/// is the other toolchain's.
fn debian(root: &Root, build: &[&str]) -> Result<(Command, PathBuf)> {
    let folder = root.target().join("wasm-debian");
    let mut command = root.command("/usr/bin/cargo");
    command
        .args(build)
        .arg("-Zbuild-std=std,panic_abort")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc")
        .env("CARGO_TARGET_DIR", &folder)
        .env("PATH", path_with_linker(root)?)
        // What rustup and cargo set for this program speaks of the other toolchain.
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN");
    Ok((command, folder))
}

fn path_with_linker(root: &Root) -> Result<OsString> {
    let version = output(root.command("rustc").arg("-vV"), MINUTE)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let linker = sysroot(root)?.join("lib/rustlib").join(host).join("bin");
    let path = env::var_os("PATH").unwrap_or_default();
    Ok(env::join_paths(env::split_paths(&path).chain([linker]))?)
}

/// wasm-bindgen as a library: what npm or an install would bring need not be of the crate's version.
fn generate(root: &Root, compiled: &Path, module: &Module) -> Result<()> {
    let folder = root.join(module.built());
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut generator = root.tool("xtask-bindgen")?;
    run(generator.arg(compiled).arg(folder).arg(module.name), 10 * MINUTE)
}

fn shrink(root: &Root, module: &Module) -> Result<()> {
    let binary = root.join(module.built()).join(module.binary());
    let mut optimiser = root.command("node");
    optimiser.arg("wasm-validator/node_modules/binaryen/bin/wasm-opt").args(["-O3", "--strip-debug"]);
    // What the compiler and the browsers of the last years agree on; without it, the module does not parse.
    optimiser.args(["--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-sign-ext"]);
    optimiser.args(["--enable-mutable-globals", "--enable-reference-types", "--enable-multivalue"]);
    optimiser.arg("--enable-simd");
    run_quietly(optimiser.arg(&binary).arg("-o").arg(&binary), 5 * MINUTE)
}

/// Copies file by file, so that a development server that watches the folder sees changed files, not a
/// folder that is gone.
fn copy(root: &Root, module: &Module) -> Result<()> {
    let (from, to) = (root.join(module.built()), root.join(PAGE));
    fs::create_dir_all(&to)?;
    for file in module.files() {
        fs::copy(from.join(&file), to.join(&file)).with_context(|| format!("wasm-bindgen made no {file}"))?;
    }
    Ok(())
}
