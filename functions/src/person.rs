//! What is stored of a person, of schools and classes, and of what ties people to all of them and to each other.

use std::{collections::BTreeMap, iter, mem};

use serde::{Deserialize, Serialize};
use shared_rules::record::{Attributes, UnitKind};
use utoipa::ToSchema;

use crate::names::{Organisation, PersonId, TableKey, digest};

/// How many earlier imports a person remembers. Each takes some 41 bytes of the person's item; with nine of them a
/// usual person has about 1 KB, and a change of the person is charged by each kilobyte that is begun.
pub const EARLIER_WRITERS: usize = 9;

/// A person's own item.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    pub id: PersonId,
    /// As the program derives it: `student`, `parent`, `client`, `educator`, `instructor`, `admin`.
    pub kind: String,
    pub attributes: Attributes,
    /// Counts the writes, from 1; every write is conditional on the version that it saw.
    pub version: u64,
    /// The import that made the person.
    pub created_by: String,
    /// The partition that wrote last, as `{import}/{partition}`: a repeated delivery knows its own write by it.
    pub written_by: String,
    /// The partitions that wrote before it, the oldest first, [`EARLIER_WRITERS`] at the most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_writers: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
    /// The attributes that somebody has set or emptied by hand since an import set them last. Whatever edits a
    /// person puts the mark; imports leave what is marked as it is, unless they are asked to overwrite it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_hand: BTreeMap<String, HandEdit>,
}

/// Who set an attribute by hand, and when.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct HandEdit {
    /// The e-mail address, or the token's subject where the token names none.
    pub by: String,
    /// In RFC 3339.
    pub at: String,
}

/// The deferred registration e-mail to one person.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    pub state: InvitationState,
    /// SHA-256 of the registration token in hexadecimal; the token itself is in the mail alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_hash: Option<String>,
    /// When the mail was handed over, in RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<String>,
    /// By what the mail service knows the mail, and what it tells of it later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// SHA-256 of the address in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_hash: Option<String>,
}

/// How far an invitation is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InvitationState {
    Pending,
    Sent,
    /// The platform sets this when the person has registered.
    Registered,
    /// The mail service refused the address for good.
    Failed,
    /// The mail came back because the mailbox was full or could not be reached.
    Undelivered,
    /// The mail came back: the address does not exist.
    Bounced,
    /// The mail service knows from earlier mails that the address does not exist or complains, and sent nothing.
    Suppressed,
    /// The recipient reported the mail as unwanted.
    Complained,
}

impl InvitationState {
    /// Whether no other mail may go to the address.
    #[must_use]
    pub fn forbids_another(self) -> bool {
        matches!(self, Self::Bounced | Self::Suppressed | Self::Complained)
    }
}

/// The item of a school or a class.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unit {
    pub kind: UnitKind,
    /// As the organisation calls it.
    pub id: String,
    pub attributes: Attributes,
    /// `false` once the class was removed.
    pub active: bool,
    /// As [`Person::version`].
    pub version: u64,
    /// As [`Person::written_by`].
    pub written_by: String,
}

/// A fact without content of its own: it is there or it is not.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(tag = "tie", rename_all = "kebab-case")]
pub enum Tie {
    /// The person takes part in the offering.
    Enrolment { person: PersonId, offering: String },
    /// The person is a client admin of the offering.
    Grant { person: PersonId, offering: String },
    /// The parent may follow the child, in one offering or in all.
    Link {
        parent: PersonId,
        child: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offering: Option<String>,
    },
    /// The instructor teaches the student.
    Instruction { instructor: PersonId, student: PersonId },
    /// The person is in the class, as a student or as a teacher.
    Member { class: String, person: PersonId },
    /// The person is the class's primary teacher.
    PrimaryTeacher { class: String, person: PersonId },
}

impl Person {
    /// Makes this the next version, and notes who writes it.
    pub fn write_by(&mut self, writer: String) {
        self.version += 1;
        let before = mem::replace(&mut self.written_by, writer);
        if partition_of(&before).is_some() {
            self.earlier_writers.push(before);
            let forgotten = self.earlier_writers.len().saturating_sub(EARLIER_WRITERS);
            self.earlier_writers.drain(..forgotten);
        }
    }

    /// The imports that made and changed the person, as far as they are remembered, and the partition of each in which
    /// the person is. The newest comes first.
    pub fn changed_in(&self) -> impl Iterator<Item = (&str, u32)> {
        let writers = iter::once(&self.written_by).chain(self.earlier_writers.iter().rev());
        writers.filter_map(|writer| partition_of(writer))
    }
}

