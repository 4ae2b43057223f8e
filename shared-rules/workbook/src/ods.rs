//! ODS: `OpenDocument` 1.2, part 1, chapter 9.

use std::{collections::BTreeSet, io::Read};

use quick_xml::events::{BytesStart, Event};

use crate::{
    Each, Sheet,
    format::ODS_TYPE,
    guards::{Bound, Guards},
    package::Package,
    unreadable::{Stop, Unreadable},
    value::{self, Value},
    xml::{Text, Xml, attribute},
};

/// An opened workbook. All sheets are in one part, which is read through for each.
pub(crate) struct Ods {
    package: Package,
    guards: Guards,
    sheets: usize,
}

const CONTENT: &str = "content.xml";
const MANIFEST: &str = "META-INF/manifest.xml";

impl Ods {
    pub(crate) fn open(mut package: Package, guards: &Guards) -> Result<(Self, Vec<Sheet>), Unreadable> {
        check_type(&mut package)?;
        check_encryption(&mut package)?;
        let sheets = sheets(&mut package)?;
        Ok((Self { package, guards: *guards, sheets: sheets.len() }, sheets))
    }

    /// Gives the cells of a sheet in their order.
    pub(crate) fn cells(&mut self, sheet: usize, each: &mut Each<'_>) -> Result<(), Stop> {
        if sheet >= self.sheets {
            return Err(Unreadable::NoSuchSheet { index: sheet }.into());
        }
        self.package.refill();
        let mut xml = content(&mut self.package)?;
        let mut tables = 0;
        loop {
            match xml.next()? {
                Event::Start(element) if is(&element, "table") => {
                    if tables == sheet {
                        Table { xml: &mut xml, guards: &self.guards, row: 0, each }.read()?;
                        return Ok(xml.drain()?);
                    }
                    tables += 1;
                    skip(&mut xml)?;
                }
                Event::Empty(element) if is(&element, "table") => tables += 1,
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }
}

/// A table that is being read.
struct Table<'t, 'x, 'e> {
    xml: &'t mut Xml<'x>,
    guards: &'t Guards,
    /// The next row, 0-based.
    row: u32,
    each: &'t mut Each<'e>,
}

/// What a cell says in its attributes.
struct Attributes {
    kind: CellKind,
    /// How many columns it fills.
    repeated: u32,
    value: String,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum CellKind {
    /// Also errors, whose text is their value.
    Text,
    Number,
    Boolean,
    IsoMoment,
    IsoDuration,
}

/// A row's cells with a value: first column, how many columns, text.
type Cells = Vec<(u32, u32, String)>;

/// Text that is kept of a row. It is that of the longest row which the rules read.
const LONGEST_ROW: usize = 8 << 20;

impl Table<'_, '_, '_> {
    /// Reads the rows up to the table's end. They can stand in groups.
    fn read(mut self) -> Result<(), Stop> {
        let depth = self.xml.depth();
        loop {
            match self.xml.next()? {
                Event::Start(element) if is(&element, "table-row") => {
                    let rows = repeated(&element, "number-rows-repeated")?;
                    let cells = self.cells()?;
                    self.give(&cells, rows)?;
                }
                Event::Empty(element) if is(&element, "table-row") => {
                    self.row = self.row.saturating_add(repeated(&element, "number-rows-repeated")?);
                }
                // A table in an element that is no row does not belong to the sheet's own rows.
                Event::Start(element) if is(&element, "table") || is(&element, "shapes") => skip(self.xml)?,
                Event::Eof => return Ok(()),
                _ => {}
            }
            if self.xml.depth() < depth {
                return Ok(());
            }
        }
    }

    fn give(&mut self, cells: &Cells, rows: u32) -> Result<(), Stop> {
        let end = self.row.saturating_add(rows);
        while self.row < end && !cells.is_empty() {
            for (first, columns, text) in cells {
                for column in *first..first.saturating_add(*columns) {
                    (self.each)(self.row, column, Value::Text(text))?;
                }
            }
            self.row += 1;
        }
        self.row = end;
        Ok(())
    }

