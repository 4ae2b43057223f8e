//! The check of a file: bytes go in, rows with their findings come out, and a report at the end.

mod address;
mod life;
mod links;
mod repeats;
mod roles;
mod row;
mod runs;
mod suspicions;
mod tally;

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

pub use self::row::CheckedRow;
pub(crate) use self::{links::items, roles::Roles};
use self::{
    row::{Context, RowChecker},
    tally::Tally,
};
use crate::{
    columns::Columns,
    diagnostic::{Diagnostic, Severity},
    limits::Limits,
    options::DuplicatePolicy,
    program::Program,
    read::{Cells, Damage, RawRow, Reader},
    report::{ColumnSummary, FileSummary, Report},
    rules,
};

/// What a check is told besides the file and the program.
#[derive(Clone, Copy, Debug)]
pub struct CheckOptions {
    pub duplicates: DuplicatePolicy,
    pub limits: Limits,
    /// How many findings of one rule are stored. All are counted.
    pub diagnostics_per_rule: usize,
    /// The date of the check, by which birth dates are judged; without it they are judged by less.
    pub today: Option<Date>,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            duplicates: DuplicatePolicy::default(),
            limits: Limits::DEFAULT,
            diagnostics_per_rule: 1_000,
            today: None,
        }
    }
}

/// A check under way. Any cutting of the file into chunks gives the same rows and the same report.
pub struct Checker {
    reader: Reader,
    bytes: u64,
    state: State,
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

/// Everything but the reader, which lends it the rows.
struct State {
    program: Arc<Program>,
    file_name: String,
    options: CheckOptions,
    progress: Progress,
    tally: Tally,
    table: Option<Table>,
}

/// What is known once the header has been read.
struct Table {
    context: Context,
    checker: RowChecker,
    /// The columns without a name, and whether a row has a value there.
    nameless: Vec<(usize, bool)>,
}

impl Checker {
    #[must_use]
    pub fn new(program: Arc<Program>, file_name: &str, options: CheckOptions) -> Self {
        let state = State {
            program,
            file_name: file_name.to_owned(),
            options,
            progress: Progress::default(),
            tally: Tally::new(options.diagnostics_per_rule),
            table: None,
        };
        Self { reader: Reader::new(options.limits), bytes: 0, state }
    }

    /// Takes the next bytes of the file and gives each data row that they complete. Rows past the limit on
    /// rows are counted and neither checked nor given; bytes past the limit on bytes are counted and not
    /// read.
    pub fn push(&mut self, chunk: &[u8], mut each: impl FnMut(&CheckedRow<'_>)) {
        let room = self.state.options.limits.bytes.saturating_sub(self.bytes);
        self.bytes = self.bytes.saturating_add(chunk.len() as u64);
        let readable = usize::try_from(room).unwrap_or(usize::MAX).min(chunk.len());
        let state = &mut self.state;
        self.reader.push(&chunk[..readable], &mut |raw| state.row(&raw, &mut each));
        if self.is_too_large() {
            self.reader.abandon();
        }
    }

    /// Takes the end of the file, gives the rows that it completes, and says what was found in all.
    #[must_use]
    pub fn finish(mut self, mut each: impl FnMut(&CheckedRow<'_>)) -> Report {
        let too_large = self.is_too_large();
        let state = &mut self.state;
        if too_large {
            state.tally.file(rules::file_too_large::diagnostic(self.bytes, state.options.limits.bytes));
        } else {
            self.reader.finish(&mut |raw| state.row(&raw, &mut each));
        }
        state.look_back(too_large);
        self.state.report(self.bytes)
    }

    /// The header's texts; empty until the header has been read.
    #[must_use]
    pub fn header(&self) -> &[String] {
        self.state.table.as_ref().map_or(&[], |table| table.context.columns.headers())
    }

    /// The counts so far.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.state.progress
    }

    fn is_too_large(&self) -> bool {
        self.bytes > self.state.options.limits.bytes
    }
}

impl State {
    fn row(&mut self, raw: &RawRow<'_>, each: &mut impl FnMut(&CheckedRow<'_>)) {
        let Some(table) = &mut self.table else {
            self.header(raw);
            return;
        };
        self.progress.rows = self.progress.rows.saturating_add(1);
        if self.progress.rows > self.options.limits.rows {
            return;
        }
        for (column, has_value) in &mut table.nameless {
            *has_value |= !raw.cells.get(*column).is_empty();
        }
        let row = table.checker.check(&table.context, raw);
        self.progress.rows_with_errors += u32::from(row.is_rejected());
        self.progress.rows_with_warnings += u32::from(row.has_only_warnings());
        each(&row);
        self.tally.row(&row);
    }

