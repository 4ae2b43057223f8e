//! The rules: one file each, with documentation, logic, fix and tests.
//!
//! A rule finds a fault cheaply, as a [`Finding`], and puts it into words only when somebody reads it: a
//! file in which every row is wrong is checked as fast as a clean one.

use std::{borrow::Cow, fmt::Write};

use serde::Serialize;

use crate::{
    columns::Columns,
    diagnostic::{Diagnostic, Fix, Location, Severity},
    identity::KeyKind,
    options::DateOrder,
    program::{Field, Fill, Kind, Program},
    read::Cells,
    sheets::Sheets,
};

pub(crate) use self::invalid_email::is_email;

/// A rule's documentation.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// States the fault, in kebab-case; the only identifier.
    pub name: &'static str,
    pub severity: Severity,
    /// What is found, in one sentence.
    pub summary: &'static str,
    /// What would go wrong otherwise.
    pub why: &'static str,
    pub failing: &'static str,
    pub passing: &'static str,
    /// How to mend it.
    pub help: &'static str,
}

macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(pub(crate) mod $module;)*

        /// Every rule, by name.
        #[must_use]
        pub fn all() -> &'static [&'static Rule] {
            static ALL: &[&Rule] = &[$(&$module::RULE),*];
            ALL
        }

        pub(crate) const COUNT: usize = [$(stringify!($module)),*].len();
    };
}

rules! {
    ambiguous_dates,
    blank_header,
    cancel_without_offering,
    cell_too_long,
    class_too_large,
    column_claimed_twice,
    column_guessed,
    column_out_of_order,
    conflicting_rows,
    counting_up,
    curly_quote,
    doubtful_birth_date,
    doubtful_phone,
    duplicate_column,
    empty_file,
    exact_duplicate,
    file_too_large,
    impossible_graduation,
    incomplete_parent,
    invalid_date,
    invalid_email,
    invalid_format,
    invalid_list,
    invalid_number,
    invalid_year,
    invisible_character,
    length_out_of_range,
    lost_leading_zero,
    malformed_postal_code,
    misplaced_quote,
    missing_column,
    missing_header,
    missing_one_of,
    missing_required_value,
    mistyped_domain,
    no_data_rows,
    nul_character,
    parent_cycle,
    parent_is_child,
    pattern_mismatch,
    placeholder_value,
    postal_code_mismatch,
    ragged_row,
    repeated_person,
    rounded_number,
    scientific_notation,
    shared_email,
    spreadsheet_error,
    stray_space,
    text_above_header,
    too_many_columns,
    too_many_rows,
    unclosed_quote,
    undecodable_text,
    unknown_column,
    unknown_country,
    unknown_reference,
    unknown_state,
    unlike_its_column,
    unreadable_file,
    value_not_allowed,
    value_not_clearable,
    value_not_cleared,
    value_not_unique,
    value_out_of_range,
}

/// The place of a rule among [`all`].
pub(crate) fn index(rule: &Rule) -> usize {
    all().partition_point(|other| other.name < rule.name)
}

/// A fault of a row, not yet in words.
#[derive(Clone, Copy)]
pub(crate) struct Finding {
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    /// The column of the file; none for a fault of the row as a whole.
    pub(crate) column: Option<usize>,
    pub(crate) detail: Detail,
    pub(crate) words: fn(&Place<'_>) -> Words,
}

/// What a rule remembers of a fault besides its place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Detail {
    None,
    /// A number that the rule counted, or an index that it stopped at.
    Number(usize),
    /// The earlier row of the same person, how it was recognised, and the columns in which they differ, a bit
    /// for each of the first 64.
    Earlier {
        row: u32,
        by: KeyKind,
        differ: u64,
    },
    /// Another row, and an index or a number.
    Row {
        row: u32,
        number: usize,
    },
}

/// Where a finding is, for its words.
pub(crate) struct Place<'a> {
    pub(crate) program: &'a Program,
    pub(crate) columns: &'a Columns,
    /// How dates that can be read in two ways are meant.
    pub(crate) date_order: Option<DateOrder>,
    pub(crate) sheets: &'a Sheets,
    pub(crate) row: u32,
    pub(crate) cells: Cells<'a>,
    pub(crate) column: Option<usize>,
    pub(crate) detail: Detail,
}

/// What a rule says. The place is put in front of the message.
pub(crate) struct Words {
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) fix: Option<Fix>,
}

