//! How everything that is stored is named: object keys in the bucket, keys in the table.
//!
//! Every name starts with, or contains right after its stage, the organisation. The only way to make one is
//! from an [`ImportRef`] or an [`Organisation`], so nothing can be addressed without it.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared_rules::{
    identity::{IdentityKey, KeyKind},
    record::UnitKind,
};
use utoipa::ToSchema;

/// The tenant. 1 to 64 lower-case letters, digits and hyphens, so that it cannot break out of a key.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Organisation(String);

/// A person's identifier within an organisation.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, ToSchema)]
#[serde(transparent)]
pub struct PersonId(pub String);

/// One import of one organisation.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct ImportRef {
    pub organisation: Organisation,
    /// A version 7 UUID: identifiers sort by the time at which the import was created.
    pub import: String,
}

/// A file that a school's system has put into the bucket under `drops/{organisation}/{program}/`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Drop {
    pub organisation: Organisation,
    pub program: String,
    /// What stands after the program. Only shown.
    pub name: String,
    pub key: String,
}

/// The primary key of an item.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TableKey {
    pub pk: String,
    pub sk: String,
}

/// The objects that an import's results consist of.
pub const RESULTS: [&str; 3] = ["report.json", "log.csv", "errors.csv"];

/// The part of a `confirmed/` key that starts an import, as opposed to one of its partitions.
pub const START: &str = "start";

/// Partition key of the items that name every import that is not at its end yet.
pub const ACTIVE: &str = "active";

/// Partition key of the items that name every import, and every single person, with invitations still to send.
pub const DUE: &str = "due";

/// What the partitions of an organisation's people, schools and classes are told apart by: the first digits that a
/// person's identifier, or a digest, can have. A partition takes 1,000 write units a second.
pub const SHARDS: [&str; 16] =
    ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f"];

/// SHA-256 in hexadecimal.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

impl Organisation {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The item of an import; all of an organisation's imports share a partition, so that they can be listed.
    #[must_use]
    pub fn import(&self, import: &str) -> TableKey {
        TableKey::new(self.imports(), import)
    }

    /// The partition that lists the organisation's imports.
    #[must_use]
    pub fn imports(&self) -> String {
        format!("{self}/imports")
    }

    /// The item that says which import applies now.
    #[must_use]
    pub fn lease(&self) -> TableKey {
        TableKey::new(format!("{self}/lease"), "lease")
    }

    /// What the organisation has settled.
    #[must_use]
    pub fn settings(&self) -> TableKey {
        TableKey::new(format!("{self}/settings"), "settings")
    }

    /// The partition of the programs that the organisation brought.
    #[must_use]
    pub fn programs(&self) -> String {
        format!("{self}/programs")
    }

    /// One of them.
    #[must_use]
    pub fn program(&self, name: &str) -> TableKey {
        TableKey::new(self.programs(), name)
    }

    /// The object that says which market a postal code belongs to.
    #[must_use]
    pub fn markets(&self) -> String {
        format!("settings/{self}/markets.json")
    }

    /// How many people the organisation has.
    #[must_use]
    pub fn census(&self) -> TableKey {
        TableKey::new(format!("{self}/settings"), "census")
    }

    /// A person's own item. People are spread over [`SHARDS`] partitions that can be read one after
    /// another, so that listing them needs neither an index nor a second item for each.
    #[must_use]
    pub fn person(&self, person: &PersonId) -> TableKey {
        let shard = person.0.get(..1).unwrap_or_default();
        TableKey::new(self.people(shard), &person.0)
    }

    /// The item that keeps a person on the list [`DUE`] who is to be sent a mail apart from any import.
    #[must_use]
    pub fn due_person(&self, person: &PersonId) -> TableKey {
        TableKey::new(DUE, format!("{self}/person/{person}"))
    }

    /// Reads the organisation and the person back from the sort key of [`due_person`](Self::due_person).
    #[must_use]
    pub fn of_due_person(text: &str) -> Option<(Self, PersonId)> {
        let (organisation, person) = text.split_once("/person/")?;
        let person = uuid::Uuid::parse_str(person).ok()?;
        Some((Self::try_from(organisation.to_owned()).ok()?, PersonId(person.to_string())))
    }

