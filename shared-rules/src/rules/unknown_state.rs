use super::{Detail, Finding, Place, Rule, Words};
use crate::{diagnostic::Severity, places};

pub(crate) static RULE: Rule = Rule {
    name: "unknown-state",
    severity: Severity::Warning,
    summary: "A value is not a state of the United States or a province of Canada.",
    why: "The address would be incomplete. Known are names, codes and common abbreviations, in any case; other countries' regions are let be.",
    failing: "`Massachusets`, `XX`",
    passing: "`MA`, `massachusetts`, `ON` in Canada",
    help: "Write the name of the state or province, or its code of two letters.",
};

pub(crate) fn finding(column: usize, canadian: bool) -> Finding {
    RULE.cell(column, words).with(Detail::Number(usize::from(canadian)))
}

fn words(place: &Place<'_>) -> Words {
    let (names, what) = match place.number() {
        0 => (&places::STATES, "a state of the United States"),
        _ => (&places::PROVINCES, "a province of Canada"),
    };
    let meant = names.meant(&place.value()).map(str::to_owned);
    Words::new(format!("{} is not {what}.", place.quoted()), RULE.help).or_write(meant)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    fn of(country: &str, state: &str) -> String {
        found(&[
            ("Address1State", state),
            ("Address1Country", country),
            ("Address1Zip", ""),
            ("Zee", "Boston"),
        ])
    }

    #[test]
    fn words() {
        assert_snapshot!(of("US", "Massachusets"), @"warning unknown-state | Row 2, Address1State: `Massachusets` is not a state of the United States. | Write Massachusetts. | fix: `Massachusetts`");
        assert_snapshot!(of("US", "XX"), @"warning unknown-state | Row 2, Address1State: `XX` is not a state of the United States. | Write the name of the state or province, or its code of two letters.");
        assert_snapshot!(of("Canada", "Ontari"), @"warning unknown-state | Row 2, Address1State: `Ontari` is not a province of Canada. | Write Ontario. | fix: `Ontario`");
        assert_snapshot!(of("US", "mass."), @"");
        assert_snapshot!(of("Canada", "qc"), @"");
        assert_snapshot!(of("Germany", "Bavaria"), @"");
    }
}
