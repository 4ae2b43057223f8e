//! The journal: what each partition decided, and what of it no longer fitted when it was written.

use std::collections::{BTreeMap, BTreeSet};

use shared_rules::record::{Attributes, Value};

use crate::{
    context::Context,
    failure::Failure,
    import::Import,
    names::PersonId,
    objects,
    outcome::FieldChange,
    person::Tie,
    plan::{Change, Plan, Write, prior_values},
};

/// What a partition of an import came to: its plan without the changes that were refused.
pub async fn read(context: &Context, import: &Import, partition: u32) -> Result<Plan, Failure> {
    let (mut plan, drifted) = find(context, import, partition).await?.ok_or(Failure::Missing("a journal"))?;
    if !drifted.is_empty() {
        plan.reject(&drifted);
    }
    Ok(plan)
}

/// What a partition changed of a person whom it wrote; `None` if the journal is there no more.
pub async fn changes_of(
    context: &Context,
    import: &Import,
    partition: u32,
    person: &PersonId,
) -> Result<Option<PersonChanges>, Failure> {
    let found = find(context, import, partition).await?;
    Ok(found.map(|(plan, drifted)| PersonChanges::of(person, plan, &drifted)))
}

/// The plan as it was decided, and the rows that no longer fitted.
async fn find(
    context: &Context,
    import: &Import,
    partition: u32,
) -> Result<Option<(Plan, BTreeSet<u32>)>, Failure> {
    let reference = import.reference();
    let plan: Option<Plan> = objects::get_json(context, &reference.journal(partition)).await?;
    let Some(plan) = plan else { return Ok(None) };
    let drifted: Option<BTreeSet<u32>> = if import.partitions_drifted.contains(&partition) {
        objects::get_json(context, &reference.drift(partition)).await?
    } else {
        None
    };
    Ok(Some((plan, drifted.unwrap_or_default())))
}

/// What a partition changed of one person.
#[derive(Debug, Default, PartialEq)]
pub struct PersonChanges {
    /// Whether it made the person.
    pub is_new: bool,
    pub values: Vec<FieldChange>,
    /// Of the ties that stand with the person or with a class, those that it made (`true`) or took away.
    pub ties: Vec<(Tie, bool)>,
    /// Whether it set the password.
    pub password: bool,
}

impl PersonChanges {
    /// Picks them out of a plan. The person was written, since it names the partition; of the rest, what comes from
    /// rows that no longer fitted was not.
    fn of(person: &PersonId, plan: Plan, drifted: &BTreeSet<u32>) -> Self {
        let mut changes = Self::default();
        for Change { rows, write } in plan.changes {
            let fitted = rows.iter().any(|row| !drifted.contains(row));
            changes.add(person, write, fitted);
        }
        changes
    }

    fn add(&mut self, id: &PersonId, write: Write, fitted: bool) {
        let is_held_by = |tie: &Tie| tie.people().first() == Some(&id);
        match write {
            Write::Create { person, .. } if person.id == *id => {
                self.is_new = true;
                let before = prior_values(&Attributes::new(), &person.attributes);
                self.values = values(before, person.attributes);
            }
            Write::Update { person, before, .. } if person.id == *id => {
                self.values = values(before, person.attributes);
            }
            Write::Tie { tie } if fitted && is_held_by(&tie) => self.ties.push((tie, true)),
            Write::Untie { tie } if fitted && is_held_by(&tie) => self.ties.push((tie, false)),
            Write::SetPassword { person, .. } if fitted && person == *id => self.password = true,
            _ => {}
        }
    }
}

/// The values that were these before.
fn values(before: BTreeMap<String, Option<Value>>, mut after: Attributes) -> Vec<FieldChange> {
    before
        .into_iter()
        .map(|(field, old)| {
            let new = after.remove(&field);
            FieldChange { field, old, new }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Person;

    fn person(id: &str, phone: &str) -> Person {
        Person {
            id: PersonId(id.to_owned()),
            kind: "student".to_owned(),
            attributes: Attributes::from([("phone".to_owned(), Value::Text(phone.to_owned()))]),
            version: 2,
            created_by: "a".to_owned(),
            written_by: "b/0".to_owned(),
            earlier_writers: vec!["a/0".to_owned()],
            invitation: None,
            by_hand: BTreeMap::new(),
        }
    }

    fn update(person: Person) -> Write {
        let before = BTreeMap::from([("phone".to_owned(), None)]);
        Write::Update { person, before, claim: Vec::new(), release: Vec::new(), overwritten: BTreeMap::new() }
    }

    /// Ann's row 2 and Bo's row 3; Ann is the parent of Bo, and has a password.
    fn plan() -> Plan {
        let id = |id: &str| PersonId(id.to_owned());
        let grant = |person| Tie::Grant { person: id(person), offering: "1".to_owned() };
        let writes = [
            (2, update(person("ann", "1"))),
            (3, update(person("bo", "2"))),
            (2, Write::Tie { tie: grant("ann") }),
            (3, Write::Untie { tie: grant("bo") }),
            (3, Write::Tie { tie: Tie::Link { parent: id("ann"), child: id("bo"), offering: None } }),
            (2, Write::SetPassword { person: id("ann"), row: 2, replaces: None }),
        ];
        let changes = writes.map(|(row, write)| Change { rows: vec![row], write }).to_vec();
        Plan { changes, ..Plan::default() }
    }

    fn check(id: &str, drifted: &[u32], phone: &str, ties: &[(&str, bool)], password: bool) {
        let drifted = drifted.iter().copied().collect();
        let changes = PersonChanges::of(&PersonId(id.to_owned()), plan(), &drifted);
        let new = Some(Value::Text(phone.to_owned()));
        assert_eq!(changes.values, [FieldChange { field: "phone".to_owned(), old: None, new }]);
        let made: Vec<(&str, bool)> = changes.ties.iter().map(|(tie, made)| (tie.kind(), *made)).collect();
        assert_eq!((made.as_slice(), changes.password, changes.is_new), (ties, password, false));
    }

    #[test]
    fn of_a_plan_the_persons_own_changes_are_picked() {
        check("ann", &[], "1", &[("grant", true), ("link", true)], true);
        check("bo", &[], "2", &[("grant", false)], false);
    }

    #[test]
    fn what_no_longer_fitted_is_left_out_and_the_person_was_written() {
        check("ann", &[3], "1", &[("grant", true)], true);
        check("ann", &[2, 3], "1", &[], false);
    }
}
