//! What bad input comes to: a clear message with the place, and nothing lost.

use anyhow::Result;
use reqwest::{Method, StatusCode};
use rollcall_tests::{
    Platform, id,
    roster::{people, retail},
    sha256,
};
use serde_json::{Value, json};

/// Checks a file that must be stopped, and returns the rule that stops it.
async fn stopped_by(platform: &Platform, roster: &[u8]) -> Result<String> {
    let caller = platform.caller("lincoln").await?;
    let import = caller.check("retail", roster, json!({})).await?;
    assert_eq!(import["state"], "rejected", "{import}");
    for part in ["message", "help"] {
        assert!(import["reason"][part].as_str().is_some_and(|text| !text.is_empty()), "{import}");
    }
    // The results say what was wrong, and count every row.
    caller.results(id(&import)?).await?;
    assert_eq!(platform.stored("lincoln").await?.people.len(), 0);
    Ok(import["reason"]["rule"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_file_that_is_no_roster_is_stopped_and_says_why() -> Result<()> {
    let platform = Platform::start().await?;
    let roster = String::from_utf8(retail(&[&[]]))?;
    let header = roster.lines().next().unwrap_or_default();
    let row = roster.lines().nth(1).unwrap_or_default();
    let doubled = format!("Email,{header}\n,{row}\n");
    let cases: [(&str, String, &str); 5] = [
        ("0 bytes", String::new(), "empty-file"),
        ("blank lines", "\r\n\r\n".to_owned(), "empty-file"),
        ("header only", format!("{header}\r\n"), "no-data-rows"),
        ("header missing", format!("{row}\r\n{row}\r\n"), "missing-header"),
        ("header doubled", doubled, "duplicate-column"),
    ];
    for (case, file, rule) in cases {
        assert_eq!(stopped_by(&platform, file.as_bytes()).await?, rule, "{case}");
    }
    Ok(())
}

/// What is done to a line of the file.
type Damage = fn(&mut Vec<u8>);

#[tokio::test]
async fn one_bad_row_never_stops_the_others() -> Result<()> {
    let damages: [(usize, Damage, &str); 6] = [
        (100, |line| line.splice(0..0, *b"\"").for_each(drop), "unclosed-quote"),
        (200, |line| *line = b"only,three,cells\r\n".to_vec(), "ragged-row"),
        (300, |line| line.splice(line.len() - 2.., *b",more\r\n").for_each(drop), "ragged-row"),
        (400, |line| line[0] = 0, "nul-character"),
        (500, |line| line[0] = 0xff, "undecodable-text"),
        (600, |line| line.splice(0..6, *b"per@@n").for_each(drop), "invalid-email"),
    ];
    let whole = people(1_000);
    let mut lines: Vec<Vec<u8>> = whole.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    // Letters by which the file is UTF-8; in one without, the single byte of row 501 would be Windows-1252.
    for line in &mut lines[700..720] {
        line.splice(0..0, "é".bytes());
    }
    for (line, damage, _) in damages {
        damage(&mut lines[line]);
    }
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let finished = caller.import("retail", &lines.concat(), json!({})).await?;
    assert_eq!(finished.outcomes(), [994, 0, 0, 0, 6]);
    let findings = finished.report["diagnostics"].as_array().cloned().unwrap_or_default();
    for ((line, _, rule), finding) in damages.iter().zip(&findings) {
        assert_eq!((&finding["rule"], &finding["location"]["row"]), (&json!(rule), &json!(line + 1)));
    }
    assert_eq!(findings.len(), damages.len());
    assert_eq!(platform.stored("lincoln").await?.people.len(), 994);
    assert_eq!(csv::Reader::from_reader(finished.errors.as_bytes()).records().count(), damages.len());
    Ok(())
}

#[tokio::test]
async fn all_or_nothing_imports_nothing_if_a_row_has_an_error() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let roster = retail(&[&[("Email", "ann@example.com")], &[("Email", "ann@")]]);
    let import = caller.check("retail", &roster, json!({"allOrNothing": true})).await?;
    assert_eq!(import["state"], "rejected");
    assert_eq!(import["reason"]["rule"], "all-or-nothing");
    let results = caller.results(id(&import)?).await?;
    assert_eq!(results.outcomes(), [0, 0, 0, 0, 2]);
    assert_eq!(results.errors.lines().count(), 2, "only the row that is at fault");
    Ok(())
}

#[tokio::test]
async fn the_errors_file_is_the_original_with_what_to_do() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let roster =
        retail(&[&[("Email", "ann@"), ("StudentFirstName", "=Ann"), ("Phone1Number", "+1 617 555")]]);
    let finished = caller.import("retail", &roster, json!({})).await?;
    let mut errors = csv::Reader::from_reader(finished.errors.as_bytes());
    let header: Vec<String> = errors.headers()?.iter().map(str::to_owned).collect();
    let original = String::from_utf8(roster.clone())?;
    let columns: Vec<&str> = original.lines().next().unwrap_or_default().split(',').collect();
    assert_eq!(header[..columns.len()], columns);
    assert_eq!(header[columns.len()..], ["errors", "how to fix"]);
    let row = errors.records().next().transpose()?.unwrap_or_default();
    assert_eq!(&row[1], "'=Ann", "a spreadsheet must not run it");
    assert!(row[columns.len()].contains("Row 2, Email: `ann@`"), "{}", &row[columns.len()]);
    assert!(!row[columns.len() + 1].is_empty());

    // Corrected and uploaded as it is, it finishes the job, and the mark is gone again.
    let corrected = finished.errors.replacen("ann@,", "ann@example.com,", 1);
    let again = caller.import("retail", corrected.as_bytes(), json!({})).await?;
    assert_eq!(again.outcomes(), [1, 0, 0, 0, 0], "{}", again.errors);
    let stored = platform.stored("lincoln").await?;
    assert_eq!(stored.people["=Ann Lee ann@example.com"]["phone"], "+1 617 555");
    Ok(())
}

#[tokio::test]
async fn a_request_that_makes_no_sense_is_refused_with_a_reason() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let file = |bytes: u64, sha: &str| json!({"name": "roster.csv", "bytes": bytes, "sha256": sha});
    let sha = sha256(b"");
    let cases: [(Value, &str); 5] = [
        (json!({"program": "unheard-of", "file": file(1, &sha)}), "unknown-program"),
        (json!({"program": "retail", "file": file(500_000_001, &sha)}), "file-too-large"),
        (json!({"program": "retail", "file": file(1, "abc")}), "invalid-checksum"),
        (
            json!({"program": "retail", "file": {"name": "a\nb", "bytes": 1, "sha256": sha}}),
            "invalid-file-name",
        ),
        (json!({"program": 7}), "invalid-json"),
    ];
    for (request, code) in cases {
        let (status, problem) = caller.call(Method::POST, "/api/imports", Some(&request)).await?;
        assert!(status.is_client_error(), "{status}");
        assert_eq!(problem["code"], code, "{problem}");
    }
    Ok(())
}

