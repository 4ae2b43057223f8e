use jiff::civil::Date;

use super::{Rule, Words, Finding, Place};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "invalid-date",
    severity: Severity::Error,
    summary: "A value is not a date as YYYY-MM-DD.",
    why: "Dates in other orders are read differently in different countries: 3/4/2011 is two days.",
    failing: "`4/20/2011`, `2011-02-30`",
    passing: "`2011-04-20`",
    help: "Write year, month and day as YYYY-MM-DD.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    let value = place.value();
    let found = place.quoted();
    let reading = read(value.trim());
    let message = match reading {
        Reading::NotInCalendar => format!("{found} is not in the calendar."),
        _ => format!("{found} is not a date as YYYY-MM-DD."),
    };
    let words = Words::new(message, "Write the date as YYYY-MM-DD, such as 2011-04-20.");
    match reading {
        Reading::Certain(date) => {
            let date = date.to_string();
            let fits = place.field().is_some_and(|field| field.admits(&date));
            words.or_write(fits.then_some(date))
        }
        Reading::Either(month_first, day_first) => {
            Words { help: format!("Write {month_first} or {day_first}, whichever is meant."), ..words }
        }
        Reading::NotInCalendar | Reading::Unclear => words,
    }
}

/// What somebody may have meant who wrote a date in another way.
#[derive(Clone, Copy)]
enum Reading {
    Certain(Date),
    Either(Date, Date),
    NotInCalendar,
    Unclear,
}

fn read(text: &str) -> Reading {
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let [Ok(a), Ok(b), Ok(c)] = parts.iter().map(|part| part.parse::<i16>()).collect::<Vec<_>>()[..] else {
        return Reading::Unclear;
    };
    let date = |year, month, day| {
        Date::new(year, i8::try_from(month).unwrap_or_default(), i8::try_from(day).unwrap_or_default()).ok()
    };
    let four_digits = |index: usize| parts[index].len() == 4;
    if four_digits(0) {
        return date(a, b, c).map_or(Reading::NotInCalendar, Reading::Certain);
    }
    if !four_digits(2) {
        return Reading::Unclear;
    }
    match (date(c, a, b), date(c, b, a)) {
        (Some(month_first), Some(day_first)) if month_first != day_first => {
            Reading::Either(month_first, day_first)
        }
        (Some(date), _) | (None, Some(date)) => Reading::Certain(date),
        (None, None) => Reading::NotInCalendar,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("BirthDay", "4/20/2011")]), @"error invalid-date | Row 2, BirthDay: `4/20/2011` is not a date as YYYY-MM-DD. | Write 2011-04-20. | fix: `2011-04-20`");
        assert_snapshot!(found(&[("BirthDay", "20.4.2011")]), @"error invalid-date | Row 2, BirthDay: `20.4.2011` is not a date as YYYY-MM-DD. | Write 2011-04-20. | fix: `2011-04-20`");
        assert_snapshot!(found(&[("BirthDay", "3/4/2011")]), @"error invalid-date | Row 2, BirthDay: `3/4/2011` is not a date as YYYY-MM-DD. | Write 2011-03-04 or 2011-04-03, whichever is meant.");
        assert_snapshot!(found(&[("BirthDay", "2011-02-30")]), @"error invalid-date | Row 2, BirthDay: `2011-02-30` is not in the calendar. | Write the date as YYYY-MM-DD, such as 2011-04-20.");
        assert_snapshot!(found(&[("BirthDay", "2011/4/20")]), @"error invalid-date | Row 2, BirthDay: `2011/4/20` is not a date as YYYY-MM-DD. | Write 2011-04-20. | fix: `2011-04-20`");
        assert_snapshot!(found(&[("BirthDay", "40653")]), @"error invalid-date | Row 2, BirthDay: `40653` is not a date as YYYY-MM-DD. | Write the date as YYYY-MM-DD, such as 2011-04-20.");
        assert_snapshot!(found(&[("BirthDay", "4/20/11")]), @"error invalid-date | Row 2, BirthDay: `4/20/11` is not a date as YYYY-MM-DD. | Write the date as YYYY-MM-DD, such as 2011-04-20.");
    }
}
