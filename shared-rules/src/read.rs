//! Reads CSV pushed in chunks into numbered rows. Nothing is ever dropped: damage is a mark on a row.
//!
//! Rows whose cells lie in the file as they are, which is almost all, are found by [`plain`] and lent from the chunk.
//! The parsing of the others is `csv-core`'s, which accepts everything; what it accepts too readily (a quote that is
//! never closed swallows the rest of the file) is found by a second look at the raw bytes of the records that have
//! quotes, in [`quotes`].

mod plain;
mod quotes;

use csv_core::ReadRecordResult;
use memchr::{memchr, memchr2};

use self::{plain::PlainRows, quotes::Quotes};
use crate::{bytes::Prefix, limits::Limits, spreadsheet};

/// A streaming reader. Any cutting of the file into chunks gives the same rows.
pub struct Reader {
    limits: Limits,
    dialect: Dialect,
    plain: PlainRows,
    core: csv_core::Reader,
    /// A parser to which quotes are characters like others.
    quoteless: csv_core::Reader,
    /// The bytes of the unfinished record, from its first.
    carry: Vec<u8>,
    /// How many bytes of the unfinished record the parser has seen.
    scanned: usize,
    fields: Fields,
    position: Position,
    /// The rest of an overlong line is being passed over.
    skipping: bool,
    /// Size of an unfinished record from which its quotes are looked at again.
    look_again: usize,
    /// The cells of the first row.
    header_cells: Option<usize>,
    start: Start,
}

/// How far a file has been read.
#[derive(Clone, Copy)]
struct Position {
    /// The number of the row that is being read.
    row: u32,
    /// The byte before was a carriage return: a line feed now belongs to it.
    after_carriage_return: bool,
}

/// What stands between the cells of a row, and around those that hold it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Dialect {
    pub delimiter: u8,
    pub quote: u8,
}

/// A row that has a value in at least one cell.
pub struct RawRow<'a> {
    /// As a spreadsheet shows it: 1-based, every line counts, a quoted line break does not end a row.
    pub row: u32,
    pub cells: Cells<'a>,
    pub damage: Option<Damage>,
}

/// What is wrong with a row's shape, so that its cells cannot be trusted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Damage {
    /// The quote that opens this cell (0-based) is not closed where it could be.
    UnclosedQuote { cell: usize },
    /// Text follows the closing quote of this cell (0-based).
    MisplacedQuote { cell: usize },
    /// The row is longer than a row of full cells can be; only its beginning was read.
    Overlong,
}

/// The cells of a row, without quotes, as bytes.
#[derive(Clone, Copy, Default)]
pub struct Cells<'a> {
    /// The cells, and perhaps what stands between them in the file.
    bytes: &'a [u8],
    /// The same, and what follows in memory.
    onwards: &'a [u8],
    spans: &'a [Span],
    /// The bytes as text, if that is known already.
    text: Option<&'a str>,
    tidy: bool,
}

/// Where a cell begins and ends in the bytes of its row.
#[derive(Clone, Copy, Default)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

/// The parser's output.
#[derive(Default)]
struct Fields {
    bytes: Vec<u8>,
    len: usize,
    ends: Vec<usize>,
    count: usize,
    /// The same cells, when they are whole.
    spans: Vec<Span>,
}

/// How much of a byte order mark has been seen.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Start {
    Mark(usize),
    Passed,
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// No row of a real roster is longer; it bounds the memory that a line without end can take.
const LONGEST_ROW: usize = 8 << 20;

/// A record of this size is first looked at before its end is seen; most are shorter.
const LOOK: usize = 4096;
const LOOK_AFTER_DAMAGE: usize = 256;

impl Dialect {
    pub const COMMA: Self = Self { delimiter: b',', quote: b'"' };

    /// The delimiters that a file can have.
    pub const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

    /// `comma`, `semicolon`, `tab` or `pipe`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.delimiter {
            b';' => "semicolon",
            b'\t' => "tab",
            b'|' => "pipe",
            _ => "comma",
        }
    }
}

