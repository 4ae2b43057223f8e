//! People in the table: the look-ups that a plan needs, and the writes that it decided.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use aws_sdk_dynamodb::{error::ProvideErrorMetadata, types::AttributeValue};
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use shared_rules::{
    identity::{IdentityKey, KeyKind},
    record::UnitKind,
};

use crate::{
    context::Context,
    failure::Failure,
    names::{Organisation, PersonId, TableKey},
    near::Near,
    partition::DisjointSets,
    password::Password,
    person::{Invitation, InvitationState, Person, Tie, Unit},
    plan::{Change, Group, PasswordChange, Snapshot, Write, link_tie, named_keys},
    table::{self, Item, Order, text},
};

/// How many conditional single writes are under way at once.
const CONCURRENT_WRITES: usize = 16;

/// Whose an identity key is.
#[derive(Debug, Deserialize, Serialize)]
struct Claim {
    person: PersonId,
    /// The key in words, where it is compared with others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

impl Claim {
    fn of(key: &IdentityKey, person: &PersonId) -> Self {
        let value = (key.kind == KeyKind::NameAddress).then(|| key.value.clone());
        Self { person: person.clone(), value }
    }
}

/// Reads the item of a name and address.
pub fn named_owner(item: Item) -> Result<Near, Failure> {
    let Claim { person, value } = table::read(item, "an identity key")?;
    let value = value.ok_or(Failure::Missing("the words of an identity key"))?;
    Ok(Near { key: IdentityKey { kind: KeyKind::NameAddress, value }, person })
}

/// Finds the owners of identity keys.
pub async fn owners(
    context: &Context,
    organisation: &Organisation,
    keys: impl Iterator<Item = &IdentityKey>,
) -> Result<HashMap<IdentityKey, PersonId>, Failure> {
    let by_item: HashMap<TableKey, IdentityKey> =
        keys.map(|key| (organisation.identity(key), key.clone())).collect();
    let items = table::batch_get(context, by_item.keys().cloned().collect()).await?;
    let mut owners = HashMap::with_capacity(items.len());
    for item in items {
        if let Some(key) = table::key_of(&item).and_then(|key| by_item.get(&key)) {
            owners.insert(key.clone(), table::read::<Claim>(item, "an identity key")?.person);
        }
    }
    Ok(owners)
}

/// Fetches all that planning these groups can depend on, as of now.
pub async fn snapshot(
    context: &Context,
    organisation: &Organisation,
    groups: &[Group],
) -> Result<Snapshot, Failure> {
    let keys = groups.iter().flatten().flat_map(named_keys);
    let owners = owners(context, organisation, keys).await?;
    snapshot_of(context, organisation, groups, owners).await
}

/// The same, where it is known whose the groups' identities are.
pub async fn snapshot_of(
    context: &Context,
    organisation: &Organisation,
    groups: &[Group],
    owners: HashMap<IdentityKey, PersonId>,
) -> Result<Snapshot, Failure> {
    let wanted: HashSet<&PersonId> = owners.values().collect();
    let people = load_people(context, organisation, wanted.into_iter()).await?;
    let passwords = passwords(context, organisation, groups, &owners).await?;
    let ties: HashMap<TableKey, Tie> = groups
        .iter()
        .flat_map(|group| possible_ties(group, &owners))
        .map(|tie| (tie.key(organisation), tie))
        .collect();
    let there = table::batch_get(context, ties.keys().cloned().collect()).await?;
    let units = units(context, organisation, groups).await?;
    let members = members(context, organisation, groups).await?;
    let ties = there.iter().filter_map(|item| ties.get(&table::key_of(item)?).cloned());
    let ties = ties.chain(members.values().flatten().cloned()).collect();
    Ok(Snapshot { owners, people, ties, units, members, passwords, ..Snapshot::default() })
}

/// Who of the people whose rows set a password has one already, and who set it. The hash itself is not fetched.
async fn passwords(
    context: &Context,
    organisation: &Organisation,
    groups: &[Group],
    owners: &HashMap<IdentityKey, PersonId>,
) -> Result<HashMap<PersonId, String>, Failure> {
    let setting = groups.iter().filter(|group| group.iter().any(|record| record.sets_password));
    let people: HashMap<TableKey, &PersonId> = setting
        .flatten()
        .flat_map(|record| &record.keys)
        .filter_map(|key| owners.get(key))
        .map(|person| (organisation.password(person), person))
        .collect();
    let items = table::batch_get_only(context, people.keys().cloned().collect(), "setBy").await?;
    let set_by = |item: Item| {
        let person = (*people.get(&table::key_of(&item)?)?).clone();
        Some((person, item.get("setBy")?.as_s().ok()?.clone()))
    };
    Ok(items.into_iter().filter_map(set_by).collect())
}

/// Fetches people by their identifiers; those that are not there are left out.
pub async fn load_people(
    context: &Context,
    organisation: &Organisation,
    people: impl Iterator<Item = &PersonId>,
) -> Result<HashMap<PersonId, Person>, Failure> {
    let keys = people.map(|person| organisation.person(person)).collect();
    let items = table::batch_get(context, keys).await?;
    items
        .into_iter()
        .map(|item| table::read::<Person>(item, "a person").map(|person| (person.id.clone(), person)))
        .collect()
}

/// Fetches a person, as of now.
pub async fn load(
    context: &Context,
    organisation: &Organisation,
    person: &PersonId,
) -> Result<Option<Person>, Failure> {
    let item = table::get(context, &organisation.person(person)).await?;
    item.map(|item| table::read(item, "a person")).transpose()
}

/// Whether the person has a password.
pub async fn has_password(
    context: &Context,
    organisation: &Organisation,
    person: &PersonId,
) -> Result<bool, Failure> {
    let item = table::batch_get_only(context, vec![organisation.password(person)], "setBy").await?;
    Ok(!item.is_empty())
}

/// The ties that stand with the person.
pub async fn ties_held(
    context: &Context,
    organisation: &Organisation,
    person: &PersonId,
) -> Result<Vec<Tie>, Failure> {
    let items = table::query_prefix(context, &organisation.about(person, "")).await?;
    let ties = items.into_iter().filter(|item| item.contains_key("tie"));
    ties.map(|item| table::read(item, "a tie")).collect()
}

/// Those of these people who hold ties other than `known`.
pub async fn holding_others(
    context: &Context,
    organisation: &Organisation,
    people: &[&PersonId],
    known: &HashSet<TableKey>,
) -> Result<HashSet<PersonId>, Failure> {
    let held: Vec<_> = people
        .iter()
        .map(|person| async move {
            let own = organisation.person(person);
            let about = organisation.about(person, "");
            let items = table::query_prefix(context, &about).await?;
            let is_other =
                |item: &Item| table::key_of(item).is_some_and(|key| key != own && !known.contains(&key));
            Ok::<_, Failure>(items.iter().any(is_other).then(|| (*person).clone()))
        })
        .collect();
    let holding: Vec<Option<PersonId>> = stream::iter(held).buffered(CONCURRENT_WRITES).try_collect().await?;
    Ok(holding.into_iter().flatten().collect())
}

/// The stored people that a row, its parent or a link of a group can turn out to be: those whom any of its keys
/// belongs to, or any key that a row names together with one of them.
struct Candidates<'a> {
    index: HashMap<&'a IdentityKey, usize>,
    sets: DisjointSets,
    people: HashMap<usize, BTreeSet<&'a PersonId>>,
}

