//! What the captured SES tells of a mail after it took it. As at SES, mails to its mailbox simulator come back:
//! `bounce@`, `softbounce@`, `complaint@` and `suppressionlist@simulator.amazonses.com`, each also with a label after
//! a plus (<https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html>; `softbounce` is our own).

use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

const SIMULATOR: &str = "simulator.amazonses.com";

/// The events that wait for the next tick of the clock; a stack that is stopped forgets them.
#[derive(Default)]
pub struct Feedback(Mutex<Vec<Value>>);

/// A mail that SES took.
pub struct Taken<'a> {
    pub id: &'a str,
    pub tags: &'a [(&'a str, &'a str)],
    pub recipients: &'a [&'a str],
}

impl Feedback {
    /// Notes what will be told of the mail: nothing, unless it is to the simulator.
    pub fn note(&self, taken: &Taken<'_>) {
        let told = taken.recipients.iter().filter_map(|address| outcome(address));
        let tags: serde_json::Map<String, Value> =
            taken.tags.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect();
        let events = told.map(|(kind, name, outcome)| {
            let mail = json!({"messageId": taken.id, "tags": tags});
            let mut detail = json!({"eventType": name, "mail": mail});
            detail[name.to_ascii_lowercase()] = outcome;
            json!({"source": "aws.ses", "detail-type": kind, "detail": detail})
        });
        self.add(events.collect());
    }

    /// The events so far.
    pub fn take(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Has events delivered at the next tick.
    pub fn add(&self, events: Vec<Value>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(events);
    }
}

/// The event's kind on the bus, its name, and what it says.
fn outcome(address: &str) -> Option<(&'static str, &'static str, Value)> {
    let (mailbox, domain) = address.rsplit_once('@')?;
    let mailbox = mailbox.split_once('+').map_or(mailbox, |(mailbox, _)| mailbox);
    let bounce = |kind, sub| ("Email Bounced", "Bounce", json!({"bounceType": kind, "bounceSubType": sub}));
    match mailbox {
        _ if !domain.eq_ignore_ascii_case(SIMULATOR) => None,
        "bounce" => Some(bounce("Permanent", "General")),
        "suppressionlist" => Some(bounce("Permanent", "OnAccountSuppressionList")),
        "softbounce" => Some(bounce("Transient", "MailboxFull")),
        "complaint" => {
            Some(("Email Complaint Received", "Complaint", json!({"complaintFeedbackType": "abuse"})))
        }
        _ => None,
    }
}
