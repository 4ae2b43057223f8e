use super::{Rule, Words, Finding, Place};
use crate::{diagnostic::Severity, program::{Fill, Program}};
use crate::check::{Roles, items};
use crate::read::Texts;
use crate::identity::{IdentityKey, KeyKind};

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
    let own = roles.email?.value(program, texts)?;
    let parent = roles.parent[0].filter(|role| role.value(program, texts).is_some_and(|text| is_same(text, own)));
    let linked = || {
        let parents = roles.links.iter().filter(|(_, whom)| *whom == "parent").map(|(role, _)| *role);
        parents.into_iter().find(|&role| items(program, role, texts).any(|text| is_same(text, own)))
    };
    parent.or_else(linked).map(|role| RULE.cell(role.column, words))
}

fn is_same(parent: &str, own: &str) -> bool {
    if !may_be_same(parent, own) {
        return false;
    }
    if parent.is_ascii() && own.is_ascii() {
        return parent.trim().eq_ignore_ascii_case(own.trim());
    }
    IdentityKey::of(KeyKind::Email, [parent]) == IdentityKey::of(KeyKind::Email, [own])
}

/// Whether the parts before the @ leave it open: for most rows they settle it, most often by their first letters.
fn may_be_same(one: &str, other: &str) -> bool {
    if let (Some(one), Some(other)) = (one.as_bytes().first(), other.as_bytes().first())
        && one.is_ascii_graphic()
        && other.is_ascii_graphic()
        && !one.eq_ignore_ascii_case(other)
    {
        return false;
    }
    let local = |address| str::split_once(address, '@').map_or("", |(local, _)| local).trim();
    let (one, other) = (local(one), local(other));
    !one.is_ascii() || !other.is_ascii() || one.eq_ignore_ascii_case(other)
}

fn words(place: &Place<'_>) -> Words {
    let own = place.program.field_that_fills(Fill::Person("email"));
    let own = own.map_or("the person's own", |field| place.program.fields[field].name.as_str());
    Words::new(
        format!("{} is the same address as {own}; no parent's account is made.", place.quoted()),
        "Write the parent's own address, or clear the parent's cells.",
    )
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("Email", "ann@example.com"), ("ParentEmail", "ANN@example.com"), ("ParentFirstName", "Pat"), ("ParentLastName", "Lee")]), @"warning parent-is-child | Row 2, ParentEmail: `ANN@example.com` is the same address as Email; no parent's account is made. | Write the parent's own address, or clear the parent's cells.");
        assert_snapshot!(found(&[("Email", "ann@schüler.example"), ("ParentEmail", "ann@xn--schler-5ya.example"), ("ParentFirstName", "Pat"), ("ParentLastName", "Lee")]), @"warning parent-is-child | Row 2, ParentEmail: `ann@xn--schler-5ya.example` is the same address as Email; no parent's account is made. | Write the parent's own address, or clear the parent's cells.");
    }
}