impl Span {
    /// No row is so long that its cells could not be found again.
    fn new(start: usize, end: usize) -> Self {
        let place = |place| u32::try_from(place).unwrap_or(u32::MAX);
        Self { start: place(start), end: place(end) }
    }

    /// The spans of cells that stand one behind the other, each up to one of these ends.
    pub(crate) fn up_to(ends: impl Iterator<Item = usize>) -> impl Iterator<Item = Self> {
        ends.scan(0, |start, end| Some(Self::new(std::mem::replace(start, end), end)))
    }

    /// The spans of cells of these lengths, with so many bytes between each two.
    pub(crate) fn of_lengths(
        lengths: impl Iterator<Item = usize>,
        between: usize,
    ) -> impl Iterator<Item = Self> {
        lengths.scan(0, move |start, length| {
            let span = Self::new(*start, *start + length);
            *start += length + between;
            Some(span)
        })
    }

    fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl<'a> Cells<'a> {
    /// Cells that stand in these bytes one behind the other.
    pub(crate) fn new(bytes: &'a [u8], spans: &'a [Span]) -> Self {
        Self { bytes, onwards: bytes, spans, text: None, tidy: false }
    }

    /// Cells of which it is known whether they are tidy; behind their bytes there may be others.
    pub(crate) fn kept(onwards: &'a [u8], spans: &'a [Span], tidy: bool) -> Self {
        let end = spans.last().map_or(0, |span| span.end as usize);
        Self { bytes: onwards.get(..end).unwrap_or_default(), onwards, spans, text: None, tidy }
    }

    /// How many bytes stand between each two cells, if between all the same, and none before the first and behind
    /// the last.
    pub(crate) fn between(&self) -> Option<usize> {
        let [first, others @ ..] = self.spans else { return Some(0) };
        let between = others.first().map_or(0, |second| second.start.saturating_sub(first.end));
        let mut end = first.end;
        let follows = others.iter().all(|span| std::mem::replace(&mut end, span.end) + between == span.start);
        (first.start == 0 && follows && end as usize == self.bytes.len()).then_some(between as usize)
    }

    /// How many bytes each cell has.
    pub(crate) fn lengths(&self) -> impl Iterator<Item = u32> + Clone + use<'a> {
        self.spans.iter().map(|span| span.end - span.start)
    }

    /// Whether it is known that the cells' texts are tidy; see [`Texts::are_tidy`].
    pub(crate) fn are_tidy(&self) -> bool {
        self.tidy
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The cell at this place (0-based); empty where the row is too short.
    #[must_use]
    pub fn get(&self, index: usize) -> &'a [u8] {
        self.spans.get(index).map_or(&[], |span| &self.bytes[span.range()])
    }

    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + Clone + use<'a> {
        let bytes = self.bytes;
        self.spans.iter().map(move |span| &bytes[span.range()])
    }

    /// All cells as text, if every one is UTF-8. Validating them at once is much faster than one by one.
    #[must_use]
    pub fn text(&self) -> Option<Texts<'a>> {
        let text = match self.text {
            Some(text) => text,
            None => self.validated()?,
        };
        Some(Texts { text, onwards: self.onwards, spans: self.spans, tidy: self.tidy })
    }

    fn validated(&self) -> Option<&'a str> {
        let text = std::str::from_utf8(self.bytes).ok()?;
        // Two broken cells can make whole text when joined: "\xc3" and "\xa9".
        let whole = text.is_ascii() || self.spans.iter().all(|span| text.is_char_boundary(span.end as usize));
        whole.then_some(text)
    }

    /// The bytes of all cells, with or without what stands between them.
    #[must_use]
    pub fn joined(&self) -> &'a [u8] {
        self.bytes
    }

    pub(crate) fn are_blank(&self) -> bool {
        match self.bytes.first() {
            None => true,
            Some(first) if first.is_ascii_graphic() => false,
            Some(_) => std::str::from_utf8(self.bytes).is_ok_and(|text| text.trim().is_empty()),
        }
    }
}

