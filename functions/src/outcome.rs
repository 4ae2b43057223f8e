//! What an import does with each row, and the counts of it.

use std::{collections::BTreeMap, ops::AddAssign};

use serde::{Deserialize, Serialize};
use shared_rules::{
    diagnostic::Diagnostic,
    identity::KeyKind,
    likeness::Likeness,
    record::{Attributes, Decision, Value},
    sheets::Sheets,
};
use utoipa::ToSchema;

use crate::names::PersonId;

/// What became, or would become, of a row.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The row made a new person.
    Created,
    /// Something that the row says differs from what was there, and now stands as the row says.
    Updated,
    /// All that the row says was there already.
    Unchanged,
    /// The row matches a person, and matches are to be left alone.
    Skipped,
    /// The row was not imported; its diagnostics say why.
    Rejected,
}

/// One row's outcome.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RowOutcome {
    /// The row number as a spreadsheet shows it; of several sheets, with their rows counted through.
    pub row: u32,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// The identity by which the person was found, if it was there before the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matched_by: Option<KeyKind>,
    /// What was decided about the row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// In the dry run, the stored people whom the row may be of, decided or not. It makes a new person unless it is
    /// decided otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub possible_duplicates: Vec<PossibleDuplicate>,
    /// In the dry run, the earlier rows of the file that may be of the same new person, likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub like_rows: Vec<LikeRow>,
    /// What the row changed, old to new; nothing for a person whom it created.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
    /// Why the import rejected a row that the rules had passed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub diagnostics: Vec<Diagnostic>,
}

/// Somebody who may be the person of a row.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PossibleDuplicate {
    pub person: PersonId,
    pub because: Vec<Likeness>,
    /// What the row says otherwise: stored and said.
    pub differs: Vec<FieldChange>,
}

/// An earlier row that may be of the person of a row.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct LikeRow {
    pub row: u32,
    pub because: Vec<Likeness>,
    /// `firstName` and `lastName` in the earlier row.
    pub named: Attributes,
    /// What the row says otherwise: the earlier row's value and its own.
    pub differs: Vec<FieldChange>,
}

/// One value that a row changed.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, ToSchema)]
pub struct FieldChange {
    /// The attribute's name, or the kind of a tie with its offering (`enrolment 111111`).
    pub field: String,
    /// Text, number, flag or list of texts; nothing where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<serde_json::Value>)]
    pub old: Option<Value>,
    /// The same of what is there since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<serde_json::Value>)]
    pub new: Option<Value>,
}

/// How many rows had each outcome. Their sum is the number of data rows, always.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Outcomes {
    pub created: u32,
    pub updated: u32,
    pub unchanged: u32,
    pub skipped: u32,
    pub rejected: u32,
}

/// How many things of one kind were created, updated, left as they were, or not imported.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct EntityCounts {
    pub created: u32,
    /// For an enrolment, a grant or a link: taken away.
    pub updated: u32,
    /// People whom an undo takes away.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub removed: u32,
    pub unchanged: u32,
    pub errors: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// [`EntityCounts`] by kind: person kinds, `enrolment`, `grant`, `link`.
pub type Entities = BTreeMap<String, EntityCounts>;

impl Outcome {
    /// The outcome's name as it stands in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
            Self::Rejected => "rejected",
        }
    }
}

impl RowOutcome {
    /// The outcome with findings as people are told of them: by the row's place on its sheet.
    #[must_use]
    pub fn on_sheets(mut self, sheets: &Sheets) -> Self {
        let found = self.diagnostics.into_iter();
        self.diagnostics = found.map(|found| found.on_sheets(sheets)).collect();
        self
    }

    /// Whether the row may be of somebody who is stored or has an earlier row.
    #[must_use]
    pub fn may_repeat(&self) -> bool {
        !self.possible_duplicates.is_empty() || !self.like_rows.is_empty()
    }

    /// What the row's person was found by, in words.
    #[must_use]
    pub fn matched_words(&self) -> &'static str {
        match self.decision {
            Some(Decision::Same) if self.matched_by.is_some() => "decision",
            _ => self.matched_by.map_or("", key_words),
        }
    }
}

impl Outcomes {
    /// Adds the counts of other rows.
    pub fn add(&mut self, others: Self) {
        self.created += others.created;
        self.updated += others.updated;
        self.unchanged += others.unchanged;
        self.skipped += others.skipped;
        self.rejected += others.rejected;
    }

    /// Counts one row.
    pub fn count(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Created => &mut self.created,
            Outcome::Updated => &mut self.updated,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Skipped => &mut self.skipped,
            Outcome::Rejected => &mut self.rejected,
        } += 1;
    }

    /// All rows.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.created + self.updated + self.unchanged + self.skipped + self.rejected
    }
}

impl AddAssign for EntityCounts {
    fn add_assign(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.removed += other.removed;
        self.unchanged += other.unchanged;
        self.errors += other.errors;
    }
}

/// Adds the counts of `part` to `total`.
pub fn add_entities(total: &mut Entities, part: &Entities) {
    for (kind, counts) in part {
        *total.entry(kind.clone()).or_default() += *counts;
    }
}

/// How people call the identity by which somebody was found.
#[must_use]
pub fn key_words(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::ExternalId => "external ID",
        KeyKind::Email => "e-mail",
        KeyKind::Username => "username",
        KeyKind::NameAddress => "name and address",
    }
}
