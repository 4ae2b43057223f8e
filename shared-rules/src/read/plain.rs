//! Finds the rows whose cells lie in the file as they are, so that they can be lent without a copy. Most rows of most
//! files are plain. Bytes are compared sixteen at a time; what needs more than a look at delimiters, line ends and
//! quotes around whole cells is left to the parser. Only rows with doubled quotes are copied, to have them once.

use memchr::memchr;
use wide::u8x16;

use super::{Cells, Dialect, Position, RawRow, Span};
use crate::{
    bytes::{BLOCK, mask},
    spreadsheet,
};

/// How many rows are found at once, and in how many bytes: what fits into a fast cache.
const ROWS: usize = 64;
const BYTES: usize = 64 << 10;

/// Plain rows, found and not yet given.
pub(super) struct PlainRows {
    dialect: Dialect,
    /// The most bytes of a row with its line end.
    longest: usize,
    rows: Vec<PlainRow>,
    spans: Vec<Span>,
    /// The cells of rows that have doubled quotes.
    copies: Vec<u8>,
}

#[derive(Clone, Copy)]
struct PlainRow {
    number: u32,
    /// In the file, or among the copies.
    start: usize,
    /// Without the line end.
    end: usize,
    copied: bool,
    /// The end of its cells among all.
    spans: usize,
    tidy: bool,
}

/// The place in the bytes, while rows are looked for.
#[derive(Default)]
struct Cursor {
    /// Where the row begins, and where the cell does.
    row: u32,
    cell: u32,
    /// The cell is in a quote that is still open.
    open: bool,
    /// Where the quote of the cell was closed.
    closed: Option<u32>,
    /// The first of two quotes that stand for one, and whether the row has such.
    doubled: Option<u32>,
    has_doubled: bool,
    /// A byte of the row was untidy.
    untidy: bool,
}

/// What the bytes of a block are, a bit each.
struct Masks {
    delimiters: u64,
    line_ends: u64,
    quotes: u64,
    untidy: u64,
}

/// What the last byte of the block before was, as the lowest bit.
struct Before {
    mark: u64,
    space: u64,
}

/// A row is not plain, or its end is still to come.
struct Stop;

impl PlainRows {
    pub(super) fn new(dialect: Dialect, longest: usize) -> Self {
        Self { dialect, longest, rows: Vec::new(), spans: Vec::new(), copies: Vec::new() }
    }

    /// Finds the plain and the blank rows with which `input` begins, some of them if they are many. Returns how many
    /// bytes they take.
    pub(super) fn find(&mut self, input: &[u8], position: &mut Position) -> usize {
        self.rows.clear();
        self.spans.clear();
        self.copies.clear();
        let input = &input[..input.len().min(BYTES)];
        let mut cursor = Cursor::default();
        let mut before = Before { mark: 1, space: 0 };
        let (blocks, rest) = input.as_chunks();
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        for (block, at) in blocks.iter().chain([&last]).zip((0..).step_by(BLOCK)) {
            let masks = self.masks(block, &mut before);
            if self.rows.len() >= ROWS || self.block(input, at, masks, &mut cursor, position).is_err() {
                break;
            }
        }
        let complete = self.rows.last().map_or(0, |row| row.spans);
        self.spans.truncate(complete);
        cursor.row as usize
    }

