//! Rows that may be of people who are there already or have an earlier row: shown, decided about, never merged silently.

use anyhow::{Context as _, Result, ensure};
use reqwest::{Method, StatusCode};
use rollcall_tests::{Caller, Finished, Platform, id, roster::retail};
use serde_json::{Value, json};

type Cells<'a> = Vec<(&'a str, &'a str)>;

const ROBERT: [(&str, &str); 2] = [("Email", "robert@example.com"), ("StudentFirstName", "Robert")];

/// Robert by his nickname, with another address of mail.
fn bob() -> Cells<'static> {
    vec![("Email", "bob@example.com"), ("StudentFirstName", "Bob"), ("Phone1Number", "617-555-0100")]
}

async fn with_robert(platform: &Platform) -> Result<Caller<'_>> {
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &retail(&[&ROBERT]), json!({})).await?;
    Ok(caller)
}

async fn dry_run(caller: &Caller<'_>, import: &Value) -> Result<Value> {
    Ok(serde_json::from_slice(&caller.result(id(import)?, "dry-run.json").await?)?)
}

/// The possible duplicates of the first row.
async fn possible(caller: &Caller<'_>, import: &Value) -> Result<Vec<Value>> {
    let dry_run = dry_run(caller, import).await?;
    Ok(dry_run["row_outcomes"][0]["possibleDuplicates"].as_array().cloned().unwrap_or_default())
}

async fn decide(platform: &Platform, caller: &Caller<'_>, import: &Value, decisions: Value) -> Result<Value> {
    let path = format!("/api/imports/{}/decisions", id(import)?);
    let body = json!({"decisions": decisions});
    let (status, answer) = caller.call(Method::POST, &path, Some(&body)).await?;
    ensure!(status == StatusCode::ACCEPTED, "{status} {answer}");
    platform.stack.settle().await;
    caller.show(id(import)?).await
}

/// Confirms; what the dry run said must be what happened.
async fn confirm(caller: &Caller<'_>, checked: &Value) -> Result<Finished> {
    let finished = caller.confirm(checked).await?;
    for counts in ["outcomes", "entities"] {
        ensure!(checked["dryRun"][counts] == finished.import[counts], "{checked} {}", finished.import);
    }
    Ok(finished)
}

#[tokio::test]
async fn what_is_alike_is_shown_and_makes_a_new_person_unless_decided_otherwise() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = with_robert(&platform).await?;
    let checked = caller.check("retail", &retail(&[&bob()]), json!({})).await?;
    assert_eq!(checked["dryRun"]["possibleDuplicates"], 1);
    let possible = possible(&caller, &checked).await?;
    assert_eq!(possible.len(), 1);
    assert_eq!(possible[0]["because"], json!(["nickname"]));
    let differs = possible[0]["differs"].as_array().context("no differences")?;
    assert!(differs.contains(&json!({"field": "firstName", "old": "Robert", "new": "Bob"})), "{differs:?}");
    let finished = confirm(&caller, &checked).await?;
    assert_eq!(finished.outcomes(), [1, 0, 0, 0, 0]);
    let stored = platform.stored("lincoln").await?;
    assert_eq!((stored.people.len(), stored.keys), (2, 4), "two keys each: a new person costs three writes");
    Ok(())
}

#[tokio::test]
async fn a_mistyped_name_and_a_move_are_alike_and_another_birth_date_is_not() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = with_robert(&platform).await?;
    let mistyped: Cells<'_> = vec![("Email", ""), ("StudentFirstName", "Robret")];
    let moved: Cells<'_> = vec![
        ("Email", ""),
        ("StudentFirstName", "Robert"),
        ("Address1StreetAddress1", "77 Elm St"),
        ("Address1Zip", "02139"),
    ];
    let far: Cells<'_> = vec![
        ("Email", ""),
        ("StudentFirstName", "Robert"),
        ("Address1StreetAddress1", "77 Elm St"),
        ("Address1Zip", "90210"),
    ];
    let sister: Cells<'_> = vec![("Email", ""), ("StudentFirstName", "Ruth")];
    let cases =
        [(mistyped, Some("mistyped-name")), (moved, Some("other-address")), (far, None), (sister, None)];
    for (row, because) in cases {
        let checked = caller.check("retail", &retail(&[&row]), json!({})).await?;
        let possible = possible(&caller, &checked).await?;
        assert_eq!(possible.first().and_then(|found| found["because"][0].as_str()), because, "{row:?}");
    }
    Ok(())
}

