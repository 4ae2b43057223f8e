//! A file is read as the importer says, at the check and in the results alike.

use anyhow::{Context, Result};
use reqwest::{Method, StatusCode};
use rollcall_tests::{Platform, roster::retail, sha256};
use serde_json::{Value, json};

/// A retail roster of one person, with a date of birth as it stands in the file.
fn born(date: &str) -> Result<String> {
    let roster = String::from_utf8(retail(&[&[("Email", "ann@example.com")]]))?;
    let (header, row) = roster.split_once("\r\n").context("no row")?;
    Ok(format!("{header},BirthDay\r\n{},{date}\r\n", row.trim_end()))
}

/// Imports a file of one person with these choices of how to read, which must be kept and told. The report, and what
/// was stored of the person.
async fn imported(roster: &[u8], reading: Value) -> Result<(Value, String)> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let finished = caller.import("retail", roster, json!({"reading": reading})).await?;
    assert_eq!(finished.outcomes(), [1, 0, 0, 0, 0], "{}", finished.log);
    for told in [&finished.import, &finished.report] {
        assert_eq!(told["options"]["reading"], reading);
    }
    let stored = platform.stored("lincoln").await?;
    let ann = stored.people.values().next().context("nobody was imported")?;
    let wanted = ["email", "birthDate", "firstName", "zee"];
    let attributes: Vec<&str> = wanted.iter().filter_map(|name| ann.get(*name)).map(String::as_str).collect();
    Ok((finished.report, attributes.join(" ")))
}

#[tokio::test]
async fn headers_that_nobody_would_know_are_what_the_importer_says() -> Result<()> {
    let roster = born("")?
        .replacen("StudentFirstName", "Rufname", 1)
        .replacen("ClientType", "Art der Person", 1)
        .replacen("Zee", "Notiz", 1)
        .replacen("Email,", "Wohin,", 1);
    let mapping = json!({
        "Rufname": "StudentFirstName", "Art der Person": "ClientType", "Wohin": "Email", "Source": null,
    });
    let (report, ann) = imported(roster.as_bytes(), json!({"mapping": mapping})).await?;
    assert_eq!(ann, "ann@example.com Ann");
    assert_eq!(report["columns"][0]["match"]["reason"], "chosen");
    Ok(())
}

#[tokio::test]
async fn a_file_with_errors_is_read_so_once_more_for_the_results() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let roster = String::from_utf8(retail(&[&[("Email", "ann@example.com")], &[("Email", "bo@")]]))?;
    let roster = roster.replacen("Email,", "Wohin,", 1);
    let reading = json!({"mapping": {"Wohin": "Email"}});
    let finished = caller.import("retail", roster.as_bytes(), json!({"reading": reading})).await?;
    assert_eq!(finished.outcomes(), [1, 0, 0, 0, 1]);
    assert!(finished.errors.contains("Row 3, Wohin: `bo@` is not an e-mail address."), "{}", finished.errors);
    assert!(finished.log.contains("bo@"), "{}", finished.log);
    Ok(())
}

#[tokio::test]
async fn another_sheet_than_the_first() -> Result<()> {
    let roster = born("2011-04-20")?;
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().set_name("Notes")?.write(0, 0, "Nobody is on this sheet.")?;
    let sheet = workbook.add_worksheet().set_name("Spring term")?;
    for (row, line) in (0..).zip(roster.lines()) {
        sheet.write_row(row, 0, line.split(','))?;
    }
    let (report, ann) = imported(&workbook.save_to_buffer()?, json!({"sheet": "Spring term"})).await?;
    assert_eq!(ann, "ann@example.com 2011-04-20 Ann");
    assert_eq!(report["file"]["sheet"], "Spring term");
    Ok(())
}

#[tokio::test]
async fn encoding_delimiter_and_header_row_as_the_importer_says() -> Result<()> {
    // As it seems to be, it is the table with commas, in Mac Roman.
    let commas = born("2011-04-20")?;
    let (header, row) = commas.split_once("\r\n").context("no row")?;
    let meant = commas.replace(',', ";").replacen(";Ann;", ";Jos?;", 1);
    let roster = format!("{header}\r\n{}{meant}", row.repeat(3));
    let roster: Vec<u8> = roster.bytes().map(|byte| if byte == b'?' { 0x8e } else { byte }).collect();
    let reading = json!({"encoding": "windows-1250", "delimiter": "semicolon", "headerRow": 5});
    let (report, ann) = imported(&roster, reading).await?;
    assert_eq!(ann, "ann@example.com 2011-04-20 JosŽ");
    assert_eq!(report["file"]["encoding"], "windows-1250");
    assert_eq!(
        (&report["file"]["delimiter"], &report["file"]["headerRow"]),
        (&json!("semicolon"), &json!(5))
    );
    Ok(())
}

#[tokio::test]
async fn the_day_comes_first_where_the_importer_says_so() -> Result<()> {
    let roster = born("3/4/2011")?;
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let unsaid = caller.check("retail", roster.as_bytes(), json!({})).await?;
    let (_, said) = imported(roster.as_bytes(), json!({"dateOrder": "day-first"})).await?;
    assert_eq!(unsaid["dryRun"]["outcomes"]["rejected"], 1, "two days are possible: {unsaid}");
    assert_eq!(said, "ann@example.com 2011-04-03 Ann");
    let (_, said) = imported(roster.as_bytes(), json!({"dateOrder": "month-first"})).await?;
    assert_eq!(said, "ann@example.com 2011-03-04 Ann");
    Ok(())
}

#[tokio::test]
async fn a_birth_date_that_is_still_to_come_is_doubted() -> Result<()> {
    let (report, _) = imported(born("9999-04-20")?.as_bytes(), json!({})).await?;
    let message = report["diagnostics"][0]["message"].as_str().unwrap_or_default();
    assert_eq!(message, "Row 2, BirthDay: `9999-04-20` is still to come.");
    Ok(())
}

#[tokio::test]
async fn what_no_file_can_be_read_by_is_refused_before_the_upload() -> Result<()> {
    let platform = Platform::start_without_functions().await?;
    let caller = platform.caller("lincoln").await?;
    let cases = [
        (json!({"mapping": {"Mail": "Emial"}}), "unknown-column", "has no column `Emial`"),
        (json!({"mapping": {"Mail": "Email", "Post": "Email"}}), "column-chosen-twice", "Email"),
        (json!({"mapping": {"": "Email"}}), "blank-header", "without a header"),
        (json!({"headerRow": 0}), "header-row-out-of-range", "first 100 rows"),
        (json!({"encoding": "klingon"}), "invalid-json", "`klingon` is not one of the encodings"),
        (json!({"delimiter": "colon"}), "invalid-json", "`comma`, `semicolon`, `tab`, `pipe`"),
        (json!({"dateOrder": "year-first"}), "invalid-json", "`day-first`"),
    ];
    for (reading, code, says) in cases {
        let file = json!({"name": "roster.csv", "bytes": 1, "sha256": sha256(b"a")});
        let request = json!({"program": "retail", "file": file, "options": {"reading": reading}});
        let (status, problem) = caller.call(Method::POST, "/api/imports", Some(&request)).await?;
        assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!(code)), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(says)), "{problem}");
    }
    let (_, list) = caller.call(Method::GET, "/api/imports", None).await?;
    assert_eq!(list["imports"], json!([]));
    Ok(())
}