    /// Reads a row's cells up to its end.
    fn cells(&mut self) -> Result<Cells, Unreadable> {
        let depth = self.xml.depth();
        let mut cells = Cells::new();
        let (mut column, mut kept) = (0_u32, 0);
        loop {
            let (repeated, text) = match self.xml.next()? {
                Event::Start(element) if is(&element, "table-cell") => {
                    let attributes = Attributes::of(&element)?;
                    (attributes.repeated, self.text(&attributes)?)
                }
                Event::Empty(element) if is(&element, "table-cell") => {
                    let attributes = Attributes::of(&element)?;
                    (attributes.repeated, attributes.text())
                }
                // Under a merged cell there may still be a value, which is not shown.
                Event::Start(element) if is(&element, "covered-table-cell") => {
                    let repeated = repeated(&element, "number-columns-repeated")?;
                    skip(self.xml)?;
                    (repeated, String::new())
                }
                Event::Empty(element) if is(&element, "covered-table-cell") => {
                    (repeated(&element, "number-columns-repeated")?, String::new())
                }
                _ => {
                    if self.xml.depth() < depth {
                        return Ok(cells);
                    }
                    continue;
                }
            };
            kept += text.len();
            if !text.is_empty() {
                // Checked here too, so that what is kept of a row is bounded.
                if column >= self.guards.columns {
                    return Err(Unreadable::too_large(self.guards, Bound::Columns));
                }
                if kept > LONGEST_ROW {
                    return Err(self.xml.damaged("has a row of more than 8 MiB"));
                }
                cells.push((column, repeated, text));
            }
            column = column.saturating_add(repeated);
        }
    }

    /// Reads a cell up to its end: its attributes' value, or its paragraphs with a line break between.
    fn text(&mut self, attributes: &Attributes) -> Result<String, Unreadable> {
        let depth = self.xml.depth();
        let mut text = Text::default();
        let mut paragraphs = 0;
        loop {
            match self.xml.next()? {
                Event::Start(element) if is(&element, "p") => {
                    if paragraphs > 0 {
                        text.text.push('\n');
                    }
                    paragraphs += 1;
                    self.paragraph(&mut text)?;
                }
                Event::Empty(element) if is(&element, "p") => {
                    if paragraphs > 0 {
                        text.text.push('\n');
                    }
                    paragraphs += 1;
                }
                // A comment, a picture, a table in the cell.
                Event::Start(_) => skip(self.xml)?,
                _ => {}
            }
            if self.xml.depth() < depth {
                break;
            }
        }
        let value = attributes.text();
        Ok(if value.is_empty() { text.text } else { value })
    }

    fn paragraph(&mut self, text: &mut Text) -> Result<(), Unreadable> {
        let depth = self.xml.depth();
        loop {
            match self.xml.next()? {
                Event::Empty(element) | Event::Start(element) if is(&element, "s") => {
                    let spaces = repeated(&element, "c")? as usize;
                    // More than a cell can hold is as wrong as one more.
                    let spaces = spaces.min(self.guards.cell_characters.saturating_add(1));
                    text.text.extend(std::iter::repeat_n(' ', spaces));
                    text.check(self.guards)?;
                }
                Event::Empty(element) | Event::Start(element) if is(&element, "tab") => text.text.push('\t'),
                Event::Empty(element) | Event::Start(element) if is(&element, "line-break") => {
                    text.text.push('\n');
                }
                Event::Start(element) if is(&element, "annotation") => skip(self.xml)?,
                event => text.push(&event, self.guards)?,
            }
            if self.xml.depth() < depth {
                return Ok(());
            }
        }
    }
}

impl Attributes {
    fn of(element: &BytesStart<'_>) -> Result<Self, Unreadable> {
        let kind = attribute(element, "value-type").unwrap_or_default();
        let (kind, name) = match kind.as_ref() {
            "float" | "percentage" | "currency" => (CellKind::Number, "value"),
            "boolean" => (CellKind::Boolean, "boolean-value"),
            "date" => (CellKind::IsoMoment, "date-value"),
            "time" => (CellKind::IsoDuration, "time-value"),
            _ => (CellKind::Text, "string-value"),
        };
        let value = attribute(element, name).unwrap_or_default().into_owned();
        Ok(Self { kind, repeated: repeated(element, "number-columns-repeated")?, value })
    }

