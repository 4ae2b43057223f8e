//! What may stand in a column's cells.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime, Time};

use super::{
    Bounds, Pattern,
    moment::{Civil, is_duration},
};
use crate::{bytes::Prefix, options::DateOrder, rules::Misfit};

/// The type of a column with the constraints that belong to it, compiled.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Text,
    Email,
    OneOf(Values),
    /// One of a list of names, or a GUID.
    OneOfOrGuid(Values),
    Guid,
    Flag(Flag),
    Date(Moment<Date>),
    Time(Moment<Time>),
    DateTime(Moment<DateTime>),
    /// Year and month, YYYY-MM; bounds are the month's first day.
    YearMonth(Bounds<Date>),
    Year(Bounds<i64>),
    Integer(NumberFormat, Bounds<i64>),
    Number(NumberFormat, Bounds<f64>),
    List(List),
    /// Text that is only looked at for its form.
    Shaped(Shape),
}

/// A point in time, how it is written and between which others it lies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moment<T> {
    pub(crate) format: MomentFormat,
    pub(crate) bounds: Bounds<T>,
}

#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) enum MomentFormat {
    /// ISO 8601.
    #[default]
    Iso,
    /// Also other forms that can be read in one way only.
    Any,
    /// Also other forms, read in the order that the importer says.
    Ordered(DateOrder),
    /// As the C function `strptime` reads it: `%d/%m/%Y`.
    Pattern(String),
}

/// How numbers are written.
#[derive(Clone, Debug)]
pub(crate) struct NumberFormat {
    pub(crate) decimal: char,
    /// What stands between thousands; empty for nothing.
    pub(crate) group: String,
    /// Whether the number stands alone, without a currency or a percent sign.
    pub(crate) bare: bool,
}

/// Forms of text that no other kind covers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shape {
    Uri,
    Base64,
    Duration,
    JsonObject,
    JsonArray,
    GeoJson,
    GeoPoint,
    GeoPointArray,
    GeoPointObject,
}

/// A closed list of values, in the descriptor's order.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    listed: Vec<String>,
    /// What the values are compared by first.
    prefixes: Vec<Prefix>,
    /// Indices into `listed` in the order of its texts; empty while the list is short enough to walk.
    sorted: Vec<usize>,
}

/// A yes or no.
#[derive(Clone, Debug)]
pub(crate) struct Flag {
    pub(crate) yes: Values,
    pub(crate) no: Values,
    /// Whether "no" may be written, or only be left blank; and the same for "yes".
    pub(crate) no_allowed: bool,
    pub(crate) yes_allowed: bool,
}

/// Several values in one cell.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) delimiter: String,
    pub(crate) item: Item,
    pub(crate) count: Bounds<usize>,
}

#[derive(Clone, Debug)]
pub(crate) enum Item {
    Text,
    Integer,
    Email,
    Pattern(Pattern),
}

/// A cell's value as its column's type reads it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Flag(bool),
    Date(Date),
    Time(Time),
    DateTime(DateTime),
    Year(i64),
    Integer(i64),
    Number(f64),
}

/// Up to this many values, comparing with each is faster than a search.
const SHORT_LIST: usize = 16;

impl Kind {
    /// Checks a cell that has a value. Reads nothing twice and allocates nothing for what fits.
    pub(crate) fn check(&self, text: &str) -> Result<(), Misfit> {
        match self {
            Self::Text => Ok(()),
            Self::List(list) => list.check(text),
            Self::OneOf(values) if values.contain(text) => Ok(()),
            Self::Flag(flag) => flag.read(text).map(|_| ()).ok_or(Misfit::NotListed),
            Self::Email => crate::rules::is_email(text).then_some(()).ok_or(Misfit::Email),
            _ => self.read(text).map(|_| ()),
        }
    }

