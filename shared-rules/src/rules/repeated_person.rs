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

/// A row of the person of an earlier row. `by` is the strongest identity that the rows share.
pub(crate) fn finding(
    rule: &'static Rule,
    column: Option<usize>,
    detail: Detail,
    words: fn(&Place<'_>) -> Words,
    policy: DuplicatePolicy,
) -> Finding {
    let finding = column.map_or_else(|| rule.row(words), |column| rule.cell(column, words));
    let severity = match policy {
        DuplicatePolicy::Reject => Severity::Error,
        DuplicatePolicy::Skip | DuplicatePolicy::FillMissing | DuplicatePolicy::Update => rule.severity,
    };
    Finding { severity, ..finding.with(detail) }
}

pub(crate) fn words(place: &Place<'_>) -> Words {
    let Detail::Earlier { row, by, .. } = place.detail else { return Words::new("a person again.", HELP) };
    let other = place.other(row);
    Words::new(format!("the same {} as {other}, so the same person.", identity(by)), HELP)
}

/// What the rows share, in words.
pub(crate) fn identity(by: KeyKind) -> &'static str {
    match by {
        KeyKind::ExternalId => "identifier",
        KeyKind::Email => "e-mail address",
        KeyKind::Username => "user name",
        KeyKind::NameAddress => "name, street address and postal code",
    }
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
