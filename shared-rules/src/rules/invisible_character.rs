use super::{Finding, Place, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "invisible-character",
    severity: Severity::Warning,
    summary: "A value has a character that cannot be seen.",
    why: "Copied web pages and documents bring such characters along. Two values that look the same are then different.",
    failing: "`Lee` with a byte order mark (U+FEFF) before it.",
    passing: "`Lee`; a name in Persian or Hindi that is written with joiners.",
    help: "Take the character out.",
};

pub(crate) fn check(column: usize, text: &str) -> Option<Finding> {
    first(text).map(|_| RULE.cell(column, words))
}

fn words(place: &Place<'_>) -> Words {
    let value = place.value();
    let code = first(&value).map_or(0, u32::from);
    let without: String = visible(&value).collect();
    Words::new(format!("{} has a character that cannot be seen, U+{code:04X}.", place.quoted()), RULE.help)
        .or_write(Some(without))
}

fn first(text: &str) -> Option<char> {
    with_previous(text).find_map(|(previous, char)| is_stray(previous, char).then_some(char))
}

/// The text without them.
pub(crate) fn visible(text: &str) -> impl Iterator<Item = char> {
    with_previous(text).filter_map(|(previous, char)| (!is_stray(previous, char)).then_some(char))
}

fn with_previous(text: &str) -> impl Iterator<Item = (char, char)> {
    text.chars().scan(' ', |previous, char| Some((std::mem::replace(previous, char), char)))
}

fn is_stray(previous: char, char: char) -> bool {
    is_invisible(char) || is_joiner(char) && !takes_joiners(previous)
}

/// Zero-width spaces, soft hyphens, byte order marks, tags, and what turns the direction of writing.
pub(crate) fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

fn is_joiner(char: char) -> bool {
    matches!(char, '\u{200c}' | '\u{200d}')
}

/// Letters and signs of the scripts from Arabic to Burmese, and of Khmer and Mongolian, whose spelling needs
/// joiners.
fn takes_joiners(char: char) -> bool {
    matches!(char, '\u{600}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("StudentLastName", "\u{feff}Lee")]), @"warning invisible-character | Row 2, StudentLastName: `�Lee` has a character that cannot be seen, U+FEFF. | Write Lee. | fix: `Lee`");
        assert_snapshot!(found(&[("StudentFirstName", "An\u{200d}n"), ("StudentLastName", "Le\u{202e}e\u{ad}")]), @"
        warning invisible-character | Row 2, StudentFirstName: `An‍n` has a character that cannot be seen, U+200D. | Write Ann. | fix: `Ann`
        warning invisible-character | Row 2, StudentLastName: `Le�e�` has a character that cannot be seen, U+202E. | Write Lee. | fix: `Lee`
        ");
        assert_snapshot!(found(&[("StudentFirstName", "علی\u{200c}رضا"), ("StudentLastName", "क्\u{200d}षत्रिय")]), @"");
    }
}
