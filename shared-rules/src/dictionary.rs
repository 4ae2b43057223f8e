//! A program's data dictionary: every column explained, for people and for spreadsheets.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::{
    program::{Field, Flag, Kind, MomentFormat, Program, Requirement},
    rules::{any_of, each_of, invalid_list, length_out_of_range, missing_one_of, value_out_of_range},
    spreadsheet::neutralise,
};

/// The columns of a program, explained in words.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Dictionary {
    /// The program's name.
    pub program: String,
    pub title: String,
    pub description: String,
    /// In the descriptor's order.
    #[serde(rename = "columns")]
    pub entries: Vec<Entry>,
}

/// One column, explained in words. What there is nothing to say about is blank.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Entry {
    /// The exact header.
    pub name: String,
    pub title: String,
    pub description: String,
    pub required: Required,
    /// `e-mail address`, `date, YYYY-MM-DD`, `list of numbers, separated by commas`…
    #[serde(rename = "type")]
    pub kind: String,
    /// The values that may stand in the column, where it has a list of them.
    pub values: Vec<String>,
    /// The least and the greatest value, lengths and the form.
    pub limits: String,
    pub example: String,
    /// The same for a spreadsheet, which `kind` puts into words.
    #[serde(skip)]
    pub cells: CellType,
}

/// Whether a column must have a value; in words `yes`, `no` or a sentence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Required {
    Yes,
    No,
    /// It depends on other columns, as the sentence says.
    Depends(String),
}

/// How a spreadsheet holds a column's values.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CellType {
    /// Text, whatever it looks like: a postal code is no number.
    Text,
    /// One of the entry's values.
    Choice,
    /// One of the entry's values, or another text.
    Suggestion,
    /// The bounds as YYYY-MM-DD, both inclusive.
    Date {
        least: Option<String>,
        most: Option<String>,
    },
    Number,
}

/// What the cells of a row of the dictionary are.
pub const HEADINGS: [&str; 8] =
    ["Column", "Title", "Required", "Type", "Allowed values", "Limits", "Example", "Description"];

impl Dictionary {
    #[must_use]
    pub fn of(program: &Program) -> Self {
        Self {
            program: program.name.clone(),
            title: program.title.clone(),
            description: program.description.clone(),
            entries: (0..program.fields.len()).map(|field| Entry::of(program, field)).collect(),
        }
    }

    /// A page with one table.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = format!("# Data dictionary: {}\n\n", escaped(&self.title));
        if !self.description.is_empty() {
            text.extend([&escaped(&self.description), "\n\n"]);
        }
        push_table_row(&mut text, &HEADINGS.map(str::to_owned));
        push_table_row(&mut text, &HEADINGS.map(|_| "---".to_owned()));
        for entry in &self.entries {
            push_table_row(&mut text, &entry.row().map(|cell| escaped(&cell)));
        }
        text
    }

    /// One row for each column, below the headings; cells that a spreadsheet could run are marked.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut text = csv_line(&HEADINGS);
        for entry in &self.entries {
            text.push_str(&csv_line(&entry.row().map(|cell| neutralise(&cell).into_owned())));
        }
        text
    }

    /// Pretty, with a newline at the end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }
}

impl Entry {
    fn of(program: &Program, index: usize) -> Self {
        let field = &program.fields[index];
        Self {
            name: field.name.clone(),
            title: field.title.clone(),
            description: field.description.clone(),
            required: required(program, index),
            kind: kind_in_words(field),
            values: field.values().unwrap_or_default(),
            limits: limits(field),
            example: field.example.clone(),
            cells: cell_type(&field.kind),
        }
    }

    /// The cells under the [`HEADINGS`].
    #[must_use]
    pub fn row(&self) -> [String; 8] {
        [
            self.name.clone(),
            self.title.clone(),
            self.required.to_string(),
            self.kind.clone(),
            self.values.join("; "),
            self.limits.clone(),
            self.example.clone(),
            self.description.clone(),
        ]
    }
}

fn required(program: &Program, field: usize) -> Required {
    if program.fields[field].required {
        return Required::Yes;
    }
    let groups = program.requirements.iter().filter(|group| group.fields.contains(&field));
    let sentences: Vec<String> = groups.map(|group| required_beside(program, field, group)).collect();
    if sentences.is_empty() { Required::No } else { Required::Depends(sentences.join(" ")) }
}

