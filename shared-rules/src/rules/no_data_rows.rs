use super::{Rule, Words};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "no-data-rows",
    severity: Severity::Error,
    summary: "The file has a header and nothing below it.",
    why: "There is nothing to import; most often the template was saved before it was filled.",
    failing: "`Email,StudentFirstName` alone.",
    passing: "The same header with a row below it.",
    help: "Add a row for each person below the header.",
};

pub(crate) fn diagnostic() -> Diagnostic {
    RULE.file(Words::new(
        "The file has a header and no row below it.",
        "Add a row for each person below the header.",
    ))
}
