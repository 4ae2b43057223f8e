//! SES, captured: the Query protocol of the SES API, a send rate, a daily quota, and `.eml` files.

use std::{
    borrow::Cow,
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};
use mail_builder::{
    MessageBuilder,
    headers::{address::Address, raw::Raw},
};
use mail_parser::MessageParser;
use minijinja::HtmlEscape;

use crate::{
    feedback::{Feedback, Taken},
    guard,
    inbox::Inbox,
};

const NAMESPACE: &str = "http://ses.amazonaws.com/doc/2010-12-01/";
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// SES's limit on the recipients of one mail.
const MOST_RECIPIENTS: usize = 50;

/// What the account may send, counted in recipients as SES does.
#[derive(Clone, Copy, Debug)]
pub struct MailLimits {
    pub per_second: f64,
    /// Within any 24 hours.
    pub per_day: u32,
}

impl Default for MailLimits {
    fn default() -> Self {
        Self { per_second: 100.0, per_day: 200_000 }
    }
}

/// The captured SES.
pub struct Mail {
    inbox: Arc<Inbox>,
    feedback: Arc<Feedback>,
    limits: MailLimits,
    meter: Mutex<Meter>,
}

/// How much was sent lately.
struct Meter {
    tokens: f64,
    filled: Instant,
    /// When something was sent and to how many, for 24 hours.
    sent: VecDeque<(Timestamp, u32)>,
    sent_in_all: u64,
}

impl Mail {
    /// What the inbox received within the last day counts towards the quota.
    #[must_use]
    pub fn new(inbox: Arc<Inbox>, feedback: Arc<Feedback>, limits: MailLimits) -> Self {
        let sent: VecDeque<_> = inbox.since(Timestamp::now() - DAY).into();
        let sent_in_all = sent.iter().map(|(_, count)| u64::from(*count)).sum();
        let meter = Meter { tokens: burst(&limits), filled: Instant::now(), sent, sent_in_all };
        Self { inbox, feedback, limits, meter: Mutex::new(meter) }
    }

    /// The API.
    pub fn router(self) -> Router {
        guard::guarded(Router::new().route("/", post(answer))).with_state(Arc::new(self))
    }

    /// Takes the send from the rate and the quota, or says which of them refuses it.
    fn admit(&self, recipients: u32) -> Result<(), Refusal> {
        let mut meter = self.meter.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Timestamp::now();
        meter.forget(now);
        if meter.sent_in_all + u64::from(recipients) > u64::from(self.limits.per_day) {
            return Err(Refusal::throttling("Daily message quota exceeded."));
        }
        let passed = meter.filled.elapsed();
        meter.filled += passed;
        meter.tokens =
            (meter.tokens + passed.as_secs_f64() * self.limits.per_second).min(burst(&self.limits));
        if meter.tokens < f64::from(recipients).min(burst(&self.limits)) {
            return Err(Refusal::throttling("Maximum sending rate exceeded."));
        }
        meter.tokens -= f64::from(recipients);
        meter.sent.push_back((now, recipients));
        meter.sent_in_all += u64::from(recipients);
        Ok(())
    }

    fn sent_in_a_day(&self) -> u64 {
        let mut meter = self.meter.lock().unwrap_or_else(PoisonError::into_inner);
        meter.forget(Timestamp::now());
        meter.sent_in_all
    }
}

impl Meter {
    fn forget(&mut self, now: Timestamp) {
        while let Some((at, count)) = self.sent.front().copied() {
            if now.duration_since(at) < DAY {
                break;
            }
            self.sent_in_all -= u64::from(count);
            self.sent.pop_front();
        }
    }
}

/// SES lets a second's worth go at once.
fn burst(limits: &MailLimits) -> f64 {
    limits.per_second.max(1.0)
}

/// An error answer of SES.
#[derive(Debug)]
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, message: message.into() }
    }

    fn throttling(message: &str) -> Self {
        Self::new("Throttling", message)
    }

    fn parameter(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterValue", message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let kind = if self.status.is_client_error() { "Sender" } else { "Receiver" };
        let message = HtmlEscape(&self.message);
        let body = format!(
            "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{kind}</Type><Code>{}</Code>\
             <Message>{message}</Message></Error><RequestId>embedded</RequestId></ErrorResponse>",
            self.code
        );
        (self.status, [(header::CONTENT_TYPE, "text/xml")], body).into_response()
    }
}

