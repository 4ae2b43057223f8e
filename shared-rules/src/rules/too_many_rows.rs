use super::{Rule, Words, grouped};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "too-many-rows",
    severity: Severity::Error,
    summary: "The file has more data rows than one import takes.",
    why: "An import of bounded size ends in bounded time.",
    failing: "A file with 1,000,001 rows below the header.",
    passing: "A file with 1,000,000 rows below the header.",
    help: "Split the file, each part with the header.",
};

pub(crate) fn diagnostic(rows: u32, limit: u32) -> Diagnostic {
    let (rows, limit) = (grouped(rows), grouped(limit));
    RULE.file(Words::new(
        format!("The file has {rows} rows; one import takes at most {limit}. The others were not checked."),
        "Split the file into smaller ones, each with the header.",
    ))
}
