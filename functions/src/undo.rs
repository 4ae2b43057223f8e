//! Takes an import back: an import of its own, with a dry run, a confirmation, results, and the journal of the
//! other one in place of a file.
//!
//! A value is restored if it is still what the import made of it. A person whom the import created is removed
//! unless somebody has changed the person, or tied something to it, since; such a person stays, with all that the
//! import tied to it. What stays is named. Rows have the numbers of the file that was imported.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use shared_rules::{
    diagnostic::{Diagnostic, Location, Severity},
    identity::IdentityKey,
    record::Value,
    report::{FileSummary, Report},
};

use crate::{
    cancel,
    context::Context,
    dry_run::Rehearsal,
    failure::Failure,
    import::{self, DryRun, Import, Importer, Options, State, Step},
    journal,
    names::{ACTIVE, DUE, ImportRef, PersonId},
    objects,
    outcome::{FieldChange, Outcome, RowOutcome},
    people,
    person::{HandEdit, Person, Tie},
    plan::{Change, Plan, PlanOptions, Write, keys, prior_values},
    spill::RowOutcomes,
    table,
};

/// What is stored now of everything that a partition of the import wrote.
#[derive(Clone, Debug, Default)]
pub struct Now {
    pub people: HashMap<PersonId, Person>,
    /// Of the ties that the import made or took away, those that are there.
    pub ties: BTreeSet<Tie>,
    /// The people whom the import created and who hold ties that it did not make.
    pub tied_since: HashSet<PersonId>,
    /// Whose the identity keys are that the import released.
    pub owners: HashMap<IdentityKey, PersonId>,
}

/// Makes the import that takes `undone` back, and starts its dry run.
pub async fn create(context: &Context, undone: &Import, importer: Importer) -> Result<Import, Failure> {
    let mut import = Import::new(
        undone.organisation.clone(),
        importer,
        undone.program.clone(),
        undone.file.clone(),
        Options::default(),
        Timestamp::now(),
    );
    import.undoes = Some(undone.id.clone());
    import.schema.clone_from(&undone.schema);
    import.sheets.clone_from(&undone.sheets);
    let reference = import.reference();
    // Listed first: an import that is stored and not listed would never be swept.
    table::put(context, table::key_item(&reference.listed(ACTIVE))).await?;
    import::create(context, &import).await?;
    objects::put(context, &reference.check_again(), Vec::new()).await?;
    Ok(import)
}

/// The dry run: plans each partition as the undo will.
pub async fn check(context: &Context, import: &Import) -> Result<(), Failure> {
    let undone = undone(context, import).await?;
    let mut rehearsal = Rehearsal::new(DryRun::default(), &import.sheets)?;
    for partition in 0..undone.partitions {
        rehearsal.add(&decide(context, import, partition).await?)?;
    }
    let rehearsed = rehearsal.close()?;
    let report = report(import, &rehearsed.rows)?;
    let total = rehearsed.store(context, import, &report).await?;
    Step::from(context, &import.reference(), &[State::Checking])
        .to(State::Ready)
        .set("rows", &report.rows)?
        .set("dryRun", &total)?
        .set("partitions", &undone.partitions)?
        .set("checkedByStart", &import.check_starts)?
        .take()
        .await?;
    Ok(())
}

/// Decides what a partition takes back; nothing once the undo is cancelled.
pub async fn decide(context: &Context, import: &Import, partition: u32) -> Result<Plan, Failure> {
    let undone = undone(context, import).await?;
    let journal = journal::read(context, &undone, partition).await?;
    if import.cancelled_at.is_some() {
        return Ok(cancel::left_out(journal.rows.iter().map(|row| row.row)));
    }
    let now = now(context, import, &journal).await?;
    Ok(plan(&journal, &now, &import.plan_options(partition, None)?))
}

/// Keeps the mails of the import that is taken back from going out, from now on.
pub async fn withhold_invitations(context: &Context, import: &Import) -> Result<(), Failure> {
    let Some(undone) = undone_reference(import) else { return Ok(()) };
    Step::from(context, &undone, &[State::Finished, State::Cancelled])
        .set("invitationsWithheld", &true)?
        .take()
        .await?;
    table::delete(context, &undone.listed(DUE)).await
}

