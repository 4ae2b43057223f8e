//! XLSX: ECMA-376, part 1, chapter 18.

use std::{borrow::Cow, collections::BTreeMap};

use quick_xml::events::{BytesStart, Event};

use crate::{
    Each, Sheet,
    guards::Guards,
    number_format::Kind,
    opc::Relationships,
    package::Package,
    strings::Strings,
    unreadable::{Stop, Unreadable},
    value::{self, Epoch, Value},
    xml::{Text, Xml, attribute, raw_attributes},
};

/// An opened workbook.
pub(crate) struct Xlsx {
    package: Package,
    guards: Guards,
    /// The sheets' parts.
    parts: Vec<String>,
    strings: Strings,
    /// What the cell formats show, by their index.
    formats: Vec<Kind>,
    epoch: Epoch,
}

/// The attributes of a cell.
#[derive(Clone, Copy, Debug)]
struct Cell {
    row: u32,
    column: u32,
    kind: CellKind,
    format: Kind,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum CellKind {
    Number,
    SharedText,
    /// Also errors, whose text is their value.
    Text,
    Boolean,
    IsoMoment,
}

impl Xlsx {
    /// Opens the workbook of which `part` is the main part.
    pub(crate) fn open(
        mut package: Package,
        part: &str,
        guards: &Guards,
    ) -> Result<(Self, Vec<Sheet>), Unreadable> {
        let relationships = Relationships::of(&mut package, part)?;
        let Contents { epoch, sheets } = contents(&mut package, part)?;
        let (parts, named) = relationships.worksheets(sheets)?;
        let formats = match relationships.of_kind("styles")? {
            Some(target) => formats(&mut package, target)?,
            None => Vec::new(),
        };
        let strings = match relationships.of_kind("sharedStrings")? {
            Some(target) => shared_strings(&mut package, target, guards)?,
            None => Strings::default(),
        };
        Ok((Self { package, guards: *guards, parts, strings, formats, epoch }, named))
    }

    /// Gives the cells of a sheet in their order.
    pub(crate) fn cells(&mut self, sheet: usize, each: &mut Each<'_>) -> Result<(), Stop> {
        self.package.refill();
        let Some(part) = self.parts.get(sheet) else {
            return Err(Unreadable::NoSuchSheet { index: sheet }.into());
        };
        let Some(mut xml) = self.package.xml(part)? else { return Err(missing(part).into()) };
        let book =
            Book { strings: &self.strings, formats: &self.formats, epoch: self.epoch, guards: &self.guards };
        let mut text = Text::default();
        // Where a row or cell without a number is.
        let (mut row, mut column) = (0, 0);
        loop {
            xml.take(|bytes| book.give_plain(bytes, &mut row, &mut column, each))?;
            match xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "row" => (row, column) = (row_of(&element, row)?, 0),
                    "c" => {
                        let cell = book.cell(element.attributes_raw(), row, column)?;
                        (row, column) = (cell.row, cell.column.saturating_add(1));
                        book.give(&mut xml, cell, &mut text, each)?;
                    }
                    _ => {}
                },
                Event::Empty(element) => match element.local_name().as_ref() {
                    "row" => (row, column) = (row_of(&element, row)?.saturating_add(1), 0),
                    "c" => {
                        let cell = book.cell(element.attributes_raw(), row, column)?;
                        (row, column) = (cell.row, cell.column.saturating_add(1));
                    }
                    "sheetData" => break,
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "row" => (row, column) = (row.saturating_add(1), 0),
                    "sheetData" => break,
                    _ => {}
                },
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(xml.drain()?)
    }
}

/// What a cell refers to.
struct Book<'a> {
    strings: &'a Strings,
    formats: &'a [Kind],
    epoch: Epoch,
    guards: &'a Guards,
}

