//! Writes cells as CSV text in which line n is row n of the sheet.

use std::ops::ControlFlow;

use crate::{
    guards::{Bound, Guards},
    unreadable::{Place, Stop, Unreadable},
    value::{self, Value},
};

/// Takes cells in the order of rows and columns, and gives the text in chunks.
pub(crate) struct CsvWriter<'a> {
    guards: &'a Guards,
    sink: &'a mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    chunk: Vec<u8>,
    /// Bytes given to the sink.
    given: u64,
    /// The row that is being written, 0-based.
    row: u32,
    /// The cells written to it.
    cells: u32,
    /// The cells that a row has at least, unless it has none.
    width: u32,
    /// How many more rows may widen the ones after them.
    widening: u32,
    /// A number's text.
    scratch: String,
}

/// Size of the chunks. A row is not cut for it, a cell can be longer.
const CHUNK: usize = 64 << 10;

/// The header stands within so many rows. Only they make the rows after them as wide, so that a stray cell far
/// below and far to the right does not.
const WIDENING_ROWS: u32 = 100;

impl<'a> CsvWriter<'a> {
    pub(crate) fn new(guards: &'a Guards, sink: &'a mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Self {
        Self {
            guards,
            sink,
            chunk: Vec::with_capacity(CHUNK + CHUNK / 4),
            given: 0,
            row: 0,
            cells: 0,
            width: 0,
            widening: WIDENING_ROWS,
            scratch: String::new(),
        }
    }

    /// Takes a cell; row and column are 0-based. An empty text is no cell.
    pub(crate) fn cell(&mut self, row: u32, column: u32, value: Value<'_>) -> Result<(), Stop> {
        if value == Value::Text("") {
            return Ok(());
        }
        self.go_to(row, column)?;
        match value {
            Value::Text(text) => self.text(text)?,
            Value::Number(number) => self.unquoted(|text| value::push_number(number, text)),
            Value::Moment { serial, kind, epoch } => {
                self.unquoted(|text| value::push_moment(serial, kind, epoch, text));
            }
        }
        if self.chunk.len() >= CHUNK { self.give() } else { Ok(()) }
    }

    /// Ends the last row and gives the last chunk.
    pub(crate) fn finish(mut self) -> Result<(), Stop> {
        if self.cells > 0 {
            self.end_row();
        }
        self.give()
    }

    /// Writes what lies between the last cell and this one.
    fn go_to(&mut self, row: u32, column: u32) -> Result<(), Stop> {
        let place = Place { row, column };
        self.check(row < self.guards.rows, Bound::Rows, place)?;
        self.check(column < self.guards.columns, Bound::Columns, place)?;
        if (row, column) < (self.row, self.cells) {
            return Err(
                Unreadable::damaged("the sheet", "has cells that are not in the order of its rows").into()
            );
        }
        while self.row < row {
            self.end_row();
            if self.chunk.len() >= CHUNK {
                self.give()?;
            }
        }
        self.separate(column + 1);
        self.cells = column + 1;
        Ok(())
    }

    /// Fills the row up and begins the next.
    fn end_row(&mut self) {
        if self.cells > 0 {
            if self.widening > 0 {
                self.widening -= 1;
                self.width = self.width.max(self.cells);
            }
            self.separate(self.width);
        }
        self.chunk.push(b'\n');
        self.cells = 0;
        self.row += 1;
    }

    /// Separates the cells written from the next one, so that there are `cells` of them with those left empty.
    fn separate(&mut self, cells: u32) {
        let commas = cells.saturating_sub(self.cells.max(1)) as usize;
        self.chunk.resize(self.chunk.len() + commas, b',');
    }

    fn text(&mut self, text: &str) -> Result<(), Stop> {
        let limit = self.guards.cell_characters;
        let fits = text.len() <= limit || text.chars().count() <= limit;
        let place = Place { row: self.row, column: self.cells - 1 };
        self.check(fits, Bound::CellCharacters, place)?;
        if !text.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\n' | b'\r')) {
            self.chunk.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        self.chunk.push(b'"');
        for (index, piece) in text.split('"').enumerate() {
            if index > 0 {
                self.chunk.extend_from_slice(b"\"\"");
            }
            self.chunk.extend_from_slice(piece.as_bytes());
        }
        self.chunk.push(b'"');
        Ok(())
    }

    fn unquoted(&mut self, push: impl FnOnce(&mut String)) {
        self.scratch.clear();
        push(&mut self.scratch);
        self.chunk.extend_from_slice(self.scratch.as_bytes());
    }

    fn give(&mut self) -> Result<(), Stop> {
        self.given += self.chunk.len() as u64;
        if self.given > self.guards.csv_bytes {
            return Err(Unreadable::too_large(self.guards, Bound::CsvBytes).into());
        }
        let flow = if self.chunk.is_empty() { ControlFlow::Continue(()) } else { (self.sink)(&self.chunk) };
        self.chunk.clear();
        if flow.is_break() { Err(Stop::Enough) } else { Ok(()) }
    }

    fn check(&self, holds: bool, bound: Bound, place: Place) -> Result<(), Stop> {
        if holds {
            return Ok(());
        }
        Err(Unreadable::TooLarge { bound, limit: self.guards.of(bound), place: Some(place) }.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(guards: &Guards, cells: &[(u32, u32, &str)]) -> Result<String, Stop> {
        let mut text = Vec::new();
        let mut sink = |chunk: &[u8]| {
            text.extend_from_slice(chunk);
            ControlFlow::Continue(())
        };
        let mut writer = CsvWriter::new(guards, &mut sink);
        for &(row, column, value) in cells {
            writer.cell(row, column, Value::Text(value))?;
        }
        writer.finish()?;
        Ok(String::from_utf8(text).unwrap())
    }

    #[track_caller]
    fn check(cells: &[(u32, u32, &str)], expect: &str) {
        assert_eq!(csv(&Guards::DEFAULT, cells).unwrap(), expect);
    }

    #[test]
    fn a_line_is_a_row_and_a_cell_a_column() {
        check(&[], "");
        check(&[(0, 0, "a")], "a\n");
        check(&[(2, 1, "a")], "\n\n,a\n");
        check(&[(0, 0, "a"), (0, 3, "b"), (2, 0, "c"), (2, 1, "")], "a,,,b\n\nc,,,\n");
        check(&[(1, 0, "title"), (2, 0, "a"), (2, 1, "b"), (3, 0, "c")], "\ntitle\na,b\nc,\n");
    }

    #[test]
    fn what_needs_quotes_has_them() {
        check(
            &[(0, 0, "a,b"), (0, 1, "say \"hi\""), (0, 2, "\""), (0, 3, "a\r\nb"), (0, 4, " c ")],
            "\"a,b\",\"say \"\"hi\"\"\",\"\"\"\",\"a\r\nb\", c \n",
        );
    }

    #[test]
    fn rows_far_below_do_not_widen_the_others() {
        let mut cells: Vec<_> = (0..WIDENING_ROWS).map(|row| (row, 0, "a")).collect();
        cells.push((WIDENING_ROWS, 2, "b"));
        cells.push((WIDENING_ROWS + 1, 0, "c"));
        assert!(csv(&Guards::DEFAULT, &cells).unwrap().ends_with("a\n,,b\nc\n"));
    }

    #[test]
    fn the_order_is_kept() {
        for cells in [[(1, 0, "a"), (0, 1, "b")], [(0, 1, "a"), (0, 0, "b")], [(0, 1, "a"), (0, 1, "b")]] {
            assert!(matches!(
                csv(&Guards::DEFAULT, &cells),
                Err(Stop::Unreadable(Unreadable::Damaged { .. }))
            ));
        }
    }

    #[test]
    fn the_sink_can_have_enough() {
        let mut chunks = 0;
        let mut sink = |_: &[u8]| {
            chunks += 1;
            ControlFlow::Break(())
        };
        let mut writer = CsvWriter::new(&Guards::DEFAULT, &mut sink);
        let end = (0..1_000_000).find_map(|row| writer.cell(row, 0, Value::Number(1.0)).err());
        assert!(matches!(end, Some(Stop::Enough)));
        assert_eq!(chunks, 1);
    }

    #[test]
    fn each_bound_holds_at_its_value_and_not_past_it() {
        let small = Guards { rows: 3, columns: 3, cell_characters: 3, csv_bytes: 7, ..Guards::DEFAULT };
        let bound = |cells: &[(u32, u32, &str)]| match csv(&small, cells) {
            Ok(_) => None,
            Err(Stop::Unreadable(Unreadable::TooLarge { bound, .. })) => Some(bound),
            Err(other) => panic!("{other:?}"),
        };
        for at in [1, 2] {
            assert_eq!(bound(&[(at, 0, "a")]), None);
            assert_eq!(bound(&[(0, at, "a")]), None);
        }
        assert_eq!(bound(&[(3, 0, "a")]), Some(Bound::Rows));
        assert_eq!(bound(&[(0, 3, "a")]), Some(Bound::Columns));
        assert_eq!(bound(&[(0, 0, "äö")]), None);
        assert_eq!(bound(&[(0, 0, "äöü")]), None);
        assert_eq!(bound(&[(0, 0, "äöüä")]), Some(Bound::CellCharacters));
        assert_eq!(bound(&[(0, 0, "abc"), (0, 1, "d")]), None);
        assert_eq!(bound(&[(0, 0, "abc"), (0, 1, "de")]), None);
        assert_eq!(bound(&[(0, 0, "abc"), (0, 1, "def")]), Some(Bound::CsvBytes));
    }
}
