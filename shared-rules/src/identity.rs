//! What makes two records the same person, and how the parts of it are normalised.

use std::{
    hash::{BuildHasher, Hasher},
    sync::LazyLock,
};

use hashbrown::{HashTable, hash_table};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
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

impl KeyKind {
    pub const ALL: [Self; 4] = [Self::ExternalId, Self::Email, Self::Username, Self::NameAddress];

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
}

impl IdentityKey {
    /// The key of these values, one for each of the kind's attributes, if all of them say something.
    pub fn of<'a>(kind: KeyKind, values: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut writer = KeyWriter::default();
        writer.write(kind, values).then(|| Self { kind, value: writer.text() })
    }
}

const SEPARATOR: u8 = 0x1f;

/// Normalises keys, one after another, in the same memory.
#[derive(Default)]
pub(crate) struct KeyWriter {
    key: Vec<u8>,
    /// Internationalised domains met lately, with their A-labels: a roster has few, and converting one takes
    /// longer than everything else that is done with its row.
    domains: Vec<(String, String)>,
    oldest_domain: usize,
}

const REMEMBERED_DOMAINS: usize = 8;

impl KeyWriter {
    /// Writes the key of these values, one for each of the kind's attributes, over the last one. Returns
    /// whether there is one: a part without a letter or digit identifies nobody.
    pub(crate) fn write<'a>(&mut self, kind: KeyKind, values: impl IntoIterator<Item = &'a str>) -> bool {
        self.key.clear();
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.key.push(SEPARATOR);
            }
            let before = self.key.len();
            match (kind, index) {
                (KeyKind::ExternalId, _) => self.key.extend_from_slice(value.trim().as_bytes()),
                (KeyKind::Username, _) => self.push(value.trim().chars().flat_map(char::to_lowercase)),
                (KeyKind::Email, _) => self.push_email(value.trim()),
                (KeyKind::NameAddress, 3) => {
                    self.push_folded(value);
                    self.shorten_zip(before);
                }
                (KeyKind::NameAddress, _) => self.push_folded(value),
            }
            if self.key.len() == before {
                return false;
            }
        }
        !self.key.is_empty()
    }

    pub(crate) fn key(&self) -> &[u8] {
        &self.key
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.key).into_owned()
    }

    fn push(&mut self, chars: impl Iterator<Item = char>) {
        for char in chars {
            self.key.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }

    /// The local part in lower case, the domain in lower case and as A-labels. Nothing is folded that a
    /// provider may or may not fold (dots, plus).
    fn push_email(&mut self, address: &str) {
        if address.is_ascii() {
            self.push_lower(address);
            return;
        }
        let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
        if local.is_ascii() {
            self.push_lower(local);
        } else {
            let composed = ComposingNormalizerBorrowed::new_nfc().normalize_iter(local.chars());
            self.push(composed.flat_map(char::to_lowercase));
        }
        if local.len() < address.len() {
            self.key.push(b'@');
        }
        if domain.is_ascii() {
            self.push_lower(domain);
        } else {
            self.push_domain(domain);
        }
    }

    fn push_lower(&mut self, ascii: &str) {
        let start = self.key.len();
        self.key.extend_from_slice(ascii.as_bytes());
        self.key[start..].make_ascii_lowercase();
    }

    fn push_domain(&mut self, domain: &str) {
        if let Some((_, ascii)) = self.domains.iter().find(|(known, _)| known == domain) {
            self.key.extend_from_slice(ascii.as_bytes());
            return;
        }
        let ascii = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_lowercase());
        self.key.extend_from_slice(ascii.as_bytes());
        let entry = (domain.to_owned(), ascii);
        if self.domains.len() < REMEMBERED_DOMAINS {
            self.domains.push(entry);
        } else {
            self.domains[self.oldest_domain] = entry;
            self.oldest_domain = (self.oldest_domain + 1) % REMEMBERED_DOMAINS;
        }
    }

    /// Letters and digits alone, in lower case, without accents: `O'Brien`, `Dvořák`, `São  Paulo` become
    /// `obrien`, `dvorak`, `saopaulo`.
    fn push_folded(&mut self, text: &str) {
        let start = self.key.len();
        if self.push_folded_latin(text) {
            return;
        }
        self.key.truncate(start);
        self.push_folded_slowly(text);
    }

    /// Folds by table what is of ASCII and Western or Central European letters; returns whether all of it was.
    fn push_folded_latin(&mut self, text: &str) -> bool {
        let start = self.key.len();
        // No letter of the table folds to more bytes than it has.
        self.key.resize(start + text.len(), 0);
        let into = &mut self.key[start..];
        let mut written = 0;
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            if byte < 0x80 {
                let folded = FOLDED[usize::from(byte)];
                into[written] = folded;
                written += usize::from(folded != 0);
                continue;
            }
            let letter = match byte {
                0xc3..=0xc5 => {
                    bytes.next().map(|next| usize::from(byte - 0xc3) * 64 + usize::from(next & 0x3f))
                }
                _ => None,
            };
            let Some(&[first, second]) = letter.and_then(|letter| LATIN[letter].as_ref()) else {
                return false;
            };
            into[written] = first;
            written += 1;
            if second != 0 {
                into[written] = second;
                written += 1;
            }
        }
        self.key.truncate(start + written);
        true
    }

    fn push_folded_slowly(&mut self, text: &str) {
        let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(text.chars());
        for char in decomposed.filter(|char| !is_accent(*char)).flat_map(char::to_lowercase) {
            match undecomposed(char) {
                Some(plain) => self.key.extend_from_slice(plain.as_bytes()),
                None if char.is_alphanumeric() => self.push(std::iter::once(char)),
                None => {}
            }
        }
    }

    /// Takes the last four of a nine-digit ZIP code off, which many rosters leave out.
    fn shorten_zip(&mut self, start: usize) {
        let code = &self.key[start..];
        if code.len() == 9 && code.iter().all(u8::is_ascii_digit) {
            self.key.truncate(start + 5);
        }
    }
}

