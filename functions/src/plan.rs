//! Decides what the records of a partition change, from what is stored already. No I/O, no clock, no
//! randomness: the dry run and the import both call [`plan`], so they cannot disagree.
//!
//! The rows of a group are taken in the file's order against a working copy. A row's outcome follows from
//! what is left of it at the end: where two rows of a file disagree, the later one wins, and only a value
//! that both survived and differs from what was stored counts as a change. So a file that is imported a
//! second time changes nothing, whatever it repeats.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use shared_rules::{
    diagnostic::{Diagnostic, Location, Severity},
    identity::{IdentityKey, KeyKind},
    options::DuplicatePolicy,
    record::{Attributes, Record, Value},
};
use uuid::Uuid;

use crate::{
    names::PersonId,
    outcome::{Entities, FieldChange, Outcome, RowOutcome, key_words},
    person::{Invitation, InvitationState, Person, Tie},
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
    Update { person: Person, claim: Vec<IdentityKey>, release: Vec<IdentityKey> },
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

// Status numbers and the rule about them are those of the batch upload guide.
const COLD_LEAD: &str = "0";
const CUSTOMER: &str = "3";
const EMPLOYEE_AND_INSTRUCTOR: [&str; 2] = ["4", "5"];

/// The working copy that the rows of one group are applied to.
struct Draft<'a> {
    snapshot: &'a Snapshot,
    options: &'a PlanOptions,
    /// Every identity that a row of the group names.
    named: BTreeSet<IdentityKey>,
    owners: BTreeMap<IdentityKey, PersonId>,
    people: BTreeMap<PersonId, DraftPerson>,
    ties: BTreeMap<Tie, DraftTie>,
    rows: Vec<DraftRow>,
    /// The kinds of the people in rejected rows, for the counts.
    rejected: Vec<String>,
}

struct DraftPerson {
    person: Person,
    /// What a change is measured against: what is stored, or what the creating row said.
    base: Attributes,
    created_in: Option<u32>,
    /// The row that set each attribute last.
    set_by: BTreeMap<String, u32>,
    /// Every row that is about this person.
    rows: BTreeSet<u32>,
}

struct DraftTie {
    present: bool,
    set_by: u32,
    rows: BTreeSet<u32>,
}

struct DraftRow {
    row: u32,
    person: Option<PersonId>,
    matched_by: Option<KeyKind>,
    /// Set for a row that was decided at once: skipped or rejected.
    decided: Option<(Outcome, Vec<Diagnostic>)>,
}

/// Whom the identity keys of a row point at.
enum Match {
    Nobody,
    One(PersonId, KeyKind),
    Several(Vec<(KeyKind, PersonId)>),
}

/// Which account of a row: it makes part of a new person's identifier.
#[derive(Clone, Copy)]
enum Account {
    Own,
    Parent,
}

impl<'a> Draft<'a> {
    fn new(group: &[Record], snapshot: &'a Snapshot, options: &'a PlanOptions) -> Self {
        Self {
            snapshot,
            options,
            named: group.iter().flat_map(named_keys).cloned().collect(),
            owners: BTreeMap::new(),
            people: BTreeMap::new(),
            ties: BTreeMap::new(),
            rows: Vec::new(),
            rejected: Vec::new(),
        }
    }

    fn take(&mut self, record: &Record) {
        let (person, matched_by) = match self.find(&record.keys) {
            Match::Several(owners) => {
                return self.reject(record, None, ambiguous_match(record.row, &owners));
            }
            Match::One(person, by) => match self.options.policy {
                DuplicatePolicy::Skip => return self.skip(record.row, person, by),
                DuplicatePolicy::Reject => {
                    let diagnostic = person_exists(record.row, by, &person);
                    return self.reject(record, Some((person, by)), diagnostic);
                }
                DuplicatePolicy::FillMissing | DuplicatePolicy::Update => {
                    self.merge(&person, record.row, &record.person);
                    (person, Some(by))
                }
            },
            Match::Nobody => (self.create(Account::Own, record.row, &record.kind, &record.person), None),
        };
        self.take_ties(record, &person);
        if let Some(draft) = self.people.get_mut(&person).filter(|draft| draft.created_in == Some(record.row))
        {
            draft.base.clone_from(&draft.person.attributes);
            draft.set_by.clear();
        }
        self.rows.push(DraftRow { row: record.row, person: Some(person), matched_by, decided: None });
    }

