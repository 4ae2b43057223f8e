//! What makes two records the same person, and how the parts of it are normalised.

use serde::{Deserialize, Serialize};

/// One identity of a person: two records that share a key are the same person.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct IdentityKey {
    pub kind: KeyKind,
    /// The normalised value; the parts of a compound key are separated by U+001F.
    pub value: String,
}

/// The kinds of identity that a program can name in its `identity` list.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    ExternalId,
    Email,
    Username,
    /// First name, last name, street address and postal code, all of them.
    NameAddress,
}
