use super::{Finding, Place, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "stray-space",
    severity: Severity::Warning,
    summary: "A value has space around it, or other space in it than single spaces.",
    why: "Two values that look the same are different: a search does not find the one by the other.",
    failing: "`Ann ` with a space after it, `Mary  Kate` with two spaces, a line break in a city's name.",
    passing: "`Ann`, `Mary Kate`",
    help: "Take out the space around the value, and write single spaces in it.",
};

pub(crate) fn check(column: usize, text: &str) -> Option<Finding> {
    first(text).map(|_| RULE.cell(column, words))
}

fn words(place: &Place<'_>) -> Words {
    let value = place.value();
    let what = first(&value).unwrap_or("a space too many");
    let tidy = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = place.field().is_some_and(|field| field.admits(&tidy));
    Words::new(format!("{} has {what}.", place.quoted()), RULE.help).or_write(fits.then_some(tidy))
}

/// The first space that is not needed, in words.
fn first(text: &str) -> Option<&'static str> {
    let mut before = None;
    for char in text.chars() {
        match char {
            '\n' | '\r' => return Some("a line break in it"),
            '\t' => return Some("a tab in it"),
            ' ' if before.is_none() => return Some("a space before it"),
            ' ' if before == Some(' ') => return Some("two spaces in a row"),
            ' ' => {}
            _ if char.is_whitespace() => return Some("a space of an unusual kind in it"),
            _ => {}
        }
        before = Some(char);
    }
    (before == Some(' ')).then_some("a space after it")
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("StudentFirstName", "Ann "), ("StudentLastName", " Lee"), ("Address1City", "New  York")]), @"
        warning stray-space | Row 2, StudentFirstName: `Ann ` has a space after it. | Write Ann. | fix: `Ann`
        warning stray-space | Row 2, StudentLastName: ` Lee` has a space before it. | Write Lee. | fix: `Lee`
        warning stray-space | Row 2, Address1City: `New  York` has two spaces in a row. | Write New York. | fix: `New York`
        ");
        assert_snapshot!(found(&[("StudentFirstName", "Anne\u{a0}Marie"), ("StudentLastName", "Lee\tKim"), ("Address1City", "New\r\nYork")]), @"
        warning stray-space | Row 2, StudentFirstName: `Anne Marie` has a space of an unusual kind in it. | Write Anne Marie. | fix: `Anne Marie`
        warning stray-space | Row 2, StudentLastName: `Lee␉Kim` has a tab in it. | Write Lee Kim. | fix: `Lee Kim`
        warning stray-space | Row 2, Address1City: `New␍␊York` has a line break in it. | Write New York. | fix: `New York`
        ");
    }

    #[test]
    fn is_silent_where_another_rule_has_spoken() {
        assert_snapshot!(found(&[("Email", " ann@example.com"), ("CanContact", "TRUE "), ("Address1City", "  ")]), @"
        error invalid-email | Row 2, Email: ` ann@example.com` is not an e-mail address. | Write ann@example.com. | fix: `ann@example.com`
        error value-not-allowed | Row 2, CanContact: `TRUE ` is neither TRUE nor FALSE. | Write TRUE. | fix: `TRUE`
        ");
    }
}
