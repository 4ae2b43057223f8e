//! What is doubtful about the dates of a person's life.

use jiff::civil::Date;

use super::{row::Context, suspicions::Found};
use crate::{
    program::{Fill, Value},
    rules::{doubtful_birth_date, impossible_graduation},
};

/// The columns of a person's dates, as far as the file has them.
pub(super) struct Life {
    birth_date: Option<usize>,
    graduations: Vec<usize>,
}

impl Life {
    pub(super) fn new(context: &Context) -> Self {
        let column = |attribute| {
            let field = context.program.field_that_fills(Fill::Person(attribute))?;
            context.columns.column(field)
        };
        let graduations = ["highSchoolGraduationYear", "collegeGraduationYear"];
        Self {
            birth_date: column("birthDate"),
            graduations: graduations.into_iter().filter_map(column).collect(),
        }
    }

    pub(super) fn check(&self, found: &mut Found<'_, '_>, today: Option<Date>) {
        let Some(column) = self.birth_date else { return };
        let Some(Value::Date(born)) = found.value(column) else { return };
        let doubtful = doubtful_birth_date::check(column, born, today);
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
