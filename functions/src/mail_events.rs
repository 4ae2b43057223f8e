//! What the mail service tells of a mail after it took it: that it came back, or that the recipient complained.
//!
//! SES publishes it on the event bus. Events come at least once, late, in any order, and of mails that nobody knows any
//! more; each is about the one mail that the person's invitation names, or about nothing.

use std::collections::HashMap;

use serde::Deserialize;

use crate::{
    context::Context,
    failure::Failure,
    names::{Organisation, PersonId},
    people,
    person::{Invitation, InvitationState},
};

/// The tags by which a mail says whom it is for.
pub const ORGANISATION_TAG: &str = "organisation";
pub const PERSON_TAG: &str = "person";

/// An event of SES as the event bus delivers it:
/// <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>.
#[derive(Debug, Deserialize)]
pub struct MailEvent {
    detail: Detail,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    event_type: String,
    mail: Sent,
    bounce: Option<Bounce>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    message_id: String,
    #[serde(default)]
    tags: HashMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
    bounce_sub_type: String,
}

impl Detail {
    /// What it makes of the invitation; `None` for events that change nothing.
    fn state(&self) -> Option<InvitationState> {
        match (self.event_type.as_str(), &self.bounce) {
            ("Complaint", _) => Some(InvitationState::Complained),
            ("Bounce", Some(bounce)) => {
                Some(match (bounce.bounce_type.as_str(), bounce.bounce_sub_type.as_str()) {
                    ("Permanent", "Suppressed" | "OnAccountSuppressionList") => InvitationState::Suppressed,
                    ("Permanent", _) => InvitationState::Bounced,
                    _ => InvitationState::Undelivered,
                })
            }
            _ => None,
        }
    }

    fn tag(&self, name: &str) -> Option<String> {
        self.mail.tags.get(name)?.first().cloned()
    }
}

/// Notes on the person what became of the mail. Fails while it is not noted yet that the mail was sent, so that the
/// event is delivered again.
pub async fn handle(context: &Context, event: &MailEvent) -> Result<(), Failure> {
    let detail = &event.detail;
    let organisation = detail.tag(ORGANISATION_TAG).and_then(|name| Organisation::try_from(name).ok());
    let (Some(state), Some(organisation), Some(person)) =
        (detail.state(), organisation, detail.tag(PERSON_TAG))
    else {
        tracing::warn!(kind = detail.event_type, "an event of the mail service is of no invitation");
        return Ok(());
    };
    let person = PersonId(person);
    if people::note_delivery(context, &organisation, &person, &detail.mail.message_id, state).await? {
        tracing::info!(%organisation, %person, ?state, "a mail came back");
        return Ok(());
    }
    let stored = people::load(context, &organisation, &person).await?;
    let is_unsent = |invitation: &Invitation| invitation.state == InvitationState::Pending;
    if stored.is_some_and(|person| person.invitation.as_ref().is_none_or(is_unsent)) {
        return Err(Failure::Missing("the note that a mail was sent"));
    }
    Ok(())
}
