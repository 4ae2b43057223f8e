//! What a cell holds, and how that is written as text.

use std::fmt::Write;

use crate::number_format::Kind;

/// A cell's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    /// Written as it is: texts, and what a format already stores as text.
    Text(&'a str),
    Number(f64),
    /// A number that is shown as a date or a time.
    Moment {
        serial: f64,
        kind: Kind,
        epoch: Epoch,
    },
}

/// The day from which a workbook counts.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Epoch {
    /// Day 1 is 1 January 1900, and day 60 is 29 February 1900, a day that never was: Lotus 1-2-3 took 1900
    /// for a leap year, and Excel follows it.
    #[default]
    Year1900,
    /// Day 0 is 1 January 1904.
    Year1904,
}

pub(crate) const TRUE: &str = "TRUE";
pub(crate) const FALSE: &str = "FALSE";

const DAY: u64 = 86_400;

impl Value<'_> {
    /// The value of a number that is shown in this way.
    pub(crate) fn number(number: f64, kind: Kind, epoch: Epoch) -> Self {
        match kind {
            Kind::Number => Self::Number(number),
            _ => Self::Moment { serial: number, kind, epoch },
        }
    }
}

pub(crate) fn truth(value: bool) -> &'static str {
    if value { TRUE } else { FALSE }
}

/// Appends the shortest decimal notation that reads as the same number; past 10^21 with an exponent, as a
/// spreadsheet shows it.
pub(crate) fn push_number(number: f64, text: &mut String) {
    let written = if number == 0.0 {
        // Minus zero, too.
        write!(text, "0")
    } else if number.abs() < 1e21 {
        write!(text, "{number}")
    } else {
        let scientific = format!("{number:E}").replace('E', "E+");
        write!(text, "{scientific}")
    };
    debug_assert!(written.is_ok(), "a String takes everything");
}

/// Appends `YYYY-MM-DD`, `YYYY-MM-DD HH:MM:SS` where the moment is not midnight, or `HH:MM:SS` where there is
/// no day. Seconds are rounded. A number that is no day of the years up to 9999 is written as a number.
pub(crate) fn push_moment(serial: f64, kind: Kind, epoch: Epoch, text: &mut String) {
    let Some(seconds) = whole_seconds(serial) else { return push_number(serial, text) };
    let (day, second) = (seconds / DAY, seconds % DAY);
    let timeless = matches!((kind, epoch), (Kind::Date, Epoch::Year1904));
    if kind == Kind::Elapsed || (day == 0 && !timeless) {
        return push_time(seconds, text);
    }
    let Some((year, month, day)) = date(day, epoch) else { return push_number(serial, text) };
    let written = write!(text, "{year:04}-{month:02}-{day:02}");
    debug_assert!(written.is_ok(), "a String takes everything");
    if second > 0 {
        text.push(' ');
        push_time(second, text);
    }
}

/// Appends a moment of ISO 8601 (`2026-01-31T10:30:00`) in the same notation.
pub(crate) fn push_iso_moment(iso: &str, text: &mut String) {
    let moment = iso.strip_suffix('Z').unwrap_or(iso);
    let (date, time) = moment.split_once('T').unwrap_or((moment, ""));
    let time = time.split_once('.').map_or(time, |(whole, _)| whole);
    text.push_str(date);
    if !time.is_empty() && time != "00:00:00" {
        if !date.is_empty() {
            text.push(' ');
        }
        text.push_str(time);
    }
}

/// Appends a duration of ISO 8601 (`PT10H30M00S`) as `10:30:00`, or as it is if it is none of hours, minutes
/// and seconds.
pub(crate) fn push_iso_duration(iso: &str, text: &mut String) {
    match duration_seconds(iso) {
        Some(seconds) => push_time(seconds, text),
        None => text.push_str(iso),
    }
}

