//! People over HTTP: found, shown, edited by hand, invited again; and what imports do to what was edited by hand.

use anyhow::{Context as _, Result, ensure};
use reqwest::{Method, StatusCode};
use rollcall_tests::{Caller, Platform, id, roster::retail};
use serde_json::{Value, json};

const ANN: (&str, &str) = ("Email", "ann@example.com");

async fn find(caller: &Caller<'_>, q: &str) -> Result<Vec<Value>> {
    let q = q.replace('+', "%2B").replace(' ', "%20").replace('#', "%23");
    let (status, found) = caller.call(Method::GET, &format!("/api/people?q={q}"), None).await?;
    ensure!(status == StatusCode::OK, "{status} {found}");
    Ok(found["people"].as_array().context("no people")?.clone())
}

async fn only(caller: &Caller<'_>, q: &str) -> Result<Value> {
    let found = find(caller, q).await?;
    ensure!(found.len() == 1, "{found:?}");
    show(caller, found[0]["id"].as_str().context("no identifier")?).await
}

async fn show(caller: &Caller<'_>, person: &str) -> Result<Value> {
    let (status, person) = caller.call(Method::GET, &format!("/api/people/{person}"), None).await?;
    ensure!(status == StatusCode::OK, "{status} {person}");
    Ok(person)
}

async fn edit(caller: &Caller<'_>, person: &Value, attributes: Value) -> Result<(StatusCode, Value)> {
    let path = format!("/api/people/{}", id(person)?);
    let body = json!({"attributes": attributes, "version": person["version"]});
    caller.call(Method::PATCH, &path, Some(&body)).await
}

/// Imports one person, who then has another telephone number by hand.
async fn edited(caller: &Caller<'_>) -> Result<Value> {
    let roster = retail(&[&[ANN, ("Phone1Number", "111"), ("Modality", "Online")]]);
    caller.import("retail", &roster, json!({})).await?;
    let ann = only(caller, "ann@example.com").await?;
    let (status, ann) = edit(caller, &ann, json!({"phone": "999", "modality": null})).await?;
    ensure!(status == StatusCode::OK, "{status} {ann}");
    Ok(ann)
}

#[tokio::test]
async fn a_person_is_found_by_what_identifies_it_and_by_nothing_else() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &retail(&[&[ANN]]), json!({})).await?;
    for (q, by) in [("ANN@Example.com", "e-mail"), ("ann, LEE, 1  Main st., 02108-1234", "name and address")]
    {
        let found = find(&caller, q).await?;
        assert_eq!(found.len(), 1, "{q}");
        assert_eq!((found[0]["firstName"].as_str(), found[0]["foundBy"].as_str()), (Some("Ann"), Some(by)));
    }
    for q in ["Ann Lee", "ann", "bo@example.com", "", ","] {
        assert_eq!(find(&caller, q).await?, Vec::<Value>::new(), "{q}");
    }
    assert_eq!(find(&platform.caller("roosevelt").await?, "ann@example.com").await?, Vec::<Value>::new());
    Ok(())
}

#[tokio::test]
async fn a_person_is_shown_with_what_it_holds_and_which_imports_made_and_changed_it() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let parent = [("ParentEmail", "bo@example.com"), ("ParentFirstName", "Bo"), ("ParentLastName", "Lee")];
    let first = retail(&[&[&[ANN, ("PSOId", "111111")], &parent[..]].concat()]);
    let made = caller.import("retail", &first, json!({"invite": true})).await?;
    let second = retail(&[&[ANN, ("Modality", "Online")]]);
    let changed = caller.import("retail", &second, json!({})).await?;

    let ann = only(&caller, "ann@example.com").await?;
    assert_eq!((ann["kind"].as_str(), ann["version"].as_u64()), (Some("student"), Some(2)));
    assert_eq!(ann["attributes"]["modality"], "Online");
    assert_eq!(ann["ties"], json!([{"kind": "enrolment", "offering": "111111", "person": null}]));
    assert_eq!(ann["createdBy"]["id"], made.import["id"]);
    assert_eq!(ann["createdBy"]["file"], "roster.csv");
    assert_eq!(ann["imports"][0]["id"], changed.import["id"]);
    assert_eq!(ann["invitation"]["state"], "pending");
    let bo = only(&caller, "bo@example.com").await?;
    assert_eq!(bo["ties"], json!([{"kind": "link", "offering": "111111", "person": ann["id"]}]));
    Ok(())
}