    fn take_ties(&mut self, record: &Record, person: &PersonId) {
        let parent = record
            .parent
            .as_ref()
            .and_then(|parent| self.take_parent(record.row, &parent.keys, &parent.person));
        if let Some(enrolment) = &record.enrolment {
            let offering = &enrolment.offering;
            let present = !enrolment.cancel;
            self.set_tie(
                Tie::Enrolment { person: person.clone(), offering: offering.clone() },
                present,
                record.row,
            );
            if let Some(parent) = parent.filter(|parent| parent != person) {
                let link = Tie::Link { parent, child: person.clone(), offering: offering.clone() };
                self.set_tie(link, present, record.row);
            }
            if present {
                self.make_customer(person, record.row);
            }
        }
        for offering in &record.grants {
            self.set_tie(Tie::Grant { person: person.clone(), offering: offering.clone() }, true, record.row);
        }
    }

    /// The parent's account. One that is there already is no duplicate of the row, so only the two merging
    /// policies touch it.
    fn take_parent(&mut self, row: u32, keys: &[IdentityKey], attributes: &Attributes) -> Option<PersonId> {
        match self.find(keys) {
            Match::Nobody => Some(self.create(Account::Parent, row, "parent", attributes)),
            Match::One(parent, _) => {
                if matches!(self.options.policy, DuplicatePolicy::FillMissing | DuplicatePolicy::Update) {
                    self.merge(&parent, row, attributes);
                }
                Some(parent)
            }
            // A parent is known by the e-mail address alone, which has one owner.
            Match::Several(_) => None,
        }
    }

    fn skip(&mut self, row: u32, person: PersonId, by: KeyKind) {
        self.person(&person, row);
        let decided = Some((Outcome::Skipped, Vec::new()));
        self.rows.push(DraftRow { row, person: Some(person), matched_by: Some(by), decided });
    }

    fn reject(&mut self, record: &Record, matched: Option<(PersonId, KeyKind)>, diagnostic: Diagnostic) {
        let (person, matched_by) = matched.unzip();
        let decided = Some((Outcome::Rejected, vec![diagnostic]));
        self.rejected.push(record.kind.clone());
        self.rows.push(DraftRow { row: record.row, person, matched_by, decided });
    }

    fn find(&self, keys: &[IdentityKey]) -> Match {
        let mut found: Vec<(KeyKind, PersonId)> = Vec::new();
        for key in keys {
            let owner = self.owners.get(key).or_else(|| self.snapshot.owners.get(key));
            if let Some(owner) = owner.filter(|owner| found.iter().all(|(_, other)| other != *owner)) {
                found.push((key.kind, owner.clone()));
            }
        }
        match found.len() {
            0 => Match::Nobody,
            1 => found.pop().map_or(Match::Nobody, |(kind, person)| Match::One(person, kind)),
            _ => Match::Several(found),
        }
    }

    fn create(&mut self, account: Account, row: u32, kind: &str, attributes: &Attributes) -> PersonId {
        let name = match account {
            Account::Own => format!("row/{row}"),
            Account::Parent => format!("row/{row}/parent"),
        };
        // The identifier follows from the import and the row, so a repeated delivery makes the same person.
        let id = PersonId(Uuid::new_v5(&self.options.import, name.as_bytes()).to_string());
        let mut attributes = attributes.clone();
        attributes.entry("source".to_owned()).or_insert_with(|| Value::Text(self.options.importer.clone()));
        if matches!(account, Account::Own) {
            attributes.entry("status".to_owned()).or_insert_with(|| Value::Text(COLD_LEAD.to_owned()));
        }
        let invited = self.options.invite && attributes.contains_key("email");
        let person = Person {
            id: id.clone(),
            kind: kind.to_owned(),
            attributes: attributes.clone(),
            version: 1,
            created_by: self.options.import.to_string(),
            written_by: self.options.writer.clone(),
            invitation: invited.then_some(Invitation {
                state: InvitationState::Pending,
                token_hash: None,
                sent_at: None,
            }),
        };
        let draft = DraftPerson {
            person,
            base: attributes,
            created_in: Some(row),
            set_by: BTreeMap::new(),
            rows: BTreeSet::from([row]),
        };
        self.people.insert(id.clone(), draft);
        self.own_keys(&id);
        id
    }

