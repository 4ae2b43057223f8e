//! Cuts an import into partitions that cannot disagree.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use shared_rules::{identity::IdentityKey, record::Record};

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
    pub passwords: Option<Sealed>,
}

/// Rows in a partition, unless one group alone is larger. Small enough that a partition is applied long
/// before a function's time ends, large enough that its few object requests do not count.
pub const PARTITION_ROWS: usize = 500;

/// Joins the records that share an identity, or whose identities belong to the same stored person: they
/// would write the same items. In the order of each group's first row.
#[must_use]
pub fn groups(records: Vec<Record>, owners: &HashMap<IdentityKey, PersonId>) -> Vec<Group> {
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
pub fn partitions(groups: Vec<Group>, rows: usize) -> Vec<Vec<Group>> {
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
struct DisjointSets {
    parents: Vec<usize>,
}

impl DisjointSets {
    fn new(size: usize) -> Self {
        Self { parents: (0..size).collect() }
    }

    fn root(&mut self, mut member: usize) -> usize {
        while self.parents[member] != member {
            self.parents[member] = self.parents[self.parents[member]];
            member = self.parents[member];
        }
        member
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.parents[one.max(other)] = one.min(other);
    }
}
