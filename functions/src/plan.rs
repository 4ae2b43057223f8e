//! Decides what the records of a partition change, from what is stored already. No I/O, no clock, no
//! randomness: the dry run and the import both call [`plan`], so they cannot disagree.
//!
//! The rows of a group are taken in the file's order against a working copy. A row's outcome follows from
//! what is left of it at the end: where two rows of a file disagree, the later one wins, and only a value
//! that both survived and differs from what was stored counts as a change. So a file that is imported a
//! second time changes nothing, whatever it repeats.

mod draft;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use shared_rules::{
    diagnostic::{Diagnostic, Location, Severity},
    identity::{IdentityKey, KeyKind},
    options::DuplicatePolicy,
    program::Program,
    record::Record,
};
use uuid::Uuid;

use self::draft::Draft;
use crate::{
    names::PersonId,
    outcome::{Entities, Outcome, RowOutcome, key_words},
    person::{Person, Tie},
};

/// Records that share an identity, in the file's order.
pub type Group = Vec<Record>;

/// What is stored already of everything that a partition can touch.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    pub owners: HashMap<IdentityKey, PersonId>,
    pub people: HashMap<PersonId, Person>,
    pub ties: BTreeSet<Tie>,
    /// Who has a password, and who set it: see [`Write::SetPassword`].
    pub passwords: HashMap<PersonId, String>,
}

/// What the importer chose, and who the import is.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    /// The import's identifier.
    pub import: Uuid,
    /// `{import}/{partition}`, for [`Person::written_by`].
    pub writer: String,
    pub policy: DuplicatePolicy,
    /// Whether new people with an address get a registration e-mail.
    pub invite: bool,
    /// What `source` is set to where a row names none.
    pub importer: String,
    pub program: Arc<Program>,
    /// Whether a password in the file replaces one that is there.
    pub overwrite_passwords: bool,
}

/// The decision about a partition.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Plan {
    pub changes: Vec<Change>,
    /// One for each record, by row.
    pub rows: Vec<RowOutcome>,
    pub entities: Entities,
}

/// One write.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Change {
    /// The rows that it comes from.
    pub rows: Vec<u32>,
    pub write: Write,
}

/// What is written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "write", rename_all = "kebab-case")]
pub enum Write {
    /// A new person with its identity keys.
    Create { person: Person, claim: Vec<IdentityKey> },
    /// A person as it is to be; `person.version - 1` is the version that must be there.
    Update { person: Person, claim: Vec<IdentityKey>, release: Vec<IdentityKey> },
    /// A tie that is to be there.
    Tie { tie: Tie },
    /// A tie that is to be gone.
    Untie { tie: Tie },
    /// The password of a row, which stands sealed beside the records of the partition, becomes the person's.
    SetPassword {
        person: PersonId,
        row: u32,
        /// Who set the password that is there and must still be there; nothing if there must be none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<String>,
    },
}

/// A [`Write::SetPassword`].
#[derive(Clone, Copy, Debug)]
pub struct PasswordChange<'a> {
    pub person: &'a PersonId,
    pub row: u32,
    pub replaces: Option<&'a str>,
}

impl Plan {
    /// Notes that these rows could not be written as decided, because what is stored changed in between.
    pub fn reject(&mut self, rows: &BTreeSet<u32>) {
        for row in self.rows.iter_mut().filter(|row| rows.contains(&row.row)) {
            row.outcome = Outcome::Rejected;
            row.changes = Vec::new();
            row.diagnostics.push(changed_meanwhile(row.row));
        }
    }

    /// The passwords that are to be set.
    pub fn passwords(&self) -> impl Iterator<Item = PasswordChange<'_>> {
        self.changes.iter().filter_map(|change| match &change.write {
            Write::SetPassword { person, row, replaces } => {
                Some(PasswordChange { person, row: *row, replaces: replaces.as_deref() })
            }
            _ => None,
        })
    }

    /// The new people who are to be invited.
    pub fn invited(&self) -> impl Iterator<Item = &Person> {
        self.changes.iter().filter_map(|change| match &change.write {
            Write::Create { person, .. } if person.invitation.is_some() => Some(person),
            _ => None,
        })
    }
}

/// Decides about every group of a partition.
#[must_use]
pub fn plan(groups: &[Group], snapshot: &Snapshot, options: &PlanOptions) -> Plan {
    let mut plan = Plan::default();
    for group in groups {
        let mut draft = Draft::new(group, snapshot, options);
        for record in group {
            draft.take(record);
        }
        draft.finish(&mut plan);
    }
    plan.rows.sort_by_key(|row| row.row);
    plan
}

/// Every identity that a record names: its own and the parent's.
pub fn named_keys(record: &Record) -> impl Iterator<Item = &IdentityKey> {
    record.keys.iter().chain(record.parent.iter().flat_map(|parent| &parent.keys))
}

fn ambiguous_match(row: u32, owners: &[(KeyKind, PersonId)]) -> Diagnostic {
    let owners: Vec<String> =
        owners.iter().map(|(kind, id)| format!("{id} by {}", key_words(*kind))).collect();
    Diagnostic {
        rule: "ambiguous-match".to_owned(),
        severity: Severity::Error,
        location: Location::row(row),
        message: format!("Row {row} points at {} different people: {}.", owners.len(), owners.join(", ")),
        help: "Correct the values that belong to the other person, or merge the two people first.".to_owned(),
        fix: None,
    }
}

fn person_exists(row: u32, by: KeyKind, person: &PersonId) -> Diagnostic {
    Diagnostic {
        rule: "person-exists".to_owned(),
        severity: Severity::Error,
        location: Location::row(row),
        message: format!("Row {row}: this person is there already ({person}, found by {}).", key_words(by)),
        help: "Take the row out, or choose another way to handle duplicates.".to_owned(),
        fix: None,
    }
}

fn changed_meanwhile(row: u32) -> Diagnostic {
    Diagnostic {
        rule: "changed-meanwhile".to_owned(),
        severity: Severity::Error,
        location: Location::row(row),
        message: format!("Row {row}: somebody changed this person while the import was being written."),
        help: "Import the row again.".to_owned(),
        fix: None,
    }
}
