//! Which rows may say something of one another.

use std::collections::{BTreeMap, BTreeSet};

use super::rows::RowId;
use crate::{
    check::{Context, key_hash},
    identity::KeyWriter,
    read::Texts,
};

/// Which rows have, or once had, a key. Only the upper half of each key's hash is kept: two keys that are taken for
/// one cost a look at a row too many, and change nothing.
#[derive(Debug, Default)]
pub(super) struct Keys {
    /// Of the last whole check: a key in the upper half and a row in the lower, sorted.
    checked: Vec<u64>,
    /// Of the edits since.
    edited: BTreeMap<u32, Vec<RowId>>,
}

/// The keys of a check under way.
#[derive(Debug, Default)]
pub(super) struct Gathered(Vec<u64>);

impl Gathered {
    pub(super) fn add(&mut self, id: RowId, keys: &[u64]) {
        self.0.extend(keys.iter().map(|key| key & UPPER | u64::from(id)));
    }

    pub(super) fn sorted(mut self) -> Keys {
        self.0.sort_unstable();
        Keys { checked: self.0, edited: BTreeMap::new() }
    }
}

const UPPER: u64 = !(u32::MAX as u64);

fn upper(key: u64) -> u32 {
    u32::try_from(key >> 32).unwrap_or_default()
}

impl Keys {
    pub(super) fn add(&mut self, id: RowId, keys: &[u64]) {
        for key in keys {
            let rows = self.edited.entry(upper(*key)).or_default();
            if !rows.contains(&id) {
                rows.push(id);
            }
        }
    }

    fn rows(&self, key: u64) -> impl Iterator<Item = RowId> {
        let first = self.checked.partition_point(|entry| *entry < key & UPPER);
        let checked = self.checked[first..].iter().take_while(move |entry| upper(**entry) == upper(key));
        let checked = checked.map(|entry| u32::try_from(entry & u64::from(u32::MAX)).unwrap_or_default());
        checked.chain(self.edited.get(&upper(key)).into_iter().flatten().copied())
    }

    /// All rows that share a key with one of these, or with a row that does. `keys_of` tells a row's keys. None where
    /// there are more than `most`.
    pub(super) fn related(
        &self,
        rows: &BTreeSet<RowId>,
        keys: &[u64],
        most: usize,
        mut keys_of: impl FnMut(RowId, &mut Vec<u64>),
    ) -> Option<BTreeSet<RowId>> {
        let mut related = rows.clone();
        let mut open = keys.to_vec();
        for id in rows {
            keys_of(*id, &mut open);
        }
        let mut seen = BTreeSet::new();
        while let Some(key) = open.pop() {
            if !seen.insert(upper(key)) {
                continue;
            }
            for id in self.rows(key) {
                if related.insert(id) {
                    keys_of(id, &mut open);
                }
                if related.len() > most {
                    return None;
                }
            }
        }
        Some(related)
    }
}

/// Adds all keys by which other rows may be found with this one: its identities, whether or not it has errors, and
/// its unique keys.
pub(super) fn keys_of(context: &Context, texts: Texts<'_>, writer: &mut KeyWriter, keys: &mut Vec<u64>) {
    let Context { program, columns, roles, .. } = context;
    keys.extend(roles.identities.iter().filter_map(|identity| identity.hash(program, texts, writer)));
    let unique = program.unique.iter().enumerate();
    keys.extend(unique.filter_map(|(index, key)| key_hash(program, columns, index, key, texts)));
}
