//! Cancelling: before anything is written, while it waits, and between partitions.

use anyhow::Result;
use reqwest::{Method, StatusCode};
use rollcall_tests::{Caller, Platform, faults::deliver, id, roster::people};
use serde_json::{Value, json};

async fn cancel(caller: &Caller<'_>, import: &str) -> Result<(StatusCode, Value)> {
    caller.call(Method::POST, &format!("/api/imports/{import}/cancel"), None).await
}

#[tokio::test]
async fn before_the_confirmation_it_ends_the_import() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let waiting = caller.create("retail", &people(2), json!({})).await?["import"].clone();
    let checked = caller.check("retail", &people(2), json!({})).await?;
    for import in [id(&waiting)?, id(&checked)?] {
        for _ in 0..2 {
            let (status, cancelled) = cancel(&caller, import).await?;
            assert_eq!((status, &cancelled["state"]), (StatusCode::ACCEPTED, &json!("cancelled")));
            assert_eq!(cancelled["reason"]["rule"], "import-cancelled");
        }
        let (status, _) = caller.call(Method::POST, &format!("/api/imports/{import}/confirm"), None).await?;
        assert_eq!(status, StatusCode::CONFLICT);
    }
    platform.stack.settle().await;
    assert_eq!(platform.stored("lincoln").await?.people.len(), 0);
    Ok(())
}

#[tokio::test]
async fn what_has_ended_cannot_be_cancelled_and_another_organisation_cannot_cancel() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let finished = caller.import("retail", &people(1), json!({})).await?;
    let import = id(&finished.import)?;
    assert_eq!(cancel(&caller, import).await?.0, StatusCode::CONFLICT);
    let other = platform.caller("jefferson").await?;
    assert_eq!(cancel(&other, import).await?.0, StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn while_it_is_written_it_stops_between_partitions_and_errors_csv_is_the_rest() -> Result<()> {
    let platform = Platform::start_without_functions().await?;
    let caller = platform.caller("lincoln").await?;
    let context = platform.stack.context();
    let checked = platform.check_by_hand(&caller, &people(1_200), json!({"invite": true})).await?;
    let import = id(&checked)?;
    caller.call(Method::POST, &format!("/api/imports/{import}/confirm"), None).await?;
    let confirmed = |what: &str| format!("confirmed/lincoln/{import}/{what}");
    deliver(&context, &confirmed("start")).await?;
    deliver(&context, &confirmed("00001")).await?;
    let (status, cancelled) = cancel(&caller, import).await?;
    assert_eq!((status, &cancelled["state"]), (StatusCode::ACCEPTED, &json!("applying")));
    // The start comes again, and every partition is delivered as it would have been without the cancellation.
    for what in ["start", "00000", "00001", "00002", "00000"] {
        deliver(&context, &confirmed(what)).await?;
    }
    let ended = caller.results(import).await?;
    assert_eq!(ended.import["state"], "cancelled");
    assert_eq!(ended.outcomes(), [500, 0, 0, 0, 700]);
    assert_eq!(ended.report["counts"][0]["rule"], "import-cancelled");
    assert_eq!(platform.stored("lincoln").await?.people.len(), 500);
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, Vec::<String>::new(), "whoever cancels wants it to stop");

    // Another import goes on where this one stopped, with the file that it left.
    let rest = platform.check_by_hand(&caller, ended.errors.as_bytes(), json!({})).await?;
    assert_eq!(rest["dryRun"]["outcomes"]["created"], 700);
    platform.confirm_by_hand(&caller, &rest).await?;
    assert_eq!(platform.stored("lincoln").await?.people.len(), 1_200);
    Ok(())
}

#[tokio::test]
async fn cancelled_while_it_waits_it_makes_room_for_the_next() -> Result<()> {
    let platform = Platform::start_without_functions().await?;
    let caller = platform.caller("lincoln").await?;
    let context = platform.stack.context();
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let checked = platform.check_by_hand(&caller, &people(3), json!({})).await?;
        waiting.push(id(&checked)?.to_owned());
        caller
            .call(Method::POST, &format!("/api/imports/{}/confirm", waiting[waiting.len() - 1]), None)
            .await?;
    }
    deliver(&context, &format!("confirmed/lincoln/{}/start", waiting[0])).await?;
    assert_eq!(cancel(&caller, &waiting[1]).await?.1["state"], "cancelled");
    for (import, what) in [(0, "00000"), (1, "start")] {
        deliver(&context, &format!("confirmed/lincoln/{}/{what}", waiting[import])).await?;
    }
    assert_eq!(caller.show(&waiting[0]).await?["state"], "finished");
    assert_eq!(caller.show(&waiting[1]).await?["state"], "cancelled");
    Ok(())
}
