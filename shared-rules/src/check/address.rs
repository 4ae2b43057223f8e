//! What is doubtful about a row's address and phone numbers, which the country says how to read.

use super::{row::Context, suspicions::Found};
use crate::{
    places::{self, COUNTRIES, PROVINCES, STATES, Zip},
    program::Fill,
    rules::{
        doubtful_phone, lost_leading_zero, malformed_postal_code, postal_code_mismatch, unknown_country,
        unknown_state,
    },
};

/// The columns of an address, as far as the file has them.
pub(super) struct Address {
    country: Option<usize>,
    state: Option<usize>,
    postal_code: Option<usize>,
    phones: Vec<usize>,
    /// The country of the row before, which is most often this row's too.
    last_country: String,
    last_nation: Nation,
}

/// Whose forms of address hold.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Nation {
    UnitedStates,
    Canada,
    Other,
    Unknown,
}

impl Address {
    pub(super) fn new(context: &Context) -> Self {
        let column = |attribute| {
            let field = context.program.field_that_fills(Fill::Person(attribute))?;
            context.columns.column(field)
        };
        Self {
            country: column("country"),
            state: column("state"),
            postal_code: column("postalCode"),
            phones: ["phone", "mobilePhone"].into_iter().filter_map(column).collect(),
            last_country: String::new(),
            last_nation: Nation::of(""),
        }
    }

    pub(super) fn check(&mut self, found: &mut Found<'_, '_>) {
        let nation = self.nation(found);
        if nation == Nation::Unknown {
            found.add(self.country.map(unknown_country::finding));
        }
        let american = matches!(nation, Nation::UnitedStates | Nation::Canada);
        for &phone in &self.phones {
            let text = found.texts.get(phone);
            if !text.is_empty() {
                found.add(doubtful_phone::check(phone, text, american));
            }
        }
        match nation {
            Nation::UnitedStates => self.american(found),
            Nation::Canada => self.canadian(found),
            Nation::Other | Nation::Unknown => {}
        }
    }

    /// An address without a country is American, unless its postal code is Canadian.
    fn nation(&mut self, found: &Found<'_, '_>) -> Nation {
        let country = found.text(self.country);
        if country != self.last_country {
            country.clone_into(&mut self.last_country);
            self.last_nation = Nation::of(country);
        }
        let code = found.text(self.postal_code);
        let may_be_canadian =
            country.is_empty() && code.starts_with(|first: char| first.is_ascii_alphabetic());
        if may_be_canadian && places::canadian_code(code).is_some() {
            Nation::Canada
        } else {
            self.last_nation
        }
    }

    fn american(&self, found: &mut Found<'_, '_>) {
        let (state, code) = (found.text(self.state), found.text(self.postal_code));
        let zip = Zip::read(code);
        if zip.is_some_and(|zip| zip.states() == state) {
            return;
        }
        let known = self.known_state(found, false);
        let Some(column) = self.postal_code.filter(|_| !code.is_empty()) else { return };
        found.add(match (zip, known) {
            (Some(zip), Some(state)) if !zip.may_be_of(state) => Some(postal_code_mismatch::finding(column)),
            (Some(_), _) => None,
            (None, _) if places::is_short_zip(code) => Some(lost_leading_zero::finding(column)),
            (None, _) => Some(malformed_postal_code::finding(column, false)),
        });
    }

    fn canadian(&self, found: &mut Found<'_, '_>) {
        self.known_state(found, true);
        let code = found.text(self.postal_code);
        if !code.is_empty() && places::canadian_code(code).as_deref() != Some(code) {
            found.add(self.postal_code.map(|column| malformed_postal_code::finding(column, true)));
        }
    }

    /// The code of the row's state; finds it unknown.
    fn known_state(&self, found: &mut Found<'_, '_>, canadian: bool) -> Option<&'static str> {
        let state = found.text(self.state);
        if state.is_empty() {
            return None;
        }
        let names = if canadian { &PROVINCES } else { &STATES };
        let code = names.code(state);
        if code.is_none() {
            found.add(self.state.map(|column| unknown_state::finding(column, canadian)));
        }
        code
    }
}

impl Nation {
    fn of(country: &str) -> Self {
        if country.is_empty() {
            return Self::UnitedStates;
        }
        match COUNTRIES.code(country) {
            Some("US") => Self::UnitedStates,
            Some("CA") => Self::Canada,
            Some(_) => Self::Other,
            None => Self::Unknown,
        }
    }
}
