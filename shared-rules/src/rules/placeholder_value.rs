use super::{Finding, Place, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "placeholder-value",
    severity: Severity::Warning,
    summary: "A name is a word that stands for none.",
    why: "The person would be called so.",
    failing: "`N/A`, `test` or `-` in a column of names.",
    passing: "`Null`, which is a family name, written as one.",
    help: "Write the person's name.",
};

pub(crate) fn check(column: usize, text: &str) -> Option<Finding> {
    is_placeholder(text).then(|| RULE.cell(column, words))
}

fn words(place: &Place<'_>) -> Words {
    Words::new(format!("{} looks like a placeholder, not like a name.", place.quoted()), RULE.help)
}

fn is_placeholder(text: &str) -> bool {
    // With these the words begin.
    let may_be = |first: &u8| b"ntaqxu(?-.".contains(&first.to_ascii_lowercase());
    if !text.as_bytes().first().is_some_and(may_be) {
        return false;
    }
    let mut lower = [0; LONGEST];
    // Many a name is longer.
    let Some(lower) = lower.get_mut(..text.len()) else { return false };
    lower.copy_from_slice(text.as_bytes());
    lower.make_ascii_lowercase();
    match &*lower {
        b"n/a" | b"n.a." | b"none" | b"test" | b"testing" | b"asdf" | b"qwerty" | b"xxx" | b"xxxx"
        | b"abc" | b"tbd" | b"tba" | b"unknown" | b"undefined" | b"(blank)" | b"(null)" | b"?" | b"??"
        | b"-" | b"--" | b"---" | b"." => true,
        // People are called Null.
        b"null" => text != "Null",
        _ => false,
    }
}

/// As long as `undefined`.
pub(crate) const LONGEST: usize = 9;

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("StudentFirstName", "N/A"), ("StudentLastName", "Test"), ("Address1City", "test")]), @"
        warning placeholder-value | Row 2, StudentFirstName: `N/A` looks like a placeholder, not like a name. | Write the person's name.
        warning placeholder-value | Row 2, StudentLastName: `Test` looks like a placeholder, not like a name. | Write the person's name.
        ");
        assert_snapshot!(found(&[("StudentFirstName", "-"), ("StudentLastName", "NULL")]), @"
        warning placeholder-value | Row 2, StudentFirstName: `-` looks like a placeholder, not like a name. | Write the person's name.
        warning placeholder-value | Row 2, StudentLastName: `NULL` looks like a placeholder, not like a name. | Write the person's name.
        ");
        assert_snapshot!(found(&[("StudentFirstName", "True"), ("StudentLastName", "Null")]), @"");
    }
}
