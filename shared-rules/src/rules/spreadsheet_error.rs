use super::{Finding, Place, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "spreadsheet-error",
    severity: Severity::Error,
    summary: "A value is what a spreadsheet shows in place of one.",
    why: "The value itself is not in the file: a formula failed, or a column was too narrow when the file was saved.",
    failing: "`#N/A`, `#REF!`, `########`",
    passing: "`Boston`, `#12`",
    help: "Mend the formula or widen the column in the spreadsheet, and save the file again.",
};

pub(crate) fn check(column: usize, text: &str) -> Option<Finding> {
    (ERRORS.contains(&text) || is_too_narrow(text)).then(|| RULE.cell(column, words))
}

fn words(place: &Place<'_>) -> Words {
    let found = place.quoted();
    if is_too_narrow(&place.value()) {
        Words::new(
            format!("{found} is what a spreadsheet shows where the column is too narrow for the value."),
            "Widen the column in the spreadsheet, and save the file again.",
        )
    } else {
        Words::new(
            format!("{found} is what a spreadsheet shows where a formula failed."),
            "Mend the formula in the spreadsheet, or write the value.",
        )
    }
}

fn is_too_narrow(text: &str) -> bool {
    text.len() >= 3 && text.bytes().all(|byte| byte == b'#')
}

const ERRORS: [&str; 11] = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#ERROR!",
    "#GETTING_DATA",
];

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("StudentLastName", "#N/A"), ("Address1City", "#REF!"), ("ExternalID", "########")]), @"
        error spreadsheet-error | Row 2, StudentLastName: `#N/A` is what a spreadsheet shows where a formula failed. | Mend the formula in the spreadsheet, or write the value.
        error spreadsheet-error | Row 2, Address1City: `#REF!` is what a spreadsheet shows where a formula failed. | Mend the formula in the spreadsheet, or write the value.
        error spreadsheet-error | Row 2, ExternalID: `########` is what a spreadsheet shows where the column is too narrow for the value. | Widen the column in the spreadsheet, and save the file again.
        ");
        assert_snapshot!(found(&[("Address1StreetAddress2", "#12"), ("Address1City", "##")]), @"");
    }

    #[test]
    fn is_silent_where_the_cell_has_an_error() {
        assert_snapshot!(found(&[("ClientType", "#N/A")]), @"error value-not-allowed | Row 2, ClientType: `#N/A` is not one of the four values; they are case-sensitive. | Write one of: Student; Parent or guardian of student; Working professional; Educator or admissions officer.");
    }
}