impl Rule {
    /// A fault of one cell.
    pub(crate) fn cell(&'static self, column: usize, words: fn(&Place<'_>) -> Words) -> Finding {
        Finding { rule: self, severity: self.severity, column: Some(column), detail: Detail::None, words }
    }

    /// A fault of the row as a whole.
    pub(crate) fn row(&'static self, words: fn(&Place<'_>) -> Words) -> Finding {
        Finding { rule: self, severity: self.severity, column: None, detail: Detail::None, words }
    }

    /// A finding about the file. The message is a whole sentence.
    pub(crate) fn file(&self, words: Words) -> Diagnostic {
        self.diagnostic(self.severity, Location::file(), words)
    }

    /// A finding about a column. The message is a whole sentence.
    pub(crate) fn column(&self, column: &str, words: Words) -> Diagnostic {
        self.diagnostic(self.severity, Location::column(column), words)
    }

    fn diagnostic(&self, severity: Severity, location: Location, words: Words) -> Diagnostic {
        let Words { message, help, fix } = words;
        Diagnostic { rule: self.name.to_owned(), severity, location, message, help, fix }
    }
}

impl Finding {
    pub(crate) fn with(self, detail: Detail) -> Self {
        Self { detail, ..self }
    }

    /// Puts the finding into words.
    pub(crate) fn diagnostic(&self, place: &Place<'_>) -> Diagnostic {
        let place = Place { column: self.column, detail: self.detail, ..*place };
        let mut words = (self.words)(&place);
        let (row, header) = (place.sheets.place(place.row), place.header());
        let column = header.map_or(String::new(), |header| format!(", {}", shortened(header)));
        words.message = format!("{row}{column}: {}", words.message);
        if place.field().is_some_and(|field| field.secret) {
            // It would hold what the cell holds.
            words.fix = None;
        }
        self.rule.diagnostic(self.severity, Location::at(row, header), words)
    }
}

impl<'a> Place<'a> {
    fn header(&self) -> Option<&'a str> {
        let columns = self.columns;
        self.column.map(|column| columns.headers().get(column).map_or("", String::as_str))
    }

    /// Another row, as a sentence about this one names it.
    pub(crate) fn other(&self, row: u32) -> String {
        self.sheets.place(row).beside(self.sheets.place(self.row))
    }

    /// The cell's text.
    pub(crate) fn value(&self) -> Cow<'a, str> {
        self.column.map_or(Cow::Borrowed(""), |column| String::from_utf8_lossy(self.cells.get(column)))
    }

    /// The cell's text as messages quote it; a secret is not shown.
    pub(crate) fn quoted(&self) -> String {
        if self.field().is_some_and(|field| field.secret) {
            "The value".to_owned()
        } else {
            quoted(&self.value())
        }
    }

    pub(crate) fn field(&self) -> Option<&'a Field> {
        let program = self.program;
        self.columns.field(self.column?).map(|field| &program.fields[field])
    }

    pub(crate) fn kind(&self) -> Option<&'a Kind> {
        self.field().map(|field| &field.kind)
    }

    /// The text of the row's cell that fills this; empty where there is none.
    pub(crate) fn filling(&self, fill: Fill) -> &'a str {
        let text = |field| self.columns.value(self.program, field, self.cells.text()?);
        self.program.field_that_fills(fill).and_then(text).unwrap_or_default()
    }

    /// The number that the rule counted.
    pub(crate) fn number(&self) -> usize {
        match self.detail {
            Detail::Number(number) => number,
            _ => 0,
        }
    }

    /// The cell's text without the white space around it, where that is all that is wrong with it.
    pub(crate) fn trimmed(&self) -> Option<String> {
        let value = self.value();
        let trimmed = value.trim();
        let mends = trimmed.len() < value.len() && self.field()?.admits(trimmed);
        mends.then(|| trimmed.to_owned())
    }
}

impl Words {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), fix: None }
    }

    /// With the fix where there is one, whose help is to write its value.
    pub(crate) fn or_write(mut self, value: Option<String>) -> Self {
        if let Some(value) = value {
            self.help = if value.is_empty() {
                "Leave the cell blank.".to_owned()
            } else {
                format!("Write {}.", shortened(&value))
            };
            self.fix = Some(Fix::Replace { value });
        }
        self
    }
}

/// Checks one cell of a known column.
pub(crate) fn check_cell(field: &Field, text: &str) -> Option<Misfit> {
    if field.is_missing(text) {
        return field.required.then_some(Misfit::Missing);
    }
    field.check(text).err()
}

