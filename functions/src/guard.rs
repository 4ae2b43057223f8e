//! A mass change waits for a person: an import that takes away or changes too large a part of an organisation's
//! people is held until its confirmation names the number.

use std::collections::HashSet;

use aws_sdk_dynamodb::{error::ProvideErrorMetadata, types::AttributeValue};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    context::Context,
    failure::Failure,
    names::{ImportRef, Organisation, PersonId},
    outcome::Outcome,
    person::Tie,
    plan::{Change, Plan, Write},
    settings, table,
    table::text,
};

/// Above which part of an organisation's people an import is held.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Guard {
    /// Per cent of the people who may lose an enrolment, a grant or a link, or be removed. 100 never holds.
    #[schema(required = true, maximum = 100)]
    pub removed_percent: u32,
    /// Per cent of the people whose values may change. 100 never holds.
    #[schema(required = true, maximum = 100)]
    pub updated_percent: u32,
    /// An import of fewer such people is never held: in a small organisation every edit is a large part.
    #[schema(required = true)]
    pub at_least: u32,
}

impl Default for Guard {
    fn default() -> Self {
        Self { removed_percent: 10, updated_percent: 75, at_least: 20 }
    }
}

/// Why an import is held.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Hold {
    /// `many-removed` or `many-updated`.
    pub rule: String,
    /// How many people that is. The confirmation names this number.
    pub people: u32,
    /// How many people the organisation has.
    pub of: u32,
    /// The part of them above which the import is held.
    pub percent: u32,
}

/// How many people of those who were there an import touches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Touched {
    /// Removed, or taken off something.
    removed: u32,
    updated: u32,
    /// All people of the file who were there before.
    there: u32,
}

/// How many people an organisation has, as of the last import.
#[derive(Debug, Deserialize)]
struct Census {
    people: i64,
}

impl Touched {
    /// Counts a partition. Partitions do not share people.
    pub fn add(&mut self, plan: &Plan) {
        let (mut created, mut removed) = (HashSet::new(), HashSet::new());
        for change in &plan.changes {
            match &change.write {
                Write::Create { person, .. } => _ = created.insert(&person.id),
                Write::Update { .. } => self.updated += 1,
                Write::Remove { person, .. } => _ = removed.insert(&person.id),
                Write::Untie { tie } => _ = removed.insert(who_loses(tie)),
                Write::Tie { .. } | Write::Unit { .. } | Write::SetPassword { .. } => {}
            }
        }
        let named = plan.rows.iter().filter(|row| row.outcome != Outcome::Created);
        let there: HashSet<&PersonId> =
            named.filter_map(|row| row.person.as_ref()).filter(|person| !created.contains(person)).collect();
        self.removed += count(removed.len());
        self.there += count(there.len());
    }

    /// Whether that is too large a part of `people`. What is taken away counts first: it is the graver of the two.
    fn hold(self, guard: Guard, people: u32) -> Option<Hold> {
        let of = people.max(self.there);
        let cases = [
            ("many-removed", self.removed, guard.removed_percent),
            ("many-updated", self.updated, guard.updated_percent),
        ];
        let is_held = |people: u32, percent: u32| {
            people >= guard.at_least && u64::from(people) * 100 > u64::from(of) * u64::from(percent)
        };
        let (rule, people, percent) =
            cases.into_iter().find(|(_, people, percent)| *percent < 100 && is_held(*people, *percent))?;
        Some(Hold { rule: rule.to_owned(), people, of, percent })
    }
}

/// Whether an import that touches these people is held in this organisation.
pub async fn hold(
    context: &Context,
    organisation: &Organisation,
    touched: Touched,
) -> Result<Option<Hold>, Failure> {
    let settled = settings::load(context, organisation).await?;
    let census = table::get(context, &organisation.census()).await?;
    let census: Option<Census> = census.map(|item| table::read(item, "a census")).transpose()?;
    let people = census.map_or(0, |census| u32::try_from(census.people.max(0)).unwrap_or(u32::MAX));
    Ok(touched.hold(settled.map(|settled| settled.settings.guard).unwrap_or_default(), people))
}

/// How many more people there are after a plan; fewer, if that is negative.
#[must_use]
pub fn more_people(plan: &Plan) -> i64 {
    let more = |change: &Change| match &change.write {
        Write::Create { .. } => 1,
        Write::Remove { .. } => -1,
        _ => 0,
    };
    plan.changes.iter().map(more).sum()
}

/// Counts who came and went by an import that is written. Counted once, however often it is called for the
/// import: one import of an organisation is written at a time.
pub async fn count_people(context: &Context, reference: &ImportRef, more: i64) -> Result<(), Failure> {
    let key = reference.organisation.census();
    let answer = table::update(context, &key)
        .update_expression("SET lastImport = :import ADD people :difference")
        .condition_expression("attribute_not_exists(lastImport) OR lastImport <> :import")
        .expression_attribute_values(":import", text(&reference.import))
        .expression_attribute_values(":difference", AttributeValue::N(more.to_string()))
        .send()
        .await;
    match answer {
        Err(error) if error.code() != Some("ConditionalCheckFailedException") => {
            Err(Failure::store("count people")(error))
        }
        _ => Ok(()),
    }
}

/// A child that is taken off an offering is one person, with or without the parent's link.
fn who_loses(tie: &Tie) -> &PersonId {
    match tie {
        Tie::Enrolment { person, .. }
        | Tie::Grant { person, .. }
        | Tie::Member { person, .. }
        | Tie::PrimaryTeacher { person, .. } => person,
        Tie::Link { child, .. } => child,
        Tie::Instruction { student, .. } => student,
    }
}

fn count(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(removed: u32, updated: u32, people: u32) -> Option<(String, u32)> {
        let touched = Touched { removed, updated, there: removed.max(updated) };
        touched.hold(Guard::default(), people).map(|hold| (hold.rule, hold.people))
    }

    #[test]
    fn more_than_a_tenth_removed_or_three_quarters_updated_is_held() {
        assert_eq!(held(100, 750, 1_000), None);
        assert_eq!(held(101, 750, 1_000), Some(("many-removed".to_owned(), 101)));
        assert_eq!(held(100, 751, 1_000), Some(("many-updated".to_owned(), 751)));
        assert_eq!(held(101, 751, 1_000), Some(("many-removed".to_owned(), 101)), "the graver one");
    }

    #[test]
    fn a_handful_of_people_is_never_held() {
        assert_eq!(held(19, 0, 19), None);
        assert_eq!(held(20, 0, 20), Some(("many-removed".to_owned(), 20)));
    }

    #[test]
    fn people_whom_nobody_counted_are_at_least_those_of_the_file() {
        let touched = Touched { removed: 30, updated: 0, there: 400 };
        assert_eq!(touched.hold(Guard::default(), 0), None);
    }

    #[test]
    fn a_hundred_per_cent_never_holds() {
        let guard = Guard { removed_percent: 100, updated_percent: 100, at_least: 0 };
        assert_eq!(Touched { removed: 9, updated: 9, there: 9 }.hold(guard, 0), None);
    }
}