    /// Reads a cell that has a value; lists and e-mail addresses are text here.
    pub(crate) fn read<'a>(&self, text: &'a str) -> Result<Value<'a>, Misfit> {
        match self {
            Self::Text | Self::Email | Self::List(_) => Ok(Value::Text(text)),
            Self::OneOf(values) if values.contain(text) => Ok(Value::Text(text)),
            Self::OneOfOrGuid(values) if values.contain(text) || is_guid(text) => Ok(Value::Text(text)),
            Self::Guid if is_guid(text) => Ok(Value::Text(text)),
            Self::Flag(flag) => flag.read(text).map(Value::Flag).ok_or(Misfit::NotListed),
            Self::OneOf(_) | Self::OneOfOrGuid(_) | Self::Guid => Err(Misfit::NotListed),
            Self::Date(moment) => moment.read(text, Date::iso).ok_or(Misfit::Date)?.map(Value::Date),
            Self::Time(moment) => moment.read(text, Time::iso).ok_or(Misfit::Form)?.map(Value::Time),
            Self::DateTime(moment) => {
                moment.read(text, DateTime::iso).ok_or(Misfit::Form)?.map(Value::DateTime)
            }
            Self::YearMonth(bounds) => bounds.hold(year_month(text).ok_or(Misfit::Form)?).map(Value::Date),
            Self::Year(bounds) => bounds.hold(year(text).ok_or(Misfit::Year)?).map(Value::Year),
            Self::Integer(format, bounds) => {
                bounds.hold(format.integer(text).ok_or(Misfit::Number)?).map(Value::Integer)
            }
            Self::Number(format, bounds) => {
                bounds.hold(format.number(text).ok_or(Misfit::Number)?).map(Value::Number)
            }
            Self::Shaped(shape) if shape.fits(text) => Ok(Value::Text(text)),
            Self::Shaped(_) => Err(Misfit::Form),
        }
    }

    /// The values that may stand in the column, where it has a list of them.
    pub(crate) fn values(&self) -> Option<Vec<String>> {
        match self {
            Self::OneOf(values) | Self::OneOfOrGuid(values) => Some(values.listed.clone()),
            Self::Flag(flag) => Some(flag.allowed().map(str::to_owned).collect()),
            _ => None,
        }
    }
}

impl Kind {
    /// The bounds of a quantity, as texts.
    pub(crate) fn bounds(&self) -> Bounds<String> {
        match self {
            Self::Date(moment) => moment.bounds.texts(),
            Self::Time(moment) => moment.bounds.texts(),
            Self::DateTime(moment) => moment.bounds.texts(),
            Self::YearMonth(bounds) => bounds.texts(),
            Self::Year(bounds) | Self::Integer(_, bounds) => bounds.texts(),
            Self::Number(_, bounds) => bounds.texts(),
            _ => Bounds::default(),
        }
    }

    /// What a value of a kind without a rule of its own looks like, in words.
    pub(crate) fn form(&self) -> String {
        match self {
            Self::Time(moment) => moment.form("a time as HH:MM:SS"),
            Self::DateTime(moment) => moment.form("a date and time as YYYY-MM-DDTHH:MM:SS"),
            Self::YearMonth(_) => "a year and month as YYYY-MM".to_owned(),
            Self::Shaped(shape) => shape.form().to_owned(),
            _ => "of the column's form".to_owned(),
        }
    }
}

impl NumberFormat {
    pub(crate) const PLAIN: Self = Self { decimal: '.', group: String::new(), bare: true };

    fn integer(&self, text: &str) -> Option<i64> {
        self.plain(text).parse().ok()
    }

    fn number(&self, text: &str) -> Option<f64> {
        let text = self.plain(text);
        match text.as_ref() {
            "NaN" => Some(f64::NAN),
            "INF" => Some(f64::INFINITY),
            "-INF" => Some(f64::NEG_INFINITY),
            // The standard library also reads `infinity` and the like.
            text if text.bytes().any(|byte| byte.is_ascii_digit()) => text.parse().ok(),
            _ => None,
        }
    }

    /// The number as programming languages write it.
    fn plain<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        if !self.bare {
            let own =
                |char: char| char.is_ascii_digit() || char == '-' || char == '+' || char == self.decimal;
            text = Cow::Owned(text.trim_matches(|char| !own(char)).to_owned());
        }
        if !self.group.is_empty() && text.contains(&self.group) {
            text = Cow::Owned(text.replace(&self.group, ""));
        }
        if self.decimal != '.' {
            // A point is no decimal sign here.
            let point = if text.contains('.') { "x" } else { "." };
            text = Cow::Owned(text.replace(self.decimal, point));
        }
        text
    }
}

