//! What the importer says of how the file is to be read, where what it seems to be is wrong.

use std::{collections::BTreeSet, fmt::Display, str::FromStr};

use jiff::civil::Date;
use roster_files::{Encoding, FileOptions};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use shared_rules::{
    check::CheckOptions,
    columns::Mapping,
    limits::Limits,
    options::{DateOrder, Delimiter, DuplicatePolicy},
    program::Program,
    sheets::Sheets,
};
use thiserror::Error;
use utoipa::{
    ToSchema,
    openapi::{
        ObjectBuilder, Type,
        schema::{ArrayBuilder, Object},
    },
};

/// How the file is to be read; what is absent is as the file seems to be.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadingOptions {
    /// By header the program's column that it is, or `null` to leave the column out.
    #[serde(default, skip_serializing_if = "Mapping::is_empty")]
    #[schema(value_type = HashMap<String, Option<String>>, required = false)]
    pub mapping: Mapping,
    /// The sheet of a workbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 255, nullable = false)]
    pub sheet: Option<String>,
    /// The sheets that the text was joined from, of a workbook that was edited before the upload: their rows follow one
    /// another, and `before` says how many rows the sheets before have.
    #[serde(default, skip_serializing_if = "Sheets::is_empty")]
    #[schema(schema_with = sheets, required = false)]
    pub sheets: Sheets,
    /// The text's encoding.
    #[serde(default, with = "by_name", skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = encodings, required = false)]
    pub encoding: Option<Encoding>,
    /// What stands between the cells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = delimiters, required = false)]
    pub delimiter: Option<Delimiter>,
    /// The row in which the headers are, as a spreadsheet shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100, nullable = false)]
    pub header_row: Option<u32>,
    /// How dates such as 3/4/2011 are meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = date_orders, required = false)]
    pub date_order: Option<DateOrder>,
}

/// Why a file cannot be read as the importer says.
#[derive(Debug, Eq, Error, PartialEq)]
pub enum ReadingFault {
    #[error("The program {program} has no column `{column}`. Choose one of its columns, or none.")]
    UnknownColumn { program: String, column: String },
    #[error("Two headers are to be {0}. Choose one of them.")]
    ColumnChosenTwice(String),
    #[error("A column without a header cannot be chosen. Write its header into the file.")]
    BlankHeader,
    #[error("A file has {} columns at most.", Limits::DEFAULT.columns)]
    TooManyHeaders,
    #[error("The chosen headers have more than {MAPPING_BYTES} bytes. Shorten them in the file.")]
    HeadersTooLong,
    #[error("A sheet's name has {SHEET_NAME} characters at most.")]
    SheetNameTooLong,
    #[error("A roster has {SHEETS} sheets at most.")]
    TooManySheets,
    #[error("The sheets' rows follow one another. Name the sheets in the order of their rows.")]
    SheetsOutOfOrder,
    #[error("The header is among the first {HEADER_ROWS} rows; count from 1.")]
    HeaderRowOutOfRange,
}

/// A mapping is stored with its import, in an item of 400 KB at most.
const MAPPING_BYTES: usize = 64 << 10;
const SHEET_NAME: usize = 255;
/// Stored with the import too.
const SHEETS: usize = 100;
/// So many rows are looked at for the header.
const HEADER_ROWS: u32 = 100;

impl ReadingOptions {
    /// Finds the first choice that a file of this program cannot be read by.
    pub fn validate(&self, program: &Program) -> Result<(), ReadingFault> {
        self.validate_mapping(program)?;
        self.validate_sheets()?;
        if self.header_row.is_some_and(|row| !(1..=HEADER_ROWS).contains(&row)) {
            return Err(ReadingFault::HeaderRowOutOfRange);
        }
        Ok(())
    }

    fn validate_sheets(&self) -> Result<(), ReadingFault> {
        let mut names = self.sheet.iter().chain(self.sheets.iter().map(|sheet| &sheet.name));
        if names.any(|name| name.chars().count() > SHEET_NAME) {
            return Err(ReadingFault::SheetNameTooLong);
        }
        if self.sheets.iter().count() > SHEETS {
            return Err(ReadingFault::TooManySheets);
        }
        if !self.sheets.iter().map(|sheet| sheet.before).is_sorted() {
            return Err(ReadingFault::SheetsOutOfOrder);
        }
        Ok(())
    }

    fn validate_mapping(&self, program: &Program) -> Result<(), ReadingFault> {
        if self.mapping.len() > Limits::DEFAULT.columns {
            return Err(ReadingFault::TooManyHeaders);
        }
        if self.mapping.keys().map(String::len).sum::<usize>() > MAPPING_BYTES {
            return Err(ReadingFault::HeadersTooLong);
        }
        if self.mapping.keys().any(|header| header.trim().is_empty()) {
            return Err(ReadingFault::BlankHeader);
        }
        let mut chosen = BTreeSet::new();
        for column in self.mapping.values().flatten() {
            if !program.fields.iter().any(|field| field.name == *column) {
                let program = program.name.clone();
                return Err(ReadingFault::UnknownColumn { program, column: column.clone() });
            }
            if !chosen.insert(column) {
                return Err(ReadingFault::ColumnChosenTwice(column.clone()));
            }
        }
        Ok(())
    }

