//! What a person's row says and is stored with others: the parents and instructors who hold the links, the classes
//! that hold their members. It is read once, before the people, and held in memory: some 100 bytes a link or member.

use std::collections::HashMap;

use shared_rules::{
    program::{Fill, Program},
    record::{UnitKind, Value},
};

use super::known::{Known, Walk};
use crate::{
    context::Context,
    failure::Failure,
    names::{Organisation, PersonId, SHARDS},
    person::{Tie, Unit},
    table::{self, Item, Pages},
};

/// People read at once for their links.
const BATCH: usize = 100;

/// Somebody's place in a class.
pub struct Place {
    class: String,
    is_primary_teacher: bool,
}

#[derive(Default)]
pub struct Elsewhere {
    /// By student: what the other is, and the other's e-mail address.
    links: HashMap<PersonId, Vec<(&'static str, String)>>,
    classes: HashMap<String, Unit>,
    places: HashMap<PersonId, Vec<Place>>,
}

impl Elsewhere {
    /// Reads what the program's columns, or the choice of one class, need.
    pub async fn load(
        context: &Context,
        organisation: &Organisation,
        program: &Program,
        class: Option<&str>,
    ) -> Result<Self, Failure> {
        let mut elsewhere = Self::default();
        if program.fields.iter().any(|field| matches!(field.fills, Some(Fill::Link(_)))) {
            elsewhere.load_links(context, organisation).await?;
        }
        if let Some(id) = class {
            let class = table::get(context, &organisation.unit(UnitKind::Class, id)).await?;
            elsewhere.load_members(context, organisation, class).await?;
        } else if program.has_classes() {
            for shard in SHARDS {
                let mut classes = Pages::of(context, organisation.units(UnitKind::Class, shard));
                while let Some(class) = classes.next().await? {
                    elsewhere.load_members(context, organisation, Some(class)).await?;
                }
            }
        }
        Ok(elsewhere)
    }

    async fn load_links(&mut self, context: &Context, organisation: &Organisation) -> Result<(), Failure> {
        for shard in SHARDS {
            let mut people = Walk::of(context, organisation, shard);
            loop {
                let batch = people.next(BATCH).await?;
                if batch.is_empty() {
                    break;
                }
                for known in &batch {
                    self.add_links(known);
                }
            }
        }
        Ok(())
    }

    fn add_links(&mut self, known: &Known) {
        let email = known.attribute("email");
        for tie in &known.ties {
            let (student, whom) = match tie {
                Tie::Link { child, offering: None, .. } => (child, "parent"),
                Tie::Instruction { student, .. } => (student, "instructor"),
                _ => continue,
            };
            if !email.is_empty() {
                self.links.entry(student.clone()).or_default().push((whom, email.clone()));
            }
        }
    }

    /// A class that was removed has no members.
    async fn load_members(
        &mut self,
        context: &Context,
        organisation: &Organisation,
        class: Option<Item>,
    ) -> Result<(), Failure> {
        let Some(class) = class else { return Ok(()) };
        let class: Unit = table::read(class, "a class")?;
        let mut ties = Pages::of(context, organisation.members(&class.id));
        while let Some(item) = ties.next().await? {
            // A primary teacher is a member as well.
            match table::read(item, "a member of a class")? {
                Tie::Member { person, .. } => {
                    let place = Place { class: class.id.clone(), is_primary_teacher: false };
                    self.places.entry(person).or_default().push(place);
                }
                Tie::PrimaryTeacher { person, .. } => {
                    let places = self.places.get_mut(&person).into_iter().flatten();
                    places
                        .filter(|place| place.class == class.id)
                        .for_each(|place| place.is_primary_teacher = true);
                }
                _ => {}
            }
        }
        self.classes.insert(class.id.clone(), class);
        Ok(())
    }

    pub fn places(&self, person: &PersonId) -> &[Place] {
        self.places.get(person).map_or(&[], Vec::as_slice)
    }

    /// What a column of the program says of somebody's class.
    pub fn class(&self, place: &Place, name: &str) -> Option<String> {
        match name {
            "id" => Some(place.class.clone()),
            "primaryTeacher" => Some(if place.is_primary_teacher { "true" } else { "" }.to_owned()),
            _ => self.classes.get(&place.class)?.attributes.get(name).map(Value::to_string),
        }
    }

    /// The e-mail addresses of a student's parents or instructors.
    pub fn linked(&self, student: &PersonId, whom: &str) -> Vec<&str> {
        let links = self.links.get(student).into_iter().flatten();
        links.filter(|(what, _)| *what == whom).map(|(_, email)| email.as_str()).collect()
    }
}
