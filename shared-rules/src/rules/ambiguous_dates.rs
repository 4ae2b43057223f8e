use super::{Rule, Words, grouped, shortened};
use crate::diagnostic::{Diagnostic, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "ambiguous-dates",
    severity: Severity::Warning,
    summary: "The dates of a column can be read with the day or with the month first, and nothing says which is meant.",
    why: "3/4/2011 is two days. One answer settles the whole column.",
    failing: "A column of dates such as `3/4/2011`, of which no part is greater than 12.",
    passing: "`2011-04-03`",
    help: "Say whether the day or the month comes first, or write the dates as YYYY-MM-DD.",
};

/// Of the column's dates so many can be read both ways, and so many only with the month or with the day first.
pub(crate) fn check(header: &str, either: u32, month_first: u32, day_first: u32) -> Option<Diagnostic> {
    if either == 0 {
        return None;
    }
    let header_shown = shortened(header);
    let (message, help) = match (month_first, day_first) {
        (0, 0) => (
            format!("Column {header_shown}: {} can be read with the day or the month first.", dates(either)),
            RULE.help.to_owned(),
        ),
        (_, 0) => (
            format!("Column {header_shown}: {} can be read in two ways; {} can only have the month first.", dates(either), dates(month_first)),
            "Say that the month comes first, if all dates are of one form.".to_owned(),
        ),
        (0, _) => (
            format!("Column {header_shown}: {} can be read in two ways; {} can only have the day first.", dates(either), dates(day_first)),
            "Say that the day comes first, if all dates are of one form.".to_owned(),
        ),
        _ => (
            format!("Column {header_shown}: some dates have the day first and others the month; {} can be read in two ways.", dates(either)),
            "Write the dates as YYYY-MM-DD.".to_owned(),
        ),
    };
    Some(RULE.column(header, Words::new(message, help)))
}

fn dates(count: u32) -> String {
    if count == 1 { "one date".to_owned() } else { format!("{} dates", grouped(count)) }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{program::Program, rules::tests::found_in};

    fn found(dates: &[&str]) -> String {
        let rows: Vec<String> = dates.iter().zip(0..).map(|(date, row)| format!("u{row},{date}\n")).collect();
        let file = format!("userId,birthDate\n{}", rows.concat());
        let all = found_in(Program::builtin("district-demographics").unwrap(), &file);
        all.lines().filter(|line| line.contains("ambiguous-dates")).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn words() {
        assert_snapshot!(found(&["3/4/2011", "5/6/2011"]), @"warning ambiguous-dates | Column birthDate: 2 dates can be read with the day or the month first. | Say whether the day or the month comes first, or write the dates as YYYY-MM-DD.");
        assert_snapshot!(found(&["3/4/2011", "20/4/2011"]), @"warning ambiguous-dates | Column birthDate: one date can be read in two ways; one date can only have the day first. | Say that the day comes first, if all dates are of one form.");
        assert_snapshot!(found(&["3/4/2011", "4/20/2011"]), @"warning ambiguous-dates | Column birthDate: one date can be read in two ways; one date can only have the month first. | Say that the month comes first, if all dates are of one form.");
        assert_snapshot!(found(&["3/4/2011", "4/20/2011", "20/4/2011"]), @"warning ambiguous-dates | Column birthDate: some dates have the day first and others the month; one date can be read in two ways. | Write the dates as YYYY-MM-DD.");
        assert_snapshot!(found(&["20/4/2011"]), @"");
    }
}
