//! Decides what the records of a partition change, from what is stored already. No I/O, no clock, no
//! randomness: the dry run and the import both call [`plan`], so they cannot disagree.
//!
//! The rows of a group are taken in the file's order against a working copy. A row's outcome follows from
//! what is left of it at the end: where two rows of a file disagree, the later one wins, and only a value
//! that both survived and differs from what was stored counts as a change. So a file that is imported a
//! second time changes nothing, whatever it repeats.

mod draft;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use shared_rules::{
    diagnostic::{Diagnostic, Location, Severity},
    identity::{IdentityKey, KeyKind},
    options::DuplicatePolicy,
    record::{Attributes, Record, Value},
};
use uuid::Uuid;

use self::draft::Draft;
pub use self::draft::keys;
use crate::{
    names::PersonId,
    outcome::{Entities, EntityCounts, Outcome, RowOutcome, key_words},
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
    /// The identities that the program matches by, strongest first.
    pub identity: Vec<KeyKind>,
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
    Update {
        person: Person,
        /// What the attributes that change were before; nothing for one that is new.
        #[serde(default)]
        before: BTreeMap<String, Option<Value>>,
        claim: Vec<IdentityKey>,
        release: Vec<IdentityKey>,
    },
    /// A person who is to be gone; `person` is as it must be there.
    Remove { person: Person, release: Vec<IdentityKey> },
    /// A tie that is to be there.
    Tie { tie: Tie },
    /// A tie that is to be gone.
    Untie { tie: Tie },
}

impl Plan {
    /// Notes that these rows could not be written as decided, because what is stored changed in between.
    pub fn reject(&mut self, rows: &BTreeSet<u32>) {
        for row in self.rows.iter_mut().filter(|row| rows.contains(&row.row)) {
            row.outcome = Outcome::Rejected;
            row.changes = Vec::new();
            row.diagnostics.push(changed_meanwhile(row.row));
        }
        let refused = |change: &Change| change.rows.iter().all(|row| rows.contains(row));
        for change in self.changes.extract_if(.., |change| refused(change)) {
            let (kind, count) = change.write.counted();
            let counts = self.entities.entry(kind.to_owned()).or_default();
            let counted = count(counts);
            *counted = counted.saturating_sub(1);
            counts.errors += 1;
        }
    }

    /// The new people who are to be invited.
    pub fn invited(&self) -> impl Iterator<Item = &Person> {
        self.changes.iter().filter_map(|change| match &change.write {
            Write::Create { person, .. } if person.invitation.is_some() => Some(person),
            _ => None,
        })
    }
}

impl Write {
    /// The kind that the change counts under, and the count.
    fn counted(&self) -> (&str, fn(&mut EntityCounts) -> &mut u32) {
        match self {
            Self::Create { person, .. } => (&person.kind, |counts| &mut counts.created),
            Self::Update { person, .. } => (&person.kind, |counts| &mut counts.updated),
            Self::Remove { person, .. } => (&person.kind, |counts| &mut counts.removed),
            Self::Tie { tie } => (tie.kind(), |counts| &mut counts.created),
            Self::Untie { tie } => (tie.kind(), |counts| &mut counts.updated),
        }
    }
}

/// What the attributes in which the two differ are in `before`.
#[must_use]
pub fn prior_values(before: &Attributes, after: &Attributes) -> BTreeMap<String, Option<Value>> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| (name.clone(), before.get(name).cloned()))
        .collect()
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
