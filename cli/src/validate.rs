//! `rollcall validate`: the verdict of the rules on a file, without a server.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use clap::{Args, builder::PossibleValuesParser};
use shared_rules::{
    check::{CheckOptions, Checker},
    options::DuplicatePolicy,
    program::Program,
    report::Report,
};

use crate::{Format, Verdict, text};

/// Check a roster and say what is wrong and how to fix it
#[derive(Args)]
pub struct Validate {
    /// The roster, as CSV
    file: PathBuf,
    /// The program whose columns and rules the file is checked against
    #[arg(long, short, value_parser = programs())]
    program: String,
    /// What an import would do with a row that repeats an earlier person; under `reject` it is an error
    #[arg(long, value_name = "POLICY", default_value_t, value_parser = policies())]
    duplicates: DuplicatePolicy,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The programs that can be named.
pub fn programs() -> PossibleValuesParser {
    PossibleValuesParser::new(Program::builtins().iter().map(|program| program.name.as_str()))
}

/// The duplicate policies that can be named.
pub fn policies() -> impl clap::builder::TypedValueParser<Value = DuplicatePolicy> {
    use clap::builder::TypedValueParser as _;
    PossibleValuesParser::new(DuplicatePolicy::ALL.map(DuplicatePolicy::name))
        .try_map(|name| name.parse::<DuplicatePolicy>())
}

impl Validate {
    pub fn run(&self) -> anyhow::Result<Verdict> {
        let report = check(&self.file, &self.program, self.duplicates)?;
        match self.format {
            Format::Json => print!("{}", report.to_json()),
            Format::Text => text::print_report(&report),
        }
        let clean = report.rows_with_errors == 0 && report.first_stop().is_none();
        Ok(if clean { Verdict::Clean } else { Verdict::RowsWithErrors })
    }
}

/// Checks a file in pieces, so that its size does not matter.
fn check(path: &Path, program: &str, duplicates: DuplicatePolicy) -> anyhow::Result<Report> {
    let program: Arc<Program> = Program::builtin(program).context("there is no such program")?;
    let mut file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut checker =
        Checker::new(program, &file_name(path), CheckOptions { duplicates, ..CheckOptions::default() });
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer).with_context(|| format!("cannot read {}", path.display()))?;
        if read == 0 {
            return Ok(checker.finish(|_| {}));
        }
        checker.push(&buffer[..read], |_| {});
    }
}

/// The file's name without its folder.
pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
