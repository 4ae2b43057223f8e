use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::{Detail, Finding, Place, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "doubtful-birth-date",
    severity: Severity::Warning,
    summary: "A birth date is one on which nobody in a roster was born.",
    why: "It is a typing error, or what software writes for a date that is not there.",
    failing: "`1900-01-01`, `1013-04-20`; where the check is told today's date, a day to come, or one that makes the person younger than 3 or older than 120.",
    passing: "`2013-04-20`",
    help: "Correct the date, or leave the cell blank where it is not known.",
};

pub(crate) fn check(column: usize, born: Date, today: Option<Date>) -> Option<Finding> {
    if PLACEHOLDERS.contains(&born) {
        return Some(RULE.cell(column, placeholder));
    }
    if born.year() < LONG_AGO {
        return Some(RULE.cell(column, long_ago));
    }
    let today = today?;
    if born > today {
        return Some(RULE.cell(column, to_come));
    }
    let age = age(born, today);
    let years = || Detail::Number(usize::try_from(age).unwrap_or(0));
    (!AGES.contains(&age)).then(|| RULE.cell(column, of_age).with(years()))
}

/// Whoever was born in one of these years is not doubted, whatever the day.
pub(crate) fn plausible_years(today: Option<Date>) -> RangeInclusive<i64> {
    let first = i64::from(LONG_AGO) + 1;
    let Some(year) = today.map(|today| i64::from(today.year())) else { return first..=i64::MAX };
    first.max(year - AGES.end())..=year - AGES.start() - 1
}

/// How old the people of a roster are, in whole years.
const AGES: RangeInclusive<i64> = 3..=120;

/// Nobody in a roster was born before this year.
const LONG_AGO: i16 = 1900;

/// What software writes for a date that is not there.
const PLACEHOLDERS: [Date; 2] = [Date::constant(1900, 1, 1), Date::constant(1, 1, 1)];

/// In whole years, for somebody who is born.
fn age(born: Date, today: Date) -> i64 {
    let birthday_to_come = (today.month(), today.day()) < (born.month(), born.day());
    i64::from(today.year() - born.year()) - i64::from(birthday_to_come)
}

fn placeholder(place: &Place<'_>) -> Words {
    Words::new(format!("{} looks like a placeholder, not like a birth date.", place.quoted()), RULE.help)
}

fn long_ago(place: &Place<'_>) -> Words {
    Words::new(format!("{} is before 1900.", place.quoted()), RULE.help)
}

fn to_come(place: &Place<'_>) -> Words {
    Words::new(format!("{} is still to come.", place.quoted()), RULE.help)
}

fn of_age(place: &Place<'_>) -> Words {
    Words::new(format!("{} makes the person {} years old.", place.quoted(), place.number()), RULE.help)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("BirthDay", "1900-01-01")]), @"warning doubtful-birth-date | Row 2, BirthDay: `1900-01-01` looks like a placeholder, not like a birth date. | Correct the date, or leave the cell blank where it is not known.");
        assert_snapshot!(found(&[("BirthDay", "1013-04-20")]), @"warning doubtful-birth-date | Row 2, BirthDay: `1013-04-20` is before 1900. | Correct the date, or leave the cell blank where it is not known.");
        assert_snapshot!(found(&[("BirthDay", "1970-01-01")]), @"");
    }

    #[test]
    fn with_a_clock() {
        let today = Date::constant(2026, 5, 14);
        let is_doubtful = |born| check(0, born, Some(today)).is_some();
        assert!(is_doubtful(Date::constant(2026, 5, 15)));
        assert!(is_doubtful(Date::constant(2023, 5, 15)));
        assert!(!is_doubtful(Date::constant(2023, 5, 14)));
        assert!(!is_doubtful(Date::constant(1906, 5, 14)));
        assert!(is_doubtful(Date::constant(1905, 5, 14)));
    }
    #[test]
    fn a_plausible_year_leaves_no_doubt() {
        for today in [None, Some(Date::constant(2026, 5, 14)), Some(Date::constant(2024, 12, 31))] {
            let years = plausible_years(today);
            let born = |year, (month, day)| Date::constant(year, month, day);
            let days = [(1, 1), (5, 13), (5, 14), (5, 15), (12, 31)];
            let is_doubtful = |year| days.iter().any(|day| check(0, born(year, *day), today).is_some());
            assert_eq!((1..2100).find(|year| years.contains(&i64::from(*year)) && is_doubtful(*year)), None);
            assert!(years.contains(&1906) && years.contains(&2020) && !years.contains(&1900));
        }
    }
}
