use super::{Finding, Place, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "rounded-number",
    severity: Severity::Warning,
    summary: "A long identifier has zeros after its 15th digit.",
    why: "A spreadsheet keeps 15 digits of a number and writes zeros for the others, which are lost.",
    failing: "`1234567890123450000` in `ExternalID`.",
    passing: "`1234567890123456789` in `ExternalID`.",
    help: "Write the value with all its digits; format the column as text first.",
};

/// How many digits of a number a spreadsheet keeps.
const KEPT: usize = 15;
/// No shorter text can be found.
pub(crate) const SHORTEST: usize = KEPT + 1;

pub(crate) fn check(column: usize, text: &str) -> Option<Finding> {
    is_rounded(text.as_bytes()).then(|| RULE.cell(column, words))
}

fn words(place: &Place<'_>) -> Words {
    Words::new(
        format!(
            "{} has only zeros after its {KEPT}th digit, as if a spreadsheet had rounded it.",
            place.quoted()
        ),
        RULE.help,
    )
}

fn is_rounded(text: &[u8]) -> bool {
    let Some((kept, rest)) = text.split_at_checked(KEPT) else { return false };
    !rest.is_empty() && rest.iter().all(|byte| *byte == b'0') && kept.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("ExternalID", "1234567890123450000"), ("SchoolID", "1234567890123456789")]), @"warning rounded-number | Row 2, ExternalID: `1234567890123450000` has only zeros after its 15th digit, as if a spreadsheet had rounded it. | Write the value with all its digits; format the column as text first.");
        assert_snapshot!(found(&[("ExternalID", "123456789012340"), ("SchoolID", "ABCDEFGHIJKLMNO0")]), @"");
    }
}