impl<'a> Candidates<'a> {
    fn of(group: &'a Group, owners: &'a HashMap<IdentityKey, PersonId>) -> Self {
        let mut index = HashMap::new();
        for key in group.iter().flat_map(named_keys) {
            let next = index.len();
            index.entry(key).or_insert(next);
        }
        let mut sets = DisjointSets::new(index.len());
        for record in group {
            for together in [&record.keys[..], record.parent.as_ref().map_or(&[], |parent| &parent.keys)] {
                together.windows(2).for_each(|pair| sets.join(index[&pair[0]], index[&pair[1]]));
            }
        }
        let mut people: HashMap<usize, BTreeSet<&PersonId>> = HashMap::new();
        for (key, place) in &index {
            people.entry(sets.root(*place)).or_default().extend(owners.get(*key));
        }
        Self { index, sets, people }
    }

    fn get(&mut self, keys: &[IdentityKey]) -> Vec<PersonId> {
        let Some(place) = keys.first().and_then(|key| self.index.get(key)) else { return Vec::new() };
        let people = self.people.get(&self.sets.root(*place));
        people.into_iter().flatten().map(|person| (*person).clone()).collect()
    }
}

/// Every tie between people who exist already that the rows of a group can speak of.
fn possible_ties(group: &Group, owners: &HashMap<IdentityKey, PersonId>) -> Vec<Tie> {
    let mut candidates = Candidates::of(group, owners);
    let mut ties = Vec::new();
    for record in group {
        let own = candidates.get(&record.keys);
        let parents = record.parent.as_ref().map_or(Vec::new(), |parent| candidates.get(&parent.keys));
        for person in &own {
            let person = || person.clone();
            ties.extend(
                record
                    .grants
                    .iter()
                    .map(|offering| Tie::Grant { person: person(), offering: offering.clone() }),
            );
            if let Some(enrolment) = &record.enrolment {
                let offering = || enrolment.offering.clone();
                ties.push(Tie::Enrolment { person: person(), offering: offering() });
                let parents = parents.iter().filter(|parent| **parent != person());
                ties.extend(parents.map(|parent| Tie::Link {
                    parent: parent.clone(),
                    child: person(),
                    offering: Some(offering()),
                }));
            }
            if let Some(place) = &record.place {
                let class = || place.class.clone();
                ties.push(Tie::Member { class: class(), person: person() });
                ties.push(Tie::PrimaryTeacher { class: class(), person: person() });
            }
            for link in &record.links {
                let others = candidates.get(std::slice::from_ref(&link.key));
                ties.extend(
                    others.into_iter().filter_map(|other| link_tie(&record.kind, link.whom, person(), other)),
                );
            }
        }
    }
    ties
}