async fn answer(State(mail): State<Arc<Mail>>, headers: HeaderMap, body: Bytes) -> Response {
    match act(&mail, &headers, &body).await {
        Ok((action, result)) => {
            let body = format!(
                "<{action}Response xmlns=\"{NAMESPACE}\"><{action}Result>{result}</{action}Result>\
                 <ResponseMetadata><RequestId>embedded</RequestId></ResponseMetadata></{action}Response>"
            );
            ([(header::CONTENT_TYPE, "text/xml")], body).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn act(mail: &Mail, headers: &HeaderMap, body: &[u8]) -> Result<(&'static str, String), Refusal> {
    // Also keeps out what a page of another site could post without asking first.
    let signed =
        headers.get(header::AUTHORIZATION).is_some_and(|value| value.as_bytes().starts_with(b"AWS4-"));
    if !signed {
        let status = StatusCode::FORBIDDEN;
        let message = "Request is missing Authentication Token".to_owned();
        return Err(Refusal { status, code: "MissingAuthenticationToken", message });
    }
    let form = Form::read(body);
    match form.get("Action") {
        Some("SendEmail") => Ok(("SendEmail", accepted(&send_email(mail, &form).await?))),
        Some("SendRawEmail") => Ok(("SendRawEmail", accepted(&send_raw_email(mail, &form).await?))),
        Some("GetSendQuota") => Ok(("GetSendQuota", quota(mail))),
        _ => Err(Refusal::new("InvalidAction", "The embedded stack does not answer this action.")),
    }
}

fn accepted(id: &str) -> String {
    format!("<MessageId>{id}</MessageId>")
}

fn quota(mail: &Mail) -> String {
    let MailLimits { per_second, per_day } = mail.limits;
    let sent = mail.sent_in_a_day();
    format!(
        "<Max24HourSend>{per_day}.0</Max24HourSend><MaxSendRate>{per_second:?}</MaxSendRate>\
         <SentLast24Hours>{sent}.0</SentLast24Hours>"
    )
}

async fn send_email(mail: &Mail, form: &Form<'_>) -> Result<String, Refusal> {
    let source = form.need("Source")?;
    let subject = form.need("Message.Subject.Data")?;
    let [to, cc, bcc, reply_to] = [
        "Destination.ToAddresses",
        "Destination.CcAddresses",
        "Destination.BccAddresses",
        "ReplyToAddresses",
    ]
    .map(|name| form.list(name));
    let (text, html) = (form.get("Message.Body.Text.Data"), form.get("Message.Body.Html.Data"));
    if text.is_none() && html.is_none() {
        return Err(Refusal::new("ValidationError", "The mail has no body."));
    }
    for value in [&to, &cc, &bcc, &reply_to].into_iter().flatten().copied().chain([source]) {
        check_address(value)?;
    }
    check_header("Subject", subject)?;
    let mut message = MessageBuilder::new().from(address(source)).subject(subject);
    message = message.to(addresses(&to));
    for (present, name) in [(&cc, "Cc"), (&reply_to, "Reply-To")] {
        if !present.is_empty() {
            message = message.header(name, addresses(present));
        }
    }
    let tags = tags(form)?;
    if !tags.is_empty() {
        let tags: Vec<String> = tags.iter().map(|(name, value)| format!("{name}={value}")).collect();
        message = message.header("X-SES-Message-Tags", Raw::new(tags.join(", ")));
    }
    if let Some(text) = text {
        message = message.text_body(text);
    }
    if let Some(html) = html {
        message = message.html_body(html);
    }
    let recipients = count([to.len(), cc.len(), bcc.len()].iter().sum())?;
    mail.admit(recipients)?;
    let bytes = message.write_to_vec().map_err(|error| failure(&error))?;
    let id = store(mail, bytes).await?;
    // Without a configuration set, SES publishes nothing.
    if form.get("ConfigurationSetName").is_some() {
        let recipients: Vec<&str> =
            [&to, &cc, &bcc].into_iter().flatten().map(|value| split_address(value).1).collect();
        mail.feedback.note(&Taken { id: &id, tags: &tags, recipients: &recipients });
    }
    Ok(id)
}

async fn send_raw_email(mail: &Mail, form: &Form<'_>) -> Result<String, Refusal> {
    let data = form.need("RawMessage.Data")?;
    let bytes =
        BASE64_STANDARD.decode(data).map_err(|_| Refusal::parameter("The raw message is not Base64."))?;
    let given = form.list("Destinations");
    let recipients = if given.is_empty() { recipients_of(&bytes)? } else { given.len() };
    mail.admit(count(recipients)?)?;
    store(mail, bytes).await
}

fn recipients_of(raw: &[u8]) -> Result<usize, Refusal> {
    let message = MessageParser::default()
        .parse_headers(raw)
        .ok_or_else(|| Refusal::parameter("The raw message is not a mail."))?;
    Ok([message.to(), message.cc(), message.bcc()]
        .into_iter()
        .flatten()
        .map(|list| list.iter().count())
        .sum())
}

async fn store(mail: &Mail, bytes: Vec<u8>) -> Result<String, Refusal> {
    mail.inbox.deliver(bytes).await.map_err(|error| failure(&error))
}

fn failure(error: &std::io::Error) -> Refusal {
    tracing::error!(%error, "a mail could not be stored");
    let message = "The mail could not be stored.".to_owned();
    Refusal { status: StatusCode::INTERNAL_SERVER_ERROR, code: "InternalFailure", message }
}

fn count(recipients: usize) -> Result<u32, Refusal> {
    match u32::try_from(recipients) {
        Ok(count) if count > 0 && recipients <= MOST_RECIPIENTS => Ok(count),
        Ok(0) => Err(Refusal::parameter("Missing required header 'To'.")),
        _ => Err(Refusal::parameter("A mail has at most 50 recipients.")),
    }
}

fn check_header(name: &str, value: &str) -> Result<(), Refusal> {
    if value.contains(['\r', '\n', '\0']) {
        return Err(Refusal::parameter(format!("Header '{name}' contains control characters.")));
    }
    Ok(())
}

fn check_address(value: &str) -> Result<(), Refusal> {
    check_header("Address", value)?;
    let (_, address) = split_address(value);
    let whole = address
        .split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
    if !whole {
        return Err(Refusal::parameter("Missing final '@domain'."));
    }
    if address.contains(|c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';')) {
        return Err(Refusal::parameter("Illegal address."));
    }
    Ok(())
}

fn addresses<'x>(values: &[&'x str]) -> Address<'x> {
    Address::new_list(values.iter().map(|value| address(value)).collect())
}

