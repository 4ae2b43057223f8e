//! Cuts an import into partitions that cannot disagree.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use shared_rules::{
    identity::IdentityKey,
    options::DuplicatePolicy,
    record::{Record, Unit, UnitKind},
};

use crate::{
    names::PersonId,
    password::Sealed,
    plan::{Group, named_keys},
};

/// What a check leaves for `apply`.
#[derive(Deserialize, Serialize)]
pub struct Partition {
    pub groups: Vec<Group>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) passwords: Option<Sealed>,
}

/// Leaves what the rows say of one school or class with one of them, so that one partition alone writes it. Joining
/// all rows of a school instead would make one partition of a whole district.
///
/// Of two values the later counts where the policy is to update, else the earlier. A class that any row removes
/// takes nobody in: the row that removes it takes out whoever is in it.
pub fn settle_units(records: &mut [Record], policy: DuplicatePolicy) {
    let mut said: BTreeMap<(UnitKind, String), (usize, Unit)> = BTreeMap::new();
    for (index, record) in records.iter_mut().enumerate() {
        for unit in std::mem::take(&mut record.units) {
            match said.get_mut(&(unit.kind, unit.id.clone())) {
                Some((owner, earlier)) => {
                    if unit.remove && !earlier.remove {
                        *owner = index;
                        earlier.remove = true;
                    }
                    for (name, value) in unit.attributes {
                        if policy == DuplicatePolicy::Update {
                            earlier.attributes.insert(name, value);
                        } else {
                            earlier.attributes.entry(name).or_insert(value);
                        }
                    }
                }
                None => {
                    said.insert((unit.kind, unit.id.clone()), (index, unit));
                }
            }
        }
    }
    for record in records.iter_mut() {
        let is_removed =
            |class: &String| said.get(&(UnitKind::Class, class.clone())).is_some_and(|(_, unit)| unit.remove);
        record.place = record.place.take().filter(|place| !is_removed(&place.class));
    }
    for (owner, unit) in said.into_values() {
        records[owner].units.push(unit);
    }
}

/// Joins the records that share an identity, or whose identities belong to the same stored person: they
/// would write the same items. In the order of each group's first row.
#[must_use]
pub(crate) fn groups(records: Vec<Record>, owners: &HashMap<IdentityKey, PersonId>) -> Vec<Group> {
    let mut sets = DisjointSets::new(records.len());
    let mut first_by_key: HashMap<&IdentityKey, usize> = HashMap::new();
    let mut first_by_owner: HashMap<&PersonId, usize> = HashMap::new();
    for (index, record) in records.iter().enumerate() {
        for key in named_keys(record) {
            sets.join(*first_by_key.entry(key).or_insert(index), index);
            if let Some(owner) = owners.get(key) {
                sets.join(*first_by_owner.entry(owner).or_insert(index), index);
            }
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut group_of_root: HashMap<usize, usize> = HashMap::new();
    for (index, record) in records.into_iter().enumerate() {
        let group = *group_of_root.entry(sets.root(index)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(record);
    }
    groups
}

/// Fills partitions with whole groups.
#[must_use]
pub(crate) fn partitions(groups: Vec<Group>, rows: usize) -> Vec<Vec<Group>> {
    let mut partitions: Vec<Vec<Group>> = Vec::new();
    let mut free = 0;
    for group in groups {
        if group.len() > free || partitions.is_empty() {
            partitions.push(Vec::new());
            free = rows;
        }
        free = free.saturating_sub(group.len());
        if let Some(partition) = partitions.last_mut() {
            partition.push(group);
        }
    }
    partitions
}

/// Union-find with path halving; the root of a set is its smallest member.
pub(crate) struct DisjointSets {
    parents: Vec<usize>,
}

impl DisjointSets {
    pub(crate) fn new(size: usize) -> Self {
        Self { parents: (0..size).collect() }
    }

    pub(crate) fn root(&mut self, mut member: usize) -> usize {
        while self.parents[member] != member {
            self.parents[member] = self.parents[self.parents[member]];
            member = self.parents[member];
        }
        member
    }

    pub(crate) fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.parents[one.max(other)] = one.min(other);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use shared_rules::{
        check::{CheckOptions, Checker},
        program::Program,
        record::Value,
    };

    use super::*;

    /// The records of a `district-users` file of `action,userId,classId,className`.
    fn records(rows: &str) -> Vec<Record> {
        let program = Program::builtin("district-users").unwrap();
        let cells = rows.lines().map(|row| row.split(',').collect::<Vec<_>>());
        let lines: Vec<String> = cells
            .map(|cells| {
                let (action, user, class, name) = (cells[0], cells[1], cells[2], cells[3]);
                format!("{action},0412,Student,{user},Ann,Lee,,7,{class},{name}\n")
            })
            .collect();
        let header = "action,schoolId,userRole,userId,userFirstName,userLastName,userEmail,userGrade,classId,className\n";
        let file = header.to_owned() + &lines.concat();
        let mut checker = Checker::new(Arc::clone(&program), "roster.csv", CheckOptions::default());
        let mut records = Vec::new();
        checker.push(file.as_bytes(), |row| records.extend(row.record()));
        let _ = checker.finish(|row| records.extend(row.record()));
        records
    }

    /// By row: the schools and classes that it speaks of, and the class that it enrols in.
    fn settled(rows: &str, policy: DuplicatePolicy) -> Vec<String> {
        let mut records = records(rows);
        settle_units(&mut records, policy);
        let unit = |unit: &Unit| {
            let name = unit.attributes.get("name").map(Value::to_string).unwrap_or_default();
            let sign = if unit.remove { "-" } else { "+" };
            format!("{sign}{} {name}", unit.id)
        };
        let place =
            |record: &Record| record.place.as_ref().map_or(String::new(), |place| place.class.clone());
        records
            .iter()
            .map(|record| {
                let units: Vec<String> = record.units.iter().map(unit).collect();
                format!("{} | {}", units.join(", "), place(record))
            })
            .collect()
    }

    #[test]
    fn one_row_speaks_for_each_school_and_class() {
        let rows = ",S-1,M7,Maths\n,S-2,M7,Mathematics\n,S-3,E7,English\n,S-4,,\n";
        assert_eq!(
            settled(rows, DuplicatePolicy::FillMissing),
            ["+0412 , +M7 Maths | M7", " | M7", "+E7 English | E7", " | "]
        );
        assert_eq!(settled(rows, DuplicatePolicy::Update)[0], "+0412 , +M7 Mathematics | M7");
    }

    #[test]
    fn the_row_that_removes_a_class_speaks_for_it_and_nobody_enters_it() {
        let rows = ",S-1,M7,Maths\nREMOVE-CLASS,S-2,M7,Maths\nREMOVE-CLASS,S-3,M7,Maths\n,S-4,E7,English\n";
        assert_eq!(
            settled(rows, DuplicatePolicy::FillMissing),
            ["+0412  | ", "-M7 Maths | ", " | ", "+E7 English | E7"]
        );
    }

    #[test]
    fn rows_of_one_class_are_not_joined_and_rows_of_one_person_are() {
        let classmates = records(",S-1,M7,Maths\n,S-2,M7,Maths\n");
        assert_eq!(groups(classmates, &HashMap::new()).len(), 2);
        let one = records(",S-1,M7,Maths\n,S-1,E7,English\n");
        assert_eq!(groups(one, &HashMap::new()).len(), 1);
    }
}