impl<T: PartialOrd + Copy + Civil> Moment<T> {
    /// The value, within its bounds or not; none where the text is not of the format.
    fn read(&self, text: &str, iso: impl Fn(&str) -> Option<T>) -> Option<Result<T, Misfit>> {
        let value = match &self.format {
            MomentFormat::Iso => iso(text),
            MomentFormat::Any => iso(text).or_else(|| T::unambiguous(text)),
            MomentFormat::Ordered(order) => iso(text).or_else(|| T::in_order(text, *order)),
            MomentFormat::Pattern(pattern) => T::by_pattern(pattern, text),
        };
        value.map(|value| self.bounds.hold(value))
    }
}

impl<T> Moment<T> {
    pub(crate) fn form(&self, iso: &str) -> String {
        match &self.format {
            MomentFormat::Pattern(pattern) => {
                let (what, _) = iso.split_once(" as ").unwrap_or((iso, ""));
                format!("{what} as {}", pattern_in_words(pattern))
            }
            _ => iso.to_owned(),
        }
    }
}

/// `%d/%m/%Y` as `DD/MM/YYYY`.
fn pattern_in_words(pattern: &str) -> String {
    const WORDS: [(&str, &str); 10] = [
        ("%Y", "YYYY"),
        ("%y", "YY"),
        ("%m", "MM"),
        ("%d", "DD"),
        ("%H", "HH"),
        ("%M", "MM"),
        ("%S", "SS"),
        ("%b", "Mon"),
        ("%B", "Month"),
        ("%p", "AM or PM"),
    ];
    WORDS.iter().fold(pattern.to_owned(), |text, (directive, word)| text.replace(directive, word))
}

fn year_month(text: &str) -> Option<Date> {
    if text.len() != 7 || !text.is_ascii() {
        return None;
    }
    iso_date(&format!("{text}-01"))
}

impl Shape {
    fn fits(self, text: &str) -> bool {
        match self {
            Self::Uri => is_uri(text),
            Self::Base64 => is_base64(text),
            Self::Duration => is_duration(text),
            Self::JsonObject => json(text).is_some_and(|json| json.is_object()),
            Self::JsonArray => json(text).is_some_and(|json| json.is_array()),
            Self::GeoJson => json(text).is_some_and(|json| json["type"].is_string()),
            Self::GeoPoint => text.split_once(',').is_some_and(|(longitude, latitude)| {
                is_point(longitude.trim().parse().ok(), latitude.trim().parse().ok())
            }),
            Self::GeoPointArray => {
                json(text).is_some_and(|json| is_point(json[0].as_f64(), json[1].as_f64()))
            }
            Self::GeoPointObject => {
                json(text).is_some_and(|json| is_point(json["lon"].as_f64(), json["lat"].as_f64()))
            }
        }
    }

    fn form(self) -> &'static str {
        match self {
            Self::Uri => "a web address such as https://example.com/",
            Self::Base64 => "data in Base64",
            Self::Duration => "a duration as P1Y2M3DT4H",
            Self::JsonObject => "a JSON object",
            Self::JsonArray => "a JSON list",
            Self::GeoJson => "a GeoJSON object",
            Self::GeoPoint => "a place as longitude, latitude",
            Self::GeoPointArray => "a place as [longitude, latitude]",
            Self::GeoPointObject => "a place as {\"lon\": …, \"lat\": …}",
        }
    }
}

fn json(text: &str) -> Option<serde_json::Value> {
    serde_json::from_str(text).ok()
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(letters)
        && !rest.is_empty()
        && !text.contains(char::is_whitespace)
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padded = text.len() - digits.len() <= 2 && text.len().is_multiple_of(4);
    padded && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
}

fn is_point(longitude: Option<f64>, latitude: Option<f64>) -> bool {
    longitude.is_some_and(|degrees| degrees.abs() <= 180.0)
        && latitude.is_some_and(|degrees| degrees.abs() <= 90.0)
}

impl Values {
    pub(crate) fn new(listed: Vec<String>) -> Self {
        let mut sorted = Vec::new();
        if listed.len() > SHORT_LIST {
            for (index, value) in listed.iter().enumerate() {
                let place = sorted.partition_point(|&other: &usize| listed[other] < *value);
                sorted.insert(place, index);
            }
        }
        let prefixes = listed.iter().map(|value| Prefix::of(value.as_bytes())).collect();
        Self { listed, prefixes, sorted }
    }

    pub(crate) fn listed(&self) -> &[String] {
        &self.listed
    }

