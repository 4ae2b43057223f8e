//! People and earlier rows who may be the same as a new one, and what somebody decided about that. Nobody is merged
//! because of it: what is alike is shown, and the row makes a new person unless it was decided otherwise.
//!
//! The identity keys of names and addresses stand in blocks ([`IdentityKey::block`]), each a partition of the table, so
//! that all of a block are read by one query, and a new person costs no write more.

mod rows;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use shared_rules::{
    identity::{IdentityKey, KeyKind},
    likeness::NamedPlace,
    record::{Attributes, Decision, Record, Value},
};
use utoipa::ToSchema;

pub(crate) use self::rows::{AlikeRows, NamedRows};
use crate::{
    context::Context,
    failure::Failure,
    import::Import,
    names::{Organisation, PersonId},
    outcome::{FieldChange, PossibleDuplicate},
    people,
    plan::{Group, Snapshot, keys},
    table::{self, Order},
};

/// Keys of a block that are looked at: a larger block is of a frequent name in a large city.
const PER_BLOCK: usize = 200;
/// People who are looked at for one row.
const PER_ROW: usize = 5;
const CONCURRENT_QUERIES: usize = 16;

/// What somebody decided about a row that is like a person.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RowDecision {
    /// The row's number as a spreadsheet shows it.
    pub row: u32,
    /// `same`, `different` or `leave-out`.
    #[schema(schema_with = decisions)]
    pub decision: Decision,
    /// With `same`, the person that the row is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
}

fn decisions() -> utoipa::openapi::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::Type::String)
        .enum_values(Some(["same", "different", "leave-out"]))
        .build()
}

/// A stored name and address, and whose it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Near {
    pub key: IdentityKey,
    pub person: PersonId,
}

/// Finds the people who may be those whom rows are about to make.
pub async fn look(
    context: &Context,
    organisation: &Organisation,
    groups: &[Group],
    snapshot: &mut Snapshot,
) -> Result<(), Failure> {
    let new: Vec<&IdentityKey> =
        groups.iter().flatten().filter_map(|record| name_of_new(record, snapshot)).collect();
    let blocks: BTreeMap<String, &IdentityKey> =
        new.iter().filter_map(|key| Some((key.block()?, *key))).collect();
    // Collected first: a stream that borrows in its closure is not `Send` to the compiler.
    let queries: Vec<_> = blocks
        .iter()
        .map(|(block, key)| async move {
            let partition = organisation.identity(key).pk;
            let items = table::query(context, &partition, Order::OldestFirst, PER_BLOCK).await?;
            let near: Vec<Near> = items.into_iter().map(people::named_owner).collect::<Result<_, _>>()?;
            Ok::<_, Failure>((block.clone(), near))
        })
        .collect();
    let blocks: HashMap<String, Vec<Near>> =
        stream::iter(queries).buffer_unordered(CONCURRENT_QUERIES).try_collect().await?;
    for key in new {
        let block = key.block().and_then(|block| blocks.get(&block)).map_or(&[][..], Vec::as_slice);
        let mut near: Vec<&Near> =
            block.iter().filter(|near| may_be_alike(key, &near.key, Some(true))).collect();
        // Those who are alike whatever the birth dates come first, so that the others cannot crowd them out.
        near.sort_by_key(|near| !may_be_alike(key, &near.key, None));
        snapshot.near.insert(key.clone(), near.into_iter().take(PER_ROW).cloned().collect());
    }
    let wanted: HashSet<PersonId> =
        snapshot.near.values().flatten().map(|near| near.person.clone()).collect();
    let unknown = wanted.iter().filter(|person| !snapshot.people.contains_key(*person));
    let people = people::load_people(context, organisation, unknown).await?;
    snapshot.people.extend(people);
    Ok(())
}

/// The name and address of a row that is of nobody who is stored, whatever was decided of it.
fn name_of_new<'a>(record: &'a Record, snapshot: &Snapshot) -> Option<&'a IdentityKey> {
    // The last key of a row that was decided to be somebody's is not its own (`Decided::note`).
    let given = usize::from(record.decision == Some(Decision::Same));
    let own = &record.keys[..record.keys.len().saturating_sub(given)];
    if own.iter().any(|key| snapshot.owners.contains_key(key)) {
        return None;
    }
    own.iter().find(|key| key.kind == KeyKind::NameAddress)
}

