//! Programs: the columns and rules that a file is checked against.

use std::sync::{Arc, LazyLock};

use serde::Serialize;

use crate::identity::KeyKind;

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
}

/// One column that a program knows.
#[derive(Clone, Debug)]
pub struct Field {
    /// The exact header.
    pub name: String,
    pub title: String,
    pub description: String,
    pub required: bool,
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

impl Program {
    /// The program of that name among those that come with the product.
    #[must_use]
    pub fn builtin(name: &str) -> Option<Arc<Self>> {
        Self::builtins().iter().find(|program| program.name == name).cloned()
    }

    /// The programs that come with the product, in the order in which they are offered.
    #[must_use]
    pub fn builtins() -> &'static [Arc<Self>] {
        static BUILTINS: LazyLock<Vec<Arc<Program>>> = LazyLock::new(Vec::new);
        &BUILTINS
    }

    /// Compiles any Table Schema (v2).
    pub fn from_descriptor(json: &str) -> Result<Self, Vec<DescriptorFault>> {
        Err(vec![DescriptorFault { path: String::new(), found: json.to_owned(), expected: String::new() }])
    }

    /// What the page shows of it.
    #[must_use]
    pub fn summary(&self) -> ProgramSummary {
        ProgramSummary {
            name: self.name.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            fields: Vec::new(),
        }
    }
}
