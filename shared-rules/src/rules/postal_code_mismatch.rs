use super::{Finding, Place, Rule, Words, any_of};
use crate::{
    diagnostic::Severity,
    places::{self, Zip},
    program::Fill,
};

pub(crate) static RULE: Rule = Rule {
    name: "postal-code-mismatch",
    severity: Severity::Warning,
    summary: "A ZIP code is not one of the row's state.",
    why: "One of the two is wrong, and mail goes to another place.",
    failing: "`60601` and `MA`",
    passing: "`60601` and `IL`",
    help: "Correct the ZIP code or the state.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    let value = place.value();
    let owners: Vec<&str> = Zip::read(value.trim()).map_or("", Zip::states).split(' ').collect();
    let state = places::STATES.code(place.filling(Fill::Person("state"))).unwrap_or("the row's state");
    Words::new(format!("{} is a ZIP code of {}, not of {state}.", place.quoted(), any_of(&owners)), RULE.help)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    fn of(zip: &str, state: &str) -> String {
        found(&[("Address1Zip", zip), ("Address1State", state)])
    }

    #[test]
    fn words() {
        assert_snapshot!(of("60601", "MA"), @"warning postal-code-mismatch | Row 2, Address1Zip: `60601` is a ZIP code of IL, not of MA. | Correct the ZIP code or the state.");
        assert_snapshot!(of("83414-0001", "Montana"), @"warning postal-code-mismatch | Row 2, Address1Zip: `83414-0001` is a ZIP code of ID or WY, not of MT. | Correct the ZIP code or the state.");
        assert_snapshot!(of("60601", "illinois"), @"");
        assert_snapshot!(of("06390", "NY"), @"");
    }
}
