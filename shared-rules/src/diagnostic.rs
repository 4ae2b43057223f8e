//! One finding about a roster: what is wrong, where, and what to do about it.

use serde::{Deserialize, Serialize};

use crate::sheets::{RowPlace, Sheets};

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
    /// The sheet, where the roster is several sheets of a workbook and the finding is about one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
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

impl Diagnostic {
    /// The finding about the sheet alone that it was found on.
    pub(crate) fn of_sheet(mut self, sheet: &str) -> Self {
        self.message = format!("{sheet}: {}", self.message);
        self.location.sheet = Some(sheet.to_owned());
        self
    }

    /// The finding with its row, of a roster whose rows are counted through, as that of the sheet that it is on.
    #[must_use]
    pub fn on_sheets(mut self, sheets: &Sheets) -> Self {
        let Some(row) = self.location.row else { return self };
        let place = sheets.place(row);
        if place.sheet.is_some() {
            if let Some(rest) = self.message.strip_prefix(&format!("Row {row}")) {
                self.message = format!("{place}{rest}");
            }
            self.location = Location::at(place, self.location.column.as_deref());
        }
        self
    }
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
        Self { column: Some(column.into()), ..Self::default() }
    }

    /// A row of the file.
    #[must_use]
    pub fn row(row: u32) -> Self {
        Self { row: Some(row), ..Self::default() }
    }

    /// One cell.
    #[must_use]
    pub fn cell(row: u32, column: impl Into<String>) -> Self {
        Self { column: Some(column.into()), ..Self::row(row) }
    }

    /// A row where people find it, or one cell of it.
    pub(crate) fn at(place: RowPlace<'_>, column: Option<&str>) -> Self {
        Self {
            sheet: place.sheet.map(str::to_owned),
            row: Some(place.row),
            column: column.map(str::to_owned),
        }
    }
}
