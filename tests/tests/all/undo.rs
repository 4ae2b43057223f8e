//! Undo: what an import did is taken back, what somebody changed since is kept and named.

use anyhow::{Context as _, Result, ensure};
use reqwest::{Method, StatusCode};
use rollcall_tests::{
    Caller, Finished, Platform,
    faults::deliver,
    id,
    roster::{people, retail},
};
use serde_json::{Value, json};

const ANN: (&str, &str) = ("Email", "ann@example.com");
const CY: [(&str, &str); 2] = [("Email", "cy@example.com"), ("StudentFirstName", "Cy")];
const PARENT: [(&str, &str); 3] =
    [("ParentEmail", "bo@example.com"), ("ParentFirstName", "Bo"), ("ParentLastName", "Lee")];

/// Asks for the undo; the import that will do it, with its dry run once that is there.
async fn ask(platform: &Platform, caller: &Caller<'_>, undone: &str) -> Result<Value> {
    let (status, import) = caller.call(Method::POST, &format!("/api/imports/{undone}/undo"), None).await?;
    ensure!(status == StatusCode::CREATED, "{status} {import}");
    ensure!(import["undoes"] == undone, "{import}");
    platform.stack.settle().await;
    caller.show(id(&import)?).await
}

/// The whole way of an undo. What the dry run said must be what happened.
pub async fn undo(platform: &Platform, caller: &Caller<'_>, undone: &str) -> Result<Finished> {
    let checked = ask(platform, caller, undone).await?;
    ensure!(checked["state"] == "ready", "{checked}");
    let finished = caller.confirm(&checked).await?;
    ensure!(finished.import["state"] == "finished", "{}", finished.import);
    for counts in ["outcomes", "entities"] {
        ensure!(checked["dryRun"][counts] == finished.import[counts], "{checked} {}", finished.import);
    }
    Ok(finished)
}

/// The people of before.
fn before() -> Vec<u8> {
    retail(&[
        &[ANN, ("PSOId", "111111"), ("Phone1Number", "111")],
        &[CY[0], CY[1], ("Address1StreetAddress1", "7 Elm St"), ("PSOId", "222222")],
    ])
}

/// An import that creates, updates, enrols, cancels, grants and links.
async fn import_more(caller: &Caller<'_>) -> Result<Finished> {
    let more = retail(&[
        &[ANN, ("Phone1Number", "222"), ("Modality", "Online"), ("PSOId", "333333")],
        &[ANN, ("PSOId", "111111"), ("Cancel", "TRUE")],
        &[CY[0], CY[1], ("Address1StreetAddress1", "9 Oak St"), ("ClientAdminPSOs", "5, 6")],
        &[&[("Email", "di@example.com"), ("StudentFirstName", "Di"), ("PSOId", "444444")], &PARENT[..]]
            .concat(),
        &[("Email", "nobody@")],
    ]);
    caller.import("retail", &more, json!({"duplicates": "update", "invite": true})).await
}

#[tokio::test]
async fn import_then_undo_gives_the_table_of_before() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &before(), json!({})).await?;
    let expected = platform.stored("lincoln").await?.content();
    let imported = import_more(&caller).await?;
    assert_eq!(platform.stored("lincoln").await?.people.len(), 4);

    let undone = undo(&platform, &caller, id(&imported.import)?).await?;
    assert_eq!(undone.outcomes(), [0, 4, 0, 0, 0], "{}", undone.log);
    for kind in ["student", "parent"] {
        assert_eq!(undone.import["entities"][kind]["removed"], 1, "{kind}");
    }
    assert_eq!(platform.stored("lincoln").await?.content(), expected);
    // The same people are found by what they were known by before.
    let again = caller.import("retail", &before(), json!({"duplicates": "update"})).await?;
    assert_eq!(again.outcomes(), [0, 0, 2, 0, 0], "{}", again.log);
    Ok(())
}

#[tokio::test]
async fn what_somebody_changed_since_is_kept_and_named() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &before(), json!({})).await?;
    let second = import_more(&caller).await?;
    platform.edit("lincoln", "ann@example.com", "phone", "999").await?;
    platform.edit("lincoln", "di@example.com", "modality", "Online").await?;
    let finished = undo(&platform, &caller, id(&second.import)?).await?;
    assert_eq!(finished.outcomes(), [0, 3, 0, 1, 0], "{}", finished.log);
    assert_eq!(finished.report["counts"][0]["rule"], "changed-since");
    let stored = platform.stored("lincoln").await?;
    let ann = &stored.people["Ann Lee ann@example.com"];
    assert_eq!((ann["phone"].as_str(), ann.get("modality")), ("999", None), "only the edit stays");
    assert!(finished.log.contains("phone stays"), "{}", finished.log);
    assert_eq!(stored.people["Di Lee di@example.com"]["modality"], "Online");
    assert!(stored.people.contains_key("Bo Lee bo@example.com"), "the parent of a child that stays");
    let ties: Vec<&str> = stored.ties.iter().map(String::as_str).collect();
    assert_eq!(
        ties,
        [
            "enrolment Ann Lee ann@example.com 111111",
            "enrolment Cy Lee cy@example.com 222222",
            "enrolment Di Lee di@example.com 444444",
            "link Bo Lee bo@example.com -> Di Lee di@example.com 444444",
        ]
    );
    Ok(())
}

