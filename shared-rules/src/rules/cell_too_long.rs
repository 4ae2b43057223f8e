use super::{Rule, Words, Detail, Finding, Place, grouped, shortened};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "cell-too-long",
    severity: Severity::Error,
    summary: "A cell has more characters than a spreadsheet cell can hold.",
    why: "Such a cell is a sign of a broken file, and would be cut silently elsewhere.",
    failing: "A cell of 32,768 characters.",
    passing: "A cell of 32,767 characters.",
    help: "Shorten the text, or look for a quotation mark or line end that is missing.",
};

pub(crate) fn check(column: usize, text: &str, limit: usize) -> Option<Finding> {
    // A text never has more characters than bytes, so that most need no counting.
    let too_long = text.len() > limit && text.chars().nth(limit).is_some();
    too_long.then(|| RULE.cell(column, words).with(Detail::Number(limit)))
}

fn words(place: &Place<'_>) -> Words {
    let found = grouped(place.value().chars().count() as u64);
    let limit = grouped(place.number() as u64);
    Words::new(format!("{found} characters; a cell has at most {limit}."), HELP)
}

/// The row is longer than if every cell were full.
pub(crate) fn whole_row() -> Finding {
    RULE.row(|_| {
        Words::new("the line is longer than any row can be; only its beginning was read.", HELP)
    })
}

pub(crate) fn in_header(header: &str, limit: usize) -> Option<Diagnostic> {
    let shown = shortened(header);
    let limit_text = grouped(limit as u64);
    header.chars().nth(limit).map(|_| {
        let message = format!("Column {shown}: the name has more than {limit_text} characters.");
        RULE.column(&shown, Words::new(message, HELP))
    })
}

const HELP: &str = "Shorten the text, or look for a quotation mark or line end that is missing.";

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("SchoolNameHS", &"x".repeat(32_767))]), @"");
        assert_snapshot!(found(&[("SchoolNameHS", &"x".repeat(32_768))]), @"error cell-too-long | Row 2, SchoolNameHS: 32,768 characters; a cell has at most 32,767. | Shorten the text, or look for a quotation mark or line end that is missing.");
    }
}
