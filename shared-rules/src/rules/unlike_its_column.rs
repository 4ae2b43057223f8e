use super::{Rule, Words, grouped, shortened};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "unlike-its-column",
    severity: Severity::Warning,
    summary: "Fewer than half of a column's values are what the column takes.",
    why: "Most often it is another column under a wrong header, and not so many single mistakes.",
    failing: "A column `Email` full of phone numbers.",
    passing: "A column `Email` with a few mistakes.",
    help: "Check whether the column's header is right.",
};

/// Fewer values than this say nothing about a column.
const FEWEST_VALUES: u32 = 4;

/// `wrong` of the `values` in the column break its type.
pub(crate) fn check(header: &str, values: u32, wrong: u32) -> Option<Diagnostic> {
    if values < FEWEST_VALUES || wrong <= values / 2 {
        return None;
    }
    let words = Words::new(
        format!(
            "Column {}: {} of {} values are not what the column takes; it may be another column.",
            shortened(header),
            grouped(wrong),
            grouped(values)
        ),
        RULE.help,
    );
    Some(RULE.column(header, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_values() {
        for (values, wrong, expect) in [(0, 0, false), (3, 3, false), (4, 2, false), (4, 3, true), (9, 4, false), (9, 5, true)] {
            assert_eq!(check("Email", values, wrong).is_some(), expect, "{wrong} of {values}");
        }
        let message = check("Email", 2_000, 1_900).unwrap().message;
        assert_eq!(message, "Column Email: 1,900 of 2,000 values are not what the column takes; it may be another column.");
    }
}