/// Notes on the import that it has been taken back.
pub async fn note(context: &Context, import: &Import) -> Result<(), Failure> {
    if let Some(undone) = undone_reference(import) {
        Step::from(context, &undone, &[State::Finished, State::Cancelled])
            .set_text("undoneBy", &import.id)
            .take()
            .await?;
    }
    Ok(())
}

/// The report of an undo, in which the rows are those of the file that was imported.
pub(crate) fn report(import: &Import, rows: &RowOutcomes) -> Result<Report, Failure> {
    let mut report = Report {
        program: import.program.clone(),
        file: FileSummary {
            name: import.file.name.clone(),
            bytes: import.file.bytes,
            encoding: String::new(),
            delimiter: String::new(),
            header_row: 0,
            sheet: None,
            sheets: import.sheets.clone(),
            left_out: Vec::new(),
        },
        rows: 0,
        rows_with_errors: 0,
        rows_with_warnings: 0,
        columns: Vec::new(),
        counts: Vec::new(),
        diagnostics: Vec::new(),
        truncated: false,
    };
    for row in rows.iter() {
        let row = row?;
        report.rows += 1;
        let is_error = row.diagnostics.iter().any(|finding| finding.severity == Severity::Error);
        report.rows_with_errors += u32::from(is_error);
        report.rows_with_warnings += u32::from(!is_error && !row.diagnostics.is_empty());
    }
    rows.append_to(&mut report)?;
    Ok(report)
}

fn undone_reference(import: &Import) -> Option<ImportRef> {
    let undone = import.undoes.clone()?;
    Some(ImportRef { organisation: import.organisation.clone(), import: undone })
}

async fn undone(context: &Context, import: &Import) -> Result<Import, Failure> {
    let reference = undone_reference(import).ok_or(Failure::Missing("what is to be undone"))?;
    import::load(context, &reference).await?.ok_or(Failure::Missing("the import to undo"))
}

async fn now(context: &Context, import: &Import, journal: &Plan) -> Result<Now, Failure> {
    let organisation = &import.organisation;
    let (mut created, mut wanted) = (Vec::new(), HashSet::new());
    let (mut ties, mut released, mut passwords) = (HashMap::new(), Vec::new(), HashSet::new());
    for change in &journal.changes {
        match &change.write {
            Write::Create { person, .. } => {
                created.push(&person.id);
                wanted.insert(&person.id);
            }
            Write::Update { person, release, .. } => {
                released.extend(release);
                wanted.insert(&person.id);
            }
            Write::Tie { tie } | Write::Untie { tie } => {
                wanted.extend(tie.people());
                ties.insert(tie.key(organisation), tie.clone());
            }
            Write::SetPassword { person, .. } => {
                wanted.insert(person);
                passwords.insert(organisation.password(person));
            }
            Write::Unit { .. } | Write::Remove { .. } => {}
        }
    }
    let people = people::load_people(context, organisation, wanted.into_iter()).await?;
    let owners = people::owners(context, organisation, released.into_iter()).await?;
    let there = table::batch_get(context, ties.keys().cloned().collect()).await?;
    let there = there.iter().filter_map(|item| ties.get(&table::key_of(item)?).cloned()).collect();
    let made: HashSet<_> = ties.into_keys().chain(passwords).collect();
    let tied_since = people::holding_others(context, organisation, &created, &made).await?;
    Ok(Now { people, ties: there, tied_since, owners })
}

/// Decides what to take back of what a partition wrote. No I/O, no clock.
#[must_use]
pub fn plan(journal: &Plan, now: &Now, options: &PlanOptions) -> Plan {
    let mut reversal = Reversal {
        now,
        options,
        created: created(journal),
        kept: kept(journal, now),
        plan: Plan::default(),
        rows: BTreeMap::new(),
    };
    for change in &journal.changes {
        reversal.take_back(change);
    }
    reversal.finish(journal)
}

fn created(journal: &Plan) -> BTreeSet<PersonId> {
    let of_change = |change: &Change| match &change.write {
        Write::Create { person, .. } => Some(person.id.clone()),
        _ => None,
    };
    journal.changes.iter().filter_map(of_change).collect()
}