#[tokio::test]
async fn another_organisation_sees_and_changes_nobody() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let ann = edited(&caller).await?;
    let other = platform.caller("roosevelt").await?;
    let path = format!("/api/people/{}", id(&ann)?);
    let body = json!({"attributes": {"phone": "1"}, "version": ann["version"]});
    let calls = [
        (Method::GET, path.clone(), None),
        (Method::PATCH, path.clone(), Some(&body)),
        (Method::POST, format!("{path}/invitation"), None),
    ];
    for (method, path, body) in calls {
        let (status, answer) = other.call(method, &path, body).await?;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path} {answer}");
    }
    assert_eq!(show(&caller, id(&ann)?).await?, ann);
    Ok(())
}

#[tokio::test]
async fn what_was_edited_by_hand_stays_and_is_named_unless_it_is_to_be_overwritten() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let ann = edited(&caller).await?;
    assert_eq!(ann["attributes"]["phone"], "999");
    assert!(ann["byHand"]["phone"]["by"].is_string());

    let roster = retail(&[&[ANN, ("Phone1Number", "222"), ("Modality", "Online"), ("Zee", "12")]]);
    let update = json!({"duplicates": "update"});
    let finished = caller.import("retail", &roster, update.clone()).await?;
    assert_eq!(finished.outcomes(), [0, 1, 0, 0, 0], "{}", finished.log);
    for said in ["phone stays `999`", "modality stays empty"] {
        assert!(finished.log.contains(said), "{}", finished.log);
    }
    let counts = finished.report["counts"].as_array().context("no counts")?;
    assert!(
        counts.contains(&json!({"rule": "hand-edit-kept", "severity": "warning", "count": 2})),
        "{counts:?}"
    );
    let attributes = only(&caller, "ann@example.com").await?["attributes"].clone();
    assert_eq!((&attributes["phone"], &attributes["modality"]), (&json!("999"), &Value::Null));
    // Missing values are filled in, and this one was left empty on purpose.
    let filling = caller.import("retail", &roster, json!({})).await?;
    assert_eq!(filling.outcomes(), [0, 0, 1, 0, 0], "{}", filling.log);

    let overwriting = json!({"duplicates": "update", "overwriteHandEdits": true});
    let finished = caller.import("retail", &roster, overwriting).await?;
    assert!(finished.log.contains("phone: 999 -> 222"), "{}", finished.log);
    let overwritten = only(&caller, "ann@example.com").await?;
    assert_eq!(overwritten["byHand"], json!({}), "an import set them last");
    let third = retail(&[&[ANN, ("Phone1Number", "333")]]);
    assert_eq!(caller.import("retail", &third, update).await?.outcomes(), [0, 1, 0, 0, 0]);
    Ok(())
}

#[tokio::test]
async fn an_undo_gives_the_mark_back_with_the_value() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let ann = edited(&caller).await?;
    let roster = retail(&[&[ANN, ("Phone1Number", "222")]]);
    let overwriting = json!({"duplicates": "update", "overwriteHandEdits": true});
    let finished = caller.import("retail", &roster, overwriting).await?;
    let path = format!("/api/imports/{}/undo", id(&finished.import)?);
    let (_, undo) = caller.call(Method::POST, &path, None).await?;
    platform.stack.settle().await;
    caller.confirm(&caller.show(id(&undo)?).await?).await?;
    let restored = show(&caller, id(&ann)?).await?;
    assert_eq!(restored["attributes"], ann["attributes"]);
    assert_eq!(restored["byHand"], ann["byHand"]);
    Ok(())
}

