//! What a page shows of a session: counts, and the rows in a window.

use memchr::memmem::Finder;
use serde::{Deserialize, Serialize};

use super::{
    Session, number,
    rows::{RowId, Scratch},
};
use crate::{
    check::RowChecker,
    diagnostic::{Diagnostic, Severity},
    report::{ColumnSummary, RuleCount},
    rules::{self, Finding},
    sheets::Sheets,
};

/// Which rows are shown. All that is said holds at once.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(default)]
pub struct Filter {
    /// Rows with an error, or with a warning and no error.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub severity: Option<Severity>,
    /// Rows in which something was found.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub found: bool,
    /// Rows that break this rule.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub rule: Option<String>,
    /// Rows with a finding in this column of the file, 0-based.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub column: Option<usize>,
    /// Rows that are not as they came with the file.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub changed: bool,
    /// Rows that have this text in a cell; ASCII letters in either case.
    #[cfg_attr(feature = "wasm", tsify(optional))]
    pub text: Option<String>,
}

/// A row as it is shown.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct RowView {
    /// Its name, which stays.
    pub id: RowId,
    /// The sheet that it is on, where the roster is several.
    pub sheet: Option<String>,
    /// Its number there as a spreadsheet shows it, which changes when rows above it come or go.
    pub number: u32,
    /// The cells in the file's order; a secret is dots.
    pub cells: Vec<String>,
    pub changed: bool,
    pub diagnostics: Vec<Diagnostic>,
}

/// A session in figures.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    pub rows: u32,
    pub rows_with_errors: u32,
    /// Rows that have a warning and no error.
    pub rows_with_warnings: u32,
    pub rows_changed: u32,
    /// Rows that the filter shows.
    pub selected: u32,
    /// How many rows break each rule; errors first, then by rule.
    pub rules: Vec<RuleCount>,
    /// What is found of the file, its header and its columns.
    pub findings: Vec<Diagnostic>,
    pub columns: Vec<ColumnSummary>,
    /// The sheets of a workbook whose rows follow one another, where they are several.
    pub sheets: Sheets,
    /// How many changes can be undone, and made again.
    pub undo: u32,
    pub redo: u32,
}

impl Session {
    /// Chooses the rows that [`window`](Self::window) shows, and returns how many they are. The choice stays until it
    /// is made again: a row does not vanish under the hand that mends it.
    pub fn select(&mut self, filter: Filter) -> u32 {
        let rule = filter.rule.as_deref().and_then(|name| rules::all().iter().find(|rule| rule.name == name));
        let finder = filter.text.as_deref().map(str::to_ascii_lowercase);
        let finder = finder.as_deref().map(Finder::new);
        let mut checker = self.checker();
        let mut spans = Scratch::new();
        let shown = |(place, id): &(usize, &RowId)| {
            let id = **id;
            let mark = self.verdicts.of(id);
            filter.severity.is_none_or(|severity| mark.worst() == Some(severity))
                && (!filter.found || mark.worst().is_some())
                && (filter.rule.is_none() || rule.is_some_and(|rule| mark.has(rule)))
                && (!filter.changed || self.rows.is_changed(id))
                && finder.as_ref().is_none_or(|finder| self.has_text(id, finder, &mut spans))
                && filter.column.is_none_or(|column| {
                    mark.worst().is_some() && self.finds_in(&mut checker, *place, id, column)
                })
        };
        let selected = self.rows.order().iter().enumerate().filter(shown).map(|(_, id)| *id).collect();
        self.selected = selected;
        self.filter = filter;
        number(self.selected.len())
    }

    /// Takes rows that are gone out of the choice. The ids are sorted.
    pub(super) fn deselect(&mut self, ids: &[RowId]) {
        self.selected.retain(|id| ids.binary_search(id).is_err());
    }

    /// Makes the choice again after rows have come.
    pub(super) fn select_again(&mut self) {
        let filter = std::mem::take(&mut self.filter);
        self.select(filter);
    }