/// Why a cell's text cannot stand in its column.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Misfit {
    Missing,
    NotListed,
    Email,
    Date,
    Year,
    Number,
    OutOfRange,
    /// An item of the list, 0-based.
    ListItem(usize),
    /// The number of items.
    ListCount(usize),
    Pattern,
    Length,
    /// Not of the form of a kind without a rule of its own.
    Form,
}

impl Misfit {
    /// The finding, as severe as the field says. That a required value is missing is always an error.
    #[cold]
    pub(crate) fn finding_in(self, field: &Field, column: usize) -> Finding {
        let finding = self.finding(column);
        let severity = if self == Self::Missing { finding.severity } else { field.severity };
        Finding { severity, ..finding }
    }

    #[cold]
    pub(crate) fn finding(self, column: usize) -> Finding {
        match self {
            Self::Missing => missing_required_value::finding(column),
            Self::NotListed => value_not_allowed::finding(column),
            Self::Email => invalid_email::finding(column),
            Self::Date => invalid_date::finding(column),
            Self::Year => invalid_year::finding(column),
            Self::Number => invalid_number::finding(column),
            Self::OutOfRange => value_out_of_range::finding(column),
            Self::ListItem(item) => invalid_list::finding(column, item),
            Self::Pattern => pattern_mismatch::finding(column),
            Self::Form => invalid_format::finding(column),
            Self::ListCount(_) | Self::Length => length_out_of_range::finding(column),
        }
    }
}

/// A found text in a message: in backticks, cut short, with nothing in it that could disturb the line.
pub(crate) fn quoted(text: &str) -> String {
    format!("`{}`", shortened(text))
}

/// How much of a found text a message shows.
const SHOWN_CHARACTERS: usize = 40;

pub(crate) fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_CHARACTERS).map(visible).collect();
    if text.chars().nth(SHOWN_CHARACTERS).is_some() {
        shown.push('…');
    }
    shown
}

/// Stands in for a character that cannot be seen or that turns the text around.
fn visible(char: char) -> char {
    match char {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(char)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}'..='\u{9f}' => char::REPLACEMENT_CHARACTER,
        _ if invisible_character::is_invisible(char) => char::REPLACEMENT_CHARACTER,
        _ => char,
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn any_of<S: AsRef<str>>(names: &[S]) -> String {
    joined(names, " or ")
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn each_of<S: AsRef<str>>(names: &[S]) -> String {
    joined(names, " and ")
}

fn joined<S: AsRef<str>>(names: &[S], last: &str) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        text.push_str(match index {
            0 => "",
            _ if index + 1 == names.len() => last,
            _ => ", ",
        });
        text.push_str(name.as_ref());
    }
    text
}

/// A count as a sentence has it: `one row`, `two rows`, `13 rows`.
pub(crate) fn counted(count: usize, singular: &str, plural: &str) -> String {
    let noun = if count == 1 { singular } else { plural };
    match spelled(count) {
        Some(word) => format!("{word} {noun}"),
        None => format!("{} {noun}", grouped(count as u64)),
    }
}

pub(crate) fn spelled(count: usize) -> Option<&'static str> {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    WORDS.get(count).copied()
}

/// A number with its thousands apart: `1,000,000`.
#[must_use]
pub fn grouped(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// RULES.md.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from(
        "# Rules\n\n\
         What Rollcall finds in a roster. An error keeps its row out of the import; an error about the file \
         or its header keeps the whole file out. A warning is shown and keeps nothing out.\n\n\
         Generated by `cargo xtask rules` from `shared-rules/src/rules/`; do not edit.\n\n\
         | rule | severity | finds |\n|---|---|---|\n",
    );
    for rule in all() {
        let _ = writeln!(
            text,
            "| [`{0}`](#{0}) | {1} | {2} |",
            rule.name,
            severity_word(rule.severity),
            rule.summary
        );
    }
    for rule in all() {
        let _ = write!(
            text,
            "\n## {}\n\n*{}.* {}\n\n{}\n\n- Fails: {}\n- Passes: {}\n- To mend it: {}\n",
            rule.name,
            match rule.severity {
                Severity::Error => "Error",
                Severity::Warning => "Warning",
            },
            rule.summary,
            rule.why,
            rule.failing,
            rule.passing,
            rule.help
        );
    }
    text
}

fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

#[cfg(test)]
pub(crate) mod tests;
