use jiff::civil::Date;

use super::{Detail, Finding, Place, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "impossible-graduation",
    severity: Severity::Warning,
    summary: "A person graduates before the age of 12.",
    why: "The birth date or the year of graduation is wrong.",
    failing: "Born `2022-04-20`, graduates in `2031`.",
    passing: "Born `2013-04-20`, graduates in `2031`.",
    help: "Correct the year or the birth date.",
};

pub(crate) const LEAST_AGE: i64 = 12;

pub(crate) fn check(column: usize, year: i64, born: Date) -> Option<Finding> {
    let birth_year = i64::from(born.year());
    let detail = Detail::Number(usize::try_from(birth_year).unwrap_or(0));
    (year < birth_year + LEAST_AGE).then(|| RULE.cell(column, words).with(detail))
}

fn words(place: &Place<'_>) -> Words {
    Words::new(format!("{} is too early for a person born in {}.", place.quoted(), place.number()), RULE.help)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("BirthDay", "2022-04-20"), ("HighSchoolGraduationYear", "2031"), ("CollegeGraduationYear", "2038")]), @"warning impossible-graduation | Row 2, HighSchoolGraduationYear: `2031` is too early for a person born in 2022. | Correct the year or the birth date.");
        assert_snapshot!(found(&[("BirthDay", ""), ("HighSchoolGraduationYear", "2001")]), @"");
    }
}