    /// The rows that were found, of which `text` is the text if it is one.
    pub(super) fn rows<'a>(
        &'a self,
        input: &'a [u8],
        text: Option<&'a str>,
    ) -> impl Iterator<Item = RawRow<'a>> {
        let mut first = 0;
        self.rows.iter().map(move |row| {
            let spans = &self.spans[std::mem::replace(&mut first, row.spans)..row.spans];
            let bytes = if row.copied { &self.copies } else { input };
            let (onwards, bytes) = (&bytes[row.start..], &bytes[row.start..row.end]);
            let text = text.filter(|_| !row.copied).and_then(|text| text.get(row.start..row.end));
            let cells = Cells { bytes, onwards, spans, text, tidy: row.tidy };
            RawRow { row: row.number, cells, damage: None }
        })
    }

    /// Takes the ends of cells and rows in a block.
    fn block(
        &mut self,
        input: &[u8],
        at: u32,
        mut masks: Masks,
        cursor: &mut Cursor,
        position: &mut Position,
    ) -> Result<(), Stop> {
        if masks.quotes == 0 && !cursor.open && cursor.closed.is_none() {
            for place in places(masks.line_ends) {
                let before = (1 << place) - 1;
                self.end_cells(at, masks.delimiters & before, cursor);
                masks.delimiters &= !before;
                self.end_row(input, at, place, &mut masks, cursor, position)?;
            }
            self.end_cells(at, masks.delimiters, cursor);
        } else {
            for place in places(masks.delimiters | masks.line_ends | masks.quotes) {
                let bit = 1 << place;
                if masks.quotes & bit != 0 {
                    self.quote(input, at + place, cursor)?;
                } else if masks.line_ends & bit != 0 {
                    self.end_row(input, at, place, &mut masks, cursor, position)?;
                } else if cursor.open {
                    self.part_of_value(input, at, place, &mut masks, cursor);
                } else {
                    self.end_cell(at + place, cursor);
                }
            }
        }
        cursor.untidy |= masks.untidy != 0;
        Ok(())
    }

    /// Ends cells without quotes at these places of a block.
    fn end_cells(&mut self, at: u32, mut delimiters: u64, cursor: &mut Cursor) {
        // The number is known, so that room is made for all of them at once.
        self.spans.extend((0..delimiters.count_ones()).map(|_| {
            let end = at + delimiters.trailing_zeros();
            delimiters &= delimiters - 1;
            let start = std::mem::replace(&mut cursor.cell, end + 1);
            Span { start: start - cursor.row, end: end - cursor.row }
        }));
    }

    fn end_cell(&mut self, end: u32, cursor: &mut Cursor) {
        let last = cursor.closed.take().unwrap_or(end);
        self.spans.push(Span { start: cursor.cell - cursor.row, end: last - cursor.row });
        cursor.cell = end + 1;
    }

    /// A quote opens or closes a cell, or is a character like others inside one that has none around it.
    fn quote(&self, input: &[u8], place: u32, cursor: &mut Cursor) -> Result<(), Stop> {
        if cursor.open {
            let next = *input.get(place as usize + 1).ok_or(Stop)?;
            if cursor.doubled.take().is_some_and(|first| first + 1 == place) {
                // The second of two.
            } else if next == self.dialect.quote {
                (cursor.doubled, cursor.has_doubled) = (Some(place), true);
            } else if next == self.dialect.delimiter || matches!(next, b'\n' | b'\r') {
                cursor.open = false;
                cursor.closed = Some(place);
            } else {
                return Err(Stop);
            }
        } else if place == cursor.cell {
            cursor.open = true;
            cursor.cell = place + 1;
        }
        Ok(())
    }

    /// A delimiter inside quotes: what stands beside it is not at the edge of a cell.
    fn part_of_value(&self, input: &[u8], at: u32, place: u32, masks: &mut Masks, cursor: &mut Cursor) {
        cursor.untidy |= self.dialect.delimiter == b'\t';
        masks.untidy &= !(1 << place);
        if input.get((at + place) as usize + 1) == Some(&b' ') {
            masks.untidy &= !(2 << place);
        }
    }

    fn end_row(
        &mut self,
        input: &[u8],
        at: u32,
        place: u32,
        masks: &mut Masks,
        cursor: &mut Cursor,
        position: &mut Position,
    ) -> Result<(), Stop> {
        let end = at + place;
        if cursor.open || (end + 1 - cursor.row) as usize > self.longest {
            return Err(Stop);
        }
        // What is untidy up to here belongs to this row.
        let here = u64::MAX >> (BLOCK - 1 - place as usize);
        cursor.untidy |= masks.untidy & here != 0;
        masks.untidy &= !here;
        let is_carriage_return = input[end as usize] == b'\r';
        let is_blank = end == cursor.row;
        let ends_line = !is_blank || is_carriage_return || !position.after_carriage_return;
        if !is_blank {
            self.end_cell(end, cursor);
            self.row(input, end, cursor, position.row)?;
        }
        position.after_carriage_return = is_carriage_return;
        position.row = position.row.saturating_add(u32::from(ends_line));
        *cursor = Cursor { row: end + 1, cell: end + 1, ..Cursor::default() };
        Ok(())
    }

    fn row(&mut self, input: &[u8], end: u32, cursor: &Cursor, number: u32) -> Result<(), Stop> {
        let (start, end) = (cursor.row as usize, end as usize);
        let bytes = &input[start..end];
        let spans = &self.spans[self.rows.last().map_or(0, |row| row.spans)..];
        let first_byte = |span: &Span| bytes[span.range()].first();
        // A row without anything to see at the beginning of its first value may be blank.
        if !spans.iter().find_map(first_byte).is_some_and(u8::is_ascii_graphic) {
            return Err(Stop);
        }
        let restores = self.dialect.quote != b'\'' && cursor.untidy;
        if restores && spans.iter().any(|span| spreadsheet::is_neutralised(&bytes[span.range()])) {
            return Err(Stop);
        }
        let (start, end) = if cursor.has_doubled { self.copy(bytes) } else { (start, end) };
        self.rows.push(PlainRow {
            number,
            start,
            end,
            copied: cursor.has_doubled,
            spans: self.spans.len(),
            tidy: !cursor.untidy,
        });
        Ok(())
    }

    /// Copies the cells of the last row with one quote for each two; returns where the copies begin and end.
    fn copy(&mut self, bytes: &[u8]) -> (usize, usize) {
        let quote = self.dialect.quote;
        let (start, first) = (self.copies.len(), self.rows.last().map_or(0, |row| row.spans));
        for span in &mut self.spans[first..] {
            let (cell, before) = (&bytes[span.range()], self.copies.len());
            let is_quoted = span.start > 0 && bytes[span.start as usize - 1] == quote;
            let mut rest = cell;
            while let Some(place) = memchr(quote, rest).filter(|_| is_quoted) {
                self.copies.extend_from_slice(&rest[..=place]);
                rest = &rest[place + 2..];
            }
            self.copies.extend_from_slice(rest);
            *span = Span::new(before - start, self.copies.len() - start);
        }
        (start, self.copies.len())
    }

    fn masks(&self, block: &[u8; BLOCK], before: &mut Before) -> Masks {
        let is = |byte: u8| move |bytes: u8x16| bytes.simd_eq(u8x16::splat(byte));
        let delimiters = mask(block, is(self.dialect.delimiter));
        let line_ends = mask(block, |bytes| is(b'\n')(bytes) | is(b'\r')(bytes));
        let quotes = mask(block, is(self.dialect.quote));
        let spaces = mask(block, is(b' '));
        let apostrophes = mask(block, is(b'\''));
        let unusual = mask(block, |bytes| {
            // Below 0x20 or from 0xe2 on.
            let shifted = bytes - u8x16::splat(0x20);
            let outside = shifted.max(u8x16::splat(0xc2)).simd_eq(shifted);
            outside | is(0xc2)(bytes) | is(b'#')(bytes) | is(b'+')(bytes)
        });
        let marks = delimiters | line_ends | quotes;
        let (after_mark, after_space) = (marks << 1 | before.mark, spaces << 1 | before.space);
        *before = Before { mark: marks >> (BLOCK - 1), space: spaces >> (BLOCK - 1) };
        let untidy = unusual & !marks
            | spaces & (after_mark | after_space)
            | marks & after_space
            | apostrophes & after_mark;
        Masks { delimiters, line_ends, quotes, untidy }
    }
}

/// The places of a mask's bits, the lowest first.
fn places(mut mask: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let place = mask.trailing_zeros();
        mask &= mask.wrapping_sub(1);
        (place < u64::BITS).then_some(place)
    })
}
