//! People in the table: the look-ups that a plan needs, and the writes that it decided.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use aws_sdk_dynamodb::{error::ProvideErrorMetadata, types::AttributeValue};
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use shared_rules::identity::IdentityKey;

use crate::{
    context::Context,
    failure::Failure,
    names::{Organisation, PersonId, TableKey},
    password::Password,
    person::{Invitation, Person, Tie},
    plan::{Change, Group, PasswordChange, Snapshot, Write, named_keys},
    table::{self, Item, text},
};

/// How many conditional single writes are under way at once.
const CONCURRENT_WRITES: usize = 16;

/// Whose an identity key is.
#[derive(Debug, Deserialize, Serialize)]
struct Claim {
    person: PersonId,
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

/// Fetches all that planning these groups can depend on.
pub async fn snapshot(
    context: &Context,
    organisation: &Organisation,
    groups: &[Group],
) -> Result<Snapshot, Failure> {
    let keys = groups.iter().flatten().flat_map(named_keys);
    let owners = owners(context, organisation, keys).await?;
    let wanted: HashSet<&PersonId> = owners.values().collect();
    let people = load_people(context, organisation, wanted.into_iter()).await?;
    let passwords = passwords(context, organisation, groups, &owners).await?;
    let ties: HashMap<TableKey, Tie> = groups
        .iter()
        .flat_map(|group| possible_ties(group, &owners))
        .map(|tie| (tie.key(organisation), tie))
        .collect();
    let there = table::batch_get(context, ties.keys().cloned().collect()).await?;
    let ties = there.iter().filter_map(|item| ties.get(&table::key_of(item)?).cloned()).collect();
    Ok(Snapshot { owners, people, ties, passwords })
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

/// Every tie between people who exist already that the rows of a group can speak of.
fn possible_ties(group: &Group, owners: &HashMap<IdentityKey, PersonId>) -> Vec<Tie> {
    let people: BTreeSet<&PersonId> =
        group.iter().flat_map(named_keys).filter_map(|key| owners.get(key)).collect();
    let enrolments: BTreeSet<&String> = group
        .iter()
        .filter_map(|record| record.enrolment.as_ref())
        .map(|enrolment| &enrolment.offering)
        .collect();
    let grants: BTreeSet<&String> = group.iter().flat_map(|record| &record.grants).collect();
    let has_parents = group.iter().any(|record| record.parent.is_some());
    let mut ties = Vec::new();
    for person in &people {
        let person = || (*person).clone();
        ties.extend(
            grants.iter().map(|offering| Tie::Grant { person: person(), offering: (*offering).clone() }),
        );
        for offering in &enrolments {
            let offering = || (*offering).clone();
            ties.push(Tie::Enrolment { person: person(), offering: offering() });
            if has_parents {
                let children = people.iter().filter(|child| ***child != person());
                ties.extend(children.map(|child| Tie::Link {
                    parent: person(),
                    child: (*child).clone(),
                    offering: offering(),
                }));
            }
        }
    }
    ties
}

/// Carries out a plan and returns the rows whose change no longer fitted what is stored.
///
/// May be called again with the same changes at any time: what is done already is recognised. Identity keys
/// come first, because a key that somebody else took meanwhile forbids the person; then people, then ties.
pub async fn carry_out(
    context: &Context,
    organisation: &Organisation,
    changes: &[Change],
) -> Result<BTreeSet<u32>, Failure> {
    let taken = claim_keys(context, organisation, changes).await?;
    let mut drifted: BTreeSet<u32> = BTreeSet::new();
    let mut refused: HashSet<PersonId> = HashSet::new();
    let (mut creates, mut updates) = (Vec::new(), Vec::new());
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
            Write::Tie { .. } | Write::Untie { .. } | Write::SetPassword { .. } => {}
        }
    }
    // A person's identifier follows from the import and the row: one that is there already is this one.
    table::insert_all(context, &creates).await?;
    // Collected first: a stream that borrows in its closure is not `Send` to the compiler.
    let writes: Vec<_> =
        updates.iter().map(|(_, person, release)| update(context, organisation, person, release)).collect();
    let written: Vec<bool> = stream::iter(writes).buffered(CONCURRENT_WRITES).try_collect().await?;
    let misses = updates.iter().zip(written).filter(|(_, written)| !written);
    drifted.extend(misses.flat_map(|((change, ..), _)| &change.rows));
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
        .map(|(key, person)| table::item(&organisation.identity(key), &Claim { person: (*person).clone() }))
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
    let answer = table::update(context, &key)
        .update_expression("SET attributes = :attributes, version = :version, writtenBy = :writer")
        .condition_expression("version = :seen")
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
    for key in release {
        table::delete_if(context, &organisation.identity(key), "person", &person.id.0).await?;
    }
    Ok(true)
}

async fn write_ties(
    context: &Context,
    organisation: &Organisation,
    changes: &[Change],
    refused: &HashSet<PersonId>,
) -> Result<(), Failure> {
    let possible = |tie: &Tie| !tie.people().iter().any(|person| refused.contains(*person));
    let mut added = Vec::new();
    for change in changes {
        match &change.write {
            Write::Tie { tie } if possible(tie) => added.push(table::item(&tie.key(organisation), tie)?),
            Write::Untie { tie } => table::delete(context, &tie.key(organisation)).await?,
            _ => {}
        }
    }
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
    let mut writes = Vec::new();
    for change in changes {
        let password = passwords.remove(&change.row).ok_or(Failure::Missing("a sealed password"))?;
        writes.push(set_password(context, organisation, *change, password, writer));
    }
    let written: Vec<bool> = stream::iter(writes).buffered(hashed_at_once()).try_collect().await?;
    let missed = changes.iter().zip(written).filter(|(_, written)| !written);
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
    if table::put_over(context, item, "setBy", change.replaces).await? {
        return Ok(true);
    }
    // A repeated delivery finds its own, hashed with another salt.
    let there = table::get(context, &key).await?;
    let there: Option<PasswordItem> = there.map(|item| table::read(item, "a password")).transpose()?;
    Ok(there.is_some_and(|there| there.set_by == writer))
}

/// Notes on a person how far the invitation is.
pub async fn note_invitation(
    context: &Context,
    organisation: &Organisation,
    person: &PersonId,
    invitation: &Invitation,
) -> Result<(), Failure> {
    let key = organisation.person(person);
    let invitation =
        serde_dynamo::to_attribute_value(invitation).map_err(Failure::corrupt("an invitation"))?;
    table::update(context, &key)
        .update_expression("SET invitation = :invitation")
        .condition_expression("attribute_exists(pk)")
        .expression_attribute_values(":invitation", invitation)
        .send()
        .await
        .map_err(Failure::store("note an invitation"))?;
    Ok(())
}
