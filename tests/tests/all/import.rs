//! What an import does to what is stored: policies, parents, enrolments, grants, status, source.

use anyhow::Result;
use rollcall_tests::{Platform, roster::retail};
use serde_json::json;

const ANN: (&str, &str) = ("Email", "ann@example.com");

#[tokio::test]
async fn a_new_person_is_created_with_defaults() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let finished = caller.import("retail", &retail(&[&[ANN]]), json!({})).await?;
    assert_eq!(finished.outcomes(), [1, 0, 0, 0, 0]);
    let stored = platform.stored("lincoln").await?;
    let ann = &stored.people["Ann Lee ann@example.com"];
    assert_eq!(ann["status"], "0", "nobody who is only imported has registered");
    assert!(!ann["source"].is_empty(), "the source is the importer");
    assert_eq!(ann["canContact"], "true");
    assert!(!ann.contains_key("phone"), "a blank cell is no value");
    assert_eq!(stored.keys, 2, "one by e-mail, one by name and address");
    Ok(())
}

#[tokio::test]
async fn the_same_file_again_changes_nothing() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let rows = retail(&[
        &[
            ANN,
            ("PSOId", "111111"),
            ("ParentEmail", "bo@example.com"),
            ("ParentFirstName", "Bo"),
            ("ParentLastName", "Lee"),
        ],
        // Twice in the file, and they disagree.
        &[ANN, ("Phone1Number", "1"), ("PSOId", "222222"), ("Cancel", "TRUE")],
        &[ANN, ("Phone1Number", "2"), ("PSOId", "222222")],
        &[("Email", ""), ("Address1StreetAddress1", "2 Main St"), ("ClientAdminPSOs", "1, 2")],
    ]);
    for policy in ["fill-missing", "update"] {
        let organisation = format!("org-{policy}");
        let caller = platform.caller(&organisation).await?;
        caller.import("retail", &rows, json!({"duplicates": policy})).await?;
        let before = platform.stored(&organisation).await?;
        let again = caller.import("retail", &rows, json!({"duplicates": policy, "invite": true})).await?;
        assert_eq!(again.outcomes(), [0, 0, 4, 0, 0], "{policy}: {}", again.log);
        assert_eq!(platform.stored(&organisation).await?, before, "{policy}");
    }
    drop(caller);
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn each_policy_treats_a_known_person_its_way() -> Result<()> {
    let platform = Platform::start().await?;
    let first = retail(&[&[ANN, ("Phone1Number", "111"), ("Modality", "")]]);
    let second = retail(&[&[ANN, ("Phone1Number", "222"), ("Modality", "Online"), ("Zee", "")]]);
    let cases = [
        ("skip", [0, 0, 0, 1, 0], "111", None),
        ("fill-missing", [0, 1, 0, 0, 0], "111", Some("Online")),
        ("update", [0, 1, 0, 0, 0], "222", Some("Online")),
        ("reject", [0, 0, 0, 0, 1], "111", None),
    ];
    for (policy, outcomes, phone, modality) in cases {
        let caller = platform.caller(policy).await?;
        caller.import("retail", &first, json!({})).await?;
        let finished = caller.import("retail", &second, json!({"duplicates": policy})).await?;
        assert_eq!(finished.outcomes(), outcomes, "{policy}");
        let stored = platform.stored(policy).await?;
        let ann = &stored.people["Ann Lee ann@example.com"];
        assert_eq!(ann["phone"], phone, "{policy}");
        assert_eq!(ann.get("modality").map(String::as_str), modality, "{policy}");
    }
    Ok(())
}

#[tokio::test]
async fn a_blank_never_erases() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &retail(&[&[ANN, ("Phone1Number", "111")]]), json!({})).await?;
    let blank = retail(&[&[ANN, ("Phone1Number", "")]]);
    let finished = caller.import("retail", &blank, json!({"duplicates": "update"})).await?;
    assert_eq!(finished.outcomes(), [0, 0, 1, 0, 0]);
    assert_eq!(platform.stored("lincoln").await?.people["Ann Lee ann@example.com"]["phone"], "111");
    Ok(())
}

#[tokio::test]
async fn a_person_without_an_address_is_found_by_name_and_place() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let first = retail(&[&[
        ("StudentFirstName", "José"),
        ("StudentLastName", "O'Brien"),
        ("Address1Zip", "02108-1234"),
    ]]);
    let again = retail(&[&[
        ("StudentFirstName", "JOSE"),
        ("StudentLastName", "OBrien"),
        ("Address1StreetAddress1", "1  main st."),
    ]]);
    caller.import("retail", &first, json!({})).await?;
    let finished = caller.import("retail", &again, json!({})).await?;
    assert_eq!(finished.outcomes(), [0, 0, 1, 0, 0], "{}", finished.log);
    Ok(())
}

#[tokio::test]
async fn a_row_that_points_at_two_people_is_rejected_and_names_both() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let two = retail(&[
        &[ANN],
        &[("Email", "cy@example.com"), ("StudentFirstName", "Cy"), ("Address1StreetAddress1", "9 Elm St")],
    ]);
    caller.import("retail", &two, json!({})).await?;
    let mixed = retail(&[&[("Email", "cy@example.com")]]);
    let finished = caller.import("retail", &mixed, json!({"duplicates": "update"})).await?;
    assert_eq!(finished.outcomes(), [0, 0, 0, 0, 1]);
    assert!(finished.log.contains("points at 2 different people"), "{}", finished.log);
    assert_eq!(finished.report["counts"][0]["rule"], "ambiguous-match");
    Ok(())
}

