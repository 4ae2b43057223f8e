//! A person edited by hand: the same writes as an import's, and a mark on each value that was edited, so that imports
//! leave it as it is unless they are asked to overwrite it.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use shared_rules::{
    identity::{IdentityKey, KeyKind},
    program::Program,
    record::AttributeFault,
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    context::Context,
    failure::Failure,
    import,
    names::{ImportRef, Organisation, PersonId},
    people,
    person::{HandEdit, Person},
    plan::{Change, Write, keys, prior_values},
};

/// What is to be different about a person.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonEdit {
    /// By attribute, its value as a cell of the roster would have it; `null` or blank empties it.
    pub attributes: BTreeMap<String, Option<String>>,
    /// The person's version that was looked at: the edit is refused if there is another by now.
    pub version: u64,
}

/// Why a person is not edited.
#[derive(Debug)]
pub enum EditFault {
    NotFound,
    Attribute {
        name: String,
        fault: AttributeFault,
    },
    /// A value is somebody else's identity.
    Taken(PersonId),
    /// Somebody, or an import, changed the person since it was looked at.
    Changed,
    Failed(Failure),
}

impl From<Failure> for EditFault {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Edits a person by the rules of the program that the person was imported by; the person as it is then.
pub async fn edit(
    context: &Context,
    organisation: &Organisation,
    id: &PersonId,
    edit: &PersonEdit,
    hand: &HandEdit,
) -> Result<Person, EditFault> {
    let person = people::load(context, organisation, id).await?.ok_or(EditFault::NotFound)?;
    if person.version != edit.version {
        return Err(EditFault::Changed);
    }
    let made_by = ImportRef { organisation: organisation.clone(), import: person.created_by.clone() };
    let made_by = import::load(context, &made_by).await?.ok_or(Failure::Missing("a person's import"))?;
    let edited = edited(&person, edit, &*made_by.program()?, hand)?;
    let moves = Moves::of(&person, &edited);
    let owners = people::owners(context, organisation, moves.gone.iter().chain(&moves.new)).await?;
    let change = moves.change(&person, edited, &owners)?;
    let Write::Update { person: edited, .. } = &change.write else { return Ok(person) };
    if !people::carry_out(context, organisation, std::slice::from_ref(&change)).await?.is_empty() {
        return Err(EditFault::Changed);
    }
    Ok(edited.clone())
}

/// The person as it is to be.
fn edited(
    person: &Person,
    edit: &PersonEdit,
    program: &Program,
    hand: &HandEdit,
) -> Result<Person, EditFault> {
    let mut edited = person.clone();
    for (name, text) in &edit.attributes {
        let value = program
            .attribute(name, text.as_deref().unwrap_or_default())
            .map_err(|fault| EditFault::Attribute { name: name.clone(), fault })?;
        match value {
            Some(value) => edited.attributes.insert(name.clone(), value),
            None => edited.attributes.remove(name),
        };
        edited.by_hand.insert(name.clone(), hand.clone());
    }
    edited.write_by(format!("by-hand/{}", Uuid::now_v7()));
    Ok(edited)
}

/// The identities that an edit takes from a person and gives it.
struct Moves {
    gone: Vec<IdentityKey>,
    new: Vec<IdentityKey>,
}

impl Moves {
    fn of(before: &Person, after: &Person) -> Self {
        let [before, after] = [before, after].map(|person| keys(&KeyKind::ALL, &person.attributes));
        let only_in = |some: &[IdentityKey], others: &[IdentityKey]| {
            some.iter().filter(|key| !others.contains(key)).cloned().collect()
        };
        Self { gone: only_in(&before, &after), new: only_in(&after, &before) }
    }

    /// The write. A new name or address is an identity only of somebody who was known by the old one: not every
    /// program knows people by them.
    fn change(
        self,
        person: &Person,
        edited: Person,
        owners: &HashMap<IdentityKey, PersonId>,
    ) -> Result<Change, EditFault> {
        let release: Vec<IdentityKey> =
            self.gone.into_iter().filter(|key| owners.get(key) == Some(&person.id)).collect();
        let was_known = |kind| release.iter().any(|key| key.kind == kind);
        let mut claim = Vec::new();
        for key in self.new {
            match owners.get(&key) {
                Some(owner) if *owner == person.id => {}
                _ if key.kind == KeyKind::NameAddress && !was_known(key.kind) => {}
                Some(owner) => return Err(EditFault::Taken(owner.clone())),
                None => claim.push(key),
            }
        }
        let before = prior_values(&person.attributes, &edited.attributes);
        let write = Write::Update { person: edited, before, claim, release, overwritten: BTreeMap::new() };
        // There is no row; any number tells whether the change could be made.
        Ok(Change { rows: vec![0], write })
    }
}
