//! People in the table: the look-ups that a plan needs, and the writes that it decided.

use std::collections::{BTreeSet, HashMap, HashSet};

use aws_sdk_dynamodb::{error::ProvideErrorMetadata, types::AttributeValue};
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use shared_rules::identity::IdentityKey;

use crate::{
    context::Context,
    failure::Failure,
    names::{Organisation, PersonId, TableKey},
    person::{Invitation, Person, Tie},
    plan::{Change, Group, Snapshot, Write, named_keys},
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
    let ties: HashMap<TableKey, Tie> = groups
        .iter()
        .flat_map(|group| possible_ties(group, &owners))
        .map(|tie| (tie.key(organisation), tie))
        .collect();
    let there = table::batch_get(context, ties.keys().cloned().collect()).await?;
    let ties = there.iter().filter_map(|item| ties.get(&table::key_of(item)?).cloned()).collect();
    Ok(Snapshot { owners, people, ties })
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
            Write::Tie { .. } | Write::Untie { .. } => {}
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