    /// The working copy of a person, and a note that `row` is about it.
    fn person(&mut self, id: &PersonId, row: u32) -> Option<&mut DraftPerson> {
        if !self.people.contains_key(id) {
            let stored = self.snapshot.people.get(id)?.clone();
            let base = stored.attributes.clone();
            let draft = DraftPerson {
                person: stored,
                base,
                created_in: None,
                set_by: BTreeMap::new(),
                rows: BTreeSet::new(),
            };
            self.people.insert(id.clone(), draft);
        }
        let draft = self.people.get_mut(id)?;
        draft.rows.insert(row);
        Some(draft)
    }

    fn merge(&mut self, id: &PersonId, row: u32, attributes: &Attributes) {
        let overwrite = self.options.policy == DuplicatePolicy::Update;
        let Some(draft) = self.person(id, row) else { return };
        for (name, value) in attributes {
            if overwrite || !draft.person.attributes.contains_key(name) {
                draft.set(name, value.clone(), row);
            }
        }
        self.own_keys(id);
    }

    /// Whoever is enrolled is a customer, unless an employee or an instructor.
    fn make_customer(&mut self, id: &PersonId, row: u32) {
        let Some(draft) = self.person(id, row) else { return };
        let keeps = matches!(draft.person.attributes.get("status"),
            Some(Value::Text(status)) if EMPLOYEE_AND_INSTRUCTOR.contains(&status.as_str()));
        if !keeps {
            draft.set("status", Value::Text(CUSTOMER.to_owned()), row);
        }
    }

    fn set_tie(&mut self, tie: Tie, present: bool, row: u32) {
        let draft =
            self.ties.entry(tie).or_insert_with(|| DraftTie { present, set_by: row, rows: BTreeSet::new() });
        draft.present = present;
        draft.set_by = row;
        draft.rows.insert(row);
    }

    /// Lets later rows of the group find the person by what earlier rows made of it.
    fn own_keys(&mut self, id: &PersonId) {
        if let Some(draft) = self.people.get(id) {
            for key in keys(&self.options.identity, &draft.person.attributes) {
                self.owners.entry(key).or_insert_with(|| id.clone());
            }
        }
    }

    fn finish(mut self, plan: &mut Plan) {
        let mut changes = self.changes_by_row();
        for row in std::mem::take(&mut self.rows) {
            plan.rows.push(self.outcome(row, &mut changes));
        }
        for kind in &self.rejected {
            plan.entities.entry(kind.clone()).or_default().errors += 1;
        }
        for draft in self.people.values() {
            count_person(&mut plan.entities, draft);
        }
        for (tie, draft) in &self.ties {
            let counts = plan.entities.entry(tie.kind().to_owned()).or_default();
            *match (self.snapshot.ties.contains(tie), draft.present) {
                (false, true) => &mut counts.created,
                (true, false) => &mut counts.updated,
                _ => &mut counts.unchanged,
            } += 1;
        }
        plan.changes.extend(self.people.values().filter_map(|draft| self.person_change(draft)));
        plan.changes.extend(self.ties.iter().filter_map(|(tie, draft)| self.tie_change(tie, draft)));
    }

    /// What is left at the end of what each row set.
    fn changes_by_row(&self) -> BTreeMap<u32, Vec<FieldChange>> {
        let mut changes: BTreeMap<u32, Vec<FieldChange>> = BTreeMap::new();
        for (id, draft) in &self.people {
            for (name, row) in &draft.set_by {
                let (old, new) = (draft.base.get(name), draft.person.attributes.get(name));
                if old != new {
                    let field = if self.is_own(*row, id) { name.clone() } else { format!("parent {name}") };
                    changes.entry(*row).or_default().push(FieldChange {
                        field,
                        old: old.cloned(),
                        new: new.cloned(),
                    });
                }
            }
            if let Some(row) = draft.created_in.filter(|row| !self.is_own(*row, id)) {
                let new = Some(Value::Text(id.to_string()));
                changes.entry(row).or_default().push(FieldChange {
                    field: "parent".to_owned(),
                    old: None,
                    new,
                });
            }
        }
        for (tie, draft) in &self.ties {
            if self.snapshot.ties.contains(tie) != draft.present {
                let field = format!("{} {}", tie.kind(), tie.offering());
                let (old, new) = (Some(Value::Bool(!draft.present)), Some(Value::Bool(draft.present)));
                changes.entry(draft.set_by).or_default().push(FieldChange { field, old, new });
            }
        }
        changes
    }

