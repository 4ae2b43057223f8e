//! The check of a file: bytes go in, rows with their findings come out, and a report at the end.

mod address;
mod join;
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

use self::join::{Head, Join};
pub use self::row::CheckedRow;
use self::tally::Tally;
pub(crate) use self::{
    links::{Late, items, key_hash},
    roles::Roles,
    row::{CellCounts, Context, RowChecker, readable},
};
use crate::{
    columns::{Columns, Header, Mapping},
    diagnostic::{Diagnostic, Severity},
    layout::{HEAD, Layout},
    limits::Limits,
    options::{DateOrder, Delimiter, DuplicatePolicy},
    program::Program,
    read::{Cells, Damage, Dialect, RawRow, Reader},
    report::{ColumnSummary, DIAGNOSTICS_PER_RULE, FileSummary, Report},
    rules,
    sheets::Sheets,
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
    pub delimiter: Option<Delimiter>,
    /// Instead of the row in which the header seems to be.
    pub header_row: Option<u32>,
    /// What the importer says of columns.
    pub mapping: Mapping,
    /// What the importer says of dates that can be read in two ways.
    pub date_order: Option<DateOrder>,
    /// The sheets that a table was joined from whose text is read.
    pub sheets: Sheets,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            duplicates: DuplicatePolicy::default(),
            limits: Limits::DEFAULT,
            diagnostics_per_rule: DIAGNOSTICS_PER_RULE,
            today: None,
            delimiter: None,
            header_row: None,
            mapping: Mapping::new(),
            date_order: None,
            sheets: Sheets::default(),
        }
    }
}

/// What the file was before it became text in UTF-8.
struct Origin {
    encoding: String,
    sheet: Option<String>,
    sheets: Sheets,
    left_out: Vec<String>,
    /// The size of the file, where that is another than the text's.
    bytes: Option<u64>,
}

/// A check under way. Any cutting of the file into chunks gives the same rows and the same report.
pub struct Checker {
    /// The file's first bytes, until they are enough to see how it is laid out.
    head: Vec<u8>,
    reader: Option<Reader>,
    bytes: u64,
    /// The sheets of a workbook that are to be read, until the first is.
    heads: Vec<Head>,
    join: Option<Join>,
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

impl Progress {
    /// Counts a row in which something is found besides what was the worst so far.
    fn worsen(&mut self, before: Option<Severity>, found: Severity) {
        match (before, found) {
            (None, Severity::Error) => self.rows_with_errors += 1,
            (None, Severity::Warning) => self.rows_with_warnings += 1,
            (Some(Severity::Warning), Severity::Error) => {
                self.rows_with_errors += 1;
                self.rows_with_warnings = self.rows_with_warnings.saturating_sub(1);
            }
            _ => {}
        }
    }
}

/// Everything but the reader, which lends it the rows.
pub(crate) struct State {
    program: Arc<Program>,
    file_name: String,
    options: CheckOptions,
    progress: Progress,
    tally: Tally,
    origin: Origin,
    layout: Option<Layout>,
    /// The rows above the header that have text, and their numbers.
    above: Vec<(u32, Vec<Vec<u8>>)>,
    table: Option<Table>,
}

/// What a check leaves behind besides its report.
pub(crate) struct Ended {
    pub(crate) report: Report,
    /// None where there is no header.
    pub(crate) table: Option<Judged>,
    pub(crate) above: Vec<(u32, Vec<Vec<u8>>)>,
}

/// What rows were checked against, and what showed only at the end.
pub(crate) struct Judged {
    pub(crate) context: Context,
    pub(crate) cells: Vec<(usize, CellCounts)>,
    pub(crate) late: Vec<Late>,
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
        let state = State::new(program, file_name, options);
        Self { head: Vec::new(), reader: None, bytes: 0, heads: Vec::new(), join: None, state }
    }

    /// Says in what encoding the text was, for the report.
    pub fn set_encoding(&mut self, name: &str) {
        name.clone_into(&mut self.state.origin.encoding);
    }

