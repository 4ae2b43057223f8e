//! Somebody changes a person between the plan and the write: the row is named, and nothing is forced.

use anyhow::Result;
use reqwest::Method;
use rollcall_tests::{
    Platform,
    faults::{deliver, killed_after},
    id,
    roster::retail,
};
use serde_json::json;

#[tokio::test]
async fn a_person_who_was_changed_meanwhile_is_left_alone_and_named() -> Result<()> {
    let platform = Platform::start_without_functions().await?;
    let caller = platform.caller("lincoln").await?;
    let context = platform.stack.context();
    let ann = ("Email", "ann@example.com");
    let cy = [("Email", "cy@example.com"), ("StudentFirstName", "Cy")];
    let first = platform.check_by_hand(&caller, &retail(&[&[ann], &cy]), json!({})).await?;
    platform.confirm_by_hand(&caller, &first).await?;

    let changed = retail(&[
        &[ann, ("Phone1Number", "222"), ("PSOId", "111111")],
        &[cy[0], cy[1], ("Phone1Number", "333")],
    ]);
    let second = platform.check_by_hand(&caller, &changed, json!({"duplicates": "update"})).await?;
    let import = id(&second)?;
    let path = format!("/api/imports/{import}/confirm");
    caller.call(Method::POST, &path, None).await?;
    deliver(&context, &format!("confirmed/lincoln/{import}/start")).await?;

    // The function is killed as soon as its plan is in the journal, before its first write.
    let partition = format!("confirmed/lincoln/{import}/00000");
    let journal = format!("journal/lincoln/{import}/00000.json");
    for requests in 0.. {
        assert!(deliver(&killed_after(&context, requests), &partition).await.is_err());
        let object = context.objects.head_object().bucket(&context.config.bucket).key(&journal);
        if object.send().await.is_ok() {
            break;
        }
    }
    platform.edit("lincoln", "ann@example.com", "modality", "Online").await?;
    for _ in 0..2 {
        deliver(&context, &partition).await?;
    }

    let finished = caller.results(import).await?;
    assert_eq!(finished.outcomes(), [0, 1, 0, 0, 1], "{}", finished.log);
    assert_eq!(finished.report["counts"][0]["rule"], "changed-meanwhile");
    assert_eq!(
        finished.report["entities"]["student"],
        json!({"created": 0, "updated": 1, "unchanged": 0, "errors": 1})
    );
    assert!(finished.errors.contains("ann@example.com") && !finished.errors.contains("cy@example.com"));
    let stored = platform.stored("lincoln").await?;
    let ann = &stored.people["Ann Lee ann@example.com"];
    assert_eq!((ann.get("phone"), ann["modality"].as_str()), (None, "Online"), "the edit stands");
    assert!(stored.ties.is_empty(), "nothing of the row was written");
    assert_eq!(stored.people["Cy Lee cy@example.com"]["phone"], "333");
    Ok(())
}