    fn header(&mut self, raw: &RawRow<'_>) {
        let limits = self.options.limits;
        let headers: Vec<String> = raw
            .cells
            .iter()
            .take(limits.columns)
            .map(|cell| String::from_utf8_lossy(cell).into_owned())
            .collect();
        let mut found = damage_of_header(raw, &headers, limits);
        let columns = Columns::matched(&self.program, headers, raw.cells.len());
        found.extend(faults_of_header(&self.program, &columns));
        let faulty = found.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        for diagnostic in found {
            self.tally.file(diagnostic);
        }
        let headers = columns.headers().iter().enumerate();
        let nameless = headers
            .filter(|(_, header)| header.trim().is_empty())
            .map(|(column, _)| (column, false))
            .collect();
        let context = Context::new(Arc::clone(&self.program), columns, faulty);
        let checker = RowChecker::new(&context, self.options);
        self.table = Some(Table { context, checker, nameless });
    }

    /// What can only be said at the end.
    fn look_back(&mut self, too_large: bool) {
        let Some(table) = &self.table else {
            if !too_large {
                self.tally.file(rules::empty_file::diagnostic());
            }
            return;
        };
        for &(column, _) in table.nameless.iter().filter(|(_, has_value)| *has_value) {
            self.tally.file(rules::blank_header::diagnostic(column));
        }
        let (rows, limit) = (self.progress.rows, self.options.limits.rows);
        if rows > limit {
            self.tally.file(rules::too_many_rows::diagnostic(rows, limit));
        }
        if rows == 0 && !too_large {
            self.tally.file(rules::no_data_rows::diagnostic());
        }
    }

    fn report(mut self, bytes: u64) -> Report {
        let mut columns = Vec::new();
        if let Some(Table { context, checker, .. }) = self.table.take() {
            for (row, diagnostic) in checker.finish(&context) {
                self.progress.rows_with_errors += self.tally.late(row, diagnostic);
            }
            columns = context.column_summaries();
        }
        let (counts, diagnostics, truncated) = self.tally.into_parts();
        Report {
            program: self.program.name.clone(),
            file: FileSummary { name: self.file_name, bytes },
            rows: self.progress.rows,
            rows_with_errors: self.progress.rows_with_errors,
            rows_with_warnings: self.progress.rows_with_warnings,
            columns,
            counts,
            diagnostics,
            truncated,
        }
    }
}

/// What is wrong with the header as text.
fn damage_of_header(raw: &RawRow<'_>, headers: &[String], limits: Limits) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let header = |cell: usize| headers.get(cell).map_or("", String::as_str);
    match raw.damage {
        Some(Damage::UnclosedQuote { cell }) => found.push(rules::unclosed_quote::in_header(header(cell))),
        Some(Damage::MisplacedQuote { cell }) => found.push(rules::misplaced_quote::in_header(header(cell))),
        Some(Damage::Overlong) | None => {}
    }
    if raw.cells.len() > limits.columns {
        found.push(rules::too_many_columns::diagnostic(raw.cells.len(), limits.columns));
    }
    for (cell, header) in raw.cells.iter().zip(headers) {
        found.extend(damage_of_name(cell, header, limits));
    }
    found
}

fn damage_of_name(cell: &[u8], header: &str, limits: Limits) -> Option<Diagnostic> {
    if std::str::from_utf8(cell).is_err() {
        return Some(rules::undecodable_text::in_header(header));
    }
    if header.contains('\0') {
        return Some(rules::nul_character::in_header(header));
    }
    rules::cell_too_long::in_header(header, limits.cell_characters)
}

/// How the header differs from what the program expects.
fn faults_of_header(program: &Program, columns: &Columns) -> Vec<Diagnostic> {
    if let Some(missing) = rules::missing_header::check(program, columns) {
        return vec![missing];
    }
    let mut found = rules::missing_column::check(program, columns);
    found.extend(rules::duplicate_column::check(program, columns));
    found.extend(rules::unknown_column::check(program, columns));
    found.extend(rules::column_out_of_order::check(program, columns));
    found
}

impl Context {
    fn column_summaries(&self) -> Vec<ColumnSummary> {
        let field = |column| self.columns.field(column).map(|field| self.program.fields[field].name.clone());
        let headers = self.columns.headers().iter().enumerate();
        headers
            .map(|(column, header)| ColumnSummary { header: header.clone(), field: field(column) })
            .collect()
    }
}

/// The first cell that is not text, or that has a NUL.
fn unreadable(cells: Cells<'_>) -> Option<rules::Finding> {
    cells.iter().enumerate().find_map(|(column, cell)| {
        if std::str::from_utf8(cell).is_err() {
            Some(rules::undecodable_text::finding(column))
        } else if cell.contains(&0) {
            Some(rules::nul_character::finding(column))
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests;