impl Book<'_> {
    /// Reads a cell's attributes. One that has no place of its own is at the given one.
    fn cell(&self, attributes: &str, row: u32, column: u32) -> Result<Cell, Unreadable> {
        let mut cell = Cell { row, column, kind: CellKind::Number, format: Kind::Number };
        for (name, value) in raw_attributes(attributes) {
            match name {
                "r" => {
                    let place = place_of(value);
                    (cell.row, cell.column) = place.ok_or_else(|| damaged("has a cell without a place"))?;
                }
                "s" => {
                    let format = value.parse().ok().and_then(|index: usize| self.formats.get(index));
                    cell.format = format.copied().unwrap_or_default();
                }
                "t" => cell.kind = CellKind::of(value)?,
                _ => {}
            }
        }
        Ok(cell)
    }

    /// Gives the cells at the front of the bytes that are written as nearly all are, and says how long they are.
    fn give_plain(
        &self,
        bytes: &[u8],
        row: &mut u32,
        column: &mut u32,
        each: &mut Each<'_>,
    ) -> Result<usize, Stop> {
        let mut rest = bytes;
        let mut written = String::new();
        while let Some((plain, after)) = PlainCell::at(rest, self.guards) {
            let cell = self.cell(plain.attributes, *row, *column)?;
            if let Some(text) = plain.text {
                written.clear();
                let value =
                    if plain.inline { Value::Text(text) } else { self.value(cell, text, &mut written)? };
                each(cell.row, cell.column, value)?;
            }
            (*row, *column) = (cell.row, cell.column.saturating_add(1));
            rest = after;
        }
        Ok(bytes.len() - rest.len())
    }

    /// Reads a cell's content up to its end and gives it.
    fn give(&self, xml: &mut Xml<'_>, cell: Cell, text: &mut Text, each: &mut Each<'_>) -> Result<(), Stop> {
        text.text.clear();
        let mut in_value = false;
        let mut inline = false;
        loop {
            match xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    // Beside an inline text, a value says nothing.
                    "v" => in_value = !inline,
                    "is" => {
                        text.text.clear();
                        inline = true;
                        read_text(xml, "is", text, self.guards)?;
                    }
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "v" => in_value = false,
                    "c" => break,
                    _ => {}
                },
                Event::Eof => break,
                event if in_value => text.push(&event, self.guards)?,
                _ => {}
            }
        }
        let mut written = String::new();
        let value =
            if inline { Value::Text(&text.text) } else { self.value(cell, &text.text, &mut written)? };
        each(cell.row, cell.column, value)
    }

    fn value<'v>(
        &'v self,
        cell: Cell,
        text: &'v str,
        written: &'v mut String,
    ) -> Result<Value<'v>, Unreadable> {
        if text.is_empty() {
            return Ok(Value::Text(""));
        }
        Ok(match cell.kind {
            CellKind::Number => self.number(cell.format, text),
            CellKind::SharedText => {
                let found = text.trim().parse().ok().and_then(|index| self.strings.get(index));
                Value::Text(found.ok_or_else(|| damaged("refers to a text that is not there"))?)
            }
            CellKind::Text => match unescaped(text) {
                Cow::Borrowed(text) => Value::Text(text),
                Cow::Owned(text) => {
                    *written = text;
                    Value::Text(written)
                }
            },
            CellKind::Boolean => Value::Text(value::truth(matches!(text.trim(), "1" | "true"))),
            CellKind::IsoMoment => {
                value::push_iso_moment(text, written);
                Value::Text(written)
            }
        })
    }

    /// Digits are given as they are, so that a number that is too long for a float keeps them.
    fn number<'v>(&self, format: Kind, text: &'v str) -> Value<'v> {
        if format == Kind::Number && is_plain_integer(text) {
            return Value::Text(text);
        }
        match text.trim().parse() {
            Ok(number) => Value::number(number, format, self.epoch),
            Err(_) => Value::Text(text),
        }
    }
}

/// A cell with a value or an inline text and nothing else, not a formula, without escapes.
struct PlainCell<'b> {
    attributes: &'b str,
    inline: bool,
    text: Option<&'b str>,
}

impl<'b> PlainCell<'b> {
    /// The one that begins the bytes, if it is there as a whole; with it, what follows.
    #[inline]
    fn at(bytes: &'b [u8], guards: &Guards) -> Option<(Self, &'b [u8])> {
        let rest = bytes.trim_ascii_start().strip_prefix(b"<c ")?;
        let (attributes, rest) = split(rest, |byte| byte == b'>')?;
        // A `>` in an attribute's value, which is allowed, is not the tag's end.
        if attributes.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 || attributes.contains('\'') {
            return None;
        }
        if let Some(attributes) = attributes.strip_suffix('/') {
            return Some((Self { attributes, inline: false, text: None }, rest.get(1..)?));
        }
        let (inline, rest) = match rest.strip_prefix(b"><v>") {
            Some(rest) => (false, rest),
            None => (true, rest.strip_prefix(b"><is>")?),
        };
        let (text, rest) = if inline { plain_text(rest, guards)? } else { unmarked(rest, guards)? };
        let rest = rest.strip_prefix(if inline { b"</is></c>".as_slice() } else { b"</v></c>" })?;
        Some((Self { attributes, inline, text: Some(text) }, rest))
    }
}

/// A text element without escapes, and what follows it.
fn plain_text<'b>(bytes: &'b [u8], guards: &Guards) -> Option<(&'b str, &'b [u8])> {
    let start = bytes.strip_prefix(b"<t>").or_else(|| bytes.strip_prefix(b"<t xml:space=\"preserve\">"))?;
    let (text, rest) = unmarked(start, guards)?;
    let rest = rest.strip_prefix(b"</t>")?;
    (!text.contains("_x")).then_some((text, rest))
}

