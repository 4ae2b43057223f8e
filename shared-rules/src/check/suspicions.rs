//! Values that are allowed and still look wrong.
//!
//! Almost every row is clean, so that what decides that is made for speed: one look at all bytes of a row rules
//! out most suspicions, and a column is only looked at for what can be wrong in it.

use jiff::civil::Date;

use super::{address::Address, life::Life, row::Context, runs::Run};
use crate::{
    program::{Field, Fill, Kind, Value},
    read::Texts,
    rules::{
        Finding, curly_quote, invisible_character, mistyped_domain, placeholder_value, rounded_number,
        scientific_notation, spreadsheet_error, stray_space,
    },
};

/// What the columns of a file can be suspected of.
pub(super) struct Suspicions {
    /// What stands in each column of the file.
    contents: Vec<Option<Content>>,
    looks: Vec<(usize, Look)>,
    runs: Vec<Run>,
    address: Address,
    life: Life,
    today: Option<Date>,
}

/// A rule about a cell that has a text.
type Look = fn(usize, &str) -> Option<Finding>;

/// What stands in a column. Each can be suspected of what the one before it can be, and of more.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
enum Content {
    /// Anything.
    Free,
    /// A line of text, such as a name.
    Line,
    /// What software compares, such as an address or an identifier.
    Code,
    /// What a spreadsheet takes for a number.
    Number,
}

impl Suspicions {
    pub(super) fn new(context: &Context, today: Option<Date>) -> Self {
        let (mut contents, mut looks, mut runs) = (Vec::new(), Vec::new(), Vec::new());
        for (column, field) in context.columns.fields().iter().enumerate() {
            let field = field.map(|field| &context.program.fields[field]);
            contents.push(field.map(Content::of));
            let Some(field) = field.filter(|field| !field.secret) else { continue };
            looks.extend(looks_at(field).map(|look| (column, look)));
            if matches!(field.fills, Some(Fill::Offering | Fill::School | Fill::Class("id"))) {
                runs.push(Run::new(column));
            }
        }
        let (address, life) = (Address::new(context), Life::new(context));
        Self { contents, looks, runs, address, life, today }
    }

    /// Looks at a row whose cells have been checked. Findings stay in the order of the cells.
    pub(super) fn check(
        &mut self,
        context: &Context,
        row: u32,
        texts: Texts<'_>,
        findings: &mut Vec<Finding>,
    ) {
        let before = findings.len();
        let mut found = Found { context, texts, findings };
        if is_odd(texts.joined()) || texts.iter().any(has_outer_space) {
            self.odd_texts(&mut found);
        }
        for &(column, look) in &self.looks {
            let text = texts.get(column);
            if !text.is_empty() {
                found.add(look(column, text));
            }
        }
        self.address.check(&mut found);
        self.life.check(&mut found, self.today);
        for run in &mut self.runs {
            found.add(run.take(row, texts));
        }
        if findings.len() > before {
            findings.sort_by_key(|finding| finding.column);
        }
    }

    /// Looks closely at the cells of a row that has an unusual byte.
    #[cold]
    fn odd_texts(&self, found: &mut Found<'_, '_>) {
        let texts = found.texts;
        for ((column, content), text) in self.contents.iter().enumerate().zip(texts.iter()) {
            let Some(content) = content else { continue };
            if is_odd(text) || has_outer_space(text) {
                found.add(content.check(column, text));
            }
        }
    }
}

/// The rules about columns of one kind.
fn looks_at(field: &Field) -> impl Iterator<Item = Look> {
    let name = matches!(
        field.fills,
        Some(Fill::Person("firstName" | "lastName") | Fill::Parent("firstName" | "lastName"))
    );
    let looks: [(bool, Look); 3] = [
        (name, placeholder_value::check),
        (matches!(field.kind, Kind::Email), mistyped_domain::check),
        (Content::of(field) == Content::Number, rounded_number::check),
    ];
    looks.into_iter().filter_map(|(applies, look)| applies.then_some(look))
}

impl Content {
    fn of(field: &Field) -> Self {
        match field.fills {
            _ if field.secret => Self::Free,
            None | Some(Fill::Profile) => Self::Free,
            Some(Fill::Offering | Fill::School | Fill::Class("id")) => Self::Number,
            Some(Fill::Person(
                "externalId" | "schoolId" | "districtId" | "stateId" | "phone" | "mobilePhone" | "postalCode",
            )) => Self::Number,
            Some(Fill::Person("username")) => Self::Code,
            Some(_) if matches!(field.kind, Kind::Email | Kind::List(_)) => Self::Code,
            Some(_) => Self::Line,
        }
    }

    /// What is unusual about the text, the worst first.
    fn check(self, column: usize, text: &str) -> Option<Finding> {
        let from = |content, look: Look| (self >= content).then(|| look(column, text)).flatten();
        from(Self::Free, spreadsheet_error::check)
            .or_else(|| from(Self::Free, invisible_character::check))
            .or_else(|| from(Self::Line, stray_space::check))
            .or_else(|| from(Self::Code, curly_quote::check))
            .or_else(|| from(Self::Number, scientific_notation::check))
    }
}

/// What is found in a row.
pub(super) struct Found<'a, 'b> {
    context: &'a Context,
    pub(super) texts: Texts<'a>,
    findings: &'b mut Vec<Finding>,
}

impl<'a> Found<'a, '_> {
    /// Adds what is found in a cell that has a value, unless there is another finding in it. An error outweighs a
    /// warning.
    pub(super) fn add(&mut self, finding: Option<Finding>) {
        let Some(finding) = finding else { return };
        let of_cell = |other: &Finding| other.column == finding.column && other.severity <= finding.severity;
        if !self.is_missing(finding.column) && !self.findings.iter().any(of_cell) {
            self.findings.push(finding);
        }
    }

    /// The text of a cell without the space around it.
    pub(super) fn text(&self, column: Option<usize>) -> &'a str {
        column.map_or("", |column| self.texts.get(column).trim())
    }

    /// The value of a cell that has one of its column's type.
    pub(super) fn value(&self, column: usize) -> Option<Value<'a>> {
        let text = self.texts.get(column);
        let field = &self.context.program.fields[self.context.columns.field(column)?];
        field.kind.read(text).ok()
    }

    fn is_missing(&self, column: Option<usize>) -> bool {
        let Context { program, columns, .. } = self.context;
        let text = column.map_or("", |column| self.texts.get(column));
        let field = column.and_then(|column| columns.field(column));
        field.is_none_or(|field| program.fields[field].is_missing(text))
    }
}

/// Whether there is anything in a text that the rules about its letters could be about. False for almost every
/// row; true for some of which nothing is to be said.
fn is_odd(text: &str) -> bool {
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    // Without an early end, so that many bytes are compared at once.
    bytes.iter().fold(false, |odd, &byte| odd | is_odd_byte(byte))
        | pairs
            .fold(false, |odd, (&a, &b)| odd | (a == b' ') & (b == b' ') | (a | 0x20 == b'e') & (b == b'+'))
}

/// Control characters, `#`, and the bytes with which spaces, quotation marks and invisible characters begin.
fn is_odd_byte(byte: u8) -> bool {
    (byte < 0x20)
        | (byte == b'#')
        | (byte == 0xc2)
        | (byte >= 0xe1) & (byte <= 0xe3)
        | (byte == 0xef)
        | (byte == 0xf3)
}

fn has_outer_space(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first() == Some(&b' ') || bytes.last() == Some(&b' ')
}
