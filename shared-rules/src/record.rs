//! A row that passed, typed: what an import will write.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};

use crate::{
    check::Roles,
    columns::Columns,
    diagnostic::Severity,
    identity::{IdentityKey, KeyKind, KeyWriter},
    program::{self, Field, Fill, Kind, PARENT, PASSWORD, Program},
    read::Texts,
};

/// A person's attributes by name, as the descriptor's `fills` gives them (`email`, `firstName`…); a free field of
/// the profile is `profile.` and the column's name. Blank cells have no entry, so a blank can never erase.
pub type Attributes = BTreeMap<String, Value>;

/// One row that may be imported. Made by [`crate::check::Checker`] alone.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// The row number as a spreadsheet shows it.
    pub row: u32,
    /// The kind of person, as the program's descriptor derives it: `student`, `parent`, `client`, `educator`.
    pub kind: String,
    pub person: Attributes,
    /// The attributes of the person that are to be emptied.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub cleared: BTreeSet<String>,
    /// What makes this the same person as another, strongest first.
    pub keys: Vec<IdentityKey>,
    /// What somebody decided about the row, which may be of a person who is there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Whether the row sets a password. No record holds the password itself: see
    /// [`CheckedRow::password`](crate::check::CheckedRow::password).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sets_password: bool,
    /// The parent, when every field that an account needs is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<Enrolment>,
    /// Offerings on which the person becomes a client admin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<String>,
    /// The people whom the row links its own to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    /// The person's place in a class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What the row says of its school and of its class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<Unit>,
}

/// What is decided about a row that may be of a person who is there already.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It is that person's.
    Same,
    /// It is of somebody new.
    Different,
    /// It is not imported.
    LeaveOut,
}

/// The parent of the person in the row.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parent {
    /// `email`, `firstName`, `lastName`.
    pub person: Attributes,
    pub keys: Vec<IdentityKey>,
}

/// What the row says about one offering.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Enrolment {
    pub offering: String,
    /// Take the person off the offering instead of putting them on it.
    #[serde(default)]
    pub cancel: bool,
}

/// Somebody whom the row's person is linked to.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Link {
    /// What the other is to the row's person.
    pub whom: Whom,
    /// The other's e-mail address.
    pub key: IdentityKey,
}

/// What somebody is to somebody else.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whom {
    Parent,
    Instructor,
    Student,
}

/// A person's place in a class.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The class's identifier.
    pub class: String,
    /// Whether the person is the class's primary teacher, if the row says so or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_teacher: Option<bool>,
}

/// What a row says of a school or a class.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Unit {
    pub kind: UnitKind,
    /// Its identifier in the organisation. Case matters.
    pub id: String,
    /// Of a class: `name`, `grade`, `schoolId`.
    pub attributes: Attributes,
    /// Deactivate it, and take everybody out of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remove: bool,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKind {
    School,
    Class,
}

impl UnitKind {
    /// The kind's name, in keys and in the report's counts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::School => "school",
            Self::Class => "class",
        }
    }
}

/// A typed cell value.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    Bool(bool),
    Integer(i64),
    Text(String),
    List(Vec<String>),
}

impl fmt::Display for Value {
    /// As a cell of the program's own columns shows it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(true) => f.write_str("TRUE"),
            Self::Bool(false) => f.write_str("FALSE"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::List(items) => f.write_str(&items.join(", ")),
        }
    }
}

