//! The file while it is written: rows that the program's own rules take, as CSV or as a workbook.

use std::{borrow::Cow, collections::HashSet, sync::Arc};

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use shared_rules::{
    check::CheckedRow,
    diagnostic::Severity,
    program::{Field, Program},
    spreadsheet,
};

use super::{ExportFormat, Made};
use crate::failure::Failure;

/// Rows of a workbook: it is put together in memory.
const WORKBOOK_ROWS: u32 = 100_000;

/// A row as the program's rules read it.
pub fn line(cells: &[impl AsRef<[u8]>]) -> Result<Vec<u8>, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).map_err(Failure::store("write a row"))?;
    writer.into_inner().map_err(|error| Failure::store("write a row")(error.into_error()))
}

/// The file while it is written.
pub struct File {
    program: Arc<Program>,
    sheet: Sheet,
    made: Made,
    /// The first thing that could not be written; it is told at the end.
    fault: Option<Failure>,
}

enum Sheet {
    Csv(Vec<u8>),
    Xlsx(Box<Worksheet>),
}

impl File {
    pub fn new(format: ExportFormat, program: Arc<Program>) -> Result<Self, Failure> {
        let header = program.fields.iter().map(|field| field.name.clone()).collect();
        let mut file = Self {
            program,
            sheet: match format {
                // The mark by which spreadsheets know UTF-8.
                ExportFormat::Csv => Sheet::Csv("\u{feff}".into()),
                ExportFormat::Xlsx => Sheet::Xlsx(Box::new(Worksheet::new())),
            },
            made: Made::default(),
            fault: None,
        };
        file.put(0, header)?;
        Ok(file)
    }

    /// Writes a row that the program takes, and counts one that it does not.
    pub fn write(&mut self, row: &CheckedRow<'_>) {
        let Some(refused) = self.refused_cells(row) else {
            self.made.left_out += 1;
            return;
        };
        let cell = |(field, cell): (&Field, Cow<'_, str>)| {
            if refused.contains(field.name.as_str()) {
                String::new()
            } else {
                spreadsheet::neutralise(&cell).into_owned()
            }
        };
        let cells = self.program.fields.iter().zip(row.cells()).map(cell).collect();
        self.made.rows += 1;
        if matches!(self.sheet, Sheet::Xlsx(_)) && self.made.rows > WORKBOOK_ROWS {
            self.made.too_large = true;
        } else if let Err(fault) = self.put(self.made.rows, cells) {
            self.fault.get_or_insert(fault);
        }
    }

    /// The columns of the cells that the program does not take and that may as well be blank, which erases nothing:
    /// a source that the importer set by default is one. `None` if the row is wrong in another way.
    fn refused_cells<'r>(&self, row: &'r CheckedRow<'_>) -> Option<HashSet<&'r str>> {
        let errors = row.diagnostics().iter().filter(|finding| finding.severity == Severity::Error);
        let refused: HashSet<&str> =
            errors.map(|error| error.location.column.as_deref()).collect::<Option<_>>()?;
        let is_needed = |field: &Field| field.required && refused.contains(field.name.as_str());
        (!self.program.fields.iter().any(is_needed)).then_some(refused)
    }

    fn put(&mut self, number: u32, cells: Vec<String>) -> Result<(), Failure> {
        match &mut self.sheet {
            Sheet::Csv(text) => text.extend(line(&cells)?),
            Sheet::Xlsx(sheet) => {
                for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                    sheet.write_string(number, column, cell).map_err(workbook_fault)?;
                }
            }
        }
        Ok(())
    }

    /// What is written and not taken yet.
    pub fn take(&mut self) -> Vec<u8> {
        match &mut self.sheet {
            Sheet::Csv(text) => std::mem::take(text),
            Sheet::Xlsx(_) => Vec::new(),
        }
    }

    /// What is still to be written, and what became of all.
    pub fn finish(mut self) -> Result<(Vec<u8>, Made), Failure> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let rest = match self.sheet {
            Sheet::Csv(ref mut text) => std::mem::take(text),
            Sheet::Xlsx(sheet) => {
                let mut workbook = Workbook::new();
                workbook.push_worksheet(*sheet);
                workbook.save_to_buffer().map_err(workbook_fault)?
            }
        };
        Ok((rest, self.made))
    }
}

fn workbook_fault(error: XlsxError) -> Failure {
    Failure::store("write a workbook")(error)
}
