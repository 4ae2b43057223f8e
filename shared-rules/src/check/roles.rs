//! The columns of a file that rules across columns and identities read.

use crate::{
    columns::Columns,
    identity::{KeyKind, KeyWriter, Seen, hash_of_bytes},
    program::{Fill, Program},
    read::Texts,
};

/// Where each part of a record stands in this file, if it does.
pub(crate) struct Roles {
    pub(crate) offering: Option<Role>,
    pub(crate) cancel: Option<Role>,
    pub(crate) email: Option<Role>,
    pub(crate) external_id: Option<Role>,
    pub(crate) first_name: Option<Role>,
    pub(crate) class: Option<Role>,
    /// The columns of addresses of other people, and who these are.
    pub(crate) links: Vec<(Role, &'static str)>,
    /// The kind of person, where a column says it.
    pub(crate) kind: Option<Role>,
    /// The parent's e-mail address, first name and last name.
    pub(crate) parent: [Option<Role>; 3],
    /// The program's identities that the file has all columns for, strongest first.
    pub(crate) identities: Vec<Identity>,
}

/// A column of the file that is a field.
#[derive(Clone, Copy)]
pub(crate) struct Role {
    pub(crate) field: usize,
    pub(crate) column: usize,
}

pub(crate) struct Identity {
    pub(crate) kind: KeyKind,
    pub(crate) parts: Vec<Role>,
}

impl Roles {
    pub(crate) fn new(program: &Program, columns: &Columns) -> Self {
        let role = |fill| {
            let field = program.field_that_fills(fill)?;
            columns.column(field).map(|column| Role { field, column })
        };
        let identity = |&kind: &KeyKind| {
            let parts: Option<_> =
                kind.attributes().iter().map(|attribute| role(Fill::Person(attribute))).collect();
            Some(Identity { kind, parts: parts? })
        };
        Self {
            offering: role(Fill::Offering),
            cancel: role(Fill::Cancel),
            email: role(Fill::Person("email")),
            external_id: role(Fill::Person("externalId")),
            first_name: role(Fill::Person("firstName")),
            class: role(Fill::Class("id")),
            links: links(program, columns),
            kind: program
                .person_kind
                .as_ref()
                .and_then(|kind| columns.column(kind.field).map(|column| Role { field: kind.field, column })),
            parent: ["email", "firstName", "lastName"].map(|part| role(Fill::Parent(part))),
            identities: program.identity.iter().filter_map(identity).collect(),
        }
    }

    /// Whether rows speak of others in ways that only the whole file shows: links, references, classes.
    pub(crate) fn says_of_others(&self, program: &Program) -> bool {
        !self.links.is_empty()
            || !program.references.is_empty()
            || self.class.is_some()
            || self.parent[0].is_some()
    }

    /// The columns by which they do, and none where they do not.
    pub(crate) fn columns_across(&self, program: &Program, columns: &Columns) -> Vec<usize> {
        if !self.says_of_others(program) {
            return Vec::new();
        }
        let roles =
            [self.parent[0], self.class, self.external_id, self.email, self.kind].into_iter().flatten();
        let links = self.links.iter().map(|(role, _)| *role);
        let references = program.references.iter().flat_map(|reference| [reference.field, reference.to]);
        let referring = references.filter_map(|field| columns.column(field));
        roles.chain(links).map(|role| role.column).chain(referring).collect()
    }

    /// The hash of the row's class.
    pub(crate) fn class_hash(&self, program: &Program, texts: Texts<'_>) -> Option<u64> {
        Some(hash_of_bytes(self.class?.value(program, texts)?.as_bytes()))
    }

    /// Whether the row's column of kinds says that it is a student.
    pub(crate) fn is_student(&self, program: &Program, texts: Texts<'_>) -> bool {
        let Some((kind, role)) = program.person_kind.as_ref().zip(self.kind) else { return false };
        let text = texts.get(role.column).trim();
        kind.values.iter().any(|(value, kind)| kind == "student" && value == text)
    }
}

fn links(program: &Program, columns: &Columns) -> Vec<(Role, &'static str)> {
    let link = |(field, column): (&Option<usize>, usize)| {
        let field = (*field)?;
        match program.fields[field].fills? {
            Fill::Link(whom) => Some((Role { field, column }, whom)),
            _ => None,
        }
    };
    columns.fields().iter().zip(0..).filter_map(link).collect()
}

impl Role {
    /// The cell's text, if it has a value.
    pub(crate) fn value<'a>(self, program: &Program, texts: Texts<'a>) -> Option<&'a str> {
        let text = texts.get(self.column);
        (!program.fields[self.field].is_missing(text)).then_some(text)
    }
}

impl Identity {
    /// What the row's key is remembered by, if it has one.
    pub(crate) fn hash(&self, program: &Program, texts: Texts<'_>, key: &mut KeyWriter) -> Option<u64> {
        self.write(program, texts, key).then(|| Seen::hash(self.kind, key.key()))
    }

    /// Writes the row's normalised key; returns whether it has one.
    pub(crate) fn write(&self, program: &Program, texts: Texts<'_>, key: &mut KeyWriter) -> bool {
        let filled = self.parts.iter().all(|part| part.value(program, texts).is_some());
        filled && key.write(self.kind, self.parts.iter().map(|part| texts.get(part.column)))
    }

    /// The column to show a repetition at; none where several columns make the identity.
    pub(crate) fn column(&self) -> Option<usize> {
        match self.parts.as_slice() {
            [part] => Some(part.column),
            _ => None,
        }
    }
}
