//! What may stand in a column's cells.

use jiff::civil::Date;

use super::{Bounds, Pattern};
use crate::rules::Misfit;

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
    Date(Bounds<Date>),
    Year(Bounds<i64>),
    Integer(Bounds<i64>),
    Number(Bounds<f64>),
    List(List),
}

/// A closed list of values, in the descriptor's order.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    listed: Vec<String>,
    /// Indices into `listed` in the order of its texts; empty while the list is short enough to walk.
    sorted: Vec<usize>,
}

/// A yes or no.
#[derive(Clone, Debug)]
pub(crate) struct Flag {
    pub(crate) yes: Vec<String>,
    pub(crate) no: Vec<String>,
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
    Pattern(Pattern),
}

/// A cell's value as its column's type reads it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Flag(bool),
    Date(Date),
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
            Self::Date(bounds) => bounds.hold(iso_date(text).ok_or(Misfit::Date)?).map(Value::Date),
            Self::Year(bounds) => bounds.hold(year(text).ok_or(Misfit::Year)?).map(Value::Year),
            Self::Integer(bounds) => {
                bounds.hold(text.parse().map_err(|_| Misfit::Number)?).map(Value::Integer)
            }
            Self::Number(bounds) => bounds.hold(text.parse().map_err(|_| Misfit::Number)?).map(Value::Number),
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
    /// The bounds of a quantity, in words.
    pub(crate) fn bounds(&self) -> (Option<String>, Option<String>) {
        match self {
            Self::Date(bounds) => bounds.texts(),
            Self::Year(bounds) | Self::Integer(bounds) => bounds.texts(),
            Self::Number(bounds) => bounds.texts(),
            _ => (None, None),
        }
    }
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
        Self { listed, sorted }
    }

    pub(crate) fn listed(&self) -> &[String] {
        &self.listed
    }

    fn contain(&self, text: &str) -> bool {
        if self.sorted.is_empty() {
            return self.listed.iter().any(|value| value == text);
        }
        self.sorted.binary_search_by(|&index| self.listed[index].as_str().cmp(text)).is_ok()
    }
}

impl Flag {
    fn read(&self, text: &str) -> Option<bool> {
        if self.yes_allowed && self.yes.iter().any(|yes| yes == text) {
            return Some(true);
        }
        (self.no_allowed && self.no.iter().any(|no| no == text)).then_some(false)
    }

    /// Every text that may be written.
    pub(crate) fn allowed(&self) -> impl Iterator<Item = &str> {
        let yes = self.yes.iter().filter(|_| self.yes_allowed);
        let no = self.no.iter().filter(|_| self.no_allowed);
        yes.chain(no).map(String::as_str)
    }
}

impl<T: ToString> Bounds<T> {
    fn texts(&self) -> (Option<String>, Option<String>) {
        (self.least.as_ref().map(T::to_string), self.most.as_ref().map(T::to_string))
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
            Self::Pattern(pattern) if pattern.is_digits() => ("numbers", "numbers such as 111111, 222222"),
            Self::Pattern(_) => ("values of the column's form", "values of the column's form"),
            Self::Text => ("texts", "texts"),
        }
    }

    pub(crate) fn one(&self) -> &'static str {
        match self {
            Self::Integer => "a whole number",
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
            Self::Pattern(pattern) => pattern.matches(text),
        }
    }
}

impl<T: PartialOrd + Copy> Bounds<T> {
    pub(crate) fn hold(&self, value: T) -> Result<T, Misfit> {
        let low = self.least.is_some_and(|least| value < least);
        let high = self.most.is_some_and(|most| value > most);
        if low || high { Err(Misfit::OutOfRange) } else { Ok(value) }
    }
}

/// A date as ISO 8601 writes it, YYYY-MM-DD, and in the calendar.
pub(crate) fn iso_date(text: &str) -> Option<Date> {
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
