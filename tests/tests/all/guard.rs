//! A mass change waits for a person who names the number.

use anyhow::Result;
use reqwest::{Method, StatusCode};
use rollcall_tests::{Caller, Platform, id, roster::retail};
use serde_json::{Value, json};

/// This many people, enrolled; those below `changed` with another phone, those below `cancelled` off the offering.
fn enrolled(count: usize, changed: usize, cancelled: usize) -> Vec<u8> {
    let rows: Vec<[(&str, String); 5]> = (0..count)
        .map(|n| {
            [
                ("Email", format!("person{n}@example.com")),
                ("Address1StreetAddress1", format!("{n} Main St")),
                ("PSOId", "111111".to_owned()),
                ("Phone1Number", if n < changed { "222" } else { "111" }.to_owned()),
                ("Cancel", if n < cancelled { "TRUE" } else { "" }.to_owned()),
            ]
        })
        .collect();
    let rows: Vec<Vec<(&str, &str)>> =
        rows.iter().map(|row| row.iter().map(|(name, value)| (*name, value.as_str())).collect()).collect();
    retail(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

async fn confirm(caller: &Caller<'_>, import: &Value, body: Option<Value>) -> Result<(StatusCode, Value)> {
    caller.call(Method::POST, &format!("/api/imports/{}/confirm", id(import)?), body.as_ref()).await
}

#[tokio::test]
async fn nothing_is_written_before_the_number_is_named() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &enrolled(200, 0, 0), json!({})).await?;
    let before = platform.stored("lincoln").await?;
    let cases = [
        (enrolled(200, 0, 21), json!({"rule": "many-removed", "people": 21, "of": 200, "percent": 10})),
        (enrolled(200, 151, 0), json!({"rule": "many-updated", "people": 151, "of": 200, "percent": 75})),
    ];
    for (roster, hold) in cases {
        let checked = caller.check("retail", &roster, json!({"duplicates": "update"})).await?;
        assert_eq!(checked["dryRun"]["hold"], hold);
        let number = hold["people"].as_u64().unwrap_or_default();
        for body in [None, Some(json!({})), Some(json!({"acknowledge": number - 1}))] {
            let (status, problem) = confirm(&caller, &checked, body).await?;
            assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("held")));
            assert!(problem["detail"].to_string().contains(&number.to_string()), "{problem}");
        }
        platform.stack.settle().await;
        assert_eq!(platform.stored("lincoln").await?, before);
        let (status, _) = confirm(&caller, &checked, Some(json!({"acknowledge": number}))).await?;
        assert_eq!(status, StatusCode::ACCEPTED);
        platform.stack.settle().await;
        caller.results(id(&checked)?).await?;
        caller.import("retail", &enrolled(200, 0, 0), json!({"duplicates": "update"})).await?;
        assert_eq!(platform.stored("lincoln").await?.content(), before.clone().content());
    }
    Ok(())
}

#[tokio::test]
async fn the_part_is_of_all_people_of_the_organisation() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &enrolled(300, 0, 0), json!({})).await?;
    // All of the file, and a tenth of the organisation.
    let file = enrolled(30, 30, 30);
    let checked = caller.check("retail", &file, json!({"duplicates": "update"})).await?;
    assert_eq!(checked["dryRun"]["hold"], Value::Null);

    let settings = json!({"guard": {"removedPercent": 9, "updatedPercent": 75, "atLeast": 20}});
    let (status, _) = caller.call(Method::PUT, "/api/settings", Some(&settings)).await?;
    assert_eq!(status, StatusCode::OK);
    let checked = caller.check("retail", &file, json!({"duplicates": "update"})).await?;
    assert_eq!(checked["dryRun"]["hold"]["people"], 30);
    let other = platform.caller("jefferson").await?;
    let (_, defaults) = other.call(Method::GET, "/api/settings", None).await?;
    assert_eq!(defaults["guard"], json!({"removedPercent": 10, "updatedPercent": 75, "atLeast": 20}));
    Ok(())
}

#[tokio::test]
async fn undoing_a_large_import_is_held() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let imported = caller.import("retail", &enrolled(40, 0, 0), json!({})).await?;
    let path = format!("/api/imports/{}/undo", id(&imported.import)?);
    let (_, undo) = caller.call(Method::POST, &path, None).await?;
    platform.stack.settle().await;
    let undo = caller.show(id(&undo)?).await?;
    assert_eq!(
        undo["dryRun"]["hold"],
        json!({"rule": "many-removed", "people": 40, "of": 40, "percent": 10})
    );
    assert_eq!(confirm(&caller, &undo, None).await?.0, StatusCode::CONFLICT);
    caller.confirm(&undo).await?;
    assert_eq!(platform.stored("lincoln").await?.people.len(), 0);
    // The census followed: the same people are new again.
    let again = caller.check("retail", &enrolled(40, 0, 0), json!({})).await?;
    assert_eq!(again["dryRun"]["hold"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let cases = [
        (json!({"guard": {"removedPercent": 101}}), "invalid-percentage"),
        (json!({"drops": {"nowhere": {}}}), "unknown-program"),
        (json!({"gard": {}}), "invalid-json"),
    ];
    for (settings, code) in cases {
        let (status, problem) = caller.call(Method::PUT, "/api/settings", Some(&settings)).await?;
        assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!(code)));
    }
    Ok(())
}
