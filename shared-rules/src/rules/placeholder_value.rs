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
    // Almost every name passes here.
    if text.len() > LONGEST {
        return false;
    }
    let in_any_case = |word: &&str| word.eq_ignore_ascii_case(text);
    WORDS.iter().any(|word| in_any_case(word)) || AS_WRITTEN.contains(&text)
}

const LONGEST: usize = 9;

const WORDS: [&str; 22] = [
    "n/a",
    "n.a.",
    "#n/a",
    "none",
    "test",
    "testing",
    "asdf",
    "qwerty",
    "xxx",
    "xxxx",
    "abc",
    "tbd",
    "tba",
    "unknown",
    "undefined",
    "(blank)",
    "?",
    "??",
    "-",
    "--",
    "---",
    ".",
];

/// People are called Null.
const AS_WRITTEN: [&str; 3] = ["null", "NULL", "(null)"];

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

    #[test]
    fn no_placeholder_is_longer() {
        assert!(super::WORDS.iter().all(|word| word.len() <= super::LONGEST));
    }
}