/// The stored schools and classes that rows speak of, by kind and identifier.
async fn units(
    context: &Context,
    organisation: &Organisation,
    groups: &[Group],
) -> Result<HashMap<(UnitKind, String), Unit>, Failure> {
    let said = groups.iter().flatten().flat_map(|record| &record.units);
    let keys = said.map(|unit| organisation.unit(unit.kind, &unit.id)).collect();
    load_units(context, keys).await
}

async fn load_units(
    context: &Context,
    keys: Vec<TableKey>,
) -> Result<HashMap<(UnitKind, String), Unit>, Failure> {
    let items = table::batch_get(context, keys).await?;
    items
        .into_iter()
        .map(|item| {
            table::read::<Unit>(item, "a school or class").map(|unit| ((unit.kind, unit.id.clone()), unit))
        })
        .collect()
}

/// Who is in the classes that rows remove, by class.
async fn members(
    context: &Context,
    organisation: &Organisation,
    groups: &[Group],
) -> Result<HashMap<String, Vec<Tie>>, Failure> {
    let removed = groups.iter().flatten().flat_map(|record| &record.units).filter(|unit| unit.remove);
    let mut members = HashMap::new();
    for unit in removed {
        let class = organisation.members(&unit.id);
        let items = table::query(context, &class, Order::OldestFirst, usize::MAX).await?;
        let ties = items
            .into_iter()
            .map(|item| table::read(item, "a member of a class"))
            .collect::<Result<_, _>>()?;
        members.insert(unit.id.clone(), ties);
    }
    Ok(members)
}

