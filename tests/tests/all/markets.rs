//! The market of people whose row names none: from the organisation's own table of postal codes.

use anyhow::{Result, ensure};
use reqwest::{Method, StatusCode};
use rollcall_tests::{Platform, roster::retail};
use serde_json::json;

const TABLE: &str = "postalCode,market\n02108,Boston\n01970,Salem\n";

#[tokio::test]
async fn a_new_persons_market_is_the_postal_codes_unless_the_row_names_one() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let (status, answer) = caller.put_text("/api/settings/markets", TABLE).await?;
    ensure!(status == StatusCode::OK, "{answer}");
    assert_eq!(answer, json!({"postalCodes": 2, "markets": 2}));

    let roster = retail(&[
        &[("Email", "ann@example.com")],
        &[("Email", "bo@example.com"), ("StudentFirstName", "Bo"), ("Address1Zip", "01970-4321")],
        &[("Email", "cy@example.com"), ("StudentFirstName", "Cy"), ("Zee", "Lowell")],
        &[("Email", "di@example.com"), ("StudentFirstName", "Di"), ("Address1Zip", "90210")],
        &[("Email", "ed@example.com"), ("StudentFirstName", "Ed"), ("Address1Zip", ""), ("Zee", "Lynn")],
    ]);
    let finished = caller.import("retail", &roster, json!({})).await?;
    assert_eq!(finished.outcomes(), [5, 0, 0, 0, 0]);
    let people = platform.stored("lincoln").await?.people;
    let markets: Vec<Option<&str>> =
        people.values().map(|person| person.get("market").map(String::as_str)).collect();
    assert_eq!(markets, [Some("Boston"), Some("Salem"), Some("Lowell"), None, Some("Lynn")]);
    let warnings: Vec<&str> = finished.log.lines().filter(|line| line.contains("no market")).collect();
    assert_eq!(warnings.len(), 1, "{}", finished.log);
    assert!(warnings[0].starts_with("5,"), "{warnings:?}");

    // A market that somebody has is not taken away by another table.
    caller.put_text("/api/settings/markets", "postalCode,market\n02108,Chelsea\n").await?;
    let again = caller.import("retail", &roster, json!({"duplicates": "update"})).await?;
    assert_eq!(again.outcomes(), [0, 0, 5, 0, 0]);
    Ok(())
}

#[tokio::test]
async fn a_table_belongs_to_its_organisation_and_without_one_nothing_is_said() -> Result<()> {
    let platform = Platform::start().await?;
    platform.caller("lincoln").await?.put_text("/api/settings/markets", TABLE).await?;
    let other = platform.caller("jefferson").await?;
    let (_, count) = other.call(Method::GET, "/api/settings/markets", None).await?;
    assert_eq!(count, json!({"postalCodes": 0, "markets": 0}));
    let finished = other.import("retail", &retail(&[&[("Email", "ann@example.com")]]), json!({})).await?;
    assert!(!finished.log.contains("no market"), "{}", finished.log);
    assert!(platform.stored("jefferson").await?.people.values().all(|person| !person.contains_key("market")));
    let (status, problem) = other.put_text("/api/settings/markets", "zip;market\n").await?;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("invalid-table-of-markets")));
    Ok(())
}
