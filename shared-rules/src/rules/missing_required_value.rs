use super::{Rule, Words, Finding, Place, any_of};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "missing-required-value",
    severity: Severity::Error,
    summary: "A required cell is blank.",
    why: "The person cannot be imported without it.",
    failing: "A row whose `StudentLastName` is blank.",
    passing: "`Lee`",
    help: "Fill the cell.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    let help = match place.field().and_then(|field| field.kind.values()) {
        Some(values) if values.len() <= 4 => format!("Write {}.", any_of(&values)),
        _ => "Fill the cell.".to_owned(),
    };
    Words::new("the cell is blank, and the program requires a value.", help)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("StudentLastName", " ")]), @"error missing-required-value | Row 2, StudentLastName: the cell is blank, and the program requires a value. | Fill the cell.");
        assert_snapshot!(found(&[("ClientType", "")]), @"error missing-required-value | Row 2, ClientType: the cell is blank, and the program requires a value. | Write Student, Parent or guardian of student, Working professional or Educator or admissions officer.");
    }
}
