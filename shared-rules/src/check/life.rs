//! What is doubtful about the dates of a person's life.

use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::{row::Context, suspicions::Found};
use crate::{
    program::{Fill, Kind, MomentFormat, Value},
    rules::{
        doubtful_birth_date,
        impossible_graduation::{self, LEAST_AGE},
    },
};

/// The columns of a person's dates, as far as the file has them.
pub(super) struct Life {
    birth_date: Option<usize>,
    /// Birth dates begin with the year.
    year_first: bool,
    graduations: Vec<usize>,
    today: Option<Date>,
    /// The years of birth that leave no doubt.
    plausible: RangeInclusive<i64>,
}

impl Life {
    pub(super) fn new(context: &Context, today: Option<Date>) -> Self {
        let column = |attribute| {
            let field = context.program.field_that_fills(Fill::Person(attribute))?;
            context.columns.column(field)
        };
        let birth_date = column("birthDate");
        let kind = birth_date.and_then(|column| context.columns.field(column));
        let kind = kind.map(|field| &context.program.fields[field].kind);
        let graduations = ["highSchoolGraduationYear", "collegeGraduationYear"];
        Self {
            birth_date,
            year_first: matches!(kind, Some(Kind::Date(moment)) if !matches!(moment.format, MomentFormat::Pattern(_))),
            graduations: graduations.into_iter().filter_map(column).collect(),
            today,
            plausible: doubtful_birth_date::plausible_years(today),
        }
    }

    /// Whether the years alone, which are read fast, rule everything out.
    fn is_plausible(&self, column: usize, found: &Found<'_, '_>) -> bool {
        let Some((digits, [b'-', ..])) = found.texts.bytes(column).split_first_chunk() else { return false };
        let Some(born) = year(*digits).filter(|_| self.year_first) else { return false };
        let may_graduate = |&column: &usize| match found.texts.bytes(column) {
            [] => true,
            text => text.try_into().ok().and_then(year).is_some_and(|year| year >= born + LEAST_AGE),
        };
        self.plausible.contains(&born) && self.graduations.iter().all(may_graduate)
    }

    pub(super) fn check(&self, found: &mut Found<'_, '_>) {
        let Some(column) = self.birth_date else { return };
        if self.is_plausible(column, found) {
            return;
        }
        let Some(Value::Date(born)) = found.value(column) else { return };
        let doubtful = doubtful_birth_date::check(column, born, self.today);
        if doubtful.is_some() {
            found.add(doubtful);
            return;
        }
        for &column in &self.graduations {
            if let Some(Value::Year(year)) = found.value(column) {
                found.add(impossible_graduation::check(column, year, born));
            }
        }
    }
}

fn year(digits: [u8; 4]) -> Option<i64> {
    let number = digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit.wrapping_sub(b'0')));
    digits.iter().all(u8::is_ascii_digit).then_some(number)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::{program::Program, rules::tests::found_in};

    fn found(format: &str, row: &str) -> String {
        let schema = format!(
            r#"{{"fields": [
                {{"name": "Born", "type": "date", "format": "{format}", "rollcall": {{"fills": "person.birthDate"}}}},
                {{"name": "Year", "type": "year", "rollcall": {{"fills": "person.highSchoolGraduationYear"}}}}
            ]}}"#
        );
        found_in(Arc::new(Program::from_descriptor(&schema).unwrap()), &format!("Born,Year\n{row}\n"))
    }

    #[test]
    fn years_alone_decide_only_where_they_come_first() {
        assert_eq!(found("default", "2008-06-20,2020"), "");
        assert!(found("default", "2009-06-20,2020").contains("impossible-graduation"));
        // The 20 June 2010.
        assert!(found("%d%m-%Y", "2006-2010,2020").contains("impossible-graduation"));
    }
}
