//! Events that come twice, shuffled and at once; imports that wait for each other; mail after the end.

use anyhow::Result;
use local_stack::{Delivery, MailLimits};
use reqwest::Method;
use rollcall_tests::{
    Platform, Stored,
    faults::{MailFault, NoteFault},
    id,
    roster::{people, retail},
};
use serde_json::json;

/// Rows that repeat each other, share parents, enrol and cancel, over several partitions.
fn tangled() -> Vec<u8> {
    let mut roster = String::from_utf8(people(600)).unwrap_or_default();
    let more = retail(&[
        &[
            ("Email", "person3@example.com"),
            ("Address1StreetAddress1", "3 Main St"),
            ("Phone1Number", "1"),
            ("PSOId", "111111"),
        ],
        &[
            ("Email", "PERSON590@example.com"),
            ("Address1StreetAddress1", "590 Main St"),
            ("PSOId", "111111"),
            ("ParentEmail", "bo@example.com"),
            ("ParentFirstName", "Bo"),
            ("ParentLastName", "Lee"),
        ],
        &[
            ("Email", "person550@example.com"),
            ("Address1StreetAddress1", "550 Main St"),
            ("PSOId", "222222"),
            ("ParentEmail", "bo@example.com"),
            ("ParentFirstName", "Bob"),
            ("ParentLastName", "Lee"),
        ],
        &[
            ("Email", "person3@example.com"),
            ("Address1StreetAddress1", "3 Main St"),
            ("Phone1Number", "2"),
            ("PSOId", "111111"),
            ("Cancel", "TRUE"),
        ],
    ]);
    let more = String::from_utf8(more).unwrap_or_default();
    roster.extend(more.split_inclusive('\n').skip(1));
    roster.into_bytes()
}

async fn import(delivery: Delivery) -> Result<(Stored, [u64; 5], Vec<String>)> {
    let platform = Platform::start_with(delivery).await?;
    let caller = platform.caller("lincoln").await?;
    let finished =
        caller.import("retail", &tangled(), json!({"duplicates": "update", "invite": true})).await?;
    platform.tick().await?;
    Ok((platform.stored("lincoln").await?, finished.outcomes(), platform.mailed().await?))
}

#[tokio::test(flavor = "multi_thread")]
async fn repeated_and_shuffled_events_change_nothing() -> Result<()> {
    let once = import(Delivery { retries: Vec::new(), ..Delivery::default() }).await?;
    assert_eq!(once.1, [600, 4, 0, 0, 0]);
    assert_eq!(once.2.len(), 601, "one mail for each new person, the parent too");
    let delivery = Delivery { copies: 3, shuffle: Some(7), ..Delivery::default() };
    assert_eq!(import(delivery).await?, once);
    Ok(())
}

#[tokio::test]
async fn imports_of_one_organisation_apply_one_after_the_other() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(id(&caller.check("retail", &people(600), json!({})).await?)?.to_owned());
    }
    let paths: Vec<String> = ids.iter().map(|import| format!("/api/imports/{import}/confirm")).collect();
    futures::future::try_join_all(paths.iter().map(|path| caller.call(Method::POST, path, None))).await?;
    platform.stack.settle().await;
    let mut created = Vec::new();
    for import in &ids {
        let finished = caller.results(import).await?;
        assert_eq!(finished.import["state"], "finished");
        created.push(finished.outcomes()[0]);
    }
    created.sort_unstable();
    assert_eq!(created, [0, 0, 600], "whoever came later found the people there");
    assert_eq!(platform.stored("lincoln").await?.people.len(), 600);
    Ok(())
}

