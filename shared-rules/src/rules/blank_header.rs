use super::{Rule, Words};
use crate::{columns::letters, diagnostic::{Diagnostic, Severity}};

pub(crate) static RULE: Rule = Rule {
    name: "blank-header",
    severity: Severity::Warning,
    summary: "A column without a name holds values; they are ignored.",
    why: "Values without a name are lost silently. A nameless column that is empty is not mentioned: spreadsheets write them.",
    failing: "A header `Email,,Zee` over a row `a@example.com,x,12`.",
    passing: "The same header over `a@example.com,,12`.",
    help: "Name the column, or delete it.",
};

pub(crate) fn diagnostic(column: usize) -> Diagnostic {
    let letters = letters(column);
    RULE.column(
        "",
        Words::new(
            format!("Column {letters} holds values and has no name; they are ignored."),
            format!("Name column {letters}, or delete it."),
        ),
    )
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found_in_header;

    #[test]
    fn words() {
        assert_snapshot!(found_in_header("CanContact,", "CanContact,,"), @"warning blank-header | Column H holds values and has no name; they are ignored. | Name column H, or delete it.");
        assert_snapshot!(found_in_header("CanContactSurveys", "CanContactSurveys, "), @"warning blank-header | Column J holds values and has no name; they are ignored. | Name column J, or delete it.");
    }
}
