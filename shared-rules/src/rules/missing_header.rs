use super::{Rule, Words, quoted};
use crate::{columns::Columns, diagnostic::{Diagnostic, Severity}, program::Program};

pub(crate) static RULE: Rule = Rule {
    name: "missing-header",
    severity: Severity::Error,
    summary: "The first row with a value holds no column name of the program.",
    why: "Without its header no column can be told from another; the first person would be taken for it.",
    failing: "`ann@example.com,Ann,Lee,…` as the first row.",
    passing: "`Email,StudentFirstName,StudentLastName,…` as the first row.",
    help: "Put the column names into the first row, or choose the program whose columns these are.",
};

/// Found where no header is a field's name or resembles one.
pub(crate) fn check(program: &Program, columns: &Columns) -> Option<Diagnostic> {
    let headers = columns.headers();
    let known = (0..headers.len()).any(|column| {
        columns.field(column).is_some() || columns.resembled_field(program, &headers[column]).is_some()
    });
    if known {
        return None;
    }
    let found = headers.iter().find(|header| !header.trim().is_empty()).map_or("", String::as_str);
    let names: Vec<&str> = program.fields.iter().take(3).map(|field| field.name.as_str()).collect();
    Some(RULE.file(Words::new(
        format!("The first row, which begins with {}, holds no column name of this program.", quoted(found)),
        format!("Put the column names ({}…) into the first row.", names.join(", ")),
    )))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::Program;
    use crate::rules::tests::found_in;

    #[test]
    fn words() {
        assert_snapshot!(found_in(Program::builtin("retail").unwrap(), "ann@example.com,Ann,Lee\nbob@example.com,Bob,Ng\n"), @"error missing-header | The first row, which begins with `ann@example.com`, holds no column name of this program. | Put the column names (Email, StudentFirstName, StudentLastName…) into the first row.");
    }
}
