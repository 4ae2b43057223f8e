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

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::{found, found_by_field};

    #[test]
    fn words() {
        assert_snapshot!(found(&[("PSOId", "PSO-111111")]), @"error pattern-mismatch | Row 2, PSOId: `PSO-111111` is not made of digits alone. | Write digits alone, such as 111111.");
        assert_snapshot!(found(&[("PSOId", " 111111")]), @"error pattern-mismatch | Row 2, PSOId: ` 111111` is not made of digits alone. | Write 111111. | fix: `111111`");
        assert_snapshot!(found_by_field(r#""constraints":{"pattern":"[A-Z]{2}"}"#, "usa"), @"error pattern-mismatch | Row 2, a: `usa` does not have the form `[A-Z]{2}`. | Write a value of the form `[A-Z]{2}`.");
    }
}