    /// Says from which sheet of a workbook the rows come; to be said before the first of them.
    pub fn set_sheet(&mut self, name: &str) {
        self.state.origin.sheet = Some(name.to_owned());
    }

    /// Says which sheets of a workbook are not read.
    pub fn set_left_out(&mut self, names: Vec<String>) {
        self.state.origin.left_out = names;
    }

    /// The program that the file is checked against.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.state.program
    }

    /// Says that a sheet will be read, of those that are one table; to be said of all before the first is read.
    pub fn add_sheet(&mut self, name: &str) {
        self.heads.push(Head::new(name));
    }

    /// Takes the beginning of the sheet that was added last, off which its header is read. Says whether more of it
    /// is wanted.
    pub fn push_head(&mut self, chunk: &[u8]) -> bool {
        self.heads.last_mut().is_some_and(|head| head.push(chunk))
    }

    /// Says that what is pushed from here on is the next of the sheets that were added, from its beginning.
    pub fn next_sheet(&mut self, mut each: impl FnMut(&CheckedRow<'_>)) {
        self.end_sheet(&mut each);
        let heads = std::mem::take(&mut self.heads);
        let state = &mut self.state;
        let join = self.join.get_or_insert_with(|| state.join(heads));
        if let Some((name, before)) = join.begin_next() {
            state.begin_sheet(name, before);
        }
        self.reader = Some(Reader::new(state.options.limits, Dialect::COMMA));
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
    pub fn finish(self, each: impl FnMut(&CheckedRow<'_>)) -> Report {
        self.end(each).report
    }

    /// The same, with what the rows were checked against.
    pub(crate) fn end(mut self, mut each: impl FnMut(&CheckedRow<'_>)) -> Ended {
        let too_large = self.is_too_large();
        if self.reader.is_none() {
            self.begin(true, &mut each);
        }
        if too_large {
            let state = &mut self.state;
            state.tally.file(rules::file_too_large::diagnostic(self.bytes, state.options.limits.bytes));
        } else {
            self.end_sheet(&mut each);
        }
        self.state.end(self.bytes, too_large)
    }

    /// Ends the check of a file that cannot be read at all, such as a broken workbook. Message and help say why.
    #[must_use]
    pub fn refuse(mut self, message: &str, help: &str) -> Report {
        self.state.tally.file(rules::unreadable_file::diagnostic(message, help));
        self.state.report(self.bytes).report
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
        let Self { reader: Some(reader), state, join, .. } = self else { return };
        reader.push(chunk, &mut |rows| state.take(rows, join.as_mut(), each));
    }

    /// Takes the end of the text, or of a sheet of several.
    fn end_sheet(&mut self, each: &mut impl FnMut(&CheckedRow<'_>)) {
        let Self { reader, state, join, .. } = self;
        if let Some(mut reader) = reader.take() {
            reader.finish(&mut |rows| state.take(rows, join.as_mut(), each));
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
    pub(crate) fn new(program: Arc<Program>, file_name: &str, options: CheckOptions) -> Self {
        let program = match options.date_order {
            Some(order) => program.with_dates_in(order),
            None => program,
        };
        Self {
            program,
            file_name: file_name.to_owned(),
            progress: Progress::default(),
            tally: Tally::new(options.diagnostics_per_rule),
            origin: Origin {
                encoding: "UTF-8".to_owned(),
                sheet: None,
                sheets: options.sheets.clone(),
                left_out: Vec::new(),
                bytes: None,
            },
            layout: None,
            above: Vec::new(),
            table: None,
            options,
        }
    }

    /// A check of rows that have been read before.
    pub(crate) fn again(
        program: Arc<Program>,
        file: &FileSummary,
        options: CheckOptions,
        layout: Layout,
    ) -> Self {
        let mut state = Self::new(program, &file.name, options);
        state.origin = Origin {
            encoding: file.encoding.clone(),
            sheet: file.sheet.clone(),
            left_out: file.left_out.clone(),
            bytes: Some(file.bytes),
            ..state.origin
        };
        state.layout = Some(layout);
        state
    }

    pub(crate) fn row(&mut self, raw: &RawRow<'_>, each: &mut impl FnMut(&CheckedRow<'_>)) {
        self.rows(std::slice::from_ref(raw), each);
    }

    /// Makes one table of the sheets that begin like this.
    fn join(&mut self, heads: Vec<Head>) -> Join {
        let mut join = Join::of(heads, &self.program, &self.options);
        let layout = join.layout();
        let header_row = layout.header_row;
        self.layout = Some(layout);
        self.origin.sheets = Sheets::default();
        if let Some(header) = join.header(header_row) {
            self.header(&header);
        }
        if let Some(table) = &self.table {
            for fault in join.faults(&self.program, &table.context.columns) {
                self.tally.file(fault);
            }
        }
        join
    }

    /// The rows from here on are those of a sheet behind so many rows of others.
    fn begin_sheet(&mut self, name: &str, before: u32) {
        self.origin.sheets.push(name, before);
        if let Some(table) = &mut self.table {
            table.context.sheets.clone_from(&self.origin.sheets);
        }
    }

    /// Takes rows as they were read.
    fn take(&mut self, rows: &[RawRow<'_>], join: Option<&mut Join>, each: &mut impl FnMut(&CheckedRow<'_>)) {
        let Some(join) = join else { return self.rows(rows, each) };
        for raw in rows {
            if let Some(raw) = join.row(raw) {
                self.row(&raw, each);
            }
        }
    }

    /// Takes rows that follow one another; several at a time are faster than one by one.
    fn rows(&mut self, rows: &[RawRow<'_>], each: &mut impl FnMut(&CheckedRow<'_>)) {
        let mut rows = rows.iter();
        while self.table.is_none()
            && let Some(raw) = rows.next()
        {
            self.next_row(raw, each);
        }
        if let Some(table) = &mut self.table {
            table.checker.look_ahead(&table.context, rows.as_slice());
        }
        for raw in rows {
            self.next_row(raw, each);
        }
    }

    /// Takes a row that was looked at ahead, or one up to the header.
    fn next_row(&mut self, raw: &RawRow<'_>, each: &mut impl FnMut(&CheckedRow<'_>)) {
        let Some(table) = &mut self.table else {
            if self.layout.as_ref().is_none_or(|layout| raw.row >= layout.header_row) {
                self.header(raw);
            } else if self.above.len() < MOST_ABOVE {
                self.above.push((raw.row, raw.cells.iter().map(<[u8]>::to_vec).collect()));
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
        let row = table.checker.check_next(&table.context, raw);
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
        let mut context = Context::new(Arc::clone(&self.program), columns, faulty, self.options.date_order);
        context.sheets.clone_from(&self.origin.sheets);
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

    /// Takes the end of the rows.
    pub(crate) fn end(mut self, bytes: u64, too_large: bool) -> Ended {
        self.look_back(too_large);
        self.report(bytes)
    }

    fn report(mut self, bytes: u64) -> Ended {
        let mut columns = Vec::new();
        let table = self.table.take().map(|Table { context, checker, samples, .. }| {
            for diagnostic in checker.columns(&context) {
                self.tally.file(diagnostic);
            }
            let cells = checker.counts().collect();
            let late = checker.finish(&context);
            for Late { row, finding, before } in &late {
                self.tally.late(*row, context.words(*row, Cells::default(), finding));
                self.progress.worsen(*before, finding.severity);
            }
            columns = context.column_summaries(samples);
            Judged { context, cells, late }
        });
        let (counts, diagnostics, truncated) = self.tally.into_parts();
        let report = Report {
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
                sheets: self.origin.sheets,
                left_out: self.origin.left_out,
            },
            rows: self.progress.rows,
            rows_with_errors: self.progress.rows_with_errors,
            rows_with_warnings: self.progress.rows_with_warnings,
            columns,
            counts,
            diagnostics,
            truncated,
        };
        Ended { report, table, above: self.above }
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

/// Rows above a header that are remembered: more than there are above any header that is looked for.
const MOST_ABOVE: usize = 100;

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