#[tokio::test]
async fn a_person_whom_a_later_import_enrolled_stays() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let enrolled = |offering| retail(&[&[ANN, ("PSOId", offering)]]);
    let first = caller.import("retail", &enrolled("1"), json!({})).await?;
    // The person's own values are the same, so only the enrolment is new.
    caller.import("retail", &enrolled("2"), json!({})).await?;
    let finished = undo(&platform, &caller, id(&first.import)?).await?;
    assert_eq!(finished.outcomes(), [0, 0, 0, 1, 0], "{}", finished.log);
    assert_eq!(platform.stored("lincoln").await?.ties.len(), 2);
    Ok(())
}

#[tokio::test]
async fn undone_twice_it_is_undone_once() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &before(), json!({})).await?;
    let second = import_more(&caller).await?;
    let undone = id(&second.import)?;
    let [one, other] = [ask(&platform, &caller, undone).await?, ask(&platform, &caller, undone).await?];
    caller.confirm(&one).await?;
    let after = platform.stored("lincoln").await?;
    let again = caller.confirm(&other).await?;
    assert_eq!(again.outcomes(), [0, 0, 4, 0, 0], "{}", again.log);
    assert_eq!(platform.stored("lincoln").await?, after);
    assert_eq!(caller.show(undone).await?["undoneBy"].as_str().context("not noted")?.len(), 36);
    for import in [undone, id(&one)?] {
        let (status, _) = caller.call(Method::POST, &format!("/api/imports/{import}/undo"), None).await?;
        assert_eq!(status, StatusCode::CONFLICT);
    }
    Ok(())
}

#[tokio::test]
async fn invitations_that_wait_are_cancelled() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let finished = caller.import("retail", &people(3), json!({"invite": true})).await?;
    platform.edit("lincoln", "person1@example.com", "phone", "1").await?;
    let undone = undo(&platform, &caller, id(&finished.import)?).await?;
    assert_eq!(undone.outcomes(), [0, 2, 0, 1, 0]);
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, Vec::<String>::new(), "not even to the one who stays");
    let import = caller.show(id(&finished.import)?).await?;
    assert_eq!(import["invitations"], json!({"due": 0, "sent": 0, "failed": 0}));
    Ok(())
}

#[tokio::test]
async fn killed_at_every_request_it_takes_everything_back_once() -> Result<()> {
    let platform = Platform::start_without_functions().await?;
    let caller = platform.caller("lincoln").await?;
    let before = retail(&[&[ANN, ("PSOId", "1"), ("Phone1Number", "1")]]);
    let first = platform.check_by_hand(&caller, &before, json!({})).await?;
    platform.confirm_by_hand(&caller, &first).await?;
    let expected = platform.stored("lincoln").await?.content();
    let after = retail(&[
        &[ANN, ("PSOId", "1"), ("Cancel", "TRUE"), ("Phone1Number", "2")],
        &[&CY[..], &[("PSOId", "1"), ("ClientAdminPSOs", "1")], &PARENT[..]].concat(),
    ]);
    let second = platform.check_by_hand(&caller, &after, json!({"duplicates": "update"})).await?;
    let kills = platform.confirm_and_kill(&caller, &second).await?;
    assert!(kills > 10, "an import is more than {kills} requests");
    assert_eq!(platform.stored("lincoln").await?.people.len(), 3);

    let (_, import) = caller.call(Method::POST, &format!("/api/imports/{}/undo", id(&second)?), None).await?;
    deliver(&platform.stack.context(), &format!("uploads/lincoln/{}/again", id(&import)?)).await?;
    let kills = platform.confirm_and_kill(&caller, &import).await?;
    assert!(kills > 10, "an undo is more than {kills} requests");
    assert_eq!(platform.stored("lincoln").await?.content(), expected);
    let finished = caller.results(id(&import)?).await?;
    assert_eq!(finished.outcomes(), [0, 2, 0, 0, 0], "{}", finished.log);
    Ok(())
}