/// The people whom the import created and who stay: those whom somebody changed since, and those whom the import
/// tied to one who stays.
fn kept(journal: &Plan, now: &Now) -> BTreeSet<PersonId> {
    let created = created(journal);
    let changed = journal.changes.iter().filter_map(|change| match &change.write {
        Write::Create { person, .. } => now.people.get(&person.id).filter(|stored| {
            stored.version != person.version
                || stored.written_by != person.written_by
                || now.tied_since.contains(&person.id)
        }),
        _ => None,
    });
    let mut kept: BTreeSet<PersonId> = changed.map(|person| person.id.clone()).collect();
    loop {
        let before = kept.len();
        for tie in &now.ties {
            let people = tie.people();
            if people.iter().any(|person| kept.contains(*person)) {
                kept.extend(people.into_iter().filter(|person| created.contains(*person)).cloned());
            }
        }
        if kept.len() == before {
            return kept;
        }
    }
}

struct Reversal<'a> {
    now: &'a Now,
    options: &'a PlanOptions,
    created: BTreeSet<PersonId>,
    kept: BTreeSet<PersonId>,
    plan: Plan,
    rows: BTreeMap<u32, TakenBack>,
}

/// What is taken back of a row.
#[derive(Default)]
struct TakenBack {
    is_changed: bool,
    changes: Vec<FieldChange>,
    kept: Vec<String>,
}