/// `Required where Email is blank.`, `Required in a row with Role Student, unless Email has a value.`
fn required_beside(program: &Program, field: usize, group: &Requirement) -> String {
    let others = group.fields.iter().filter(|&&other| other != field);
    let names: Vec<&str> = others.map(|&other| program.fields[other].name.as_str()).collect();
    let blank = if names.len() == 1 { "is blank" } else { "are blank" };
    match (group.when.is_empty(), names.is_empty()) {
        (true, _) => format!("Required where {} {blank}.", each_of(&names)),
        (false, true) => format!("Required in {}.", missing_one_of::which_row(program, group)),
        (false, false) => {
            let row = missing_one_of::which_row(program, group);
            format!("Required in {row} where {} {blank}.", each_of(&names))
        }
    }
}

fn kind_in_words(field: &Field) -> String {
    match &field.kind {
        Kind::Text => "text".to_owned(),
        Kind::Email => "e-mail address".to_owned(),
        Kind::OneOf(_) => "one of the allowed values".to_owned(),
        Kind::OneOfOrGuid(_) => "one of the allowed values, or a GUID".to_owned(),
        Kind::Guid => "GUID".to_owned(),
        Kind::Flag(flag) => flag_in_words(flag, field.required),
        Kind::Date(moment) => moment.form("date as YYYY-MM-DD").replace(" as ", ", "),
        Kind::Year(_) => "year in four digits".to_owned(),
        Kind::Integer(..) => "whole number".to_owned(),
        Kind::Number(..) => "number".to_owned(),
        Kind::Time(_) | Kind::DateTime(_) | Kind::YearMonth(_) | Kind::Shaped(_) => {
            let form = field.kind.form();
            form.strip_prefix("a ").map_or(form.clone(), str::to_owned)
        }
        Kind::List(list) => {
            format!("list of {}, separated by {}", list.item.described().0, invalid_list::separator(list))
        }
    }
}

/// `TRUE or FALSE`, or `TRUE or blank` where only one of them may be written.
fn flag_in_words(flag: &Flag, required: bool) -> String {
    let yes = flag.yes.listed().first().filter(|_| flag.yes_allowed);
    let no = flag.no.listed().first().filter(|_| flag.no_allowed);
    let mut words: Vec<&str> = yes.into_iter().chain(no).map(String::as_str).collect();
    if words.len() < 2 && !required {
        words.push("blank");
    }
    any_of(&words)
}

fn limits(field: &Field) -> String {
    let form = field.pattern.as_ref().map(|pattern| {
        if pattern.is_digits() {
            "digits alone".to_owned()
        } else {
            format!("of the form `{}`", pattern.source)
        }
    });
    let limits = [value_out_of_range::range(&field.kind), length_out_of_range::range(field), form];
    limits.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn cell_type(kind: &Kind) -> CellType {
    match kind {
        Kind::Text
        | Kind::Email
        | Kind::Guid
        | Kind::List(_)
        | Kind::Shaped(_)
        | Kind::Time(_)
        | Kind::DateTime(_)
        | Kind::YearMonth(_) => CellType::Text,
        Kind::OneOf(_) | Kind::Flag(_) => CellType::Choice,
        Kind::OneOfOrGuid(_) => CellType::Suggestion,
        Kind::Date(moment) if moment.format != MomentFormat::Iso => CellType::Text,
        Kind::Date(_) => {
            let bounds = kind.bounds();
            CellType::Date { least: bounds.least, most: bounds.most }
        }
        Kind::Year(_) | Kind::Integer(..) | Kind::Number(..) => CellType::Number,
    }
}

fn push_table_row(text: &mut String, cells: &[String]) {
    text.extend(["| ", &cells.join(" | "), " |\n"]);
}

/// The text so that Markdown shows it as it is, on one line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' | '\r' => escaped.push(' '),
            '\\' | '`' | '*' | '_' | '<' | '[' | ']' | '|' => escaped.extend(['\\', char]),
            _ => escaped.push(char),
        }
    }
    escaped
}

/// A record as RFC 4180 has it, but for the line feed alone at its end.
#[must_use]
pub fn csv_line<S: AsRef<str>>(cells: &[S]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell.as_ref())).collect();
    cells.join(",") + "\n"
}

fn csv_cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

impl fmt::Display for Required {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Depends(sentence) => sentence,
        })
    }
}

impl Serialize for Required {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
