//! Why a workbook cannot be read, for the administrator who has it.

use std::{fmt, io};

use crate::{
    format::Format,
    guards::{Bound, Guards},
};

/// Why a workbook cannot be read. `Display` is a sentence that says where, what was found and what was
/// expected; [`help`](Self::help) says what to do. Neither has a cell's content.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Unreadable {
    /// The first bytes are those of no workbook.
    #[error(
        "The file is not a workbook: it begins with the mark of neither an XLSX, XLSB or ODS file nor an XLS file."
    )]
    NotAWorkbook,
    /// An archive or a compound file of another program.
    #[error("The file is no workbook: it is {container} without sheets in it.")]
    NoWorkbookInside {
        /// With its article.
        container: &'static str,
    },
    /// A password is needed to open the workbook.
    #[error("The workbook is protected with a password and cannot be read without it.")]
    Encrypted,
    /// The file's name says another format than its content.
    #[error("The file's name does not end as the name of {found} file should ({}); it ends in `{extension}`.", found.extensions())]
    WrongExtension {
        /// With its dot, in lower case; empty if there is none.
        extension: String,
        found: Format,
    },
    /// A bound of [`Guards`] is exceeded.
    #[error("{}The workbook has more than {} {bound}.", Where(*place), grouped(*limit))]
    TooLarge { bound: Bound, limit: u64, place: Option<Place> },
    /// The content is not what the format's specification says.
    #[error("The workbook is damaged: {part} {fault}.")]
    Damaged {
        /// The name of the part of the workbook.
        part: String,
        /// As the rest of a sentence that begins with the part.
        fault: &'static str,
    },
    /// A part has a document type declaration, which no spreadsheet program writes.
    #[error("The workbook is not safe to read: {part} has a document type declaration (DOCTYPE).")]
    Doctype { part: String },
    /// A part that is needed lies outside of the file.
    #[error("The workbook is not complete: {part} refers to content outside of the file.")]
    External { part: String },
    /// A variant of the format that is not read.
    #[error("The workbook is {what}, which is not supported.")]
    Unsupported {
        /// With its article.
        what: &'static str,
    },
    /// No sheet of that number.
    #[error("The workbook has no sheet number {}.", index.saturating_add(1))]
    NoSuchSheet {
        /// 0-based.
        index: usize,
    },
    /// All sheets are empty or hidden.
    #[error("No visible sheet of the workbook has a value in it.")]
    Empty,
}

/// A cell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Place {
    /// 0-based.
    pub row: u32,
    /// 0-based.
    pub column: u32,
}

impl Unreadable {
    /// What to do about it, as an imperative.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotAWorkbook | Self::NoWorkbookInside { .. } | Self::Unsupported { .. } => {
                "Open the file in a spreadsheet program, save it as XLSX or CSV, and choose the saved file."
            }
            Self::Encrypted => {
                "Remove the password in the spreadsheet program, save the workbook, and choose it again."
            }
            Self::WrongExtension { .. } => {
                "Open the file in a spreadsheet program, save it as XLSX, and choose the saved file."
            }
            Self::TooLarge { bound: Bound::CellCharacters, .. } => "Shorten the cell's text.",
            Self::TooLarge { .. } => {
                "Copy the rows that you want to import into a new workbook, or save the sheet as CSV."
            }
            Self::Damaged { .. } | Self::Doctype { .. } | Self::External { .. } => {
                "Open the workbook in a spreadsheet program, save it under a new name, and choose the saved file."
            }
            Self::NoSuchSheet { .. } => "Choose one of the workbook's sheets.",
            Self::Empty => "Choose a workbook with a roster in it, or show the sheet that is hidden.",
        }
    }

    pub(crate) fn damaged(part: &str, fault: &'static str) -> Self {
        Self::Damaged { part: part.to_owned(), fault }
    }

    pub(crate) fn too_large(guards: &Guards, bound: Bound) -> Self {
        Self::TooLarge { bound, limit: guards.of(bound), place: None }
    }

    /// The error that our own reader wrapped in one of the standard library's, or damage.
    pub(crate) fn of_io(error: &io::Error, part: &str) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            Some(ours) => ours.clone(),
            None => Self::damaged(part, "cannot be unpacked"),
        }
    }
}

/// Why cells are no longer given: the receiver has enough, or there is a fault.
#[derive(Debug)]
pub(crate) enum Stop {
    Enough,
    Unreadable(Unreadable),
}

impl From<Unreadable> for Stop {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable)
    }
}

/// The beginning of a message about a cell: "Row 3, column B: ".
struct Where(Option<Place>);

impl fmt::Display for Where {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(Place { row, column }) = self.0 else { return Ok(()) };
        write!(formatter, "Row {}, column {}: ", u64::from(row) + 1, column_name(column))
    }
}

/// A column as a spreadsheet names it: A, B, …, Z, AA.
fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A number with a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let place = Some(Place { row: 13, column: 27 });
        let error = Unreadable::TooLarge { bound: Bound::CellCharacters, limit: 32_767, place };
        assert_eq!(
            error.to_string(),
            "Row 14, column AB: The workbook has more than 32,767 characters in one cell."
        );
        let error = Unreadable::WrongExtension { extension: ".xls".to_owned(), found: Format::Xlsx };
        assert_eq!(
            error.to_string(),
            "The file's name does not end as the name of an XLSX file should (.xlsx, .xlsm, .xltx, .xltm); it ends \
             in `.xls`."
        );
    }

    #[test]
    fn columns_are_named_as_in_a_spreadsheet() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(column_name(column), name);
        }
    }
}
