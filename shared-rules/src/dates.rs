//! What somebody may have meant who wrote a date in another way than ISO 8601.

use jiff::civil::Date;

use crate::options::DateOrder;

/// How a text can be read as a date.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reading {
    Certain(Date),
    /// Month first, or day first.
    Either(Date, Date),
    /// The year has two digits, and both centuries are possible.
    Century,
    NotInCalendar,
    Unclear,
}

/// The date, where the text can be read in one way only.
pub(crate) fn certain(text: &str) -> Option<Date> {
    match read(text) {
        Reading::Certain(date) => Some(date),
        _ => None,
    }
}

/// The date, where the text can be read in one way only or in the order that somebody has said; none where the text
/// contradicts them.
pub(crate) fn in_order(text: &str, said: DateOrder) -> Option<Date> {
    match (read(text), said) {
        (Reading::Either(date, _), DateOrder::MonthFirst)
        | (Reading::Either(_, date), DateOrder::DayFirst) => Some(date),
        (Reading::Certain(date), _) if order(text).is_none_or(|found| found == said) => Some(date),
        _ => None,
    }
}

/// Reads year, month and day in digits, apart by `/`, `-`, `.` or spaces, or with the month's English name. A time
/// of midnight after it says nothing and is passed over, as spreadsheets add it.
pub(crate) fn read(text: &str) -> Reading {
    let text = text.trim();
    let text = text.strip_suffix(" 00:00:00").or_else(|| text.strip_suffix(" 0:00")).unwrap_or(text);
    let parts: Vec<&str> = text.split(['/', '-', '.', ' ', ',']).filter(|part| !part.is_empty()).collect();
    let [first, second, third] = parts[..] else { return Reading::Unclear };
    if let Some(reading) = with_named_month(first, second, third) {
        return reading;
    }
    let (Some(a), Some(b), Some(c)) = (number(first), number(second), number(third)) else {
        return Reading::Unclear;
    };
    if first.len() == 4 {
        return date(a, b, c).map_or(Reading::NotInCalendar, Reading::Certain);
    }
    match third.len() {
        4 => by_order(c, a, b),
        2 if first.len() <= 2 && second.len() <= 2 => Reading::Century,
        _ => Reading::Unclear,
    }
}

/// Which of the first two numbers is the month, where only one can be.
pub(crate) fn order(text: &str) -> Option<DateOrder> {
    let mut parts = text.trim().split(['/', '-', '.', ' ']);
    let (first, second) = (number(parts.next()?)?, number(parts.next()?)?);
    match (first > 12, second > 12) {
        (true, false) if first <= 31 => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        _ => None,
    }
}

fn by_order(year: i16, a: i16, b: i16) -> Reading {
    match (date(year, a, b), date(year, b, a)) {
        (Some(month_first), Some(day_first)) if month_first != day_first => {
            Reading::Either(month_first, day_first)
        }
        (Some(date), _) | (None, Some(date)) => Reading::Certain(date),
        (None, None) => Reading::NotInCalendar,
    }
}

/// `20 April 2011`, `Apr 20, 2011`.
fn with_named_month(first: &str, second: &str, third: &str) -> Option<Reading> {
    let (month, day) = match (month(first), month(second)) {
        (Some(month), None) => (month, number(second)?),
        (None, Some(month)) => (month, number(first)?),
        _ => return None,
    };
    Some(match third.len() {
        4 => date(number(third)?, month, day).map_or(Reading::NotInCalendar, Reading::Certain),
        2 => Reading::Century,
        _ => Reading::Unclear,
    })
}

pub(crate) fn month(text: &str) -> Option<i16> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.to_ascii_lowercase();
    let place = MONTHS.iter().position(|month| text.len() >= 3 && month.starts_with(&text))?;
    i16::try_from(place + 1).ok()
}

fn number(text: &str) -> Option<i16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

pub(crate) fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The day that a spreadsheet stores as this number, for the days on which living people were born and the years
/// around: 1 is 1900-01-01 and 60 the 29 February 1900 that never was.
pub(crate) fn of_serial(text: &str) -> Option<Date> {
    let serial: i64 = if text.len() == 5 { text.parse().ok()? } else { return None };
    let day = Date::constant(1899, 12, 30);
    day.checked_add(jiff::Span::new().try_days(serial).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Reading) {
        assert_eq!(read(text), expect, "{text}");
    }

    #[test]
    fn dates_as_people_write_them() {
        let day = Reading::Certain(Date::constant(2011, 4, 20));
        for text in
            ["4/20/2011", "20.4.2011", "2011/4/20", "20 April 2011", "Apr 20, 2011", "2011-04-20 00:00:00"]
        {
            check(text, day);
        }
        check("3/4/2011", Reading::Either(Date::constant(2011, 3, 4), Date::constant(2011, 4, 3)));
        check("4/4/2011", Reading::Certain(Date::constant(2011, 4, 4)));
        check("4/20/11", Reading::Century);
        check("2011-02-30", Reading::NotInCalendar);
        for text in ["", "40653", "soon", "1/2", "1/2/3/4", "a/b/2011", "1/2/20111"] {
            check(text, Reading::Unclear);
        }
    }

    #[test]
    fn dates_in_the_order_that_somebody_said() {
        let check = |text, order, expect| assert_eq!(in_order(text, order), expect, "{text}");
        check("3/4/2011", DateOrder::DayFirst, Some(Date::constant(2011, 4, 3)));
        check("3/4/2011", DateOrder::MonthFirst, Some(Date::constant(2011, 3, 4)));
        for (text, order) in [("20/4/2011", DateOrder::DayFirst), ("4/20/2011", DateOrder::MonthFirst)] {
            check(text, order, Some(Date::constant(2011, 4, 20)));
        }
        check("20/4/2011", DateOrder::MonthFirst, None);
        check("4/20/2011", DateOrder::DayFirst, None);
        check("Apr 20, 2011", DateOrder::DayFirst, Some(Date::constant(2011, 4, 20)));
        check("4/20/11", DateOrder::MonthFirst, None);
    }

    #[test]
    fn serials_of_spreadsheets() {
        assert_eq!(of_serial("40653"), Some(Date::constant(2011, 4, 20)));
        assert_eq!(of_serial("4065"), None);
        assert_eq!(of_serial("4065x"), None);
    }
}
