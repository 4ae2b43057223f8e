use super::{Rule, Words, Detail, Finding, Place, any_of, each_of};
use crate::{columns::Columns, diagnostic::Severity, program::{Program, Requirement, Test}};
use crate::read::Texts;

pub(crate) static RULE: Rule = Rule {
    name: "missing-one-of",
    severity: Severity::Error,
    summary: "All cells of a group are blank of which the row needs one.",
    why: "Without a postal code or a market, a retail row cannot be mapped to a market.",
    failing: "A retail row whose `Address1Zip` and `Zee` are blank.",
    passing: "A retail row with either.",
    help: "Fill one of the cells.",
};

/// One finding for each group that has a column, applies to the row and has no value.
pub(crate) fn check(program: &Program, columns: &Columns, texts: Texts<'_>, found: &mut Vec<Finding>) {
    let value = |field: usize| columns.value(program, field, texts);
    for (index, requirement) in program.requirements.iter().enumerate() {
        let there = requirement.fields.iter().any(|&field| columns.column(field).is_some());
        if there
            && requirement.fields.iter().all(|&field| value(field).is_none())
            && requirement.when.iter().all(|condition| condition.holds(value(condition.field)))
        {
            found.push(RULE.row(words).with(Detail::Number(index)));
        }
    }
}

fn words(place: &Place<'_>) -> Words {
    let requirement = &place.program.requirements[place.number()];
    let name = |field: usize| place.program.fields[field].name.as_str();
    let names: Vec<&str> = requirement.fields.iter().map(|&field| name(field)).collect();
    let row = if requirement.when.is_empty() { "the row".to_owned() } else { which_row(place.program, requirement) };
    let message = match names.as_slice() {
        [only] => format!("{only} is blank, and {row} needs it."),
        _ => format!("{} are blank, and {row} needs one of them.", each_of(&names)),
    };
    Words::new(message, format!("Fill {}.", any_of(&names)))
}

/// The rows to which the requirement applies: `a row with Role Student and no Email`.
pub(crate) fn which_row(program: &Program, requirement: &Requirement) -> String {
    let conditions = requirement.when.iter().map(|condition| {
        let name = program.fields[condition.field].name.as_str();
        match &condition.test {
            Test::Is(values) => format!("{name} {}", any_of(values)),
            Test::Blank => format!("no {name}"),
            Test::Filled => name.to_owned(),
        }
    });
    format!("a row with {}", each_of(&conditions.collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("Address1Zip", ""), ("Zee", " ")]), @"error missing-one-of | Row 2: Address1Zip and Zee are blank, and the row needs one of them. | Fill Address1Zip or Zee.");
        assert_snapshot!(found(&[("Address1Zip", ""), ("Zee", "12")]), @"");
        assert_snapshot!(found(&[("Address1Zip", "")]), @"error missing-one-of | Row 2: Address1Zip and Zee are blank, and the row needs one of them. | Fill Address1Zip or Zee.");
    }
}