/// The import and the partition that a writer is; nothing if it is somebody's hand.
fn partition_of(writer: &str) -> Option<(&str, u32)> {
    let (import, partition) = writer.split_once('/')?;
    Some((import, partition.parse().ok()?))
}

impl Invitation {
    /// One whose mail is still to go out.
    #[must_use]
    pub fn pending() -> Self {
        Self::of(InvitationState::Pending)
    }

    /// One of which there is nothing else to say.
    #[must_use]
    pub fn of(state: InvitationState) -> Self {
        Self { state, token_hash: None, sent_at: None, message: None, address_hash: None }
    }

    /// Whether no other mail may go to this address.
    #[must_use]
    pub fn forbids(&self, address: &str) -> bool {
        self.state.forbids_another() && self.address_hash.as_ref() == Some(&digest(address.as_bytes()))
    }
}

impl Tie {
    /// The item whose presence is the fact. It stands with the person who holds it, or with the class: whoever
    /// removes a class has to find its members.
    #[must_use]
    pub fn key(&self, organisation: &Organisation) -> TableKey {
        let class = |class: &str, sk: String| TableKey::new(organisation.members(class), sk);
        let (holder, what) = match self {
            Self::Enrolment { person, offering } => (person, format!("enrolment/{offering}")),
            Self::Grant { person, offering } => (person, format!("grant/{offering}")),
            Self::Link { parent, child, offering: Some(offering) } => {
                (parent, format!("child/{child}/{offering}"))
            }
            Self::Link { parent, child, offering: None } => (parent, format!("child/{child}")),
            Self::Instruction { instructor, student } => (instructor, format!("student/{student}")),
            Self::Member { class: id, person } => return class(id, format!("member/{person}")),
            Self::PrimaryTeacher { class: id, person } => {
                return class(id, format!("primary-teacher/{person}"));
            }
        };
        organisation.about(holder, &what)
    }

    /// The kind's name in the report's counts.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Enrolment { .. } | Self::Member { .. } => "enrolment",
            Self::Grant { .. } => "grant",
            Self::Link { .. } => "link",
            Self::Instruction { .. } => "instructor-link",
            Self::PrimaryTeacher { .. } => "primary-teacher",
        }
    }

    /// Everybody whom the fact is about.
    #[must_use]
    pub fn people(&self) -> Vec<&PersonId> {
        match self {
            Self::Enrolment { person, .. }
            | Self::Grant { person, .. }
            | Self::Member { person, .. }
            | Self::PrimaryTeacher { person, .. } => vec![person],
            Self::Link { parent, child, .. } => vec![parent, child],
            Self::Instruction { instructor, student } => vec![instructor, student],
        }
    }

    /// What the people are tied to, as results name it: the offering, the class, or the two people.
    #[must_use]
    pub fn to(&self) -> String {
        match self {
            Self::Enrolment { offering, .. }
            | Self::Grant { offering, .. }
            | Self::Link { offering: Some(offering), .. } => offering.clone(),
            Self::Member { class, .. } | Self::PrimaryTeacher { class, .. } => class.clone(),
            Self::Link { parent, child, offering: None } => format!("{parent} -> {child}"),
            Self::Instruction { instructor, student } => format!("{instructor} -> {student}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> Person {
        Person {
            id: PersonId("0".to_owned()),
            kind: "student".to_owned(),
            attributes: Attributes::new(),
            version: 1,
            created_by: "a".to_owned(),
            written_by: "a/0".to_owned(),
            earlier_writers: Vec::new(),
            invitation: None,
            by_hand: BTreeMap::new(),
        }
    }

    #[test]
    fn a_new_person_remembers_its_import_without_a_list() {
        assert_eq!(person().changed_in().collect::<Vec<_>>(), [("a", 0)]);
        assert!(!serde_json::to_string(&person()).unwrap().contains("earlierWriters"));
    }

    #[test]
    fn imports_are_remembered_and_hands_are_not() {
        let mut person = person();
        for writer in ["b/3", "by-hand/0193a5c0-0000-7000-8000-000000000001", "c/12"] {
            person.write_by(writer.to_owned());
        }
        assert_eq!((person.version, &*person.earlier_writers), (4, &["a/0", "b/3"].map(str::to_owned)[..]));
        assert_eq!(person.changed_in().collect::<Vec<_>>(), [("c", 12), ("b", 3), ("a", 0)]);
    }

    #[test]
    fn the_newest_are_remembered() {
        let mut person = person();
        (1..20).for_each(|partition| person.write_by(format!("a/{partition}")));
        let partitions: Vec<u32> = person.changed_in().map(|(_, partition)| partition).collect();
        assert_eq!(partitions, (10..20).rev().collect::<Vec<_>>());
    }
}
