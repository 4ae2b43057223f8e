//! A roster that is being edited: its rows are kept, shown a window at a time, changed, and checked again as far as a
//! change reaches.
//!
//! At every moment the verdict is that of a fresh check of what [`Session::export`] writes. Three things keep an edit
//! fast however long the roster is: a row's own findings are made anew whenever they are looked at; a finding about
//! other rows is kept, and made anew for the rows that share an identity or a unique key with the edited one
//! ([`keys`]); and what only the whole file shows (links, class sizes) waits for [`Session::step`], which checks all
//! rows again a slice at a time.

mod changes;
mod export;
mod jobs;
mod keys;
mod rows;
mod verdicts;
mod view;

use std::sync::Arc;

use self::{
    changes::History,
    jobs::Job,
    keys::{Gathered, Keys, keys_of},
    rows::{Rows, Scratch},
    verdicts::{Mark, Verdicts},
};
pub use self::{
    changes::{CellEdit, EditError},
    export::Part,
    jobs::{CellChange, JobReport, Replace, Task},
    rows::RowId,
    view::{Filter, RowView, Summary},
};
use crate::{
    check::{CellCounts, CheckOptions, CheckedRow, Checker, Context, Judged, Late, Progress, State},
    diagnostic::Diagnostic,
    identity::KeyWriter,
    layout::Layout,
    program::Program,
    read::{Cells, Dialect, RawRow, Span},
    report::{ColumnSummary, FileSummary, Report},
    rules::{self, Detail, Finding},
};

/// Reads a file for a [`Session`], and checks it on the way.
pub struct Loader {
    checker: Checker,
    rows: Rows,
    gathered: Gathering,
    options: CheckOptions,
    program: Arc<Program>,
}

/// A roster that is being edited.
pub struct Session {
    program: Arc<Program>,
    options: CheckOptions,
    file: FileSummary,
    /// Rows with text above the header, and their numbers.
    above: Vec<(u32, Vec<Vec<u8>>)>,
    headers: Vec<Vec<u8>>,
    context: Context,
    /// What is wrong with the file and its header.
    file_findings: Vec<Diagnostic>,
    columns: Vec<ColumnSummary>,
    /// What the cells of each column are like, for what a column as a whole is found to be.
    cells: Vec<(usize, CellCounts)>,
    rows: Rows,
    verdicts: Verdicts,
    keys: Keys,
    history: History,
    /// Whether something that only the whole file shows may have changed.
    is_unsettled: bool,
    /// Whether the verdicts are those of other columns, or of other rows.
    is_stale: bool,
    pass: Option<Pass>,
    job: Option<Job>,
    selected: Vec<RowId>,
    filter: Filter,
}

/// The verdicts on rows that are checked one after another.
#[derive(Default)]
struct Gathering {
    verdicts: Verdicts,
    keys: Gathered,
    writer: KeyWriter,
    row_keys: Vec<u64>,
}

/// A check of all rows under way.
struct Pass {
    state: State,
    gathered: Gathering,
    /// How many rows it has checked.
    place: usize,
}

impl Loader {
    #[must_use]
    pub fn new(program: Arc<Program>, file_name: &str, options: CheckOptions) -> Self {
        Self {
            checker: Checker::new(Arc::clone(&program), file_name, options.clone()),
            rows: Rows::default(),
            gathered: Gathering::default(),
            options,
            program,
        }
    }

    /// The check under way, to be told of the file's encoding, sheet and size.
    pub fn checker(&mut self) -> &mut Checker {
        &mut self.checker
    }

    /// Takes the next bytes of the file.
    pub fn push(&mut self, chunk: &[u8]) -> Progress {
        let Self { checker, rows, gathered, .. } = self;
        checker.push(chunk, |row| take(rows, gathered, row));
        checker.progress()
    }

    /// Says that what is pushed from here on is the next of a workbook's sheets, as
    /// [`Checker::next_sheet`].
    pub fn next_sheet(&mut self) {
        let Self { checker, rows, gathered, .. } = self;
        checker.next_sheet(|row| take(rows, gathered, row));
    }

