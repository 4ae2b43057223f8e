//! Dates and times as a Table Schema's types and formats have them. By hand: the parsers of the date library read far
//! more, and would make the browser's module a fifth larger.

use jiff::civil::{Date, DateTime, Time};

use super::kind::iso_date;
use crate::{dates, options::DateOrder};

/// The types of the calendar and the clock.
pub(crate) trait Civil: Sized {
    /// As ISO 8601 writes it.
    fn iso(text: &str) -> Option<Self>;
    /// In another form that can be read in one way only.
    fn unambiguous(text: &str) -> Option<Self>;
    /// In another form, read in the order that somebody has said where there are two ways.
    fn in_order(text: &str, _order: DateOrder) -> Option<Self> {
        Self::unambiguous(text)
    }
    /// As the C function `strptime` reads it.
    fn by_pattern(pattern: &str, text: &str) -> Option<Self>;
}

impl Civil for Date {
    fn iso(text: &str) -> Option<Self> {
        iso_date(text)
    }

    fn unambiguous(text: &str) -> Option<Self> {
        dates::certain(text)
    }

    fn in_order(text: &str, order: DateOrder) -> Option<Self> {
        dates::in_order(text, order)
    }

    fn by_pattern(pattern: &str, text: &str) -> Option<Self> {
        Parts::read(pattern, text)?.date()
    }
}

impl Civil for Time {
    fn iso(text: &str) -> Option<Self> {
        let text = text.strip_suffix('Z').unwrap_or(text);
        let (text, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let fits = text.len() == 8 && is_number(fraction);
        if fits { Self::by_pattern("%H:%M:%S", text) } else { None }
    }

    fn unambiguous(text: &str) -> Option<Self> {
        ["%H:%M", "%I:%M %p", "%I:%M:%S %p"].iter().find_map(|pattern| Self::by_pattern(pattern, text))
    }

    fn by_pattern(pattern: &str, text: &str) -> Option<Self> {
        Parts::read(pattern, text)?.time()
    }
}

impl Civil for DateTime {
    fn iso(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T')?;
        Some(Date::iso(date)?.to_datetime(Time::iso(time)?))
    }

    fn unambiguous(text: &str) -> Option<Self> {
        let (date, time) = text.rsplit_once(' ')?;
        Some(dates::certain(date)?.to_datetime(Time::iso(time).or_else(|| Time::unambiguous(time))?))
    }

    fn by_pattern(pattern: &str, text: &str) -> Option<Self> {
        let parts = Parts::read(pattern, text)?;
        Some(parts.date()?.to_datetime(parts.time()?))
    }
}

/// The directives of patterns that are read.
pub(super) const DIRECTIVES: &str = "YymdbBHIMSp%";

/// Whether every directive of the pattern is one that is read.
pub(super) fn is_readable(pattern: &str) -> bool {
    let directives = pattern.replace("%%", "");
    directives.split('%').skip(1).all(|rest| rest.starts_with(|first| DIRECTIVES.contains(first)))
}

/// What a pattern found in a text.
#[derive(Default)]
struct Parts {
    year: Option<i16>,
    month: Option<i16>,
    day: Option<i16>,
    hour: Option<i16>,
    minute: i16,
    second: i16,
    afternoon: Option<bool>,
}

impl Parts {
    fn read(pattern: &str, mut text: &str) -> Option<Self> {
        let mut parts = Self::default();
        let mut pattern = pattern.chars();
        while let Some(char) = pattern.next() {
            text = match char {
                '%' => parts.take(pattern.next()?, text)?,
                char => text.strip_prefix(char)?,
            };
        }
        text.is_empty().then_some(parts)
    }

    /// Takes what a directive stands for off the text's beginning.
    fn take<'a>(&mut self, directive: char, text: &'a str) -> Option<&'a str> {
        let digits = if directive == 'Y' { 4 } else { 2 };
        let end = text.bytes().take(digits).take_while(u8::is_ascii_digit).count();
        let number = text[..end].parse::<i16>().ok();
        let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        match directive {
            'Y' if end == 4 => self.year = number,
            // Two digits, as POSIX divides them between the centuries.
            'y' if end == 2 => self.year = number.map(|year| year + if year < 69 { 2000 } else { 1900 }),
            'm' => self.month = Some(number?),
            'd' => self.day = Some(number?),
            'H' => self.hour = Some(number?),
            'I' => self.hour = Some(number.filter(|hour| (1..=12).contains(hour))?),
            'M' => self.minute = number?,
            'S' => self.second = number?,
            'b' | 'B' => {
                self.month = Some(dates::month(&text[..letters])?);
                return Some(&text[letters..]);
            }
            'p' => {
                self.afternoon = Some(match text.get(..2)?.to_ascii_lowercase().as_str() {
                    "am" => false,
                    "pm" => true,
                    _ => return None,
                });
                return Some(&text[2..]);
            }
            '%' => return text.strip_prefix('%'),
            _ => return None,
        }
        Some(&text[end..])
    }

    fn date(&self) -> Option<Date> {
        dates::date(self.year?, self.month?, self.day?)
    }

    fn time(&self) -> Option<Time> {
        let hour = self.hour?;
        let hour = self.afternoon.map_or(hour, |afternoon| hour % 12 + if afternoon { 12 } else { 0 });
        let part = |number| i8::try_from(number).ok();
        Time::new(part(hour)?, part(self.minute)?, part(self.second)?, 0).ok()
    }
}

/// A duration as ISO 8601 writes it: `P1Y2M3DT4H5M6S`, or a part of that.
pub(super) fn is_duration(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let Some(text) = text.strip_prefix('P') else { return false };
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let some = !date.is_empty() || time.is_some();
    some && has_units(date, "YMWD") && time.is_none_or(|time| !time.is_empty() && has_units(time, "HMS"))
}

/// Whether the text is numbers, each with one of these units, in their order.
fn has_units(mut text: &str, units: &str) -> bool {
    for unit in units.chars() {
        if let Some((number, rest)) = text.split_once(unit) {
            let whole = number.replacen('.', "", usize::from(unit == 'S'));
            if !is_number(&whole) {
                return false;
            }
            text = rest;
        }
    }
    text.is_empty()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
