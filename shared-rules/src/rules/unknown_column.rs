use super::{Rule, Words, shortened};
use crate::{columns::Columns, diagnostic::{Diagnostic, Fix, Severity}, program::Program};

pub(crate) static RULE: Rule = Rule {
    name: "unknown-column",
    severity: Severity::Warning,
    summary: "A column is none of the program's; its values are ignored.",
    why: "A misspelt header looks like data that was imported, and was not.",
    failing: "`Student First Name`",
    passing: "`StudentFirstName`",
    help: "Rename the column as the program has it, or delete it. Where the program allows no other columns this is an error.",
};

pub(crate) fn check(program: &Program, columns: &Columns) -> Vec<Diagnostic> {
    let headers = columns.headers().iter().enumerate();
    headers
        .filter(|(column, header)| columns.field(*column).is_none() && !header.trim().is_empty())
        .filter(|(column, _)| !columns.is_ignored(*column))
        .filter(|(column, _)| !columns.claimed().iter().any(|(claimed, _)| claimed == column))
        .filter(|(_, header)| !program.fields.iter().any(|field| field.name == **header))
        .map(|(_, header)| diagnostic(program, columns, header))
        .collect()
}

fn diagnostic(program: &Program, columns: &Columns, header: &str) -> Diagnostic {
    let shown = shortened(header);
    let near = columns.resembled_field(program, header).map(|field| program.fields[field].name.clone());
    let mut words = match &near {
        Some(name) => Words::new(
            format!("Column {shown}: the program has no such column; it looks like {name}."),
            format!("Rename the column to {name}."),
        ),
        None => Words::new(
            format!("Column {shown}: the program has no such column; its values are ignored."),
            "Delete the column, or rename it to the column that it is.",
        ),
    };
    words.fix = near.map(|field| Fix::MapColumn { field });
    let mut diagnostic = RULE.column(header, words);
    if program.fields_match.refuses_others() {
        diagnostic.severity = Severity::Error;
    }
    diagnostic
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found_in_header;

    #[test]
    fn words() {
        assert_snapshot!(found_in_header("CanContact,", "CanContact,Shoe size,"), @"warning unknown-column | Column Shoe size: the program has no such column; its values are ignored. | Delete the column, or rename it to the column that it is.");
        assert_snapshot!(found_in_header("CanContact,", "CanContact,E-Mail,"), @"error invalid-email | Row 2, E-Mail: `x` is not an e-mail address. | Write the whole address, such as ann@example.com.");
    }
}