    /// The check that reads the file so. `today` is the day by which birth dates are judged.
    #[must_use]
    pub fn file_options(&self, duplicates: DuplicatePolicy, today: Date) -> FileOptions {
        let check = CheckOptions {
            duplicates,
            today: Some(today),
            delimiter: self.delimiter,
            header_row: self.header_row,
            mapping: self.mapping.clone(),
            date_order: self.date_order,
            sheets: self.sheets.clone(),
            ..CheckOptions::default()
        };
        FileOptions { check, encoding: self.encoding, sheet: self.sheet.clone() }
    }
}

impl ReadingFault {
    /// The fault's name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownColumn { .. } => "unknown-column",
            Self::ColumnChosenTwice(_) => "column-chosen-twice",
            Self::BlankHeader => "blank-header",
            Self::TooManyHeaders | Self::HeadersTooLong => "mapping-too-large",
            Self::SheetNameTooLong => "sheet-name-too-long",
            Self::TooManySheets => "too-many-sheets",
            Self::SheetsOutOfOrder => "sheets-out-of-order",
            Self::HeaderRowOutOfRange => "header-row-out-of-range",
        }
    }
}

/// What has a name in JSON that is read and written by its own means.
mod by_name {
    use super::{Deserialize, Deserializer, Display, FromStr, Serialize, Serializer, de};

    #[expect(clippy::ref_option, reason = "serde passes the field by reference")]
    pub fn serialize<T: Display, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        value.as_ref().map(ToString::to_string).serialize(serializer)
    }

    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let name = Option::<String>::deserialize(deserializer)?;
        name.map(|name| name.parse().map_err(de::Error::custom)).transpose()
    }
}

fn sheets() -> ArrayBuilder {
    let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(SHEET_NAME));
    let count = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0));
    let sheet = ObjectBuilder::new().property("name", text).property("before", count);
    ArrayBuilder::new().items(sheet.required("name").required("before")).max_items(Some(SHEETS))
}

fn encodings() -> Object {
    one_of(&Encoding::ALL.map(Encoding::name))
}

fn delimiters() -> Object {
    one_of(&Delimiter::ALL.map(Delimiter::name))
}

fn date_orders() -> Object {
    one_of(&DateOrder::ALL.map(DateOrder::name))
}

fn one_of(names: &[&'static str]) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names.iter().copied())).build()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json};

    use super::*;

    fn fault(reading: Value) -> Option<&'static str> {
        let program = Program::builtin("retail").unwrap();
        let reading: ReadingOptions = from_value(reading).unwrap();
        reading.validate(&program).err().map(|fault| fault.code())
    }

    #[test]
    fn what_no_file_can_be_read_by_is_named() {
        let long = "x".repeat(MAPPING_BYTES);
        let cases = [
            (json!({}), None),
            (json!({"mapping": {"Mail": "Email", "Notes": null}, "sheet": "Spring", "headerRow": 100}), None),
            (json!({"mapping": {"Mail": "Emial"}}), Some("unknown-column")),
            (json!({"mapping": {"Mail": "Email", "E-mail": "Email"}}), Some("column-chosen-twice")),
            (json!({"mapping": {" ": "Email"}}), Some("blank-header")),
            (json!({"mapping": {&long: null}}), None),
            (json!({"mapping": {&long: null, "x": null}}), Some("mapping-too-large")),
            (json!({"sheet": "x".repeat(255)}), None),
            (json!({"sheet": "x".repeat(256)}), Some("sheet-name-too-long")),
            (json!({"sheets": [{"name": "A", "before": 0}, {"name": "B", "before": 0}]}), None),
            (
                json!({"sheets": [{"name": "A", "before": 1}, {"name": "B", "before": 0}]}),
                Some("sheets-out-of-order"),
            ),
            (json!({"sheets": [{"name": "x".repeat(256), "before": 0}]}), Some("sheet-name-too-long")),
            (json!({"sheets": vec![json!({"name": "A", "before": 0}); 100]}), None),
            (json!({"sheets": vec![json!({"name": "A", "before": 0}); 101]}), Some("too-many-sheets")),
            (json!({"headerRow": 0}), Some("header-row-out-of-range")),
            (json!({"headerRow": 101}), Some("header-row-out-of-range")),
        ];
        for (reading, expect) in cases {
            assert_eq!(fault(reading.clone()), expect, "{reading}");
        }
        let headers = |count| (0..count).map(|n| (format!("Column {n}"), Value::Null)).collect::<Value>();
        assert_eq!(fault(json!({"mapping": headers(256)})), None);
        assert_eq!(fault(json!({"mapping": headers(257)})), Some("mapping-too-large"));
    }

    #[test]
    fn choices_have_the_names_of_the_report() {
        let reading = json!({"encoding": "Mac Roman", "delimiter": "semicolon", "dateOrder": "day-first"});
        let read: ReadingOptions = from_value(reading.clone()).unwrap();
        assert_eq!(read.encoding, Some(Encoding::MacRoman));
        assert_eq!(serde_json::to_value(&read).unwrap(), reading);
        for wrong in [json!({"encoding": "klingon"}), json!({"delimiter": "colon"})] {
            assert!(from_value::<ReadingOptions>(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
