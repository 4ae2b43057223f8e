//! Whether two people who are not known to be one may be: their names and addresses differ as those of one person do
//! who mistyped, goes by a nickname or has moved.
//!
//! People are compared within a block, so that nobody is compared with everybody. A block holds the people whose first
//! names begin alike, whose last names sound alike, and who live in the same postal area.

use serde::{Deserialize, Serialize};

use crate::{
    columns::typing_errors,
    identity::{IdentityKey, KeyKind},
};

mod nicknames;

/// Why two people may be one.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// One letter of the first or the last name is another, too many, missing, or in the wrong place.
    MistypedName,
    /// One of the first names is a short form of the other.
    Nickname,
    /// One letter of the street is another, too many, missing, or in the wrong place.
    MistypedStreet,
    /// The name is the same and the address another.
    OtherAddress,
    /// The birth date is the same.
    SameBirthDate,
}

impl Likeness {
    /// As people say it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::MistypedName => "a mistyped name",
            Self::Nickname => "a nickname",
            Self::MistypedStreet => "a mistyped street",
            Self::OtherAddress => "the same name at another address",
            Self::SameBirthDate => "the same birth date",
        }
    }
}

/// A name and an address, as an identity key has them: normalised.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NamedPlace<'a> {
    pub first: &'a str,
    pub last: &'a str,
    pub street: &'a str,
    pub code: &'a str,
}

/// So much of a postal code makes an area.
const AREA: usize = 3;
/// In a shorter name, one letter makes another name.
const SHORTEST: usize = 3;

impl IdentityKey {
    /// The block in which people are compared who may be the one of this key; only names and addresses have one.
    #[must_use]
    pub fn block(&self) -> Option<String> {
        let NamedPlace { first, last, code, .. } = NamedPlace::of(self)?;
        let area: String = code.chars().take(AREA).collect();
        let initial = nicknames::formal(first).chars().next().map(sound)?;
        Some(format!("{initial} {} {area}", sounds(last)))
    }
}

impl<'a> NamedPlace<'a> {
    #[must_use]
    pub fn of(key: &'a IdentityKey) -> Option<Self> {
        (key.kind == KeyKind::NameAddress).then_some(())?;
        let mut parts = key.value.split('\u{1f}');
        Some(Self { first: parts.next()?, last: parts.next()?, street: parts.next()?, code: parts.next()? })
    }

    /// Why the two may be one person; nothing if they need not be, or if it is known that they are. Whether the birth
    /// dates are the same is known where both are.
    ///
    /// A name that is only like the other is not enough by itself: the address or the birth date has to be the same.
    #[must_use]
    pub fn likeness(self, other: Self, same_birth: Option<bool>) -> Vec<Likeness> {
        if self == other || same_birth == Some(false) {
            return Vec::new();
        }
        let Some(names) = self.names_alike(other) else { return Vec::new() };
        let place = self.place_likeness(other);
        if !names.is_empty() && place == Some(Likeness::OtherAddress) && same_birth != Some(true) {
            return Vec::new();
        }
        let birth = same_birth.map(|_| Likeness::SameBirthDate);
        names.iter().copied().chain(place).chain(birth).collect()
    }

    /// How the names are alike, if they are; in no way where they are the same.
    fn names_alike(self, other: Self) -> Option<&'static [Likeness]> {
        match (self.first == other.first, self.last == other.last) {
            (true, true) => Some(&[]),
            (false, true) if nicknames::formal(self.first) == nicknames::formal(other.first) => {
                Some(&[Likeness::Nickname])
            }
            (false, true) if is_mistyped(self.first, other.first) => Some(&[Likeness::MistypedName]),
            (true, false) if is_mistyped(self.last, other.last) => Some(&[Likeness::MistypedName]),
            _ => None,
        }
    }

    /// How the addresses differ, if they do. Another number in the street is another house.
    fn place_likeness(self, other: Self) -> Option<Likeness> {
        let numbers = |street: &'a str| street.chars().filter(char::is_ascii_digit);
        let mistyped =
            || numbers(self.street).eq(numbers(other.street)) && is_mistyped(self.street, other.street);
        match (self.street == other.street, self.code == other.code) {
            (true, true) => None,
            (false, true) if mistyped() => Some(Likeness::MistypedStreet),
            _ => Some(Likeness::OtherAddress),
        }
    }
}

/// Whether one is the other with a letter changed, left out, put in, or swapped with the next.
fn is_mistyped(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // The lengths first: comparing costs their product.
    one.len().min(other.len()) >= SHORTEST
        && one.len().abs_diff(other.len()) <= 1
        && typing_errors(&one, &other) == 1
}

