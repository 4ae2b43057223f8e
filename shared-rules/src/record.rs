//! A row that passed, typed: what an import will write.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    check::Roles,
    columns::Columns,
    identity::{IdentityKey, KeyKind, KeyWriter},
    program::{self, Fill, Kind, PARENT, Program},
    read::Texts,
};

/// A person's attributes by name, as the descriptor's `fills` gives them (`email`, `firstName`…). Blank
/// cells have no entry, so a blank can never erase.
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
    /// What makes this the same person as another, strongest first.
    pub keys: Vec<IdentityKey>,
    /// The parent, when every field that an account needs is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<Enrolment>,
    /// Offerings on which the person becomes a client admin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<String>,
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
        let mut parent = Attributes::new();
        let mut offering = None;
        let mut cancel = false;
        let mut grants = Vec::new();
        for (text, field) in texts.iter().zip(columns.fields()) {
            let Some(field) = field.map(|field| &program.fields[field]) else { continue };
            let Some(fill) = field.fills.filter(|_| !field.is_missing(text)) else { continue };
            match (fill, typed(&field.kind, text)) {
                (Fill::Person(name), value) => {
                    person.insert(name.to_owned(), value);
                }
                (Fill::Parent(name), value) => {
                    person.insert(parent_attribute(name), value.clone());
                    parent.insert(name.to_owned(), value);
                }
                (Fill::Offering, Value::Text(text)) => offering = Some(text),
                (Fill::Cancel, Value::Bool(flag)) => cancel = flag,
                (Fill::Grants, Value::List(items)) => grants = items,
                _ => {}
            }
        }
        let mut key = KeyWriter::default();
        let keys = roles.identities.iter().filter_map(|identity| {
            let written = identity.write(program, texts, &mut key);
            written.then(|| IdentityKey { kind: identity.kind, value: key.text() })
        });
        let keys = keys.collect();
        Self {
            row,
            kind: kind(program, columns, texts),
            parent: Parent::of(parent, &person),
            person,
            keys,
            enrolment: offering.map(|offering| Enrolment { offering, cancel }),
            grants,
        }
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
fn parent_attribute(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    "parent".chars().chain(first).chain(chars).collect()
}

/// What the record is when the program does not say.
const PERSON: &str = "person";

fn kind(program: &Program, columns: &Columns, texts: Texts<'_>) -> String {
    let stated = program.person_kind.as_ref().and_then(|kind| {
        let text = texts.get(columns.column(kind.field)?).trim();
        kind.values.iter().find(|(value, _)| value == text).map(|(_, kind)| kind.clone())
    });
    stated.unwrap_or_else(|| PERSON.to_owned())
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
