#![doc = include_str!("../README.md")]
// What is read is hostile until it is known not to be: an index or a sum out of range must be an error.
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

mod biff;
mod bytes;
mod csv;
mod format;
mod guards;
mod number_format;
mod ods;
mod ole;
mod opc;
mod package;
mod strings;
mod unreadable;
mod value;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

use std::ops::ControlFlow;

use self::{
    csv::CsvWriter, ods::Ods, ole::Ole, opc::Relationships, package::Package, unreadable::Stop, value::Value,
    xls::Xls, xlsb::Xlsb, xlsx::Xlsx,
};
pub use self::{
    format::Format,
    guards::{Bound, Guards},
    unreadable::{Place, Unreadable},
};

/// An opened workbook. It keeps the file's bytes and the texts that its cells refer to; sheets are read from
/// them each time.
pub struct Workbook {
    format: Format,
    sheets: Vec<Sheet>,
    guards: Guards,
    book: Book,
}

/// A worksheet. Charts, dialogues and macro sheets are not among a workbook's sheets.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sheet {
    pub name: String,
    /// Whether the spreadsheet program shows its tab.
    pub visible: bool,
}

enum Book {
    Xlsx(Xlsx),
    Xlsb(Xlsb),
    Xls(Xls),
    Ods(Ods),
}

/// Receives cells: row and column, 0-based, and the value.
type Each<'a> = dyn FnMut(u32, u32, Value<'_>) -> Result<(), Stop> + 'a;

impl Workbook {
    /// Opens a workbook of any [`Format`]; its content says which.
    pub fn open(bytes: Vec<u8>, guards: &Guards) -> Result<Self, Unreadable> {
        if bytes.len() as u64 > guards.file_bytes {
            return Err(Unreadable::too_large(guards, Bound::FileBytes));
        }
        let (format, book, sheets) = match Format::sniff(&bytes) {
            None => return Err(Unreadable::NotAWorkbook),
            Some(Format::Xls) => {
                let (xls, sheets) = Xls::open(Ole::open(bytes)?, guards)?;
                (Format::Xls, Book::Xls(xls), sheets)
            }
            Some(_) => open_archive(Package::open(bytes, guards)?, guards)?,
        };
        Ok(Self { format, sheets, guards: *guards, book })
    }

    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The worksheets in the order of their tabs.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The index of the first visible sheet that has a value in a cell.
    pub fn default_sheet(&mut self) -> Result<usize, Unreadable> {
        for index in 0..self.sheets.len() {
            let visible = self.sheets.get(index).is_some_and(|sheet| sheet.visible);
            if visible && self.has_value(index)? {
                return Ok(index);
            }
        }
        Err(Unreadable::Empty)
    }

    /// Writes the sheet of that index (0-based) as CSV: UTF-8, commas, quotes where needed, LF. Line n is row
    /// n of the sheet and cell k is its column k; a quoted line break does not end a line. A sheet without a
    /// value has no line.
    ///
    /// `sink` receives chunks of about 64 KiB, cut anywhere, and says whether it wants more. If it does not,
    /// the answer is `Ok`. After an error, what it has received is not the whole sheet.
    pub fn write_csv(
        &mut self,
        sheet: usize,
        sink: &mut impl FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), Unreadable> {
        let guards = self.guards;
        let mut writer = CsvWriter::new(&guards, sink);
        let written = self
            .cells(sheet, &mut |row, column, value| writer.cell(row, column, value))
            .and_then(|()| writer.finish());
        match written {
            Ok(()) | Err(Stop::Enough) => Ok(()),
            Err(Stop::Unreadable(unreadable)) => Err(unreadable),
        }
    }

    fn has_value(&mut self, sheet: usize) -> Result<bool, Unreadable> {
        let mut first =
            |_, _, value: Value<'_>| if value == Value::Text("") { Ok(()) } else { Err(Stop::Enough) };
        match self.cells(sheet, &mut first) {
            Ok(()) => Ok(false),
            Err(Stop::Enough) => Ok(true),
            Err(Stop::Unreadable(unreadable)) => Err(unreadable),
        }
    }

    fn cells(&mut self, sheet: usize, each: &mut Each<'_>) -> Result<(), Stop> {
        match &mut self.book {
            Book::Xlsx(xlsx) => xlsx.cells(sheet, each),
            Book::Xlsb(xlsb) => xlsb.cells(sheet, each),
            Book::Xls(xls) => xls.cells(sheet, each),
            Book::Ods(ods) => ods.cells(sheet, each),
        }
    }
}

/// Tells by its entries what an archive is, and opens it.
fn open_archive(mut package: Package, guards: &Guards) -> Result<(Format, Book, Vec<Sheet>), Unreadable> {
    if package.contains("content.xml") {
        let (ods, sheets) = Ods::open(package, guards)?;
        return Ok((Format::Ods, Book::Ods(ods), sheets));
    }
    let package_relationships = Relationships::of(&mut package, "")?;
    let Some(part) = package_relationships.of_kind("officeDocument")? else {
        return Err(Unreadable::NoWorkbookInside { container: "a ZIP archive" });
    };
    let binary = part.rsplit('.').next().is_some_and(|extension| extension.eq_ignore_ascii_case("bin"));
    if binary {
        let (xlsb, sheets) = Xlsb::open(package, part, guards)?;
        return Ok((Format::Xlsb, Book::Xlsb(xlsb), sheets));
    }
    let (xlsx, sheets) = Xlsx::open(package, part, guards)?;
    Ok((Format::Xlsx, Book::Xlsx(xlsx), sheets))
}