/// Carries out a plan and returns the rows whose change no longer fitted what is stored.
///
/// May be called again with the same changes at any time: what is done already is recognised. Identity keys
/// come first, because a key that somebody else took meanwhile forbids the person; then people, then ties.
/// Of a person who was refused, nothing else is written either.
pub async fn carry_out(
    context: &Context,
    organisation: &Organisation,
    changes: &[Change],
) -> Result<BTreeSet<u32>, Failure> {
    let taken = claim_keys(context, organisation, changes).await?;
    let mut drifted: BTreeSet<u32> = BTreeSet::new();
    let mut refused: HashSet<PersonId> = HashSet::new();
    let (mut creates, mut updates, mut removals) = (Vec::new(), Vec::new(), Vec::new());
    for change in changes {
        match &change.write {
            Write::Create { person, .. } | Write::Update { person, .. } if taken.contains(&person.id) => {
                drifted.extend(&change.rows);
                refused.insert(person.id.clone());
            }
            Write::Create { person, .. } => {
                creates.push(table::item(&organisation.person(&person.id), person)?);
            }
            Write::Update { person, release, .. } => updates.push((change, person, release)),
            Write::Remove { person, release } => removals.push((change, person, release)),
            Write::Tie { .. } | Write::Untie { .. } | Write::Unit { .. } | Write::SetPassword { .. } => {}
        }
    }
    // A person's identifier follows from the import and the row: one that is there already is this one.
    table::insert_all(context, &creates).await?;
    // Collected first: a stream that borrows in its closure is not `Send` to the compiler.
    let writes: Vec<_> =
        updates.iter().map(|(_, person, release)| update(context, organisation, person, release)).collect();
    let written: Vec<bool> = stream::iter(writes).buffered(CONCURRENT_WRITES).try_collect().await?;
    let deletes: Vec<_> =
        removals.iter().map(|(_, person, release)| remove(context, organisation, person, release)).collect();
    let removed: Vec<bool> = stream::iter(deletes).buffered(CONCURRENT_WRITES).try_collect().await?;
    let all = updates.iter().zip(written).chain(removals.iter().zip(removed));
    for ((change, person, _), _) in all.filter(|(_, done)| !done) {
        drifted.extend(&change.rows);
        refused.insert(person.id.clone());
    }
    drifted.extend(write_units(context, organisation, changes).await?);
    write_ties(context, organisation, changes, &refused).await?;
    Ok(drifted)
}

/// Claims the identity keys of new and changed people; returns the people who have to give up because a key
/// belongs to somebody else by now. What those claimed is released again.
async fn claim_keys(
    context: &Context,
    organisation: &Organisation,
    changes: &[Change],
) -> Result<HashSet<PersonId>, Failure> {
    let mut claims: Vec<(&IdentityKey, &PersonId)> = Vec::new();
    for change in changes {
        if let Write::Create { person, claim } | Write::Update { person, claim, .. } = &change.write {
            claims.extend(claim.iter().map(|key| (key, &person.id)));
        }
    }
    let items = claims
        .iter()
        .map(|(key, person)| table::item(&organisation.identity(key), &Claim::of(key, person)))
        .collect::<Result<Vec<Item>, _>>()?;
    let there = table::insert_all(context, &items).await?;
    let owners = owners(context, organisation, there.iter().map(|index| claims[*index].0)).await?;
    let taken: HashSet<PersonId> = there
        .iter()
        .map(|index| claims[*index])
        .filter(|(key, person)| owners.get(*key).is_some_and(|owner| owner != *person))
        .map(|(_, person)| person.clone())
        .collect();
    for (key, person) in claims.iter().filter(|(_, person)| taken.contains(*person)) {
        table::delete_if(context, &organisation.identity(key), "person", &person.0).await?;
    }
    Ok(taken)
}

/// Writes a person over the version that the plan saw. `false` if another version is there by now.
async fn update(
    context: &Context,
    organisation: &Organisation,
    person: &Person,
    release: &[IdentityKey],
) -> Result<bool, Failure> {
    // The invitation is not part of the plan: a mail that goes out meanwhile must not be forgotten.
    let key = organisation.person(&person.id);
    let attributes =
        serde_dynamo::to_attribute_value(&person.attributes).map_err(Failure::corrupt("a person"))?;
    let by_hand = serde_dynamo::to_attribute_value(&person.by_hand).map_err(Failure::corrupt("a person"))?;
    let earlier_writers =
        serde_dynamo::to_attribute_value(&person.earlier_writers).map_err(Failure::corrupt("a person"))?;
    let answer = table::update(context, &key)
        .update_expression(
            "SET kind = :kind, attributes = :attributes, version = :version, writtenBy = :writer, \
             earlierWriters = :earlier_writers, byHand = :by_hand",
        )
        .condition_expression("version = :seen")
        .expression_attribute_values(":kind", text(&person.kind))
        .expression_attribute_values(":by_hand", by_hand)
        .expression_attribute_values(":earlier_writers", earlier_writers)
        .expression_attribute_values(":attributes", attributes)
        .expression_attribute_values(":version", AttributeValue::N(person.version.to_string()))
        .expression_attribute_values(":writer", text(&person.written_by))
        .expression_attribute_values(":seen", AttributeValue::N((person.version - 1).to_string()))
        .send()
        .await;
    match answer {
        Ok(_) => {}
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => {
            let stored = load_people(context, organisation, std::iter::once(&person.id)).await?;
            let is_ours =
                |stored: &Person| stored.version == person.version && stored.written_by == person.written_by;
            if !stored.get(&person.id).is_some_and(is_ours) {
                return Ok(false);
            }
        }
        Err(error) => return Err(Failure::store("write a person")(error)),
    }
    release_keys(context, organisation, person, release).await?;
    Ok(true)
}

