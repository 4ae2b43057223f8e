//! A large file comes part by part: what is missing is sent again, and nothing but what was announced gets in.

use std::fs;

use anyhow::{Context, Result};
use functions::sweep::sweep;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use rollcall_tests::{Caller, Platform, id, roster::padded};
use serde_json::{Value, json};
use shared_rules::digest::{FileDigest, PART_BYTES};

const PEOPLE: usize = 600;

/// A file of three parts.
fn large() -> Vec<u8> {
    padded(PEOPLE, 30_000)
}

fn requests(upload: &Value) -> Result<&Vec<Value>> {
    upload["requests"].as_array().context("no requests")
}

/// The bytes that a signed request is for.
fn body<'a>(signed: &Value, file: &'a [u8]) -> Result<&'a [u8]> {
    let at = |field: &str| signed[field].as_u64().context("no place in the file").map(usize::try_from);
    let (offset, bytes) = (at("offset")??, at("bytes")??);
    file.get(offset..offset + bytes).context("no part of the file")
}

/// Asks for the upload as it stands, or says that it is complete.
async fn ask(caller: &Caller<'_>, import: &Value, what: &str) -> Result<(StatusCode, Value)> {
    caller.call(Method::POST, &format!("/api/imports/{}/upload{what}", id(import)?), None).await
}

/// The parts that the stack holds of files that are not complete.
fn parts_on_disk(platform: &Platform) -> Result<usize> {
    let names = fs::read_dir(platform.folder().join("objects"))?.collect::<Result<Vec<_>, _>>()?;
    Ok(names.iter().filter(|file| file.file_name().to_string_lossy().starts_with(".upload")).count())
}

#[tokio::test]
async fn what_got_lost_is_sent_again_and_the_file_is_imported_once() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let file = large();
    let created = caller.create("retail", &file, json!({})).await?;
    let import = &created["import"];
    let signed = requests(&created["upload"])?;
    let sizes: Vec<_> = signed.iter().map(|request| &request["bytes"]).collect();
    assert_eq!(sizes, [&json!(PART_BYTES), &json!(PART_BYTES), &json!(file.len() as u64 - 2 * PART_BYTES)]);
    for request in signed {
        // All that the bucket's rules let a page send.
        let headers: Vec<_> = request["headers"].as_object().context("no headers")?.keys().collect();
        assert_eq!(headers, ["x-amz-checksum-sha256"]);
    }

    for request in [&signed[2], &signed[0]] {
        assert_eq!(caller.send(request, body(request, &file)?).await?, StatusCode::OK);
    }
    let (status, problem) = ask(&caller, import, "/complete").await?;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("upload-incomplete")));
    assert!(problem["detail"].to_string().contains("1 of the file's parts"), "{problem}");
    platform.stack.settle().await;
    assert_eq!(caller.show(id(import)?).await?["state"], "created", "a file in parts is none yet");

    let (_, left) = ask(&caller, import, "").await?;
    let [missing] = requests(&left)?.as_slice() else { panic!("one part is missing: {left}") };
    assert_eq!(missing["offset"], PART_BYTES);
    caller.send(missing, body(missing, &file)?).await?;
    assert_eq!(ask(&caller, import, "").await?.1["requests"], json!([]));
    for _ in 0..2 {
        assert_eq!(ask(&caller, import, "/complete").await?.0, StatusCode::ACCEPTED);
    }
    platform.stack.settle().await;
    assert_eq!(ask(&caller, import, "").await?.1["requests"], json!([]), "all of it is there");
    assert_eq!(ask(&caller, import, "/complete").await?.0, StatusCode::ACCEPTED);
    let late = caller.send(missing, body(missing, &file)?).await?;
    assert_eq!(late, StatusCode::NOT_FOUND, "a complete file is changed no more");

    let checked = caller.show(id(import)?).await?;
    assert_eq!((&checked["state"], &checked["rows"]), (&json!("ready"), &json!(PEOPLE)));
    assert_eq!(caller.confirm(&checked).await?.outcomes(), [PEOPLE as u64, 0, 0, 0, 0]);
    assert_eq!(parts_on_disk(&platform)?, 0);
    Ok(())
}

#[tokio::test]
async fn a_part_of_other_bytes_is_refused() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let file = large();
    let created = caller.create("retail", &file, json!({})).await?;
    let signed = requests(&created["upload"])?;
    let first = body(&signed[0], &file)?;
    let mut changed = first.to_vec();
    changed[1_000_000] ^= 1;
    assert_eq!(caller.send(&signed[0], &changed).await?, StatusCode::BAD_REQUEST, "other content");
    assert!(caller.send(&signed[0], &first[1..]).await?.is_client_error(), "another length");
    assert!(caller.send(&signed[1], first).await?.is_client_error(), "another part");
    let mut elsewhere = signed[1].clone();
    elsewhere["headers"] = signed[0]["headers"].clone();
    assert_eq!(caller.send(&elsewhere, first).await?, StatusCode::FORBIDDEN, "another part's checksum");
    let (_, left) = ask(&caller, &created["import"], "").await?;
    assert_eq!(requests(&left)?.len(), 3, "nothing has arrived");
    Ok(())
}