    /// An item about a person, which stands beside the person's own.
    #[must_use]
    pub fn about(&self, person: &PersonId, what: &str) -> TableKey {
        TableKey::new(self.person(person).pk, format!("{person}/{what}"))
    }

    /// One of the partitions that the organisation's people are in.
    #[must_use]
    pub fn people(&self, shard: &str) -> String {
        format!("{self}/person/{shard}")
    }

    /// The item with the hash of a person's password, apart from the person's own so that nobody reads it who
    /// only wants to know the person.
    #[must_use]
    pub fn password(&self, person: &PersonId) -> TableKey {
        self.about(person, "password")
    }

    /// The item of a school or a class. Like people, they are spread over partitions that can be listed.
    #[must_use]
    pub fn unit(&self, kind: UnitKind, id: &str) -> TableKey {
        let digest = digest(id.as_bytes());
        TableKey::new(self.units(kind, digest.get(..1).unwrap_or_default()), id)
    }

    /// One of the partitions that the organisation's schools, or classes, are in.
    #[must_use]
    pub fn units(&self, kind: UnitKind, shard: &str) -> String {
        format!("{self}/{}/{shard}", kind.name())
    }

    /// The partition of those who are in a class.
    #[must_use]
    pub fn members(&self, class: &str) -> String {
        format!("{self}/members/{class}")
    }

    /// The item that says whose an identity key is. The value is hashed: keys have one length, and a key
    /// that is logged by the cloud tells nothing. Names and addresses that may be of one person share a partition.
    #[must_use]
    pub fn identity(&self, key: &IdentityKey) -> TableKey {
        let kind = match key.kind {
            KeyKind::ExternalId => "external-id",
            KeyKind::Email => "email",
            KeyKind::Username => "username",
            KeyKind::NameAddress => "name-address",
        };
        let value = digest(key.value.as_bytes());
        match key.block() {
            Some(block) => TableKey::new(format!("{self}/key/{kind}/{}", digest(block.as_bytes())), value),
            None => TableKey::new(format!("{self}/key/{kind}/{value}"), "key"),
        }
    }
}

impl TryFrom<String> for Organisation {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if (1..=64).contains(&text.len()) && text.chars().all(allowed) {
            Ok(Self(text))
        } else {
            Err("an organisation's name is 1 to 64 lower-case letters, digits and hyphens".to_owned())
        }
    }
}

impl From<Organisation> for String {
    fn from(organisation: Organisation) -> Self {
        organisation.0
    }
}

impl fmt::Display for Organisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ImportRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.organisation, self.import)
    }
}

impl TableKey {
    pub fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }
}

/// Where the keys of dropped files begin.
pub const DROPS: &str = "drops/";

impl Drop {
    /// Reads an object's key, as it is and not as URLs write it.
    #[must_use]
    pub fn of_object(key: &str) -> Option<Self> {
        let mut parts = key.strip_prefix(DROPS)?.splitn(3, '/');
        let organisation = Organisation::try_from(parts.next()?.to_owned()).ok()?;
        let program = parts.next().filter(|program| !program.is_empty())?.to_owned();
        let name = parts.next().filter(|name| !name.is_empty())?.to_owned();
        Some(Self { organisation, program, name, key: key.to_owned() })
    }
}