impl Record {
    /// Types a row that was checked and found good. White space around a text is not part of it.
    pub(crate) fn of(
        program: &Program,
        columns: &Columns,
        roles: &Roles,
        row: u32,
        texts: Texts<'_>,
    ) -> Self {
        let mut person = Attributes::new();
        let mut cleared = BTreeSet::new();
        let mut parent = Attributes::new();
        let mut offering = None;
        let mut cancel = false;
        let mut grants = Vec::new();
        let mut links = Vec::new();
        let mut units = Units::default();
        for (text, field) in texts.iter().zip(columns.fields()) {
            let Some(field) = field.map(|field| &program.fields[field]) else { continue };
            let Some(fill) = field.fills else { continue };
            if field.is_missing(text) {
                cleared.extend(attribute(field).filter(|_| field.is_cleared(text)));
                continue;
            }
            match (fill, typed(&field.kind, text)) {
                (Fill::Person(PASSWORD), _) => {}
                (Fill::Person(name), value) => {
                    person.insert(name.to_owned(), value);
                }
                (Fill::Parent(name), value) => {
                    person.insert(parent_attribute(name), value.clone());
                    parent.insert(name.to_owned(), value);
                }
                (Fill::Profile, value) => {
                    person.insert(profile_attribute(field), value);
                }
                (Fill::Offering, Value::Text(text)) => offering = Some(text),
                (Fill::Cancel, Value::Bool(flag)) => cancel = flag,
                (Fill::Grants, Value::List(items)) => grants = items,
                (Fill::Link(whom), Value::List(items)) => links.extend(Link::to(whom, &items)),
                (Fill::School, Value::Text(text)) => {
                    person.insert(SCHOOL.to_owned(), Value::Text(text.clone()));
                    units.school = Some(text);
                }
                (Fill::Class(name), value) => {
                    units.class.insert(name, value);
                }
                (Fill::Action, _) => units.remove = true,
                _ => {}
            }
        }
        let mut key = KeyWriter::default();
        let keys = roles.identities.iter().filter_map(|identity| {
            let written = identity.write(program, texts, &mut key);
            written.then(|| IdentityKey { kind: identity.kind, value: key.text() })
        });
        let keys = keys.collect();
        let place = units.place();
        Self {
            row,
            kind: kind(program, columns, texts),
            parent: Parent::of(parent, &person),
            person,
            cleared,
            keys,
            decision: None,
            sets_password: password(program, columns, texts).is_some(),
            enrolment: offering.map(|offering| Enrolment { offering, cancel }),
            grants,
            links,
            place,
            units: units.into_units(),
        }
    }
}

/// The attribute that names a person's school, and a class's.
const SCHOOL: &str = "schoolId";

/// What a row says of its school and class, while it is read.
#[derive(Default)]
struct Units {
    school: Option<String>,
    class: BTreeMap<&'static str, Value>,
    /// The only action that there is.
    remove: bool,
}

impl Units {
    fn place(&self) -> Option<Place> {
        let Some(Value::Text(class)) = self.class.get("id") else { return None };
        let primary_teacher = match self.class.get("primaryTeacher") {
            Some(Value::Bool(flag)) => Some(*flag),
            _ => None,
        };
        Some(Place { class: class.clone(), primary_teacher })
    }

    fn into_units(mut self) -> Vec<Unit> {
        let school = self.school.clone().map(|id| Unit {
            kind: UnitKind::School,
            id,
            attributes: Attributes::new(),
            remove: false,
        });
        self.class.remove("primaryTeacher");
        let class = match self.class.remove("id") {
            Some(Value::Text(id)) => {
                let said = self.class.into_iter().map(|(name, value)| (name.to_owned(), value));
                let school = self.school.map(|school| (SCHOOL.to_owned(), Value::Text(school)));
                let attributes = said.chain(school).collect();
                Some(Unit { kind: UnitKind::Class, id, attributes, remove: self.remove })
            }
            _ => None,
        };
        school.into_iter().chain(class).collect()
    }
}

impl Link {
    /// A link to each of these addresses.
    fn to(whom: &str, addresses: &[String]) -> Vec<Self> {
        let whom = match whom {
            "parent" => Whom::Parent,
            "instructor" => Whom::Instructor,
            _ => Whom::Student,
        };
        let key = |address: &String| IdentityKey::of(KeyKind::Email, [address.as_str()]);
        addresses.iter().filter_map(key).map(|key| Self { whom, key }).collect()
    }
}

impl Parent {
    /// The parent, if all that an account needs is there and it is not the child's own address.
    fn of(attributes: Attributes, child: &Attributes) -> Option<Self> {
        let Some(Value::Text(email)) = attributes.get("email") else { return None };
        let key = IdentityKey::of(KeyKind::Email, [email.as_str()])?;
        let own = match child.get("email") {
            Some(Value::Text(own)) => IdentityKey::of(KeyKind::Email, [own.as_str()]),
            _ => None,
        };
        let complete = attributes.len() == PARENT.len() && own.as_ref() != Some(&key);
        complete.then(|| Self { person: attributes, keys: vec![key] })
    }
}

/// The name under which a person's own record keeps the parent's attribute: `email` as `parentEmail`.
#[must_use]
pub fn parent_attribute(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    "parent".chars().chain(first).chain(chars).collect()
}

