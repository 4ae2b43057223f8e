use super::{Rule, Words, Finding, Place, shortened};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "misplaced-quote",
    severity: Severity::Error,
    summary: "Text follows the quotation mark that closes a cell.",
    why: "Programs read such a cell differently, so that its value is not certain.",
    failing: "`\"O\"Brien,Ann`",
    passing: "`O'Brien,Ann`, or `\"O\"\"Brien\",Ann`",
    help: "Put the whole text between the quotation marks, and double those inside it.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    Words::new(format!("text follows the closing quotation mark; it was read as {}.", place.quoted()), HELP)
}

/// In the header, the column's name is not certain.
pub(crate) fn in_header(header: &str) -> Diagnostic {
    RULE.column(
        header,
        Words::new(format!("Column {}: text follows the closing quotation mark.", shortened(header)), HELP),
    )
}

const HELP: &str = "Put the whole text between the quotation marks, and double those inside it.";
