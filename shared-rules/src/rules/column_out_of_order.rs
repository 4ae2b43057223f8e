use super::{Rule, Words};
use crate::{columns::{Columns, letters}, diagnostic::{Diagnostic, Severity}, program::{FieldsMatch, Program}};

pub(crate) static RULE: Rule = Rule {
    name: "column-out-of-order",
    severity: Severity::Error,
    summary: "The columns are not in the order that a strict program demands.",
    why: "A program that says `fieldsMatch: exact` is read by position elsewhere; there the values would land in other columns.",
    failing: "`name,id` where the program has `id,name`.",
    passing: "`id,name`",
    help: "Move the column to its place.",
};

/// The first column out of its place, where the header is otherwise right.
pub(crate) fn check(program: &Program, columns: &Columns) -> Option<Diagnostic> {
    if program.fields_match != FieldsMatch::Exact {
        return None;
    }
    let misplaced = (0..program.fields.len()).find(|&field| columns.column(field) != Some(field))?;
    let all_there = (0..program.fields.len()).all(|field| columns.column(field).is_some());
    let name = &program.fields[misplaced].name;
    let (found, expected) = (letters(columns.column(misplaced)?), letters(misplaced));
    all_there.then(|| {
        RULE.column(
            name,
            Words::new(
                format!("Column {name} is column {found}; the program has it as column {expected}."),
                "Put the columns into the program's order.",
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::Program;
    use crate::rules::tests::found_in;

    #[test]
    fn words() {
        assert_snapshot!(found_in(std::sync::Arc::new(Program::from_descriptor(r#"{"fields":[{"name":"a"},{"name":"b"}]}"#).unwrap()), "b,a\n1,2\n"), @"error column-out-of-order | Column a is column B; the program has it as column A. | Put the columns into the program's order.");
    }
}
