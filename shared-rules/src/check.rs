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
use memchr::memmem;
use serde::Serialize;

pub use self::row::CheckedRow;
pub(crate) use self::{links::items, roles::Roles};
use self::{
    row::{Context, RowChecker},
    tally::Tally,
};
use crate::{
    columns::{Columns, Header, Mapping},
    diagnostic::{Diagnostic, Severity},
    layout::{HEAD, Layout},
    limits::Limits,
    options::{DateOrder, DuplicatePolicy},
    program::Program,
    read::{Cells, Damage, Dialect, RawRow, Reader},
    report::{ColumnSummary, FileSummary, Report},
    rules,
};

/// What a check is told besides the file and the program.
#[derive(Clone, Debug)]
pub struct CheckOptions {
    pub duplicates: DuplicatePolicy,
    pub limits: Limits,
    /// How many findings of one rule are stored. All are counted.
    pub diagnostics_per_rule: usize,
    /// The date of the check, by which birth dates are judged; without it they are judged by less.
    pub today: Option<Date>,
    /// Instead of the delimiter that the file seems to have.
    pub delimiter: Option<u8>,
    /// Instead of the row in which the header seems to be.
    pub header_row: Option<u32>,
    /// What the importer says of columns.
    pub mapping: Mapping,
    /// What the importer says of dates that can be read in two ways.
    pub date_order: Option<DateOrder>,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            duplicates: DuplicatePolicy::default(),
            limits: Limits::DEFAULT,
            diagnostics_per_rule: 1_000,
            today: None,
            delimiter: None,
            header_row: None,
            mapping: Mapping::new(),
            date_order: None,
        }
    }
}

/// What the file was before it became text in UTF-8.
struct Origin {
    encoding: String,
    sheet: Option<String>,
    /// The size of the file, where that is another than the text's.
    bytes: Option<u64>,
}

/// A check under way. Any cutting of the file into chunks gives the same rows and the same report.
pub struct Checker {
    /// The file's first bytes, until they are enough to see how it is laid out.
    head: Vec<u8>,
    reader: Option<Reader>,
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
    origin: Origin,
    layout: Option<Layout>,
    table: Option<Table>,
}

/// What is known once the header has been read.
struct Table {
    context: Context,
    checker: RowChecker,
    /// The columns without a name, and whether a row has a value there.
    nameless: Vec<(usize, bool)>,
    samples: Samples,
}

/// A few of each column's values, for somebody to recognise it by.
struct Samples(Vec<Vec<String>>);

impl Samples {
    /// So many values, of so many characters at most.
    const VALUES: usize = 5;
    const CHARACTERS: usize = 60;

    fn of(rows: &[Vec<String>], columns: usize) -> Self {
        let mut samples = vec![Vec::new(); columns];
        for row in rows {
            for (cell, values) in row.iter().zip(&mut samples) {
                let text: String = cell.trim().chars().take(Self::CHARACTERS).collect();
                if values.len() < Self::VALUES && !text.is_empty() && !values.contains(&text) {
                    values.push(text);
                }
            }
        }
        Self(samples)
    }
}

impl Checker {
    #[must_use]
    pub fn new(program: Arc<Program>, file_name: &str, options: CheckOptions) -> Self {
        let state = State {
            program,
            file_name: file_name.to_owned(),
            progress: Progress::default(),
            tally: Tally::new(options.diagnostics_per_rule),
            options,
            origin: Origin { encoding: "UTF-8".to_owned(), sheet: None, bytes: None },
            layout: None,
            table: None,
        };
        Self { head: Vec::new(), reader: None, bytes: 0, state }
    }

    /// Says in what encoding the text was, for the report.
    pub fn set_encoding(&mut self, name: &str) {
        name.clone_into(&mut self.state.origin.encoding);
    }

    /// Says from which sheet of a workbook the rows come; to be said before the first of them.
    pub fn set_sheet(&mut self, name: &str) {
        self.state.origin.sheet = Some(name.to_owned());
    }

    /// Says how many bytes the file had, where it was not the text that is pushed.
    pub fn set_bytes(&mut self, bytes: u64) {
        self.state.origin.bytes = Some(bytes);
    }