    /// Takes the end of the file. The session is missing where there is no header, or more than the limits allow, so
    /// that what it has of the file is not all of it.
    #[must_use]
    pub fn finish(self) -> (Report, Option<Session>) {
        let Self { checker, mut rows, mut gathered, options, program } = self;
        let ended = checker.end(|row| take(&mut rows, &mut gathered, row));
        let report = ended.report;
        let is_cut = report.rows as usize != rows.len() || report.file.bytes > options.limits.bytes;
        let Some(judged) = ended.table.filter(|_| !is_cut) else { return (report, None) };
        rows.end_load(report.file.header_row);
        for Late { row, finding, .. } in &judged.late {
            if let Some(id) = rows.numbered(*row) {
                gathered.verdicts.add(id, *finding);
            }
        }
        let headers =
            judged.context.columns.headers().iter().map(|header| header.clone().into_bytes()).collect();
        let sheets = report.file.sheets.clone();
        let mut session = Session {
            program,
            options: CheckOptions { sheets, ..options },
            file: report.file.clone(),
            above: ended.above,
            headers,
            file_findings: Vec::new(),
            columns: Vec::new(),
            cells: Vec::new(),
            context: judged.context,
            rows,
            verdicts: gathered.verdicts,
            keys: gathered.keys.sorted(),
            history: History::default(),
            is_unsettled: false,
            is_stale: false,
            pass: None,
            job: None,
            selected: Vec::new(),
            filter: Filter::default(),
        };
        session.cells = judged.cells;
        session.take_file_findings(&report);
        session.select(Filter::default());
        (report, Some(session))
    }
}

/// Keeps a row of the file.
fn take(rows: &mut Rows, gathered: &mut Gathering, row: &CheckedRow<'_>) {
    let RawRow { row: number, cells, damage } = row.raw();
    let id = rows.load(number, cells, damage);
    let across = row.findings_across().iter();
    let across = across.map(|finding| with_rows(finding, |number| rows.numbered(number).unwrap_or_default()));
    gathered.take(id, row, across.collect());
}

/// The finding with its other row named in another way.
fn with_rows(finding: &Finding, name: impl Fn(u32) -> u32) -> Finding {
    let detail = match finding.detail {
        Detail::Earlier { row, by, differ } => Detail::Earlier { row: name(row), by, differ },
        Detail::Row { row, number } => Detail::Row { row: name(row), number },
        other => other,
    };
    finding.with(detail)
}

impl Gathering {
    fn take(&mut self, id: RowId, row: &CheckedRow<'_>, across: Vec<Finding>) {
        let context = row.context();
        self.row_keys.clear();
        // A row with an error has no keys for the check, and may have them for the next.
        if row.is_rejected() || !context.program.unique.is_empty() {
            if let Some(texts) = row.raw().cells.text() {
                keys_of(context, texts, &mut self.writer, &mut self.row_keys);
            }
            self.keys.add(id, &self.row_keys);
        } else {
            self.keys.add(id, row.keys());
        }
        self.verdicts.set(id, Mark::of(row.findings()), across);
    }
}

impl Session {
    /// Does some of what is left to do, about as much as this many rows need; says how far that is. Nothing is left
    /// when `done` is `total`.
    pub fn step(&mut self, rows: u32) -> Steps {
        if self.job.is_some() {
            self.step_job(rows as usize);
        } else if self.pass.is_some() || self.is_unsettled {
            self.step_pass(rows as usize);
        }
        self.steps()
    }

    /// Checks all rows again, where that is left to do.
    pub fn settle(&mut self) {
        while self.pass.is_some() || self.is_unsettled {
            self.step_pass(usize::MAX);
        }
    }

    /// How far what is left to do has come.
    #[must_use]
    pub fn steps(&self) -> Steps {
        let total = number(self.rows.len());
        match (&self.job, &self.pass) {
            (Some(job), _) => Steps { done: number(job.place()), total },
            // One more than the rows: what comes after the last is still to be done.
            (None, Some(pass)) => Steps { done: number(pass.place), total: total.saturating_add(1) },
            (None, None) if self.is_unsettled => Steps { done: 0, total: total.saturating_add(1) },
            (None, None) => Steps { done: 0, total: 0 },
        }
    }

    fn step_pass(&mut self, rows: usize) {
        let mut pass = self.pass.take().unwrap_or_else(|| self.begin_pass());
        let mut spans = Scratch::new();
        let until = pass.place.saturating_add(rows).min(self.rows.len());
        for &id in &self.rows.order()[pass.place..until] {
            let Pass { state, gathered, .. } = &mut pass;
            let raw = self.raw(id, &mut spans);
            if raw.cells.are_blank() {
                continue;
            }
            state.row(&raw, &mut |row| gathered.take(id, row, row.findings_across().to_vec()));
        }
        pass.place = until;
        if until == self.rows.len() {
            self.end_pass(pass);
        } else {
            self.pass = Some(pass);
        }
    }

