use super::{Rule, Words, Finding, Place, shortened};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "undecodable-text",
    severity: Severity::Error,
    summary: "A cell has bytes that are no text in the file's encoding.",
    why: "What the bytes mean can only be guessed, and a guess makes a wrong name. The same is said of the character � that other programs leave for such bytes.",
    failing: "A single `\\xE9` in a file that is otherwise UTF-8.",
    passing: "`José` in UTF-8.",
    help: "Save the file as \"CSV UTF-8\", or choose its encoding.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    Words::new(format!("{} has bytes that are no text in the file's encoding.", place.quoted()), HELP)
}

pub(crate) fn in_header(header: &str) -> Diagnostic {
    let shown = shortened(header);
    RULE.column(header, Words::new(format!("Column {shown}: the name has bytes that are no text in the file's encoding."), HELP))
}

const HELP: &str = "Save the file as CSV UTF-8, or choose the encoding that it has.";
