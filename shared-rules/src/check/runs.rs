//! Identifiers that count up from row to row, as if a spreadsheet's cell had been dragged down.

use crate::{
    read::Texts,
    rules::{Finding, counting_up},
};

/// A column of identifiers, and the run in which its last row stands.
pub(super) struct Run {
    column: usize,
    /// What stands before the number.
    prefix: String,
    number: Option<u64>,
    first_row: u32,
    rows: u32,
}

/// A run of so many rows is no chance.
const FOUND_AT: u32 = 4;

impl Run {
    /// So many rows before a row say whether it is the one at which a run is found.
    pub(super) const REACH: usize = FOUND_AT as usize;

    pub(super) fn new(column: usize) -> Self {
        Self { column, prefix: String::new(), number: None, first_row: 0, rows: 0 }
    }

    /// Forgets the rows before.
    pub(super) fn begin(&mut self) {
        self.number = None;
    }

    /// Takes the next row; finds that a run has become long enough.
    pub(super) fn take(&mut self, row: u32, texts: Texts<'_>) -> Option<Finding> {
        let text = texts.get(self.column);
        if text.is_empty() {
            self.number = None;
            return None;
        }
        let (prefix, number) = split(text);
        if self.goes_on(prefix, number) {
            self.rows += 1;
        } else {
            (self.first_row, self.rows) = (row, 1);
            if self.prefix != prefix {
                prefix.clone_into(&mut self.prefix);
            }
        }
        self.number = number;
        (self.rows == FOUND_AT).then(|| counting_up::finding(self.column, self.first_row))
    }

    fn goes_on(&self, prefix: &str, number: Option<u64>) -> bool {
        let next = self.number.and_then(|number| number.checked_add(1));
        number.is_some() && number == next && self.prefix == prefix
    }
}

/// The text in front of the number at its end, and that number.
fn split(text: &str) -> (&str, Option<u64>) {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (prefix, digits) = text.split_at(text.len() - digits);
    (prefix, digits.parse().ok())
}
