//! Sends the deferred registration e-mails of finished imports, never above the account's rate and quota.
//!
//! A mail is handed over first and noted on the person after that, so that none is lost; the only possible
//! repeats are the few mails under way when a function is stopped, or when nothing can be noted for long. Runs once
//! a minute and one at a time (the function's reserved concurrency is 1).

use std::time::{Duration, Instant};

use aws_sdk_ses::{
    error::ProvideErrorMetadata,
    types::{Body, Content, Destination, Message, MessageTag},
};
use serde::{Deserialize, Serialize};
use shared_rules::record::Value;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::{
    context::Context,
    failure::Failure,
    import::{self, Import, State, Step},
    mail::{self, Mail, Token},
    mail_events::{ORGANISATION_TAG, PERSON_TAG},
    names::{DUE, ImportRef, Organisation, PersonId, digest},
    objects, people,
    person::{Invitation, InvitationState, Person},
    plan::Plan,
    table::{self, Order},
};

/// How long one run sends before it leaves the rest to the next.
const RUN: Duration = Duration::from_secs(50);
/// Mails under way at once.
const CONCURRENT_MAILS: usize = 8;
/// How often it is tried to note a mail that is out; the SDK tries three times each.
const NOTING: u32 = 4;
/// Imports looked at in one run.
const IMPORTS: usize = 1_000;

/// What is left to send of one import.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Due {
    /// The first partition whose people may still wait for their mail.
    #[serde(default)]
    partition: u32,
    /// Mails of the partitions before it.
    #[serde(default)]
    sent: u32,
    #[serde(default)]
    failed: u32,
}

/// The mails of one partition.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    sent: u32,
    failed: u32,
    waiting: usize,
}

/// What became of one mail.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Sent {
    /// The mail service took it, and knows it by this name.
    Taken(String),
    /// The address was refused for good.
    Refused,
    /// Too fast, or the day's quota is used up: later.
    Later,
}

/// Runs once a minute.
pub async fn handle(context: &Context) -> Result<(), Failure> {
    let due = table::query(context, DUE, Order::OldestFirst, IMPORTS).await?;
    if due.is_empty() {
        return Ok(());
    }
    let mut run = Run::begin(context).await?;
    for item in due {
        let Some(key) = table::key_of(&item) else { continue };
        if let Some(reference) = ImportRef::parse(&key.sk) {
            run.send_import(&reference, table::read(item, "a due invitation")?).await?;
        } else if let Some((organisation, person)) = Organisation::of_due_person(&key.sk) {
            run.send_person(&organisation, &person).await?;
        }
        if run.is_over() {
            break;
        }
    }
    Ok(())
}

/// Has the new people of an import invited that did not invite them. May be called again at any time: who has been
/// sent a mail is not sent another.
pub async fn later(context: &Context, import: &Import) -> Result<(), Failure> {
    let reference = import.reference();
    // Noted first: the entry says that mails are due, and this says to whom.
    let noted = Step::from(context, &reference, &[State::Finished])
        .set_time_once("invitedLaterAt", jiff::Timestamp::now())
        .set("invitationsDue", &import.invitable)?
        .take()
        .await?;
    if noted.is_some() {
        table::put(context, table::key_item(&reference.listed(DUE))).await?;
    }
    Ok(())
}

/// Has a person sent another mail.
pub async fn again(context: &Context, organisation: &Organisation, person: &PersonId) -> Result<(), Failure> {
    people::note_invitation(context, organisation, person, &Invitation::pending()).await?;
    table::put(context, table::key_item(&organisation.due_person(person))).await
}

/// One run: its pace and what is left of it.
struct Run<'a> {
    context: &'a Context,
    pace: Interval,
    began: Instant,
    quota: u32,
    stopped: bool,
}

