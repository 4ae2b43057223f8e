use super::{Rule, Words};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "empty-file",
    severity: Severity::Error,
    summary: "The file has no row at all.",
    why: "There is nothing to import; most often the wrong file was picked or the export failed.",
    failing: "A file of 0 bytes, or of blank lines.",
    passing: "A header and at least one row.",
    help: "Export the roster again, or pick another file.",
};

pub(crate) fn diagnostic() -> Diagnostic {
    RULE.file(Words::new("The file is empty.", "Pick a file with a header and at least one row."))
}