    fn is_own(&self, row: u32, id: &PersonId) -> bool {
        self.rows.iter().any(|draft| draft.row == row && draft.person.as_ref() == Some(id))
    }

    fn outcome(&self, row: DraftRow, changes: &mut BTreeMap<u32, Vec<FieldChange>>) -> RowOutcome {
        let created = row
            .person
            .as_ref()
            .and_then(|person| self.people.get(person))
            .is_some_and(|draft| draft.created_in == Some(row.row));
        let changes = changes.remove(&row.row).unwrap_or_default();
        let (outcome, diagnostics) = match row.decided {
            Some(decided) => decided,
            None if created => (Outcome::Created, Vec::new()),
            None if changes.is_empty() => (Outcome::Unchanged, Vec::new()),
            None => (Outcome::Updated, Vec::new()),
        };
        let changes = if created { Vec::new() } else { changes };
        RowOutcome {
            row: row.row,
            outcome,
            person: row.person,
            matched_by: row.matched_by,
            changes,
            diagnostics,
        }
    }

    fn person_change(&self, draft: &DraftPerson) -> Option<Change> {
        let rows = draft.rows.iter().copied().collect();
        let id = &draft.person.id;
        if draft.created_in.is_some() {
            let claim = self.keys_owned_by(id);
            return Some(Change { rows, write: Write::Create { person: draft.person.clone(), claim } });
        }
        if !draft.is_changed() {
            return None;
        }
        let claim = self
            .keys_owned_by(id)
            .into_iter()
            .filter(|key| !self.snapshot.owners.contains_key(key))
            .collect();
        let kept = keys(&self.options.identity, &draft.person.attributes);
        let release =
            keys(&self.options.identity, &draft.base).into_iter().filter(|key| !kept.contains(key)).collect();
        let mut person = draft.person.clone();
        person.version += 1;
        person.written_by.clone_from(&self.options.writer);
        Some(Change { rows, write: Write::Update { person, claim, release } })
    }

    /// The keys that describe the person at the end and that a row of the group named, so that it is known
    /// whether somebody else owns them.
    fn keys_owned_by(&self, id: &PersonId) -> Vec<IdentityKey> {
        let Some(draft) = self.people.get(id) else { return Vec::new() };
        keys(&self.options.identity, &draft.person.attributes)
            .into_iter()
            .filter(|key| self.named.contains(key) && self.owners.get(key) == Some(id))
            .collect()
    }

    fn tie_change(&self, tie: &Tie, draft: &DraftTie) -> Option<Change> {
        let write = match (self.snapshot.ties.contains(tie), draft.present) {
            (false, true) => Write::Tie { tie: tie.clone() },
            (true, false) => Write::Untie { tie: tie.clone() },
            _ => return None,
        };
        Some(Change { rows: draft.rows.iter().copied().collect(), write })
    }
}

impl DraftPerson {
    fn set(&mut self, name: &str, value: Value, row: u32) {
        self.person.attributes.insert(name.to_owned(), value);
        self.set_by.insert(name.to_owned(), row);
    }

    fn is_changed(&self) -> bool {
        self.person.attributes != self.base
    }
}

/// The identity keys of a person with these attributes.
fn keys(kinds: &[KeyKind], attributes: &Attributes) -> Vec<IdentityKey> {
    let text = |name: &&str| match attributes.get(*name) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    kinds.iter().filter_map(|kind| IdentityKey::of(*kind, kind.attributes().iter().map(text))).collect()
}

fn count_person(entities: &mut Entities, draft: &DraftPerson) {
    let counts = entities.entry(draft.person.kind.clone()).or_default();
    *if draft.created_in.is_some() {
        &mut counts.created
    } else if draft.is_changed() {
        &mut counts.updated
    } else {
        &mut counts.unchanged
    } += 1;
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
