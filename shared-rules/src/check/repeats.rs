//! Who was in the rows before, and how a row differs from the earlier one of the same person.

use crate::{
    bytes::{Hashed, Prefix},
    identity::{Seen, hash_of_bytes},
    read::Texts,
};

/// Remembers rows in 20 bytes each, whatever they hold.
pub(super) struct Repeats {
    seen: Seen,
    /// For each row that was remembered its number, in the upper 32 bits, and its print.
    rows: Vec<u128>,
    /// A hash of each of these rows: a print says which columns differ, and not for certain that none does.
    hashes: Vec<u32>,
    /// The columns that are compared.
    columns: Vec<usize>,
    /// The bits of a print that stand for one column.
    bits: u32,
}

/// An earlier row of the same person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Earlier {
    pub(super) row: u32,
    /// Whether the rows have the same values.
    pub(super) same: bool,
    /// The columns, a bit each, that have different values in the two rows, blank ones not counted. A difference is
    /// missed once in as many cases as a column's share of 96 bits has values: with 24 columns, one in 15.
    pub(super) conflict: u64,
}

/// What is remembered of a row.
struct Print {
    /// A few bits of each column's hash: 0 for a blank cell, and never for another.
    columns: u128,
    hash: u32,
}

const PRINT_BITS: u32 = 96;

/// Columns with a place in the print, of at least two bits.
const PRINTED: usize = 48;

impl Repeats {
    /// Compares these columns of the file.
    pub(super) fn new(columns: impl Iterator<Item = usize>) -> Self {
        let columns: Vec<usize> = columns.collect();
        let printed = u32::try_from(columns.len().clamp(1, PRINTED)).unwrap_or(PRINT_BITS);
        Self {
            seen: Seen::default(),
            rows: Vec::new(),
            hashes: Vec::new(),
            bits: (PRINT_BITS / printed).min(16),
            columns,
        }
    }

    /// The earlier row that had this identity.
    pub(super) fn find(&self, hash: u64) -> Option<usize> {
        self.seen.row(hash).map(|place| place as usize)
    }

    /// Remembers a row, and gives its place.
    pub(super) fn remember(&mut self, row: u32, texts: Texts<'_>, prefixes: &[Hashed]) -> u32 {
        let print = self.print(texts, prefixes);
        self.rows.push(u128::from(row) << PRINT_BITS | print.columns);
        self.hashes.push(print.hash);
        u32::try_from(self.rows.len() - 1).unwrap_or(u32::MAX)
    }

    /// Remembers that the row at this place has an identity, unless an earlier one has it.
    pub(super) fn identify(&mut self, hash: u64, place: u32) {
        self.seen.row_or_insert(hash, place);
    }

    /// How a row compares with the one at that place.
    pub(super) fn compare(&self, place: usize, texts: Texts<'_>, prefixes: &[Hashed]) -> Earlier {
        let stored = self.rows.get(place).copied().unwrap_or_default();
        let print = self.print(texts, prefixes);
        let mask = (1_u128 << self.bits) - 1;
        let mut conflict = 0;
        let printed = self.columns.iter().take(PRINTED).rev();
        for (&column, shift) in printed.zip((0..).step_by(self.bits as usize)) {
            let (before, now) = (stored >> shift & mask, print.columns >> shift & mask);
            if before != now && before != 0 && now != 0 && column < 64 {
                conflict |= 1 << column;
            }
        }
        Earlier {
            row: u32::try_from(stored >> PRINT_BITS).unwrap_or_default(),
            same: self.hashes.get(place) == Some(&print.hash),
            conflict,
        }
    }

    fn print(&self, texts: Texts<'_>, prefixes: &[Hashed]) -> Print {
        let values = (1_u64 << self.bits) - 1;
        // Two halves, because WebAssembly calls a function to shift 128 bits.
        let (mut high, mut low, mut whole) = (0_u64, 0_u64, 0_u32);
        for (place, &column) in self.columns.iter().enumerate() {
            let Hashed { prefix, hash } = prefixes.get(column).copied().unwrap_or(Hashed::EMPTY);
            let hash = if prefix.len <= Prefix::WHOLE { hash } else { hash_of_bytes(texts.bytes(column)) };
            whole = (whole.rotate_left(5) ^ upper_half(hash)).wrapping_mul(0x9e37_79b9);
            // From 1 to the highest value, evenly, for what is not blank.
            let bits = ((((hash >> 32) * values) >> 32) + 1) * u64::from(prefix.len > 0);
            if place < PRINTED {
                high = high << self.bits | low >> (u64::BITS - self.bits);
                low = low << self.bits | bits;
            }
        }
        Print { columns: u128::from(high) << u64::BITS | u128::from(low), hash: whole }
    }
}

fn upper_half(hash: u64) -> u32 {
    u32::try_from(hash >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::{program::Program, rules::tests::found_in};

    /// Of rows that differ in one cell of 24, no two may be called the same, whatever the cells' prints.
    #[test]
    fn a_row_that_differs_is_never_called_the_same() {
        let retail = Program::builtin("retail").unwrap();
        let header = "Email,StudentFirstName,StudentLastName,Address1Zip,Address1Country,ClientType,StudentType,\
            CanContact,CanContactSchools,CanContactSurveys,Address1City,Address1StreetAddress1,Address1State,\
            HighSchoolGraduationYear,Phone1Number,Gender,Ethnicity,SchoolNameHS,ExternalID,SchoolID";
        let row = |number: u32, last: u32| {
            format!(
                "p{number}@example.com,Ann,Lee{last},02108,US,Student,High school student,TRUE,TRUE,TRUE,,,,,,,,,,\n"
            )
        };
        let rows: Vec<String> = (0..500).map(|number| row(number, 1) + &row(number, number + 2)).collect();
        let found = found_in(retail, &format!("{header}\n{}", rows.concat()));
        assert!(!found.contains("exact-duplicate"), "{found}");
        assert!(found.matches("conflicting-rows").count() > 400);
    }
}
