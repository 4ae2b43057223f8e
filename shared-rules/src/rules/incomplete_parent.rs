use super::{Rule, Words, Finding, Place, each_of};
use crate::{diagnostic::Severity, program::{Fill, Program}};
use crate::check::Roles;
use crate::read::Texts;

pub(crate) static RULE: Rule = Rule {
    name: "incomplete-parent",
    severity: Severity::Warning,
    summary: "Some but not all cells of the parent are filled.",
    why: "A parent's account needs all of them; without one, the child is imported and no account is made for the parent.",
    failing: "`ParentFirstName` filled and `ParentEmail` blank.",
    passing: "All three parent columns filled, or none.",
    help: "Fill the blank parent cells, or clear the others.",
};

pub(crate) fn check(roles: &Roles, program: &Program, texts: Texts<'_>) -> Option<Finding> {
    let there = || roles.parent.iter().flatten();
    let filled = there().filter(|role| role.value(program, texts).is_some()).count();
    if filled == 0 || filled == roles.parent.len() {
        return None;
    }
    let blank = there().find(|role| role.value(program, texts).is_none());
    Some(blank.map_or_else(|| RULE.row(words), |role| RULE.cell(role.column, words)))
}

fn words(place: &Place<'_>) -> Words {
    let mut names = Vec::new();
    let mut filled = Vec::new();
    for (index, field) in place.program.fields.iter().enumerate() {
        if !matches!(field.fills, Some(Fill::Parent(_))) {
            continue;
        }
        names.push(field.name.as_str());
        let text = place.columns.column(index).map(|column| String::from_utf8_lossy(place.cells.get(column)));
        if text.is_some_and(|text| !field.is_missing(&text)) {
            filled.push(field.name.as_str());
        }
    }
    let verb = if filled.len() == 1 { "is" } else { "are" };
    let said = if place.column.is_some() { "blank, while " } else { "" };
    Words::new(
        format!("{said}{} {verb} filled; a parent's account needs {}.", each_of(&filled), each_of(&names)),
        format!("Fill {}, or clear them all.", each_of(&names)),
    )
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("ParentEmail", ""), ("ParentFirstName", "Pat"), ("ParentLastName", "Lee")]), @"warning incomplete-parent | Row 2, ParentEmail: blank, while ParentFirstName and ParentLastName are filled; a parent's account needs ParentEmail, ParentFirstName and ParentLastName. | Fill ParentEmail, ParentFirstName and ParentLastName, or clear them all.");
        assert_snapshot!(found(&[("ParentEmail", "p@example.com"), ("ParentFirstName", ""), ("ParentLastName", "")]), @"warning incomplete-parent | Row 2, ParentFirstName: blank, while ParentEmail is filled; a parent's account needs ParentEmail, ParentFirstName and ParentLastName. | Fill ParentEmail, ParentFirstName and ParentLastName, or clear them all.");
        assert_snapshot!(found(&[("ParentEmail", "p@example.com")]), @"warning incomplete-parent | Row 2: ParentEmail is filled; a parent's account needs ParentEmail, ParentFirstName and ParentLastName. | Fill ParentEmail, ParentFirstName and ParentLastName, or clear them all.");
        assert_snapshot!(found(&[("ParentEmail", "p@example.com"), ("ParentFirstName", "Pat"), ("ParentLastName", "Lee")]), @"");
    }
}
