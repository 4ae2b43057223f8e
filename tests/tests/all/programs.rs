//! Programs that an organisation brings itself.

use anyhow::{Result, ensure};
use reqwest::{Method, StatusCode};
use rollcall_tests::{Caller, Platform, id};
use serde_json::{Value, json};

const ROSTER: &[u8] = b"Singer,Family,Mail,Voice\nAnn,Lee,ann@example.com,Alto\nBo,Ng,bo@example.com,Loud\n";

/// A choir's, whose voices are these.
fn choir(voices: &[&str]) -> String {
    let fills = |attribute: &str| json!({"fills": format!("person.{attribute}")});
    json!({
        "fields": [
            {"name": "Singer", "type": "string", "constraints": {"required": true}, "rollcall": fills("firstName")},
            {"name": "Family", "type": "string", "rollcall": fills("lastName")},
            {"name": "Mail", "type": "string", "format": "email", "rollcall": fills("email")},
            {"name": "Voice", "type": "string", "constraints": {"enum": voices}, "rollcall": {"fills": "profile"}},
        ],
        "rollcall": {"title": "Choir", "identity": ["email"], "kind": {"main": "student"}},
    })
    .to_string()
}

async fn bring(caller: &Caller<'_>, name: &str, schema: &str) -> Result<Value> {
    let (status, answer) = caller.put_text(&format!("/api/programs/{name}"), schema).await?;
    ensure!(status == StatusCode::OK, "{answer}");
    Ok(answer)
}

async fn refusal(caller: &Caller<'_>, name: &str, schema: &str) -> Result<Value> {
    let (status, problem) = caller.put_text(&format!("/api/programs/{name}"), schema).await?;
    ensure!(status == StatusCode::BAD_REQUEST, "{problem}");
    Ok(problem)
}

/// Why no import of the program is made.
async fn import_refusal(caller: &Caller<'_>, program: &str) -> Result<Value> {
    let file = json!({"name": "a.csv", "bytes": 1, "sha256": "0".repeat(64)});
    let request = json!({"program": program, "file": file});
    let (status, mut problem) = caller.call(Method::POST, "/api/imports", Some(&request)).await?;
    ensure!(status == StatusCode::BAD_REQUEST, "{status} {problem}");
    Ok(problem["code"].take())
}

async fn names(caller: &Caller<'_>) -> Result<Vec<String>> {
    let (_, list) = caller.call(Method::GET, "/api/programs", None).await?;
    let programs = list["programs"].as_array().into_iter().flatten();
    Ok(programs.filter_map(|program| Some(program["name"].as_str()?.to_owned())).collect())
}

#[tokio::test]
async fn a_roster_is_imported_and_written_by_the_organisations_own_program() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let brought = bring(&caller, "choir", &choir(&["Soprano", "Alto"])).await?;
    assert_eq!((&brought["title"], &brought["importable"]), (&json!("Choir"), &json!(true)));
    assert_eq!(names(&caller).await?.last().map(String::as_str), Some("choir"));

    let finished = caller.import("choir", ROSTER, json!({})).await?;
    assert_eq!(finished.outcomes(), [1, 0, 0, 0, 1]);
    ensure!(finished.errors.contains("`Loud`"), "{}", finished.errors);
    let people = platform.stored("lincoln").await?.people;
    assert_eq!(people["Ann Lee ann@example.com"]["profile.Voice"], "Alto");
    assert_eq!(caller.import("choir", ROSTER, json!({})).await?.outcomes(), [0, 0, 1, 0, 1]);

    let export = json!({"program": "choir", "format": "csv"});
    let (status, asked) = caller.call(Method::POST, "/api/exports", Some(&export)).await?;
    assert_eq!(status, StatusCode::ACCEPTED, "{asked}");
    platform.stack.settle().await;
    let (_, made) = caller.call(Method::GET, &format!("/api/exports/{}", id(&asked)?), None).await?;
    assert_eq!((&made["rows"], &made["leftOut"]), (&json!(1), &json!(0)));
    Ok(())
}

