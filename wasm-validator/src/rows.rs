//! Keeps the rows that have findings, so that the page can show them beside what is wrong.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Serialize;
use shared_rules::{
    check::CheckedRow,
    diagnostic::{Diagnostic, Location},
    report::Report,
    sheets::RowPlace,
};
use tsify::Tsify;

/// A row that has a finding.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Tsify)]
pub struct ProblemRow {
    /// The sheet, where the roster is several sheets of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row number as a spreadsheet shows it.
    pub row: u32,
    /// The cells in the file's order.
    pub cells: Vec<String>,
}

/// The rows kept so far. As many as the report can speak of, however many rows have findings: the memory of
/// a browser's tab is small and a file in which every row is wrong is common.
#[derive(Debug)]
pub struct ProblemRows {
    rows: Vec<ProblemRow>,
    /// How many rows were kept only because something may be found in them later.
    referring: usize,
    /// How many findings each rule has made so far.
    seen: BTreeMap<String, usize>,
    findings_per_rule: usize,
}

impl ProblemRows {
    /// The number is the report's cap of stored findings for each rule.
    pub fn new(findings_per_rule: usize) -> Self {
        Self { rows: Vec::new(), referring: 0, seen: BTreeMap::new(), findings_per_rule }
    }

    /// Keeps the row if the report may speak of it.
    pub fn take(&mut self, row: &CheckedRow<'_>) {
        let may_be_found_later = row.refers_to_others() && self.referring < self.findings_per_rule;
        self.referring += usize::from(may_be_found_later);
        if self.count(row.diagnostics()) || may_be_found_later {
            let cells = row.cells().map(Cow::into_owned).collect();
            let RowPlace { sheet, row } = row.place();
            self.rows.push(ProblemRow { sheet: sheet.map(str::to_owned), row, cells });
        }
    }

    /// The rows of which the report speaks. One of which something was found at the end of the file, after as many
    /// others that might have been, is without its cells.
    pub fn of(self, report: &Report) -> Vec<ProblemRow> {
        let sheets = &report.file.sheets;
        let mut rows = BTreeMap::new();
        for Location { sheet, row, .. } in report.diagnostics.iter().map(|diagnostic| &diagnostic.location) {
            let Some(row) = *row else { continue };
            let blank = ProblemRow { sheet: sheet.clone(), row, cells: Vec::new() };
            rows.insert((sheets.order(sheet.as_deref()), row), blank);
        }
        for row in self.rows {
            if let Some(named) = rows.get_mut(&(sheets.order(row.sheet.as_deref()), row.row)) {
                *named = row;
            }
        }
        rows.into_values().collect()
    }

    /// Counts the findings; whether one of them is within its rule's cap.
    fn count(&mut self, diagnostics: &[Diagnostic]) -> bool {
        let mut within = false;
        for diagnostic in diagnostics {
            let seen = match self.seen.get_mut(&diagnostic.rule) {
                Some(seen) => seen,
                None => self.seen.entry(diagnostic.rule.clone()).or_default(),
            };
            *seen += 1;
            within |= *seen <= self.findings_per_rule;
        }
        within
    }
}

#[cfg(test)]
mod tests {
    use shared_rules::diagnostic::{Diagnostic, Location, Severity};

    use super::ProblemRows;

    fn finding(rule: &str) -> Diagnostic {
        Diagnostic {
            rule: rule.to_owned(),
            severity: Severity::Error,
            location: Location::row(2),
            message: String::new(),
            help: String::new(),
            fix: None,
        }
    }

    #[test]
    fn a_row_is_kept_while_one_of_its_rules_is_within_the_cap() {
        let mut rows = ProblemRows::new(2);
        assert!(!rows.count(&[]));
        assert!(rows.count(&[finding("a")]));
        assert!(rows.count(&[finding("a")]));
        assert!(!rows.count(&[finding("a")]));
        assert!(rows.count(&[finding("a"), finding("b")]));
    }
}
