use super::{Rule, Words, Finding, Place};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "invalid-year",
    severity: Severity::Error,
    summary: "A value is not a year in four digits.",
    why: "A year in two digits belongs to two centuries, and a date is not a year.",
    failing: "`31`, `2031.0`",
    passing: "`2031`",
    help: "Write the year in four digits.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    Words::new(
        format!("{} is not a year in four digits.", place.quoted()),
        "Write the year in four digits, such as 2031.",
    )
    .or_write(place.trimmed())
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("HighSchoolGraduationYear", "31")]), @"error invalid-year | Row 2, HighSchoolGraduationYear: `31` is not a year in four digits. | Write the year in four digits, such as 2031.");
        assert_snapshot!(found(&[("HighSchoolGraduationYear", "2031 ")]), @"error invalid-year | Row 2, HighSchoolGraduationYear: `2031 ` is not a year in four digits. | Write 2031. | fix: `2031`");
    }
}