#[tokio::test]
async fn parts_of_another_file_than_was_announced_are_not_imported() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let (announced, sent) = (large(), String::from_utf8(large())?.replace("Ann", "Eve").into_bytes());
    let digests = [&announced, &sent].map(|file| {
        let mut digest = FileDigest::new();
        digest.update(file);
        digest.finish()
    });
    let file = json!({"name": "roster.csv", "bytes": announced.len(), "sha256": digests[0].sha256});
    let request = json!({"program": "retail", "file": file, "parts": digests[1].parts});
    let (_, created) = caller.call(Method::POST, "/api/imports", Some(&request)).await?;
    for signed in requests(&created["upload"])? {
        assert_eq!(caller.send(signed, body(signed, &sent)?).await?, StatusCode::OK);
    }
    assert_eq!(ask(&caller, &created["import"], "/complete").await?.0, StatusCode::ACCEPTED);
    platform.stack.settle().await;
    let import = caller.show(id(&created["import"])?).await?;
    assert_eq!((&import["state"], &import["reason"]["rule"]), (&json!("rejected"), &json!("file-changed")));
    Ok(())
}

#[tokio::test]
async fn another_organisation_neither_resumes_nor_completes_an_upload() -> Result<()> {
    let platform = Platform::start().await?;
    let (lincoln, jefferson) = (platform.caller("lincoln").await?, platform.caller("jefferson").await?);
    let file = large();
    let created = lincoln.create("retail", &file, json!({})).await?;
    for signed in requests(&created["upload"])? {
        lincoln.send(signed, body(signed, &file)?).await?;
    }
    for what in ["", "/complete"] {
        assert_eq!(ask(&jefferson, &created["import"], what).await?.0, StatusCode::NOT_FOUND, "{what}");
    }
    platform.stack.settle().await;
    assert_eq!(lincoln.show(id(&created["import"])?).await?["state"], "created");
    Ok(())
}

#[tokio::test]
async fn the_parts_have_to_be_those_of_the_file() -> Result<()> {
    let platform = Platform::start_without_functions().await?;
    let caller = platform.caller("lincoln").await?;
    let sha256 = "0".repeat(64);
    let file = json!({"name": "roster.csv", "bytes": PART_BYTES + 1, "sha256": sha256});
    let cases = [
        (json!([]), StatusCode::CREATED),
        (json!([sha256, sha256]), StatusCode::CREATED),
        (json!([sha256]), StatusCode::BAD_REQUEST),
        (json!([sha256, sha256, sha256]), StatusCode::BAD_REQUEST),
        (json!([sha256, "no checksum"]), StatusCode::BAD_REQUEST),
    ];
    for (parts, expected) in cases {
        let request = json!({"program": "retail", "file": file, "parts": parts});
        let (status, answer) = caller.call(Method::POST, "/api/imports", Some(&request)).await?;
        assert_eq!(status, expected, "{answer}");
        if status == StatusCode::BAD_REQUEST {
            assert_eq!(answer["code"], "invalid-parts");
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_upload_that_is_cancelled_or_rests_for_a_day_is_forgotten() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let file = large();
    let cancelled = caller.create("retail", &file, json!({})).await?;
    let resting = caller.create("retail", &file, json!({})).await?;
    for created in [&cancelled, &resting] {
        let signed = &requests(&created["upload"])?[1];
        assert_eq!(caller.send(signed, body(signed, &file)?).await?, StatusCode::OK);
    }
    let path = format!("/api/imports/{}/cancel", id(&cancelled["import"])?);
    assert_eq!(caller.call(Method::POST, &path, None).await?.0, StatusCode::ACCEPTED);
    platform.stack.settle().await;

    let sweep_in = async |hours| {
        sweep(&platform.stack.context(), Timestamp::now() + SignedDuration::from_hours(hours)).await
    };
    sweep_in(23).await?;
    assert_eq!(requests(&ask(&caller, &resting["import"], "").await?.1)?.len(), 2, "it goes on");
    sweep_in(25).await?;
    assert_eq!(caller.show(id(&resting["import"])?).await?["state"], "expired");
    assert_eq!(parts_on_disk(&platform)?, 0);
    for created in [&cancelled, &resting] {
        for what in ["", "/complete"] {
            assert_eq!(ask(&caller, &created["import"], what).await?.0, StatusCode::CONFLICT, "{what}");
        }
        let signed = &requests(&created["upload"])?[0];
        assert_eq!(caller.send(signed, body(signed, &file)?).await?, StatusCode::NOT_FOUND);
    }
    Ok(())
}
