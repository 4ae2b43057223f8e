use super::{Rule, Words, Finding, Place};
use crate::{diagnostic::Severity, program::Kind};

pub(crate) static RULE: Rule = Rule {
    name: "value-out-of-range",
    severity: Severity::Error,
    summary: "A number, year or date is below the least or above the greatest value that its column takes.",
    why: "The program says that such a value cannot be right.",
    failing: "`150` where the greatest is 120.",
    passing: "`15`",
    help: "Correct the value.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    let range = place.kind().and_then(range).unwrap_or_default();
    Words::new(format!("{} is not {range}.", place.quoted()), format!("Write a value that is {range}."))
}

/// What the column takes, where it is bounded.
pub(crate) fn range(kind: &Kind) -> Option<String> {
    let bounds = kind.bounds();
    if let (Some(least), Some(most)) = (&bounds.least, &bounds.most) {
        return Some(format!("between {least} and {most}"));
    }
    let low = bounds.least.map(|least| format!("{least} or more"));
    let low = low.or_else(|| bounds.above.map(|above| format!("more than {above}")));
    let high = bounds.most.map(|most| format!("{most} or less"));
    let high = high.or_else(|| bounds.below.map(|below| format!("less than {below}")));
    let range: Vec<String> = low.into_iter().chain(high).collect();
    (!range.is_empty()).then(|| range.join(" and "))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found_by_field;

    #[test]
    fn words() {
        assert_snapshot!(found_by_field(r#""type":"integer","constraints":{"minimum":0,"maximum":120}"#, "150"), @"error value-out-of-range | Row 2, a: `150` is not between 0 and 120. | Write a value that is between 0 and 120.");
        assert_snapshot!(found_by_field(r#""type":"date","constraints":{"minimum":"2000-01-01"}"#, "1999-12-31"), @"error value-out-of-range | Row 2, a: `1999-12-31` is not 2000-01-01 or more. | Write a value that is 2000-01-01 or more.");
        assert_snapshot!(found_by_field(r#""type":"number","constraints":{"exclusiveMinimum":0,"maximum":9}"#, "0"), @"error value-out-of-range | Row 2, a: `0` is not more than 0 and 9 or less. | Write a value that is more than 0 and 9 or less.");
    }
}
