use super::{Rule, Words, Detail, Finding, Place};
use crate::{diagnostic::Severity, identity::KeyKind, options::DuplicatePolicy};

pub(crate) static RULE: Rule = Rule {
    name: "repeated-person",
    severity: Severity::Warning,
    summary: "A row is the same person as an earlier row of the file.",
    why: "The two rows become one person; what happens to their values is the duplicate policy's choice. Under the policy `reject` this is an error. An earlier row with an error is not imported, and so is nobody's earlier row.",
    failing: "Two rows with the same `Email`, or with the same name, street address and postal code.",
    passing: "A row for each person.",
    help: "Delete one of the rows, or correct what makes them look alike.",
};

/// `by` is the strongest identity that the rows share.
pub(crate) fn finding(earlier: u32, by: KeyKind, column: Option<usize>, policy: DuplicatePolicy) -> Finding {
    let finding = column.map_or_else(|| RULE.row(words), |column| RULE.cell(column, words));
    let severity = match policy {
        DuplicatePolicy::Reject => Severity::Error,
        DuplicatePolicy::Skip | DuplicatePolicy::FillMissing | DuplicatePolicy::Update => RULE.severity,
    };
    Finding { severity, ..finding.with(Detail::Earlier { row: earlier, by }) }
}

fn words(place: &Place<'_>) -> Words {
    let Detail::Earlier { row, by } = place.detail else { return Words::new("a person again.", HELP) };
    let what = match by {
        KeyKind::ExternalId => "identifier",
        KeyKind::Email => "e-mail address",
        KeyKind::Username => "user name",
        KeyKind::NameAddress => "name, street address and postal code",
    };
    Words::new(format!("the same {what} as row {row}, so the same person."), HELP)
}

const HELP: &str = "Delete one of the rows, or correct what makes them look alike.";

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::program::Program;
    use crate::rules::tests::found_in;

    const REPEATED: &str = "Email,StudentFirstName,StudentLastName,Address1StreetAddress1,Address1Zip,\
        Address1Country,ClientType,StudentType,CanContact,CanContactSchools,CanContactSurveys\n\
        a@example.com,Ann,Lee,1 Main St,02108,US,Student,High school student,TRUE,TRUE,TRUE\n\
        A@Example.com,Ann,Lee,1 Main St,02108,US,Student,High school student,TRUE,TRUE,TRUE\n\
        ,ANN,Léé,1 Main St.,02108-1111,US,Student,High school student,TRUE,TRUE,TRUE\n\
        a@example.org,Ann,Lee,2 Main St,02108,US,Student,High school student,TRUE,TRUE,TRUE\n";

    #[test]
    fn words() {
        assert_snapshot!(found_in(Program::builtin("retail").unwrap(), REPEATED), @"
        warning repeated-person | Row 3, Email: the same e-mail address as row 2, so the same person. | Delete one of the rows, or correct what makes them look alike.
        warning repeated-person | Row 4: the same name, street address and postal code as row 2, so the same person. | Delete one of the rows, or correct what makes them look alike.
        ");
    }
}
