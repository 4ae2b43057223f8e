//! Which imports changed a person, and what each of them changed.

use anyhow::{Context as _, Result, ensure};
use local_stack::Delivery;
use reqwest::{Method, StatusCode};
use rollcall_tests::{Caller, Finished, Platform, faults::deliver, id, roster::retail};
use serde_json::{Value, json};

use crate::undo::undo;

const ANN: (&str, &str) = ("Email", "ann@example.com");
const UPDATE: &str = "update";

/// Imports Ann with these cells; they win over what is stored.
async fn import(caller: &Caller<'_>, cells: &[(&str, &str)]) -> Result<Finished> {
    let roster = retail(&[&[&[ANN], cells].concat()]);
    caller.import("retail", &roster, json!({"duplicates": UPDATE})).await
}

/// The identifiers of the imports that changed Ann, the newest first.
async fn imports(caller: &Caller<'_>) -> Result<Vec<String>> {
    let ann = caller.person(ANN.1).await?;
    let imports = ann["imports"].as_array().context("no imports")?;
    imports.iter().map(|import| Ok(id(import)?.to_owned())).collect()
}

async fn ask(caller: &Caller<'_>, person: &Value, import: &str) -> Result<(StatusCode, Value)> {
    let path = format!("/api/people/{}/imports/{import}", id(person)?);
    caller.call(Method::GET, &path, None).await
}

/// What the import changed of Ann.
async fn changes(caller: &Caller<'_>, import: &str) -> Result<Value> {
    let (status, changes) = ask(caller, &caller.person(ANN.1).await?, import).await?;
    ensure!(status == StatusCode::OK, "{status} {changes}");
    Ok(changes)
}

#[tokio::test]
async fn each_import_that_changed_a_person_says_what_it_changed() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let made = import(&caller, &[("Phone1Number", "111"), ("PSOId", "111111")]).await?;
    let changing = [("Phone1Number", "222"), ("Modality", "Online"), ("PSOId", "111111"), ("Cancel", "TRUE")];
    let changed = import(&caller, &changing).await?;
    let unchanged = import(&caller, &changing).await?;
    assert_eq!(unchanged.outcomes(), [0, 0, 1, 0, 0], "{}", unchanged.log);
    assert_eq!(caller.person(ANN.1).await?["version"], 2, "an import that changes nothing writes nothing");
    let undone = undo(&platform, &caller, id(&changed.import)?).await?;

    let [made, changed, undone] = [&made, &changed, &undone].map(|finished| &finished.import);
    let ann = caller.person(ANN.1).await?;
    let named = |import: &Value, undoes: Value| {
        json!({"id": import["id"], "file": "roster.csv", "program": "retail", "undoes": undoes,
            "createdAt": import["createdAt"], "createdBy": import["createdBy"]})
    };
    let newest_first =
        [named(undone, changed["id"].clone()), named(changed, Value::Null), named(made, Value::Null)];
    assert_eq!(ann["imports"], json!(newest_first));
    assert_eq!(ann["createdBy"], newest_first[2]);

    let enrolment = |present| json!([{"tie": {"kind": "enrolment", "offering": "111111", "person": null}, "present": present}]);
    let at_first = changes(&caller, id(made)?).await?;
    assert_eq!((&at_first["isNew"], &at_first["ties"]), (&json!(true), &enrolment(true)));
    let values = at_first["values"].as_array().context("no values")?;
    assert!(values.contains(&json!({"field": "phone", "new": "111"})), "{values:?}");
    assert!(values.iter().all(|value| value.get("old").is_none()), "{values:?}");
    let then = json!({"isNew": false, "password": false, "ties": enrolment(false), "values": [
        {"field": "modality", "new": "Online"},
        {"field": "phone", "old": "111", "new": "222"},
    ]});
    assert_eq!(changes(&caller, id(changed)?).await?, then);
    let back = json!({"isNew": false, "password": false, "ties": enrolment(true), "values": [
        {"field": "modality", "old": "Online"},
        {"field": "phone", "old": "222", "new": "111"},
    ]});
    assert_eq!(changes(&caller, id(undone)?).await?, back);

    let (status, _) = ask(&caller, &ann, id(&unchanged.import)?).await?;
    assert_eq!(status, StatusCode::NOT_FOUND, "it changed somebody else, if anybody");
    let (status, _) = ask(&platform.caller("roosevelt").await?, &ann, id(changed)?).await?;
    assert_eq!(status, StatusCode::NOT_FOUND, "another organisation");
    Ok(())
}