impl<'a> Run<'a> {
    async fn begin(context: &'a Context) -> Result<Self, Failure> {
        let account =
            context.mail.get_send_quota().send().await.map_err(Failure::store("ask for the send quota"))?;
        let mut pace = interval(Duration::from_secs_f64(1.0 / account.max_send_rate.max(0.1)));
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // A negative maximum means that there is none.
        let left = if account.max24_hour_send < 0.0 {
            f64::MAX
        } else {
            account.max24_hour_send - account.sent_last24_hours
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
        let quota = left as u32;
        Ok(Self { context, pace, began: Instant::now(), quota, stopped: quota == 0 })
    }

    fn is_over(&self) -> bool {
        self.stopped || self.quota == 0 || self.began.elapsed() > RUN
    }

    async fn send_import(&mut self, reference: &ImportRef, mut due: Due) -> Result<(), Failure> {
        // The entry is made just before the import finishes; nobody is invited before that.
        let Some(import) =
            import::load(self.context, reference).await?.filter(|i| i.state == State::Finished)
        else {
            return Ok(());
        };
        if import.invitations_withheld {
            return table::delete(self.context, &reference.listed(DUE)).await;
        }
        while due.partition < import.partitions && !self.is_over() {
            let tally = self.send_partition(&import, due.partition).await?;
            import::note_invitations(
                self.context,
                reference,
                due.sent + tally.sent,
                due.failed + tally.failed,
            )
            .await?;
            if tally.waiting > 0 {
                return Ok(());
            }
            due.add(tally);
            table::put(self.context, table::item(&reference.listed(DUE), &due)?).await?;
        }
        if due.partition == import.partitions {
            table::delete(self.context, &reference.listed(DUE)).await?;
        }
        Ok(())
    }

    /// Sends a person the mail that is pending; the entry stays if it has to wait.
    async fn send_person(&mut self, organisation: &Organisation, id: &PersonId) -> Result<(), Failure> {
        let person = people::load(self.context, organisation, id).await?;
        let is_pending = |person: &Person| {
            person.invitation.as_ref().is_some_and(|sent| sent.state == InvitationState::Pending)
        };
        if let Some(person) = person.filter(is_pending) {
            self.pace.tick().await;
            self.quota = self.quota.saturating_sub(1);
            if send(self.context, organisation, &person).await? == Sent::Later {
                self.stopped = true;
                return Ok(());
            }
        }
        table::delete(self.context, &organisation.due_person(id)).await
    }

    async fn send_partition(&mut self, import: &Import, partition: u32) -> Result<Tally, Failure> {
        let reference = &import.reference();
        let is_later = import.invited_later_at.is_some();
        let plan: Plan = objects::get_json(self.context, &reference.journal(partition))
            .await?
            .ok_or(Failure::Missing("a journal"))?;
        let invited: Vec<&Person> =
            if is_later { plan.invitable().collect() } else { plan.invited().collect() };
        let invited = invited.into_iter().map(|person| &person.id);
        let people = people::load_people(self.context, &reference.organisation, invited).await?;
        let mut tally = Tally::default();
        let mut waiting = Vec::new();
        for person in people.values() {
            match person.invitation.as_ref().map(|invitation| invitation.state) {
                Some(InvitationState::Pending) => waiting.push(person),
                None if is_later => waiting.push(person),
                Some(InvitationState::Failed) => tally.failed += 1,
                // Sent is not delivered: what came back later was sent all the same, and shows on the person.
                Some(_) => tally.sent += 1,
                None => {}
            }
        }
        for batch in waiting.chunks(CONCURRENT_MAILS) {
            if self.is_over() {
                tally.waiting += batch.len();
                continue;
            }
            for _ in batch {
                self.pace.tick().await;
            }
            let context = self.context;
            let mails = batch.iter().map(|person| send(context, &reference.organisation, person));
            // Each to its end, even if another fails: a mail that is given up half-way may be out, and not be noted.
            for sent in futures::future::join_all(mails).await {
                match sent? {
                    Sent::Taken(_) => tally.sent += 1,
                    Sent::Refused => tally.failed += 1,
                    Sent::Later => {
                        tally.waiting += 1;
                        self.stopped = true;
                    }
                }
                self.quota = self.quota.saturating_sub(1);
            }
        }
        Ok(tally)
    }
}

impl Due {
    fn add(&mut self, tally: Tally) {
        self.partition += 1;
        self.sent += tally.sent;
        self.failed += tally.failed;
    }
}

async fn send(context: &Context, organisation: &Organisation, person: &Person) -> Result<Sent, Failure> {
    let text = |name: &str| match person.attributes.get(name) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    let token = Token::draw()?;
    let url = format!("{}{}", context.config.registration_url, token.text);
    let mail = mail::registration(text("firstName"), &url)?;
    let sent = hand_over(context, organisation, person, text("email"), mail).await?;
    let invitation = match &sent {
        Sent::Later => return Ok(sent),
        Sent::Refused => Invitation::of(InvitationState::Failed),
        Sent::Taken(message) => Invitation {
            state: InvitationState::Sent,
            token_hash: Some(token.hash),
            sent_at: Some(jiff::Timestamp::now().to_string()),
            message: Some(message.clone()),
            address_hash: Some(digest(text("email").as_bytes())),
        },
    };
    note(context, organisation, &person.id, &invitation).await?;
    Ok(sent)
}

/// Notes what became of a mail. One that is out and not noted goes out again, so this is tried longer than the SDK does.
async fn note(
    context: &Context,
    organisation: &Organisation,
    person: &PersonId,
    invitation: &Invitation,
) -> Result<(), Failure> {
    let attempt = || people::note_invitation(context, organisation, person, invitation);
    for _ in 1..NOTING {
        if attempt().await.is_ok() {
            return Ok(());
        }
    }
    attempt().await
}

/// The mail carries whom it is for, so that its bounce says so.
async fn hand_over(
    context: &Context,
    organisation: &Organisation,
    person: &Person,
    address: &str,
    mail: Mail,
) -> Result<Sent, Failure> {
    let tag = |name: &str, value: &str| {
        MessageTag::builder().name(name).value(value).build().map_err(Failure::store("tag a mail"))
    };
    let utf8 =
        |text| Content::builder().charset("UTF-8").data(text).build().map_err(Failure::store("write a mail"));
    let body = Body::builder().text(utf8(mail.text)?).html(utf8(mail.html)?).build();
    let answer = context
        .mail
        .send_email()
        .source(&context.config.sender)
        .destination(Destination::builder().to_addresses(address).build())
        .configuration_set_name(&context.config.mail_events)
        .tags(tag(ORGANISATION_TAG, organisation.as_str())?)
        .tags(tag(PERSON_TAG, &person.id.0)?)
        .message(Message::builder().subject(utf8(mail.subject)?).body(body).build())
        .send()
        .await;
    match answer {
        Ok(taken) => Ok(Sent::Taken(taken.message_id)),
        Err(error) => match error.code() {
            // The account's rate or its day's quota; SES drops the call.
            Some("Throttling" | "ThrottlingException" | "LimitExceededException") => Ok(Sent::Later),
            Some("MessageRejected" | "InvalidParameterValue") => {
                tracing::warn!(code = error.code(), "an address was refused");
                Ok(Sent::Refused)
            }
            _ => Err(Failure::store("hand over a mail")(error)),
        },
    }
}
