//! Cuts an import into partitions that cannot disagree.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared_rules::{
    identity::IdentityKey,
    options::DuplicatePolicy,
    record::{Record, Unit, UnitKind},
};

use crate::{
    failure::Failure,
    markets::Markets,
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
    /// The markets of the postal codes in it, if the organisation has a table of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) markets: Option<Markets>,
}

/// What the rows say of schools and classes. It is left with one row each, so that one partition alone writes it;
/// joining all rows of a school instead would make one partition of a whole district.
///
/// Of two values the later counts where the policy is to update, else the earlier. A class that any row removes
/// takes nobody in: the row that removes it takes out whoever is in it.
pub struct Units {
    policy: DuplicatePolicy,
    /// Each with the number of the record that is left with it.
    said: BTreeMap<(UnitKind, String), (usize, Unit)>,
}

/// [`Units`] when all rows have been heard.
pub struct SettledUnits {
    of_record: HashMap<usize, Vec<Unit>>,
    removed_classes: HashSet<String>,
}

impl Units {
    #[must_use]
    pub fn new(policy: DuplicatePolicy) -> Self {
        Self { policy, said: BTreeMap::new() }
    }

    /// Takes what the record of this number says.
    pub fn hear(&mut self, number: usize, record: &mut Record) {
        for unit in std::mem::take(&mut record.units) {
            match self.said.get_mut(&(unit.kind, unit.id.clone())) {
                Some((owner, earlier)) => {
                    if unit.remove && !earlier.remove {
                        *owner = number;
                        earlier.remove = true;
                    }
                    for (name, value) in unit.attributes {
                        if self.policy == DuplicatePolicy::Update {
                            earlier.attributes.insert(name, value);
                        } else {
                            earlier.attributes.entry(name).or_insert(value);
                        }
                    }
                }
                None => {
                    self.said.insert((unit.kind, unit.id.clone()), (number, unit));
                }
            }
        }
    }

    #[must_use]
    pub fn settle(self) -> SettledUnits {
        let is_removed_class = |unit: &Unit| unit.remove && unit.kind == UnitKind::Class;
        let removed = self.said.values().filter(|(_, unit)| is_removed_class(unit));
        let removed_classes = removed.map(|(_, unit)| unit.id.clone()).collect();
        let mut of_record: HashMap<usize, Vec<Unit>> = HashMap::new();
        for (owner, unit) in self.said.into_values() {
            of_record.entry(owner).or_default().push(unit);
        }
        SettledUnits { of_record, removed_classes }
    }
}

impl SettledUnits {
    /// Leaves the record of this number with what it speaks for.
    pub fn give(&self, number: usize, record: &mut Record) {
        record.place = record.place.take().filter(|place| !self.removed_classes.contains(&place.class));
        record.units = self.of_record.get(&number).cloned().unwrap_or_default();
    }
}

/// Stands for an identity key: half of its SHA-256, in which no two keys of an organisation agree.
type Print = [u8; 16];

/// Finds out which records would write the same items: those that share an identity, or whose identities belong to
/// the same stored person. Of each identity it keeps some 30 bytes.
#[derive(Default)]
pub(crate) struct Joining {
    sets: DisjointSets,
    identities: HashMap<Print, Identity>,
    owners: Vec<Owner>,
    owner_numbers: HashMap<Print, u32>,
}

#[derive(Clone, Copy)]
struct Identity {
    /// The first record that names it.
    first: u32,
    /// The number of the stored person whose it is.
    owner: Option<u32>,
}

struct Owner {
    person: PersonId,
    /// The first record that names an identity of the person.
    first: u32,
}

impl Joining {
    /// Whether some record has named the identity: then its owner is known too.
    pub(crate) fn knows(&self, key: &IdentityKey) -> bool {
        self.identities.contains_key(&print(key))
    }

    /// Takes the next record. `owners` has the owners of its identities, but of those that are known.
    pub(crate) fn add(
        &mut self,
        record: &Record,
        owners: &HashMap<IdentityKey, PersonId>,
    ) -> Result<(), Failure> {
        let number = u32::try_from(self.sets.grow()).map_err(Failure::corrupt("a number of rows"))?;
        for key in named_keys(record) {
            let print = print(key);
            let identity = if let Some(identity) = self.identities.get(&print) {
                *identity
            } else {
                let owner = owners.get(key).map(|person| self.owner_number(person, number));
                let identity = Identity { first: number, owner };
                self.identities.insert(print, identity);
                identity
            };
            self.sets.join(identity.first as usize, number as usize);
            if let Some(owner) = identity.owner {
                self.sets.join(self.owners[owner as usize].first as usize, number as usize);
            }
        }
        Ok(())
    }

    fn owner_number(&mut self, person: &PersonId, record: u32) -> u32 {
        let next = u32::try_from(self.owners.len()).unwrap_or(u32::MAX);
        let number = *self.owner_numbers.entry(halved(person.0.as_bytes())).or_insert(next);
        if number == next {
            self.owners.push(Owner { person: person.clone(), first: record });
        }
        number
    }

