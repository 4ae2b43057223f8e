#![doc = include_str!("../README.md")]

mod lists;
mod read_me;
mod roster;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use shared_rules::{
    dictionary::{Dictionary, Entry, csv_line},
    program::Program,
};

use self::lists::Lists;

/// The program's columns do not fit into a workbook: there are more than a sheet has, a header is longer than a
/// cell, or two sheets would have the same name.
#[derive(Debug, thiserror::Error)]
#[error("the program does not fit into a workbook")]
pub struct TemplateError(#[from] XlsxError);

/// A sheet to fill in.
struct Sheet<'a> {
    name: String,
    entries: Vec<&'a Entry>,
}

/// The header alone, as UTF-8 with the mark by which spreadsheets know it.
#[must_use]
pub fn csv_template(program: &Program) -> String {
    let names: Vec<&str> = program.fields.iter().map(|field| field.name.as_str()).collect();
    format!("\u{feff}{}", csv_line(&names))
}

/// An XLSX file: the sheets to fill in, then "Read me".
pub fn workbook_template(program: &Program) -> Result<Vec<u8>, TemplateError> {
    let dictionary = Dictionary::of(program);
    let sheets = sheets(program, &dictionary);
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&dictionary)?);
    let mut lists = Lists::default();
    for sheet in &sheets {
        roster::write(workbook.add_worksheet(), sheet, &mut lists)?;
    }
    read_me::write(workbook.add_worksheet(), &dictionary, &sheets)?;
    lists.write(&mut workbook)?;
    Ok(workbook.save_to_buffer()?)
}

/// A sheet for each kind of people where the program has such; there, the sheet says what a column would.
fn sheets<'a>(program: &Program, dictionary: &'a Dictionary) -> Vec<Sheet<'a>> {
    let Some(sheets) = &program.sheets else {
        return vec![Sheet {
            name: sheet_name(&dictionary.title),
            entries: dictionary.entries.iter().collect(),
        }];
    };
    let said = &program.fields[sheets.field].name;
    let entries: Vec<&Entry> = dictionary.entries.iter().filter(|entry| entry.name != *said).collect();
    let names = sheets.values.iter().map(|(name, _)| name.clone());
    names.map(|name| Sheet { name, entries: entries.clone() }).collect()
}

fn properties(dictionary: &Dictionary) -> Result<DocProperties, XlsxError> {
    // Any fixed day: with today's, the same program would give other bytes tomorrow.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    Ok(DocProperties::new().set_title(&dictionary.title).set_creation_datetime(&created))
}

/// The title as far as Excel takes it for a sheet's name: up to 31 UTF-16 units, some characters not among them.
fn sheet_name(title: &str) -> String {
    let mut units = 0;
    let fits = |char: &char| {
        units += char.len_utf16();
        units <= 31
    };
    let allowed = |char: char| if char.is_control() || r"*?:[]\/".contains(char) { ' ' } else { char };
    let name: String = title.trim().chars().map(allowed).take_while(fits).collect();
    let name = name.trim_matches([' ', '\'']);
    if name.is_empty() { "Roster".to_owned() } else { name.to_owned() }
}

/// The text cut to so many characters.
fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
