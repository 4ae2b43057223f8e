//! The same file twice: it is recognised and said before anything is written, and importing it again does nothing.

use anyhow::Result;
use reqwest::{Method, StatusCode};
use rollcall_tests::{Caller, Platform, id, roster::people};
use serde_json::{Value, json};

/// What the answer to the announcement of a file says of earlier imports of it.
async fn announced(caller: &Caller<'_>, roster: &[u8]) -> Result<Value> {
    Ok(caller.create("retail", roster, json!({})).await?["import"]["sameFileAs"].clone())
}

#[tokio::test]
async fn after_success_it_is_named_and_changes_nothing() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let first = caller.import("retail", &people(3), json!({"invite": true})).await?;
    platform.tick().await?;
    assert_eq!(first.import["sameFileAs"], Value::Null);
    let before = platform.stored("lincoln").await?;

    let named = announced(&caller, &people(3)).await?;
    assert_eq!(named["import"], first.import["id"]);
    assert_eq!(named["state"], "finished");
    assert_eq!(named["createdAt"], first.import["createdAt"]);
    assert_eq!(named["createdBy"], first.import["createdBy"]);

    let checked = caller.check("retail", &people(3), json!({"invite": true})).await?;
    let dry_run: Value = serde_json::from_slice(&caller.result(id(&checked)?, "dry-run.json").await?)?;
    for says in [&checked, &checked["dryRun"], &dry_run] {
        assert_eq!(says["sameFileAs"]["import"], first.import["id"]);
    }
    let again = caller.confirm(&checked).await?;
    assert_eq!(again.outcomes(), [0, 0, 3, 0, 0]);
    assert_eq!(platform.stored("lincoln").await?, before);
    platform.tick().await?;
    assert_eq!(platform.mailed().await?.len(), 3, "one mail each, from the first time");
    Ok(())
}

#[tokio::test]
async fn another_file_and_another_organisation_are_not_the_same() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &people(3), json!({})).await?;
    assert_eq!(announced(&caller, &people(4)).await?, Value::Null);
    assert_eq!(announced(&platform.caller("roosevelt").await?, &people(3)).await?, Value::Null);
    Ok(())
}

#[tokio::test]
async fn after_a_failure_it_is_as_new() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    // Refused, cancelled, announced and never uploaded, undone.
    let mut bad = people(2);
    bad.extend(b"x\r\n");
    caller.check("retail", &bad, json!({"allOrNothing": true})).await?;
    assert_eq!(announced(&caller, &bad).await?, Value::Null);

    let waiting = caller.check("retail", &people(2), json!({})).await?;
    caller.call(Method::POST, &format!("/api/imports/{}/cancel", id(&waiting)?), None).await?;
    assert_eq!(announced(&caller, &people(2)).await?, Value::Null);

    let finished = caller.import("retail", &people(2), json!({})).await?;
    assert_eq!(finished.outcomes(), [2, 0, 0, 0, 0]);
    let path = format!("/api/imports/{}/undo", id(&finished.import)?);
    let (status, _) = caller.call(Method::POST, &path, None).await?;
    assert_eq!(status, StatusCode::CREATED);
    platform.stack.settle().await;
    assert_ne!(announced(&caller, &people(2)).await?, Value::Null, "the undo is not confirmed yet");
    let (_, imports) = caller.call(Method::GET, "/api/imports", None).await?;
    let undo = imports["imports"].as_array().into_iter().flatten().find(|import| !import["undoes"].is_null());
    caller.confirm(undo.unwrap_or(&Value::Null)).await?;
    assert_eq!(announced(&caller, &people(2)).await?, Value::Null);
    let again = caller.import("retail", &people(2), json!({})).await?;
    assert_eq!(again.outcomes(), [2, 0, 0, 0, 0], "the people are gone, so they are made again");
    Ok(())
}

#[tokio::test]
async fn while_the_first_waits_both_may_be_confirmed_and_people_are_made_once() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let options = json!({"invite": true});
    let first = caller.check("retail", &people(3), options.clone()).await?;
    let second = caller.check("retail", &people(3), options).await?;
    assert_eq!(second["sameFileAs"]["import"], first["id"]);
    assert_eq!(second["sameFileAs"]["state"], "ready");
    assert_eq!(caller.show(id(&first)?).await?["sameFileAs"], Value::Null, "it was there first");
    assert_eq!(caller.confirm(&first).await?.outcomes(), [3, 0, 0, 0, 0]);
    assert_eq!(caller.confirm(&second).await?.outcomes(), [0, 0, 3, 0, 0]);
    assert_eq!(platform.stored("lincoln").await?.people.len(), 3);
    platform.tick().await?;
    assert_eq!(platform.mailed().await?.len(), 3);
    Ok(())
}