impl ImportRef {
    /// Reads `{organisation}/{import}`, as it stands in object keys and in the sort keys of work lists.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (organisation, import) = text.split_once('/')?;
        uuid::Uuid::parse_str(import).ok()?;
        Some(Self {
            organisation: Organisation::try_from(organisation.to_owned()).ok()?,
            import: import.to_owned(),
        })
    }

    /// Splits an object key `{stage}/{organisation}/{import}/{rest}` into the import and the rest.
    #[must_use]
    pub fn of_object<'a>(stage: &str, key: &'a str) -> Option<(Self, &'a str)> {
        let path = key.strip_prefix(stage)?.strip_prefix('/')?;
        let (import, rest) = path.rsplit_once('/')?;
        Some((Self::parse(import)?, rest))
    }

    /// The uploaded roster. Its creation starts the check.
    #[must_use]
    pub fn upload(&self) -> String {
        format!("uploads/{self}/roster")
    }

    /// An empty object whose creation starts the check once more, for an event that got lost.
    #[must_use]
    pub fn check_again(&self) -> String {
        format!("uploads/{self}/again")
    }

    /// The records of one partition, as one start of the check cut it: two starts that overlap may see
    /// different people and cut differently, so their partitions must not mix.
    #[must_use]
    pub fn partition(&self, start: u32, number: u32) -> String {
        format!("checked/{self}/{start}/{number:05}.json")
    }

    /// The dry run of one start of the check.
    #[must_use]
    pub fn dry_run(&self, start: u32) -> String {
        format!("checked/{self}/{start}/dry-run.json")
    }

    /// An empty object whose creation starts the import.
    #[must_use]
    pub fn start(&self) -> String {
        format!("confirmed/{self}/{START}")
    }

    /// An empty object whose creation applies one partition.
    #[must_use]
    pub fn confirmed(&self, number: u32) -> String {
        format!("confirmed/{self}/{number:05}")
    }

    /// What one partition decided to write, stored before anything is written.
    #[must_use]
    pub fn journal(&self, number: u32) -> String {
        format!("journal/{self}/{number:05}.json")
    }

    /// The rows of a partition whose decision no longer fitted when it was written.
    #[must_use]
    pub fn drift(&self, number: u32) -> String {
        format!("journal/{self}/{number:05}.drift.json")
    }

    /// One of [`RESULTS`].
    #[must_use]
    pub fn result(&self, name: &str) -> String {
        format!("results/{self}/{name}")
    }

    /// What export is asked for. Its creation starts the export.
    #[must_use]
    pub fn requested(&self) -> String {
        format!("requested/{self}/export.json")
    }

    /// The exported file, or what tells that it is there.
    #[must_use]
    pub fn exported(&self, name: &str) -> String {
        format!("exports/{self}/{name}")
    }

    /// The import's own item.
    #[must_use]
    pub fn item(&self) -> TableKey {
        self.organisation.import(&self.import)
    }

    /// The item that notes the import under the digest of its file. Imports of one file share a partition, so that
    /// the earlier ones can be found.
    #[must_use]
    pub fn of_file(&self, sha256: &str) -> TableKey {
        TableKey::new(format!("{}/file/{sha256}", self.organisation), &self.import)
    }

    /// The item that keeps the import on the list [`ACTIVE`] or [`DUE`].
    #[must_use]
    pub fn listed(&self, list: &str) -> TableKey {
        TableKey::new(list, self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMPORT: &str = "0193a5c0-0000-7000-8000-000000000001";

    #[test]
    fn an_object_key_gives_its_import_back() {
        let import = ImportRef::parse(&format!("lincoln/{IMPORT}")).unwrap();
        assert_eq!(ImportRef::of_object("uploads", &import.upload()), Some((import.clone(), "roster")));
        assert_eq!(ImportRef::of_object("confirmed", &import.confirmed(7)), Some((import, "00007")));
    }

    #[test]
    fn a_key_outside_the_scheme_names_no_import() {
        for key in ["uploads/", "uploads/a/b/roster", "uploads/A/x", "uploads/../x/roster", "elsewhere/a/b/c"]
        {
            assert_eq!(ImportRef::of_object("uploads", key), None, "{key}");
        }
    }

    #[test]
    fn a_dropped_file_names_its_organisation_and_program() {
        let drop = Drop::of_object("drops/lincoln/retail/tonight/roster.csv").unwrap();
        assert_eq!((drop.organisation.as_str(), drop.program.as_str()), ("lincoln", "retail"));
        assert_eq!(drop.name, "tonight/roster.csv");
        for key in
            ["drops/lincoln/retail/", "drops/lincoln/roster.csv", "drops/A/retail/x", "drops//retail/x"]
        {
            assert_eq!(Drop::of_object(key), None, "{key}");
        }
    }

    #[test]
    fn an_organisation_cannot_break_out_of_a_key() {
        for name in ["", "a/b", "..", "A", "ä", &"x".repeat(65)] {
            assert!(Organisation::try_from(name.to_owned()).is_err(), "{name}");
        }
    }
}
