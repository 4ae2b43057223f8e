use super::{Rule, Words, Finding, Place, shortened};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "undecodable-text",
    severity: Severity::Error,
    summary: "A cell is not UTF-8 text.",
    why: "What the bytes mean can only be guessed, and a guess makes a wrong name.",
    failing: "`Jos\\xE9`, as Windows-1252 writes it.",
    passing: "`José` in UTF-8.",
    help: "Save the file as \"CSV UTF-8\".",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    Words::new(format!("{} is not UTF-8 text.", place.quoted()), HELP)
}

pub(crate) fn in_header(header: &str) -> Diagnostic {
    let shown = shortened(header);
    RULE.column(header, Words::new(format!("Column {shown}: the name is not UTF-8 text."), HELP))
}

const HELP: &str = "Save the file as CSV UTF-8 and check it again.";
