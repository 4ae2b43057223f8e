//! Every limit of a roster, in one place.

/// The limits that a check enforces. They are passed in, so that a test can set small ones.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Data rows, blank ones not counted.
    pub rows: u32,
    /// Bytes of the file.
    pub bytes: u64,
    /// Columns of the header.
    pub columns: usize,
    /// Characters (Unicode scalar values) of one cell: what a spreadsheet cell holds.
    pub cell_characters: usize,
}

impl Limits {
    /// What the product states: 1,000,000 rows, 500 MB, 256 columns, 32,767 characters a cell.
    pub const DEFAULT: Self =
        Self { rows: 1_000_000, bytes: 500_000_000, columns: 256, cell_characters: 32_767 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
