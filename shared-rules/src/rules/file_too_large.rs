use super::{Rule, Words, grouped};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "file-too-large",
    severity: Severity::Error,
    summary: "The file has more bytes than one import takes.",
    why: "An import of bounded size ends in bounded time.",
    failing: "A file of 500,000,001 bytes.",
    passing: "A file of 500,000,000 bytes.",
    help: "Split the file, each part with the header.",
};

pub(crate) fn diagnostic(bytes: u64, limit: u64) -> Diagnostic {
    let (bytes, limit) = (grouped(bytes), grouped(limit));
    RULE.file(Words::new(
        format!("The file has {bytes} bytes; one import takes at most {limit}. The rest was not read."),
        "Split the file into smaller ones, each with the header.",
    ))
}