/// The name under which a person's record keeps a free field of the profile.
#[must_use]
pub fn profile_attribute(field: &Field) -> String {
    format!("profile.{}", field.name)
}

/// The person's own attribute that a column fills.
fn attribute(field: &Field) -> Option<String> {
    match field.fills? {
        Fill::Person(name) => Some(name.to_owned()),
        Fill::Profile => Some(profile_attribute(field)),
        _ => None,
    }
}

/// Why a value that somebody enters by hand cannot stand.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AttributeFault {
    /// The program has no such attribute, or one that is not edited by hand: a secret, or the kind of person.
    Unknown,
    /// A person must have it or is known by it.
    CannotBeEmpty,
    NotAllowed {
        /// A value that may stand there; blank where none is known.
        example: String,
    },
}

impl fmt::Display for AttributeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("There is no such value to edit."),
            Self::CannotBeEmpty => f.write_str("This cannot be empty. Write a value."),
            Self::NotAllowed { example } if example.is_empty() => f.write_str("This is not allowed here."),
            Self::NotAllowed { example } => {
                write!(f, "This is not allowed here. Write, for example, {example}.")
            }
        }
    }
}

impl Program {
    /// Types a value that somebody enters by hand, by the rules of the column that fills the attribute; nothing if
    /// the value empties it.
    pub fn attribute(&self, name: &str, text: &str) -> Result<Option<Value>, AttributeFault> {
        let is_kind = |index| self.person_kind.as_ref().is_some_and(|kind| kind.field == index);
        let fills = |field: &Field| !field.secret && attribute(field).is_some_and(|filled| filled == name);
        let (index, field) = (0..)
            .zip(&self.fields)
            .find(|(index, field)| fills(field) && !is_kind(*index))
            .ok_or(AttributeFault::Unknown)?;
        if field.is_missing(text) {
            return if self.clears(index) { Ok(None) } else { Err(AttributeFault::CannotBeEmpty) };
        }
        if field.severity == Severity::Error && field.check(text).is_err() {
            return Err(AttributeFault::NotAllowed { example: field.example.clone() });
        }
        Ok(Some(typed(&field.kind, text)))
    }
}

/// What stands for a secret wherever a row is shown.
pub const HIDDEN: &str = "••••••";

/// The password that a row sets. A table of results that is imported again has [`HIDDEN`] in its place, which is none.
pub(crate) fn password<'a>(program: &Program, columns: &'a Columns, texts: Texts<'a>) -> Option<&'a str> {
    let field = program.field_that_fills(Fill::Person(PASSWORD))?;
    let text = columns.value(program, field, texts)?.trim();
    (text != HIDDEN).then_some(text)
}

fn kind(program: &Program, columns: &Columns, texts: Texts<'_>) -> String {
    let stated = program.person_kind.as_ref().and_then(|kind| {
        let text = columns.value(program, kind.field, texts)?.trim();
        kind.values.iter().find(|(value, _)| value == text).map(|(_, kind)| kind.clone())
    });
    stated.unwrap_or_else(|| program.main_kind.clone())
}

fn typed(kind: &Kind, text: &str) -> Value {
    let text = text.trim();
    match kind {
        Kind::List(list) => Value::List(list.items(text).map(str::to_owned).collect()),
        _ => match kind.read(text) {
            Ok(program::Value::Flag(flag)) => Value::Bool(flag),
            Ok(program::Value::Year(number) | program::Value::Integer(number)) => Value::Integer(number),
            Ok(program::Value::Date(date)) => Value::Text(date.to_string()),
            _ => Value::Text(text.to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_entered_by_hand_follows_the_rules_of_its_column() {
        let program = Program::builtin("retail").unwrap();
        let check = |name: &str, text: &str| program.attribute(name, text);
        assert_eq!(check("phone", " 617-555-0100 "), Ok(Some(Value::Text("617-555-0100".to_owned()))));
        assert_eq!(check("canContact", "FALSE"), Ok(Some(Value::Bool(false))));
        assert_eq!(check("phone", " "), Ok(None));
        assert_eq!(check("lastName", ""), Err(AttributeFault::CannotBeEmpty));
        assert!(matches!(check("email", "ann@"), Err(AttributeFault::NotAllowed { .. })));
        for name in ["shoeSize", "clientType", "parentEmail"] {
            assert_eq!(check(name, "x"), Err(AttributeFault::Unknown), "{name}");
        }
    }
}