/// What a letter sounds like, as Soundex has it; vowels, `h`, `w` and `y` are one sound. What is no letter of these
/// stands for itself.
fn sound(letter: char) -> char {
    match letter {
        'b' | 'f' | 'p' | 'v' => '1',
        'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => '2',
        'd' | 't' => '3',
        'l' => '4',
        'm' | 'n' => '5',
        'r' => '6',
        'a' | 'e' | 'i' | 'o' | 'u' | 'h' | 'w' | 'y' => '0',
        other => other,
    }
}

/// The first sounds of a name: vowels count at its beginning alone, and a sound that is repeated counts once.
fn sounds(name: &str) -> String {
    const SOUNDS: usize = 4;
    let mut sounds = String::new();
    let mut last = None;
    for now in name.chars().map(sound) {
        if last != Some(now) && (sounds.is_empty() || now != '0') {
            sounds.push(now);
        }
        last = Some(now);
    }
    sounds.chars().take(SOUNDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(values: &str) -> IdentityKey {
        IdentityKey::of(KeyKind::NameAddress, values.split(", ")).unwrap()
    }

    fn likeness(one: &str, other: &str, same_birth: Option<bool>) -> Vec<Likeness> {
        let (one, other) = (key(one), key(other));
        let place = |key| NamedPlace::of(key).unwrap();
        let found = place(&one).likeness(place(&other), same_birth);
        assert_eq!(place(&other).likeness(place(&one), same_birth), found, "it goes both ways");
        if !found.is_empty() {
            assert_eq!(one.block(), other.block(), "they are compared at all: {one:?} {other:?}");
        }
        found
    }

    const ROBERT: &str = "Robert, Lee, 1 Main St, 02108";

    #[test]
    fn one_person_mistyped_nicknamed_or_moved() {
        use Likeness::{MistypedName, MistypedStreet, Nickname, OtherAddress, SameBirthDate};
        for (other, same_birth, expected) in [
            ("Bob, Lee, 1 Main St, 02108", None, vec![Nickname]),
            ("Robbie, Lee, 1 Main St, 02108", Some(true), vec![Nickname, SameBirthDate]),
            ("Robret, Lee, 1 Main St, 02108", None, vec![MistypedName]),
            ("Robrt, Lee, 1 Main St, 02108", None, vec![MistypedName]),
            ("Robert, Leee, 1 Main St, 02108", None, vec![MistypedName]),
            ("Robert, Lee, 1 Mian St, 02108", None, vec![MistypedStreet]),
            ("Robert, Lee, 77 Elm St, 02139", None, vec![OtherAddress]),
            ("Bob, Lee, 77 Elm St, 02139", Some(true), vec![Nickname, OtherAddress, SameBirthDate]),
        ] {
            assert_eq!(likeness(ROBERT, other, same_birth), expected, "{other}");
        }
    }

    #[test]
    fn others_are_not_alike() {
        for (other, same_birth) in [
            (ROBERT, None),
            ("Robert, Lee, 77 Elm St, 02139", Some(false)),
            ("Bob, Lee, 77 Elm St, 02139", None),
            ("Robret, Lee, 1 Elm St, 02108", None),
            ("Roy, Lee, 1 Main St, 02108", None),
            ("Bob, Leee, 1 Main St, 02108", None),
            ("Ruth, Kim, 1 Main St, 02108", Some(true)),
        ] {
            assert_eq!(likeness(ROBERT, other, same_birth), [], "{other}");
        }
        assert_eq!(likeness("Al, Wu, 1 Main St, 02108", "Al, Xu, 1 Main St, 02108", None), []);
    }

    #[test]
    fn a_block_is_of_what_begins_and_sounds_alike_in_one_area() {
        let block = |values| key(values).block();
        assert_eq!(block(ROBERT).as_deref(), Some("6 4 021"));
        assert_eq!(block("Ann, Schmidt, 1 Main St, 02108"), block("Anne, Schmitt, 7 Elm St, 02139"));
        assert_ne!(block("Ann, Lee, 1 Main St, 02108"), block("Ann, Lee, 1 Main St, 90210"));
        assert_ne!(block("Ann, Lee, 1 Main St, 02108"), block("Kim, Lee, 1 Main St, 02108"));
        assert_eq!(block("李娜, 王, 1 Main St, 02108").as_deref(), Some("李 王 021"));
        assert_eq!(IdentityKey::of(KeyKind::Email, ["a@b.example"]).unwrap().block(), None);
    }
}
