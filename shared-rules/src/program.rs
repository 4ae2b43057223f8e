//! Programs: the columns and rules that a file is checked against.

mod descriptor;
mod kind;
mod moment;

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use serde::Serialize;

pub use self::kind::iso_date;
pub(crate) use self::kind::{Flag, Kind, List, MomentFormat, Value, Values};
use crate::{clear::is_clear, diagnostic::Severity, identity::KeyKind, options::DateOrder, rules::Misfit};

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
    /// Groups of fields of which a row fills at least one.
    pub requirements: Vec<Requirement>,
    /// Fields whose values, taken together, stand in one row only; indices into `fields`.
    pub(crate) unique: Vec<Vec<usize>>,
    /// Fields whose values must stand in another column of the file.
    pub(crate) references: Vec<Reference>,
    /// The sheets of a workbook in which each holds one kind of people.
    pub sheets: Option<Sheets>,
    /// How a record's kind follows from the row.
    pub person_kind: Option<PersonKind>,
    /// The kind of a record where no column says it, and the one under which rejected rows are counted: what a
    /// rejected row says of its own kind may be what is wrong with it.
    pub main_kind: String,
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
    /// The file must have the column, even if its cells may be blank.
    pub column_required: bool,
    /// What of the record the column fills; nothing in a plain Table Schema.
    pub fills: Option<Fill>,
    /// Other headers under which the column is known.
    pub(crate) aliases: Vec<String>,
    /// What a value that is not allowed comes to.
    pub(crate) severity: Severity,
    /// The values are passwords or the like, and never shown.
    pub secret: bool,
    /// Texts besides blank that mean "no value".
    pub(crate) missing: Vec<String>,
    pub(crate) kind: Kind,
    pub(crate) pattern: Option<Pattern>,
    pub(crate) characters: Bounds<usize>,
    /// The values of a list of a type other than text; empty where every value is allowed.
    pub(crate) one_of: Vec<String>,
}

/// A group of fields of which a row must fill at least one, if the conditions hold.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Requirement {
    /// Indices into the program's fields.
    pub fields: Vec<usize>,
    /// All must hold; a row to which they don't apply is let be.
    pub when: Vec<Condition>,
}

/// What a requirement asks of another cell of the row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Condition {
    /// Index into the program's fields.
    pub field: usize,
    pub test: Test,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Test {
    /// The cell has one of these values.
    Is(Vec<String>),
    Blank,
    Filled,
}

/// A field whose values must stand in another column of the same file (Table Schema's `foreignKeys`).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Reference {
    pub(crate) field: usize,
    pub(crate) to: usize,
    pub(crate) severity: Severity,
}

/// How the sheets of a workbook divide the people: a sheet's name stands for a value of one field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sheets {
    /// Index into the program's fields.
    pub field: usize,
    /// Sheet and value.
    pub values: Vec<(String, String)>,
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
    /// A field of the person's profile that the platform does not know; named as the column.
    Profile,
    /// The e-mail addresses of people that this one is linked to: `parent`, `instructor`, `student`.
    Link(&'static str),
    /// The school's identifier.
    School,
    /// An attribute of the class, by name.
    Class(&'static str),
    /// What is to be done with the row's class.
    Action,
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

/// Bounds of a quantity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds<T> {
    pub(crate) least: Option<T>,
    pub(crate) most: Option<T>,
    /// Every value is greater than this, and less than that.
    pub(crate) above: Option<T>,
    pub(crate) below: Option<T>,
}

impl<T> Default for Bounds<T> {
    fn default() -> Self {
        Self { least: None, most: None, above: None, below: None }
    }
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
    /// Whether it can be imported, and not only be checked.
    pub importable: bool,
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
    /// Whether it holds passwords, whose values are never shown.
    pub secret: bool,
    /// The values that may stand in the column, where it has a list of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
}

/// The descriptors that come with the product.
pub(crate) const DESCRIPTORS: [&str; 7] = [
    include_str!("../programs/retail.json"),
    include_str!("../programs/international.json"),
    include_str!("../programs/institutional.json"),
    include_str!("../programs/learners.json"),
    include_str!("../programs/district-users.json"),
    include_str!("../programs/district-demographics.json"),
    include_str!("../programs/clients.json"),
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

    /// The program under a name that somebody else gave it; its title too, where the descriptor has none.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        if self.title.is_empty() {
            name.clone_into(&mut self.title);
        }
        self
    }

    /// Whether it can be imported: its people can be found again.
    #[must_use]
    pub fn is_importable(&self) -> bool {
        !self.identity.is_empty()
    }

    /// Whether the program's columns say enough of a person to make one.
    #[must_use]
    pub fn names_people(&self) -> bool {
        self.fills_person("firstName") && self.fills_person("lastName")
    }

    /// Whether a column fills this attribute of the person.
    #[must_use]
    pub fn fills_person(&self, attribute: &'static str) -> bool {
        self.field_that_fills(Fill::Person(attribute)).is_some()
    }

    /// Whether a person has a row for each class, so that several rows of one are no duplicates.
    #[must_use]
    pub fn has_classes(&self) -> bool {
        self.field_that_fills(Fill::Class("id")).is_some()
    }

    /// Whether every row has this attribute of its person.
    #[must_use]
    pub fn requires(&self, attribute: &'static str) -> bool {
        self.field_that_fills(Fill::Person(attribute)).is_some_and(|field| self.fields[field].required)
    }

    /// Whether a row may set a password.
    #[must_use]
    pub fn sets_passwords(&self) -> bool {
        self.fills_person(PASSWORD)
    }

    /// What the page shows of it.
    #[must_use]
    pub fn summary(&self) -> ProgramSummary {
        ProgramSummary {
            name: self.name.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            importable: self.is_importable(),
            fields: self.fields.iter().map(Field::summary).collect(),
        }
    }

    /// Whether headers must be exactly the program's, so that none is recognised by another name.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        self.fields_match.refuses_others()
    }

    /// The program for a file of whose dates the importer has said which order they are in. One that is strict about
    /// its header is as strict about its values.
    #[must_use]
    pub(crate) fn with_dates_in(mut self: Arc<Self>, order: DateOrder) -> Arc<Self> {
        if !self.is_strict() {
            for field in &mut Arc::make_mut(&mut self).fields {
                if let Kind::Date(moment) = &mut field.kind
                    && moment.format == MomentFormat::Iso
                {
                    moment.format = MomentFormat::Ordered(order);
                }
            }
        }
        self
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
            secret: self.secret,
            values: self.values(),
        }
    }

    /// The values that may stand in the column, where it has a list of them.
    #[must_use]
    pub fn values(&self) -> Option<Vec<String>> {
        self.kind.values().or_else(|| (!self.one_of.is_empty()).then(|| self.one_of.clone()))
    }

    /// The cell that holds these items: between two of them stands what the column divides a list by.
    #[must_use]
    pub fn join(&self, items: &[&str]) -> String {
        items.join(match &self.kind {
            Kind::List(list) => list.delimiter.as_str(),
            _ => ",",
        })
    }

    /// Checks a cell that has a value. Allocates nothing.
    pub(crate) fn check(&self, text: &str) -> Result<(), Misfit> {
        self.kind.check(text)?;
        if !self.one_of.is_empty()
            && !self.one_of.iter().any(|value| self.kind.read(value) == self.kind.read(text))
        {
            return Err(Misfit::NotListed);
        }
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

    /// Whether this text means "no value": blank, white space alone, one of the missing values, or that a stored
    /// value is to be emptied.
    pub(crate) fn is_missing(&self, text: &str) -> bool {
        is_blank(text) || self.is_cleared(text) || self.missing.iter().any(|missing| missing == text)
    }

    /// Whether this text says that what is stored is to be emptied. Where nothing is stored of a column, it does not.
    pub(crate) fn is_cleared(&self, text: &str) -> bool {
        self.fills.is_some() && is_clear(text)
    }
}

