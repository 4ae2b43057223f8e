//! The sheet that explains the others: how to use them, and the data dictionary.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};
use shared_rules::dictionary::{Dictionary, HEADINGS};

use crate::{Sheet, shortened};

const NAME: &str = "Read me";
const USE: &str = "Fill in what comes before this sheet, one person to a row, leaving the headings as they are: columns \
                   with a dark heading must have a value, and what else you do not know may stay blank.";
/// Of the columns under the headings, in characters.
const WIDTHS: [f64; 8] = [28.0, 26.0, 26.0, 26.0, 44.0, 26.0, 26.0, 60.0];
/// Well below what a cell holds, and more than anybody reads in one.
const CELL_CHARACTERS: usize = 10_000;

pub(crate) fn write(
    worksheet: &mut Worksheet,
    dictionary: &Dictionary,
    sheets: &[Sheet<'_>],
) -> Result<(), XlsxError> {
    worksheet.set_name(NAME)?;
    for (column, width) in (0..).zip(WIDTHS) {
        worksheet.set_column_width(column, width)?;
    }
    let title = Format::new().set_bold().set_font_size(14);
    worksheet.write_string(0, 0, shortened(&dictionary.description, CELL_CHARACTERS))?;
    worksheet.write_string(1, 0, USE)?;
    let mut row = 3;
    for sheet in sheets {
        worksheet.write_string_with_format(row, 0, &sheet.name, &title)?;
        row = write_table(worksheet, row + 1, sheet)? + 1;
    }
    Ok(())
}

/// Gives the row after the table's last.
fn write_table(worksheet: &mut Worksheet, mut row: u32, sheet: &Sheet<'_>) -> Result<u32, XlsxError> {
    let heading = Format::new().set_bold().set_background_color(0xE3_EBF1);
    let cell = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format("@");
    worksheet.write_row_with_format(row, 0, HEADINGS, &heading)?;
    for entry in &sheet.entries {
        row += 1;
        let cells = entry.row().map(|text| shortened(&text, CELL_CHARACTERS));
        worksheet.write_row_with_format(row, 0, cells, &cell)?;
    }
    Ok(row + 1)
}
