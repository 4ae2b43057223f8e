//! A sheet to fill in: the header, and below it columns that are ready for their values.

use rust_xlsxwriter::{
    DataValidation, DataValidationRule, ExcelDateTime, Format, FormatBorder, IgnoreError, Note, Worksheet,
    XlsxError,
};
use shared_rules::{
    dictionary::{CellType, Entry, Required},
    limits::Limits,
};

use crate::{Sheet, lists::Lists, shortened};

/// The rows that a roster may have, below the header's row 0.
const FIRST_ROW: u32 = 1;
const LAST_ROW: u32 = Limits::DEFAULT.rows;

pub(crate) fn write(
    worksheet: &mut Worksheet,
    sheet: &Sheet<'_>,
    lists: &mut Lists,
) -> Result<(), XlsxError> {
    worksheet.set_name(&sheet.name)?.set_freeze_panes(FIRST_ROW, 0)?;
    for (column, entry) in (0..).zip(&sheet.entries) {
        write_header(worksheet, column, entry)?;
        prepare_cells(worksheet, column, entry)?;
        if let Some(validation) = validation(entry, lists)? {
            worksheet.add_data_validation(FIRST_ROW, column, LAST_ROW, column, &validation)?;
        }
    }
    Ok(())
}

/// The cell has the exact name, by which the import knows the column; everything else is in its note.
fn write_header(worksheet: &mut Worksheet, column: u16, entry: &Entry) -> Result<(), XlsxError> {
    worksheet.write_string_with_format(0, column, &entry.name, &header_format(&entry.required))?;
    worksheet.set_column_width(column, width(entry))?;
    worksheet.insert_note(0, column, &note(entry))?;
    Ok(())
}

fn header_format(required: &Required) -> Format {
    let (background, text) = match required {
        Required::Yes => (0x2F_5D7C, 0xFF_FFFF),
        Required::Depends(_) => (0xA9_C6D9, 0x1F_2933),
        Required::No => (0xE3_EBF1, 0x1F_2933),
    };
    let format = Format::new().set_bold().set_background_color(background).set_font_color(text);
    format.set_border(FormatBorder::Thin).set_border_color(0xFF_FFFF)
}

/// Room for the header and the example, in characters.
fn width(entry: &Entry) -> f64 {
    let longest = entry.name.chars().count().max(entry.example.chars().count());
    f64::from(u8::try_from(longest).unwrap_or(u8::MAX).clamp(10, 40) + 4)
}

fn note(entry: &Entry) -> Note {
    const CHARACTERS: usize = 1_000;
    const CHARACTERS_PER_LINE: usize = 45;
    const PIXELS_PER_LINE: u32 = 14;

    let text = shortened(&note_text(entry), CHARACTERS);
    let lines: usize = text.lines().map(|line| 1 + line.chars().count() / CHARACTERS_PER_LINE).sum();
    let height = u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1).saturating_mul(PIXELS_PER_LINE);
    Note::new(text).set_author("Rollcall").add_author_prefix(false).set_width(300).set_height(height)
}

fn note_text(entry: &Entry) -> String {
    let required = match &entry.required {
        Required::Yes => "Required.",
        Required::No => "May be left blank.",
        Required::Depends(sentence) => sentence,
    };
    let lines = [
        ("", required),
        ("", &entry.description),
        ("Type: ", &entry.kind),
        ("Allowed values: ", &entry.values.join("; ")),
        ("Limits: ", &entry.limits),
        ("Example: ", &entry.example),
    ];
    let lines = lines.into_iter().filter(|(_, text)| !text.is_empty());
    lines.map(|(label, text)| format!("{label}{text}")).collect::<Vec<_>>().join("\n")
}

/// Formats the whole column, which makes no cells and so no rows.
fn prepare_cells(worksheet: &mut Worksheet, column: u16, entry: &Entry) -> Result<(), XlsxError> {
    let format = match entry.cells {
        CellType::Text | CellType::Choice | CellType::Suggestion => "@",
        CellType::Date { .. } => "yyyy-mm-dd",
        CellType::Number => return Ok(()),
    };
    worksheet.set_column_format(column, &Format::new().set_num_format(format))?;
    if format == "@" {
        // Excel would mark each postal code as a possible mistake.
        let error = IgnoreError::NumberStoredAsText;
        worksheet.ignore_error_range(FIRST_ROW, column, LAST_ROW, column, error)?;
    }
    Ok(())
}

fn validation(entry: &Entry, lists: &mut Lists) -> Result<Option<DataValidation>, XlsxError> {
    let validation = match &entry.cells {
        CellType::Choice => {
            lists.drop_down(&entry.values)?.set_error_message("Choose one of the values in the list.")?
        }
        CellType::Suggestion => lists.drop_down(&entry.values)?.show_error_message(false),
        CellType::Date { least, most } => date(least.as_deref(), most.as_deref())?,
        CellType::Text | CellType::Number => return Ok(None),
    };
    Ok(Some(validation))
}

fn date(least: Option<&str>, most: Option<&str>) -> Result<DataValidation, XlsxError> {
    // Dates of this form sort as texts, and Excel has no earlier ones.
    const FIRST: &str = "1900-01-01";
    const LAST: &str = "9999-12-31";

    let day = |text: &str| ExcelDateTime::parse_from_str(text.max(FIRST));
    let range = DataValidationRule::Between(day(least.unwrap_or(FIRST))?, day(most.unwrap_or(LAST))?);
    let message = match (least, most) {
        (None, None) => "Write a date as YYYY-MM-DD.".to_owned(),
        (Some(least), None) => format!("Write a date as YYYY-MM-DD, {least} or later."),
        (None, Some(most)) => format!("Write a date as YYYY-MM-DD, {most} or earlier."),
        (Some(least), Some(most)) => format!("Write a date as YYYY-MM-DD, between {least} and {most}."),
    };
    DataValidation::new().allow_date(range).set_error_message(message)
}
