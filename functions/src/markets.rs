//! Which market a postal code belongs to: a table that an organisation loads, for people whose row names no market.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shared_rules::record::{Record, Value};
use utoipa::ToSchema;

use crate::{context::Context, failure::Failure, names::Organisation, objects};

/// The columns of the table as it is loaded.
pub const COLUMNS: [&str; 2] = ["postalCode", "market"];

/// Markets by postal code, as [`comparable`] writes it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Markets(BTreeMap<String, String>);

/// What is in a table.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MarketCount {
    pub postal_codes: usize,
    pub markets: usize,
}

impl Markets {
    /// Reads CSV of the columns [`COLUMNS`]. An error says what is wrong, and in which line.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
        let header = reader.headers().map_err(|error| error.to_string())?;
        if header.iter().map(|name| name.trim_start_matches('\u{feff}')).ne(COLUMNS) {
            return Err(format!("The first line has to be {}.", COLUMNS.join(",")));
        }
        let mut markets = BTreeMap::new();
        for row in reader.records() {
            let row = row.map_err(|error| error.to_string())?;
            let line = row.position().map_or(0, csv::Position::line);
            let (code, market) = (comparable(&row[0]), row[1].to_owned());
            if code.is_empty() || market.is_empty() {
                return Err(format!("Line {line}: a postal code and its market are both needed."));
            }
            if markets.insert(code, market.clone()).is_some_and(|earlier| earlier != market) {
                return Err(format!("Line {line}: an earlier line gives this postal code another market."));
            }
        }
        Ok(Self(markets))
    }

    /// The market of a postal code.
    #[must_use]
    pub fn of(&self, postal_code: &str) -> Option<&str> {
        self.0.get(&comparable(postal_code)).map(String::as_str)
    }

    /// What of the table these records need.
    #[must_use]
    pub fn for_records<'a>(&self, records: impl Iterator<Item = &'a Record>) -> Self {
        let codes = records.filter_map(|record| postal_code(&record.person)).map(comparable);
        Self(
            codes
                .filter_map(|code| self.0.get_key_value(&code))
                .map(|(code, market)| (code.clone(), market.clone()))
                .collect(),
        )
    }

    #[must_use]
    pub fn count(&self) -> MarketCount {
        let markets: std::collections::BTreeSet<&String> = self.0.values().collect();
        MarketCount { postal_codes: self.0.len(), markets: markets.len() }
    }
}

/// The postal code among a person's attributes.
pub(crate) fn postal_code(attributes: &BTreeMap<String, Value>) -> Option<&str> {
    match attributes.get("postalCode") {
        Some(Value::Text(code)) => Some(code),
        _ => None,
    }
}

/// Capitals without spaces; of an American code of nine digits the first five.
fn comparable(code: &str) -> String {
    let code: String = code.split_whitespace().collect::<String>().to_uppercase();
    match code.split_once('-') {
        Some((five, four)) if is_number(five, 5) && is_number(four, 4) => five.to_owned(),
        _ => code,
    }
}

fn is_number(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The organisation's table; `None` if it has loaded none, or an empty one.
pub async fn load(context: &Context, organisation: &Organisation) -> Result<Option<Markets>, Failure> {
    let markets: Option<Markets> = objects::get_json(context, &organisation.markets()).await?;
    Ok(markets.filter(|markets| !markets.0.is_empty()))
}

/// Stores a table over the older one.
pub async fn store(context: &Context, organisation: &Organisation, markets: &Markets) -> Result<(), Failure> {
    let body = serde_json::to_vec(markets).map_err(Failure::corrupt("a table of markets"))?;
    objects::put(context, &organisation.markets(), body).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_however_they_are_written() {
        let markets = Markets::parse(b"postalCode,market\n02108,Boston\n sw1a 1aa , London\n").unwrap();
        for (code, market) in [("02108", "Boston"), ("02108-1234", "Boston"), ("SW1A1AA", "London")] {
            assert_eq!(markets.of(code), Some(market), "{code}");
        }
        assert_eq!(markets.of("2108"), None, "a lost zero is another code");
        assert_eq!(markets.of("02109"), None);
    }

    #[test]
    fn what_is_no_table_is_refused_with_its_line() {
        for (table, said) in [
            ("zip,market\n", "The first line"),
            ("postalCode,market\n02108,\n", "Line 2"),
            ("postalCode,market\n02108,Boston\n02109,Boston\n02108,Salem\n", "Line 4"),
            ("postalCode,market\n02108\n", "line: 2"),
        ] {
            let error = Markets::parse(table.as_bytes()).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
        assert!(Markets::parse(b"postalCode,market\n02108,Boston\n02108,Boston\n").is_ok(), "said twice");
    }
}