const PARENT: [(&str, &str); 3] =
    [("ParentEmail", "bo@example.com"), ("ParentFirstName", "Bo"), ("ParentLastName", "Lee")];

#[tokio::test]
async fn parent_and_child_are_linked_on_the_offering() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let row = [&[ANN, ("PSOId", "111111")], &PARENT[..]].concat();
    let finished = caller.import("retail", &retail(&[&row]), json!({})).await?;
    assert_eq!(finished.outcomes(), [1, 0, 0, 0, 0]);
    let stored = platform.stored("lincoln").await?;
    assert_eq!(stored.people.len(), 2);
    assert_eq!(
        stored.ties.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "enrolment Ann Lee ann@example.com 111111",
            "link Bo Lee bo@example.com -> Ann Lee ann@example.com 111111"
        ]
    );
    assert_eq!(stored.people["Ann Lee ann@example.com"]["status"], "3", "whoever is enrolled is a customer");
    assert_eq!(finished.import["entities"]["parent"]["created"], 1);
    assert_eq!(finished.import["entities"]["link"]["created"], 1);
    Ok(())
}

#[tokio::test]
async fn without_an_offering_there_are_accounts_and_no_link() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let row = [&[ANN], &PARENT[..]].concat();
    caller.import("retail", &retail(&[&row]), json!({})).await?;
    let stored = platform.stored("lincoln").await?;
    assert_eq!(stored.people.len(), 2);
    assert!(stored.ties.is_empty());
    assert_eq!(stored.people["Ann Lee ann@example.com"]["parentEmail"], "bo@example.com");
    Ok(())
}

#[tokio::test]
async fn siblings_share_their_parent() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let ann = [&[ANN], &PARENT[..]].concat();
    let cy = [&[("Email", "cy@example.com"), ("StudentFirstName", "Cy")], &PARENT[..]].concat();
    let finished = caller.import("retail", &retail(&[&ann, &cy]), json!({})).await?;
    assert_eq!(finished.outcomes(), [2, 0, 0, 0, 0]);
    assert_eq!(platform.stored("lincoln").await?.people.len(), 3);
    Ok(())
}

#[tokio::test]
async fn cancel_takes_enrolment_and_link_away() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let enrolled = [&[ANN, ("PSOId", "111111")], &PARENT[..]].concat();
    let cancelled = [&enrolled[..], &[("Cancel", "TRUE")]].concat();
    caller.import("retail", &retail(&[&enrolled]), json!({})).await?;
    let finished = caller.import("retail", &retail(&[&cancelled]), json!({})).await?;
    assert_eq!(finished.outcomes(), [0, 1, 0, 0, 0]);
    assert!(platform.stored("lincoln").await?.ties.is_empty());
    let again = caller.import("retail", &retail(&[&cancelled]), json!({})).await?;
    assert_eq!(again.outcomes(), [0, 0, 1, 0, 0], "there is nothing left to cancel");
    Ok(())
}

#[tokio::test]
async fn employees_and_instructors_keep_their_status_when_enrolled() -> Result<()> {
    let platform = Platform::start().await?;
    for (status, expected) in [("", "3"), ("0", "3"), ("2", "3"), ("4", "4"), ("5", "5")] {
        let organisation = format!("status-{status}x");
        let caller = platform.caller(&organisation).await?;
        let row = [ANN, ("StatusId", status), ("PSOId", "111111")];
        caller.import("retail", &retail(&[&row]), json!({})).await?;
        let stored = platform.stored(&organisation).await?;
        assert_eq!(stored.people["Ann Lee ann@example.com"]["status"], expected, "given `{status}`");
    }
    Ok(())
}

#[tokio::test]
async fn client_admins_get_the_role_on_each_offering() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &retail(&[&[ANN]]), json!({})).await?;
    let admin = retail(&[&[ANN, ("ClientAdminPSOs", "111111, 222222, 333333")]]);
    let finished = caller.import("retail", &admin, json!({"duplicates": "fill-missing"})).await?;
    assert_eq!(finished.outcomes(), [0, 1, 0, 0, 0]);
    let stored = platform.stored("lincoln").await?;
    let grants: Vec<&str> = stored.ties.iter().map(String::as_str).collect();
    assert_eq!(
        grants,
        ["111111", "222222", "333333"].map(|offering| format!("grant Ann Lee ann@example.com {offering}"))
    );
    Ok(())
}

#[tokio::test]
async fn a_named_source_stands() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &retail(&[&[ANN, ("Source", "Jot Form")]]), json!({})).await?;
    assert_eq!(platform.stored("lincoln").await?.people["Ann Lee ann@example.com"]["source"], "Jot Form");
    Ok(())
}

#[tokio::test]
async fn organisations_do_not_see_each_other() -> Result<()> {
    let platform = Platform::start().await?;
    let file = retail(&[&[ANN]]);
    for organisation in ["lincoln", "jefferson"] {
        let finished = platform.caller(organisation).await?.import("retail", &file, json!({})).await?;
        assert_eq!(finished.outcomes(), [1, 0, 0, 0, 0], "{organisation}");
    }
    Ok(())
}

#[tokio::test]
async fn a_file_of_nothing_but_faulty_rows_is_accounted_for() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let finished =
        caller.import("retail", &retail(&[&[("Email", "ann@")], &[("PSOId", "x")]]), json!({})).await?;
    assert_eq!(finished.outcomes(), [0, 0, 0, 0, 2]);
    assert_eq!(finished.errors.lines().count(), 3);
    Ok(())
}
