//! XLSB: MS-XLSB, the binary variant of XLSX.

use std::{
    collections::BTreeMap,
    io::{self, Read},
};

use crate::{
    Each, Sheet,
    biff::{error_text, rk},
    bytes::{f64_at, push_utf16, u8_at, u16_at, u32_at, utf16},
    guards::Guards,
    number_format::Kind,
    opc::Relationships,
    package::{LONGEST_ITEM, Package, Part},
    strings::Strings,
    unreadable::{Stop, Unreadable},
    value::{self, Epoch, Value},
};

/// An opened workbook.
pub(crate) struct Xlsb {
    package: Package,
    /// The sheets' parts.
    parts: Vec<String>,
    strings: Strings,
    /// What the cell formats show, by their index.
    formats: Vec<Kind>,
    epoch: Epoch,
}

/// The numbers of the records that are read (MS-XLSB 2.3).
mod record {
    pub(super) const ROW: u16 = 0;
    pub(super) const BLANK: u16 = 1;
    pub(super) const RK: u16 = 2;
    pub(super) const ERROR: u16 = 3;
    pub(super) const BOOLEAN: u16 = 4;
    pub(super) const REAL: u16 = 5;
    pub(super) const TEXT: u16 = 6;
    pub(super) const SHARED_TEXT: u16 = 7;
    pub(super) const FORMULA_TEXT: u16 = 8;
    pub(super) const FORMULA_NUMBER: u16 = 9;
    pub(super) const FORMULA_BOOLEAN: u16 = 10;
    pub(super) const FORMULA_ERROR: u16 = 11;
    /// The short cells have no column: theirs is the next one. They are in the order of the long ones.
    pub(super) const SHORT_BLANK: u16 = 12;
    pub(super) const SHORT_SHARED_TEXT: u16 = 18;
    pub(super) const SHARED_STRING: u16 = 19;
    pub(super) const NUMBER_FORMAT: u16 = 44;
    pub(super) const CELL_FORMAT: u16 = 47;
    pub(super) const RICH_TEXT: u16 = 62;
    pub(super) const END_SHEET_DATA: u16 = 146;
    pub(super) const WORKBOOK_PROPERTIES: u16 = 153;
    pub(super) const SHEET: u16 = 156;
    pub(super) const BEGIN_CELL_FORMATS: u16 = 617;
    pub(super) const END_CELL_FORMATS: u16 = 618;
}

impl Xlsb {
    /// Opens the workbook of which `part` is the main part.
    pub(crate) fn open(
        mut package: Package,
        part: &str,
        guards: &Guards,
    ) -> Result<(Self, Vec<Sheet>), Unreadable> {
        let relationships = Relationships::of(&mut package, part)?;
        let (epoch, sheets) = contents(&mut package, part)?;
        let (parts, named) = relationships.worksheets(sheets)?;
        let formats = match relationships.of_kind("styles")? {
            Some(target) => formats(&mut package, target)?,
            None => Vec::new(),
        };
        let strings = match relationships.of_kind("sharedStrings")? {
            Some(target) => shared_strings(&mut package, target, guards)?,
            None => Strings::default(),
        };
        Ok((Self { package, parts, strings, formats, epoch }, named))
    }