    /// Takes the next bytes of the file and gives each data row that they complete. Rows past the limit on
    /// rows are counted and neither checked nor given; bytes past the limit on bytes are counted and not
    /// read.
    pub fn push(&mut self, chunk: &[u8], mut each: impl FnMut(&CheckedRow<'_>)) {
        let room = self.state.options.limits.bytes.saturating_sub(self.bytes);
        self.bytes = self.bytes.saturating_add(chunk.len() as u64);
        let readable = usize::try_from(room).unwrap_or(usize::MAX).min(chunk.len());
        self.read(&chunk[..readable], &mut each);
        if self.is_too_large() {
            self.reader.iter_mut().for_each(Reader::abandon);
        }
    }

    /// Takes the end of the file, gives the rows that it completes, and says what was found in all.
    #[must_use]
    pub fn finish(mut self, mut each: impl FnMut(&CheckedRow<'_>)) -> Report {
        let too_large = self.is_too_large();
        if self.reader.is_none() {
            self.begin(true, &mut each);
        }
        let state = &mut self.state;
        if too_large {
            state.tally.file(rules::file_too_large::diagnostic(self.bytes, state.options.limits.bytes));
        } else if let Some(mut reader) = self.reader {
            reader.finish(&mut |rows| state.rows(rows, &mut each));
        }
        state.look_back(too_large);
        self.state.report(self.bytes)
    }

    /// Ends the check of a file that cannot be read at all, such as a broken workbook. Message and help say why.
    #[must_use]
    pub fn refuse(mut self, message: &str, help: &str) -> Report {
        self.state.tally.file(rules::unreadable_file::diagnostic(message, help));
        self.state.report(self.bytes)
    }

    fn read(&mut self, mut chunk: &[u8], each: &mut impl FnMut(&CheckedRow<'_>)) {
        if self.reader.is_none() {
            let (head, rest) = chunk.split_at(chunk.len().min(HEAD - self.head.len()));
            self.head.extend_from_slice(head);
            chunk = rest;
            if self.head.len() == HEAD {
                self.begin(false, each);
            }
        }
        if let Some(reader) = &mut self.reader {
            let state = &mut self.state;
            reader.push(chunk, &mut |rows| state.rows(rows, each));
        }
    }

    /// Sees how the file is laid out, and reads its first bytes. `complete` says whether they are all there are.
    fn begin(&mut self, complete: bool, each: &mut impl FnMut(&CheckedRow<'_>)) {
        let head = std::mem::take(&mut self.head);
        let state = &mut self.state;
        let layout = Layout::of(&head, complete, &state.program, &state.options);
        let mut reader = Reader::new(state.options.limits, layout.dialect);
        state.layout = Some(layout);
        reader.push(&head, &mut |rows| state.rows(rows, each));
        self.reader = Some(reader);
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
    fn rows(&mut self, rows: &[RawRow<'_>], each: &mut impl FnMut(&CheckedRow<'_>)) {
        let mut rows = rows.iter();
        while self.table.is_none()
            && let Some(raw) = rows.next()
        {
            self.row(raw, each);
        }
        if let Some(table) = &mut self.table {
            table.checker.look_ahead(&table.context, rows.as_slice());
        }
        for raw in rows {
            self.row(raw, each);
        }
    }

    fn row(&mut self, raw: &RawRow<'_>, each: &mut impl FnMut(&CheckedRow<'_>)) {
        let Some(table) = &mut self.table else {
            if self.layout.as_ref().is_none_or(|layout| raw.row >= layout.header_row) {
                self.header(raw);
            }
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
        let has_text_above = self.layout.as_ref().is_some_and(|layout| layout.rows_above > 0);
        found.extend(has_text_above.then(|| rules::text_above_header::diagnostic(raw.row)));
        let samples =
            self.layout.as_mut().map(|layout| std::mem::take(&mut layout.samples)).unwrap_or_default();
        let summaries = Samples::of(&samples, headers.len());
        let header = Header { headers, count: raw.cells.len(), samples };
        let columns = Columns::matched(&self.program, header, &self.options.mapping);
        let columns = columns.on_sheet(&self.program, self.origin.sheet.as_deref().unwrap_or_default());
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
        let context = Context::new(Arc::clone(&self.program), columns, faulty, self.options.date_order);
        let checker = RowChecker::new(&context, &self.options);
        self.table = Some(Table { context, checker, nameless, samples: summaries });
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
        if let Some(Table { context, checker, samples, .. }) = self.table.take() {
            for diagnostic in checker.columns(&context) {
                self.tally.file(diagnostic);
            }
            for (row, diagnostic) in checker.finish(&context) {
                self.progress.rows_with_errors += self.tally.late(row, diagnostic);
            }
            columns = context.column_summaries(samples);
        }
        let (counts, diagnostics, truncated) = self.tally.into_parts();
        Report {
            program: self.program.name.clone(),
            file: FileSummary {
                name: self.file_name,
                bytes: self.origin.bytes.unwrap_or(bytes),
                encoding: self.origin.encoding,
                delimiter: self
                    .layout
                    .as_ref()
                    .map_or(Dialect::COMMA, |layout| layout.dialect)
                    .name()
                    .to_owned(),
                header_row: self.layout.as_ref().map_or(1, |layout| layout.header_row),
                sheet: self.origin.sheet,
            },
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
    found.extend(rules::column_claimed_twice::check(program, columns));
    found.extend(rules::column_guessed::check(program, columns));
    found.extend(rules::unknown_column::check(program, columns));
    found.extend(rules::column_out_of_order::check(program, columns));
    found
}

impl Context {
    fn column_summaries(&self, samples: Samples) -> Vec<ColumnSummary> {
        let headers = self.columns.headers().iter().enumerate().zip(samples.0);
        headers
            .map(|((column, header), samples)| {
                let field = self.columns.field(column).map(|field| &self.program.fields[field]);
                let secret = field.is_some_and(|field| field.secret);
                ColumnSummary {
                    header: header.clone(),
                    field: field.map(|field| field.name.clone()),
                    matched: self.columns.why(column),
                    samples: if secret { Vec::new() } else { samples },
                }
            })
            .collect()
    }
}

/// What stands for bytes that were no text in the file's encoding.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// The first cell that is not text, or that has a NUL.
fn unreadable(cells: Cells<'_>) -> Option<rules::Finding> {
    cells.iter().enumerate().find_map(|(column, cell)| {
        if std::str::from_utf8(cell).is_err() || memmem::find(cell, REPLACEMENT).is_some() {
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