    /// Fills partitions of so many rows with whole groups, in the order of each group's first row.
    pub(crate) fn cut(mut self, rows: usize) -> Cut {
        let roots: Vec<usize> = (0..self.sets.len()).map(|record| self.sets.root(record)).collect();
        let mut sizes = vec![0; roots.len()];
        for root in &roots {
            sizes[*root] += 1;
        }
        let mut partitions = 0_usize;
        let mut free = 0;
        // By root; of the others it stays empty.
        let mut partition_of = vec![0; roots.len()];
        for root in (0..roots.len()).filter(|record| roots[*record] == *record) {
            if sizes[root] > free || partitions == 0 {
                partitions += 1;
                free = rows;
            }
            free = free.saturating_sub(sizes[root]);
            partition_of[root] = partitions - 1;
        }
        let mut order: Vec<usize> = (0..roots.len()).collect();
        order.sort_unstable_by_key(|record| (partition_of[roots[*record]], roots[*record], *record));
        let ends = (0..partitions)
            .map(|partition| order.partition_point(|record| partition_of[roots[*record]] <= partition))
            .collect();
        Cut { order, roots, ends, identities: self.identities, owners: self.owners }
    }
}

/// The partitions of an import, as numbers of records.
pub(crate) struct Cut {
    /// The records by partition, group and row.
    order: Vec<usize>,
    /// The first record of each record's group.
    roots: Vec<usize>,
    /// Where each partition ends in `order`.
    ends: Vec<usize>,
    identities: HashMap<Print, Identity>,
    owners: Vec<Owner>,
}

impl Cut {
    pub(crate) fn partitions(&self) -> usize {
        self.ends.len()
    }

    /// The groups of a partition.
    pub(crate) fn groups(&self, partition: usize) -> impl Iterator<Item = &[usize]> {
        let start = partition.checked_sub(1).map_or(0, |earlier| self.ends[earlier]);
        self.order[start..self.ends[partition]].chunk_by(|one, other| self.roots[*one] == self.roots[*other])
    }

    /// Whose the identities of these groups were when the records were joined.
    pub(crate) fn owners(&self, groups: &[Group]) -> HashMap<IdentityKey, PersonId> {
        let keys = groups.iter().flatten().flat_map(named_keys);
        let owner = |key: &IdentityKey| self.identities.get(&print(key)).and_then(|identity| identity.owner);
        keys.filter_map(|key| Some((key.clone(), self.owners[owner(key)? as usize].person.clone()))).collect()
    }
}

fn print(key: &IdentityKey) -> Print {
    halved(format!("{:?} {}", key.kind, key.value).as_bytes())
}

fn halved(bytes: &[u8]) -> Print {
    let whole = Sha256::digest(bytes);
    let mut print = Print::default();
    print.copy_from_slice(&whole[..16]);
    print
}

/// Union-find with path halving; the root of a set is its smallest member.
#[derive(Default)]
pub(crate) struct DisjointSets {
    parents: Vec<usize>,
}

impl DisjointSets {
    pub(crate) fn new(size: usize) -> Self {
        Self { parents: (0..size).collect() }
    }

    pub(crate) fn len(&self) -> usize {
        self.parents.len()
    }

    /// Adds a set of one member; its number.
    pub(crate) fn grow(&mut self) -> usize {
        self.parents.push(self.parents.len());
        self.parents.len() - 1
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
        let mut units = Units::new(policy);
        records.iter_mut().enumerate().for_each(|(number, record)| units.hear(number, record));
        let settled = units.settle();
        records.iter_mut().enumerate().for_each(|(number, record)| settled.give(number, record));
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
        assert_eq!(cut(",S-1,M7,Maths\n,S-2,M7,Maths\n", &[], 500), [[vec![0], vec![1]]]);
        assert_eq!(cut(",S-1,M7,Maths\n,S-1,E7,English\n", &[], 500), [[vec![0, 1]]]);
    }

    #[test]
    fn rows_of_one_stored_person_are_joined_wherever_they_stand() {
        let rows = ",S-1,M7,Maths\n,S-2,M7,Maths\n,S-3,M7,Maths\n";
        assert_eq!(cut(rows, &[("S-1", "ann"), ("S-3", "ann")], 500), [[vec![0, 2], vec![1]]]);
    }

    #[test]
    fn a_partition_is_full_before_the_next_is_begun_and_no_group_is_split() {
        let rows = ",S-1,M7,Maths\n,S-2,M7,Maths\n,S-3,M7,Maths\n,S-2,E7,English\n";
        assert_eq!(cut(rows, &[], 2), [vec![vec![0]], vec![vec![1, 3]], vec![vec![2]]]);
        assert_eq!(cut(rows, &[], 3), [vec![vec![0], vec![1, 3]], vec![vec![2]]]);
        assert_eq!(cut(rows, &[], 1).len(), 3, "a group larger than a partition is one");
        assert!(cut("", &[], 2).is_empty());
    }

    /// The partitions, as the numbers of their groups' records; `owners` says whose the users of some rows are.
    fn cut(rows: &str, owners: &[(&str, &str)], partition_rows: usize) -> Vec<Vec<Vec<usize>>> {
        let mut joining = Joining::default();
        for record in &records(rows) {
            let owner = |key: &IdentityKey| {
                let (_, person) =
                    owners.iter().find(|(user, _)| key.value == user.to_lowercase() || key.value == *user)?;
                Some((key.clone(), PersonId((*person).to_owned())))
            };
            joining.add(record, &named_keys(record).filter_map(owner).collect()).unwrap();
        }
        let cut = joining.cut(partition_rows);
        (0..cut.partitions()).map(|number| cut.groups(number).map(<[usize]>::to_vec).collect()).collect()
    }
}
