//! What the importer chooses, by the names that JSON and the command line have for it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What happens to a record that matches a person who is already there, or an earlier row of the file.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum DuplicatePolicy {
    /// Leave the person as it is.
    Skip,
    /// Write only values that the person lacks ("Add missing fields to duplicate records").
    #[default]
    FillMissing,
    /// Non-empty values of the file win.
    Update,
    /// The row is an error.
    Reject,
}

/// How dates such as 3/4/2011 are meant.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// What stands between the cells of a text file.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Delimiter {
    Comma,
    Semicolon,
    Tab,
    Pipe,
}

impl DateOrder {
    pub const ALL: [Self; 2] = [Self::DayFirst, Self::MonthFirst];

    /// As it stands in JSON and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DayFirst => "day-first",
            Self::MonthFirst => "month-first",
        }
    }
}

impl Delimiter {
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    /// As it stands in JSON, in the report and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
            Self::Pipe => "pipe",
        }
    }

    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

impl FromStr for Delimiter {
    type Err = String;

    /// Takes the name, or the character itself.
    fn from_str(text: &str) -> Result<Self, String> {
        let meant = |delimiter: &Self| text == delimiter.name() || text.as_bytes() == [delimiter.byte()];
        Self::ALL.into_iter().find(meant).ok_or_else(|| "write comma, semicolon, tab or pipe".to_owned())
    }
}

impl DuplicatePolicy {
    /// Every policy, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::FillMissing, Self::Update, Self::Skip, Self::Reject];

    /// The policy's name as it stands in JSON and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::FillMissing => "fill-missing",
            Self::Update => "update",
            Self::Reject => "reject",
        }
    }
}

impl fmt::Display for DuplicatePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for DuplicatePolicy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|policy| policy.name() == text).ok_or_else(|| {
            format!("`{text}` is not a duplicate policy; write skip, fill-missing, update or reject")
        })
    }
}