#[tokio::test]
async fn decided_the_same_the_row_is_that_persons_now_and_in_the_next_file() -> Result<()> {
    for (policy, email) in [("update", "bob@example.com"), ("fill-missing", "robert@example.com")] {
        let platform = Platform::start().await?;
        let caller = with_robert(&platform).await?;
        let again: Cells<'_> = vec![("Email", ""), ("StudentFirstName", "Rob"), ("Modality", "Online")];
        let roster = retail(&[&bob(), &again]);
        let options = json!({"duplicates": policy, "invite": true});
        let checked = caller.check("retail", &roster, options.clone()).await?;
        let person = possible(&caller, &checked).await?[0]["person"].clone();
        let same = |row: u32| json!({"row": row, "decision": "same", "person": person});
        let checked = decide(&platform, &caller, &checked, json!([same(2), same(3)])).await?;
        assert_eq!(checked["state"], "ready", "{checked}");
        assert_eq!(checked["dryRun"]["outcomes"]["updated"], 2, "{checked}");
        let counts = ["possibleDuplicates", "decided"].map(|count| &checked["dryRun"][count]);
        assert_eq!(counts, [&json!(0), &json!(2)]);
        let shown = possible(&caller, &checked).await?;
        assert_eq!((&shown[0]["person"], &shown[0]["because"]), (&person, &json!(["nickname"])));
        let finished = confirm(&caller, &checked).await?;
        assert!(finished.log.contains("decision"), "{}", finished.log);
        let stored = platform.stored("lincoln").await?;
        assert_eq!(stored.people.len(), 1);
        let robert = stored.people.values().next().context("nobody")?;
        assert_eq!((robert["email"].as_str(), robert["modality"].as_str()), (email, "Online"));

        let next = caller.check("retail", &roster, options).await?;
        assert_eq!(next["dryRun"]["outcomes"]["unchanged"], 2, "{policy}: {next}");
        platform.tick().await?;
        assert_eq!(platform.mailed().await?, Vec::<String>::new());
    }
    Ok(())
}

#[tokio::test]
async fn decided_different_it_is_new_and_left_out_it_is_skipped() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = with_robert(&platform).await?;
    let checked = caller.check("retail", &retail(&[&bob()]), json!({})).await?;
    let checked = decide(&platform, &caller, &checked, json!([{"row": 2, "decision": "leave-out"}])).await?;
    assert_eq!(checked["dryRun"]["outcomes"]["skipped"], 1);
    assert_eq!(possible(&caller, &checked).await?.len(), 1, "it can be decided otherwise");
    // The later decision about a row counts.
    let checked = decide(&platform, &caller, &checked, json!([{"row": 2, "decision": "different"}])).await?;
    let counts = [&checked["dryRun"]["outcomes"]["created"], &checked["dryRun"]["possibleDuplicates"]];
    assert_eq!(counts, [&json!(1), &json!(0)]);
    assert_eq!(possible(&caller, &checked).await?.len(), 1);
    let checked = decide(&platform, &caller, &checked, json!([{"row": 2, "decision": "leave-out"}])).await?;
    let finished = confirm(&caller, &checked).await?;
    assert_eq!(finished.outcomes(), [0, 0, 0, 1, 0]);
    assert!(finished.log.contains("decided to leave it out"), "{}", finished.log);
    assert_eq!(platform.stored("lincoln").await?.people.len(), 1);
    Ok(())
}

#[tokio::test]
async fn only_a_waiting_import_of_ones_own_takes_decisions_that_name_whom_they_mean() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = with_robert(&platform).await?;
    let checked = caller.check("retail", &retail(&[&bob()]), json!({})).await?;
    let path = format!("/api/imports/{}/decisions", id(&checked)?);
    let leave_out = json!({"decisions": [{"row": 2, "decision": "leave-out"}]});
    let person = possible(&caller, &checked).await?[0]["person"].clone();
    for wrong in [
        json!({"row": 2, "decision": "same"}),
        json!({"row": 2, "decision": "same", "person": "0193a5c0-0000-7000-8000-000000000001"}),
        json!({"row": 2, "decision": "different", "person": person}),
        json!({"row": 2, "decision": "perhaps"}),
    ] {
        let body = json!({"decisions": [wrong]});
        let (status, answer) = caller.call(Method::POST, &path, Some(&body)).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
    }
    let other = platform.caller("roosevelt").await?;
    assert_eq!(other.call(Method::POST, &path, Some(&leave_out)).await?.0, StatusCode::NOT_FOUND);
    confirm(&caller, &checked).await?;
    assert_eq!(caller.call(Method::POST, &path, Some(&leave_out)).await?.0, StatusCode::CONFLICT);
    Ok(())
}

