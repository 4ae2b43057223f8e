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
    looks: Vec<Look>,
    runs: Vec<Run>,
    address: Address,
    life: Life,
}

/// A rule about the cells of a column that are neither shorter nor longer than this, in bytes.
#[derive(Clone, Copy)]
struct Look {
    column: usize,
    least: usize,
    most: usize,
    check: Check,
}

type Check = fn(usize, &str) -> Option<Finding>;

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
            looks.extend(looks_at(column, field));
            if matches!(field.fills, Some(Fill::Offering | Fill::School | Fill::Class("id"))) {
                runs.push(Run::new(column));
            }
        }
        let (address, life) = (Address::new(context), Life::new(context, today));
        Self { contents, looks, runs, address, life }
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
        if !texts.are_tidy() && (is_odd(texts.joined()) || texts.have_outer_space()) {
            self.odd_texts(&mut found);
        }
        for look in &self.looks {
            if (look.least..=look.most).contains(&texts.bytes(look.column).len()) {
                found.add((look.check)(look.column, texts.get(look.column)));
            }
        }
        self.address.check(&mut found);
        self.life.check(&mut found);
        for run in &mut self.runs {
            found.add(run.take(row, texts));
        }
        if findings.len() > before {
            findings.sort_by_key(|finding| finding.column);
        }
    }

    /// Forgets the rows before.
    pub(super) fn begin_runs(&mut self) {
        self.runs.iter_mut().for_each(Run::begin);
    }

    /// Takes a row for its identifiers alone.
    pub(super) fn go_on_with_runs(&mut self, row: u32, texts: Texts<'_>) {
        for run in &mut self.runs {
            run.take(row, texts);
        }
    }

    /// How many rows before a row can matter to what is found in it.
    pub(super) fn reach(&self) -> usize {
        if self.runs.is_empty() { 0 } else { Run::REACH }
    }

    /// Looks closely at the cells of a row that has an unusual byte.
    #[cold]
    fn odd_texts(&self, found: &mut Found<'_, '_>) {
        let texts = found.texts;
        for ((column, content), text) in self.contents.iter().enumerate().zip(texts.iter()) {
            let Some(content) = content else { continue };
            // Most are short, and far from all bytes of an odd row are odd.
            if !text.is_empty() && (is_odd(text) || has_outer_space(text)) {
                found.add(content.check(column, text));
            }
        }
    }
}

/// The rules about a column of its kind.
fn looks_at(column: usize, field: &Field) -> impl Iterator<Item = Look> {
    let is_name = matches!(
        field.fills,
        Some(Fill::Person("firstName" | "lastName") | Fill::Parent("firstName" | "lastName"))
    );
    let is_email = matches!(field.kind, Kind::Email);
    let is_number = Content::of(field) == Content::Number;
    let look = |least, most, check| Look { column, least, most, check };
    [
        (is_name, look(1, placeholder_value::LONGEST, placeholder_value::check)),
        (is_email, look(1, usize::MAX, mistyped_domain::check)),
        (is_number, look(rounded_number::SHORTEST, usize::MAX, rounded_number::check)),
    ]
    .into_iter()
    .filter_map(|(applies, look)| applies.then_some(look))
}

impl Content {
    fn of(field: &Field) -> Self {
        match field.fills {
            _ if field.secret => Self::Free,
            None | Some(Fill::Profile) => Self::Free,
            Some(fill) if is_number(fill) => Self::Number,
            Some(Fill::Person("username")) => Self::Code,
            Some(_) if matches!(field.kind, Kind::Email | Kind::List(_)) => Self::Code,
            Some(_) => Self::Line,
        }
    }

    /// What is unusual about the text, the worst first.
    fn check(self, column: usize, text: &str) -> Option<Finding> {
        let from = |content, check: Check| (self >= content).then(|| check(column, text)).flatten();
        from(Self::Free, spreadsheet_error::check)
            .or_else(|| from(Self::Free, invisible_character::check))
            .or_else(|| from(Self::Line, stray_space::check))
            .or_else(|| from(Self::Code, curly_quote::check))
            .or_else(|| from(Self::Number, scientific_notation::check))
    }
}

/// Whether the column holds identifiers and the like, which a spreadsheet takes for numbers.
fn is_number(fill: Fill) -> bool {
    const PERSON: [&str; 7] =
        ["externalId", "schoolId", "districtId", "stateId", "phone", "mobilePhone", "postalCode"];
    match fill {
        Fill::Person(attribute) => PERSON.contains(&attribute),
        Fill::Offering | Fill::School | Fill::Class("id") => true,
        _ => false,
    }
}

/// What is found in a row.
pub(super) struct Found<'a, 'b> {
    context: &'a Context,
    pub(super) texts: Texts<'a>,
    findings: &'b mut Vec<Finding>,
}

impl<'a> Found<'a, '_> {
    pub(super) fn add(&mut self, finding: Option<Finding>) {
        if let Some(finding) = finding {
            self.add_new(finding);
        }
    }

    /// Adds what is found in a cell that has a value, unless there is another finding in it. An error outweighs a
    /// warning.
    #[cold]
    fn add_new(&mut self, finding: Finding) {
        let of_cell = |other: &Finding| other.column == finding.column && other.severity <= finding.severity;
        if !self.is_missing(finding.column) && !self.findings.iter().any(of_cell) {
            self.findings.push(finding);
        }
    }

    /// The text of a cell; empty where the file has no such column.
    pub(super) fn text(&self, column: Option<usize>) -> &'a str {
        column.map_or("", |column| self.texts.get(column))
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
    let Some((last, others)) = bytes.split_last() else { return false };
    let pairs = others.iter().zip(&bytes[1..]);
    // Without an early end and without a branch, so that many bytes are compared at once.
    pairs.fold(oddity(*last), |odd, (&byte, &next)| odd | oddity(byte) | oddity_of_pair(byte, next)) != 0
}

/// 1 for control characters, `#`, and the bytes with which spaces, quotation marks and invisible characters begin;
/// so begin the letters of East Asia too.
fn oddity(byte: u8) -> u8 {
    u8::from(byte < 0x20) | u8::from(byte == b'#') | u8::from(byte == 0xc2) | u8::from(byte >= 0xe2)
}

/// 1 for two spaces and `E+`.
fn oddity_of_pair(byte: u8, next: u8) -> u8 {
    u8::from(byte == b' ') & u8::from(next == b' ') | u8::from(byte | 0x20 == b'e') & u8::from(next == b'+')
}

fn has_outer_space(text: &str) -> bool {
    text.starts_with(' ') || text.ends_with(' ')
}
