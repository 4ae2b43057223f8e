//! Rows of one file that may be of one person: whoever typed a roster may have typed somebody twice.
//!
//! Of each row, its name and address are put aside while the file is read; what it may have in common with another stays
//! in memory, some 30 bytes a row. Then rows that have something in common are compared, each with those before it. People
//! of one name at several addresses are nothing unusual in one file, unless they were born on one day.

use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

use serde::{Deserialize, Serialize};
use shared_rules::{
    identity::{IdentityKey, KeyKind},
    likeness::{Likeness, NamedPlace},
    record::{Decision, Record, Value},
};

use super::{BIRTH_DATE, PER_ROW, differences};
use crate::{
    failure::Failure,
    outcome::LikeRow,
    plan::Group,
    spill::{Spill, Spilled},
};

/// Rows before a row that are compared with it, of those that have the same thing in common.
const LOOKED_BACK: usize = 50;

/// The names and addresses of rows, while a file is read.
pub(crate) struct NamedRows {
    rows: Spill<NamedRow>,
    /// What rows may have in common, as a hash, and the number of a row. Where two things share a hash, more is compared.
    common: Vec<(u32, u32)>,
}

#[derive(Deserialize, Serialize)]
struct NamedRow {
    row: u32,
    /// The number of its record.
    record: u32,
    named: Named,
    /// Whether it makes a person, so that a later row may be of the same.
    makes_person: bool,
}

/// What rows are compared by.
#[derive(Deserialize, Serialize)]
struct Named {
    key: IdentityKey,
    born: Option<Value>,
}

/// Rows, and the records of earlier ones that may be of the same people: row and record, sorted.
pub(crate) struct AlikeRows(Vec<(u32, u32)>);

impl NamedRows {
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self { rows: Spill::new()?, common: Vec::new() })
    }

    /// Takes the next record, which has this number.
    pub(crate) fn take(&mut self, number: usize, record: &Record) -> Result<(), Failure> {
        // That it is somebody's who is stored was decided, and it has that person's identity besides its own.
        if record.decision == Some(Decision::Same) {
            return Ok(());
        }
        let Some(named) = Named::of(record) else { return Ok(()) };
        let place = small(self.rows.len())?;
        self.common.extend(named.common().map(|common| (common, place)));
        self.rows.push(&NamedRow {
            row: record.row,
            record: small(number)?,
            named,
            makes_person: record.decision != Some(Decision::LeaveOut),
        })
    }

    /// Compares the rows that have something in common.
    pub(crate) fn close(mut self) -> Result<AlikeRows, Failure> {
        let rows = self.rows.close()?;
        self.common.sort_unstable();
        let mut alike = Vec::new();
        for common in self.common.chunk_by(|one, next| one.0 == next.0).filter(|common| common.len() > 1) {
            let mut before: VecDeque<NamedRow> = VecDeque::new();
            for (_, place) in common {
                let row = rows.get(*place as usize)?;
                let like = before.iter().filter(|earlier| !row.named.likeness(&earlier.named).is_empty());
                alike.extend(like.take(PER_ROW).map(|earlier| (row.row, earlier.record)));
                if row.makes_person {
                    before.push_back(row);
                }
                if before.len() > LOOKED_BACK {
                    before.pop_front();
                }
            }
        }
        alike.sort_unstable();
        alike.dedup();
        Ok(AlikeRows(alike))
    }
}

impl Named {
    fn of(record: &Record) -> Option<Self> {
        let key = record.keys.iter().find(|key| key.kind == KeyKind::NameAddress)?.clone();
        Some(Self { key, born: record.person.get(BIRTH_DATE).cloned() })
    }

    /// What another row of the person has in common with this one, as hashes: the address and the sound of the name, the
    /// name and the postal code, or the birth date and the sound of the name.
    fn common(&self) -> impl Iterator<Item = u32> {
        let named = self.key.block().zip(NamedPlace::of(&self.key));
        let common = named.map(|(block, NamedPlace { first, last, street, code })| {
            let born = self.born.as_ref().map(|born| hash(("born", &block, born.to_string())));
            [Some(hash(("lives", &block, street, code))), Some(hash(("called", first, last, code))), born]
        });
        common.into_iter().flatten().flatten()
    }

    /// Why the two may be of one person.
    fn likeness(&self, other: &Self) -> Vec<Likeness> {
        let same_birth = self.born.as_ref().zip(other.born.as_ref()).map(|(one, other)| one == other);
        let places = NamedPlace::of(&self.key).zip(NamedPlace::of(&other.key));
        let because = places.map(|(one, other)| one.likeness(other, same_birth)).unwrap_or_default();
        if because == [Likeness::OtherAddress] { Vec::new() } else { because }
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

fn like(record: &Record, earlier: &Record) -> Option<LikeRow> {
    let because = Named::of(record)?.likeness(&Named::of(earlier)?);
    let value = |name: &&str| Some(((*name).to_owned(), earlier.person.get(*name)?.clone()));
    Some(LikeRow {
        row: earlier.row,
        because,
        named: ["firstName", "lastName"].iter().filter_map(value).collect(),
        differs: differences(&record.person, &earlier.person),
    })
}

fn hash(what: impl Hash) -> u32 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    u32::try_from(hasher.finish() >> 32).unwrap_or_default()
}

fn small(number: usize) -> Result<u32, Failure> {
    u32::try_from(number).map_err(Failure::corrupt("a number of rows"))
}
