//! What a check says about a file as a whole.

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Severity};

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
    /// The findings: first those about the file and its columns, then by row. Capped for each rule.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether a cap left findings out of `diagnostics`.
    pub truncated: bool,
}

/// The file that was read.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct FileSummary {
    /// As the administrator's computer calls it. Only shown; nothing is derived from it.
    pub name: String,
    pub bytes: u64,
}

/// One column of the file.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct ColumnSummary {
    /// The header's text.
    pub header: String,
    /// The program's field that it fills, if any.
    pub field: Option<String>,
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
    /// Whether an error about the file or a column keeps every row out.
    #[must_use]
    pub fn stops_file(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error && diagnostic.location.row.is_none())
    }

    /// The byte-exact JSON that everyone stores, compares and shows: indented, with a newline at the end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }
}
