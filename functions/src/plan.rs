//! Decides what the records of a partition change, from what is stored already. No I/O, no clock, no
//! randomness: the dry run and the import both call [`plan`], so they cannot disagree.
//!
//! The rows of a group are taken in the file's order against a working copy. A row's outcome follows from
//! what is left of it at the end: where two rows of a file disagree, the later one wins, and only a value
//! that both survived and differs from what was stored counts as a change. So a file that is imported a
//! second time changes nothing, whatever it repeats.

mod draft;
mod findings;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use shared_rules::{
    identity::IdentityKey,
    options::DuplicatePolicy,
    program::Program,
    record::{Attributes, Record, UnitKind, Value, Whom},
};
use uuid::Uuid;

pub use self::draft::keys;
use self::{draft::Draft, findings::changed_meanwhile};
use crate::{
    markets::Markets,
    names::PersonId,
    near::Near,
    outcome::{Entities, EntityCounts, LikeRow, Outcome, RowOutcome},
    person::{HandEdit, Person, Tie, Unit},
};

const STUDENT: &str = "student";
const PARENT: &str = "parent";
const INSTRUCTOR: &str = "instructor";

/// Records that share an identity, in the file's order.
pub type Group = Vec<Record>;

/// What is stored already of everything that a partition can touch.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    pub owners: HashMap<IdentityKey, PersonId>,
    pub people: HashMap<PersonId, Person>,
    pub ties: BTreeSet<Tie>,
    /// The schools and classes that rows speak of, by kind and identifier.
    pub units: HashMap<(UnitKind, String), Unit>,
    /// Who is in the classes that are to be removed, by class.
    pub members: HashMap<String, Vec<Tie>>,
    /// Who has a password, and who set it: see [`Write::SetPassword`].
    pub passwords: HashMap<PersonId, String>,
    /// By the name and address of a row of nobody who is stored, those that are like it; looked up for the dry run.
    pub near: HashMap<IdentityKey, Vec<Near>>,
    /// By row, the earlier rows that it is like; for the dry run too.
    pub like_rows: HashMap<u32, Vec<LikeRow>>,
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
    /// The markets of postal codes, for new people whose row names none; none if the organisation has no table.
    pub markets: Option<Markets>,
    /// Whether a password in the file replaces one that is there.
    pub overwrite_passwords: bool,
    /// Whether the file wins over what somebody set by hand.
    pub overwrite_hand_edits: bool,
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
        /// The marks of values that were set by hand and now are not.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        overwritten: BTreeMap<String, HandEdit>,
    },
    /// A person who is to be gone; `person` is as it must be there.
    Remove { person: Person, release: Vec<IdentityKey> },
    /// A tie that is to be there.
    Tie { tie: Tie },
    /// A tie that is to be gone.
    Untie { tie: Tie },
    /// A school or class as it is to be; `unit.version - 1` is the version that must be there, and 0 none.
    Unit { unit: Unit },
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
        let refused = |change: &Change| change.rows.iter().all(|row| rows.contains(row));
        for change in self.changes.extract_if(.., |change| refused(change)) {
            let Some((kind, count)) = change.write.counted() else { continue };
            let counts = self.entities.entry(kind.to_owned()).or_default();
            let counted = count(counts);
            *counted = counted.saturating_sub(1);
            counts.errors += 1;
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

    /// The new people who have an e-mail address and are not to be invited.
    pub fn invitable(&self) -> impl Iterator<Item = &Person> {
        self.changes.iter().filter_map(|change| match &change.write {
            Write::Create { person, .. }
                if person.invitation.is_none() && person.attributes.contains_key("email") =>
            {
                Some(person)
            }
            _ => None,
        })
    }
}

/// One of the counts of a kind.
type Count = fn(&mut EntityCounts) -> &mut u32;

impl Write {
    /// The kind that the change counts under, and the count; a password counts with its person.
    fn counted(&self) -> Option<(&str, Count)> {
        Some(match self {
            Self::Create { person, .. } => (&person.kind, |counts| &mut counts.created),
            Self::Update { person, .. } => (&person.kind, |counts| &mut counts.updated),
            Self::Remove { person, .. } => (&person.kind, |counts| &mut counts.removed),
            Self::Tie { tie } => (tie.kind(), |counts| &mut counts.created),
            Self::Untie { tie } => (tie.kind(), |counts| &mut counts.updated),
            Self::Unit { unit } if unit.version == 1 => (unit.kind.name(), |counts| &mut counts.created),
            Self::Unit { unit } => (unit.kind.name(), |counts| &mut counts.updated),
            Self::SetPassword { .. } => return None,
        })
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
        // A row may speak of people and classes that a later one makes.
        for (index, record) in group.iter().enumerate() {
            draft.take_links(index, record);
            draft.take_units(index, record);
        }
        draft.finish(&mut plan);
    }
    plan.rows.sort_by_key(|row| row.row);
    plan
}

/// Every identity that a record names: its own, the parent's and those of the people whom it links to.
pub fn named_keys(record: &Record) -> impl Iterator<Item = &IdentityKey> {
    let parent = record.parent.iter().flat_map(|parent| &parent.keys);
    record.keys.iter().chain(parent).chain(record.links.iter().map(|link| &link.key))
}

/// The tie that a row's link asks for: `own` is the row's person, of this kind, and `other` is `whom` to it.
#[must_use]
pub fn link_tie(kind: &str, whom: Whom, own: PersonId, other: PersonId) -> Option<Tie> {
    match (kind, whom) {
        (STUDENT, Whom::Parent) => Some(Tie::Link { parent: other, child: own, offering: None }),
        (PARENT, Whom::Student) => Some(Tie::Link { parent: own, child: other, offering: None }),
        (STUDENT, Whom::Instructor) => Some(Tie::Instruction { instructor: other, student: own }),
        (INSTRUCTOR, Whom::Student) => Some(Tie::Instruction { instructor: own, student: other }),
        _ => None,
    }
}
