//! Files that a school's system drops into the bucket import themselves; held ones wait for a person.

use anyhow::{Context as _, Result};
use local_stack::Delivery;
use reqwest::Method;
use rollcall_tests::{
    Caller, Platform, id,
    roster::{people, retail},
};
use serde_json::{Value, json};

async fn settle(caller: &Caller<'_>, settings: Value) -> Result<()> {
    let (status, answer) = caller.call(Method::PUT, "/api/settings", Some(&settings)).await?;
    anyhow::ensure!(status.is_success(), "{answer}");
    Ok(())
}

async fn imports(caller: &Caller<'_>) -> Result<Vec<Value>> {
    let (_, list) = caller.call(Method::GET, "/api/imports", None).await?;
    Ok(list["imports"].as_array().context("no list")?.clone())
}

#[tokio::test]
async fn a_dropped_file_imports_itself_once_however_often_its_event_comes() -> Result<()> {
    let delivery = Delivery { copies: 3, shuffle: Some(3), retries: Vec::new() };
    let platform = Platform::start_with(delivery).await?;
    let caller = platform.caller("lincoln").await?;
    settle(&caller, json!({"drops": {"retail": {"duplicates": "update", "invite": true}}})).await?;
    platform.drop_file("drops/lincoln/retail/night of 22 November+1.csv", people(3)).await?;
    let list = imports(&caller).await?;
    assert_eq!(list.len(), 1);
    assert_eq!(
        (&list[0]["state"], &list[0]["file"]["name"]),
        (&json!("finished"), &json!("night of 22 November+1.csv"))
    );
    let finished = caller.results(id(&list[0])?).await?;
    assert_eq!(finished.outcomes(), [3, 0, 0, 0, 0]);
    platform.tick().await?;
    assert_eq!(platform.mailed().await?.len(), 3);
    assert_eq!(imports(&platform.caller("jefferson").await?).await?.len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_dropped_file_that_is_held_waits_for_a_person() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    settle(&caller, json!({"drops": {"retail": {"duplicates": "update"}}})).await?;
    caller.import("retail", &people(40), json!({})).await?;
    let before = platform.stored("lincoln").await?;
    let roster = String::from_utf8(people(40))?.replace(",Ann,", ",Anna,").into_bytes();
    platform.drop_file("drops/lincoln/retail/nightly.csv", roster).await?;
    let mut list = imports(&caller).await?;
    list.retain(|import| import["file"]["name"] == "nightly.csv");
    let held = list.pop().context("it is not there")?;
    assert_eq!((&held["state"], &held["dryRun"]["hold"]["people"]), (&json!("ready"), &json!(40)));
    assert_eq!(platform.stored("lincoln").await?, before);
    let finished = caller.confirm(&held).await?;
    assert_eq!(finished.outcomes(), [0, 40, 0, 0, 0]);
    Ok(())
}

#[tokio::test]
async fn what_nobody_settled_is_rejected_with_a_reason() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    platform.drop_file("drops/lincoln/retail/roster.csv", retail(&[&[]])).await?;
    platform.drop_file("drops/lincoln/roster.csv", retail(&[&[]])).await?;
    let list = imports(&caller).await?;
    assert_eq!(list.len(), 1, "a file outside of a program's folder is nobody's");
    assert_eq!(
        (&list[0]["state"], &list[0]["reason"]["rule"]),
        (&json!("rejected"), &json!("drop-not-settled"))
    );
    Ok(())
}