/// The cells of a row as text.
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    text: &'a str,
    onwards: &'a [u8],
    spans: &'a [Span],
    tidy: bool,
}

impl<'a> Texts<'a> {
    /// The bytes of all cells, none of which is longer.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// All cells, with or without what stands between them.
    #[must_use]
    pub(crate) fn joined(&self) -> &'a str {
        self.text
    }

    /// Whether it is known that no cell has a control character, `#`, `+`, a byte of 0xc2 or from 0xe2 on, two spaces
    /// in a row, or a space at its beginning or end.
    #[must_use]
    pub(crate) fn are_tidy(&self) -> bool {
        self.tidy
    }

    /// Whether a cell begins or ends with a space.
    #[must_use]
    pub(crate) fn have_outer_space(&self) -> bool {
        self.iter().any(|text| text.starts_with(' ') || text.ends_with(' '))
    }

    pub fn iter(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let text = self.text;
        self.spans.iter().map(move |span| &text[span.range()])
    }

    /// The cell at this place (0-based); empty where the row is too short.
    #[must_use]
    pub fn get(&self, index: usize) -> &'a str {
        self.spans.get(index).map_or("", |span| &self.text[span.range()])
    }

    /// The cells' prefixes.
    pub(crate) fn prefixes(&self) -> impl Iterator<Item = Prefix> + use<'a> {
        let (bytes, onwards) = (self.text.as_bytes(), self.onwards);
        self.spans.iter().map(move |span| {
            match onwards.get(span.start as usize..).and_then(<[u8]>::first_chunk) {
                Some(first) => Prefix::in_front(first, span.range().len()),
                None => Prefix::of(&bytes[span.range()]),
            }
        })
    }

    /// As [`Self::get`], for what needs no characters.
    pub(crate) fn bytes(&self, index: usize) -> &'a [u8] {
        self.spans.get(index).map_or(&[], |span| &self.text.as_bytes()[span.range()])
    }
}

impl Reader {
    #[must_use]
    pub fn new(limits: Limits, dialect: Dialect) -> Self {
        let mut builder = csv_core::ReaderBuilder::new();
        builder.delimiter(dialect.delimiter).quote(dialect.quote);
        let mut core = builder.build();
        restart(&mut core);
        Self {
            limits,
            dialect,
            plain: PlainRows::new(dialect, longest_row(limits)),
            core,
            quoteless: builder.quoting(false).build(),
            carry: Vec::new(),
            scanned: 0,
            fields: Fields::default(),
            position: Position { row: 1, after_carriage_return: false },
            skipping: false,
            look_again: LOOK,
            header_cells: None,
            start: Start::Mark(0),
        }
    }