/// A text up to the next tag, if it says what it says: no reference is in it, and no end of a line that stands for
/// another.
#[inline]
fn unmarked<'b>(bytes: &'b [u8], guards: &Guards) -> Option<(&'b str, &'b [u8])> {
    let (text, rest) = split(bytes, |byte| matches!(byte, b'<' | b'&' | b'\r'))?;
    (text.len() <= guards.longest_text()).then_some((text, rest))
}

/// The text before the first of these bytes, and what begins with it.
#[inline]
fn split(bytes: &[u8], is_end: impl Fn(u8) -> bool) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|byte| is_end(*byte))?;
    let (text, rest) = bytes.split_at_checked(end)?;
    Some((std::str::from_utf8(text).ok()?, rest))
}

impl CellKind {
    fn of(attribute: &str) -> Result<Self, Unreadable> {
        Ok(match attribute {
            "n" => Self::Number,
            "s" => Self::SharedText,
            "str" | "inlineStr" | "e" => Self::Text,
            "b" => Self::Boolean,
            "d" => Self::IsoMoment,
            _ => return Err(damaged("has a cell of an unknown type")),
        })
    }
}

/// What the main part says.
struct Contents {
    epoch: Epoch,
    /// Each with the identifier of its part.
    sheets: Vec<(Sheet, String)>,
}

