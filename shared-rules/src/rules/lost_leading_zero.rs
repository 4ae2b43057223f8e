use super::{Finding, Place, Rule, Words};
use crate::{
    diagnostic::Severity,
    places::{self, Zip},
    program::Fill,
};

pub(crate) static RULE: Rule = Rule {
    name: "lost-leading-zero",
    severity: Severity::Warning,
    summary: "A ZIP code is short of the zeros that it begins with.",
    why: "A spreadsheet takes the code for a number and drops the zeros. The market follows from the code, and people are recognised by it.",
    failing: "`2108` in Massachusetts.",
    passing: "`02108`",
    help: "Write the ZIP code with five digits; format the column as text first.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    let state = place.filling(Fill::Person("state")).trim();
    let value = place.value();
    let found = place.quoted();
    let whole = with_zeros(value.trim());
    let message = match places::STATES.code(state) {
        Some(code) if !places::is_zip_of(&whole, code) => {
            format!(
                "{found} is too short for a ZIP code, and none of {code} begins with a zero and these digits."
            )
        }
        _ => {
            format!("{found} is too short for a ZIP code, as if a spreadsheet had dropped a zero before it.")
        }
    };
    let certain = is_certain(&whole, state, place.filling(Fill::Person("country")));
    Words::new(message, RULE.help).or_write(certain.then_some(whole))
}

/// Whether the state confirms the code; where there is none, the country must say that it is a ZIP code.
fn is_certain(whole: &str, state: &str, country: &str) -> bool {
    match places::STATES.code(state) {
        Some(code) => places::is_zip_of(whole, code),
        None => {
            state.is_empty()
                && !country.trim().is_empty()
                && Zip::read(whole).is_some_and(|zip| !zip.states().is_empty())
        }
    }
}

fn with_zeros(text: &str) -> String {
    let (code, more) = text.split_at(text.find('-').unwrap_or(text.len()));
    format!("{code:0>5}{more}")
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    fn of(zip: &str, state: &str, country: &str) -> String {
        found(&[("Address1Zip", zip), ("Address1State", state), ("Address1Country", country)])
    }

    #[test]
    fn words() {
        assert_snapshot!(of("2108", "MA", "United States"), @"warning lost-leading-zero | Row 2, Address1Zip: `2108` is too short for a ZIP code, as if a spreadsheet had dropped a zero before it. | Write 02108. | fix: `02108`");
        assert_snapshot!(of("2108-1234", "Massachusetts", "usa"), @"warning lost-leading-zero | Row 2, Address1Zip: `2108-1234` is too short for a ZIP code, as if a spreadsheet had dropped a zero before it. | Write 02108-1234. | fix: `02108-1234`");
        assert_snapshot!(of("2108", "", "US"), @"warning lost-leading-zero | Row 2, Address1Zip: `2108` is too short for a ZIP code, as if a spreadsheet had dropped a zero before it. | Write 02108. | fix: `02108`");
        assert_snapshot!(of("2108", "TX", "US"), @"warning lost-leading-zero | Row 2, Address1Zip: `2108` is too short for a ZIP code, and none of TX begins with a zero and these digits. | Write the ZIP code with five digits; format the column as text first.");
        assert_snapshot!(of("901", "PR", "US"), @"warning lost-leading-zero | Row 2, Address1Zip: `901` is too short for a ZIP code, as if a spreadsheet had dropped a zero before it. | Write 00901. | fix: `00901`");
        assert_snapshot!(of("123", "", "US"), @"warning lost-leading-zero | Row 2, Address1Zip: `123` is too short for a ZIP code, as if a spreadsheet had dropped a zero before it. | Write the ZIP code with five digits; format the column as text first.");
        assert_snapshot!(of("2108", "", "Austria"), @"");
        assert_snapshot!(of("2108", "Victoria", "Australia"), @"");
    }
}
