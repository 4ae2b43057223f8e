use super::{Rule, Words};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "text-above-header",
    severity: Severity::Warning,
    summary: "The header is not the first row; what stands above it is not imported.",
    why: "A title or a date above the table is no data. If the header was found in the wrong row, people would be missing.",
    failing: "`Roster of Lincoln School` in row 1, the header in row 3.",
    passing: "The header in row 1.",
    help: "Check that the header was found in the right row, or delete the rows above it.",
};

pub(crate) fn diagnostic(header_row: u32) -> Diagnostic {
    let above = if header_row == 2 { "Row 1 is".to_owned() } else { format!("Rows 1 to {} are", header_row - 1) };
    let words = Words::new(format!("{above} above the header, which is row {header_row}, and not imported."), RULE.help);
    RULE.file(words)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{program::Program, rules::tests::found_in};

    #[test]
    fn words() {
        let file = "Clients of the Writing Center\n\nEmail,First Name,Last Name\na@example.com,Ann,Lee\n";
        assert_snapshot!(found_in(Program::builtin("clients").unwrap(), file), @"warning text-above-header | Rows 1 to 2 are above the header, which is row 3, and not imported. | Check that the header was found in the right row, or delete the rows above it.");
        let file = "sep=;\nEmail;First Name;Last Name\na@example.com;Ann;Lee\n";
        assert_snapshot!(found_in(Program::builtin("clients").unwrap(), file), @"");
    }
}
