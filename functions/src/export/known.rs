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

    /// The rows that say all this: one for each enrolment, or for each class.
    pub fn rows(&self, program: &Program, elsewhere: &Elsewhere) -> Vec<Vec<String>> {
        let occasions = self.occasions(program, elsewhere).into_iter().enumerate();
        occasions.map(|(index, occasion)| self.row(program, elsewhere, &occasion, index == 0)).collect()
    }

    /// A parent who is linked on none of the offerings stands in a row without one, because beside an offering the
    /// parent would be linked.
    fn occasions<'a>(&'a self, program: &Program, elsewhere: &'a Elsewhere) -> Vec<Occasion<'a>> {
        let mut occasions: Vec<Occasion<'_>> = if program.has_classes() {
            elsewhere.places(&self.person.id).iter().map(Occasion::Class).collect()
        } else if program.fields.iter().any(|field| field.fills == Some(Fill::Offering)) {
            self.offerings().map(Occasion::Offering).collect()
        } else {
            Vec::new()
        };
        let has_unlinked_parent = self.linked.is_empty() && self.parent().is_some();
        if occasions.is_empty() || (has_unlinked_parent && !program.has_classes()) {
            occasions.insert(0, Occasion::None);
        }
        occasions
    }

    /// One row. What a person has once and for all stands in the first.
    fn row(
        &self,
        program: &Program,
        elsewhere: &Elsewhere,
        occasion: &Occasion<'_>,
        is_first: bool,
    ) -> Vec<String> {
        let has_parent = occasion.offering().is_none_or(|offering| self.linked.contains(offering));
        let of_class = |name| elsewhere.class(occasion.place()?, name);
        let cell = |field: &Field| match field.fills {
            Some(Fill::Person(name)) => self.attribute(name),
            Some(Fill::Profile) => self.attribute(&profile_attribute(field)),
            Some(Fill::Parent(name)) if has_parent => self.attribute(&parent_attribute(name)),
            Some(Fill::Offering) => occasion.offering().unwrap_or_default().to_owned(),
            Some(Fill::Grants) if is_first => field.join(&self.grants().collect::<Vec<_>>()),
            Some(Fill::Link(whom)) => field.join(&elsewhere.linked(&self.person.id, whom)),
            Some(Fill::School) => of_class("schoolId").unwrap_or_else(|| self.attribute("schoolId")),
            Some(Fill::Class(name)) => of_class(name).unwrap_or_default(),
            _ => String::new(),
        };
        program.fields.iter().map(cell).collect()
    }
}

/// What a row is about besides the person.
enum Occasion<'a> {
    None,
    Offering(&'a str),
    Class(&'a Place),
}

impl<'a> Occasion<'a> {
    fn offering(&self) -> Option<&'a str> {
        match self {
            Self::Offering(offering) => Some(offering),
            _ => None,
        }
    }

    fn place(&self) -> Option<&'a Place> {
        match self {
            Self::Class(place) => Some(place),
            _ => None,
        }
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