#[tokio::test]
async fn mail_goes_out_after_the_end_to_new_people_who_were_to_be_asked() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let quiet = retail(&[&[("Email", "old@example.com")]]);
    caller.import("retail", &quiet, json!({"invite": false})).await?;
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, Vec::<String>::new(), "nobody asked for it");

    let roster = retail(&[
        &[("Email", "old@example.com"), ("Phone1Number", "1")],
        &[("Email", "new@example.com"), ("StudentFirstName", "Cy")],
        &[("StudentFirstName", "Di"), ("Address1StreetAddress1", "no address")],
    ]);
    let checked = caller.check("retail", &roster, json!({"invite": true})).await?;
    assert_eq!(checked["dryRun"]["invitations"], 1);
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, Vec::<String>::new(), "it is not confirmed");

    let finished = caller.confirm(&checked).await?;
    platform.tick().await?;
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, ["new@example.com"]);
    let import = caller.show(id(&finished.import)?).await?;
    assert_eq!(import["invitations"], json!({"due": 1, "sent": 1, "failed": 0}));
    Ok(())
}

#[tokio::test]
async fn a_mail_that_cannot_be_handed_over_makes_no_other_go_out_twice() -> Result<()> {
    let fault = MailFault::to("ann%40example.com");
    let platform = Platform::start_in_memory(|config| config.transport = Some(fault.transport())).await?;
    let caller = platform.caller("lincoln").await?;
    let of = |address| [("Email", address), ("StudentFirstName", address)];
    let roster = retail(&[&of("ann@example.com"), &of("bo@example.com"), &of("cy@example.com")]);
    caller.import("retail", &roster, json!({"invite": true})).await?;
    assert!(platform.tick().await.is_err(), "Ann's mail was lost");
    platform.tick().await?;
    let everybody = ["ann@example.com", "bo@example.com", "cy@example.com"];
    assert_eq!(platform.mailed().await?, everybody);
    Ok(())
}

#[tokio::test]
async fn a_mail_that_cannot_be_noted_at_once_does_not_go_out_twice() -> Result<()> {
    let fault = NoteFault::default();
    let platform = Platform::start_in_memory(|config| config.transport = Some(fault.transport())).await?;
    let caller = platform.caller("lincoln").await?;
    let roster = retail(&[&[("Email", "ann@example.com")]]);
    caller.import("retail", &roster, json!({"invite": true})).await?;
    // What goes wrong is made good by the next minute's run, if by nothing else.
    let _ = platform.tick().await;
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, ["ann@example.com"]);
    Ok(())
}

#[tokio::test]
async fn the_days_quota_delays_mail_and_loses_none() -> Result<()> {
    let platform = Platform::start_with_mail(MailLimits { per_second: 1_000.0, per_day: 5 }).await?;
    let caller = platform.caller("lincoln").await?;
    let finished = caller.import("retail", &people(8), json!({"invite": true})).await?;
    let import = id(&finished.import)?.to_owned();
    for _ in 0..2 {
        platform.tick().await?;
        assert_eq!(platform.mailed().await?.len(), 5);
        assert_eq!(caller.show(&import).await?["invitations"], json!({"due": 8, "sent": 5, "failed": 0}));
    }
    drop(caller);

    let platform = Platform::start_in(platform.stop().await).await?;
    platform.tick().await?;
    let expected: Vec<String> = (0..8).map(|n| format!("person{n}@example.com")).collect();
    assert_eq!(platform.mailed().await?, expected, "each one once");
    Ok(())
}

#[tokio::test]
async fn an_edit_between_dry_run_and_confirmation_is_kept() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("retail", &retail(&[&[("Email", "ann@example.com")]]), json!({})).await?;
    let update = retail(&[&[("Email", "ann@example.com"), ("Phone1Number", "222")]]);
    let checked = caller.check("retail", &update, json!({"duplicates": "update"})).await?;
    // The plan is made again at the confirmation, so an edit before that is seen and kept.
    platform.edit("lincoln", "ann@example.com", "modality", "Online").await?;
    let finished = caller.confirm(&checked).await?;
    assert_eq!(finished.outcomes(), [0, 1, 0, 0, 0]);
    let ann = &platform.stored("lincoln").await?.people["Ann Lee ann@example.com"];
    assert_eq!((ann["phone"].as_str(), ann["modality"].as_str()), ("222", "Online"));
    Ok(())
}
