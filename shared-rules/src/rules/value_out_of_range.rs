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
    let (least, most) = place.kind().map(Kind::bounds).unwrap_or_default();
    let range = match (least, most) {
        (Some(least), Some(most)) => format!("between {least} and {most}"),
        (Some(least), None) => format!("{least} or more"),
        (None, Some(most)) => format!("{most} or less"),
        (None, None) => String::new(),
    };
    Words::new(format!("{} is not {range}.", place.quoted()), format!("Write a value that is {range}."))
}