    /// Gives the cells of a sheet in their order.
    pub(crate) fn cells(&mut self, sheet: usize, each: &mut Each<'_>) -> Result<(), Stop> {
        self.package.refill();
        let Some(part) = self.parts.get(sheet) else {
            return Err(Unreadable::NoSuchSheet { index: sheet }.into());
        };
        let book = Book { strings: &self.strings, formats: &self.formats, epoch: self.epoch };
        let mut records = Records::open(&mut self.package, part)?;
        let mut text = String::new();
        let (mut row, mut next_column) = (0, 0);
        while let Some(kind) = records.next()? {
            let data = records.data.as_slice();
            let broken = || Unreadable::damaged(part, "has a cell that is too short");
            match kind {
                record::ROW => (row, next_column) = (u32_at(data, 0).ok_or_else(broken)?, 0),
                record::BLANK..=record::FORMULA_ERROR | record::RICH_TEXT => {
                    let column = u32_at(data, 0).ok_or_else(broken)?;
                    let value = book.value(kind, data.get(4..).unwrap_or_default(), &mut text);
                    each(row, column, value.ok_or_else(broken)?)?;
                    next_column = column.saturating_add(1);
                }
                record::SHORT_BLANK..=record::SHORT_SHARED_TEXT => {
                    let long = kind - record::SHORT_BLANK + record::BLANK;
                    each(row, next_column, book.value(long, data, &mut text).ok_or_else(broken)?)?;
                    next_column = next_column.saturating_add(1);
                }
                record::END_SHEET_DATA => return Ok(records.drain()?),
                _ => {}
            }
        }
        Err(Unreadable::damaged(part, "ends too early").into())
    }
}

/// What a cell refers to.
struct Book<'a> {
    strings: &'a Strings,
    formats: &'a [Kind],
    epoch: Epoch,
}

impl Book<'_> {
    /// The value of a cell from what follows its column: the format in three bytes, a byte of flags, the
    /// content. `None` if that is too short.
    fn value<'v>(&'v self, kind: u16, data: &[u8], text: &'v mut String) -> Option<Value<'v>> {
        let format = u32_at(data, 0)? & 0x00FF_FFFF;
        let content = data.get(4..)?;
        let number = |number| {
            let kind = self.formats.get(format as usize).copied().unwrap_or_default();
            Value::number(number, kind, self.epoch)
        };
        Some(match kind {
            record::RK => number(rk(u32_at(content, 0)?)),
            record::REAL | record::FORMULA_NUMBER => number(f64_at(content, 0)?),
            record::ERROR | record::FORMULA_ERROR => Value::Text(error_text(u8_at(content, 0)?)),
            record::BOOLEAN | record::FORMULA_BOOLEAN => Value::Text(value::truth(u8_at(content, 0)? != 0)),
            record::SHARED_TEXT => Value::Text(self.strings.get(u32_at(content, 0)? as usize)?),
            record::TEXT | record::FORMULA_TEXT => inline_text(content, text)?,
            // A byte of flags comes first.
            record::RICH_TEXT => inline_text(content.get(1..)?, text)?,
            _ => Value::Text(""),
        })
    }
}

fn inline_text<'v>(content: &[u8], text: &'v mut String) -> Option<Value<'v>> {
    text.clear();
    push_wide(content, text)?;
    Some(Value::Text(text))
}

/// Appends a text in UTF-16 behind its length in units, and returns what follows it.
fn push_wide<'d>(data: &'d [u8], text: &mut String) -> Option<&'d [u8]> {
    let len = (u32_at(data, 0)? as usize).checked_mul(2)?;
    let (units, rest) = data.get(4..)?.split_at_checked(len)?;
    push_utf16(utf16(units), text);
    Some(rest)
}

fn contents(package: &mut Package, part: &str) -> Result<(Epoch, Vec<(Sheet, String)>), Unreadable> {
    let mut records = Records::open(package, part)?;
    let mut epoch = Epoch::default();
    let mut sheets = Vec::new();
    while let Some(kind) = records.next()? {
        let data = records.data.as_slice();
        let broken = || Unreadable::damaged(part, "has a sheet's entry that is too short");
        match kind {
            record::WORKBOOK_PROPERTIES if u8_at(data, 0).is_some_and(|flags| flags & 1 != 0) => {
                epoch = Epoch::Year1904;
            }
            record::SHEET => sheets.push(sheet(data).ok_or_else(broken)?),
            _ => {}
        }
    }
    Ok((epoch, sheets))
}

/// A sheet and the identifier of its part.
fn sheet(data: &[u8]) -> Option<(Sheet, String)> {
    let visible = u32_at(data, 0)? == 0;
    let (mut id, mut name) = (String::new(), String::new());
    let rest = push_wide(data.get(8..)?, &mut id)?;
    push_wide(rest, &mut name)?;
    Some((Sheet { name, visible }, id))
}