fn address(value: &str) -> Address<'_> {
    let (name, address) = split_address(value);
    Address::new_address(name, address)
}

/// `Name <address>`, `"Name" <address>` or the address alone.
fn split_address(value: &str) -> (Option<&str>, &str) {
    let value = value.trim();
    match value.strip_suffix('>').and_then(|value| value.rsplit_once('<')) {
        Some((name, address)) => {
            let name = name.trim().trim_matches('"');
            ((!name.is_empty()).then_some(name), address.trim())
        }
        None => (None, value),
    }
}

fn tags<'f>(form: &'f Form<'_>) -> Result<Vec<(&'f str, &'f str)>, Refusal> {
    let plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.@".contains(&byte))
    };
    let mut tags = Vec::new();
    for index in 1.. {
        let Some(name) = form.get(&format!("Tags.member.{index}.Name")) else { break };
        let value = form.get(&format!("Tags.member.{index}.Value")).unwrap_or_default();
        if !plain(name) || !plain(value) {
            return Err(Refusal::parameter("A tag is made of letters, digits, '-', '_', '.' and '@'."));
        }
        tags.push((name, value));
    }
    Ok(tags)
}

/// The parameters of a request.
struct Form<'a>(BTreeMap<Cow<'a, str>, Cow<'a, str>>);

impl<'a> Form<'a> {
    fn read(body: &'a [u8]) -> Self {
        Self(form_urlencoded::parse(body).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(AsRef::as_ref)
    }

    fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::new("ValidationError", format!("{name} is missing.")))
    }

    fn list(&self, name: &str) -> Vec<&str> {
        (1..).map_while(|index| self.get(&format!("{name}.member.{index}"))).collect()
    }
}
