//! Every bound of reading a workbook, in one place.

use std::fmt;

/// The bounds that hold while a workbook is read, whatever it says about itself. They are passed in, so that
/// a test can set small ones.
///
/// A value at its bound is read, the next one is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Guards {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes that the parts of an archive may have when inflated: once for [`Workbook::open`], and anew for each
    /// reading of a sheet.
    ///
    /// [`Workbook::open`]: crate::Workbook::open
    pub inflated_bytes: u64,
    /// How many times the file's bytes its parts may have when inflated. It applies past 100 KiB.
    pub ratio: u64,
    /// Entries of the ZIP archive.
    pub entries: usize,
    /// Texts in the table that cells refer to.
    pub shared_strings: usize,
    /// Rows of a sheet, blank ones counted: the number of the last row with a value.
    pub rows: u32,
    /// Columns of a sheet: the number of the last column with a value.
    pub columns: u32,
    /// Characters (Unicode scalar values) of one cell.
    pub cell_characters: usize,
    /// Bytes of the CSV text of one sheet.
    pub csv_bytes: u64,
}

impl Guards {
    /// 50 MiB, 100 MiB inflated and 100:1, 1,000 entries, 2,000,000 shared texts, a spreadsheet's own 1,048,576
    /// rows, 16,384 columns and 32,767 characters a cell; 500 MB of CSV, which is what a roster may have.
    ///
    /// Reading takes less than 256 MiB: the file, and the texts, which take half as much again in UTF-8 as in
    /// the UTF-16 of XLSB; an XLS file for a moment twice, then with its texts or the places of its cells.
    pub const DEFAULT: Self = Self {
        file_bytes: 50 << 20,
        inflated_bytes: 100 << 20,
        ratio: 100,
        entries: 1_000,
        shared_strings: 2_000_000,
        rows: 1_048_576,
        columns: 16_384,
        cell_characters: 32_767,
        csv_bytes: 500_000_000,
    };
}

impl Default for Guards {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Which bound a workbook exceeds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Bound {
    FileBytes,
    InflatedBytes,
    Ratio,
    Entries,
    SharedStrings,
    Rows,
    Columns,
    CellCharacters,
    CsvBytes,
}

impl Guards {
    /// Bytes that a cell's text may have while it is read. In the longest notation a character has 14 bytes (two
    /// escaped halves of a surrogate pair).
    pub(crate) fn longest_text(&self) -> usize {
        self.cell_characters.saturating_mul(14)
    }

    /// The bound's value.
    #[must_use]
    pub fn of(&self, bound: Bound) -> u64 {
        match bound {
            Bound::FileBytes => self.file_bytes,
            Bound::InflatedBytes => self.inflated_bytes,
            Bound::Ratio => self.ratio,
            Bound::Entries => self.entries as u64,
            Bound::SharedStrings => self.shared_strings as u64,
            Bound::Rows => u64::from(self.rows),
            Bound::Columns => u64::from(self.columns),
            Bound::CellCharacters => self.cell_characters as u64,
            Bound::CsvBytes => self.csv_bytes,
        }
    }
}

/// What is bounded, as the end of "more than 100 …".
impl fmt::Display for Bound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::FileBytes => "bytes",
            Self::InflatedBytes => "bytes when it is unpacked",
            Self::Ratio => "times its own size when it is unpacked",
            Self::Entries => "entries in its archive",
            Self::SharedStrings => "different texts",
            Self::Rows => "rows",
            Self::Columns => "columns",
            Self::CellCharacters => "characters in one cell",
            Self::CsvBytes => "bytes as CSV text",
        })
    }
}
