//! Changes of many cells at once: fixes of a rule or of all rules, and replaced text. They are looked at before they
//! are made, and made a slice at a time.

use serde::{Deserialize, Serialize};

use super::{
    Session,
    changes::RowChange,
    number,
    rows::{RowId, Scratch},
};
use crate::{
    check::RowChecker,
    diagnostic::Fix,
    rules::{self, Rule},
};

/// What is to be done to many cells.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Task {
    /// Write every value that a rule offers for a cell; with no rule, those of all rules. Rows are deleted only where
    /// the rule that offers it is named.
    Fix {
        #[serde(default)]
        #[cfg_attr(feature = "wasm", tsify(optional))]
        rule: Option<String>,
        /// Only in this row.
        #[serde(default)]
        #[cfg_attr(feature = "wasm", tsify(optional))]
        row: Option<RowId>,
    },
    Replace(Replace),
}

/// A text to be replaced by another.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Replace {
    pub find: String,
    pub with: String,
    /// Only in this column of the file, 0-based.
    #[serde(default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub column: Option<usize>,
    #[serde(default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub match_case: bool,
    /// Only where the text is all that the cell holds.
    #[serde(default)]
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub whole_cell: bool,
}

/// A cell that a task changes.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct CellChange {
    pub id: RowId,
    /// The sheet that the row is on, where the roster is several.
    pub sheet: Option<String>,
    /// Its number there.
    pub number: u32,
    pub column: usize,
    pub before: String,
    /// None where the row is deleted.
    pub after: Option<String>,
}

/// What a task does, or has done.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct JobReport {
    pub rows: u32,
    pub cells: u32,
    /// The first changes.
    pub examples: Vec<CellChange>,
}

/// A task under way.
pub(super) struct Job {
    task: Task,
    is_preview: bool,
    place: usize,
    changes: Vec<RowChange>,
    report: JobReport,
}

const EXAMPLES: usize = 20;

impl Job {
    pub(super) fn place(&self) -> usize {
        self.place
    }
}

impl Session {
    /// Begins a task, which [`step`](Self::step) carries out; as a preview it changes nothing. One that is under way
    /// is given up.
    pub fn begin(&mut self, task: Task, is_preview: bool) {
        self.job =
            Some(Job { task, is_preview, place: 0, changes: Vec::new(), report: JobReport::default() });
    }

    /// Gives up the task that is under way. Nothing has been changed.
    pub fn cancel(&mut self) {
        self.job = None;
    }

    /// Carries a task out at once.
    pub fn run(&mut self, task: Task, is_preview: bool) -> JobReport {
        self.begin(task, is_preview);
        while self.job.as_ref().is_some_and(|job| job.place < self.rows.len()) {
            self.step_job(usize::MAX);
        }
        self.end_job()
    }

    pub(super) fn step_job(&mut self, rows: usize) {
        let Some(mut job) = self.job.take() else { return };
        let only = match &job.task {
            Task::Fix { row, .. } => *row,
            Task::Replace(_) => None,
        };
        let until = match only {
            // All others are passed over.
            Some(_) => self.rows.len(),
            None => job.place.saturating_add(rows).min(self.rows.len()),
        };
        let places = match only {
            Some(id) => self.rows.place(id).map_or(0..0, |place| place..place + 1),
            None => job.place..until,
        };
        let mut checker = self.checker();
        let task = job.task.clone();
        for place in places {
            let id = self.rows.order()[place];
            match &task {
                Task::Fix { rule, .. } => {
                    let rule = rule.as_ref().map(|name| rules::all().iter().find(|rule| rule.name == name));
                    if rule.is_none_or(|rule| rule.is_some_and(|rule| self.verdicts.of(id).has(rule))) {
                        self.fix_row(&mut job, &mut checker, place, rule.flatten().copied());
                    }
                }
                Task::Replace(replace) => self.replace_in_row(&mut job, id, replace),
            }
        }
        job.place = until;
        self.job = Some(job);
    }

    /// Makes the changes of a task that has seen all rows, and says what they are.
    pub fn end_job(&mut self) -> JobReport {
        let Some(job) = self.job.take() else { return JobReport::default() };
        if !job.is_preview && !job.changes.is_empty() {
            self.commit_rows(job.changes);
        }
        job.report
    }

