//! Download of people: in a program's columns, importable as it is.

use anyhow::{Context as _, Result, ensure};
use reqwest::{Method, StatusCode};
use rollcall_tests::{
    Caller, Platform,
    roster::{retail, table},
};
use serde_json::{Value, json};

use crate::{district, learners};

/// Asks for an export; the file, and what the API says of it.
async fn export(platform: &Platform, caller: &Caller<'_>, request: Value) -> Result<(Vec<u8>, Value)> {
    let (status, asked) = caller.call(Method::POST, "/api/exports", Some(&request)).await?;
    ensure!(status == StatusCode::ACCEPTED, "{status} {asked}");
    platform.stack.settle().await;
    let path = format!("/api/exports/{}", asked["id"].as_str().context("no export")?);
    let (status, made) = caller.call(Method::GET, &path, None).await?;
    ensure!(status == StatusCode::OK, "{status} {made}");
    let url = made["download"]["url"].as_str().context("it is not there")?;
    Ok((reqwest::get(url).await?.error_for_status()?.bytes().await?.to_vec(), made))
}

fn roster() -> Vec<u8> {
    let family = [("ParentEmail", "bo@example.com"), ("ParentFirstName", "Bo"), ("ParentLastName", "Lee")];
    let rows = [
        [&[("Email", "ann@example.com"), ("PSOId", "111111")], &family[..]].concat(),
        vec![("Email", "ann@example.com"), ("PSOId", "222222"), ("ClientAdminPSOs", "5, 6")],
        vec![
            ("StudentFirstName", "=Cy, \"the\" first"),
            ("Address1StreetAddress1", "9 Oak St"),
            ("Phone1Number", "+1 617 555 0100"),
        ],
        vec![
            ("Email", "di@example.com"),
            ("StudentFirstName", "Zoë"),
            ("ClientType", "Educator or admissions officer"),
            ("Zee", "Boston"),
        ],
    ];
    retail(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

#[tokio::test]
async fn importing_an_export_changes_nothing_and_mails_nobody() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let imported = caller.import("retail", &roster(), json!({})).await?;
    ensure!(imported.outcomes()[4] == 0, "{}", imported.log);
    let before = platform.stored("lincoln").await?;
    for format in ["csv", "xlsx"] {
        let (file, made) = export(&platform, &caller, json!({"program": "retail", "format": format})).await?;
        // Two rows for the two enrolments; the parent is in the child's rows.
        assert_eq!((&made["rows"], &made["leftOut"]), (&json!(4), &json!(1)));
        for policy in ["fill-missing", "update"] {
            let again = caller.import("retail", &file, json!({"duplicates": policy, "invite": true})).await?;
            assert_eq!(again.outcomes(), [0, 0, 4, 0, 0], "{format} {policy} {}", again.log);
            assert_eq!(platform.stored("lincoln").await?, before, "{format} {policy}");
        }
    }
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, Vec::<String>::new());
    Ok(())
}

/// Links, classes, profiles and passwords are stored with others or hidden.
#[tokio::test]
async fn every_program_s_people_come_back_unchanged() -> Result<()> {
    const CLIENTS: &str = "Email,First Name,Last Name,Student ID,Major,Password";
    let clients: &[&[&str]] = &[
        &["ann@example.edu", "Ann", "Lee", "00123", "Biology", "correct-horse"],
        &["bo@example.edu", "Bo", "Roy", "", "Biology", ""],
    ];
    let rosters = [
        ("learners", table(learners::HEADER, learners::FAMILY), 4),
        // Nobody's row without a class is needed who is in one.
        ("district-users", table(district::HEADER, district::ROWS), 5),
        ("clients", table(CLIENTS, clients), 2),
    ];
    let platform = Platform::start().await?;
    for (program, roster, rows) in rosters {
        let caller = platform.caller(program).await?;
        caller.import(program, &roster, json!({})).await?;
        let before = platform.stored(program).await?;
        for format in ["csv", "xlsx"] {
            let (file, made) =
                export(&platform, &caller, json!({"program": program, "format": format})).await?;
            assert_eq!((&made["rows"], &made["leftOut"]), (&json!(rows), &json!(0)), "{program}");
            if format == "csv" {
                let text = String::from_utf8(file.clone())?;
                assert!(!text.contains("correct-horse") && !text.contains("argon2"), "{text}");
            }
            for policy in ["fill-missing", "update"] {
                let again = caller.import(program, &file, json!({"duplicates": policy})).await?;
                let [created, updated, _, skipped, rejected] = again.outcomes();
                assert_eq!([created, updated, skipped, rejected], [0; 4], "{program} {policy} {}", again.log);
                assert_eq!(platform.stored(program).await?, before, "{program} {format} {policy}");
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_export_is_of_one_school_or_class() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let elsewhere: &[&str] = &["", "0500", "Student", "S-9", "Cy", "Ray", "", "7", "X9", "Art", "", ""];
    let roster = table(district::HEADER, &[district::ROWS, &[elsewhere]].concat());
    caller.import("district-users", &roster, json!({})).await?;
    // By school, by class, and the rows that each has: who is in two classes has two in the whole school's file.
    let of = [
        (json!("0500"), Value::Null, &["S-9"][..]),
        (json!("0412"), Value::Null, &["S-1", "S-1", "S-2", "T-1", "T-2"]),
        (Value::Null, json!("M7"), &["S-1", "S-2", "T-1"]),
        (json!("0500"), json!("M7"), &[]),
        (Value::Null, json!("m7"), &[]),
    ];
    for (school, class, expected) in of {
        let request = json!({"program": "district-users", "school": school, "class": class, "format": "csv"});
        let (file, _) = export(&platform, &caller, request.clone()).await?;
        let mut rows = csv::Reader::from_reader(&file[..]);
        let column = rows.headers()?.iter().position(|name| name == "userId").context("no userId")?;
        let ids = rows.records().map(|row| Ok(row?[column].to_owned()));
        let mut ids: Vec<String> = ids.collect::<Result<_>>()?;
        ids.sort();
        assert_eq!(ids, expected, "{request}");
    }
    let nameless = json!({"program": "district-users", "class": "", "format": "csv"});
    assert_eq!(caller.call(Method::POST, "/api/exports", Some(&nameless)).await?.0, StatusCode::BAD_REQUEST);
    Ok(())
}

#[tokio::test]
async fn an_export_is_of_one_kind_and_one_organisation() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &roster(), json!({})).await?;
    let request = json!({"program": "retail", "kind": "educator", "format": "csv"});
    let (file, made) = export(&platform, &caller, request.clone()).await?;
    assert_eq!((&made["rows"], &made["leftOut"]), (&json!(1), &json!(0)));
    let file = String::from_utf8(file)?;
    assert!(file.contains("di@example.com") && !file.contains("ann@example.com"));

    let other = platform.caller("jefferson").await?;
    let (file, _) = export(&platform, &other, json!({"program": "retail", "format": "csv"})).await?;
    assert_eq!(String::from_utf8(file)?.lines().count(), 1, "the header alone");
    let path = format!("/api/exports/{}", made["id"].as_str().context("no export")?);
    assert_eq!(other.call(Method::GET, &path, None).await?.0, StatusCode::NOT_FOUND);
    let unknown = json!({"program": "nowhere", "format": "csv"});
    assert_eq!(caller.call(Method::POST, "/api/exports", Some(&unknown)).await?.0, StatusCode::BAD_REQUEST);
    Ok(())
}