#[tokio::test]
async fn a_row_that_is_like_an_earlier_one_is_shown_and_makes_a_new_person_unless_it_is_left_out()
-> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let roster = retail(&[&ROBERT, &[("Email", "eve@example.com"), ("StudentFirstName", "Eve")], &bob()]);
    let checked = caller.check("retail", &roster, json!({})).await?;
    assert_eq!(checked["dryRun"]["possibleDuplicates"], 1);
    let rows = dry_run(&caller, &checked).await?["row_outcomes"].clone();
    assert!(rows[0]["likeRows"].is_null() && rows[1]["likeRows"].is_null(), "{rows}");
    let like = &rows[2]["likeRows"][0];
    assert_eq!((&like["row"], &like["because"]), (&json!(2), &json!(["nickname"])));
    assert_eq!(like["named"]["firstName"], "Robert");
    let differs = like["differs"].as_array().context("no differences")?;
    assert!(differs.contains(&json!({"field": "firstName", "old": "Robert", "new": "Bob"})), "{differs:?}");

    let left_out = json!([{"row": 4, "decision": "leave-out"}]);
    let decided = decide(&platform, &caller, &checked, left_out).await?;
    assert_eq!(
        (&decided["dryRun"]["possibleDuplicates"], &decided["dryRun"]["decided"]),
        (&json!(0), &json!(1))
    );
    // What was decided can be decided otherwise.
    assert_eq!(dry_run(&caller, &decided).await?["row_outcomes"][2]["likeRows"], rows[2]["likeRows"]);
    let different = json!([{"row": 4, "decision": "different"}]);
    let decided = decide(&platform, &caller, &decided, different).await?;
    let finished = confirm(&caller, &decided).await?;
    assert_eq!(finished.outcomes(), [3, 0, 0, 0, 0]);

    let again = caller.check("retail", &roster, json!({})).await?;
    assert_eq!(again["dryRun"]["possibleDuplicates"], 0, "all are there: none makes a new person");
    Ok(())
}

#[tokio::test]
async fn rows_of_one_person_of_siblings_and_with_other_birth_dates_are_not_alike() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let rob: Cells<'_> = vec![("Email", ""), ("StudentFirstName", "Rob")];
    let one_address: Cells<'_> = vec![("Email", "robert@example.com"), ("StudentFirstName", "Bob")];
    let sister: Cells<'_> = vec![("Email", ""), ("StudentFirstName", "Ruth")];
    let same: Cells<'_> = vec![("Email", ""), ("StudentFirstName", "Robert")];
    let street =
        |street| vec![("Email", ""), ("StudentFirstName", "Robert"), ("Address1StreetAddress1", street)];
    let (mistyped, elsewhere) = (street("1 Mian St"), street("77 Elm St"));
    let cases = [
        (&rob, ["", ""], 1),
        (&mistyped, ["", ""], 1),
        (&elsewhere, ["", ""], 0),
        (&elsewhere, ["2009-02-03", "2009-02-03"], 1),
        (&with_parent(&rob), ["", ""], 1),
        (&rob, ["2009-02-03", "2009-02-03"], 1),
        (&rob, ["2009-02-03", "2001-02-03"], 0),
        (&one_address, ["", ""], 0),
        (&sister, ["", ""], 0),
        (&same, ["", ""], 0),
    ];
    for (second, dates, possible) in cases {
        let roster = with_birth_dates(&retail(&[&with_parent(&ROBERT), second]), dates)?;
        let checked = caller.check("retail", &roster, json!({})).await?;
        assert_eq!(checked["dryRun"]["possibleDuplicates"], possible, "{second:?} {dates:?}");
        assert_eq!(checked["dryRun"]["outcomes"]["rejected"], 0, "{second:?} {dates:?}");
    }
    Ok(())
}

/// The row with a parent: rows of one parent are planned together.
fn with_parent<'a>(row: &[(&'a str, &'a str)]) -> Cells<'a> {
    let parent = [("ParentEmail", "pat@example.com"), ("ParentFirstName", "Pat"), ("ParentLastName", "Lee")];
    row.iter().copied().chain(parent).collect()
}

/// The roster with a column more.
fn with_birth_dates(roster: &[u8], dates: [&str; 2]) -> Result<Vec<u8>> {
    let column = std::iter::once("BirthDay").chain(dates);
    let lines = std::str::from_utf8(roster)?.lines().zip(column);
    Ok(lines.flat_map(|(line, cell)| [line, ",", cell, "\r\n"]).collect::<String>().into_bytes())
}
