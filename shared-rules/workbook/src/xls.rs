//! XLS: MS-XLS, the records of Excel 97 to 2003 (BIFF8) and of Excel 5 and 95 (BIFF5).

use std::collections::BTreeMap;

use crate::{
    Each, Sheet,
    biff::{error_text, rk},
    bytes::{f64_at, push_utf16, u8_at, u16_at, u32_at},
    guards::Guards,
    number_format::Kind,
    ole::Ole,
    strings::Strings,
    unreadable::{Stop, Unreadable},
    value::{self, Epoch, Value},
};

/// An opened workbook.
pub(crate) struct Xls {
    stream: Vec<u8>,
    version: Version,
    /// Where in the stream the sheets begin.
    starts: Vec<usize>,
    strings: Strings,
    /// What the cell formats show, by their index.
    formats: Vec<Kind>,
    epoch: Epoch,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Version {
    Biff5,
    Biff8,
}

/// The numbers of the records that are read (MS-XLS 2.3.2).
mod record {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const END: u16 = 0x000A;
    pub(super) const DATE_1904: u16 = 0x0022;
    pub(super) const PASSWORD: u16 = 0x002F;
    pub(super) const CONTINUE: u16 = 0x003C;
    pub(super) const CODE_PAGE: u16 = 0x0042;
    pub(super) const SHEET: u16 = 0x0085;
    pub(super) const RKS: u16 = 0x00BD;
    pub(super) const RICH_TEXT: u16 = 0x00D6;
    pub(super) const CELL_FORMAT: u16 = 0x00E0;
    pub(super) const SHARED_STRINGS: u16 = 0x00FC;
    pub(super) const SHARED_TEXT: u16 = 0x00FD;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const TEXT: u16 = 0x0204;
    pub(super) const BOOLEAN_OR_ERROR: u16 = 0x0205;
    pub(super) const FORMULA_TEXT: u16 = 0x0207;
    pub(super) const RK: u16 = 0x027E;
    pub(super) const NUMBER_FORMAT: u16 = 0x041E;
    pub(super) const BEGIN: u16 = 0x0809;
}

/// Where a cell's value is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Found {
    row: u16,
    column: u16,
    /// The record's place in the stream. Of two records for one cell, the later one counts.
    record: u32,
}

impl Xls {
    pub(crate) fn open(ole: Ole, guards: &Guards) -> Result<(Self, Vec<Sheet>), Unreadable> {
        if ole.contains("EncryptedPackage") || ole.contains("EncryptionInfo") {
            return Err(Unreadable::Encrypted);
        }
        let stream = match ole.stream("Workbook")? {
            Some(stream) => Some(stream),
            None => ole.stream("Book")?,
        };
        let Some(stream) = stream else {
            return Err(Unreadable::NoWorkbookInside { container: "a compound file (OLE)" });
        };
        drop(ole);
        Self::of_stream(stream, guards)
    }

    fn of_stream(stream: Vec<u8>, guards: &Guards) -> Result<(Self, Vec<Sheet>), Unreadable> {
        let mut book = Self {
            stream,
            version: Version::Biff8,
            starts: Vec::new(),
            strings: Strings::default(),
            formats: Vec::new(),
            epoch: Epoch::default(),
        };
        let sheets = book.read_globals(guards)?;
        Ok((book, sheets))
    }

    /// Gives the cells of a sheet in their order. Programs write them in any; what is sorted is their places.
    pub(crate) fn cells(&mut self, sheet: usize, each: &mut Each<'_>) -> Result<(), Stop> {
        let Some(start) = self.starts.get(sheet) else {
            return Err(Unreadable::NoSuchSheet { index: sheet }.into());
        };
        let mut found = self.find(*start)?;
        found.sort_unstable();
        let mut text = String::new();
        let mut places = found.iter().peekable();
        while let Some(cell) = places.next() {
            let replaced =
                places.peek().is_some_and(|next| (next.row, next.column) == (cell.row, cell.column));
            if !replaced {
                let value =
                    self.value(*cell, &mut text).ok_or_else(|| broken("has a cell that is too short"))?;
                each(u32::from(cell.row), u32::from(cell.column), value)?;
            }
        }
        Ok(())
    }

