//! One finding about a roster: what is wrong, where, and what to do about it.

use serde::{Deserialize, Serialize};

/// A fault or an oddity in the data.
///
/// Serialised the same everywhere; the page, the command line and the server's results read it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct Diagnostic {
    /// The rule's name, in kebab-case; its only identifier.
    pub rule: String,
    pub severity: Severity,
    pub location: Location,
    /// Place, found, expected: one sentence or two.
    pub message: String,
    /// What to do, as an imperative.
    pub help: String,
    /// A change that mends it, where one is certain. Offered, never applied silently.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
}

/// Whether the row (or file) is left out of the import.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The row, or for a finding about the file or a column the whole file, is not imported.
    Error,
    /// Imported, and shown.
    Warning,
}

/// The place of a finding: `{}` is the file, `{"column":…}` a column, `{"row":…}` a row, both a cell.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct Location {
    /// As a spreadsheet shows it: 1-based, the header is row 1, blank rows count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The header's text in the file; the field's name where the file has no such column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

/// A change of the data that mends a finding.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Fix {
    /// Replace the cell's whole value.
    Replace { value: String },
    /// Read this column as the named field.
    MapColumn { field: String },
    /// Delete the row.
    DeleteRow,
}

impl Location {
    /// The file as a whole.
    #[must_use]
    pub fn file() -> Self {
        Self::default()
    }

    /// A column of the file.
    #[must_use]
    pub fn column(column: impl Into<String>) -> Self {
        Self { row: None, column: Some(column.into()) }
    }

    /// A row of the file.
    #[must_use]
    pub fn row(row: u32) -> Self {
        Self { row: Some(row), column: None }
    }

    /// One cell.
    #[must_use]
    pub fn cell(row: u32, column: impl Into<String>) -> Self {
        Self { row: Some(row), column: Some(column.into()) }
    }
}
