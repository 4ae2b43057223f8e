use super::{Finding, Place, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "value-not-cleared",
    severity: Severity::Warning,
    summary: "A cell says `[clear]`, and the import leaves stored values as they are.",
    why: "Only an import that updates duplicates replaces or empties what is stored; under the other policies the cell does nothing.",
    failing: "`[clear]` in `Phone1Number` where missing values are filled in.",
    passing: "`[clear]` in `Phone1Number` where duplicates are updated.",
    help: "Choose to update duplicates, or leave the cell blank.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, |place: &Place<'_>| {
        Words::new(format!("{} does nothing unless duplicates are updated.", place.quoted()), RULE.help)
    })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::{found, found_by_field};

    #[test]
    fn words() {
        assert_snapshot!(found(&[("Phone1Number", "[clear]")]), @"warning value-not-cleared | Row 2, Phone1Number: `[clear]` does nothing unless duplicates are updated. | Choose to update duplicates, or leave the cell blank.");
    }

    #[test]
    fn where_nothing_is_stored_it_is_a_text_like_any_other() {
        assert_snapshot!(found_by_field(r#""type":"string""#, "[clear]"), @"");
    }
}
