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
