use super::{Rule, Words, Finding, Place};
use crate::{diagnostic::Severity, program::{Fill, Program}};
use crate::check::Roles;
use crate::read::Texts;
use crate::identity::normal_email;

pub(crate) static RULE: Rule = Rule {
    name: "parent-is-child",
    severity: Severity::Warning,
    summary: "The parent's e-mail address is the person's own.",
    why: "Parent and child would be one account, so that no parent is made and none is linked.",
    failing: "The same address in `Email` and `ParentEmail`.",
    passing: "The parent's own address in `ParentEmail`.",
    help: "Write the parent's own address, or clear the parent's cells.",
};

pub(crate) fn check(roles: &Roles, program: &Program, texts: Texts<'_>) -> Option<Finding> {
    let parent = roles.parent[0]?;
    let parents = parent.value(program, texts)?;
    let own = roles.email?.value(program, texts)?;
    // Most addresses differ in length, which settles it: only an internationalised domain can change it.
    let comparable = parents.len() == own.len() || !parents.is_ascii() || !own.is_ascii();
    let same = comparable && normal_email(parents) == normal_email(own);
    same.then(|| RULE.cell(parent.column, words))
}

fn words(place: &Place<'_>) -> Words {
    let own = place.program.field_that_fills(Fill::Person("email"));
    let own = own.map_or("the person's own", |field| place.program.fields[field].name.as_str());
    Words::new(
        format!("{} is the same address as {own}; no parent's account is made.", place.quoted()),
        "Write the parent's own address, or clear the parent's cells.",
    )
}