/// What each of the cell formats shows.
fn formats(package: &mut Package, part: &str) -> Result<Vec<Kind>, Unreadable> {
    let mut records = Records::open(package, part)?;
    let mut codes = BTreeMap::new();
    let mut formats = Vec::new();
    let mut in_cell_formats = false;
    while let Some(kind) = records.next()? {
        let data = records.data.as_slice();
        match kind {
            record::NUMBER_FORMAT => {
                let mut code = String::new();
                if let Some(id) = u16_at(data, 0)
                    .filter(|_| push_wide(data.get(2..).unwrap_or_default(), &mut code).is_some())
                {
                    codes.insert(id, Kind::of_code(&code));
                }
            }
            record::BEGIN_CELL_FORMATS => in_cell_formats = true,
            record::END_CELL_FORMATS => in_cell_formats = false,
            record::CELL_FORMAT if in_cell_formats => formats.push(u16_at(data, 2).unwrap_or_default()),
            _ => {}
        }
    }
    Ok(formats.iter().map(|id| codes.get(id).copied().unwrap_or(Kind::built_in(u32::from(*id)))).collect())
}

fn shared_strings(package: &mut Package, part: &str, guards: &Guards) -> Result<Strings, Unreadable> {
    let mut records = Records::open(package, part)?;
    let mut strings = Strings::default();
    let mut text = String::new();
    while let Some(kind) = records.next()? {
        if kind == record::SHARED_STRING {
            text.clear();
            // A byte of flags comes first.
            let wide = records.data.get(1..).and_then(|data| push_wide(data, &mut text));
            wide.ok_or_else(|| Unreadable::damaged(part, "has a text that is too short"))?;
            strings.push(&text, guards)?;
        }
    }
    Ok(strings)
}

/// A part's records: a number, a length, the data (MS-XLSB 2.1.4).
struct Records<'a> {
    part: Part<'a>,
    name: &'a str,
    data: Vec<u8>,
}

impl<'a> Records<'a> {
    fn open(package: &'a mut Package, name: &'a str) -> Result<Self, Unreadable> {
        match package.part(name)? {
            Some(part) => Ok(Self { part, name, data: Vec::new() }),
            None => Err(Unreadable::damaged(name, "is missing")),
        }
    }

    /// Reads the next record and returns its number; past the last one, `None`.
    fn next(&mut self) -> Result<Option<u16>, Unreadable> {
        self.part.begin_item();
        match self.read() {
            Ok(kind) => Ok(kind),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(Unreadable::damaged(self.name, "ends too early"))
            }
            Err(error) => Err(Unreadable::of_io(&error, self.name)),
        }
    }

    fn read(&mut self) -> io::Result<Option<u16>> {
        let Some(first) = self.byte()? else { return Ok(None) };
        let mut kind = u16::from(first);
        if first & 0x80 != 0 {
            kind = (kind & 0x7F) | (u16::from(self.needed_byte()? & 0x7F) << 7);
        }
        let mut len = 0_usize;
        for position in 0..4 {
            let byte = self.needed_byte()?;
            len |= usize::from(byte & 0x7F) << (7 * position);
            if byte & 0x80 == 0 {
                break;
            }
        }
        if len > LONGEST_ITEM {
            let fault = Unreadable::damaged(self.name, "has a record of more than 1 MiB");
            return Err(io::Error::other(fault));
        }
        self.data.resize(len, 0);
        self.part.read_exact(&mut self.data)?;
        Ok(Some(kind))
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let mut byte = [0];
        Ok((self.part.read(&mut byte)? == 1).then_some(byte[0]))
    }

    fn needed_byte(&mut self) -> io::Result<u8> {
        self.byte()?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// Reads the rest without looking at it.
    fn drain(mut self) -> Result<(), Unreadable> {
        self.part.drain(self.name)
    }
}
