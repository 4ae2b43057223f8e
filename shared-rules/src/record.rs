//! A row that passed, typed: what an import will write.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::identity::IdentityKey;

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
