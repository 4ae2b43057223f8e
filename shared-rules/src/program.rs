//! Programs: the columns and rules that a file is checked against.

mod descriptor;
mod kind;

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use serde::Serialize;

pub(crate) use self::kind::{Flag, Kind, List, Value, Values};
use crate::{identity::KeyKind, rules::Misfit};

/// A set of columns and rules, compiled from a descriptor.
#[derive(Clone, Debug)]
pub struct Program {
    /// The name that importers and URLs use: `retail`.
    pub name: String,
    pub title: String,
    pub description: String,
    pub fields: Vec<Field>,
    /// What makes two records the same person, strongest first.
    pub identity: Vec<KeyKind>,
    /// Groups of fields of which each row fills at least one; indices into `fields`.
    pub require_one_of: Vec<Vec<usize>>,
    /// How a record's kind follows from the row.
    pub person_kind: Option<PersonKind>,
    pub fields_match: FieldsMatch,
}

/// One column that a program knows.
#[derive(Clone, Debug)]
pub struct Field {
    /// The exact header.
    pub name: String,
    pub title: String,
    pub description: String,
    /// A value that may stand in the column; blank where the descriptor gives none.
    pub example: String,
    pub required: bool,
    /// What of the record the column fills; nothing in a plain Table Schema.
    pub fills: Option<Fill>,
    /// Texts besides blank that mean "no value".
    pub(crate) missing: Vec<String>,
    pub(crate) kind: Kind,
    pub(crate) pattern: Option<Pattern>,
    pub(crate) characters: Bounds<usize>,
}

/// What of a record a column fills.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fill {
    /// An attribute of the person, by name.
    Person(&'static str),
    /// An attribute of the person's parent, by name.
    Parent(&'static str),
    /// The offering to enrol in.
    Offering,
    /// Whether to leave that offering instead.
    Cancel,
    /// The offerings on which the person becomes a client admin.
    Grants,
}

/// How a record's kind follows from one field's value.
#[derive(Clone, Debug)]
pub struct PersonKind {
    /// Index into the program's fields.
    pub field: usize,
    /// Value and kind.
    pub values: Vec<(String, String)>,
}

/// How strictly a header must agree with the fields: Table Schema's `fieldsMatch`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FieldsMatch {
    /// All fields, no others, in their order.
    Exact,
    /// All fields, no others.
    Equal,
    /// All fields, and perhaps others.
    Subset,
    /// No others.
    Superset,
    /// Perhaps others.
    Partial,
}

/// Bounds of a quantity, both inclusive.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bounds<T> {
    pub(crate) least: Option<T>,
    pub(crate) most: Option<T>,
}

/// A compiled pattern, which must match the whole value.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    /// As the descriptor has it.
    pub(crate) source: String,
    matcher: Matcher,
}

#[derive(Clone, Debug)]
enum Matcher {
    /// One or more ASCII digits: by far the most common pattern, and much faster without an automaton.
    Digits,
    Regex(regex_lite::Regex),
}

/// Something wrong with a descriptor.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct DescriptorFault {
    /// Where, as a JSON Pointer: `/fields/3/constraints/enum`.
    pub path: String,
    /// What stands there.
    pub found: String,
    /// What may stand there.
    pub expected: String,
}

/// A program as the page shows it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct ProgramSummary {
    pub name: String,
    pub title: String,
    pub description: String,
    pub fields: Vec<FieldSummary>,
}

/// A column as the page shows it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct FieldSummary {
    pub name: String,
    pub title: String,
    pub description: String,
    pub required: bool,
    /// The values that may stand in the column, where it has a list of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
}

/// The descriptors that come with the product.
pub(crate) const DESCRIPTORS: [&str; 3] = [
    include_str!("../programs/retail.json"),
    include_str!("../programs/international.json"),
    include_str!("../programs/institutional.json"),
];

impl Program {
    /// The program of that name among those that come with the product.
    #[must_use]
    pub fn builtin(name: &str) -> Option<Arc<Self>> {
        Self::builtins().iter().find(|program| program.name == name).cloned()
    }

    /// The programs that come with the product, in the order in which they are offered.
    #[must_use]
    pub fn builtins() -> &'static [Arc<Self>] {
        // A descriptor that did not compile would be missing here; a test compiles each.
        static BUILTINS: LazyLock<Vec<Arc<Program>>> = LazyLock::new(|| {
            DESCRIPTORS.iter().filter_map(|json| Program::from_descriptor(json).ok()).map(Arc::new).collect()
        });
        &BUILTINS
    }

    /// Compiles any Table Schema (v2). Every fault of the descriptor is returned, in the order of its text;
    /// a feature that is not supported is one.
    pub fn from_descriptor(json: &str) -> Result<Self, Vec<DescriptorFault>> {
        descriptor::compile(json)
    }

    /// What the page shows of it.
    #[must_use]
    pub fn summary(&self) -> ProgramSummary {
        ProgramSummary {
            name: self.name.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            fields: self.fields.iter().map(Field::summary).collect(),
        }
    }

    /// The index of the field that fills this part of the record.
    #[must_use]
    pub fn field_that_fills(&self, fill: Fill) -> Option<usize> {
        self.fields.iter().position(|field| field.fills == Some(fill))
    }
}

