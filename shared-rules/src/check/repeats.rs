//! Who was in the rows before, and how a row differs from the earlier one of the same person.

use crate::{
    identity::{Seen, hash_of_bytes},
    read::Texts,
};

/// Remembers rows in 16 bytes each, whatever they hold.
pub(super) struct Repeats {
    seen: Seen,
    /// For each row that was remembered its number, in the upper 32 bits, and its print.
    rows: Vec<u128>,
    /// The columns that are compared.
    columns: Vec<usize>,
    /// The bits of a print that stand for one column.
    bits: u32,
}

/// An earlier row of the same person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Earlier {
    pub(super) row: u32,
    /// The columns, a bit each, whose values differ, blank ones included. A difference is missed once in as many
    /// cases as a column's share of 96 bits has values: with 24 columns, one in 15.
    pub(super) differ: u64,
    /// Those of them that have a value in both rows.
    pub(super) conflict: u64,
}

const PRINT_BITS: u32 = 96;

impl Repeats {
    /// Compares these columns of the file, as far as there are bits for them.
    pub(super) fn new(columns: impl Iterator<Item = usize>) -> Self {
        let columns: Vec<usize> = columns.filter(|&column| column < 64).take(48).collect();
        let count = u32::try_from(columns.len().max(1)).unwrap_or(PRINT_BITS);
        Self { seen: Seen::default(), rows: Vec::new(), bits: (PRINT_BITS / count).clamp(2, 16), columns }
    }

    /// The earlier row that had this identity.
    pub(super) fn find(&self, hash: u64) -> Option<usize> {
        self.seen.row(hash).map(|place| place as usize)
    }

    /// Remembers a row, and gives its place.
    pub(super) fn remember(&mut self, row: u32, texts: Texts<'_>) -> u32 {
        self.rows.push(u128::from(row) << PRINT_BITS | self.print(texts));
        u32::try_from(self.rows.len() - 1).unwrap_or(u32::MAX)
    }

    /// Remembers that the row at this place has an identity, unless an earlier one has it.
    pub(super) fn identify(&mut self, hash: u64, place: u32) {
        self.seen.row_or_insert(hash, place);
    }

    /// How a row compares with the one at that place.
    pub(super) fn compare(&self, place: usize, texts: Texts<'_>) -> Earlier {
        let stored = self.rows.get(place).copied().unwrap_or_default();
        let print = self.print(texts);
        let mask = (1_u128 << self.bits) - 1;
        let mut earlier =
            Earlier { row: u32::try_from(stored >> PRINT_BITS).unwrap_or_default(), differ: 0, conflict: 0 };
        for (&column, shift) in self.columns.iter().zip((0..PRINT_BITS).step_by(self.bits as usize)) {
            let (before, now) = (stored >> shift & mask, print >> shift & mask);
            earlier.differ |= u64::from(before != now) << column;
            earlier.conflict |= u64::from(before != now && before != 0 && now != 0) << column;
        }
        earlier
    }

    /// A few bits of each column's hash: 0 for a blank cell, and never for another.
    fn print(&self, texts: Texts<'_>) -> u128 {
        let values = (1_u64 << self.bits) - 1;
        let mut print = 0;
        for (&column, shift) in self.columns.iter().zip((0..PRINT_BITS).step_by(self.bits as usize)) {
            let text = texts.get(column);
            if !text.is_empty() {
                print |= u128::from(hash_of_bytes(text.as_bytes()) % values + 1) << shift;
            }
        }
        print
    }
}
