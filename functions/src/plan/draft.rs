//! The working copy that the rows of one group are applied to.

mod identifiers;
mod links;
mod units;

use std::collections::{BTreeMap, BTreeSet};

use shared_rules::{
    diagnostic::Diagnostic,
    identity::{IdentityKey, KeyKind},
    options::DuplicatePolicy,
    record::{Attributes, Decision, HIDDEN, Record, UnitKind, Value},
};
use uuid::Uuid;

use self::units::{DraftUnit, unit_changes};
use super::{
    Change, PARENT, Plan, PlanOptions, STUDENT, Snapshot, Write,
    findings::{
        ambiguous_match, hand_edit_kept, identifier_mismatch, left_out, market_not_known, parent_not_found,
        person_exists, person_not_found,
    },
    named_keys, prior_values,
};
use crate::{
    markets::postal_code,
    names::PersonId,
    near::possible_duplicates,
    outcome::{FieldChange, LikeRow, Outcome, PossibleDuplicate, RowOutcome},
    person::{Invitation, Person, Tie},
};

// Status numbers and the rule about them are those of the batch upload guide.
const COLD_LEAD: &str = "0";
const CUSTOMER: &str = "3";
const EMPLOYEE_AND_INSTRUCTOR: [&str; 2] = ["4", "5"];

/// The attributes that the rules of the district upload speak of.
const MARKET: &str = "market";
const IDENTIFIER: &str = "externalId";
const ROLE: &str = "role";
const ADMINISTRATOR: &str = "Administrator";

/// See the module's documentation.
pub(super) struct Draft<'a> {
    snapshot: &'a Snapshot,
    options: &'a PlanOptions,
    /// Every identity that a row of the group names.
    named: BTreeSet<IdentityKey>,
    /// Those of them by which a row names its own person.
    own: BTreeSet<IdentityKey>,
    owners: BTreeMap<IdentityKey, PersonId>,
    /// The identities that have described somebody at some row of the file.
    held: BTreeMap<PersonId, BTreeSet<IdentityKey>>,
    people: BTreeMap<PersonId, DraftPerson>,
    ties: BTreeMap<Tie, DraftTie>,
    units: BTreeMap<(UnitKind, String), DraftUnit>,
    /// Whose password is to be set, to that of which row.
    passwords: BTreeMap<PersonId, u32>,
    rows: Vec<DraftRow>,
    /// What is to be said of the row that is taken.
    warnings: Diagnostics,
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
    decided: Option<(Outcome, Diagnostics)>,
    /// What is to be said of a row that is imported.
    warnings: Diagnostics,
    decision: Option<Decision>,
    possible_duplicates: Vec<PossibleDuplicate>,
    like_rows: Vec<LikeRow>,
}