#[tokio::test]
async fn an_edit_follows_the_rules_and_the_version_that_was_seen() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let ann = edited(&caller).await?;
    let refusals = [
        (json!({"email": "ann@"}), StatusCode::BAD_REQUEST, "invalid-value"),
        (json!({"lastName": ""}), StatusCode::BAD_REQUEST, "value-not-clearable"),
        (json!({"shoeSize": "40"}), StatusCode::BAD_REQUEST, "unknown-attribute"),
    ];
    for (attributes, expected, code) in refusals {
        let (status, problem) = edit(&caller, &ann, attributes).await?;
        assert_eq!((status, problem["code"].as_str()), (expected, Some(code)), "{problem}");
    }
    let stale = json!({"id": ann["id"], "version": 1});
    assert_eq!(edit(&caller, &stale, json!({"phone": "1"})).await?.0, StatusCode::CONFLICT);
    assert_eq!(show(&caller, id(&ann)?).await?, ann);
    Ok(())
}

#[tokio::test]
async fn an_edited_identity_is_found_by_the_new_value_alone_and_is_not_somebody_elses() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let ann = edited(&caller).await?;
    let cy =
        [("Email", "cy@example.com"), ("StudentFirstName", "Cy"), ("Address1StreetAddress1", "9 Elm St")];
    caller.import("retail", &retail(&[&cy]), json!({})).await?;
    let (status, problem) = edit(&caller, &ann, json!({"email": "CY@example.com"})).await?;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");

    let (status, ann) =
        edit(&caller, &ann, json!({"email": "anna@example.com", "street1": "2 Main St"})).await?;
    assert_eq!(status, StatusCode::OK, "{ann}");
    assert_eq!(find(&caller, "ann@example.com").await?.len(), 0);
    assert_eq!(only(&caller, "anna@example.com").await?["id"], ann["id"]);
    assert_eq!(only(&caller, "Ann, Lee, 2 Main St, 02108").await?["id"], ann["id"]);
    let row = [("Email", "anna@example.com"), ("Address1StreetAddress1", "2 Main St")];
    let again = caller.import("retail", &retail(&[&row]), json!({})).await?;
    assert_eq!(again.outcomes(), [0, 0, 1, 0, 0], "{}", again.log);
    Ok(())
}

#[tokio::test]
async fn an_invitation_is_sent_again_until_the_person_has_registered() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let nameless = [("Email", ""), ("StudentFirstName", "Cy")];
    caller.import("retail", &retail(&[&[ANN], &nameless]), json!({"invite": true})).await?;
    platform.tick().await?;
    let ann = only(&caller, "ann@example.com").await?;
    let path = format!("/api/people/{}/invitation", id(&ann)?);
    let (status, asked) = caller.call(Method::POST, &path, None).await?;
    assert_eq!((status, asked["invitation"]["state"].as_str()), (StatusCode::ACCEPTED, Some("pending")));
    platform.tick().await?;
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, ["ann@example.com", "ann@example.com"]);
    assert_eq!(show(&caller, id(&ann)?).await?["invitation"]["state"], "sent");

    let cy = only(&caller, "Cy, Lee, 1 Main St, 02108").await?;
    let to_cy = format!("/api/people/{}/invitation", id(&cy)?);
    assert_eq!(caller.call(Method::POST, &to_cy, None).await?.0, StatusCode::CONFLICT, "no address");
    platform.register("lincoln", id(&ann)?).await?;
    assert_eq!(caller.call(Method::POST, &path, None).await?.0, StatusCode::CONFLICT, "registered");
    platform.tick().await?;
    assert_eq!(platform.mailed().await?.len(), 2);
    Ok(())
}