    /// Reads what is said of the workbook as a whole, and returns the sheets.
    fn read_globals(&mut self, guards: &Guards) -> Result<Vec<Sheet>, Unreadable> {
        let stream = std::mem::take(&mut self.stream);
        let mut sheets = Vec::new();
        let mut codes = BTreeMap::new();
        let mut formats = Vec::new();
        let mut records = Records { stream: &stream, at: 0 };
        while let Some(record) = records.next()? {
            let data = record.data;
            match record.kind {
                record::BEGIN => self.version = version(data)?,
                record::PASSWORD => return Err(Unreadable::Encrypted),
                record::CODE_PAGE => self.check_code_page(u16_at(data, 0))?,
                record::DATE_1904 if u16_at(data, 0) == Some(1) => self.epoch = Epoch::Year1904,
                record::NUMBER_FORMAT => codes.extend(self.number_format(&stream, &record)),
                record::CELL_FORMAT => formats.push(u16_at(data, 2).unwrap_or_default()),
                record::SHEET => {
                    let (start, sheet) = self
                        .sheet(&stream, &record)
                        .ok_or_else(|| broken("has a sheet's entry that is too short"))?;
                    // What is no worksheet is a chart, a dialogue or a macro sheet.
                    if u8_at(data, 5) == Some(0) {
                        self.starts.push(start);
                        sheets.push(sheet);
                    }
                }
                record::SHARED_STRINGS => self.strings = shared_strings(&stream, &record, guards)?,
                record::END => break,
                _ => {}
            }
        }
        let shown = |id: &u16| codes.get(id).copied().unwrap_or(Kind::built_in(u32::from(*id)));
        self.formats = formats.iter().map(shown).collect();
        self.stream = stream;
        Ok(sheets)
    }

    /// Before BIFF8, texts are in the code page of the system.
    fn check_code_page(&self, page: Option<u16>) -> Result<(), Unreadable> {
        match (self.version, page) {
            // Windows-1252 has two numbers.
            (Version::Biff8, _) | (Version::Biff5, None | Some(1252 | 0x8001)) => Ok(()),
            (Version::Biff5, Some(_)) => Err(Unreadable::Unsupported {
                what: "an Excel 95 file in another code page than Windows-1252",
            }),
        }
    }

    fn sheet(&self, stream: &[u8], record: &Record<'_>) -> Option<(usize, Sheet)> {
        let start = u32_at(record.data, 0)? as usize;
        let state = u8_at(record.data, 4)? & 3;
        let mut name = String::new();
        let mut source = Source::of(stream, record, 6);
        let characters = usize::from(source.byte()?);
        source.push_text(characters, self.version, &mut name)?;
        Some((start, Sheet { name, visible: state == 0 }))
    }

    fn number_format(&self, stream: &[u8], record: &Record<'_>) -> Option<(u16, Kind)> {
        let mut source = Source::of(stream, record, 2);
        let characters = match self.version {
            Version::Biff5 => usize::from(source.byte()?),
            Version::Biff8 => usize::from(source.number()?),
        };
        let mut code = String::new();
        source.push_text(characters, self.version, &mut code)?;
        Some((u16_at(record.data, 0)?, Kind::of_code(&code)))
    }

    /// Finds the cells of the sheet that begins here.
    fn find(&self, start: usize) -> Result<Vec<Found>, Unreadable> {
        // No cell has fewer than six bytes; a list that grew would for a moment take three times as much.
        let mut found = Vec::with_capacity(self.stream.len().saturating_sub(start) / 6);
        let mut records = Records { stream: &self.stream, at: start };
        // Charts in a sheet are sheets in it, with cells of their own.
        let mut depth = 0_usize;
        let mut formula = None;
        while let Some(record) = records.next()? {
            match record.kind {
                record::BEGIN => depth += 1,
                record::END if depth <= 1 => return Ok(found),
                record::END => depth -= 1,
                _ if depth != 1 => {}
                record::FORMULA => formula = note(&record, &mut found),
                record::FORMULA_TEXT => {
                    // It stands behind its formula, whose value says only that there is one.
                    if let Some(Found { row, column, .. }) = formula {
                        found.push(Found { row, column, record: record.place()? });
                    }
                }
                record::RKS => note_all(&record, &mut found)?,
                record::NUMBER
                | record::TEXT
                | record::RICH_TEXT
                | record::BOOLEAN_OR_ERROR
                | record::SHARED_TEXT
                | record::RK => _ = note(&record, &mut found),
                _ => {}
            }
        }
        Err(broken("has a sheet without an end"))
    }

