//! What a check says about a file as a whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    columns::Match,
    diagnostic::{Diagnostic, Severity},
    sheets::Sheets,
};

/// So many findings of one rule a report shows; it counts all.
pub const DIAGNOSTICS_PER_RULE: usize = 1_000;

/// The report of a check: the same bytes in the browser, on the command line and on the server.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The program's name.
    pub program: String,
    pub file: FileSummary,
    /// Data rows: neither the header nor blank rows.
    pub rows: u32,
    /// Rows that will not be imported because of an error in them.
    pub rows_with_errors: u32,
    /// Rows that have a warning and no error.
    pub rows_with_warnings: u32,
    /// The file's columns in their order.
    pub columns: Vec<ColumnSummary>,
    /// How often each rule was broken, never capped; errors first, then by rule name.
    pub counts: Vec<RuleCount>,
    /// The findings: those about the file, then those about a column, then by row; within a row the cells in
    /// the file's order, then what is between them, then whether the person was there before. Those about rows
    /// are capped for each rule.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether a cap left findings out of `diagnostics`.
    pub truncated: bool,
}

/// The file that was read.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FileSummary {
    /// As the administrator's computer calls it. Only shown; nothing is derived from it.
    pub name: String,
    pub bytes: u64,
    /// What the text was written in: `UTF-8`, `windows-1252`…
    pub encoding: String,
    /// What stands between cells: `comma`, `semicolon`, `tab` or `pipe`.
    pub delimiter: String,
    /// The row of the header, as a spreadsheet shows it.
    pub header_row: u32,
    /// The sheet of the workbook, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The sheets of the workbook whose rows follow one another, where they are several.
    #[serde(default, skip_serializing_if = "Sheets::is_empty")]
    pub sheets: Sheets,
    /// The workbook's other sheets, of which nothing is read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// One column of the file.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct ColumnSummary {
    /// The header's text.
    pub header: String,
    /// The program's field that it fills, if any.
    pub field: Option<String>,
    /// Why it is taken for that field.
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    pub matched: Option<Match>,
    /// Up to five of its values, each different and cut to 60 characters; none of a secret column.
    pub samples: Vec<String>,
}

/// How many findings a rule made.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct RuleCount {
    pub rule: String,
    pub severity: Severity,
    pub count: u64,
}

impl Report {
    /// The first error about the file or a column: it keeps every row out.
    #[must_use]
    pub fn first_stop(&self) -> Option<&Diagnostic> {
        self.diagnostics
            .iter()
            .find(|diagnostic| diagnostic.severity == Severity::Error && diagnostic.location.row.is_none())
    }

    /// Adds what an import found out about rows that the check had passed, by their numbers. Of each rule the first
    /// [`DIAGNOSTICS_PER_RULE`] are kept.
    pub fn append(&mut self, findings: impl Iterator<Item = Diagnostic>) {
        let mut kept: BTreeMap<String, usize> = BTreeMap::new();
        for finding in findings {
            let finding = finding.on_sheets(&self.file.sheets);
            match self
                .counts
                .iter_mut()
                .find(|count| count.rule == finding.rule && count.severity == finding.severity)
            {
                Some(count) => count.count += 1,
                None => self.counts.push(RuleCount {
                    rule: finding.rule.clone(),
                    severity: finding.severity,
                    count: 1,
                }),
            }
            let kept = kept.entry(finding.rule.clone()).or_default();
            if *kept < DIAGNOSTICS_PER_RULE {
                *kept += 1;
                self.diagnostics.push(finding);
            } else {
                self.truncated = true;
            }
        }
        self.counts.sort_by(|a, b| (a.severity, &a.rule).cmp(&(b.severity, &b.rule)));
        let sheets = &self.file.sheets;
        self.diagnostics.sort_by_cached_key(|Diagnostic { location, .. }| {
            (location.row.map(|_| sheets.order(location.sheet.as_deref())), location.row)
        });
    }

    /// The byte-exact JSON that everyone stores, compares and shows: indented, with a newline at the end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }
}
