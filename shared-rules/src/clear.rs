//! The word that empties a stored value. A blank cell never does: most blanks mean that nobody knows, or that the
//! column was of no interest.
//!
//! The word is the same in every program and import, so that a file means the same wherever it is read. Its brackets
//! keep it apart from anything that a person, a place or an address is called, and no spreadsheet turns it into
//! something else.

use crate::program::{Fill, Program};

/// The word, in any case of letters.
pub const CLEAR: &str = "[clear]";

/// Whether a cell says that the stored value is to be emptied.
#[must_use]
pub fn is_clear(text: &str) -> bool {
    let may_be = text.as_bytes().first().is_some_and(|first| *first == b'[' || !first.is_ascii_graphic());
    may_be && text.trim().eq_ignore_ascii_case(CLEAR)
}

impl Program {
    /// Whether a cell of this field may empty what is stored. What a person must have, is known by or is sorted by
    /// stays; so does what is tied to others, and what is secret.
    pub(crate) fn clears(&self, field: usize) -> bool {
        let is_kind = self.person_kind.as_ref().is_some_and(|kind| kind.field == field);
        let identifies = |name: &str| self.identity.iter().any(|kind| kind.attributes().contains(&name));
        let field = &self.fields[field];
        !is_kind
            && !field.required
            && !field.secret
            && match field.fills {
                Some(Fill::Person(name)) => !identifies(name),
                Some(Fill::Profile) => true,
                _ => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_else_is_the_word() {
        for word in ["[clear]", "[Clear]", " [CLEAR]\t"] {
            assert!(is_clear(word), "{word}");
        }
        for other in ["", "clear", "[clear", "[ clear ]", "[clear]x", "(clear)"] {
            assert!(!is_clear(other), "{other}");
        }
    }

    #[test]
    fn what_a_person_must_have_or_is_known_by_stays() {
        let program = Program::builtin("retail").unwrap();
        let clears = |name: &str| {
            let field = program.fields.iter().position(|field| field.name == name).unwrap();
            program.clears(field)
        };
        for name in ["Phone1Number", "Address1City", "Zee", "Modality", "BirthDay"] {
            assert!(clears(name), "{name}");
        }
        for name in
            ["Email", "StudentLastName", "Address1Zip", "CanContact", "ClientType", "PSOId", "ParentEmail"]
        {
            assert!(!clears(name), "{name}");
        }
    }
}
