use super::{Rule, Words, Finding, Place, quoted};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "pattern-mismatch",
    severity: Severity::Error,
    summary: "A value does not have the form of its column.",
    why: "Identifiers of another form belong to nothing; enrolling by one would fail.",
    failing: "`PSO-111111` in `PSOId`.",
    passing: "`111111`",
    help: "Write the value in the column's form.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    let found = place.quoted();
    let pattern = place.field().and_then(|field| field.pattern.as_ref());
    let words = match pattern {
        Some(pattern) if !pattern.is_digits() => Words::new(
            format!("{found} does not have the form {}.", quoted(&pattern.source)),
            format!("Write a value of the form {}.", quoted(&pattern.source)),
        ),
        _ => Words::new(format!("{found} is not made of digits alone."), "Write digits alone, such as 111111."),
    };
    words.or_write(place.trimmed())
}
