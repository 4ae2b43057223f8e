//! `rollcall validate`: the verdict of the rules on a file, without a server.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser as _},
};
use roster_files::{FileChecker, FileOptions};
use shared_rules::{
    check::CheckOptions,
    columns::Mapping,
    options::{DateOrder, DuplicatePolicy},
    read::Dialect,
    report::Report,
};
use text_encoding::Encoding;

use crate::{Format, Verdict, program::Choice, text};

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
    #[command(flatten)]
    reading: ReadingOptions,
}

/// How the file is to be read, where what it seems to be is wrong
#[derive(Args)]
#[command(next_help_heading = "Reading")]
struct ReadingOptions {
    /// The text's encoding, such as windows-1252
    #[arg(long, value_name = "NAME")]
    encoding: Option<Encoding>,
    /// What stands between the cells: comma, semicolon, tab or pipe
    #[arg(long, value_name = "NAME", value_parser = delimiter)]
    delimiter: Option<u8>,
    /// The sheet of a workbook
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The row in which the headers are
    #[arg(long, value_name = "ROW", value_parser = clap::value_parser!(u32).range(1..))]
    header_row: Option<u32>,
    /// Take a column for one of the program's, or for none
    #[arg(long = "map", value_name = "HEADER=COLUMN", value_parser = mapped)]
    mapping: Vec<(String, Option<String>)>,
    /// How dates such as 3/4/2011 are meant
    #[arg(long, value_enum)]
    dates: Option<Dates>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Dates {
    DayFirst,
    MonthFirst,
}

fn delimiter(name: &str) -> Result<u8, String> {
    Dialect::delimiter_named(name).ok_or_else(|| "write comma, semicolon, tab or pipe".to_owned())
}

/// Reads `Header=Column`; nothing after the sign ignores the column.
fn mapped(text: &str) -> Result<(String, Option<String>), String> {
    let (header, field) = text.rsplit_once('=').ok_or("write HEADER=COLUMN, or HEADER= to ignore it")?;
    Ok((header.to_owned(), (!field.is_empty()).then(|| field.to_owned())))
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
        let mut checker = FileChecker::new(program, &file_name(path), self.reading.options(self.duplicates));
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

impl ReadingOptions {
    fn options(&self, duplicates: DuplicatePolicy) -> FileOptions {
        let check = CheckOptions {
            duplicates,
            delimiter: self.delimiter,
            header_row: self.header_row,
            mapping: self.mapping.iter().cloned().collect::<Mapping>(),
            date_order: self.dates.map(|dates| match dates {
                Dates::DayFirst => DateOrder::DayFirst,
                Dates::MonthFirst => DateOrder::MonthFirst,
            }),
            ..CheckOptions::default()
        };
        FileOptions { check, encoding: self.encoding, sheet: self.sheet.clone() }
    }
}

/// The file's name without its folder.
pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