/// Whether a cell has nothing to see in it.
pub(crate) fn is_blank(text: &str) -> bool {
    match text.as_bytes().first() {
        None => true,
        Some(first) => !first.is_ascii_graphic() && text.trim().is_empty(),
    }
}

impl Condition {
    /// Whether it holds for a cell; a blank one has no value.
    pub(crate) fn holds(&self, value: Option<&str>) -> bool {
        match (&self.test, value) {
            (Test::Is(values), Some(value)) => values.iter().any(|listed| listed == value.trim()),
            (Test::Is(_), None) => false,
            (Test::Blank, value) => value.is_none(),
            (Test::Filled, value) => value.is_some(),
        }
    }
}

impl<T> Bounds<T> {
    pub(crate) fn is_bounded(&self) -> bool {
        self.least.is_some() || self.most.is_some() || self.above.is_some() || self.below.is_some()
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
const PERSON: [&str; 62] = [
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
    "role",
    "middleName",
    "preferredName",
    "pronouns",
    "grade",
    "districtId",
    "stateId",
    "department",
    "password",
    "major",
    "classYear",
    "heardFrom",
    "homeLanguage",
    "iepStatus",
    "economicallyDisadvantaged",
    "americanIndianOrAlaskaNative",
    "asian",
    "blackOrAfricanAmerican",
    "nativeHawaiianOrOtherPacificIslander",
    "white",
    "twoOrMoreRaces",
    "hispanicOrLatino",
    "title",
    "mobilePhone",
];
/// The attribute that no record holds: see [`CheckedRow::password`](crate::check::CheckedRow::password).
pub(crate) const PASSWORD: &str = "password";
/// The people that a person can be linked to.
const LINKS: [&str; 3] = ["parent", "instructor", "student"];
/// The attributes of a class.
const CLASS: [&str; 4] = ["id", "name", "grade", "primaryTeacher"];
/// The attributes of a parent, all of which an account needs.
pub(crate) const PARENT: [&str; 3] = ["email", "firstName", "lastName"];

impl Fill {
    /// Reads `person.email`, `parent.email`, `enrolment.offering`…
    fn parse(text: &str) -> Option<Self> {
        if text == "profile" {
            return Some(Self::Profile);
        }
        if text == "action" {
            return Some(Self::Action);
        }
        let (target, attribute) = text.split_once('.')?;
        let named = |names: &[&'static str]| names.iter().find(|name| **name == attribute).copied();
        match (target, attribute) {
            ("person", _) => named(&PERSON).map(Self::Person),
            ("parent", _) => named(&PARENT).map(Self::Parent),
            ("enrolment", "offering") => Some(Self::Offering),
            ("enrolment", "cancel") => Some(Self::Cancel),
            ("grants", "offerings") => Some(Self::Grants),
            ("link", _) => named(&LINKS).map(Self::Link),
            ("school", "id") => Some(Self::School),
            ("class", _) => named(&CLASS).map(Self::Class),
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
