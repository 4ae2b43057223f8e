//! Reads CSV pushed in chunks into numbered rows. Nothing is ever dropped: damage is a mark on a row.
//!
//! The parsing is `csv-core`'s, which accepts everything; what it accepts too readily (a quote that is never
//! closed swallows the rest of the file) is found by a second look at the raw bytes of the few records
//! that have quotes, in [`quotes`].

mod quotes;

use csv_core::ReadRecordResult;
use memchr::{memchr, memchr2};

use self::quotes::Quotes;
use crate::{limits::Limits, spreadsheet};

/// A streaming reader. Any cutting of the file into chunks gives the same rows.
pub struct Reader {
    limits: Limits,
    dialect: Dialect,
    core: csv_core::Reader,
    /// A parser to which quotes are characters like others.
    quoteless: csv_core::Reader,
    /// The bytes of the unfinished record, from its first.
    carry: Vec<u8>,
    /// How many bytes of the unfinished record the parser has seen.
    scanned: usize,
    fields: Fields,
    /// The number of the row that is being read.
    row: u32,
    /// The byte before was a carriage return: a line feed now belongs to it.
    after_carriage_return: bool,
    /// The rest of an overlong line is being passed over.
    skipping: bool,
    /// Size of an unfinished record from which its quotes are looked at again.
    look_again: usize,
    /// The cells of the first row.
    header_cells: Option<usize>,
    start: Start,
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
    bytes: &'a [u8],
    ends: &'a [usize],
}

/// The parser's output.
#[derive(Default)]
struct Fields {
    bytes: Vec<u8>,
    len: usize,
    ends: Vec<usize>,
    count: usize,
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

impl<'a> Cells<'a> {
    /// Cells that stand in these bytes one behind the other, each up to one of the ends.
    pub(crate) fn new(bytes: &'a [u8], ends: &'a [usize]) -> Self {
        Self { bytes, ends }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cell at this place (0-based); empty where the row is too short.
    #[must_use]
    pub fn get(&self, index: usize) -> &'a [u8] {
        let Some(&end) = self.ends.get(index) else { return &[] };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.bytes[start..end]
    }

    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + Clone + use<'a> {
        let (bytes, ends) = (self.bytes, self.ends);
        let mut start = 0;
        ends.iter().map(move |&end| &bytes[std::mem::replace(&mut start, end)..end])
    }

    /// All cells as text, if every one is UTF-8. Validating them at once is much faster than one by one.
    #[must_use]
    pub fn text(&self) -> Option<Texts<'a>> {
        let text = std::str::from_utf8(self.bytes).ok()?;
        // Two broken cells can make whole text when joined: "\xc3" and "\xa9".
        let whole = text.is_ascii() || self.ends.iter().all(|&end| text.is_char_boundary(end));
        whole.then_some(Texts { text, ends: self.ends })
    }

    /// All cells' bytes, joined.
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
    ends: &'a [usize],
}

impl<'a> Texts<'a> {
    /// The bytes of all cells, none of which is longer.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// All cells, joined.
    #[must_use]
    pub(crate) fn joined(&self) -> &'a str {
        self.text
    }

    /// Whether a cell begins or ends with a space.
    #[must_use]
    pub(crate) fn have_outer_space(&self) -> bool {
        let bytes = self.text.as_bytes();
        let is_space = |place: usize| bytes.get(place) == Some(&b' ');
        is_space(0) || self.ends.iter().any(|&end| is_space(end) || is_space(end.wrapping_sub(1)))
    }

    pub fn iter(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let (text, ends) = (self.text, self.ends);
        let mut start = 0;
        ends.iter().map(move |&end| &text[std::mem::replace(&mut start, end)..end])
    }

    /// The cell at this place (0-based); empty where the row is too short.
    #[must_use]
    pub fn get(&self, index: usize) -> &'a str {
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..end]
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
            core,
            quoteless: builder.quoting(false).build(),
            carry: Vec::new(),
            scanned: 0,
            fields: Fields::default(),
            row: 1,
            after_carriage_return: false,
            skipping: false,
            look_again: LOOK,
            header_cells: None,
            start: Start::Mark(0),
        }
    }

    /// Reads on and gives every row that the chunk completes.
    pub fn push(&mut self, mut chunk: &[u8], each: &mut impl FnMut(RawRow<'_>)) {
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
    pub fn finish(&mut self, each: &mut impl FnMut(RawRow<'_>)) {
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

    fn without_mark<'c>(&mut self, chunk: &'c [u8], each: &mut impl FnMut(RawRow<'_>)) -> &'c [u8] {
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
    fn read(&mut self, input: &[u8], at_end: bool, each: &mut impl FnMut(RawRow<'_>)) -> usize {
        let mut start = 0;
        loop {
            if self.scanned == 0 {
                start += self.pass_line_ends(&input[start..]);
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
                b'\n' if self.after_carriage_return => self.after_carriage_return = false,
                b'\n' | b'\r' => {
                    self.after_carriage_return = byte == b'\r';
                    self.row = self.row.saturating_add(1);
                }
                _ => {
                    self.after_carriage_return = false;
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
    fn take(&mut self, raw: &[u8], each: &mut impl FnMut(RawRow<'_>)) -> usize {
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
    fn take_last(&mut self, raw: &[u8], each: &mut impl FnMut(RawRow<'_>)) -> usize {
        self.fields.end(&mut self.core);
        self.take(raw, each)
    }

    /// Gives what is known to be damaged before its end is seen, so that it does not grow without bound.
    fn take_early(&mut self, raw: &[u8], each: &mut impl FnMut(RawRow<'_>)) -> Option<usize> {
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
        each: &mut impl FnMut(RawRow<'_>),
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
    fn take_overlong(&mut self, raw: &[u8], each: &mut impl FnMut(RawRow<'_>)) -> usize {
        let longest = self.longest_row();
        self.fields.clear();
        restart(&mut self.core);
        self.fields.parse_all(&mut self.core, &raw[..longest]);
        self.give(Some(Damage::Overlong), each);
        self.start_over();
        self.skipping = true;
        longest
    }

    fn give(&mut self, damage: Option<Damage>, each: &mut impl FnMut(RawRow<'_>)) {
        if self.dialect.quote != b'\'' {
            self.fields.restore();
        }
        let cells = self.fields.cells();
        if !cells.are_blank() {
            self.header_cells.get_or_insert(cells.len());
            each(RawRow { row: self.row, cells, damage });
        }
    }

    /// Makes ready for the record after `raw`, which the parser has read to its end.
    fn next_record(&mut self, raw: &[u8]) {
        self.after_carriage_return = raw.ends_with(b"\r");
        if matches!(raw.last(), Some(b'\n' | b'\r')) {
            self.row = self.row.saturating_add(1);
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
        let full_cell = self.limits.cell_characters.saturating_mul(4).saturating_add(3);
        full_cell.saturating_mul(self.limits.columns).clamp(1, LONGEST_ROW)
    }
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

    fn cells(&self) -> Cells<'_> {
        Cells { bytes: &self.bytes[..self.len], ends: &self.ends[..self.count] }
    }

    fn clear(&mut self) {
        self.len = 0;
        self.count = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