#[tokio::test]
async fn an_import_keeps_the_program_that_it_was_made_with() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    bring(&caller, "choir", &choir(&["Alto", "Loud"])).await?;
    let checked = caller.check("choir", ROSTER, json!({})).await?;
    bring(&caller, "choir", &choir(&["Bass"])).await?;
    let (status, deleted) = caller.call(Method::DELETE, "/api/programs/choir", None).await?;
    assert_eq!((status, &deleted["name"]), (StatusCode::OK, &json!("choir")));
    assert_eq!(caller.confirm(&checked).await?.outcomes(), [2, 0, 0, 0, 0]);

    assert_eq!(import_refusal(&caller, "choir").await?, "unknown-program");
    let (status, _) = caller.call(Method::DELETE, "/api/programs/choir", None).await?;
    assert_eq!(status, StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn files_are_dropped_by_it_and_while_they_are_it_stays() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    bring(&caller, "choir", &choir(&["Alto"])).await?;
    let settle = |drops: Value| {
        let caller = &caller;
        async move { caller.call(Method::PUT, "/api/settings", Some(&json!({"drops": drops}))).await }
    };
    let (status, answer) = settle(json!({"choir": {}})).await?;
    assert_eq!(status, StatusCode::OK, "{answer}");
    platform.drop_file("drops/lincoln/choir/tonight.csv", ROSTER.to_vec()).await?;
    let (_, list) = caller.call(Method::GET, "/api/imports", None).await?;
    assert_eq!(caller.results(id(&list["imports"][0])?).await?.outcomes(), [1, 0, 0, 0, 1]);

    let (status, problem) = caller.call(Method::DELETE, "/api/programs/choir", None).await?;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("wrong-state")));
    settle(json!({})).await?;
    let (status, _) = caller.call(Method::DELETE, "/api/programs/choir", None).await?;
    assert_eq!(status, StatusCode::OK);
    let (status, problem) = settle(json!({"choir": {}})).await?;
    assert_eq!((status, &problem["code"]), (StatusCode::BAD_REQUEST, &json!("unknown-program")));
    Ok(())
}

#[tokio::test]
async fn a_program_is_its_organisations_alone() -> Result<()> {
    let platform = Platform::start().await?;
    bring(&platform.caller("lincoln").await?, "choir", &choir(&["Alto"])).await?;
    let other = platform.caller("jefferson").await?;
    ensure!(!names(&other).await?.contains(&"choir".to_owned()), "it is listed");
    assert_eq!(import_refusal(&other, "choir").await?, "unknown-program");
    let (status, _) = other.call(Method::DELETE, "/api/programs/choir", None).await?;
    assert_eq!(status, StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_a_schema_is_said_with_its_place() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let choir = choir(&["Alto"]);
    for (name, schema, code) in [
        ("Choir", choir.as_str(), "invalid-name"),
        ("retail", &choir, "name-taken"),
        ("choir", "{", "invalid-schema"),
        ("choir", &" ".repeat(40_000), "schema-too-large"),
    ] {
        assert_eq!(refusal(&caller, name, schema).await?["code"], code, "{name}");
    }
    let problem = refusal(&caller, "choir", r#"{"fields": [{"name": "Age", "type": "age"}]}"#).await?;
    let detail = problem["detail"].as_str().unwrap_or_default();
    ensure!(detail.contains("\n/fields/0/type: found "), "{detail}");
    assert_eq!(names(&caller).await?.len(), 7);

    // One that finds nobody again is for checks alone.
    let brought = bring(&caller, "ages", r#"{"fields": [{"name": "Age", "type": "integer"}]}"#).await?;
    assert_eq!(brought["importable"], json!(false));
    assert_eq!(import_refusal(&caller, "ages").await?, "not-importable");
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_a_name_is_no_program() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    for name in ["", "a/b", "Retail", &"x".repeat(2_000)] {
        assert_eq!(import_refusal(&caller, name).await?, "unknown-program", "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn an_organisation_has_fifty_at_most() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let choir = choir(&["Alto"]);
    for number in 0..50 {
        bring(&caller, &format!("choir-{number}"), &choir).await?;
    }
    assert_eq!(refusal(&caller, "choir-50", &choir).await?["code"], "too-many-programs");
    bring(&caller, "choir-49", &choir).await?;
    Ok(())
}