/// Whether the two are alike, given what is known of the birth dates.
fn may_be_alike(one: &IdentityKey, other: &IdentityKey, same_birth: Option<bool>) -> bool {
    let places = NamedPlace::of(one).zip(NamedPlace::of(other));
    places.is_some_and(|(one, other)| !one.likeness(other, same_birth).is_empty())
}

/// Whom of the stored people a new row may be of.
#[must_use]
pub fn possible_duplicates(record: &Record, snapshot: &Snapshot) -> Vec<PossibleDuplicate> {
    let mut found: Vec<PossibleDuplicate> = Vec::new();
    let Some(own) = name_of_new(record, snapshot) else { return found };
    for near in snapshot.near.get(own).into_iter().flatten() {
        let Some(person) = snapshot.people.get(&near.person) else { continue };
        let Some((place, other)) = NamedPlace::of(own).zip(NamedPlace::of(&near.key)) else { continue };
        let because = place.likeness(other, same_birth_date(&record.person, &person.attributes));
        if !because.is_empty() && found.iter().all(|known| known.person != near.person) {
            found.push(PossibleDuplicate {
                person: near.person.clone(),
                because,
                differs: differences(&record.person, &person.attributes),
            });
        }
    }
    found
}

const BIRTH_DATE: &str = "birthDate";

fn same_birth_date(one: &Attributes, other: &Attributes) -> Option<bool> {
    Some(one.get(BIRTH_DATE)? == other.get(BIRTH_DATE)?)
}

/// What a row says otherwise than what is stored, or than an earlier row.
fn differences(said: &Attributes, before: &Attributes) -> Vec<FieldChange> {
    let said = said.iter();
    said.filter_map(|(name, value)| {
        let old: Option<&Value> = before.get(name);
        (old != Some(value)).then(|| FieldChange {
            field: name.clone(),
            old: old.cloned(),
            new: Some(value.clone()),
        })
    })
    .collect()
}

/// What was decided about the rows of an import.
pub struct Decided {
    decisions: BTreeMap<u32, RowDecision>,
    /// An identity of each person whom a row is the same as.
    known_by: HashMap<PersonId, IdentityKey>,
}

impl Decided {
    pub async fn load(context: &Context, import: &Import) -> Result<Self, Failure> {
        let decisions: BTreeMap<u32, RowDecision> =
            import.decisions.values().map(|decision| (decision.row, decision.clone())).collect();
        let wanted: BTreeSet<&PersonId> =
            decisions.values().filter_map(|decision| decision.person.as_ref()).collect();
        let people = people::load_people(context, &import.organisation, wanted.into_iter()).await?;
        let kinds = &import.program()?.identity;
        let identities: Vec<(&PersonId, IdentityKey)> = people
            .values()
            .flat_map(|person| keys(kinds, &person.attributes).into_iter().map(|key| (&person.id, key)))
            .collect();
        let named = identities.iter().map(|(_, key)| key);
        let owners = people::owners(context, &import.organisation, named).await?;
        let known_by = identities
            .iter()
            .filter(|(person, key)| owners.get(key) == Some(*person))
            .map(|(person, key)| ((*person).clone(), key.clone()))
            .collect();
        Ok(Self { decisions, known_by })
    }

    /// Notes on a record what was decided about it. A row that is the same as a person is given an identity by which
    /// the person is known, so that all that follows treats the two as one, the cutting of partitions too. If the
    /// person is gone, the row is as if nothing had been decided.
    pub fn note(&self, record: &mut Record) {
        let Some(decided) = self.decisions.get(&record.row) else { return };
        if decided.decision == Decision::Same {
            let Some(key) = decided.person.as_ref().and_then(|person| self.known_by.get(person)) else {
                return;
            };
            record.keys.push(key.clone());
        }
        record.decision = Some(decided.decision);
    }
}