    fn value<'v>(&'v self, cell: Found, text: &'v mut String) -> Option<Value<'v>> {
        let record = Records { stream: &self.stream, at: cell.record as usize }.next().ok()??;
        let data = record.data;
        let format = |at| u16_at(data, at).and_then(|index| self.formats.get(usize::from(index))).copied();
        let number = |number, at| Value::number(number, format(at).unwrap_or_default(), self.epoch);
        text.clear();
        Some(match record.kind {
            record::NUMBER => number(f64_at(data, 6)?, 4),
            record::RK => number(rk(u32_at(data, 6)?), 4),
            record::RKS => {
                let at = 4 + 6 * usize::from(cell.column.checked_sub(u16_at(data, 2)?)?);
                number(rk(u32_at(data, at + 2)?), at)
            }
            record::BOOLEAN_OR_ERROR => {
                let code = u8_at(data, 6)?;
                Value::Text(if u8_at(data, 7)? == 0 { value::truth(code != 0) } else { error_text(code) })
            }
            record::SHARED_TEXT => Value::Text(self.strings.get(u32_at(data, 6)? as usize)?),
            record::FORMULA => match formula_value(data)? {
                Formula::Number(result) => number(result, 4),
                Formula::Text(result) => Value::Text(result),
            },
            record::FORMULA_TEXT => self.text(&record, 0, text)?,
            _ => self.text(&record, 6, text)?,
        })
    }

    fn text<'v>(&self, record: &Record<'_>, at: usize, text: &'v mut String) -> Option<Value<'v>> {
        let mut source = Source::of(&self.stream, record, at);
        let characters = usize::from(source.number()?);
        if characters > 0 {
            source.push_text(characters, self.version, text)?;
        }
        Some(Value::Text(text))
    }
}

/// A formula's value.
enum Formula {
    Number(f64),
    Text(&'static str),
}

/// Reads what a formula gave when it was last computed. A text stands in a record of its own.
fn formula_value(data: &[u8]) -> Option<Formula> {
    if u16_at(data, 12)? != 0xFFFF {
        return f64_at(data, 6).map(Formula::Number);
    }
    let code = u8_at(data, 8)?;
    Some(Formula::Text(match u8_at(data, 6)? {
        1 => value::truth(code != 0),
        2 => error_text(code),
        _ => "",
    }))
}

/// Notes the cell of a record. One that is too short to have a place is passed over.
fn note(record: &Record<'_>, found: &mut Vec<Found>) -> Option<Found> {
    let cell =
        Found { row: u16_at(record.data, 0)?, column: u16_at(record.data, 2)?, record: record.place().ok()? };
    found.push(cell);
    Some(cell)
}

/// Notes the cells of a record of several numbers: row, first column, six bytes each, last column.
fn note_all(record: &Record<'_>, found: &mut Vec<Found>) -> Result<(), Unreadable> {
    let (Some(row), Some(first)) = (u16_at(record.data, 0), u16_at(record.data, 2)) else { return Ok(()) };
    let cells = u16::try_from(record.data.len().saturating_sub(6) / 6).unwrap_or(u16::MAX);
    let record = record.place()?;
    found.extend((first..first.saturating_add(cells)).map(|column| Found { row, column, record }));
    Ok(())
}

fn version(begin: &[u8]) -> Result<Version, Unreadable> {
    match u16_at(begin, 0) {
        Some(0x0600) => Ok(Version::Biff8),
        Some(0x0500) => Ok(Version::Biff5),
        _ => Err(Unreadable::Unsupported { what: "an Excel file from before 1993" }),
    }
}

fn shared_strings(stream: &[u8], record: &Record<'_>, guards: &Guards) -> Result<Strings, Unreadable> {
    let mut strings = Strings::default();
    let mut text = String::new();
    let mut source = Source::of(stream, record, 8);
    while !source.is_at_end() {
        text.clear();
        source.push_rich_text(&mut text).ok_or_else(|| broken("has a text that is too short"))?;
        strings.push(&text, guards)?;
    }
    Ok(strings)
}

fn broken(fault: &'static str) -> Unreadable {
    Unreadable::damaged("its stream", fault)
}

/// Records one after the other: a number, a length, the data.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    start: usize,
}

