use super::{Rule, Words, Finding, Place, shortened};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "misplaced-quote",
    severity: Severity::Error,
    summary: "Text follows the quotation mark that closes a cell.",
    why: "Programs read such a cell differently, so that its value is not certain.",
    failing: "`\"O\"Brien,Ann`",
    passing: "`O'Brien,Ann`, or `\"O\"\"Brien\",Ann`",
    help: "Put the whole text between the quotation marks, and double those inside it.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    Words::new(format!("text follows the closing quotation mark; it was read as {}.", place.quoted()), HELP)
}

/// In the header, the column's name is not certain.
pub(crate) fn in_header(header: &str) -> Diagnostic {
    RULE.column(
        header,
        Words::new(format!("Column {}: text follows the closing quotation mark.", shortened(header)), HELP),
    )
}

const HELP: &str = "Put the whole text between the quotation marks, and double those inside it.";

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::program::Program;
    use crate::rules::tests::{found_in, found_in_header};

    #[test]
    fn words() {
        assert_snapshot!(found_in_header("StudentFirstName", "\"StudentFirst\"Name"), @"error misplaced-quote | Column StudentFirstName: text follows the closing quotation mark. | Put the whole text between the quotation marks, and double those inside it.");
        assert_snapshot!(found_in(Program::builtin("retail").unwrap(), "Email,Zee\n\"O\"Brien,1\n"), @"
        error missing-column | Column StudentFirstName: the file has no such column, and the program requires it. | Add the column StudentFirstName.
        error missing-column | Column StudentLastName: the file has no such column, and the program requires it. | Add the column StudentLastName.
        error missing-column | Column Address1Country: the file has no such column, and the program requires it. | Add the column Address1Country.
        error missing-column | Column ClientType: the file has no such column, and the program requires it. | Add the column ClientType.
        error missing-column | Column StudentType: the file has no such column, and the program requires it. | Add the column StudentType.
        error missing-column | Column CanContact: the file has no such column, and the program requires it. | Add the column CanContact.
        error missing-column | Column CanContactSchools: the file has no such column, and the program requires it. | Add the column CanContactSchools.
        error missing-column | Column CanContactSurveys: the file has no such column, and the program requires it. | Add the column CanContactSurveys.
        error misplaced-quote | Row 2, Email: text follows the closing quotation mark; it was read as `OBrien`. | Put the whole text between the quotation marks, and double those inside it.
        ");
    }
}
