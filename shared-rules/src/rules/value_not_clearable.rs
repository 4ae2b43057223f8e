use super::{Finding, Place, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "value-not-clearable",
    severity: Severity::Error,
    summary: "A cell says `[clear]` where no value can be emptied.",
    why: "What a person must have or is known by stays, and so does what ties people to others: without it the person could not be found again, or the row would say something else.",
    failing: "`[clear]` in `Email`, `StudentLastName` or `PSOId`.",
    passing: "`[clear]` in `Phone1Number`, where duplicates are updated.",
    help: "Write the right value, or leave the cell blank to keep what is there.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, |place: &Place<'_>| {
        Words::new(format!("{} cannot empty this column.", place.quoted()), RULE.help)
    })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("StudentLastName", "[clear]")]), @"error value-not-clearable | Row 2, StudentLastName: `[clear]` cannot empty this column. | Write the right value, or leave the cell blank to keep what is there.");
        assert_snapshot!(found(&[("Email", "[Clear]")]), @"error value-not-clearable | Row 2, Email: `[Clear]` cannot empty this column. | Write the right value, or leave the cell blank to keep what is there.");
        assert_snapshot!(found(&[("ClientAdminPSOs", "[clear]")]), @"error value-not-clearable | Row 2, ClientAdminPSOs: `[clear]` cannot empty this column. | Write the right value, or leave the cell blank to keep what is there.");
    }
}