impl Field {
    fn summary(&self) -> FieldSummary {
        FieldSummary {
            name: self.name.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            required: self.required,
            values: self.kind.values(),
        }
    }

    /// Checks a cell that has a value. Allocates nothing.
    pub(crate) fn check(&self, text: &str) -> Result<(), Misfit> {
        self.kind.check(text)?;
        if self.pattern.as_ref().is_some_and(|pattern| !pattern.matches(text)) {
            return Err(Misfit::Pattern);
        }
        if self.characters.is_bounded() && self.characters.hold(text.chars().count()).is_err() {
            return Err(Misfit::Length);
        }
        Ok(())
    }

    /// Whether there is a text besides blank that may not stand in the column.
    pub(crate) fn can_be_wrong(&self) -> bool {
        let free = matches!(self.kind, Kind::Text) && self.pattern.is_none() && !self.characters.is_bounded();
        // White space and missing values are wrong where a value is required.
        !free || self.required
    }

    /// Whether the text may stand in the column.
    pub(crate) fn admits(&self, text: &str) -> bool {
        if self.is_missing(text) { !self.required } else { self.check(text).is_ok() }
    }

    /// Whether this text means "no value": blank, white space alone, or one of the missing values.
    pub(crate) fn is_missing(&self, text: &str) -> bool {
        is_blank(text) || self.missing.iter().any(|missing| missing == text)
    }
}

/// Whether a cell has nothing to see in it.
pub(crate) fn is_blank(text: &str) -> bool {
    match text.as_bytes().first() {
        None => true,
        Some(first) => !first.is_ascii_graphic() && text.trim().is_empty(),
    }
}

impl<T> Bounds<T> {
    fn is_bounded(&self) -> bool {
        self.least.is_some() || self.most.is_some()
    }
}

impl FieldsMatch {
    /// Whether every field must be there as a column, required or not.
    pub(crate) fn wants_all(self) -> bool {
        matches!(self, Self::Exact | Self::Equal | Self::Subset)
    }

    /// Whether a column that is no field is an error.
    pub(crate) fn refuses_others(self) -> bool {
        matches!(self, Self::Exact | Self::Equal | Self::Superset)
    }
}

/// The attributes of a person that a column can fill.
const PERSON: [&str; 38] = [
    "email",
    "username",
    "firstName",
    "lastName",
    "street1",
    "street2",
    "city",
    "addressType",
    "state",
    "postalCode",
    "country",
    "phone",
    "clientType",
    "studentType",
    "status",
    "source",
    "market",
    "highSchoolGraduationYear",
    "interestedIn",
    "modality",
    "birthDate",
    "gender",
    "ethnicity",
    "ellStatus",
    "canContact",
    "canContactSchools",
    "canContactSurveys",
    "canContactNewsletters",
    "lunchStatus",
    "highSchool",
    "college",
    "collegeGraduationYear",
    "collegeMajor",
    "schoolId",
    "externalId",
    "planningToEnroll",
    "consultation",
    "clickEventId",
];
/// The attributes of a parent, all of which an account needs.
pub(crate) const PARENT: [&str; 3] = ["email", "firstName", "lastName"];

impl Fill {
    /// Reads `person.email`, `parent.email`, `enrolment.offering`…
    fn parse(text: &str) -> Option<Self> {
        let (target, attribute) = text.split_once('.')?;
        let named = |names: &[&'static str]| names.iter().find(|name| **name == attribute).copied();
        match (target, attribute) {
            ("person", _) => named(&PERSON).map(Self::Person),
            ("parent", _) => named(&PARENT).map(Self::Parent),
            ("enrolment", "offering") => Some(Self::Offering),
            ("enrolment", "cancel") => Some(Self::Cancel),
            ("grants", "offerings") => Some(Self::Grants),
            _ => None,
        }
    }
}

impl Pattern {
    fn compile(source: &str) -> Result<Self, regex_lite::Error> {
        let matcher = match source {
            "[0-9]+" | r"\d+" => Matcher::Digits,
            _ => Matcher::Regex(regex_lite::Regex::new(&format!("^(?:{source})$"))?),
        };
        Ok(Self { source: source.to_owned(), matcher })
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        match &self.matcher {
            Matcher::Digits => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
            Matcher::Regex(regex) => regex.is_match(text),
        }
    }

    /// Whether the pattern is "digits alone", which messages can say in words.
    pub(crate) fn is_digits(&self) -> bool {
        matches!(self.matcher, Matcher::Digits)
    }
}

impl fmt::Display for DescriptorFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "/" } else { &self.path };
        write!(f, "{path}: found {}, expected {}", self.found, self.expected)
    }
}

#[cfg(test)]
mod tests;