const RECORD_HEADER: usize = 4;

impl<'a> Records<'a> {
    /// The next record; at the end of the stream, `None`.
    fn next(&mut self) -> Result<Option<Record<'a>>, Unreadable> {
        let start = self.at;
        let (Some(kind), Some(len)) =
            (u16_at(self.stream, start), u16_at(self.stream, start.saturating_add(2)))
        else {
            return Ok(None);
        };
        let data = self.stream.get(start + RECORD_HEADER..).and_then(|rest| rest.get(..usize::from(len)));
        let data = data.ok_or_else(|| broken("ends too early"))?;
        self.at = start + RECORD_HEADER + data.len();
        Ok(Some(Record { kind, data, start }))
    }
}

impl Record<'_> {
    fn place(&self) -> Result<u32, Unreadable> {
        u32::try_from(self.start).map_err(|_| broken("is too long"))
    }
}

/// The bytes of a record and of those that continue it.
struct Source<'a> {
    stream: &'a [u8],
    at: usize,
    /// Where the record ends that is being read.
    end: usize,
}

impl<'a> Source<'a> {
    /// Begins at this byte of the record's data.
    fn of(stream: &'a [u8], record: &Record<'a>, at: usize) -> Self {
        let start = record.start + RECORD_HEADER;
        Self { stream, at: start + at.min(record.data.len()), end: start + record.data.len() }
    }

    fn is_at_end(&mut self) -> bool {
        self.at == self.end && !self.go_on()
    }

    /// Goes to the record that continues this one, if there is one.
    fn go_on(&mut self) -> bool {
        let next = Records { stream: self.stream, at: self.end }.next();
        match next {
            Ok(Some(record)) if record.kind == record::CONTINUE => {
                (self.at, self.end) =
                    (record.start + RECORD_HEADER, record.start + RECORD_HEADER + record.data.len());
                true
            }
            _ => false,
        }
    }

    fn byte(&mut self) -> Option<u8> {
        while self.at == self.end {
            if !self.go_on() {
                return None;
            }
        }
        let byte = *self.stream.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn number(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            if self.at == self.end && !self.go_on() {
                return None;
            }
            let step = bytes.min(self.end - self.at);
            self.at += step;
            bytes -= step;
        }
        Some(())
    }

    /// Appends a text of the table of texts, and passes over its formatting and pronunciation.
    fn push_rich_text(&mut self, text: &mut String) -> Option<()> {
        let characters = usize::from(self.number()?);
        let flags = self.byte()?;
        let runs = if flags & 8 == 0 { 0 } else { usize::from(self.number()?) };
        let extra = if flags & 4 == 0 {
            0
        } else {
            let (low, high) = (self.number()?, self.number()?);
            usize::from(high) << 16 | usize::from(low)
        };
        self.push_unicode(characters, flags, text)?;
        self.skip(4 * runs)?;
        self.skip(extra)
    }

    /// Appends a text of so many characters.
    fn push_text(&mut self, characters: usize, version: Version, text: &mut String) -> Option<()> {
        match version {
            Version::Biff5 => {
                for _ in 0..characters {
                    text.push(windows_1252(self.byte()?));
                }
            }
            Version::Biff8 => {
                let flags = self.byte()?;
                self.push_unicode(characters, flags, text)?;
            }
        }
        Some(())
    }

