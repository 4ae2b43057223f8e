//! Cells that a spreadsheet would run as a formula: marked in what we write, unmarked in what we read.

use std::borrow::Cow;

/// Whether a spreadsheet takes a cell that starts with this character for a formula. The full-width forms
/// count because some spreadsheets fold them.
fn starts_formula(char: char) -> bool {
    matches!(char, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠')
}

/// Whether the text is a formula start behind any number of apostrophes.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(starts_formula)
}

/// The text with an apostrophe in front if a spreadsheet could run it.
#[must_use]
pub fn neutralise(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Takes the apostrophe of [`neutralise`] off again.
#[must_use]
pub fn restore(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
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
        for text in ["", "Ann", "O'Brien", "'t Hooft", "1=1", "a@b"] {
            assert_eq!(neutralise(text), text);
        }
    }

    proptest! {
        #[test]
        fn what_was_marked_reads_as_before(text in "['=+@a\\-]{0,6}|\\PC*") {
            let marked = neutralise(&text);
            prop_assert_eq!(restore(&marked), &text);
        }
    }
}