fn contents(package: &mut Package, part: &str) -> Result<Contents, Unreadable> {
    let Some(mut xml) = package.xml(part)? else { return Err(missing(part)) };
    let mut contents = Contents { epoch: Epoch::default(), sheets: Vec::new() };
    let mut is_workbook = false;
    loop {
        match xml.next()? {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "workbook" => is_workbook = true,
                "workbookPr" => {
                    let date1904 = attribute(&element, "date1904");
                    if matches!(date1904.as_deref(), Some("1" | "true")) {
                        contents.epoch = Epoch::Year1904;
                    }
                }
                "sheet" => {
                    let value = |name| attribute(&element, name).unwrap_or_default().into_owned();
                    let visible = !matches!(value("state").as_str(), "hidden" | "veryHidden");
                    contents.sheets.push((Sheet { name: value("name"), visible }, value("id")));
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    if is_workbook { Ok(contents) } else { Err(Unreadable::NoWorkbookInside { container: "a ZIP archive" }) }
}

/// What each of the cell formats shows.
fn formats(package: &mut Package, part: &str) -> Result<Vec<Kind>, Unreadable> {
    let Some(mut xml) = package.xml(part)? else { return Err(missing(part)) };
    let mut codes = BTreeMap::new();
    let mut formats = Vec::new();
    let mut in_cell_formats = false;
    loop {
        match xml.next()? {
            Event::Start(element) | Event::Empty(element) => {
                let id =
                    || attribute(&element, "numFmtId").and_then(|id| id.parse::<u32>().ok()).unwrap_or(0);
                match element.local_name().as_ref() {
                    "numFmt" => {
                        let code = attribute(&element, "formatCode").unwrap_or_default();
                        codes.insert(id(), Kind::of_code(&code));
                    }
                    "cellXfs" => in_cell_formats = true,
                    "xf" if in_cell_formats => formats.push(id()),
                    _ => {}
                }
            }
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => in_cell_formats = false,
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(formats.iter().map(|id| codes.get(id).copied().unwrap_or(Kind::built_in(*id))).collect())
}

fn shared_strings(package: &mut Package, part: &str, guards: &Guards) -> Result<Strings, Unreadable> {
    let Some(mut xml) = package.xml(part)? else { return Err(missing(part)) };
    let mut strings = Strings::default();
    let mut text = Text::default();
    loop {
        xml.take(|bytes| push_plain(bytes, &mut strings, guards))?;
        match xml.next()? {
            Event::Start(element) if element.local_name().as_ref() == "si" => {
                text.text.clear();
                read_text(&mut xml, "si", &mut text, guards)?;
                strings.push(&text.text, guards)?;
            }
            Event::Empty(element) if element.local_name().as_ref() == "si" => strings.push("", guards)?,
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// Takes the texts at the front of the bytes that are written as nearly all are, and says how long they are.
fn push_plain(bytes: &[u8], strings: &mut Strings, guards: &Guards) -> Result<usize, Unreadable> {
    let plain = |bytes| {
        let (text, rest) = plain_text(<[u8]>::strip_prefix(bytes, b"<si>")?, guards)?;
        Some((text, rest.strip_prefix(b"</si>")?))
    };
    let mut rest = bytes;
    while let Some((text, after)) = plain(rest) {
        strings.push(text, guards)?;
        rest = after;
    }
    Ok(bytes.len() - rest.len())
}

/// Reads a text, plain or rich, up to the end of the element that has it. What says how it is pronounced is
/// not part of it.
fn read_text(xml: &mut Xml<'_>, element: &str, text: &mut Text, guards: &Guards) -> Result<(), Unreadable> {
    let (mut in_text, mut in_phonetic) = (false, false);
    loop {
        match xml.next()? {
            Event::Start(start) => match start.local_name().as_ref() {
                "t" => in_text = !in_phonetic,
                "rPh" => in_phonetic = true,
                _ => {}
            },
            Event::End(end) => match end.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => in_phonetic = false,
                name if name == element => break,
                _ => {}
            },
            Event::Eof => break,
            event if in_text => text.push(&event, guards)?,
            _ => {}
        }
    }
    if let Cow::Owned(unescaped) = unescaped(&text.text) {
        text.text = unescaped;
    }
    Ok(())
}

/// The text with `_xHHHH_` resolved, which stands for a character (half of one, past U+FFFF) that XML cannot
/// hold: ECMA-376, part 1, 22.4.2.4.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        if let Some((unit, after)) = escape(rest) {
            units.push(unit);
            rest = after;
        } else {
            units.extend_from_slice(char.encode_utf16(&mut [0; 2]));
            rest = rest.get(char.len_utf8()..).unwrap_or_default();
        }
    }
    Cow::Owned(String::from_utf16_lossy(&units))
}

/// The escape with which the text begins, and what follows it.
fn escape(text: &str) -> Option<(u16, &str)> {
    let (digits, after) = text.strip_prefix("_x")?.split_at_checked(4)?;
    let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let after = after.strip_prefix('_').filter(|_| hexadecimal)?;
    Some((u16::from_str_radix(digits, 16).ok()?, after))
}

/// The row's number, 0-based; `next` if it says none.
fn row_of(element: &BytesStart<'_>, next: u32) -> Result<u32, Unreadable> {
    let Some(number) = attribute(element, "r") else { return Ok(next) };
    let row = number.parse::<u32>().ok().and_then(|number| number.checked_sub(1));
    row.ok_or_else(|| damaged("has a row without a number"))
}

/// Row and column, 0-based, of `AB12`.
fn place_of(reference: &str) -> Option<(u32, u32)> {
    let digits = reference.find(|char: char| char.is_ascii_digit())?;
    let (letters, number) = reference.split_at_checked(digits)?;
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let digit =
            letter.is_ascii_alphabetic().then(|| u32::from(letter.to_ascii_uppercase() - b'A') + 1)?;
        column.checked_mul(26)?.checked_add(digit)
    })?;
    Some((number.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

/// Digits that a number of up to 21 is written with, perhaps behind a minus.
fn is_plain_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = matches!(digits.as_bytes(), [b'0'] | [b'1'..=b'9', ..]) && text != "-0";
    plain && digits.len() <= 21 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn damaged(fault: &'static str) -> Unreadable {
    Unreadable::damaged("the sheet", fault)
}

fn missing(part: &str) -> Unreadable {
    Unreadable::damaged(part, "is missing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        assert_eq!(place_of("A1"), Some((0, 0)));
        assert_eq!(place_of("XFD1048576"), Some((1_048_575, 16_383)));
        assert_eq!(place_of("ab12"), Some((11, 27)));
        for broken in ["", "A", "1", "A0", "1A", "A1B", "Ä1", "A99999999999", "ZZZZZZZZZZZZ1", "$A$1"] {
            assert_eq!(place_of(broken), None, "{broken}");
        }
    }

    #[test]
    fn escapes() {
        assert_eq!(unescaped("a_x000D_\nb"), "a\r\nb");
        assert_eq!(unescaped("_x005F_x000D_"), "_x000D_");
        assert_eq!(unescaped("_xD83D__xDE00_"), "\u{1f600}");
        assert_eq!(unescaped("_xD83D_"), "\u{fffd}");
        for plain in ["_x", "_x12", "_x12G4_", "_x0041", "ä_xä", "_x+041_"] {
            assert_eq!(unescaped(plain), plain);
        }
    }

    #[test]
    fn digits_are_kept() {
        for integer in ["0", "7", "-7", "1234567890123456789", "999999999999999999999"] {
            assert!(is_plain_integer(integer), "{integer}");
        }
        for other in ["", "-", "-0", "007", "1.0", "1E5", "+1", "9999999999999999999999", " 1"] {
            assert!(!is_plain_integer(other), "{other}");
        }
    }
}