    fn text(&self) -> String {
        let mut text = String::new();
        match self.kind {
            _ if self.value.is_empty() => {}
            CellKind::Text => text.push_str(&self.value),
            CellKind::Boolean => text.push_str(value::truth(self.value == "true")),
            CellKind::IsoMoment => value::push_iso_moment(&self.value, &mut text),
            CellKind::IsoDuration => value::push_iso_duration(&self.value, &mut text),
            CellKind::Number => match self.value.parse() {
                Ok(number) => value::push_number(number, &mut text),
                Err(_) => text.push_str(&self.value),
            },
        }
        text
    }
}

fn check_type(package: &mut Package) -> Result<(), Unreadable> {
    let Some(part) = package.part("mimetype")? else { return Err(not_a_spreadsheet()) };
    let mut found = Vec::new();
    // Templates have a longer type that begins in the same way.
    let read = part.take(ODS_TYPE.len() as u64).read_to_end(&mut found);
    read.map_err(|error| Unreadable::of_io(&error, "mimetype"))?;
    if found == ODS_TYPE { Ok(()) } else { Err(not_a_spreadsheet()) }
}

fn check_encryption(package: &mut Package) -> Result<(), Unreadable> {
    let Some(mut xml) = package.xml(MANIFEST)? else { return Ok(()) };
    loop {
        match xml.next()? {
            Event::Start(element) | Event::Empty(element) if is(&element, "encryption-data") => {
                return Err(Unreadable::Encrypted);
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn sheets(package: &mut Package) -> Result<Vec<Sheet>, Unreadable> {
    let mut xml = content(package)?;
    let mut sheets = Vec::new();
    let mut hidden_styles = BTreeSet::new();
    let mut style = None;
    loop {
        match xml.next()? {
            Event::Start(element) | Event::Empty(element) if is(&element, "style") => {
                style = attribute(&element, "name").map(std::borrow::Cow::into_owned);
            }
            Event::Start(element) | Event::Empty(element)
                if is(&element, "table-properties")
                    && attribute(&element, "display").as_deref() == Some("false") =>
            {
                hidden_styles.extend(style.take());
            }
            Event::Start(element) if is(&element, "table") => {
                sheets.push(sheet(&element, &hidden_styles));
                skip(&mut xml)?;
            }
            Event::Empty(element) if is(&element, "table") => sheets.push(sheet(&element, &hidden_styles)),
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

fn sheet(element: &BytesStart<'_>, hidden_styles: &BTreeSet<String>) -> Sheet {
    let style = attribute(element, "style-name").unwrap_or_default();
    let name = attribute(element, "name").unwrap_or_default().into_owned();
    Sheet { name, visible: !hidden_styles.contains(style.as_ref()) }
}

fn content(package: &mut Package) -> Result<Xml<'_>, Unreadable> {
    package.xml(CONTENT)?.ok_or_else(not_a_spreadsheet)
}

/// Reads on to the end of the element that has just begun.
fn skip(xml: &mut Xml<'_>) -> Result<(), Unreadable> {
    let depth = xml.depth();
    loop {
        if matches!(xml.next()?, Event::Eof) || xml.depth() < depth {
            return Ok(());
        }
    }
}

/// How often something stands there: the attribute's number, or once.
fn repeated(element: &BytesStart<'_>, name: &str) -> Result<u32, Unreadable> {
    let Some(number) = attribute(element, name) else { return Ok(1) };
    // A number that is too large for the type is past every bound, too.
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let broken = || Unreadable::damaged(CONTENT, "repeats something a number of times that is none");
    if digits { Ok(number.parse().unwrap_or(u32::MAX)) } else { Err(broken()) }
}

fn is(element: &BytesStart<'_>, name: &str) -> bool {
    element.local_name().as_ref() == name
}

fn not_a_spreadsheet() -> Unreadable {
    Unreadable::NoWorkbookInside { container: "a ZIP archive" }
}
