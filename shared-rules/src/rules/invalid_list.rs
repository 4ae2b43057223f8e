use super::{Rule, Words, Detail, Finding, Place, quoted};
use crate::{diagnostic::Severity, program::Kind};
use crate::program::List;

pub(crate) static RULE: Rule = Rule {
    name: "invalid-list",
    severity: Severity::Error,
    summary: "An item of a list is not what the list is made of.",
    why: "One wrong separator makes two items into one that does not exist.",
    failing: "`111111;222222` in `ClientAdminPSOs`.",
    passing: "`111111, 222222`",
    help: "Separate the items as the column does, and correct or delete the wrong one.",
};

pub(crate) fn finding(column: usize, item: usize) -> Finding {
    RULE.cell(column, words).with(Detail::Number(item))
}

fn words(place: &Place<'_>) -> Words {
    let value = place.value();
    let Some(Kind::List(list)) = place.kind() else { return Words::new("not a list.", "Write a list.") };
    let item = list.items(&value).nth(place.number()).unwrap_or_default();
    let separator = separator(list);
    let (kind, example) = list.item.described();
    let message = if item.is_empty() {
        format!("{} has a blank item; the list is {kind} separated by {separator}.", place.quoted())
    } else {
        format!("{} is not {}.", quoted(item), list.item.one())
    };
    Words::new(message, format!("Write {example} separated by {separator}.")).or_write(mended(list, &value))
}

/// What stands between the items, in words.
pub(crate) fn separator(list: &List) -> String {
    match list.delimiter.as_str() {
        "," => "commas".to_owned(),
        ";" => "semicolons".to_owned(),
        other => quoted(other),
    }
}

/// The list with the separators that people use instead, where every item is then right.
fn mended(list: &List, text: &str) -> Option<String> {
    let items: Vec<&str> =
        text.split([',', ';', '|', '\n']).map(str::trim).filter(|item| !item.is_empty()).collect();
    let mended = items.join(&format!("{} ", list.delimiter));
    let fits = !items.is_empty() && list.item.is_strict() && list.check(&mended).is_ok();
    fits.then_some(mended)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("ClientAdminPSOs", "111111;222222")]), @"error invalid-list | Row 2, ClientAdminPSOs: `111111;222222` is not a number. | Write 111111, 222222. | fix: `111111, 222222`");
        assert_snapshot!(found(&[("ClientAdminPSOs", "111111,,222222")]), @"error invalid-list | Row 2, ClientAdminPSOs: `111111,,222222` has a blank item; the list is numbers separated by commas. | Write 111111, 222222. | fix: `111111, 222222`");
        assert_snapshot!(found(&[("ClientAdminPSOs", "111111, x")]), @"error invalid-list | Row 2, ClientAdminPSOs: `x` is not a number. | Write numbers such as 111111, 222222 separated by commas.");
        assert_snapshot!(found(&[("ClientAdminPSOs", "111111, 222222,333333")]), @"");
    }
}