    fn contain(&self, text: &str) -> bool {
        if self.sorted.is_empty() {
            let prefix = Prefix::of(text.as_bytes());
            let mut alike = self.listed.iter().zip(&self.prefixes).filter(|(_, other)| **other == prefix);
            return alike.any(|(value, _)| text.len() <= Prefix::WHOLE || value == text);
        }
        self.sorted.binary_search_by(|&index| self.listed[index].as_str().cmp(text)).is_ok()
    }
}

impl Flag {
    fn read(&self, text: &str) -> Option<bool> {
        if self.yes_allowed && self.yes.contain(text) {
            return Some(true);
        }
        (self.no_allowed && self.no.contain(text)).then_some(false)
    }

    /// Every text that may be written.
    pub(crate) fn allowed(&self) -> impl Iterator<Item = &str> {
        let yes = self.yes.listed.iter().filter(|_| self.yes_allowed);
        let no = self.no.listed.iter().filter(|_| self.no_allowed);
        yes.chain(no).map(String::as_str)
    }
}

impl<T: ToString> Bounds<T> {
    fn texts(&self) -> Bounds<String> {
        let text = |bound: &Option<T>| bound.as_ref().map(T::to_string);
        Bounds {
            least: text(&self.least),
            most: text(&self.most),
            above: text(&self.above),
            below: text(&self.below),
        }
    }
}

impl List {
    /// The items, without the spaces around them.
    pub(crate) fn items<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        text.split(self.delimiter.as_str()).map(str::trim)
    }

    pub(crate) fn check(&self, text: &str) -> Result<(), Misfit> {
        let mut count = 0;
        for item in self.items(text) {
            if !self.item.admits(item) {
                return Err(Misfit::ListItem(count));
            }
            count += 1;
        }
        self.count.hold(count).map(|_| ()).map_err(|_| Misfit::ListCount(count))
    }
}

impl Item {
    /// What an item is, and an example of a list, in words.
    pub(crate) fn described(&self) -> (&'static str, &'static str) {
        match self {
            Self::Integer => ("whole numbers", "whole numbers such as 1, 2, 3"),
            Self::Email => ("e-mail addresses", "e-mail addresses such as ann@example.com"),
            Self::Pattern(pattern) if pattern.is_digits() => ("numbers", "numbers such as 111111, 222222"),
            Self::Pattern(_) => ("values of the column's form", "values of the column's form"),
            Self::Text => ("texts", "texts"),
        }
    }

    pub(crate) fn one(&self) -> &'static str {
        match self {
            Self::Integer => "a whole number",
            Self::Email => "an e-mail address",
            Self::Pattern(pattern) if pattern.is_digits() => "a number",
            Self::Pattern(_) => "of the column's form",
            Self::Text => "a text",
        }
    }

    /// Whether not every text is an item, so that one that is can be trusted to be meant as one.
    pub(crate) fn is_strict(&self) -> bool {
        !matches!(self, Self::Text)
    }

    fn admits(&self, text: &str) -> bool {
        match self {
            Self::Text => !text.is_empty(),
            Self::Integer => text.parse::<i64>().is_ok(),
            Self::Email => crate::rules::is_email(text),
            Self::Pattern(pattern) => pattern.matches(text),
        }
    }
}

impl<T: PartialOrd + Copy> Bounds<T> {
    pub(crate) fn hold(&self, value: T) -> Result<T, Misfit> {
        let low = self.least.is_some_and(|least| value < least);
        let high = self.most.is_some_and(|most| value > most);
        let low = low || self.above.is_some_and(|above| value <= above);
        let high = high || self.below.is_some_and(|below| value >= below);
        if low || high { Err(Misfit::OutOfRange) } else { Ok(value) }
    }
}

/// A date as ISO 8601 writes it, YYYY-MM-DD, and in the calendar.
#[must_use]
pub fn iso_date(text: &str) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else { return None };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0_i16, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i16::from(digit - b'0')))
    };
    let month = i8::try_from(number(&[m1, m2])?).ok()?;
    let day = i8::try_from(number(&[d1, d2])?).ok()?;
    Date::new(number(&[y1, y2, y3, y4])?, month, day).ok()
}

/// A year in four digits.
pub(crate) fn year(text: &str) -> Option<i64> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// Eight, four, four, four and twelve hexadecimal digits, in braces or not.
fn is_guid(text: &str) -> bool {
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    inner.len() == 36
        && inner.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
