use super::{Rule, Words, Finding, Place, shortened};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "nul-character",
    severity: Severity::Error,
    summary: "A cell has a NUL character.",
    why: "A NUL is no text: the file is damaged or in another encoding, and systems further on cut the value there.",
    failing: "`An\\0n`",
    passing: "`Ann`",
    help: "Save the file as CSV in UTF-8 again.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    Words::new(format!("{} has a NUL character, which is no text.", place.quoted()), HELP)
}

pub(crate) fn in_header(header: &str) -> Diagnostic {
    let shown = shortened(header);
    RULE.column(header, Words::new(format!("Column {shown}: the name has a NUL character."), HELP))
}

const HELP: &str = "Delete it, or save the file as CSV in UTF-8 again.";

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::{found, found_in_header};

    #[test]
    fn words() {
        assert_snapshot!(found(&[("SchoolNameHS", "A\0B")]), @"error nul-character | Row 2, SchoolNameHS: `A␀B` has a NUL character, which is no text. | Delete it, or save the file as CSV in UTF-8 again.");
        assert_snapshot!(found_in_header("CanContact,", "CanContact,A\0,"), @"
        error nul-character | Column A␀: the name has a NUL character. | Delete it, or save the file as CSV in UTF-8 again.
        warning unknown-column | Column A␀: the program has no such column; its values are ignored. | Delete the column, or rename it to the column that it is.
        ");
    }
}