fn push_time(seconds: u64, text: &mut String) {
    let written = write!(text, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    debug_assert!(written.is_ok(), "a String takes everything");
}

fn whole_seconds(serial: f64) -> Option<u64> {
    // 31 December 9999 is day 2,958,465.
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked above")]
    Some((serial * 86_400.0).round() as u64)
}

/// Year, month and day.
fn date(day: u64, epoch: Epoch) -> Option<(u64, u64, u64)> {
    let since_1904 = match (epoch, day) {
        (Epoch::Year1900, 60) => return Some((1900, 2, 29)),
        (Epoch::Year1900, 1..60) => return civil(BEFORE_1900 + day),
        (Epoch::Year1900, _) => return civil(BEFORE_1900 + day - 1),
        (Epoch::Year1904, _) => day,
    };
    civil(BEFORE_1900 + 1461 + since_1904)
}

/// Days from 1 March of year 0 to 31 December 1899.
const BEFORE_1900: u64 = 693_900;

/// The Gregorian date of a day that is counted from 1 March of year 0. A year that begins in March has its
/// leap day at its end, so that months follow from one formula (H. Hinnant, `civil_from_days`).
fn civil(days: u64) -> Option<(u64, u64, u64)> {
    const FOUR_CENTURIES: u64 = 146_097;
    let (era, rest) = (days / FOUR_CENTURIES, days % FOUR_CENTURIES);
    let year = (rest - rest / 1460 + rest / 36_524 - rest / 146_096) / 365;
    let day = rest - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (carry, month) = if month < 10 { (0, month + 3) } else { (1, month - 9) };
    let year = era * 400 + year + carry;
    (year <= 9999).then_some((year, month, day))
}

fn duration_seconds(iso: &str) -> Option<u64> {
    let mut rest = iso.strip_prefix("PT")?;
    let mut seconds = 0_u64;
    for (unit, size) in [('H', 3600_u64), ('M', 60), ('S', 1)] {
        let Some((number, after)) = rest.split_once(unit) else { continue };
        let whole = number.split_once(['.', ',']).map_or(number, |(whole, _)| whole);
        seconds = seconds.checked_add(whole.parse::<u64>().ok()?.checked_mul(size)?)?;
        rest = after;
    }
    rest.is_empty().then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(number: f64) -> String {
        let mut text = String::new();
        push_number(number, &mut text);
        text
    }

    fn moment(serial: f64, kind: Kind, epoch: Epoch) -> String {
        let mut text = String::new();
        push_moment(serial, kind, epoch, &mut text);
        text
    }

    #[test]
    fn numbers_have_no_exponent_and_no_needless_digit() {
        assert_eq!(number(1_234_567_890_123_456.0), "1234567890123456");
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(1.10), "1.1");
        assert_eq!(number(0.1 + 0.2), "0.30000000000000004");
        assert_eq!(number(1e-7), "0.0000001");
        assert_eq!(number(-42.0), "-42");
        assert_eq!(number(1e20), "100000000000000000000");
        assert_eq!(number(1e21), "1E+21");
        assert_eq!(number(-2.5e300), "-2.5E+300");
    }

    #[test]
    fn days_of_1900_with_the_one_that_never_was() {
        let date = |serial| moment(serial, Kind::Date, Epoch::Year1900);
        assert_eq!(date(1.0), "1900-01-01");
        assert_eq!(date(59.0), "1900-02-28");
        assert_eq!(date(60.0), "1900-02-29");
        assert_eq!(date(61.0), "1900-03-01");
        assert_eq!(date(36_585.0), "2000-02-29");
        assert_eq!(date(45_292.0), "2024-01-01");
        assert_eq!(date(2_958_465.0), "9999-12-31");
        assert_eq!(date(2_958_466.0), "2958466");
        assert_eq!(date(-1.0), "-1");
    }

    #[test]
    fn days_of_1904() {
        let date = |serial| moment(serial, Kind::Date, Epoch::Year1904);
        assert_eq!(date(0.0), "1904-01-01");
        assert_eq!(date(59.0), "1904-02-29");
        assert_eq!(date(60.0), "1904-03-01");
        assert_eq!(date(43_830.0), "2024-01-01");
        assert_eq!(date(2_957_003.0), "9999-12-31");
        assert_eq!(date(2_957_004.0), "2957004");
    }

    #[test]
    fn times() {
        let epoch = Epoch::Year1900;
        assert_eq!(moment(45_292.5, Kind::Date, epoch), "2024-01-01 12:00:00");
        assert_eq!(moment(45_291.999_999_9, Kind::Date, epoch), "2024-01-01");
        assert_eq!(moment(0.5, Kind::Time, epoch), "12:00:00");
        assert_eq!(moment(0.5, Kind::Time, Epoch::Year1904), "12:00:00");
        assert_eq!(moment(0.0, Kind::Time, epoch), "00:00:00");
        assert_eq!(moment(1.5, Kind::Elapsed, epoch), "36:00:00");
        assert_eq!(moment(45_292.25, Kind::Time, epoch), "2024-01-01 06:00:00");
    }

    #[test]
    fn moments_of_iso_8601() {
        let iso = |iso| {
            let mut text = String::new();
            push_iso_moment(iso, &mut text);
            text
        };
        assert_eq!(iso("2024-01-31"), "2024-01-31");
        assert_eq!(iso("2024-01-31T00:00:00"), "2024-01-31");
        assert_eq!(iso("2024-01-31T10:30:00.000Z"), "2024-01-31 10:30:00");
        let duration = |iso| {
            let mut text = String::new();
            push_iso_duration(iso, &mut text);
            text
        };
        assert_eq!(duration("PT10H30M00S"), "10:30:00");
        assert_eq!(duration("PT00H00M05.250S"), "00:00:05");
        assert_eq!(duration("PT100H"), "100:00:00");
        assert_eq!(duration("P1D"), "P1D");
        assert_eq!(duration("PT99999999999999999999H"), "PT99999999999999999999H");
    }
}
