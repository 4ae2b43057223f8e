//! Rows of one file that may be of one person: whoever typed a roster may have typed somebody twice.
//!
//! Of each row, its name and address are put aside while the file is read, and its block is kept in memory, which is
//! 24 bytes a row with its place. Then the rows of a block are compared, each with those before it.

use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use serde::{Deserialize, Serialize};
use shared_rules::{
    identity::{IdentityKey, KeyKind},
    likeness::NamedPlace,
    record::{Decision, Record},
};

use super::{PER_BLOCK, differences, nearest, same_birth_date};
use crate::{
    failure::Failure,
    outcome::LikeRow,
    plan::Group,
    spill::{Spill, Spilled},
};

/// The names and addresses of rows, while a file is read.
pub(crate) struct NamedRows {
    rows: Spill<NamedRow>,
    /// The hash of a block and the number of a row in it. Where two blocks share a hash, more is compared.
    blocks: Vec<(u64, u32)>,
}

#[derive(Deserialize, Serialize)]
struct NamedRow {
    row: u32,
    /// The number of its record.
    record: u32,
    key: IdentityKey,
    /// Whether it makes a person, so that a later row may be of the same.
    makes_person: bool,
}

/// Rows, and the records of earlier ones that may be of the same people: row and record, sorted.
pub(crate) struct AlikeRows(Vec<(u32, u32)>);

impl NamedRows {
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self { rows: Spill::new()?, blocks: Vec::new() })
    }

    /// Takes the next record, which has this number.
    pub(crate) fn take(&mut self, number: usize, record: &Record) -> Result<(), Failure> {
        // That it is somebody's who is stored was decided, and it has that person's identity besides its own.
        if record.decision == Some(Decision::Same) {
            return Ok(());
        }
        let Some(key) = record.keys.iter().find(|key| key.kind == KeyKind::NameAddress) else {
            return Ok(());
        };
        let Some(block) = key.block() else { return Ok(()) };
        let mut hasher = DefaultHasher::new();
        block.hash(&mut hasher);
        self.blocks.push((hasher.finish(), small(self.rows.len())?));
        self.rows.push(&NamedRow {
            row: record.row,
            record: small(number)?,
            key: key.clone(),
            makes_person: record.decision != Some(Decision::LeaveOut),
        })
    }

    /// Compares the rows of each block.
    pub(crate) fn close(mut self) -> Result<AlikeRows, Failure> {
        let rows = self.rows.close()?;
        self.blocks.sort_unstable();
        let mut alike = Vec::new();
        for block in self.blocks.chunk_by(|one, next| one.0 == next.0).filter(|block| block.len() > 1) {
            let mut before: VecDeque<NamedRow> = VecDeque::new();
            for (_, number) in block {
                let row = rows.get(*number as usize)?;
                let near = nearest(&row.key, before.iter(), |earlier| &earlier.key);
                alike.extend(near.map(|earlier| (row.row, earlier.record)));
                if row.makes_person {
                    before.push_back(row);
                }
                if before.len() > PER_BLOCK {
                    before.pop_front();
                }
            }
        }
        alike.sort_unstable();
        Ok(AlikeRows(alike))
    }
}

impl AlikeRows {
    /// The earlier rows that those of a partition are like, by row.
    pub(crate) fn of(
        &self,
        groups: &[Group],
        records: &Spilled<Record>,
    ) -> Result<HashMap<u32, Vec<LikeRow>>, Failure> {
        let mut found: HashMap<u32, Vec<LikeRow>> = HashMap::new();
        for record in groups.iter().flatten() {
            for (_, number) in self.pairs(record.row) {
                let earlier = records.get(*number as usize)?;
                found.entry(record.row).or_default().extend(like(record, &earlier));
            }
        }
        Ok(found)
    }

    fn pairs(&self, row: u32) -> &[(u32, u32)] {
        let first = self.0.partition_point(|pair| pair.0 < row);
        let count = self.0[first..].partition_point(|pair| pair.0 == row);
        &self.0[first..first + count]
    }
}

/// How a row is like an earlier one, if it is when the birth dates are looked at too.
fn like(record: &Record, earlier: &Record) -> Option<LikeRow> {
    const NAMES: [&str; 2] = ["firstName", "lastName"];
    let place = |record: &'_ Record| record.keys.iter().find(|key| key.kind == KeyKind::NameAddress).cloned();
    let (own, other) = (place(record)?, place(earlier)?);
    let same_birth = same_birth_date(&record.person, &earlier.person);
    let because = NamedPlace::of(&own)?.likeness(NamedPlace::of(&other)?, same_birth);
    let named = earlier.person.iter().filter(|(name, _)| NAMES.contains(&name.as_str()));
    (!because.is_empty()).then(|| LikeRow {
        row: earlier.row,
        because,
        named: named.map(|(name, value)| (name.clone(), value.clone())).collect(),
        differs: differences(&record.person, &earlier.person),
    })
}

fn small(number: usize) -> Result<u32, Failure> {
    u32::try_from(number).map_err(Failure::corrupt("a number of rows"))
}
