use super::{Rule, Words, each_of, spelled};
use crate::{columns::{Columns, letters}, diagnostic::{Diagnostic, Severity}, program::Program};

pub(crate) static RULE: Rule = Rule {
    name: "duplicate-column",
    severity: Severity::Error,
    summary: "Two columns have the same name.",
    why: "It cannot be known which of the two values is meant.",
    failing: "`Email,Email`",
    passing: "`Email,ParentEmail`",
    help: "Delete one of the columns, or rename it.",
};

/// Two columns that the program does not know may share a name: both are ignored.
pub(crate) fn check(program: &Program, columns: &Columns) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, field) in program.fields.iter().enumerate() {
        let headers = columns.headers().iter().enumerate();
        let places: Vec<String> =
            headers.filter(|(_, header)| **header == field.name).map(|(column, _)| letters(column)).collect();
        if columns.column(index).is_some() && places.len() > 1 {
            found.push(diagnostic(&field.name, &places));
        }
    }
    found
}

fn diagnostic(name: &str, places: &[String]) -> Diagnostic {
    let times = spelled(places.len()).map_or_else(|| places.len().to_string(), str::to_owned);
    let places = each_of(places);
    RULE.column(
        name,
        Words::new(
            format!("Column {name}: the file has {times} of them, in columns {places}."),
            "Delete or rename all but one.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found_in_header;

    #[test]
    fn words() {
        assert_snapshot!(found_in_header("CanContact,", "CanContact,StudentLastName,"), @"error duplicate-column | Column StudentLastName: the file has two of them, in columns B and H. | Delete or rename all but one.");
        assert_snapshot!(found_in_header("CanContact,", "CanContact,Note,Note,"), @"
        warning unknown-column | Column Note: the program has no such column; its values are ignored. | Delete the column, or rename it to the column that it is.
        warning unknown-column | Column Note: the program has no such column; its values are ignored. | Delete the column, or rename it to the column that it is.
        ");
    }
}
