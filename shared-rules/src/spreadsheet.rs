//! Cells that a spreadsheet would run as a formula: marked in what we write, unmarked in what we read.

use std::borrow::Cow;

/// What a formula starts with. The full-width forms count because some spreadsheets fold them.
const FORMULA_STARTS: [&str; 10] = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"];

/// Whether the text is a formula's start behind any number of apostrophes.
fn is_formula(text: &[u8]) -> bool {
    let start = text.iter().position(|byte| *byte != b'\'').unwrap_or(text.len());
    FORMULA_STARTS.iter().any(|mark| text[start..].starts_with(mark.as_bytes()))
}

/// The text with an apostrophe in front if a spreadsheet could run it.
#[must_use]
pub fn neutralise(text: &str) -> Cow<'_, str> {
    if is_formula(text.as_bytes()) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Whether the cell's first byte is the apostrophe of [`neutralise`], which the reader takes off.
pub(crate) fn is_neutralised(cell: &[u8]) -> bool {
    cell.first() == Some(&b'\'') && is_formula(cell)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_marked_and_nothing_else() {
        for text in ["=1+1", "+49 30 1", "-1", "@cmd", "\tx", "＝1", "'=1"] {
            assert_eq!(neutralise(text), format!("'{text}"));
        }
        for text in ["", "Ann", "O'Brien", "'t Hooft", "'", "1=1", "a@b"] {
            assert_eq!(neutralise(text), text);
        }
    }

    proptest! {
        #[test]
        fn the_mark_is_known_again(text in "['=+@a\\-]{0,6}|\\PC*") {
            let marked = neutralise(&text);
            let restored = if is_neutralised(marked.as_bytes()) { &marked[1..] } else { &marked };
            prop_assert_eq!(restored, &text);
        }
    }
}