    /// The rows from that place of the choice on.
    #[must_use]
    pub fn window(&self, from: usize, count: usize) -> Vec<RowView> {
        let rows = self.selected.iter().skip(from).take(count);
        rows.map(|id| self.row(*id)).collect()
    }

    /// The place, in the choice, of the next row behind one (or the one before it) that has an error; past the last row
    /// comes the first, so that it is the row itself if no other has one.
    #[must_use]
    pub fn next_error(&self, from: usize, back: bool) -> Option<usize> {
        let has_error =
            |place: &usize| self.verdicts.of(self.selected[*place]).worst() == Some(Severity::Error);
        let rows = self.selected.len();
        let from = from.min(rows);
        if back {
            (0..from).rev().chain((from..rows).rev()).find(has_error)
        } else {
            (from + 1..rows).chain(0..rows.min(from + 1)).find(has_error)
        }
    }

    /// The session in figures.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let cells = self.cells.iter().flat_map(|(column, counts)| self.context.verdicts(*column, counts));
        let (undo, redo) = self.depth();
        Summary {
            rows: number(self.rows.len()),
            rows_with_errors: self.verdicts.rows_with_errors(),
            rows_with_warnings: self.verdicts.rows_with_warnings(),
            rows_changed: number(self.rows.changed()),
            selected: number(self.selected.len()),
            rules: self.verdicts.counts(),
            findings: self.file_findings.iter().cloned().chain(cells).collect(),
            columns: self.columns.clone(),
            sheets: self.context.sheets.clone(),
            undo: number(undo),
            redo: number(redo),
        }
    }

    /// The bytes that the rows take in memory, all their versions.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.bytes()
    }

    fn row(&self, id: RowId) -> RowView {
        let number = self.rows.number(id);
        let place = self.rows.place(id).unwrap_or_default();
        let mut spans = Scratch::new();
        let raw = self.raw(id, &mut spans);
        let mut checker = self.checker();
        self.lead(&mut checker, place);
        let row = checker.check_alone(&self.context, &raw);
        let own = if raw.cells.are_blank() { &[] } else { row.findings() };
        let cells = row.cells().map(std::borrow::Cow::into_owned).collect();
        let found = self.findings(id, own);
        let diagnostics = found.map(|finding| self.context.words(number, raw.cells, &finding)).collect();
        let place = self.context.sheets.place(number);
        let sheet = place.sheet.map(str::to_owned);
        RowView { id, sheet, number: place.row, cells, changed: self.rows.is_changed(id), diagnostics }
    }

    /// All that is found in a row, of which its own findings are given; other rows are named by their numbers.
    pub(super) fn findings<'a>(
        &'a self,
        id: RowId,
        own: &'a [Finding],
    ) -> impl Iterator<Item = Finding> + 'a {
        let numbered = |finding: &Finding| super::with_rows(finding, |id| self.rows.number(id));
        own.iter().chain(self.verdicts.across(id)).map(numbered)
    }

    fn finds_in(&self, checker: &mut RowChecker, place: usize, id: RowId, column: usize) -> bool {
        let mut spans = Scratch::new();
        self.lead(checker, place);
        let raw = self.raw(id, &mut spans);
        let row = checker.check_alone(&self.context, &raw);
        self.findings(id, row.findings()).any(|finding| finding.column == Some(column))
    }

    fn has_text(&self, id: RowId, finder: &Finder<'_>, spans: &mut Scratch) -> bool {
        let mut cells = self.raw(id, spans).cells.iter().enumerate();
        cells.any(|(column, cell)| {
            !self.is_secret(column) && finder.find(&cell.to_ascii_lowercase()).is_some()
        })
    }

    /// Whether what stands in a column is shown to nobody.
    pub(super) fn is_secret(&self, column: usize) -> bool {
        let field = self.context.columns.field(column);
        field.is_some_and(|field| self.context.program.fields[field].secret)
    }
}
