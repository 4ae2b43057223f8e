use super::{Rule, Words, Finding, Place};
use crate::{diagnostic::Severity, program::Kind};

pub(crate) static RULE: Rule = Rule {
    name: "invalid-number",
    severity: Severity::Error,
    summary: "A value is not a number, or not a whole one where that is asked for.",
    why: "Nothing can be reckoned with it.",
    failing: "`12a`, or `1.5` where a whole number is asked for.",
    passing: "`12`",
    help: "Write the number in digits, without spaces or thousands separators.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    let kind = match place.kind() {
        Some(Kind::Integer(..)) => "a whole number",
        _ => "a number",
    };
    Words::new(
        format!("{} is not {kind}.", place.quoted()),
        "Write digits, without spaces or thousands separators.",
    )
    .or_write(place.trimmed())
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found_by_field;

    #[test]
    fn words() {
        assert_snapshot!(found_by_field(r#""type":"integer""#, "1.5"), @"error invalid-number | Row 2, a: `1.5` is not a whole number. | Write digits, without spaces or thousands separators.");
        assert_snapshot!(found_by_field(r#""type":"number""#, " 1.5"), @"error invalid-number | Row 2, a: ` 1.5` is not a number. | Write 1.5. | fix: `1.5`");
    }
}
