use super::{Rule, Words, grouped};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "too-many-columns",
    severity: Severity::Error,
    summary: "The header has more columns than a roster can have.",
    why: "A header this wide is another kind of file, or one whose rows and columns were swapped.",
    failing: "A header of 257 columns.",
    passing: "A header of 256 columns.",
    help: "Delete the columns that the program does not know.",
};

pub(crate) fn diagnostic(columns: usize, limit: usize) -> Diagnostic {
    let (columns, limit) = (grouped(columns as u64), grouped(limit as u64));
    RULE.file(Words::new(
        format!("The file has {columns} columns; a roster has at most {limit}. The others were not read."),
        "Delete the columns that the program does not know.",
    ))
}