    fn fix_row(&mut self, job: &mut Job, checker: &mut RowChecker, place: usize, only: Option<&Rule>) {
        let id = self.rows.order()[place];
        if self.verdicts.of(id).worst().is_none() {
            return;
        }
        let (values, delete) = self.fixes_of(checker, place, only);
        if delete {
            let shown = self.change(id, 0, None);
            job.take(RowChange { id, before: self.rows.version(id), after: None }, vec![shown]);
        } else {
            self.write(job, id, &values);
        }
    }

    /// The values that the rules offer for a row's cells, one for a cell; and whether one offers to delete it.
    fn fixes_of(
        &self,
        checker: &mut RowChecker,
        place: usize,
        only: Option<&Rule>,
    ) -> (Vec<(usize, String)>, bool) {
        let id = self.rows.order()[place];
        let mut spans = Scratch::new();
        let raw = self.raw(id, &mut spans);
        self.lead(checker, place);
        let row = checker.check_alone(&self.context, &raw);
        let mut values: Vec<(usize, String)> = Vec::new();
        for finding in self.findings(id, row.findings()) {
            if only.is_some_and(|only| only.name != finding.rule.name) {
                continue;
            }
            let fix = self.context.words(id, raw.cells, &finding).fix;
            match (fix, finding.column) {
                (Some(Fix::DeleteRow), _) if only.is_some() => return (Vec::new(), true),
                (Some(Fix::Replace { value }), Some(column))
                    if !values.iter().any(|(other, _)| *other == column) =>
                {
                    values.push((column, value));
                }
                _ => {}
            }
        }
        (values, false)
    }

    fn replace_in_row(&mut self, job: &mut Job, id: RowId, replace: &Replace) {
        let mut spans = Scratch::new();
        let cells = self.raw(id, &mut spans).cells;
        let columns = cells.iter().enumerate().filter(|(column, _)| {
            replace.column.is_none_or(|only| only == *column) && !self.is_secret(*column)
        });
        let replaced = columns
            .filter_map(|(column, cell)| Some((column, replace.in_text(std::str::from_utf8(cell).ok()?)?)));
        let values: Vec<(usize, String)> = replaced.collect();
        self.write(job, id, &values);
    }

    /// Keeps new values of a row's cells for the end of the task.
    fn write(&mut self, job: &mut Job, id: RowId, values: &[(usize, String)]) {
        if values.is_empty() {
            return;
        }
        let room = EXAMPLES.saturating_sub(job.report.examples.len());
        let shown = values.iter().take(room);
        let shown = shown.map(|(column, value)| self.change(id, *column, Some(value.clone()))).collect();
        job.report.cells += number(values.len());
        let change = if job.is_preview {
            RowChange { id, before: None, after: None }
        } else {
            self.rewritten(id, values.iter().map(|(column, value)| (*column, value.as_str())))
        };
        job.take(change, shown);
    }

    fn change(&self, id: RowId, column: usize, after: Option<String>) -> CellChange {
        let mut spans = Scratch::new();
        let before = self.raw(id, &mut spans).cells.get(column);
        let before =
            if self.is_secret(column) { String::new() } else { String::from_utf8_lossy(before).into_owned() };
        let place = self.context.sheets.place(self.rows.number(id));
        let sheet = place.sheet.map(str::to_owned);
        CellChange { id, sheet, number: place.row, column, before, after }
    }
}

impl Job {
    fn take(&mut self, change: RowChange, shown: Vec<CellChange>) {
        self.report.rows += 1;
        let room = EXAMPLES.saturating_sub(self.report.examples.len());
        self.report.examples.extend(shown.into_iter().take(room));
        if !self.is_preview {
            self.changes.push(change);
        }
    }
}

impl Replace {
    /// The text with what is found in it replaced; none where nothing is found.
    fn in_text(&self, text: &str) -> Option<String> {
        if self.find.is_empty() {
            return (self.whole_cell && text.is_empty() && !self.with.is_empty()).then(|| self.with.clone());
        }
        let same = |found: &str| {
            if self.match_case { found == self.find } else { found.eq_ignore_ascii_case(&self.find) }
        };
        if self.whole_cell {
            return (same(text) && text != self.with).then(|| self.with.clone());
        }
        let mut replaced = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            match rest.get(..self.find.len()) {
                Some(found) if same(found) => {
                    replaced.push_str(&self.with);
                    rest = &rest[self.find.len()..];
                }
                _ => {
                    replaced.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        (replaced != text).then_some(replaced)
    }
}
