//! What a row's identifier says where it is not the one that the person has.

use shared_rules::{
    identity::{IdentityKey, KeyKind},
    options::DuplicatePolicy,
    record::{Attributes, Record, Value},
};

use super::{Draft, IDENTIFIER, keys};
use crate::names::PersonId;

impl Draft<'_> {
    /// Whether the row calls a known person by another identifier, in a program where everybody has one, and it
    /// is neither a correction nor asked to overwrite.
    pub(super) fn is_mismatch(&self, record: &Record, person: &PersonId) -> bool {
        let Some(old) = self.other_identifier(record, person) else { return false };
        let overwrites = self.options.policy == DuplicatePolicy::Update && !self.named.contains(&old);
        let leaves_alone = matches!(self.options.policy, DuplicatePolicy::Skip | DuplicatePolicy::Reject)
            && !self.has_row_in_another_class(person);
        !leaves_alone && !overwrites && !self.is_correction(record, person, &old)
    }

    /// The identifier that the person has, if the row calls it by another one.
    pub(super) fn other_identifier(&self, record: &Record, person: &PersonId) -> Option<IdentityKey> {
        if !self.options.program.requires(IDENTIFIER) {
            return None;
        }
        let of = |attributes: &Attributes| keys(&[KeyKind::ExternalId], attributes).pop();
        let (old, new) = (of(self.attributes(person)?)?, of(&record.person)?);
        (old != new).then_some(old)
    }

    /// Whether the identifier is all that differs. Then the row corrects it, if no other row has the old one.
    pub(super) fn is_correction(&self, record: &Record, person: &PersonId, old: &IdentityKey) -> bool {
        let Some(stored) = self.attributes(person) else { return false };
        let same = |(name, value): (&String, &Value)| name == IDENTIFIER || stored.get(name) == Some(value);
        record.person.iter().all(same) && record.cleared.is_empty() && !self.named.contains(old)
    }

    pub(super) fn attributes(&self, person: &PersonId) -> Option<&Attributes> {
        let draft = self.people.get(person).map(|draft| &draft.person);
        draft.or_else(|| self.snapshot.people.get(person)).map(|person| &person.attributes)
    }
}
