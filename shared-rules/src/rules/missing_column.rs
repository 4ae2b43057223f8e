use super::{Rule, Words, any_of, each_of, quoted};
use crate::{columns::Columns, diagnostic::{Diagnostic, Severity}, program::Program};

pub(crate) static RULE: Rule = Rule {
    name: "missing-column",
    severity: Severity::Error,
    summary: "The file lacks a column that the program requires.",
    why: "No row could be imported: each would lack a required value.",
    failing: "A retail roster without `ClientType`.",
    passing: "A roster with every required column; the others may be left out.",
    help: "Add the column, or rename the one that holds these values.",
};

/// One finding for each missing column, and one for each group of which all columns are missing.
pub(crate) fn check(program: &Program, columns: &Columns) -> Vec<Diagnostic> {
    let all = program.fields_match.wants_all();
    let missing = |field: &usize| !columns.has(*field);
    let single = (0..program.fields.len())
        .filter(|&field| all || program.fields[field].column_required)
        .filter(missing)
        .map(|field| one(program, columns, field));
    let groups = program
        .requirements
        .iter()
        .filter(|requirement| !all && requirement.when.is_empty() && requirement.fields.iter().all(missing))
        .map(|requirement| none_of(program, columns, &requirement.fields));
    single.chain(groups).collect()
}

/// The required columns that a sheet lacks and others have. Its rows lack the values, which is said of each of them.
pub(crate) fn on_sheet(
    program: &Program,
    sheet: &str,
    columns: &Columns,
    implied: Option<usize>,
    table: &Columns,
) -> impl Iterator<Item = Diagnostic> {
    let required = (0..program.fields.len()).filter(|field| program.fields[*field].column_required);
    let missing = required.filter(move |field| !columns.has(*field) && implied != Some(*field));
    missing.filter(|field| table.has(*field)).map(move |field| {
        let name = program.fields[field].name.as_str();
        let message = format!("Column {name}: this sheet has no such column; others have.");
        let words = Words::new(message, format!("Add the column {name} to the sheet."));
        Diagnostic { severity: Severity::Warning, ..RULE.column(name, words) }.of_sheet(sheet)
    })
}

fn one(program: &Program, columns: &Columns, field: usize) -> Diagnostic {
    let name = program.fields[field].name.as_str();
    let words = match resembling(columns, name) {
        Some(header) => Words::new(
            format!("Column {name}: the file has no such column; {} looks like it.", quoted(header)),
            format!("Rename {} to {name}.", quoted(header)),
        ),
        None => Words::new(
            format!("Column {name}: the file has no such column, and the program requires it."),
            format!("Add the column {name}."),
        ),
    };
    RULE.column(name, words)
}

fn none_of(program: &Program, columns: &Columns, group: &[usize]) -> Diagnostic {
    let names: Vec<&str> = group.iter().map(|&field| program.fields[field].name.as_str()).collect();
    let message = format!("Columns {}: the file has none of them, and one is required.", each_of(&names));
    let near = names.iter().find_map(|name| Some((name, resembling(columns, name)?)));
    let help = match near {
        Some((name, header)) => format!("Rename {} to {name}.", quoted(header)),
        None => format!("Add the column {}.", any_of(&names)),
    };
    RULE.column(names.first().copied().unwrap_or_default(), Words::new(message, help))
}

fn resembling<'a>(columns: &'a Columns, name: &str) -> Option<&'a str> {
    columns.resembling_column(name).map(|column| columns.headers()[column].as_str())
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found_in_header;

    #[test]
    fn words() {
        assert_snapshot!(found_in_header("StudentFirstName,", ""), @"error missing-column | Column StudentFirstName: the file has no such column, and the program requires it. | Add the column StudentFirstName.");
        assert_snapshot!(found_in_header("StudentFirstName", "Student First Name"), @"");
        assert_snapshot!(found_in_header("Address1Zip", "ZipCode"), @"warning malformed-postal-code | Row 2, ZipCode: `x` is not a ZIP code of the United States. | Write five digits, or five and four, such as 02108 or 02108-1234.");
        assert_snapshot!(found_in_header("Address1Zip", "address1_zip"), @"warning malformed-postal-code | Row 2, address1_zip: `x` is not a ZIP code of the United States. | Write five digits, or five and four, such as 02108 or 02108-1234.");
    }
}
