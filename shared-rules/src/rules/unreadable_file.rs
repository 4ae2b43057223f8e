use super::{Rule, Words};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "unreadable-file",
    severity: Severity::Error,
    summary: "The file cannot be read at all.",
    why: "A broken or protected workbook has no rows to check, and one made to exhaust memory is not opened.",
    failing: "A workbook with a password; one that unpacks to a thousand times its size.",
    passing: "A workbook that a spreadsheet opens, or a CSV file.",
    help: "Open the file in a spreadsheet, save it as XLSX or CSV, and upload that.",
};

/// The reason is a whole sentence, and so is the help.
pub(crate) fn diagnostic(message: &str, help: &str) -> Diagnostic {
    RULE.file(Words::new(message, help))
}

#[cfg(test)]
mod tests {
    use crate::{check::{CheckOptions, Checker}, program::Program};

    #[test]
    fn words() {
        let program = Program::builtin("retail").unwrap();
        let checker = Checker::new(program, "roster.xlsx", CheckOptions::default());
        let report = checker.refuse("The workbook has a password.", "Save it without one.");
        assert_eq!(report.diagnostics[0].message, "The workbook has a password.");
        assert_eq!(report.first_stop().unwrap().rule, "unreadable-file");
    }
}
