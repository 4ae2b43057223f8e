//! Which row of which sheet a row of a roster is, where the roster is several sheets of a workbook.
//!
//! The sheets' rows follow one another in one table. A roster counts them through, from the first sheet to the last;
//! people are told of the sheet, and of the row as the spreadsheet shows it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The sheets of a roster, in their order; none where it is a text file or a single sheet.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(transparent)]
pub struct Sheets(Vec<SheetRows>);

/// A sheet, and where its rows are among the roster's.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct SheetRows {
    pub name: String,
    /// How many rows the sheets before it have, headers and blank rows included.
    pub before: u32,
}

/// A row as people find it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RowPlace<'a> {
    /// None where the roster is a text file or a single sheet.
    pub sheet: Option<&'a str>,
    /// As a spreadsheet shows it.
    pub row: u32,
}

impl Sheets {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &SheetRows> {
        self.0.iter()
    }

    /// Adds a sheet behind the others, which have so many rows.
    pub(crate) fn push(&mut self, name: &str, before: u32) {
        self.0.push(SheetRows { name: name.to_owned(), before });
    }

    /// Where a row is that has this number when all rows are counted through.
    #[must_use]
    pub fn place(&self, row: u32) -> RowPlace<'_> {
        let index = self.0.partition_point(|sheet| sheet.before < row);
        match index.checked_sub(1).and_then(|index| self.0.get(index)) {
            Some(SheetRows { name, before }) => RowPlace { sheet: Some(name), row: row - before },
            None => RowPlace { sheet: None, row },
        }
    }

    /// What sorts places as the roster has them.
    #[must_use]
    pub fn order(&self, sheet: Option<&str>) -> Option<usize> {
        self.0.iter().position(|other| Some(other.name.as_str()) == sheet)
    }

    /// The same sheets after rows have come and gone.
    #[must_use]
    pub(crate) fn moved(&self, moved: impl Fn(u32) -> u32) -> Self {
        let sheets = self.0.iter();
        Self(
            sheets
                .map(|SheetRows { name, before }| SheetRows { name: name.clone(), before: moved(*before) })
                .collect(),
        )
    }
}

impl FromIterator<SheetRows> for Sheets {
    fn from_iter<I: IntoIterator<Item = SheetRows>>(sheets: I) -> Self {
        Self(sheets.into_iter().collect())
    }
}

impl RowPlace<'_> {
    /// The row as it is named within a sentence about another.
    pub(crate) fn beside(&self, other: RowPlace<'_>) -> String {
        match self.sheet.filter(|_| self.sheet != other.sheet) {
            Some(sheet) => format!("row {} of {sheet}", self.row),
            None => format!("row {}", self.row),
        }
    }
}

/// As a sentence begins with it.
impl fmt::Display for RowPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sheet {
            Some(sheet) => write!(f, "{sheet}, row {}", self.row),
            None => write!(f, "Row {}", self.row),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_on_its_sheet() {
        let mut sheets = Sheets::default();
        let place = |sheets: &Sheets, row| sheets.place(row).to_string();
        assert_eq!(place(&sheets, 7), "Row 7");
        for (name, before) in [("Students", 0), ("Blank", 5), ("Parents", 5)] {
            sheets.push(name, before);
        }
        assert_eq!(place(&sheets, 1), "Students, row 1");
        assert_eq!(place(&sheets, 5), "Students, row 5");
        assert_eq!(place(&sheets, 6), "Parents, row 1");
        assert_eq!(sheets.place(7).beside(sheets.place(6)), "row 2");
        assert_eq!(sheets.place(7).beside(sheets.place(2)), "row 2 of Parents");
    }
}