/// Deletes a person of the version that the plan saw. `false` if another version is there by now.
async fn remove(
    context: &Context,
    organisation: &Organisation,
    person: &Person,
    release: &[IdentityKey],
) -> Result<bool, Failure> {
    let is_gone = table::delete_version(context, &organisation.person(&person.id), person.version).await?
        || load_people(context, organisation, std::iter::once(&person.id)).await?.is_empty();
    if is_gone {
        table::delete(context, &organisation.password(&person.id)).await?;
        release_keys(context, organisation, person, release).await?;
    }
    Ok(is_gone)
}

async fn release_keys(
    context: &Context,
    organisation: &Organisation,
    person: &Person,
    keys: &[IdentityKey],
) -> Result<(), Failure> {
    for key in keys {
        table::delete_if(context, &organisation.identity(key), "person", &person.id.0).await?;
    }
    Ok(())
}

/// Writes schools and classes over what the plan saw; returns the rows of those of which something else is there.
async fn write_units(
    context: &Context,
    organisation: &Organisation,
    changes: &[Change],
) -> Result<BTreeSet<u32>, Failure> {
    let units: Vec<(&Unit, &[u32])> = changes
        .iter()
        .filter_map(|change| match &change.write {
            Write::Unit { unit } => Some((unit, &change.rows[..])),
            _ => None,
        })
        .collect();
    let (new, known): (Vec<_>, Vec<_>) = units.into_iter().partition(|(unit, _)| unit.version == 1);
    let items = new.iter().map(|(unit, _)| unit_item(organisation, unit)).collect::<Result<Vec<_>, _>>()?;
    let there = table::insert_all(context, &items).await?;
    let mut missed: Vec<(&Unit, &[u32])> = there.into_iter().map(|index| new[index]).collect();
    let mut writes = Vec::new();
    for (unit, _) in &known {
        let seen = AttributeValue::N((unit.version - 1).to_string());
        writes.push(table::put_over(context, unit_item(organisation, unit)?, "version", Some(seen)));
    }
    let written: Vec<bool> = stream::iter(writes).buffered(CONCURRENT_WRITES).try_collect().await?;
    missed.extend(known.into_iter().zip(written).filter(|(_, written)| !written).map(|(unit, _)| unit));
    // A repeated delivery finds its own.
    let keys = missed.iter().map(|(unit, _)| organisation.unit(unit.kind, &unit.id)).collect();
    let stored = load_units(context, keys).await?;
    let is_ours = |unit: &Unit| {
        let there = stored.get(&(unit.kind, unit.id.clone()));
        there.is_some_and(|there| there.version == unit.version && there.written_by == unit.written_by)
    };
    Ok(missed.iter().filter(|(unit, _)| !is_ours(unit)).flat_map(|(_, rows)| rows.iter().copied()).collect())
}

fn unit_item(organisation: &Organisation, unit: &Unit) -> Result<Item, Failure> {
    table::item(&organisation.unit(unit.kind, &unit.id), unit)
}

async fn write_ties(
    context: &Context,
    organisation: &Organisation,
    changes: &[Change],
    refused: &HashSet<PersonId>,
) -> Result<(), Failure> {
    let possible = |tie: &Tie| !tie.people().iter().any(|person| refused.contains(*person));
    let (mut added, mut taken) = (Vec::new(), Vec::new());
    for change in changes {
        match &change.write {
            Write::Tie { tie } if possible(tie) => added.push(table::item(&tie.key(organisation), tie)?),
            Write::Untie { tie } if possible(tie) => taken.push(tie.key(organisation)),
            _ => {}
        }
    }
    let deletes: Vec<_> = taken.iter().map(|key| table::delete(context, key)).collect();
    stream::iter(deletes).buffer_unordered(CONCURRENT_WRITES).try_collect::<()>().await?;
    // A tie that is there already is what was wanted.
    table::insert_all(context, &added).await?;
    Ok(())
}

