use super::{Finding, Place, Rule, Words};
use crate::{diagnostic::Severity, places};

pub(crate) static RULE: Rule = Rule {
    name: "unknown-country",
    severity: Severity::Warning,
    summary: "A value is not the name or code of a country.",
    why: "The country says how the address, the postal code and the phone number are to be read. Known are the names and codes of ISO 3166-1 and other common names, in any case.",
    failing: "`Unted States`, `Atlantis`",
    passing: "`United States`, `USA`, `uk`",
    help: "Write the country's English name or its code of two letters.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    let meant = places::COUNTRIES.meant(&place.value());
    Words::new(format!("{} is not a known country.", place.quoted()), RULE.help)
        .or_write(meant.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("Address1Country", "Unted States")]), @"warning unknown-country | Row 2, Address1Country: `Unted States` is not a known country. | Write United States. | fix: `United States`");
        assert_snapshot!(found(&[("Address1Country", "Atlantis")]), @"warning unknown-country | Row 2, Address1Country: `Atlantis` is not a known country. | Write the country's English name or its code of two letters.");
        assert_snapshot!(found(&[("Address1Country", "u.s.a.")]), @"");
    }
}
