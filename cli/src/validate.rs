//! `rollcall validate`: the verdict of the rules on a file, without a server.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser as _},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use roster_files::FileChecker;
use shared_rules::{options::DuplicatePolicy, report::Report};

use crate::{Format, Verdict, program::Choice, reading::ReadingFlags, text};

/// Check a roster and say what is wrong and how to fix it
#[derive(Args)]
pub struct Validate {
    /// The roster: CSV, TSV or the like in any usual encoding, XLSX, XLSB, XLS or ODS
    file: PathBuf,
    #[command(flatten)]
    choice: Choice,
    /// What an import would do with a row that repeats an earlier person; under `reject` it is an error
    #[arg(long, value_name = "POLICY", default_value_t, value_parser = policies())]
    duplicates: DuplicatePolicy,
    /// How the report is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The day by which birth dates are judged, as YYYY-MM-DD [default: today, by universal time]
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    #[command(flatten)]
    reading: ReadingFlags,
}

/// The duplicate policies that can be named.
pub fn policies() -> impl clap::builder::TypedValueParser<Value = DuplicatePolicy> {
    PossibleValuesParser::new(DuplicatePolicy::ALL.map(DuplicatePolicy::name))
        .try_map(|name| name.parse::<DuplicatePolicy>())
}

impl Validate {
    pub fn run(&self) -> anyhow::Result<Verdict> {
        let report = self.check()?;
        match self.format {
            Format::Json => print!("{}", report.to_json()),
            Format::Text => text::print_report(&report),
        }
        let clean = report.rows_with_errors == 0 && report.first_stop().is_none();
        Ok(if clean { Verdict::Clean } else { Verdict::RowsWithErrors })
    }

    /// Checks the file in pieces, so that its size does not matter.
    fn check(&self) -> anyhow::Result<Report> {
        let path = self.file.as_path();
        let program = self.choice.load()?;
        let mut file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        let reading = self.reading.options();
        reading.validate(&program)?;
        let today = self.today.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date());
        let options = reading.file_options(self.duplicates, today);
        let mut checker = FileChecker::new(program, &file_name(path), options);
        let mut buffer = vec![0; 1 << 18];
        loop {
            let read = file.read(&mut buffer).with_context(|| format!("cannot read {}", path.display()))?;
            if read == 0 {
                return Ok(checker.finish(|_| {}));
            }
            checker.push(&buffer[..read], |_| {});
        }
    }
}

/// The file's name without its folder.
pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
