//! What makes two records the same person, and how the parts of it are normalised.

use std::{borrow::Cow, hash::BuildHasher};

use hashbrown::{HashTable, hash_table::Entry};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

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

impl KeyKind {
    /// The person's attributes that a key of this kind is made of; all must have a value.
    #[must_use]
    pub fn attributes(self) -> &'static [&'static str] {
        match self {
            Self::ExternalId => &["externalId"],
            Self::Email => &["email"],
            Self::Username => &["username"],
            Self::NameAddress => &["firstName", "lastName", "street1", "postalCode"],
        }
    }

    /// Writes the normalised key of these values (one for each of [`attributes`](Self::attributes)) to
    /// `key`, which is emptied first. Returns whether there is one: a part without a letter or digit
    /// identifies nobody.
    pub fn write<'a>(self, values: impl IntoIterator<Item = &'a str>, key: &mut String) -> bool {
        key.clear();
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                key.push(SEPARATOR);
            }
            let before = key.len();
            match (self, index) {
                (Self::ExternalId, _) => key.push_str(value.trim()),
                (Self::Username, _) => key.extend(value.trim().chars().flat_map(char::to_lowercase)),
                (Self::Email, _) => write_email(value, key),
                (Self::NameAddress, 3) => {
                    write_folded(value, key);
                    shorten_zip(key, before);
                }
                (Self::NameAddress, _) => write_folded(value, key),
            }
            if key.len() == before {
                return false;
            }
        }
        !key.is_empty()
    }
}

impl IdentityKey {
    /// The key of these values, one for each of the kind's attributes, if all of them say something.
    pub fn of<'a>(kind: KeyKind, values: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut value = String::new();
        kind.write(values, &mut value).then_some(Self { kind, value })
    }
}

const SEPARATOR: char = '\u{1f}';

/// An e-mail address in the form in which addresses are compared: the local part in lower case, the domain
/// in lower case and as A-labels. Nothing is folded that a provider may or may not fold (dots, plus).
#[must_use]
pub fn normal_email(address: &str) -> String {
    let mut normal = String::new();
    write_email(address, &mut normal);
    normal
}

fn write_email(address: &str, into: &mut String) {
    let address = address.trim();
    if address.is_ascii() {
        into.extend(address.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        return;
    }
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    into.extend(local.nfc().flat_map(char::to_lowercase));
    into.push('@');
    let domain = idna::domain_to_ascii(domain).map_or_else(|_| Cow::Owned(domain.to_lowercase()), Cow::Owned);
    into.push_str(&domain);
}

/// Letters and digits alone, in lower case, without accents: `O'Brien`, `Dvořák`, `São  Paulo` become
/// `obrien`, `dvorak`, `saopaulo`.
fn write_folded(text: &str, into: &mut String) {
    if text.is_ascii() {
        let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
        into.extend(kept.map(|byte| char::from(byte.to_ascii_lowercase())));
        return;
    }
    for char in text.nfkd().filter(|char| !is_accent(*char)).flat_map(char::to_lowercase) {
        match undecomposed(char) {
            Some(plain) => into.push_str(plain),
            None if char.is_alphanumeric() => into.push(char),
            None => {}
        }
    }
}

/// Marks that a name is also written without. Vowel signs of other scripts are not among them: without
/// those it would be another name.
fn is_accent(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Letters that Unicode does not decompose and people write without their stroke or as two.
fn undecomposed(char: char) -> Option<&'static str> {
    Some(match char {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'ŋ' => "n",
        'ς' => "σ",
        _ => return None,
    })
}

/// Takes the last four of a nine-digit ZIP code off, which many rosters leave out.
fn shorten_zip(key: &mut String, start: usize) {
    let code = &key[start..];
    if code.len() == 9 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        key.truncate(start + 5);
    }
}

/// The identities seen so far and the row of each: 64 bits of a fixed hash and a number, never the text.
#[derive(Default)]
pub(crate) struct Seen {
    rows: HashTable<(u64, u32)>,
}

/// Fixed, so that a file gives the same report everywhere.
const HASHER: foldhash::quality::FixedState = foldhash::quality::FixedState::with_seed(0x0072_6f6c_6c63_616c);

impl Seen {
    /// What a key is remembered by. Two keys among a million share one with a probability of 1 in 10⁷.
    pub(crate) fn hash(kind: KeyKind, key: &str) -> u64 {
        HASHER.hash_one((kind, key))
    }

    /// The row that had this identity first.
    pub(crate) fn row(&self, hash: u64) -> Option<u32> {
        self.rows.find(hash, |entry| entry.0 == hash).map(|entry| entry.1)
    }

    /// Remembers an identity unless an earlier row had it.
    pub(crate) fn insert(&mut self, hash: u64, row: u32) {
        if let Entry::Vacant(entry) = self.rows.entry(hash, |entry| entry.0 == hash, |entry| entry.0) {
            entry.insert((hash, row));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: KeyKind, values: &[&str], expect: Option<&str>) {
        let key = IdentityKey::of(kind, values.iter().copied());
        assert_eq!(key.as_ref().map(|key| key.value.as_str()), expect, "{values:?}");
    }

    #[test]
    fn addresses_of_one_mailbox() {
        check(KeyKind::Email, &["Ann.Lee+x@Example.COM"], Some("ann.lee+x@example.com"));
        check(KeyKind::Email, &[" ann@SCHÜLER.example"], Some("ann@xn--schler-5ya.example"));
        check(KeyKind::Email, &["JOSÉ@example.com"], Some("josé@example.com"));
        check(KeyKind::Email, &["jose\u{301}@example.com"], Some("josé@example.com"));
        check(KeyKind::Email, &[" "], None);
    }

    #[test]
    fn names_and_addresses() {
        let plain = Some("anne-marie\u{1f}obrien\u{1f}1mainst\u{1f}02108").map(|key| key.replace('-', ""));
        for [first, last, street, zip] in [
            ["Anne-Marie", "O'Brien", "1 Main St", "02108"],
            ["anne\u{a0}marie", "O’BRIEN", "1 Main St.", "02108-1234"],
            ["Ánne Márie", "OBrien", "1  main st", "021081234"],
        ] {
            check(KeyKind::NameAddress, &[first, last, street, zip], plain.as_deref());
        }
        check(
            KeyKind::NameAddress,
            &["Łukasz", "Øst", "Große Str 1", "1"],
            Some("lukasz\u{1f}ost\u{1f}grossestr1\u{1f}1"),
        );
        check(KeyKind::NameAddress, &["李娜", "王", "İ ı", "1"], Some("李娜\u{1f}王\u{1f}ii\u{1f}1"));
        check(KeyKind::NameAddress, &["Ann", "-", "1 Main St", "1"], None);
        check(KeyKind::NameAddress, &["Ann", "Lee", "1 Main St", ""], None);
    }

    #[test]
    fn vowel_signs_make_another_name() {
        let of = |name| IdentityKey::of(KeyKind::NameAddress, [name, "x", "x", "1"]);
        assert_ne!(of("राम"), of("रमा"));
    }

    #[test]
    fn the_first_row_of_an_identity_stays() {
        let mut seen = Seen::default();
        let hash = Seen::hash(KeyKind::Email, "a@b.example");
        seen.insert(hash, 2);
        seen.insert(hash, 5);
        assert_eq!(seen.row(hash), Some(2));
        assert_eq!(seen.row(Seen::hash(KeyKind::ExternalId, "a@b.example")), None);
    }
}