#[tokio::test]
async fn a_hand_between_two_imports_is_none_of_them_and_keeps_none_from_being_named() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let made = import(&caller, &[("Phone1Number", "111")]).await?;
    let ann = caller.person(ANN.1).await?;
    let edit = json!({"attributes": {"city": "Springfield"}, "version": ann["version"]});
    let path = format!("/api/people/{}", id(&ann)?);
    let (status, edited) = caller.call(Method::PATCH, &path, Some(&edit)).await?;
    assert_eq!(status, StatusCode::OK, "{edited}");
    assert_eq!(edited["imports"], ann["imports"]);
    let changed = import(&caller, &[("Phone1Number", "222")]).await?;
    assert_eq!(imports(&caller).await?, [id(&changed.import)?, id(&made.import)?]);
    let phone = json!([{"field": "phone", "old": "111", "new": "222"}]);
    assert_eq!(changes(&caller, id(&changed.import)?).await?["values"], phone);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_delivered_again_and_again_is_named_once() -> Result<()> {
    let delivery = Delivery { copies: 3, shuffle: Some(7), ..Delivery::default() };
    let platform = Platform::start_with(delivery).await?;
    let caller = platform.caller("lincoln").await?;
    let made = import(&caller, &[("Phone1Number", "111")]).await?;
    let changed = import(&caller, &[("Phone1Number", "222")]).await?;
    assert_eq!(imports(&caller).await?, [id(&changed.import)?, id(&made.import)?]);
    Ok(())
}

#[tokio::test]
async fn an_import_that_is_killed_at_every_request_is_named_once() -> Result<()> {
    let platform = Platform::start_without_functions().await?;
    let caller = platform.caller("lincoln").await?;
    let roster = |phone| retail(&[&[ANN, ("Phone1Number", phone)]]);
    let made = platform.check_by_hand(&caller, &roster("111"), json!({})).await?;
    platform.confirm_by_hand(&caller, &made).await?;
    let changed = platform.check_by_hand(&caller, &roster("222"), json!({"duplicates": UPDATE})).await?;
    let kills = platform.confirm_and_kill(&caller, &changed).await?;
    assert!(kills > 5, "an import is more than {kills} requests");
    // One more delivery, when all is done.
    let context = platform.stack.context();
    deliver(&context, &format!("confirmed/lincoln/{}/00000", id(&changed)?)).await?;
    assert_eq!(imports(&caller).await?, [id(&changed)?, id(&made)?]);
    Ok(())
}

#[tokio::test]
async fn a_person_remembers_ten_imports_within_one_write_unit() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let mut newest_first = Vec::new();
    for phone in 0..12 {
        let finished = import(&caller, &[("Phone1Number", &format!("61755501{phone:02}"))]).await?;
        newest_first.insert(0, id(&finished.import)?.to_owned());
    }
    assert_eq!(imports(&caller).await?, newest_first[..10]);
    let ann = caller.person(ANN.1).await?;
    assert_eq!(ann["createdBy"]["id"], newest_first[11], "the first is known, whatever came after it");
    assert_eq!(ask(&caller, &ann, &newest_first[10]).await?.0, StatusCode::NOT_FOUND);
    let bytes = serde_json::to_vec(&platform.person_item(id(&ann)?).await?)?.len();
    assert!(bytes <= 1024, "{bytes} bytes");
    Ok(())
}

#[tokio::test]
async fn what_an_import_changed_is_said_to_be_gone_when_the_journal_is() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let made = import(&caller, &[]).await?;
    let context = platform.stack.context();
    let key = format!("journal/lincoln/{}/00000.json", id(&made.import)?);
    context.objects.delete_object().bucket(&context.config.bucket).key(key).send().await?;
    let ann = caller.person(ANN.1).await?;
    assert_eq!(ann["imports"][0]["id"], made.import["id"]);
    let (status, problem) = ask(&caller, &ann, id(&made.import)?).await?;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::GONE, Some("gone")), "{problem}");
    Ok(())
}