/// ASCII letters in lower case and digits; 0 for what a key leaves out.
const FOLDED: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            table[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    table
};

/// What the letters from U+00C0 to U+017F fold to, where that is one or two ASCII letters: the same as letter by
/// letter, and several times as fast. Names with such letters are frequent.
static LATIN: LazyLock<Vec<Option<[u8; 2]>>> = LazyLock::new(|| {
    let folded = |code| {
        let mut writer = KeyWriter::default();
        writer.push_folded_slowly(char::from_u32(code)?.encode_utf8(&mut [0; 4]));
        match *writer.key {
            [first] => Some([first, 0]),
            [first, second] if first.is_ascii() => Some([first, second]),
            _ => None,
        }
    };
    (0xc0..0x180).map(folded).collect()
});

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

/// The identities seen so far and the row of each: 64 bits of a fixed hash and a number, never the text.
#[derive(Default)]
pub(crate) struct Seen {
    /// Each has a share of the hashes, so that not all grow at once: that takes memory for the old and the new.
    tables: [HashTable<Entry>; TABLES],
}

const TABLES: usize = 32;

/// The hash's lower and upper half, and the row: 12 bytes, where a `u64` in it would make 16.
type Entry = [u32; 3];

fn hash_of(entry: &Entry) -> u64 {
    u64::from(entry[0]) | u64::from(entry[1]) << 32
}

/// Fixed, so that a file gives the same report everywhere.
const HASHER: foldhash::quality::FixedState = foldhash::quality::FixedState::with_seed(0x0072_6f6c_6c63_616c);

/// A fixed hash of bytes, the same everywhere, for what is compared with few others.
pub(crate) fn hash_of_bytes(bytes: &[u8]) -> u64 {
    const HASHER: foldhash::fast::FixedState = foldhash::fast::FixedState::with_seed(0x0072_6f6c_6c63_616c);
    let mut hasher = HASHER.build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

impl Seen {
    /// What a key is remembered by. Two keys among a million share one with a probability of 1 in 10⁷.
    pub(crate) fn hash(kind: KeyKind, key: &[u8]) -> u64 {
        HASHER.hash_one((kind, key))
    }

    /// The row that had this identity first.
    pub(crate) fn row(&self, hash: u64) -> Option<u32> {
        self.tables[table(hash)].find(hash, |entry| hash_of(entry) == hash).map(|entry| entry[2])
    }

    /// Remembers an identity unless an earlier row had it, which is returned.
    pub(crate) fn row_or_insert(&mut self, hash: u64, row: u32) -> Option<u32> {
        match self.tables[table(hash)].entry(hash, |entry| hash_of(entry) == hash, hash_of) {
            hash_table::Entry::Occupied(entry) => Some(entry.get()[2]),
            hash_table::Entry::Vacant(entry) => {
                entry.insert([lower_half(hash), lower_half(hash >> 32), row]);
                None
            }
        }
    }
}

fn table(hash: u64) -> usize {
    // Within a table, the place is told by the lower bits, and the entry by the highest.
    lower_half(hash >> 40) as usize % TABLES
}

fn lower_half(hash: u64) -> u32 {
    u32::try_from(hash & u64::from(u32::MAX)).unwrap_or_default()
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
    fn the_table_of_letters_folds_as_the_slow_way() {
        for code in 0..0x250 {
            let Some(char) = char::from_u32(code) else { continue };
            let text = format!("a{char}b");
            let (mut fast, mut slow) = (KeyWriter::default(), KeyWriter::default());
            fast.push_folded(&text);
            slow.push_folded_slowly(&text);
            assert_eq!(fast.text(), slow.text(), "{char}");
        }
    }

    #[test]
    fn vowel_signs_make_another_name() {
        let of = |name| IdentityKey::of(KeyKind::NameAddress, [name, "x", "x", "1"]);
        assert_ne!(of("राम"), of("रमा"));
    }

    #[test]
    fn the_first_row_of_an_identity_stays() {
        let mut seen = Seen::default();
        let hash = Seen::hash(KeyKind::Email, b"a@b.example");
        assert_eq!(seen.row_or_insert(hash, 2), None);
        assert_eq!(seen.row_or_insert(hash, 5), Some(2));
        assert_eq!(seen.row(hash), Some(2));
        assert_eq!(seen.row(Seen::hash(KeyKind::ExternalId, b"a@b.example")), None);
    }
}
