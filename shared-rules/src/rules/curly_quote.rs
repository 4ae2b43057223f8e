use super::{Finding, Place, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "curly-quote",
    severity: Severity::Warning,
    summary: "A user name or an identifier has a typographic quotation mark.",
    why: "Word processors bend straight quotes. A system that knows the straight one does not recognise the value.",
    failing: "`o’brien` in `Username`.",
    passing: "`o'brien` in `Username`; `O’Brien` in a column of names.",
    help: "Write the straight quote.",
};

pub(crate) fn check(column: usize, text: &str) -> Option<Finding> {
    text.contains(is_curly).then(|| RULE.cell(column, words))
}

fn words(place: &Place<'_>) -> Words {
    let straight = place.value().chars().map(straight).collect();
    Words::new(format!("{} has a typographic quotation mark.", place.quoted()), RULE.help)
        .or_write(Some(straight))
}

fn is_curly(char: char) -> bool {
    straight(char) != char
}

pub(crate) fn straight(char: char) -> char {
    match char {
        '\u{2018}'..='\u{201b}' => '\'',
        '\u{201c}'..='\u{201f}' => '"',
        _ => char,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("ExternalID", "“17”"), ("StudentLastName", "O’Brien")]), @r#"warning curly-quote | Row 2, ExternalID: `“17”` has a typographic quotation mark. | Write "17". | fix: `"17"`"#);
    }
}
