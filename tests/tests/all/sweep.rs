//! What stalled is taken up, and what never comes is ended, each by its age.

use anyhow::Result;
use aws_sdk_dynamodb::types::AttributeValue;
use functions::sweep::sweep;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use rollcall_tests::{Caller, Platform, id, roster::people};
use serde_json::{Value, json};

/// Sets an import back, as if what came after had never happened.
async fn set_back(platform: &Platform, import: &str, change: &str, state: &str) -> Result<()> {
    let context = platform.stack.context();
    context
        .table
        .update_item()
        .table_name(&context.config.table)
        .key("pk", AttributeValue::S("lincoln/imports".to_owned()))
        .key("sk", AttributeValue::S(import.to_owned()))
        .update_expression(format!("SET #state = :state {change}"))
        .expression_attribute_names("#state", "state")
        .expression_attribute_values(":state", AttributeValue::S(state.to_owned()))
        .send()
        .await?;
    // A finished import is off the list of those to look after.
    let listed = AttributeValue::S(format!("lincoln/{import}"));
    let put = context.table.put_item().table_name(&context.config.table);
    put.item("pk", AttributeValue::S("active".to_owned())).item("sk", listed).send().await?;
    Ok(())
}

async fn sweep_after(platform: &Platform, age: SignedDuration) -> Result<()> {
    sweep(&platform.stack.context(), Timestamp::now() + age).await?;
    platform.stack.settle().await;
    Ok(())
}

async fn state(caller: &Caller<'_>, import: &str) -> Result<Value> {
    Ok(caller.show(import).await?["state"].clone())
}

#[tokio::test]
async fn a_file_whose_event_got_lost_is_checked() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let import = caller.check("retail", &people(3), json!({})).await?;
    let import = id(&import)?;
    set_back(&platform, import, "", "created").await?;
    sweep_after(&platform, SignedDuration::from_secs(30)).await?;
    assert_eq!(state(&caller, import).await?, "created", "the event may still come");
    sweep_after(&platform, SignedDuration::from_mins(2)).await?;
    assert_eq!(state(&caller, import).await?, "ready");
    Ok(())
}

#[tokio::test]
async fn a_check_that_was_broken_off_is_started_again_and_given_up_in_the_end() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let import = caller.check("retail", &people(3), json!({})).await?;
    let import = id(&import)?;
    let stalled = SignedDuration::from_mins(17);
    for _ in 1..6 {
        set_back(&platform, import, "", "checking").await?;
        sweep_after(&platform, stalled).await?;
        assert_eq!(state(&caller, import).await?, "ready");
    }
    set_back(&platform, import, "", "checking").await?;
    sweep_after(&platform, stalled).await?;
    assert_eq!(state(&caller, import).await?, "failed");
    Ok(())
}

#[tokio::test]
async fn an_import_that_stalled_is_finished_with_the_same_result() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let finished = caller.import("retail", &people(1_200), json!({})).await?;
    let import = id(&finished.import)?;
    let before = platform.stored("lincoln").await?;
    // As if no partition had been noted as written, and as if the start itself had got lost.
    for (change, state_then) in [("REMOVE partitionsDone", "applying"), ("REMOVE partitionsDone", "queued")] {
        set_back(&platform, import, change, state_then).await?;
        sweep_after(&platform, SignedDuration::from_mins(17)).await?;
        assert_eq!(state(&caller, import).await?, "finished");
        assert_eq!(platform.stored("lincoln").await?, before);
        let again = caller.results(import).await?;
        assert_eq!((again.report, again.log), (finished.report.clone(), finished.log.clone()));
    }
    Ok(())
}

#[tokio::test]
async fn what_never_comes_expires_and_says_so() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let empty = caller.create("retail", &people(3), json!({})).await?;
    let unconfirmed = caller.check("retail", &people(3), json!({})).await?;
    let cases = [
        (id(&empty["import"])?, SignedDuration::from_hours(2), "file-missing"),
        (id(&unconfirmed)?, SignedDuration::from_hours(24 * 8), "not-confirmed"),
    ];
    for (import, age, rule) in cases {
        sweep_after(&platform, age).await?;
        let expired = caller.show(import).await?;
        assert_eq!((&expired["state"], &expired["reason"]["rule"]), (&json!("expired"), &json!(rule)));
        let path = format!("/api/imports/{import}/confirm");
        assert_eq!(caller.call(Method::POST, &path, None).await?.0, 409);
    }
    Ok(())
}