    /// Appends UTF-16, or its lower bytes where all upper ones are zero. Where a record continues another in
    /// the midst of a text, its first byte says anew which.
    fn push_unicode(&mut self, characters: usize, mut flags: u8, text: &mut String) -> Option<()> {
        let mut units = Vec::with_capacity(characters);
        while units.len() < characters {
            if self.at == self.end {
                if !self.go_on() {
                    return None;
                }
                flags = self.byte()?;
                continue;
            }
            units.push(if flags & 1 == 0 { u16::from(self.byte()?) } else { self.number()? });
        }
        push_utf16(units.into_iter(), text);
        Some(())
    }
}

/// A character of the code page of Western Europe.
fn windows_1252(byte: u8) -> char {
    const FROM_80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let above = byte.checked_sub(0x80).and_then(|index| FROM_80.get(usize::from(index)));
    above.copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BIFF8: [u8; 2] = [0x00, 0x06];
    const BIFF5: [u8; 2] = [0x00, 0x05];

    fn record(kind: u16, data: &[&[u8]]) -> Vec<u8> {
        let data = data.concat();
        [&kind.to_le_bytes()[..], &u16::try_from(data.len()).unwrap().to_le_bytes(), &data].concat()
    }

    /// Row and column, and the first cell format.
    fn at(row: u16, column: u16) -> [u8; 6] {
        let ([a, b], [c, d]) = (row.to_le_bytes(), column.to_le_bytes());
        [a, b, c, d, 0, 0]
    }

    fn number(row: u16, column: u16, number: f64) -> Vec<u8> {
        record(record::NUMBER, &[&at(row, column), &number.to_le_bytes()])
    }

    fn rk(integer: i32) -> [u8; 4] {
        (integer << 2 | 2).to_le_bytes()
    }

    /// A stream with one sheet.
    fn stream(version: [u8; 2], globals: &[Vec<u8>], sheet: &[Vec<u8>]) -> Vec<u8> {
        let begin = record(record::BEGIN, &[&version, &[0; 2]]);
        let entry = |start: usize| {
            let start = u32::try_from(start).unwrap().to_le_bytes();
            let flags: &[u8] = if version == BIFF8 { &[0] } else { &[] };
            record(record::SHEET, &[&start, &[0, 0, 1], flags, b"S"])
        };
        let end = record(record::END, &[]);
        let before = [begin.clone(), globals.concat()].concat();
        let start = before.len() + entry(0).len() + end.len();
        [before, entry(start), end.clone(), begin, sheet.concat(), end].concat()
    }

    fn read(stream: Vec<u8>) -> Result<Vec<(u32, u32, String)>, Unreadable> {
        let (mut book, _) = Xls::of_stream(stream, &Guards::DEFAULT)?;
        let mut cells = Vec::new();
        let given = book.cells(0, &mut |row, column, value| {
            let text = match value {
                Value::Text(text) => text.to_owned(),
                other => format!("{other:?}"),
            };
            cells.push((row, column, text));
            Ok(())
        });
        match given {
            Ok(()) => Ok(cells),
            Err(Stop::Unreadable(unreadable)) => Err(unreadable),
            Err(Stop::Enough) => unreachable!("the receiver takes all"),
        }
    }

    #[track_caller]
    fn check(stream: Vec<u8>, expect: &[(u32, u32, &str)]) {
        let cells = read(stream).unwrap();
        let cells: Vec<_> = cells.iter().map(|(row, column, text)| (*row, *column, text.as_str())).collect();
        assert_eq!(cells, expect);
    }

    #[test]
    fn cells_are_sorted_and_the_later_record_counts() {
        let sheet = [number(1, 0, 3.0), number(0, 1, 2.0), number(0, 0, 9.0), number(0, 0, 1.0)];
        check(
            stream(BIFF8, &[], &sheet),
            &[(0, 0, "Number(1.0)"), (0, 1, "Number(2.0)"), (1, 0, "Number(3.0)")],
        );
    }

    #[test]
    fn every_record_of_a_cell() {
        let formula = |column, value: [u8; 8]| record(record::FORMULA, &[&at(0, column), &value, &[0; 8]]);
        let sheet = [
            record(record::RKS, &[&[0, 0, 0, 0], &[0, 0], &rk(1), &[0, 0], &rk(-2), &[1, 0]]),
            record(record::RK, &[&at(0, 2), &rk(3)]),
            record(record::BOOLEAN_OR_ERROR, &[&at(0, 3), &[1, 0]]),
            record(record::BOOLEAN_OR_ERROR, &[&at(0, 4), &[0x2A, 1]]),
            record(record::TEXT, &[&at(0, 5), &[2, 0, 1], &[0x3B, 0x04, 0x61, 0]]),
            formula(6, 1.5_f64.to_le_bytes()),
            formula(7, [1, 0, 1, 0, 0, 0, 0xFF, 0xFF]),
            formula(8, [2, 0, 7, 0, 0, 0, 0xFF, 0xFF]),
            formula(9, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
            record(record::FORMULA_TEXT, &[&[2, 0, 0], b"ab"]),
            formula(10, [3, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        ];
        let numbers = [(0, 0, "Number(1.0)"), (0, 1, "Number(-2.0)"), (0, 2, "Number(3.0)")];
        let others = [(0, 3, "TRUE"), (0, 4, "#N/A"), (0, 5, "лa"), (0, 6, "Number(1.5)"), (0, 7, "TRUE")];
        let last = [(0, 8, "#DIV/0!"), (0, 9, "ab"), (0, 10, "")];
        check(stream(BIFF8, &[], &sheet), &[&numbers[..], &others, &last].concat());
    }

    #[test]
    fn charts_in_a_sheet_have_no_cells_of_it() {
        let chart =
            [record(record::BEGIN, &[&BIFF8, &[0x20, 0]]), number(0, 0, 9.0), record(record::END, &[])];
        let sheet = [number(0, 0, 1.0), chart.concat(), number(0, 1, 2.0)];
        check(stream(BIFF8, &[], &sheet), &[(0, 0, "Number(1.0)"), (0, 1, "Number(2.0)")]);
    }

    #[test]
    fn shared_texts_go_on_in_further_records() {
        let table = [
            record(record::SHARED_STRINGS, &[&[0; 8], &[4, 0, 0], b"ab"]),
            // The rest of the text has two bytes a character.
            record(record::CONTINUE, &[&[1, 0x3B, 0x04, 0x61, 0]]),
            // Formatting in one run, pronunciation in two bytes.
            record(record::CONTINUE, &[&[1, 0, 12, 1, 0, 2, 0, 0, 0], b"c", &[0; 3]]),
            record(record::CONTINUE, &[&[0; 3], &[0, 0, 0]]),
        ];
        let text = |column, index: u8| record(record::SHARED_TEXT, &[&at(0, column), &[index, 0, 0, 0]]);
        let sheet = [text(0, 0), text(1, 1), text(2, 2)];
        check(stream(BIFF8, &table, &sheet), &[(0, 0, "abлa"), (0, 1, "c"), (0, 2, "")]);
        assert!(read(stream(BIFF8, &table, &[text(0, 3)])).is_err());
    }

    #[test]
    fn texts_of_excel_95_are_windows_1252_or_refused() {
        let page = |low, high| record(record::CODE_PAGE, &[&[low, high]]);
        let text = record(record::TEXT, &[&at(0, 0), &[4, 0], b"Zo\xEB\x80"]);
        check(stream(BIFF5, &[page(0xE4, 0x04)], std::slice::from_ref(&text)), &[(0, 0, "Zoë€")]);
        let cyrillic = read(stream(BIFF5, &[page(0xE3, 0x04)], &[text]));
        assert!(matches!(cyrillic, Err(Unreadable::Unsupported { .. })));
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        let password = record(record::PASSWORD, &[&[0; 6]]);
        assert_eq!(read(stream(BIFF8, &[password], &[])), Err(Unreadable::Encrypted));
        assert!(matches!(read(stream([0, 4], &[], &[])), Err(Unreadable::Unsupported { .. })));
        let mut cut = stream(BIFF8, &[], &[number(0, 0, 1.0)]);
        cut.truncate(cut.len() - 4);
        assert_eq!(read(cut), Err(broken("has a sheet without an end")));
        for short in [record(record::NUMBER, &[&at(0, 0)]), record(record::RK, &[&at(0, 0)])] {
            assert_eq!(read(stream(BIFF8, &[], &[short])), Err(broken("has a cell that is too short")));
        }
    }
}