    fn begin_pass(&mut self) -> Pass {
        self.is_unsettled = true;
        Pass { state: self.state(), gathered: Gathering::default(), place: 0 }
    }

    /// A check of rows below this header, to be given the rows.
    fn state(&self) -> State {
        let layout = Layout {
            dialect: Dialect::COMMA,
            header_row: self.file.header_row,
            rows_above: self.rows_above(),
            header: Vec::new(),
            samples: self.samples(),
        };
        let program = Arc::clone(&self.program);
        let mut state = State::again(program, &self.file, self.options.clone(), layout);
        let (bytes, spans) = joined(&self.headers);
        let cells = Cells::new(&bytes, &spans);
        state.row(&RawRow { row: self.file.header_row, cells, damage: None }, &mut |_| {});
        state
    }

    fn end_pass(&mut self, pass: Pass) {
        let Pass { state, gathered, .. } = pass;
        let ended = state.end(self.file.bytes, false);
        self.verdicts = gathered.verdicts;
        self.keys = gathered.keys.sorted();
        self.is_unsettled = false;
        self.is_stale = false;
        if let Some(Judged { context, cells, late }) = ended.table {
            self.context = context;
            self.cells = cells;
            for Late { row, finding, .. } in late {
                self.verdicts.add(row, finding);
            }
        }
        self.take_file_findings(&ended.report);
    }

    /// Everything has to be checked again.
    fn begin_again(&mut self) {
        self.pass = None;
        self.is_unsettled = true;
        self.is_stale = true;
    }

    /// Keeps what a report says of the file and its header, but for what the columns' cells show.
    fn take_file_findings(&mut self, report: &Report) {
        let of_cells = [rules::unlike_its_column::RULE.name, rules::ambiguous_dates::RULE.name];
        let of_file = report.diagnostics.iter().filter(|found| found.location.row.is_none());
        self.file_findings =
            of_file.filter(|found| !of_cells.contains(&found.rule.as_str())).cloned().collect();
        self.columns.clone_from(&report.columns);
    }

    /// The report of a fresh check of the roster as it is now.
    #[must_use]
    pub fn report(&self) -> Report {
        let mut state = self.state();
        let mut spans = Scratch::new();
        for &id in self.rows.order() {
            let raw = RawRow { row: self.rows.number(id), ..self.raw(id, &mut spans) };
            if !raw.cells.are_blank() {
                state.row(&raw, &mut |_| {});
            }
        }
        state.end(self.file.bytes, false).report
    }

    /// The present version of a row, with its id for its number.
    fn raw<'a>(&'a self, id: RowId, spans: &'a mut Scratch) -> RawRow<'a> {
        let version = self.rows.version(id);
        let cells = version.map_or(Cells::default(), |version| self.rows.cells(version, spans));
        RawRow { row: id, cells, damage: version.and_then(|version| self.rows.damage(version)) }
    }

    /// The first rows' texts, by which columns without a known name are matched.
    fn samples(&self) -> Vec<Vec<String>> {
        let mut spans = Scratch::new();
        let first = self.rows.order().iter().take(SAMPLES.saturating_sub(self.above.len() + 1));
        first.map(|id| texts(self.raw(*id, &mut spans).cells)).collect()
    }

    fn rows_above(&self) -> usize {
        let is_declaration = |row: &[Vec<u8>]| row.first().is_some_and(|cell| cell.starts_with(b"sep="));
        self.above.iter().filter(|(number, row)| *number > 1 || !is_declaration(row)).count()
    }
}

/// How far what is left to do has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct Steps {
    pub done: u32,
    pub total: u32,
}

impl Steps {
    #[must_use]
    pub fn is_open(self) -> bool {
        self.done < self.total
    }
}

/// As many rows as a file's layout is read off, header included.
const SAMPLES: usize = 100;

/// The cells one behind the other, and where each stands.
fn joined(cells: &[Vec<u8>]) -> (Vec<u8>, Scratch) {
    let ends = cells.iter().scan(0, |end, cell| {
        *end += cell.len();
        Some(*end)
    });
    (cells.concat(), Span::up_to(ends).collect())
}

fn texts(cells: Cells<'_>) -> Vec<String> {
    cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
}

/// A number of things in memory. None of them reaches 2³²: a roster has at most 500 MB.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
