//! The word that empties a stored value.

use anyhow::Result;
use reqwest::Method;
use rollcall_tests::{Platform, id, roster::retail};
use serde_json::{Value, json};

const ANN: (&str, &str) = ("Email", "ann@example.com");

#[tokio::test]
async fn it_empties_a_value_shows_that_before_and_can_be_undone() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let first = retail(&[&[ANN, ("Phone1Number", "111"), ("Modality", "Online")]]);
    caller.import("retail", &first, json!({})).await?;
    let before = platform.stored("lincoln").await?.content();

    let roster = retail(&[&[ANN, ("Phone1Number", "[clear]"), ("Modality", "")]]);
    let update = json!({"duplicates": "update"});
    let checked = caller.check("retail", &roster, update.clone()).await?;
    let dry_run: Value = serde_json::from_slice(&caller.result(id(&checked)?, "dry-run.json").await?)?;
    assert_eq!(dry_run["row_outcomes"][0]["changes"], json!([{"field": "phone", "old": "111"}]));
    let finished = caller.confirm(&checked).await?;
    assert_eq!(finished.outcomes(), [0, 1, 0, 0, 0], "{}", finished.log);
    assert!(finished.log.contains("phone: 111 -> (empty)"), "{}", finished.log);
    let stored = platform.stored("lincoln").await?;
    let ann = &stored.people["Ann Lee ann@example.com"];
    assert_eq!((ann.get("phone"), ann["modality"].as_str()), (None, "Online"), "a blank erases nothing");

    let again = caller.import("retail", &roster, update).await?;
    assert_eq!(again.outcomes(), [0, 0, 1, 0, 0], "{}", again.log);

    let path = format!("/api/imports/{}/undo", id(&finished.import)?);
    let (_, undo) = caller.call(Method::POST, &path, None).await?;
    platform.stack.settle().await;
    caller.confirm(&caller.show(id(&undo)?).await?).await?;
    assert_eq!(platform.stored("lincoln").await?.content(), before);
    Ok(())
}

#[tokio::test]
async fn under_every_other_policy_it_does_nothing_and_says_so() -> Result<()> {
    let platform = Platform::start().await?;
    let first = retail(&[&[ANN, ("Phone1Number", "111")]]);
    let roster = retail(&[&[ANN, ("Phone1Number", "[clear]")]]);
    for policy in ["skip", "fill-missing", "reject"] {
        let caller = platform.caller(policy).await?;
        caller.import("retail", &first, json!({})).await?;
        let finished = caller.import("retail", &roster, json!({"duplicates": policy})).await?;
        assert_eq!(platform.stored(policy).await?.people["Ann Lee ann@example.com"]["phone"], "111");
        let rules: Vec<&Value> = finished.report["counts"].as_array().into_iter().flatten().collect();
        assert!(rules.iter().any(|count| count["rule"] == "value-not-cleared"), "{policy}: {rules:?}");
    }
    Ok(())
}

#[tokio::test]
async fn what_a_person_is_known_by_stays() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &retail(&[&[ANN]]), json!({})).await?;
    let before = platform.stored("lincoln").await?;
    let roster = retail(&[&[("Email", "[clear]"), ("Modality", "Online")]]);
    let finished = caller.import("retail", &roster, json!({"duplicates": "update"})).await?;
    assert_eq!(finished.outcomes(), [0, 0, 0, 0, 1]);
    assert!(finished.errors.contains("cannot empty this column"), "{}", finished.errors);
    assert_eq!(platform.stored("lincoln").await?, before);
    Ok(())
}

#[tokio::test]
async fn the_later_row_of_a_file_wins() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let roster = retail(&[
        &[ANN, ("Phone1Number", "111"), ("Modality", "[clear]")],
        &[ANN, ("Phone1Number", "[clear]"), ("Modality", "Online")],
    ]);
    let finished = caller.import("retail", &roster, json!({"duplicates": "update"})).await?;
    assert_eq!(finished.outcomes(), [1, 1, 0, 0, 0], "{}", finished.log);
    let stored = platform.stored("lincoln").await?;
    let ann = &stored.people["Ann Lee ann@example.com"];
    assert_eq!((ann.get("phone"), ann["modality"].as_str()), (None, "Online"));
    Ok(())
}