    /// Reads on and gives every row that the chunk completes, several at a time where they are plain.
    pub fn push(&mut self, mut chunk: &[u8], each: &mut impl FnMut(&[RawRow<'_>])) {
        chunk = self.without_mark(chunk, each);
        // Lines are added to an unfinished record until it is done; the rest is read where it lies.
        while !self.carry.is_empty() && !chunk.is_empty() {
            let line = memchr2(b'\n', b'\r', chunk).map_or(chunk.len(), |end| end + 1);
            let mut record = std::mem::take(&mut self.carry);
            record.extend_from_slice(&chunk[..line]);
            let done = self.read(&record, false, each);
            record.drain(..done);
            self.carry = record;
            chunk = &chunk[line..];
        }
        if !chunk.is_empty() {
            let done = self.read(chunk, false, each);
            self.carry.extend_from_slice(&chunk[done..]);
        }
    }

    /// Takes the end of the file and gives the rows that it completes.
    pub fn finish(&mut self, each: &mut impl FnMut(&[RawRow<'_>])) {
        if let Start::Mark(seen) = std::mem::replace(&mut self.start, Start::Passed) {
            self.push(&BYTE_ORDER_MARK[..seen], each);
        }
        let mut rest = std::mem::take(&mut self.carry);
        while !rest.is_empty() {
            let done = self.read(&rest, true, each);
            rest.drain(..done);
        }
    }

    /// Forgets the unfinished record, when the file is not read to its end.
    pub fn abandon(&mut self) {
        self.carry = Vec::new();
    }

    fn without_mark<'c>(&mut self, chunk: &'c [u8], each: &mut impl FnMut(&[RawRow<'_>])) -> &'c [u8] {
        let Start::Mark(seen) = self.start else { return chunk };
        let wanted = &BYTE_ORDER_MARK[seen..];
        if chunk.len() < wanted.len() && wanted.starts_with(chunk) {
            self.start = Start::Mark(seen + chunk.len());
            return &[];
        }
        self.start = Start::Passed;
        if let Some(rest) = chunk.strip_prefix(wanted) {
            return rest;
        }
        self.push(&BYTE_ORDER_MARK[..seen], each);
        chunk
    }

    /// Reads rows from `input`, which begins at a record's start, and returns how much of it they take.
    /// The parser has already seen `self.scanned` bytes of it. At the end of the file at least one row
    /// is taken.
    fn read(&mut self, input: &[u8], at_end: bool, each: &mut impl FnMut(&[RawRow<'_>])) -> usize {
        let mut start = 0;
        loop {
            if self.scanned == 0 {
                start += self.pass_line_ends(&input[start..]);
                start += self.read_plain(&input[start..], each);
                if start == input.len() {
                    return start;
                }
            }
            let ready = &input[start..input.len().min(start.saturating_add(self.look_again))];
            let complete = self.parse(ready);
            let raw = &ready[..self.scanned];
            let exhausted = start + raw.len() == input.len();
            if complete {
                start += self.take(raw, each);
            } else if exhausted && at_end {
                return start + self.take_last(raw, each);
            } else if raw.len() >= self.look_again
                && let Some(taken) = self.take_early(raw, each)
            {
                start += taken;
            } else if exhausted {
                return start;
            }
        }
    }

    /// Gives the plain rows with which `input` begins, and returns how many bytes they take.
    fn read_plain(&mut self, input: &[u8], each: &mut impl FnMut(&[RawRow<'_>])) -> usize {
        let mut start = 0;
        loop {
            let input = &input[start..];
            let taken = self.plain.find(input, &mut self.position);
            if taken == 0 {
                return start;
            }
            let text = simdutf8::basic::from_utf8(&input[..taken]).ok();
            let rows: Vec<RawRow<'_>> = self.plain.rows(input, text).collect();
            if let Some(first) = rows.first() {
                self.header_cells.get_or_insert(first.cells.len());
                each(&rows);
            }
            self.look_again = LOOK;
            start += taken;
        }
    }

    /// Passes over the line ends before a record, each of which is a blank row, and over the rest of
    /// an overlong line.
    fn pass_line_ends(&mut self, input: &[u8]) -> usize {
        let mut at = 0;
        if self.skipping {
            at = memchr2(b'\n', b'\r', input).unwrap_or(input.len());
            self.skipping = at == input.len();
        }
        while let Some(&byte) = input.get(at) {
            match byte {
                b'\n' if self.position.after_carriage_return => self.position.after_carriage_return = false,
                b'\n' | b'\r' => {
                    self.position.after_carriage_return = byte == b'\r';
                    self.position.row = self.position.row.saturating_add(1);
                }
                _ => {
                    self.position.after_carriage_return = false;
                    break;
                }
            }
            at += 1;
        }
        at
    }

    /// Feeds the parser what it has not seen of the record; says whether the record is complete.
    fn parse(&mut self, record: &[u8]) -> bool {
        while self.scanned < record.len() {
            let result = self.fields.parse(&mut self.core, &record[self.scanned..]);
            self.scanned += result.1;
            if result.0 {
                return true;
            }
        }
        false
    }

    /// Gives a complete record, and returns how many bytes of it were taken.
    fn take(&mut self, raw: &[u8], each: &mut impl FnMut(&[RawRow<'_>])) -> usize {
        let damage = match self.quotes(raw, true) {
            Quotes::Unclosed { cell, open } => return self.take_line(raw, cell, open, each),
            _ if raw.len() > self.longest_row() => return self.take_overlong(raw, each),
            Quotes::Misplaced { cell } => Some(Damage::MisplacedQuote { cell }),
            Quotes::Sound => None,
        };
        self.give(damage, each);
        self.next_record(raw);
        raw.len()
    }

    /// Gives the record that the end of the file ends.
    fn take_last(&mut self, raw: &[u8], each: &mut impl FnMut(&[RawRow<'_>])) -> usize {
        self.fields.end(&mut self.core);
        self.take(raw, each)
    }

    /// Gives what is known to be damaged before its end is seen, so that it does not grow without bound.
    fn take_early(&mut self, raw: &[u8], each: &mut impl FnMut(&[RawRow<'_>])) -> Option<usize> {
        if let Quotes::Unclosed { cell, open } = self.quotes(raw, false) {
            return Some(self.take_line(raw, cell, open, each));
        }
        if raw.len() > self.longest_row() {
            return Some(self.take_overlong(raw, each));
        }
        self.look_again = raw.len().saturating_mul(2).min(self.longest_row() + 1);
        None
    }

    /// Takes only the first line of a record whose quote swallowed more.
    fn take_line(
        &mut self,
        raw: &[u8],
        cell: usize,
        open: usize,
        each: &mut impl FnMut(&[RawRow<'_>]),
    ) -> usize {
        let line = memchr2(b'\n', b'\r', raw).unwrap_or(raw.len());
        self.fields.clear();
        // Up to the open quote the line is read as usual; from there a quote is a character like others.
        if open > 0 {
            restart(&mut self.core);
            self.fields.parse_all(&mut self.core, &raw[..open - 1]);
        }
        restart(&mut self.quoteless);
        self.fields.parse_all(&mut self.quoteless, &raw[open..line]);
        self.give(Some(Damage::UnclosedQuote { cell }), each);
        self.start_over();
        line
    }

    /// Takes the beginning of a row that is longer than any can be, and passes over the rest of its line.
    fn take_overlong(&mut self, raw: &[u8], each: &mut impl FnMut(&[RawRow<'_>])) -> usize {
        let longest = self.longest_row();
        self.fields.clear();
        restart(&mut self.core);
        self.fields.parse_all(&mut self.core, &raw[..longest]);
        self.give(Some(Damage::Overlong), each);
        self.start_over();
        self.skipping = true;
        longest
    }

    fn give(&mut self, damage: Option<Damage>, each: &mut impl FnMut(&[RawRow<'_>])) {
        if self.dialect.quote != b'\'' {
            self.fields.restore();
        }
        let cells = self.fields.cells();
        if !cells.are_blank() {
            self.header_cells.get_or_insert(cells.len());
            each(&[RawRow { row: self.position.row, cells, damage }]);
        }
    }

    /// Makes ready for the record after `raw`, which the parser has read to its end.
    fn next_record(&mut self, raw: &[u8]) {
        self.position.after_carriage_return = raw.ends_with(b"\r");
        if matches!(raw.last(), Some(b'\n' | b'\r')) {
            self.position.row = self.position.row.saturating_add(1);
        }
        self.fields.clear();
        self.scanned = 0;
        self.look_again = LOOK;
    }

    /// Makes ready for the record after one that was cut. Its line end is still to come, and ends this
    /// row instead of making a blank one.
    fn start_over(&mut self) {
        self.next_record(&[]);
        // The next lines are likely to be damaged too, and each is read until that is certain.
        self.look_again = LOOK_AFTER_DAMAGE;
        restart(&mut self.core);
    }

    /// The verdict on a record's quotes. What is past the longest row does not count, so that it is the
    /// same whether or not that has been read yet.
    fn quotes(&self, raw: &[u8], complete: bool) -> Quotes {
        if memchr(self.dialect.quote, raw).is_none() {
            return Quotes::Sound;
        }
        let seen = &raw[..raw.len().min(self.longest_row())];
        let most_cells = self.header_cells.map_or(self.limits.columns, |cells| cells.saturating_mul(2));
        let complete = complete && seen.len() == raw.len();
        quotes::look(seen, self.dialect, complete, self.limits.cell_characters, most_cells)
    }

    fn longest_row(&self) -> usize {
        longest_row(self.limits)
    }
}

/// The bytes of a row of full cells.
fn longest_row(limits: Limits) -> usize {
    let full_cell = limits.cell_characters.saturating_mul(4).saturating_add(3);
    full_cell.saturating_mul(limits.columns).clamp(1, LONGEST_ROW)
}

/// Puts a parser at the start of a record. The empty line makes it take a byte order mark for text, which it
/// would otherwise strip if a chunk happens to hold all of it.
fn restart(parser: &mut csv_core::Reader) {
    parser.reset();
    let _ = parser.read_record(b"\n", &mut [0], &mut [0]);
}

impl Fields {
    /// Parses on; returns whether the record is complete and how much was read.
    fn parse(&mut self, parser: &mut csv_core::Reader, input: &[u8]) -> (bool, usize) {
        let mut read = 0;
        loop {
            let (result, taken, written, ended) =
                parser.read_record(&input[read..], &mut self.bytes[self.len..], &mut self.ends[self.count..]);
            read += taken;
            self.len += written;
            self.count += ended;
            match result {
                ReadRecordResult::OutputFull => self.bytes.resize((self.bytes.len() * 2).max(4096), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize((self.ends.len() * 2).max(64), 0),
                ReadRecordResult::Record => return (true, read),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return (false, read),
            }
        }
    }

    /// Adds all of `input`, which is one record without its line end, to the cells.
    fn parse_all(&mut self, parser: &mut csv_core::Reader, input: &[u8]) {
        let (before, first, mut read) = (self.len, self.count, 0);
        if input.is_empty() {
            self.end_cell();
        }
        while read < input.len() {
            let (complete, taken) = self.parse(parser, &input[read..]);
            read += taken;
            if complete {
                break;
            }
        }
        self.end(parser);
        // The parser counts from its own beginning.
        for end in &mut self.ends[first..self.count] {
            *end += before;
        }
    }

    /// Ends the last cell at the end of the input.
    fn end(&mut self, parser: &mut csv_core::Reader) {
        self.parse(parser, &[]);
    }

    /// Ends a cell that has no byte at all, which the parser would take for no cell.
    fn end_cell(&mut self) {
        self.ends.resize(self.ends.len().max(self.count + 1), 0);
        self.ends[self.count] = 0;
        self.count += 1;
    }

    /// Takes the apostrophes off that our own files carry against cells being run as formulas.
    fn restore(&mut self) {
        if memchr(b'\'', &self.bytes[..self.len]).is_none() {
            return;
        }
        let (mut start, mut len) = (0, 0);
        for end in &mut self.ends[..self.count] {
            let from = start + usize::from(spreadsheet::is_neutralised(&self.bytes[start..*end]));
            self.bytes.copy_within(from..*end, len);
            len += *end - from;
            start = std::mem::replace(end, len);
        }
        self.len = len;
    }

    fn cells(&mut self) -> Cells<'_> {
        self.spans.clear();
        self.spans.extend(Span::up_to(self.ends[..self.count].iter().copied()));
        let bytes = &self.bytes[..self.len];
        Cells::new(bytes, &self.spans)
    }

    fn clear(&mut self) {
        self.len = 0;
        self.count = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A row as it was given: its cells, and as text if they are.
    type Given = (u32, Vec<Vec<u8>>, Option<Vec<String>>, Option<Damage>);

    fn given(mut reader: Reader, file: &[u8], chunk: usize) -> Vec<Given> {
        let mut rows = Vec::new();
        let mut take = |given: &[RawRow<'_>]| {
            for raw in given {
                let texts = raw.cells.text();
                if texts.is_some_and(|texts| texts.are_tidy()) {
                    assert!(
                        raw.cells.iter().all(is_tidy),
                        "{:?}",
                        String::from_utf8_lossy(raw.cells.joined())
                    );
                }
                let texts = texts.map(|texts| texts.iter().map(str::to_owned).collect());
                rows.push((raw.row, raw.cells.iter().map(<[u8]>::to_vec).collect(), texts, raw.damage));
            }
        };
        for chunk in file.chunks(chunk) {
            reader.push(chunk, &mut take);
        }
        reader.finish(&mut take);
        rows
    }

    fn is_tidy(cell: &[u8]) -> bool {
        let unusual = |byte: &u8| *byte < 0x20 || *byte == 0xc2 || *byte >= 0xe2 || b"#+".contains(byte);
        !cell.iter().any(unusual)
            && !cell.windows(2).any(|pair| pair == b"  ")
            && cell.first() != Some(&b' ')
            && cell.last() != Some(&b' ')
    }

    /// Lines in which what plain rows are told by is frequent, some of them longer than a block of bytes.
    fn lines() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            6 => "[a-c ,]{0,12}".prop_map(String::into_bytes),
            3 => prop::sample::select(&[",", "\t", ";", "\"", "\"\"", "'", "\r", "\n", "\r\n"][..]).prop_map(|text| text.as_bytes().to_vec()),
            3 => prop::sample::select(&["\"a, b\",", ",\"\"\"a\"\"\"", "'=1,", "\"'+1\",", "'a',", ",5'10\",", "\"a\tb\"\t"][..]).prop_map(|text| text.as_bytes().to_vec()),
            2 => Just(b"\n".to_vec()),
            1 => prop::sample::select(&b"\0 #+\xc2\xa0\xe1\xe2\xff"[..]).prop_map(|byte| vec![byte]),
            1 => Just(b"long,".repeat(20)),
        ];
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        /// The parser alone reads the same rows.
        #[test]
        fn plain_rows_are_as_the_parser_reads_them(
            file in lines(),
            delimiter in prop::sample::select(&Dialect::DELIMITERS[..]),
            quote in prop::sample::select(&b"\"'"[..]),
            chunk in prop_oneof![1..200_usize, Just(usize::MAX)],
            cell_characters in 1..60_usize,
        ) {
            let limits = Limits { cell_characters, columns: 4, ..Limits::DEFAULT };
            let dialect = Dialect { delimiter, quote };
            let mut parser = Reader::new(limits, dialect);
            parser.plain = PlainRows::new(dialect, 0);
            prop_assert_eq!(given(Reader::new(limits, dialect), &file, chunk), given(parser, &file, chunk));
        }
    }

    /// The most bytes that the reader holds back while it reads this, a kilobyte at a time.
    fn most_carried(file: &[u8]) -> usize {
        let limits = Limits { cell_characters: 300, columns: 4, ..Limits::DEFAULT };
        let mut reader = Reader::new(limits, Dialect::COMMA);
        let mut most = 0;
        for chunk in file.chunks(1000) {
            reader.push(chunk, &mut |_| {});
            most = most.max(reader.carry.len() + reader.fields.len);
        }
        most
    }

    #[test]
    fn memory_is_bounded_by_the_limits() {
        let line = b"a,b,c\n";
        let rows = line.repeat(100_000);
        assert!(most_carried(&rows) < 100);
        assert!(most_carried(&[b"a,\"b".as_slice(), &rows].concat()) < 12_000);
        assert!(most_carried(&[b"\"a\nb\",".as_slice(), &b"\"c\nd\",".repeat(100_000)].concat()) < 12_000);
        assert!(most_carried(&[b"a,".as_slice(), &b"b".repeat(1_000_000)].concat()) < 20_000);
        assert!(most_carried(&b"x\",\"\n".repeat(100_000)) < 12_000);
        assert!(most_carried(&[b"\"a".as_slice(), &b"b".repeat(1_000_000)].concat()) < 20_000);
    }
}
