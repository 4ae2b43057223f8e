use super::{Rule, Words, Detail, Finding, Place, any_of, each_of};
use crate::{columns::Columns, diagnostic::Severity, program::Program};
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

/// One finding for each group that has a column and no value.
pub(crate) fn check(program: &Program, columns: &Columns, texts: Texts<'_>, found: &mut Vec<Finding>) {
    for (index, group) in program.require_one_of.iter().enumerate() {
        let mut there = group.iter().filter_map(|&field| Some((field, columns.column(field)?))).peekable();
        let checkable = there.peek().is_some();
        if checkable && there.all(|(field, column)| program.fields[field].is_missing(texts.get(column))) {
            found.push(RULE.row(words).with(Detail::Number(index)));
        }
    }
}

fn words(place: &Place<'_>) -> Words {
    let group = &place.program.require_one_of[place.number()];
    let names: Vec<&str> = group.iter().map(|&field| place.program.fields[field].name.as_str()).collect();
    Words::new(
        format!("{} are blank, and the row needs one of them.", each_of(&names)),
        format!("Fill {}.", any_of(&names)),
    )
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
