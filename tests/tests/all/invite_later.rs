//! The new people of an import that did not invite them are invited later, once.

use anyhow::Result;
use reqwest::{Method, StatusCode};
use rollcall_tests::{Platform, id, roster::retail};
use serde_json::{Value, json};

const ANN: (&str, &str) = ("Email", "ann@example.com");
const CY: [(&str, &str); 3] =
    [("Email", "cy@example.com"), ("StudentFirstName", "Cy"), ("Address1StreetAddress1", "9 Elm St")];

#[tokio::test]
async fn new_people_are_invited_once_and_a_second_call_invites_nobody() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &retail(&[&[ANN]]), json!({})).await?;
    let nameless = [("Email", ""), ("StudentFirstName", "Di"), ("Address1StreetAddress1", "7 Elm St")];
    let finished = caller.import("retail", &retail(&[&[ANN], &CY, &nameless]), json!({})).await?;
    assert_eq!(finished.import["invitable"], 1, "Ann was there, Di has no address");
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, Vec::<String>::new());

    let path = format!("/api/imports/{}/invitations", id(&finished.import)?);
    let (status, import) = caller.call(Method::POST, &path, None).await?;
    assert_eq!(status, StatusCode::ACCEPTED, "{import}");
    assert_eq!(import["invitations"], json!({"due": 1, "sent": 0, "failed": 0}));
    assert_eq!(import["invitable"], Value::Null);
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, ["cy@example.com"]);

    let (status, problem) = caller.call(Method::POST, &path, None).await?;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, ["cy@example.com"]);
    let import = caller.show(id(&finished.import)?).await?;
    assert_eq!(import["invitations"], json!({"due": 1, "sent": 1, "failed": 0}));
    Ok(())
}

#[tokio::test]
async fn an_import_that_invited_or_was_undone_or_is_somebody_elses_cannot() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let invited = caller.import("retail", &retail(&[&[ANN]]), json!({"invite": true})).await?;
    let undone = caller.import("retail", &retail(&[&CY]), json!({})).await?;
    let path = format!("/api/imports/{}/undo", id(&undone.import)?);
    let (_, undo) = caller.call(Method::POST, &path, None).await?;
    platform.stack.settle().await;
    caller.confirm(&caller.show(id(&undo)?).await?).await?;
    let waiting = caller.check("retail", &retail(&[&CY]), json!({})).await?;
    for import in [&invited.import, &undone.import, &undo, &waiting] {
        let path = format!("/api/imports/{}/invitations", id(import)?);
        assert_eq!(caller.call(Method::POST, &path, None).await?.0, StatusCode::CONFLICT, "{import}");
    }
    let other = platform.caller("roosevelt").await?;
    let path = format!("/api/imports/{}/invitations", id(&invited.import)?);
    assert_eq!(other.call(Method::POST, &path, None).await?.0, StatusCode::NOT_FOUND);
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, ["ann@example.com"]);
    Ok(())
}
