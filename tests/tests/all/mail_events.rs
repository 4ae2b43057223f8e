//! Sent is not delivered: what comes back shows on the person.

use anyhow::{Context as _, Result};
use functions::mail_events::{self, MailEvent};
use reqwest::{Method, StatusCode};
use rollcall_tests::{Platform, roster::retail};
use serde_json::{Value, json};

/// Imports and invites these people; each address is at the mail service's own simulator.
async fn invited(platform: &Platform, addresses: &[&str]) -> Result<()> {
    let caller = platform.caller("lincoln").await?;
    let rows: Vec<Vec<(&str, &str)>> = addresses
        .iter()
        .map(|address| vec![("Email", *address), ("Address1StreetAddress1", *address)])
        .collect();
    let roster = retail(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let finished = caller.import("retail", &roster, json!({"invite": true})).await?;
    assert_eq!(finished.outcomes()[0], addresses.len() as u64, "{}", finished.log);
    platform.tick().await
}

#[tokio::test]
async fn bounces_complaints_and_suppressed_addresses_show_on_the_person() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let outcomes = [
        ("bounce@simulator.amazonses.com", "bounced"),
        ("bounce+second@simulator.amazonses.com", "bounced"),
        ("suppressionlist@simulator.amazonses.com", "suppressed"),
        ("complaint@simulator.amazonses.com", "complained"),
        ("softbounce@simulator.amazonses.com", "undelivered"),
        ("ann@example.com", "sent"),
    ];
    invited(&platform, &outcomes.map(|(address, _)| address)).await?;
    assert_eq!(caller.person(outcomes[0].0).await?["invitation"]["state"], "sent", "events come later");
    platform.tick().await?;
    let mailed = platform.mailed().await?.len();
    for (address, state) in outcomes {
        let shown = caller.person(address).await?;
        assert_eq!(shown["invitation"]["state"], state, "{address}");
        let again = format!("/api/people/{}/invitation", shown["id"].as_str().context("no id")?);
        let (status, _) = caller.call(Method::POST, &again, None).await?;
        let may = ["undelivered", "sent"].contains(&state);
        assert_eq!(status, if may { StatusCode::ACCEPTED } else { StatusCode::CONFLICT }, "{address}");
    }
    platform.tick().await?;
    assert_eq!(platform.mailed().await?.len(), mailed + 2, "no second mail to where none may go");
    Ok(())
}

#[tokio::test]
async fn a_corrected_address_is_invited_again() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    invited(&platform, &["bounce@simulator.amazonses.com"]).await?;
    platform.tick().await?;
    let shown = caller.person("bounce@simulator.amazonses.com").await?;
    let path = format!("/api/people/{}", shown["id"].as_str().context("no id")?);
    let edit = json!({"version": shown["version"], "attributes": {"email": "ann@example.com"}});
    let (status, edited) = caller.call(Method::PATCH, &path, Some(&edit)).await?;
    assert_eq!(status, StatusCode::OK, "{edited}");
    let (status, _) = caller.call(Method::POST, &format!("{path}/invitation"), None).await?;
    assert_eq!(status, StatusCode::ACCEPTED);
    platform.tick().await?;
    assert!(platform.mailed().await?.contains(&"ann@example.com".to_owned()));
    Ok(())
}

/// Twice, in any order, of another mail, of nobody, and before the mail is noted as sent.
#[tokio::test]
async fn events_that_are_doubled_late_or_unknown_change_nothing_else() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    invited(&platform, &["ann@example.com"]).await?;
    let context = platform.stack.context();
    let shown = caller.person("ann@example.com").await?;
    let id = shown["id"].as_str().context("no id")?.to_owned();
    let state = async || -> Result<Value> {
        Ok(caller.person("ann@example.com").await?["invitation"]["state"].clone())
    };
    let stored = platform.invitation(&id).await?;
    let message = stored["message"].as_str().context("no message")?.to_owned();
    let event = |message: &str, organisation: &str, kind: &str| -> Result<MailEvent> {
        let tags = json!({"organisation": [organisation], "person": [id]});
        let bounce = json!({"bounceType": kind, "bounceSubType": "General"});
        let mail = json!({"messageId": message, "tags": tags});
        let detail = json!({"eventType": "Bounce", "mail": mail, "bounce": bounce});
        Ok(serde_json::from_value(json!({"source": "aws.ses", "detail": detail}))?)
    };
    for (message, organisation) in
        [("another", "lincoln"), (message.as_str(), "jefferson"), (&message, "Not One")]
    {
        mail_events::handle(&context, &event(message, organisation, "Permanent")?).await?;
        assert_eq!(state().await?, "sent", "{message} {organisation}");
    }
    mail_events::handle(&context, &event(&message, "lincoln", "Transient")?).await?;
    assert_eq!(state().await?, "undelivered");
    for kind in ["Permanent", "Permanent", "Transient"] {
        mail_events::handle(&context, &event(&message, "lincoln", kind)?).await?;
        assert_eq!(state().await?, "bounced", "{kind}");
    }
    platform.register("lincoln", &id).await?;
    mail_events::handle(&context, &event(&message, "lincoln", "Permanent")?).await?;
    assert_eq!(state().await?, "registered");

    invited(&platform, &["bo@example.com"]).await?;
    let waiting = caller.person("bo@example.com").await?;
    let waiting = waiting["id"].as_str().context("no id")?;
    caller.call(Method::POST, &format!("/api/people/{waiting}/invitation"), None).await?;
    let early = json!({"detail": {"eventType": "Complaint", "mail": {"messageId": "next",
        "tags": {"organisation": ["lincoln"], "person": [waiting]}}}});
    let early: MailEvent = serde_json::from_value(early)?;
    assert!(mail_events::handle(&context, &early).await.is_err(), "it has to come again");
    Ok(())
}