type Diagnostics = Vec<Diagnostic>;

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
    pub(super) fn new(group: &[Record], snapshot: &'a Snapshot, options: &'a PlanOptions) -> Self {
        Self {
            snapshot,
            options,
            named: group.iter().flat_map(named_keys).cloned().collect(),
            own: group.iter().flat_map(|record| &record.keys).cloned().collect(),
            owners: BTreeMap::new(),
            held: BTreeMap::new(),
            people: BTreeMap::new(),
            ties: BTreeMap::new(),
            units: BTreeMap::new(),
            passwords: BTreeMap::new(),
            rows: Vec::new(),
            warnings: Vec::new(),
            rejected: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, record: &Record) {
        if record.decision == Some(Decision::LeaveOut) {
            let decided = (Outcome::Skipped, vec![left_out(record.row)]);
            return self.push_row(record, None, None, Some(decided));
        }
        let (person, matched_by) = match self.find(&record.keys) {
            Match::Several(owners) => {
                return self.reject(record, None, ambiguous_match(record.row, &owners));
            }
            Match::One(person, by) if self.is_mismatch(record, &person) => {
                let diagnostic = identifier_mismatch(record.row, &person);
                return self.reject(record, Some((person, by)), diagnostic);
            }
            Match::One(person, by) if self.has_row_in_another_class(&person) => {
                self.merge_own(&person, record);
                (person, Some(by))
            }
            Match::One(person, by) => match self.options.policy {
                DuplicatePolicy::Skip => return self.skip(record, person, by),
                DuplicatePolicy::Reject => {
                    let diagnostic = person_exists(record.row, by, &person);
                    return self.reject(record, Some((person, by)), diagnostic);
                }
                DuplicatePolicy::FillMissing | DuplicatePolicy::Update => {
                    self.merge_own(&person, record);
                    (person, Some(by))
                }
            },
            Match::Nobody if !self.options.program.names_people() => {
                return self.reject(record, None, person_not_found(record.row));
            }
            Match::Nobody if self.lacks_parent(record) => {
                return self.reject(record, None, parent_not_found(record.row));
            }
            Match::Nobody => (self.create(Account::Own, record.row, &record.kind, &record.person), None),
        };
        self.remember(&record.keys, &person);
        if record.decision == Some(Decision::Same) {
            // The next file finds the person by what this row calls it.
            self.held.entry(person.clone()).or_default().extend(record.keys.iter().cloned());
        }
        if record.sets_password {
            self.set_password(&person, record.row);
        }
        self.take_ties(record, &person);
        if let Some(draft) = self.people.get_mut(&person).filter(|draft| draft.created_in == Some(record.row))
        {
            draft.base.clone_from(&draft.person.attributes);
            draft.set_by.clear();
        }
        self.push_row(record, Some(person), matched_by, None);
    }

    fn push_row(
        &mut self,
        record: &Record,
        person: Option<PersonId>,
        matched_by: Option<KeyKind>,
        decided: Option<(Outcome, Diagnostics)>,
    ) {
        let is_new = matched_by.is_none() && decided.is_none();
        // What somebody decided can be decided otherwise, so whom the row may be of is said again.
        let may_be_somebody = is_new || record.decision.is_some();
        let like_rows = self.snapshot.like_rows.get(&record.row).filter(|_| may_be_somebody);
        self.rows.push(DraftRow {
            row: record.row,
            person,
            matched_by,
            decided,
            warnings: std::mem::take(&mut self.warnings),
            decision: record.decision,
            possible_duplicates: if may_be_somebody {
                possible_duplicates(record, self.snapshot)
            } else {
                Vec::new()
            },
            like_rows: like_rows.cloned().unwrap_or_default(),
        });
    }

    /// Whether an earlier row made the person, and this is its row for another class.
    fn has_row_in_another_class(&self, person: &PersonId) -> bool {
        let is_new = self.people.get(person).is_some_and(|draft| draft.created_in.is_some());
        is_new && self.options.program.has_classes()
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
                let link = Tie::Link { parent, child: person.clone(), offering: Some(offering.clone()) };
                self.set_tie(link, present, record.row);
            }
            if present {
                self.make_customer(person, record.row);
            }
        }
        if let Some(place) = &record.place {
            let (class, of) = (|| place.class.clone(), || person.clone());
            self.set_tie(Tie::Member { class: class(), person: of() }, true, record.row);
            if let Some(is_primary) = place.primary_teacher.filter(|_| record.kind != STUDENT) {
                self.set_tie(Tie::PrimaryTeacher { class: class(), person: of() }, is_primary, record.row);
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
            Match::Nobody => Some(self.create(Account::Parent, row, PARENT, attributes)),
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

    fn skip(&mut self, record: &Record, person: PersonId, by: KeyKind) {
        self.person(&person, record.row);
        self.remember(&record.keys, &person);
        self.push_row(record, Some(person), Some(by), Some((Outcome::Skipped, Vec::new())));
    }

    fn reject(&mut self, record: &Record, matched: Option<(PersonId, KeyKind)>, diagnostic: Diagnostic) {
        let (person, matched_by) = matched.unzip();
        self.rejected.push(record.kind.clone());
        self.push_row(record, person, matched_by, Some((Outcome::Rejected, vec![diagnostic])));
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
        if self.options.program.fills_person("source") {
            attributes
                .entry("source".to_owned())
                .or_insert_with(|| Value::Text(self.options.importer.clone()));
        }
        if matches!(account, Account::Own) && self.options.program.fills_person("status") {
            attributes.entry("status".to_owned()).or_insert_with(|| Value::Text(COLD_LEAD.to_owned()));
            self.take_market(row, &mut attributes);
        }
        let invited = self.options.invite && attributes.contains_key("email");
        let person = Person {
            id: id.clone(),
            kind: kind.to_owned(),
            attributes: attributes.clone(),
            version: 1,
            created_by: self.options.import.to_string(),
            written_by: self.options.writer.clone(),
            earlier_writers: Vec::new(),
            invitation: invited.then(Invitation::pending),
            by_hand: BTreeMap::new(),
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

    /// The market of a new person whose row names none is that of the postal code.
    fn take_market(&mut self, row: u32, attributes: &mut Attributes) {
        let Some(markets) = &self.options.markets else { return };
        if attributes.contains_key(MARKET) {
            return;
        }
        let Some(code) = postal_code(attributes) else { return };
        match markets.of(code) {
            Some(market) => {
                let market = Value::Text(market.to_owned());
                attributes.insert(MARKET.to_owned(), market);
            }
            None => self.warnings.push(market_not_known(row)),
        }
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

    fn merge_own(&mut self, id: &PersonId, record: &Record) {
        let other = self.other_identifier(record, id);
        let corrects = other.is_some_and(|old| self.is_correction(record, id, &old));
        let was_administrator = self.attributes(id).is_some_and(is_administrator);
        self.merge(id, record.row, &record.person);
        self.clear(id, record);
        let by_hand_too = self.options.overwrite_hand_edits;
        let Some(draft) = self.people.get_mut(id) else { return };
        if let Some(identifier) = record.person.get(IDENTIFIER).filter(|_| corrects) {
            let kept = draft.change(IDENTIFIER, Some(identifier), record.row, by_hand_too);
            self.warnings.extend(kept);
        }
        // Somebody who is a teacher in one row and an administrator in another is an administrator.
        if was_administrator || (draft.created_in.is_some() && is_administrator(&record.person)) {
            draft.set(ROLE, Value::Text(ADMINISTRATOR.to_owned()), record.row);
        }
        let role = draft.person.attributes.get(ROLE);
        if role.is_some() && role == record.person.get(ROLE) {
            draft.person.kind.clone_from(&record.kind);
        }
        self.own_keys(id);
    }

    fn merge(&mut self, id: &PersonId, row: u32, attributes: &Attributes) {
        let overwrite = self.options.policy == DuplicatePolicy::Update;
        let by_hand_too = self.options.overwrite_hand_edits;
        let Some(draft) = self.person(id, row) else { return };
        let mut kept = Vec::new();
        for (name, value) in attributes {
            if overwrite || !draft.person.attributes.contains_key(name) {
                kept.extend(draft.change(name, Some(value), row, by_hand_too));
            }
        }
        self.warnings.extend(kept);
        self.own_keys(id);
    }

    /// Empties what the row says is to be emptied, where rows win over what is stored.
    fn clear(&mut self, id: &PersonId, record: &Record) {
        if self.options.policy != DuplicatePolicy::Update {
            return;
        }
        let by_hand_too = self.options.overwrite_hand_edits;
        let Some(draft) = self.person(id, record.row) else { return };
        let change = |name: &String| draft.change(name, None, record.row, by_hand_too);
        let kept: Diagnostics = record.cleared.iter().filter_map(change).collect();
        self.warnings.extend(kept);
    }

    /// Whoever is enrolled is a customer, unless an employee or an instructor.
    fn make_customer(&mut self, id: &PersonId, row: u32) {
        let by_hand_too = self.options.overwrite_hand_edits;
        let Some(draft) = self.person(id, row) else { return };
        let keeps = matches!(draft.person.attributes.get("status"),
            Some(Value::Text(status)) if EMPLOYEE_AND_INSTRUCTOR.contains(&status.as_str()));
        if !keeps {
            let customer = Value::Text(CUSTOMER.to_owned());
            let kept = draft.change("status", Some(&customer), row, by_hand_too);
            self.warnings.extend(kept);
        }
    }

    /// A password that is there stays, unless it was asked to replace it. Where several rows have one, the
    /// policy says which of them counts, as with other values.
    fn set_password(&mut self, id: &PersonId, row: u32) {
        let keeps = self.snapshot.passwords.contains_key(id) && !self.options.overwrite_passwords;
        if !keeps && (self.options.policy == DuplicatePolicy::Update || !self.passwords.contains_key(id)) {
            self.passwords.insert(id.clone(), row);
        }
    }

    fn set_tie(&mut self, tie: Tie, present: bool, row: u32) {
        let draft =
            self.ties.entry(tie).or_insert_with(|| DraftTie { present, set_by: row, rows: BTreeSet::new() });
        draft.present = present;
        draft.set_by = row;
        draft.rows.insert(row);
    }

    /// Lets later rows find the person by what this row calls it, even where the policy keeps another value:
    /// within a file, a row that repeats a row is the same person.
    fn remember(&mut self, keys: &[IdentityKey], person: &PersonId) {
        for key in keys {
            self.own(key.clone(), person);
        }
    }

    /// Lets later rows find the person by what earlier rows made of it. Of what was stored before, the table
    /// alone says whose it is.
    fn own_keys(&mut self, id: &PersonId) {
        let Some(draft) = self.people.get(id) else { return };
        let stored = match draft.created_in {
            Some(_) => Vec::new(),
            None => keys(&self.options.program.identity, &draft.base),
        };
        let now = keys(&self.options.program.identity, &draft.person.attributes);
        for key in now.into_iter().filter(|key| !stored.contains(key)) {
            self.held.entry(id.clone()).or_default().insert(key.clone());
            self.own(key, id);
        }
    }

    /// A key belongs to whoever had it first, be it in the table or in an earlier row.
    fn own(&mut self, key: IdentityKey, person: &PersonId) {
        if !self.snapshot.owners.contains_key(&key) {
            self.owners.entry(key).or_insert_with(|| person.clone());
        }
    }

    pub(super) fn finish(mut self, plan: &mut Plan) {
        let mut changes = self.changes_by_row();
        for row in std::mem::take(&mut self.rows) {
            plan.rows.push(self.outcome(row, &mut changes));
        }
        for kind in &self.rejected {
            plan.entities.entry(kind.clone()).or_default().errors += 1;
        }
        for (id, draft) in &self.people {
            let counts = plan.entities.entry(draft.person.kind.clone()).or_default();
            *match draft.created_in {
                Some(_) => &mut counts.created,
                None if draft.is_changed() || self.passwords.contains_key(id) => &mut counts.updated,
                None => &mut counts.unchanged,
            } += 1;
        }
        for (tie, draft) in &self.ties {
            let counts = plan.entities.entry(tie.kind().to_owned()).or_default();
            *match (self.snapshot.ties.contains(tie), draft.present) {
                (false, true) => &mut counts.created,
                (true, false) => &mut counts.updated,
                _ => &mut counts.unchanged,
            } += 1;
        }
        for ((kind, _), draft) in &self.units {
            let counts = plan.entities.entry(kind.name().to_owned()).or_default();
            *match self.stored_unit(draft) {
                None => &mut counts.created,
                Some(stored) if *stored == draft.unit => &mut counts.unchanged,
                Some(_) => &mut counts.updated,
            } += 1;
        }
        plan.changes.extend(self.people.values().filter_map(|draft| self.person_change(draft)));
        plan.changes.extend(self.units.values().filter_map(|draft| self.unit_change(draft)));
        plan.changes.extend(self.ties.iter().filter_map(|(tie, draft)| self.tie_change(tie, draft)));
        plan.changes.extend(self.passwords.iter().map(|(person, row)| self.password_change(person, *row)));
    }

    /// What is left at the end of what each row set.
    fn changes_by_row(&self) -> BTreeMap<u32, Vec<FieldChange>> {
        let mut changes: BTreeMap<u32, Vec<FieldChange>> = BTreeMap::new();
        let owns: BTreeSet<(u32, &PersonId)> =
            self.rows.iter().filter_map(|row| Some((row.row, row.person.as_ref()?))).collect();
        for (id, draft) in &self.people {
            for (name, row) in &draft.set_by {
                let (old, new) = (draft.base.get(name), draft.person.attributes.get(name));
                if old != new {
                    let field =
                        if owns.contains(&(*row, id)) { name.clone() } else { format!("parent {name}") };
                    changes.entry(*row).or_default().push(FieldChange {
                        field,
                        old: old.cloned(),
                        new: new.cloned(),
                    });
                }
            }
            if let Some(row) = draft.created_in.filter(|row| !owns.contains(&(*row, id))) {
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
                let field = format!("{} {}", tie.kind(), tie.to());
                let (old, new) = (Some(Value::Bool(!draft.present)), Some(Value::Bool(draft.present)));
                changes.entry(draft.set_by).or_default().push(FieldChange { field, old, new });
            }
        }
        for draft in self.units.values() {
            changes.entry(draft.row).or_default().extend(unit_changes(self.stored_unit(draft), &draft.unit));
        }
        for (person, row) in &self.passwords {
            let hidden = || Some(Value::Text(HIDDEN.to_owned()));
            changes.entry(*row).or_default().push(FieldChange {
                field: "password".to_owned(),
                old: self.snapshot.passwords.get(person).and_then(|_| hidden()),
                new: hidden(),
            });
        }
        changes
    }

    fn outcome(&self, row: DraftRow, changes: &mut BTreeMap<u32, Vec<FieldChange>>) -> RowOutcome {
        let created = row
            .person
            .as_ref()
            .and_then(|person| self.people.get(person))
            .is_some_and(|draft| draft.created_in == Some(row.row));
        let changes = changes.remove(&row.row).unwrap_or_default();
        let (outcome, mut diagnostics) = match row.decided {
            // Its person is left alone; it stands for a school or class as well.
            Some((Outcome::Skipped, found)) if !changes.is_empty() => (Outcome::Updated, found),
            Some(decided) => decided,
            None if created => (Outcome::Created, Vec::new()),
            None if changes.is_empty() => (Outcome::Unchanged, Vec::new()),
            None => (Outcome::Updated, Vec::new()),
        };
        let changes = if created { Vec::new() } else { changes };
        diagnostics.extend(row.warnings);
        RowOutcome {
            row: row.row,
            outcome,
            person: row.person,
            matched_by: row.matched_by,
            decision: row.decision,
            possible_duplicates: row.possible_duplicates,
            like_rows: row.like_rows,
            changes,
            diagnostics,
        }
    }

    fn person_change(&self, draft: &DraftPerson) -> Option<Change> {
        let rows = draft.rows.iter().copied().collect();
        let id = &draft.person.id;
        if draft.created_in.is_some() {
            let claim = self.keys_held_by(id).collect();
            return Some(Change { rows, write: Write::Create { person: draft.person.clone(), claim } });
        }
        if !draft.is_changed() {
            return None;
        }
        let claim = self.keys_held_by(id).filter(|key| !self.snapshot.owners.contains_key(key)).collect();
        let kept = keys(&self.options.program.identity, &draft.person.attributes);
        let release = keys(&self.options.program.identity, &draft.base)
            .into_iter()
            .filter(|key| !kept.contains(key) && !self.named.contains(key))
            .collect();
        let mut person = draft.person.clone();
        person.write_by(self.options.writer.clone());
        let before = prior_values(&draft.base, &person.attributes);
        let marks = self.snapshot.people.get(id).map(|stored| &stored.by_hand);
        let overwritten = marks
            .into_iter()
            .flatten()
            .filter(|(name, _)| !person.by_hand.contains_key(*name))
            .map(|(name, hand)| (name.clone(), hand.clone()))
            .collect();
        Some(Change { rows, write: Write::Update { person, before, claim, release, overwritten } })
    }

    /// The keys that describe the person, or did at an earlier row, so that the same file finds the same
    /// people again. Only those that a row names: of these it is known whether somebody else owns them.
    fn keys_held_by<'d>(&'d self, id: &'d PersonId) -> impl Iterator<Item = IdentityKey> + 'd {
        let held = self.held.get(id).into_iter().flatten();
        held.filter(move |key| self.named.contains(key) && self.owners.get(key) == Some(id)).cloned()
    }

    fn password_change(&self, person: &PersonId, row: u32) -> Change {
        let replaces = self.snapshot.passwords.get(person).cloned();
        Change { rows: vec![row], write: Write::SetPassword { person: person.clone(), row, replaces } }
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
    /// Sets or empties a value, unless somebody set another one by hand: that stays, which is returned to be said.
    fn change(
        &mut self,
        name: &str,
        value: Option<&Value>,
        row: u32,
        by_hand_too: bool,
    ) -> Option<Diagnostic> {
        let stored = self.person.attributes.get(name);
        if stored != value && self.person.by_hand.contains_key(name) {
            if !by_hand_too {
                return Some(hand_edit_kept(row, name, stored));
            }
            self.person.by_hand.remove(name);
        }
        if let Some(value) = value {
            self.set(name, value.clone(), row);
        } else {
            self.person.attributes.remove(name);
            self.set_by.insert(name.to_owned(), row);
        }
        None
    }

    fn set(&mut self, name: &str, value: Value, row: u32) {
        self.person.attributes.insert(name.to_owned(), value);
        self.set_by.insert(name.to_owned(), row);
    }

    fn is_changed(&self) -> bool {
        self.person.attributes != self.base
    }
}

fn is_administrator(attributes: &Attributes) -> bool {
    matches!(attributes.get(ROLE), Some(Value::Text(role)) if role == ADMINISTRATOR)
}

/// The identity keys of a person with these attributes.
#[must_use]
pub fn keys(kinds: &[KeyKind], attributes: &Attributes) -> Vec<IdentityKey> {
    let text = |name: &&str| match attributes.get(*name) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    kinds.iter().filter_map(|kind| IdentityKey::of(*kind, kind.attributes().iter().map(text))).collect()
}
