use super::{Detail, Finding, Place, Rule, Words};
use crate::{diagnostic::Severity, places};

pub(crate) static RULE: Rule = Rule {
    name: "malformed-postal-code",
    severity: Severity::Warning,
    summary: "A postal code is not of the form that its country's have.",
    why: "The market follows from the code, and people are recognised by it. The forms of the United States and Canada are known; others are let be.",
    failing: "`O2108` in the United States, `K1A 0B` in Canada.",
    passing: "`02108`, `02108-1234`, `K1A 0B1`",
    help: "Write five digits, or five and four, in the United States; write K1A 0B1 and the like in Canada.",
};

pub(crate) fn finding(column: usize, canadian: bool) -> Finding {
    RULE.cell(column, words).with(Detail::Number(usize::from(canadian)))
}

fn words(place: &Place<'_>) -> Words {
    let (value, found) = (place.value(), place.quoted());
    if place.number() == 0 {
        Words::new(
            format!("{found} is not a ZIP code of the United States."),
            "Write five digits, or five and four, such as 02108 or 02108-1234.",
        )
        .or_write(zip(&value))
    } else {
        Words::new(
            format!("{found} is not a postal code of Canada as K1A 0B1."),
            "Write it in the form K1A 0B1.",
        )
        .or_write(places::canadian_code(&value))
    }
}

/// The ZIP code that is meant where only hyphen and spaces are wrong.
fn zip(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|char| !matches!(char, ' ' | '-')).collect();
    let code = match digits.len() {
        5 => digits,
        9 if digits.is_ascii() => format!("{}-{}", &digits[..5], &digits[5..]),
        _ => return None,
    };
    places::Zip::read(&code).map(|_| code)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    fn of(country: &str, code: &str) -> String {
        found(&[("Address1Zip", code), ("Address1Country", country)])
    }

    #[test]
    fn words() {
        assert_snapshot!(of("US", "O2108"), @"warning malformed-postal-code | Row 2, Address1Zip: `O2108` is not a ZIP code of the United States. | Write five digits, or five and four, such as 02108 or 02108-1234.");
        assert_snapshot!(of("US", "021081234"), @"warning malformed-postal-code | Row 2, Address1Zip: `021081234` is not a ZIP code of the United States. | Write 02108-1234. | fix: `02108-1234`");
        assert_snapshot!(of("US", "00000"), @"warning malformed-postal-code | Row 2, Address1Zip: `00000` is not a ZIP code of the United States. | Write five digits, or five and four, such as 02108 or 02108-1234.");
        assert_snapshot!(of("Canada", "K1A 0B"), @"warning malformed-postal-code | Row 2, Address1Zip: `K1A 0B` is not a postal code of Canada as K1A 0B1. | Write it in the form K1A 0B1.");
        assert_snapshot!(of("Canada", "k1a0b1"), @"warning malformed-postal-code | Row 2, Address1Zip: `k1a0b1` is not a postal code of Canada as K1A 0B1. | Write K1A 0B1. | fix: `K1A 0B1`");
        assert_snapshot!(of("Canada", "K1A 0B1"), @"");
        assert_snapshot!(of("United Kingdom", "SW1A 1AA"), @"");
    }
}
