//! The program `clients`: registration-form fields, and passwords that nobody gets to see.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use argon2::{Argon2, PasswordHash, PasswordVerifier};
use rollcall_tests::{Platform, Stored, id, roster::table};
use serde_json::json;

const HEADER: &str = "Email,First Name,Last Name,Student ID,Major,Graduation Year,Password";
const ANN: &str = "Ann Lee ann@example.edu";
const BO: &str = "Bo Roy bo@example.edu";

fn fits(stored: &Stored, name: &str, password: &str) -> Result<bool> {
    let hash = stored.passwords.get(name).context("no password")?;
    let hash = PasswordHash::new(hash).map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[tokio::test]
async fn clients_are_created_with_what_the_form_asks_and_a_password() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let roster = table(
        HEADER,
        &[
            &["ann@example.edu", "Ann", "Lee", "00123", "Physical Therapy", "2028", "correct-horse"],
            &["bo@example.edu", "Bo", "Roy", "", "Biology", "", ""],
            &["cy@example", "Cy", "Ray", "", "", "", "never-sealed"],
        ],
    );
    let finished = caller.import("clients", &roster, json!({})).await?;
    assert_eq!(finished.outcomes(), [2, 0, 0, 0, 1]);
    let client = &finished.import["entities"]["client"];
    assert_eq!(client, &json!({"created": 2, "updated": 0, "unchanged": 0, "errors": 1}));

    let stored = platform.stored("lincoln").await?;
    let ann = &stored.people[ANN];
    assert_eq!(ann["profile.Student ID"], "00123");
    assert_eq!(ann["major"], "Physical Therapy", "an answer that the form does not offer is only a warning");
    assert_eq!(ann["collegeGraduationYear"], "2028");
    for absent in ["status", "source", "password"] {
        assert!(!ann.contains_key(absent), "{absent}");
    }
    assert!(fits(&stored, ANN, "correct-horse")?);
    assert!(!fits(&stored, ANN, "correct-horse ")?);
    assert_eq!(stored.passwords.len(), 1, "whoever is given no password has none");
    assert_eq!(stored.keys, 2);

    let again = caller.import("clients", &roster, json!({"duplicates": "update"})).await?;
    assert_eq!(again.outcomes(), [0, 0, 2, 0, 1], "{}", again.log);
    assert_eq!(platform.stored("lincoln").await?, stored);
    Ok(())
}

#[tokio::test]
async fn a_password_that_is_there_stays_unless_it_was_asked_to_replace_it() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let row = |password| {
        let ann: &[&str] = &["ann@example.edu", "Ann", "Lee", "", "", "", password];
        table(HEADER, &[ann])
    };
    caller.import("clients", &row(""), json!({})).await?;
    let given = caller.import("clients", &row("first"), json!({})).await?;
    assert_eq!(given.outcomes(), [0, 1, 0, 0, 0], "one who had none is given one");
    assert!(given.log.contains("password:  -> ••••••"), "{}", given.log);

    for policy in ["fill-missing", "update", "skip", "reject"] {
        caller.import("clients", &row("second"), json!({"duplicates": policy})).await?;
        assert!(fits(&platform.stored("lincoln").await?, ANN, "first")?, "{policy}");
    }
    for policy in ["skip", "reject"] {
        let options = json!({"duplicates": policy, "overwritePasswords": true});
        caller.import("clients", &row("second"), options).await?;
        assert!(fits(&platform.stored("lincoln").await?, ANN, "first")?, "{policy} leaves people alone");
    }
    let asked = caller.import("clients", &row("third"), json!({"overwritePasswords": true})).await?;
    assert_eq!(asked.outcomes(), [0, 1, 0, 0, 0]);
    assert!(fits(&platform.stored("lincoln").await?, ANN, "third")?);
    Ok(())
}

#[tokio::test]
async fn an_empty_cell_keeps_what_is_there() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let full: &[&str] = &["bo@example.edu", "Bo", "Roy", "00456", "History", "2027", "secret"];
    caller.import("clients", &table(HEADER, &[full]), json!({})).await?;
    let before = platform.stored("lincoln").await?;
    let blank: &[&str] = &["BO@example.edu", "Bo", "Roy", "", "", "", ""];
    let finished =
        caller.import("clients", &table(HEADER, &[blank]), json!({"duplicates": "update"})).await?;
    let mut after = platform.stored("lincoln").await?;
    assert_eq!(finished.outcomes(), [0, 1, 0, 0, 0], "the address is written otherwise");
    let mut bo = after.people.remove("Bo Roy BO@example.edu").context("no Bo")?;
    bo.insert("email".to_owned(), "bo@example.edu".to_owned());
    assert_eq!(bo, before.people[BO]);
    assert_eq!(after.passwords.len(), 1);
    Ok(())
}

#[tokio::test]
async fn rows_that_come_back_as_errors_bring_no_password_of_dots() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let refused: &[&str] = &["ann@", "Ann", "Lee", "", "", "", "secret"];
    let finished = caller.import("clients", &table(HEADER, &[refused]), json!({})).await?;
    assert!(finished.errors.contains("••••••") && !finished.errors.contains("secret"), "{}", finished.errors);
    let mended = finished.errors.replace("ann@,", "ann@example.edu,");
    caller.import("clients", mended.as_bytes(), json!({})).await?;
    let stored = platform.stored("lincoln").await?;
    assert!(stored.people.contains_key(ANN));
    assert!(stored.passwords.is_empty());
    Ok(())
}

/// The canary is in the password column, once in a row that is imported and once in one that is not. What was
/// uploaded holds it, and nothing else that was ever written does: no partition, journal, dry run or result, no
/// item, mail or event.
#[tokio::test]
async fn a_password_is_in_the_upload_and_nowhere_else() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let roster = table(
        HEADER,
        &[
            &["ann@example.edu", "Ann", "Lee", "00123", "Biology", "2028", "c4nary-accepted"],
            &["ann@example", "Ann", "Lee", "00123", "Biology", "x", "c4nary-refused"],
        ],
    );
    let checked = caller.check("clients", &roster, json!({"invite": true})).await?;
    caller.result(id(&checked)?, "dry-run.json").await?;
    let finished = caller.confirm(&checked).await?;
    assert_eq!(finished.outcomes(), [1, 0, 0, 0, 1]);
    platform.tick().await?;
    assert!(fits(&platform.stored("lincoln").await?, ANN, "c4nary-accepted")?);

    let mut holding = Vec::new();
    search(platform.folder(), b"c4nary", &mut holding)?;
    assert_eq!(holding.len(), 1, "{holding:?}");
    assert!(holding[0].contains("uploads"), "{holding:?}");
    Ok(())
}

/// The files under `folder` in which the bytes stand.
fn search(folder: &Path, bytes: &[u8], holding: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            search(&path, bytes, holding)?;
        } else if fs::read(&path)?.windows(bytes.len()).any(|window| window == bytes) {
            holding.push(path.display().to_string());
        }
    }
    Ok(())
}
