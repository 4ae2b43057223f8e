use super::{Rule, Words, Finding, Place};
use crate::{diagnostic::Severity, program::{Fill, Program}};
use crate::check::Roles;
use crate::read::Texts;
use crate::program::Value;

pub(crate) static RULE: Rule = Rule {
    name: "cancel-without-offering",
    severity: Severity::Warning,
    summary: "A row cancels an enrolment and names no offering.",
    why: "There is nothing to cancel; the person stays on every offering.",
    failing: "`TRUE` in `Cancel` with a blank `PSOId`.",
    passing: "`TRUE` in `Cancel` with `111111` in `PSOId`.",
    help: "Fill PSOId, or clear Cancel.",
};

pub(crate) fn check(roles: &Roles, program: &Program, texts: Texts<'_>) -> Option<Finding> {
    let cancel = roles.cancel?;
    let value = cancel.value(program, texts)?;
    if roles.offering.is_some_and(|offering| offering.value(program, texts).is_some()) {
        return None;
    }
    let cancels = program.fields[cancel.field].kind.read(value) == Ok(Value::Flag(true));
    cancels.then(|| RULE.cell(cancel.column, words))
}

fn words(place: &Place<'_>) -> Words {
    let found = place.quoted();
    let Some(field) = place.program.field_that_fills(Fill::Offering) else {
        return Words::new(format!("{found}, but no offering to leave is named."), "Clear the cell.");
    };
    let offering = &place.program.fields[field].name;
    Words::new(
        format!("{found}, but {offering} is blank: there is no offering to leave."),
        format!("Fill {offering}, or clear this cell."),
    )
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("Cancel", "TRUE"), ("PSOId", "")]), @"warning cancel-without-offering | Row 2, Cancel: `TRUE`, but PSOId is blank: there is no offering to leave. | Fill PSOId, or clear this cell.");
        assert_snapshot!(found(&[("Cancel", "TRUE"), ("PSOId", "111111")]), @"");
        assert_snapshot!(found(&[("Cancel", "TRUE")]), @"warning cancel-without-offering | Row 2, Cancel: `TRUE`, but PSOId is blank: there is no offering to leave. | Fill PSOId, or clear this cell.");
    }
}