/// What is stored of a password.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct PasswordItem {
    /// Argon2id, as a PHC string.
    hash: String,
    /// The partition that set it, as `{import}/{partition}`; the platform writes something else when the person
    /// chooses another password.
    set_by: String,
}

/// Hashes passwords and stores the hashes; returns the rows whose person has another password than the plan saw.
pub async fn set_passwords(
    context: &Context,
    organisation: &Organisation,
    changes: &[PasswordChange<'_>],
    mut passwords: BTreeMap<u32, Password>,
    writer: &str,
) -> Result<BTreeSet<u32>, Failure> {
    let mut settings = Vec::new();
    for change in changes {
        let password = passwords.remove(&change.row).ok_or(Failure::Missing("a sealed password"))?;
        settings.push(set_password(context, organisation, *change, password, writer));
    }
    let set: Vec<bool> = stream::iter(settings).buffered(hashed_at_once()).try_collect().await?;
    let missed = changes.iter().zip(set).filter(|(_, set)| !set);
    Ok(missed.map(|(change, _)| change.row).collect())
}

/// Each hash keeps a core busy and takes 19 MiB.
fn hashed_at_once() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

async fn set_password(
    context: &Context,
    organisation: &Organisation,
    change: PasswordChange<'_>,
    password: Password,
    writer: &str,
) -> Result<bool, Failure> {
    let hash = tokio::task::spawn_blocking(move || password.hash());
    let hash = hash.await.map_err(Failure::store("hash a password"))??;
    let key = organisation.password(change.person);
    let item = table::item(&key, &PasswordItem { hash, set_by: writer.to_owned() })?;
    if table::put_over(context, item, "setBy", change.replaces.map(text)).await? {
        return Ok(true);
    }
    // A repeated delivery finds its own, hashed with another salt.
    let there = table::get(context, &key).await?;
    let there: Option<PasswordItem> = there.map(|item| table::read(item, "a password")).transpose()?;
    Ok(there.is_some_and(|there| there.set_by == writer))
}

/// Notes on a person how far the invitation is; on one who was removed meanwhile, nothing.
pub async fn note_invitation(
    context: &Context,
    organisation: &Organisation,
    person: &PersonId,
    invitation: &Invitation,
) -> Result<(), Failure> {
    let key = organisation.person(person);
    let invitation =
        serde_dynamo::to_attribute_value(invitation).map_err(Failure::corrupt("an invitation"))?;
    let answer = table::update(context, &key)
        .update_expression("SET invitation = :invitation")
        .condition_expression("attribute_exists(pk)")
        .expression_attribute_values(":invitation", invitation)
        .send()
        .await;
    match answer {
        Err(error) if error.code() != Some("ConditionalCheckFailedException") => {
            Err(Failure::store("note an invitation")(error))
        }
        _ => Ok(()),
    }
}

/// Notes what became of the mail of this name; `false` if the person's invitation is not that mail's, or more is known
/// of it already.
pub async fn note_delivery(
    context: &Context,
    organisation: &Organisation,
    person: &PersonId,
    message: &str,
    state: InvitationState,
) -> Result<bool, Failure> {
    let value = |state| serde_dynamo::to_attribute_value(state).map_err(Failure::corrupt("a state"));
    let answer = table::update(context, &organisation.person(person))
        .update_expression("SET invitation.#state = :state")
        .condition_expression("invitation.message = :message AND invitation.#state IN (:sent, :undelivered)")
        .expression_attribute_names("#state", "state")
        .expression_attribute_values(":state", value(state)?)
        .expression_attribute_values(":sent", value(InvitationState::Sent)?)
        .expression_attribute_values(":undelivered", value(InvitationState::Undelivered)?)
        .expression_attribute_values(":message", text(message))
        .send()
        .await;
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
        Err(error) => Err(Failure::store("note what became of a mail")(error)),
    }
}
