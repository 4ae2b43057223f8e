//! What is stored of a person, and of what ties people to offerings and to each other.

use serde::{Deserialize, Serialize};
use shared_rules::record::Attributes;

use crate::names::{Organisation, PersonId, TableKey};

/// A person's own item.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    pub id: PersonId,
    /// `student`, `parent`, `client` or `educator`.
    pub kind: String,
    pub attributes: Attributes,
    /// Counts the writes, from 1; every write is conditional on the version that it saw.
    pub version: u64,
    /// The import that made the person.
    pub created_by: String,
    /// The partition that wrote last, as `{import}/{partition}`: a repeated delivery knows its own write by it.
    pub written_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
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
}

/// How far an invitation is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InvitationState {
    Pending,
    Sent,
    /// The mail service refused the address for good.
    Failed,
}

/// A fact without content of its own: it is there or it is not.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(tag = "tie", rename_all = "kebab-case")]
pub enum Tie {
    /// The person takes part in the offering.
    Enrolment { person: PersonId, offering: String },
    /// The person is a client admin of the offering.
    Grant { person: PersonId, offering: String },
    /// The parent may follow the child in the offering.
    Link { parent: PersonId, child: PersonId, offering: String },
}

impl Tie {
    /// The item whose presence is the fact. It stands with the person who holds it.
    #[must_use]
    pub fn key(&self, organisation: &Organisation) -> TableKey {
        let (holder, what) = match self {
            Self::Enrolment { person, offering } => (person, format!("enrolment/{offering}")),
            Self::Grant { person, offering } => (person, format!("grant/{offering}")),
            Self::Link { parent, child, offering } => (parent, format!("child/{child}/{offering}")),
        };
        organisation.about(holder, &what)
    }

    /// The kind's name in the report's counts.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Enrolment { .. } => "enrolment",
            Self::Grant { .. } => "grant",
            Self::Link { .. } => "link",
        }
    }

    /// Everybody whom the fact is about.
    #[must_use]
    pub fn people(&self) -> Vec<&PersonId> {
        match self {
            Self::Enrolment { person, .. } | Self::Grant { person, .. } => vec![person],
            Self::Link { parent, child, .. } => vec![parent, child],
        }
    }

    /// The offering that the fact is about.
    #[must_use]
    pub fn offering(&self) -> &str {
        match self {
            Self::Enrolment { offering, .. } | Self::Grant { offering, .. } | Self::Link { offering, .. } => {
                offering
            }
        }
    }
}
