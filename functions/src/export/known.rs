//! A person as an export knows it, and the rows that say all of it.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use shared_rules::{
    identity::{IdentityKey, KeyKind},
    program::{Field, Fill, Program},
    record::{Value, parent_attribute, profile_attribute},
};

use super::elsewhere::{Elsewhere, Place};
use crate::{
    context::Context,
    failure::Failure,
    names::{Organisation, TableKey},
    people,
    person::{Person, Tie},
    table::{self, Item},
};

/// What is stored of a person.
pub struct Known {
    pub person: Person,
    /// Those that the person holds.
    pub ties: Vec<Tie>,
    /// The offerings on which the parent whom the person's record names is linked.
    linked: BTreeSet<String>,
}

/// Reads people of a partition one after another, each with the ties that stand behind them.
pub struct Walk<'a> {
    pages: table::Pages<'a>,
    /// Who is read, and may have ties still to come.
    begun: Option<Known>,
}

impl<'a> Walk<'a> {
    pub fn of(context: &'a Context, organisation: &Organisation, shard: &str) -> Self {
        Self { pages: table::Pages::of(context, organisation.people(shard)), begun: None }
    }

    /// The next people, `most` at the most; none at the end.
    pub async fn next(&mut self, most: usize) -> Result<Vec<Known>, Failure> {
        let mut people = Vec::new();
        while people.len() < most {
            let Some(item) = self.pages.next().await? else {
                people.extend(self.begun.take());
                break;
            };
            if is_person(&item) {
                let person: Person = table::read(item, "a person")?;
                let known = Known { person, ties: Vec::new(), linked: BTreeSet::new() };
                people.extend(self.begun.replace(known));
            } else if let (true, Some(known)) = (item.contains_key("tie"), &mut self.begun) {
                known.ties.push(table::read(item, "a tie")?);
            }
        }
        Ok(people)
    }
}

/// What else is about a person has a longer sort key.
fn is_person(item: &Item) -> bool {
    item.get("sk").is_some_and(|sk| matches!(sk, AttributeValue::S(sk) if !sk.contains('/')))
}

impl Known {
    pub fn attribute(&self, name: &str) -> String {
        self.person.attributes.get(name).map_or(String::new(), Value::to_string)
    }

    fn offerings(&self) -> impl Iterator<Item = &str> {
        self.ties.iter().filter_map(|tie| match tie {
            Tie::Enrolment { offering, .. } => Some(offering.as_str()),
            _ => None,
        })
    }

    fn grants(&self) -> impl Iterator<Item = &str> {
        self.ties.iter().filter_map(|tie| match tie {
            Tie::Grant { offering, .. } => Some(offering.as_str()),
            _ => None,
        })
    }

    /// The identity by which the parent is found.
    fn parent(&self) -> Option<IdentityKey> {
        IdentityKey::of(KeyKind::Email, [self.attribute(&parent_attribute("email")).as_str()])
    }

    /// The rows that say all this: one for each enrolment, or for each class. A parent who is linked on none of the
    /// offerings stands in a row without one, because beside an offering the parent would be linked.
    pub fn rows(&self, program: &Program, elsewhere: &Elsewhere) -> Vec<Vec<String>> {
        if program.has_classes() {
            let places = elsewhere.places(&self.person.id);
            let rows = places.iter().map(|place| self.row(program, elsewhere, None, Some(place), true));
            let rows: Vec<_> = rows.collect();
            return if rows.is_empty() { vec![self.row(program, elsewhere, None, None, true)] } else { rows };
        }
        let has_offerings = program.fields.iter().any(|field| field.fills == Some(Fill::Offering));
        let mut offerings: Vec<Option<&str>> =
            if has_offerings { self.offerings().map(Some).collect() } else { Vec::new() };
        if offerings.is_empty() || (self.linked.is_empty() && self.parent().is_some()) {
            offerings.insert(0, None);
        }
        let row = |(index, offering)| self.row(program, elsewhere, offering, None, index == 0);
        offerings.into_iter().enumerate().map(row).collect()
    }

    /// One row. What a person has once and for all stands in the first.
    fn row(
        &self,
        program: &Program,
        elsewhere: &Elsewhere,
        offering: Option<&str>,
        place: Option<&Place>,
        is_first: bool,
    ) -> Vec<String> {
        let has_parent = offering.is_none_or(|offering| self.linked.contains(offering));
        let of_class = |name| place.and_then(|place| elsewhere.class(place, name));
        let cell = |field: &Field| match field.fills {
            Some(Fill::Person(name)) => self.attribute(name),
            Some(Fill::Profile) => self.attribute(&profile_attribute(field)),
            Some(Fill::Parent(name)) if has_parent => self.attribute(&parent_attribute(name)),
            Some(Fill::Offering) => offering.unwrap_or_default().to_owned(),
            Some(Fill::Grants) if is_first => field.join(&self.grants().collect::<Vec<_>>()),
            Some(Fill::Link(whom)) => field.join(&elsewhere.linked(&self.person.id, whom)),
            Some(Fill::School) => of_class("schoolId").unwrap_or_else(|| self.attribute("schoolId")),
            Some(Fill::Class(name)) => of_class(name).unwrap_or_default(),
            _ => String::new(),
        };
        program.fields.iter().map(cell).collect()
    }
}

/// Finds out on which offerings people are linked to the parent whom their records name.
pub async fn look_up_links(
    context: &Context,
    organisation: &Organisation,
    batch: &mut [Known],
) -> Result<(), Failure> {
    let parents: Vec<Option<IdentityKey>> = batch.iter().map(Known::parent).collect();
    let owners = people::owners(context, organisation, parents.iter().flatten()).await?;
    let mut links: HashMap<TableKey, (usize, String)> = HashMap::new();
    for (index, (known, parent)) in batch.iter().zip(&parents).enumerate() {
        let Some(parent) = parent.as_ref().and_then(|key| owners.get(key)) else { continue };
        for offering in known.offerings() {
            let (child, offering) = (known.person.id.clone(), offering.to_owned());
            let link = Tie::Link { parent: parent.clone(), child, offering: Some(offering.clone()) };
            links.insert(link.key(organisation), (index, offering));
        }
    }
    let there = table::batch_get(context, links.keys().cloned().collect()).await?;
    for (index, offering) in there.iter().filter_map(|item| links.get(&table::key_of(item)?)) {
        batch[*index].linked.insert(offering.clone());
    }
    Ok(())
}
