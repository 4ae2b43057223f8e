use super::{Rule, Words, Finding, Place, shortened};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "unclosed-quote",
    severity: Severity::Error,
    summary: "A quotation mark opens a cell and nothing closes it in time.",
    why: "The rows below would be swallowed into that cell. The row is taken to end with its line, so that no other row is lost.",
    failing: "`\"Ann,Lee` with no second quotation mark on the line.",
    passing: "`\"Ann\",Lee`, or `Ann,Lee`",
    help: "Close the quotation mark or delete it; double one that belongs to the text.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(_: &Place<'_>) -> Words {
    Words::new(
        "the quotation mark that opens the cell is not closed, so the row was taken to end with its line.",
        HELP,
    )
}

/// In the header, the whole file is unreadable.
pub(crate) fn in_header(header: &str) -> Diagnostic {
    RULE.column(
        header,
        Words::new(
            format!("Column {}: the quotation mark that opens the cell is not closed.", shortened(header)),
            HELP,
        ),
    )
}

const HELP: &str = "Close the quotation mark, or delete it.";

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::program::Program;
    use crate::rules::tests::{found_in, found_in_header};

    #[test]
    fn words() {
        assert_snapshot!(found_in_header("StudentFirstName", "\"StudentFirstName"), @r#"error unclosed-quote | Column "StudentFirstName: the quotation mark that opens the cell is not closed. | Close the quotation mark, or delete it."#);
        assert_snapshot!(found_in(std::sync::Arc::new(Program::from_descriptor(r#"{"fields":[{"name":"a"},{"name":"b"}]}"#).unwrap()), "a,b\n1,\"2\n3,4\n"), @"error unclosed-quote | Row 2, b: the quotation mark that opens the cell is not closed, so the row was taken to end with its line. | Close the quotation mark, or delete it.");
    }
}
