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
        Some(Kind::Integer(_)) => "a whole number",
        _ => "a number",
    };
    Words::new(
        format!("{} is not {kind}.", place.quoted()),
        "Write digits, without spaces or thousands separators.",
    )
    .or_write(place.trimmed())
}
