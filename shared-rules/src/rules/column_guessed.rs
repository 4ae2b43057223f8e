use super::{Rule, Words, shortened};
use crate::{columns::{Columns, MatchReason}, diagnostic::{Diagnostic, Severity}, program::Program};

pub(crate) static RULE: Rule = Rule {
    name: "column-guessed",
    severity: Severity::Warning,
    summary: "A column is taken for one of the program's because of its values, not of its header.",
    why: "Values that look right can still be somebody else's: a counselor's addresses in the place of the students'.",
    failing: "A column `Contact` full of e-mail addresses in a file without another column of such.",
    passing: "`Email`",
    help: "Check whether it is that column; rename it if so, or choose to ignore it.",
};

pub(crate) fn check(program: &Program, columns: &Columns) -> Vec<Diagnostic> {
    let guessed = columns.matches().filter(|(_, found)| found.reason == MatchReason::Values);
    guessed.map(|(column, _)| diagnostic(program, columns, column)).collect()
}

fn diagnostic(program: &Program, columns: &Columns, column: usize) -> Diagnostic {
    let header = &columns.headers()[column];
    let name = columns.field(column).map_or("", |field| program.fields[field].name.as_str());
    let words = Words::new(
        format!("Column {}: taken for {name}, because its values look like it.", shortened(header)),
        format!("Rename the column to {name} if it is that, or ignore it."),
    );
    RULE.column(header, words)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{program::Program, rules::tests::found_in};

    #[test]
    fn words() {
        let file = "Contact,First Name,Last Name\na@example.com,Ann,Lee\nb@example.com,Bo,Lee\nc@example.com,Cy,Lee\n";
        assert_snapshot!(found_in(Program::builtin("clients").unwrap(), file), @"warning column-guessed | Column Contact: taken for Email, because its values look like it. | Rename the column to Email if it is that, or ignore it.");
        let file = "Contact,First Name,Last Name\na@example.com,Ann,Lee\nb,Bo,Lee\nc,Cy,Lee\n";
        assert_snapshot!(found_in(Program::builtin("clients").unwrap(), file), @"
        error missing-column | Column Email: the file has no such column, and the program requires it. | Add the column Email.
        warning unknown-column | Column Contact: the program has no such column; its values are ignored. | Delete the column, or rename it to the column that it is.
        ");
    }
}
