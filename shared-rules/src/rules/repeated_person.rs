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