#[tokio::test]
async fn another_organisations_import_is_not_there() -> Result<()> {
    let platform = Platform::start().await?;
    let (lincoln, jefferson) = (platform.caller("lincoln").await?, platform.caller("jefferson").await?);
    let finished = lincoln.import("retail", &people(3), json!({})).await?;
    let import = id(&finished.import)?.to_owned();
    let ways = [
        (Method::GET, format!("/api/imports/{import}")),
        (Method::POST, format!("/api/imports/{import}/confirm")),
        (Method::GET, format!("/api/imports/{import}/results/report.json")),
        (Method::GET, format!("/api/imports/{import}/results/log.csv")),
        (Method::GET, format!("/api/imports/{import}/results/errors.csv")),
        (Method::GET, format!("/api/imports/{import}/results/dry-run.json")),
    ];
    for (method, path) in ways {
        assert_ne!(lincoln.call(method.clone(), &path, None).await?.0, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(jefferson.call(method, &path, None).await?.0, StatusCode::NOT_FOUND, "{path}");
    }
    let (_, list) = jefferson.call(Method::GET, "/api/imports", None).await?;
    assert_eq!(list["imports"], json!([]));
    Ok(())
}

#[tokio::test]
async fn a_file_that_changed_after_signing_is_refused() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let roster = people(3);
    let created = caller.create("retail", &roster, json!({})).await?;
    let mut changed = roster.clone();
    changed[200] ^= 1;
    assert!(caller.upload(&created, &changed).await?.is_client_error(), "same length, other content");
    assert!(caller.upload(&created, &people(4)).await?.is_client_error(), "another length");
    platform.stack.settle().await;
    assert_eq!(caller.show(id(&created["import"])?).await?["state"], "created", "nothing has arrived");
    assert!(caller.upload(&created, &roster).await?.is_success());
    platform.stack.settle().await;
    assert_eq!(caller.show(id(&created["import"])?).await?["state"], "ready");
    Ok(())
}

#[tokio::test]
async fn a_file_put_past_the_signed_url_is_not_believed() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let created = caller.create("retail", &people(3), json!({})).await?;
    put(&platform, &format!("uploads/lincoln/{}/roster", id(&created["import"])?), &people(4)).await?;
    let import = caller.show(id(&created["import"])?).await?;
    assert_eq!(import["state"], "rejected");
    assert_eq!(import["reason"]["rule"], "file-changed");
    Ok(())
}

#[tokio::test]
async fn an_event_for_what_is_not_there_does_nothing() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let created = caller.create("retail", &people(3), json!({})).await?;
    let import = id(&created["import"])?;
    // The import is there and its file is not; then an import that is not there; then no import at all.
    put(&platform, &format!("uploads/lincoln/{import}/again"), b"").await?;
    put(&platform, "uploads/lincoln/00000000-0000-7000-8000-000000000000/roster", b"x").await?;
    put(&platform, "uploads/stray", b"x").await?;
    put(&platform, &format!("confirmed/lincoln/{import}/start"), b"").await?;
    put(&platform, &format!("confirmed/lincoln/{import}/00000"), b"").await?;
    assert_eq!(caller.show(import).await?["state"], "created");
    assert!(caller.upload(&created, &people(3)).await?.is_success());
    platform.stack.settle().await;
    assert_eq!(caller.show(import).await?["state"], "ready");
    Ok(())
}

#[tokio::test]
async fn what_is_not_ready_cannot_be_confirmed() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let created = caller.create("retail", &people(3), json!({})).await?;
    let path = format!("/api/imports/{}/confirm", id(&created["import"])?);
    let (status, problem) = caller.call(Method::POST, &path, None).await?;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("wrong-state")));
    Ok(())
}

async fn put(platform: &Platform, key: &str, body: &[u8]) -> Result<()> {
    let context = platform.stack.context();
    context
        .objects
        .put_object()
        .bucket(&context.config.bucket)
        .key(key)
        .body(body.to_vec().into())
        .send()
        .await?;
    platform.stack.settle().await;
    Ok(())
}