impl Reversal<'_> {
    fn take_back(&mut self, change: &Change) {
        match &change.write {
            Write::Create { person, claim } => self.remove(change, person, claim),
            Write::Update { person, before, claim, release, overwritten } => {
                self.restore(change, person, before, claim, release, overwritten);
            }
            Write::Tie { tie } => self.untie(change, tie),
            Write::Untie { tie } => self.tie(change, tie),
            Write::SetPassword { person, .. } => {
                // Only its hash was stored, and that is overwritten. Whoever is removed loses it too.
                if self.now.people.contains_key(person) && !self.is_removed(person) {
                    self.keep(change, "the password stays: the one before is not known");
                }
            }
            Write::Unit { unit } => {
                self.keep(change, &format!("the {} {} stays as it is", unit.kind.name(), unit.id));
            }
            // An undo is not undone.
            Write::Remove { .. } => {}
        }
    }

    /// Whether the import created the person and nothing has happened to the person since.
    fn is_removed(&self, person: &PersonId) -> bool {
        self.created.contains(person) && !self.kept.contains(person)
    }

    fn remove(&mut self, change: &Change, person: &Person, claim: &[IdentityKey]) {
        let counts = self.plan.entities.entry(person.kind.clone()).or_default();
        let Some(stored) = self.now.people.get(&person.id) else {
            counts.unchanged += 1;
            return;
        };
        if self.kept.contains(&person.id) {
            counts.unchanged += 1;
            return self.keep(change, &format!("{} stays: changed or used since", person.kind));
        }
        counts.removed += 1;
        let gone = FieldChange {
            field: person.kind.clone(),
            old: Some(Value::Text(person.id.to_string())),
            new: None,
        };
        let write = Write::Remove { person: stored.clone(), release: claim.to_vec() };
        self.write(change, write, vec![gone]);
    }

    fn restore(
        &mut self,
        change: &Change,
        person: &Person,
        before: &BTreeMap<String, Option<Value>>,
        claim: &[IdentityKey],
        release: &[IdentityKey],
        overwritten: &BTreeMap<String, HandEdit>,
    ) {
        let Some(stored) = self.now.people.get(&person.id) else { return };
        let mut restored = stored.clone();
        let (mut changes, mut kept) = (Vec::new(), Vec::new());
        for (name, old) in before {
            let present = stored.attributes.get(name);
            if present == old.as_ref() {
                continue;
            }
            let is_confirmed = stored.by_hand.contains_key(name) && !person.by_hand.contains_key(name);
            if present != person.attributes.get(name) || is_confirmed {
                kept.push(format!("{name} stays: changed since"));
                continue;
            }
            changes.push(FieldChange { field: name.clone(), old: present.cloned(), new: old.clone() });
            match old {
                Some(value) => restored.attributes.insert(name.clone(), value.clone()),
                None => restored.attributes.remove(name),
            };
            restored.by_hand.extend(overwritten.get(name).map(|hand| (name.clone(), hand.clone())));
        }
        let identities = keys(&self.options.program.identity, &restored.attributes);
        let wanted: Vec<IdentityKey> =
            release.iter().filter(|key| identities.contains(key)).cloned().collect();
        let is_free = |key: &IdentityKey| self.now.owners.get(key).is_none_or(|owner| *owner == person.id);
        if !wanted.iter().all(is_free) {
            kept.push("all stays: what it was known by belongs to somebody else by now".to_owned());
            changes.clear();
        }
        for reason in kept {
            self.keep(change, &reason);
        }
        let counts = self.plan.entities.entry(person.kind.clone()).or_default();
        if changes.is_empty() {
            counts.unchanged += 1;
            return;
        }
        counts.updated += 1;
        restored.write_by(self.options.writer.clone());
        let write = Write::Update {
            before: prior_values(&stored.attributes, &restored.attributes),
            person: restored,
            claim: wanted,
            release: claim.iter().filter(|key| !identities.contains(key)).cloned().collect(),
            overwritten: BTreeMap::new(),
        };
        self.write(change, write, changes);
    }

    fn untie(&mut self, change: &Change, tie: &Tie) {
        let is_there = self.now.ties.contains(tie);
        let is_kept = tie.people().iter().any(|person| self.kept.contains(*person));
        let counts = self.plan.entities.entry(tie.kind().to_owned()).or_default();
        if !is_there || is_kept {
            counts.unchanged += 1;
            return;
        }
        counts.updated += 1;
        self.write(change, Write::Untie { tie: tie.clone() }, vec![tie_change(tie, false)]);
    }

    fn tie(&mut self, change: &Change, tie: &Tie) {
        let is_there = self.now.ties.contains(tie);
        let are_there = tie.people().iter().all(|person| self.now.people.contains_key(*person));
        let counts = self.plan.entities.entry(tie.kind().to_owned()).or_default();
        if is_there || !are_there {
            counts.unchanged += 1;
            return;
        }
        counts.created += 1;
        self.write(change, Write::Tie { tie: tie.clone() }, vec![tie_change(tie, true)]);
    }

    fn write(&mut self, change: &Change, write: Write, changes: Vec<FieldChange>) {
        for row in &change.rows {
            self.rows.entry(*row).or_default().is_changed = true;
        }
        if let Some(row) = change.rows.first() {
            self.rows.entry(*row).or_default().changes.extend(changes);
        }
        self.plan.changes.push(Change { rows: change.rows.clone(), write });
    }

    fn keep(&mut self, change: &Change, reason: &str) {
        for row in &change.rows {
            self.rows.entry(*row).or_default().kept.push(reason.to_owned());
        }
    }

    fn finish(mut self, journal: &Plan) -> Plan {
        for row in &journal.rows {
            let taken = self.rows.remove(&row.row).unwrap_or_default();
            let outcome = match (taken.is_changed, taken.kept.is_empty()) {
                (true, _) => Outcome::Updated,
                (false, false) => Outcome::Skipped,
                (false, true) => Outcome::Unchanged,
            };
            self.plan.rows.push(RowOutcome {
                row: row.row,
                outcome,
                person: row.person.clone(),
                matched_by: None,
                decision: None,
                possible_duplicates: Vec::new(),
                like_rows: Vec::new(),
                changes: taken.changes,
                diagnostics: taken.kept.iter().map(|reason| kept_since(row.row, reason)).collect(),
            });
        }
        self.plan
    }
}

fn tie_change(tie: &Tie, present: bool) -> FieldChange {
    FieldChange {
        field: format!("{} {}", tie.kind(), tie.to()),
        old: Some(Value::Bool(!present)),
        new: Some(Value::Bool(present)),
    }
}

fn kept_since(row: u32, reason: &str) -> Diagnostic {
    Diagnostic {
        rule: "changed-since".to_owned(),
        severity: Severity::Warning,
        location: Location::row(row),
        message: format!("Row {row}: {reason}."),
        help: "Change it by hand if it is to go as well.".to_owned(),
        fix: None,
    }
}
