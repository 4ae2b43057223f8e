use super::{Rule, Words, Finding, Place};
use crate::{dates::{self, Reading}, diagnostic::Severity, options::DateOrder, program::Kind};

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
    let reading = dates::read(&value);
    let serial = dates::of_serial(value.trim());
    let form = match place.kind() {
        Some(Kind::Date(moment)) => moment.form("a date as YYYY-MM-DD"),
        _ => "a date".to_owned(),
    };
    let message = match (reading, serial) {
        (Reading::NotInCalendar, _) => format!("{found} is not in the calendar."),
        (_, Some(date)) => format!("{found} is not {form}; a spreadsheet stores {date} as this number."),
        (Reading::Century, _) => format!("{found} is not {form}, and its year has two digits."),
        _ => format!("{found} is not {form}."),
    };
    let words = Words::new(message, format!("Write {form}, such as 2011-04-20."));
    let certain = match reading {
        Reading::Certain(date) => Some(date),
        Reading::Either(month_first, _) if place.date_order == Some(DateOrder::MonthFirst) => Some(month_first),
        Reading::Either(_, day_first) if place.date_order == Some(DateOrder::DayFirst) => Some(day_first),
        Reading::Either(month_first, day_first) => {
            let help = format!("Write {month_first} or {day_first}, whichever is meant.");
            return Words { help, ..words };
        }
        _ => serial,
    };
    let text = certain.map(|date| date.to_string());
    let fits = text.filter(|text| place.field().is_some_and(|field| field.admits(text)));
    words.or_write(fits)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("BirthDay", "4/20/2011")]), @"error invalid-date | Row 2, BirthDay: `4/20/2011` is not a date as YYYY-MM-DD. | Write 2011-04-20. | fix: `2011-04-20`");
        assert_snapshot!(found(&[("BirthDay", "20.4.2011")]), @"error invalid-date | Row 2, BirthDay: `20.4.2011` is not a date as YYYY-MM-DD. | Write 2011-04-20. | fix: `2011-04-20`");
        assert_snapshot!(found(&[("BirthDay", "3/4/2011")]), @"
        warning ambiguous-dates | Column BirthDay: one date can be read with the day or the month first. | Say whether the day or the month comes first, or write the dates as YYYY-MM-DD.
        error invalid-date | Row 2, BirthDay: `3/4/2011` is not a date as YYYY-MM-DD. | Write 2011-03-04 or 2011-04-03, whichever is meant.
        ");
        assert_snapshot!(found(&[("BirthDay", "2011-02-30")]), @"error invalid-date | Row 2, BirthDay: `2011-02-30` is not in the calendar. | Write a date as YYYY-MM-DD, such as 2011-04-20.");
        assert_snapshot!(found(&[("BirthDay", "2011/4/20")]), @"error invalid-date | Row 2, BirthDay: `2011/4/20` is not a date as YYYY-MM-DD. | Write 2011-04-20. | fix: `2011-04-20`");
        assert_snapshot!(found(&[("BirthDay", "40653")]), @"error invalid-date | Row 2, BirthDay: `40653` is not a date as YYYY-MM-DD; a spreadsheet stores 2011-04-20 as this number. | Write 2011-04-20. | fix: `2011-04-20`");
        assert_snapshot!(found(&[("BirthDay", "4/20/11")]), @"error invalid-date | Row 2, BirthDay: `4/20/11` is not a date as YYYY-MM-DD, and its year has two digits. | Write a date as YYYY-MM-DD, such as 2011-04-20.");
    }
}
