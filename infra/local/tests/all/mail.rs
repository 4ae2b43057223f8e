use aws_sdk_ses::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::send_email::SendEmailError,
    primitives::Blob,
    types::{Body, Content, Destination, Message, MessageTag, RawMessage},
};
use local_stack::{MailLimits, Stack, inbox::Inbox};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{config, files, header};

async fn limited(per_second: f64, per_day: u32) -> (TempDir, Stack, Client) {
    let data = tempfile::tempdir().unwrap();
    let (stack, client) = start(&data, per_second, per_day).await;
    (data, stack, client)
}

async fn start(data: &TempDir, per_second: f64, per_day: u32) -> (Stack, Client) {
    let mut config = config(data.path());
    config.mail = MailLimits { per_second, per_day };
    let stack = Stack::start(config).await.unwrap();
    // Without the SDK's retries, so that a refusal is seen.
    let plain = stack.context().mail.config().to_builder();
    let plain = plain.retry_config(aws_sdk_ses::config::retry::RetryConfig::disabled()).build();
    (stack, Client::from_conf(plain))
}

async fn send(client: &Client, to: &str, subject: &str) -> Result<String, (String, String)> {
    let content = |text: &str| Content::builder().data(text).charset("UTF-8").build().unwrap();
    let body =
        Body::builder().text(content("Hello in text")).html(content("<p>Hello in <b>HTML</b></p>")).build();
    client
        .send_email()
        .source("Rollcall <no-reply@rollcall.example>")
        .destination(Destination::builder().to_addresses(to).build())
        .message(Message::builder().subject(content(subject)).body(body).build())
        .tags(MessageTag::builder().name("import").value("abc-1").build().unwrap())
        .send()
        .await
        .map(|sent| sent.message_id)
        .map_err(|error| refusal(&error))
}

fn refusal(error: &SdkError<SendEmailError>) -> (String, String) {
    let error = error.as_service_error().unwrap();
    (error.code().unwrap_or_default().to_owned(), error.message().unwrap_or_default().to_owned())
}

async fn get(stack: &Stack, path: &str) -> reqwest::Response {
    reqwest::get(format!("{}{path}", stack.page_url())).await.unwrap()
}

async fn listing(stack: &Stack, path: &str) -> Value {
    serde_json::from_str(&get(stack, path).await.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_mail_reaches_the_inbox() {
    let (data, stack, client) = limited(10.0, 10).await;
    let id = send(&client, "Zoë Ünal <zoe@example.org>", "Welcome, Zoë").await.unwrap();
    let list = listing(&stack, "/dev/inbox.json").await;
    assert_eq!(list["total"], 1);
    assert_eq!(list["mails"][0]["id"], id.as_str());
    assert_eq!(list["mails"][0]["to"][0], "zoe@example.org");
    assert_eq!(list["mails"][0]["subject"], "Welcome, Zoë");
    assert!(list["mails"][0]["receivedAt"].as_str().unwrap().ends_with('Z'));

    let source = get(&stack, &format!("/dev/inbox/{id}.eml")).await;
    assert_eq!(header(&source, "content-type"), "message/rfc822");
    let source = source.text().await.unwrap();
    assert!(source.contains("X-SES-Message-Tags: import=abc-1"), "{source}");
    assert!(source.contains("Hello in text") && source.contains("<b>HTML</b>"), "{source}");
    let page = get(&stack, &format!("/dev/inbox/{id}")).await.text().await.unwrap();
    assert!(page.contains("Hello in text") && page.contains("Welcome, Zoë"), "{page}");
    assert_eq!(files(&data.path().join("mail")), [format!("{id}.eml")]);
}

#[tokio::test]
async fn raw_mails_and_the_quota_are_answered() {
    let (_data, stack, client) = limited(10.0, 100).await;
    let raw = "From: a@example.org\r\nTo: b@example.org, c@example.org\r\nSubject: Raw\r\n\r\nText\r\n";
    let message = RawMessage::builder().data(Blob::new(raw)).build().unwrap();
    client.send_raw_email().raw_message(message).send().await.unwrap();
    assert_eq!(listing(&stack, "/dev/inbox.json").await["mails"][0]["subject"], "Raw");
    let quota = client.get_send_quota().send().await.unwrap();
    assert_eq!(quota.max24_hour_send.to_bits(), 100.0_f64.to_bits());
    assert_eq!(quota.max_send_rate.to_bits(), 10.0_f64.to_bits());
    assert_eq!(quota.sent_last24_hours.to_bits(), 2.0_f64.to_bits());
}

#[tokio::test]
async fn more_than_the_rate_is_throttled() {
    let (_data, stack, client) = limited(0.001, 100).await;
    send(&client, "a@example.org", "One").await.unwrap();
    let (code, message) = send(&client, "b@example.org", "Two").await.unwrap_err();
    assert_eq!((code.as_str(), message.as_str()), ("Throttling", "Maximum sending rate exceeded."));
    assert_eq!(listing(&stack, "/dev/inbox.json").await["total"], 1);
}

#[tokio::test]
async fn more_than_the_quota_is_throttled_also_after_a_restart() {
    let exceeded = ("Throttling".to_owned(), "Daily message quota exceeded.".to_owned());
    let (data, stack, client) = limited(100.0, 2).await;
    send(&client, "a@example.org", "One").await.unwrap();
    send(&client, "b@example.org", "Two").await.unwrap();
    assert_eq!(send(&client, "c@example.org", "Three").await.unwrap_err(), exceeded);
    stack.stop().await;
    let (stack, client) = start(&data, 100.0, 2).await;
    assert_eq!(send(&client, "c@example.org", "Three").await.unwrap_err(), exceeded);
    assert_eq!(listing(&stack, "/dev/inbox.json").await["total"], 2);
}

#[tokio::test]
async fn a_line_break_never_becomes_a_header() {
    let (_data, stack, client) = limited(100.0, 100).await;
    for (to, subject) in [
        ("a@example.org\r\nBcc: evil@example.org", "Hello"),
        ("a@example.org\nBcc: evil@example.org", "Hello"),
        ("a\0@example.org", "Hello"),
        ("Ann\r\nBcc: evil@example.org <a@example.org>", "Hello"),
        ("a@example.org", "Hello\r\nBcc: evil@example.org"),
        ("a@example.org", "Hello\0"),
        ("a@example.org, evil@example.org", "Hello"),
        ("<a@example.org>, evil@example.org", "Hello"),
        ("nobody", "Hello"),
    ] {
        let (code, _) = send(&client, to, subject).await.unwrap_err();
        assert_eq!(code, "InvalidParameterValue", "{to:?} {subject:?}");
    }
    assert_eq!(listing(&stack, "/dev/inbox.json").await["total"], 0);
}

#[tokio::test]
async fn unsigned_and_foreign_requests_are_refused() {
    let (_data, stack, _client) = limited(100.0, 100).await;
    let body = "Action=GetSendQuota&Version=2010-12-01";
    let post = || reqwest::Client::new().post(stack.mail_url()).body(body);
    assert_eq!(post().send().await.unwrap().status(), 403);
    let signed = || post().header("authorization", "AWS4-HMAC-SHA256 Credential=x");
    assert_eq!(signed().send().await.unwrap().status(), 200);
    assert_eq!(signed().header("origin", "https://evil.example").send().await.unwrap().status(), 403);
    assert_eq!(signed().header("host", "evil.example").send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn what_a_mail_says_is_shown_and_never_run() {
    let (_data, stack, client) = limited(100.0, 100).await;
    let id = send(&client, "a@example.org", "<script>alert(1)</script>").await.unwrap();
    for path in ["/dev/inbox".to_owned(), format!("/dev/inbox/{id}")] {
        let response = get(&stack, &path).await;
        assert!(header(&response, "content-security-policy").contains("script-src 'self'"));
        let page = response.text().await.unwrap();
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script"), "{page}");
    }
    let framed = get(&stack, &format!("/dev/inbox/{id}.html")).await;
    let policy = header(&framed, "content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    assert!(framed.text().await.unwrap().contains("<b>HTML</b>"));
    for missing in ["/dev/inbox/1", "/dev/inbox/..%2Ftoken.key", "/dev/inbox/1.eml", "/dev/inbox/x.eml"] {
        assert_eq!(get(&stack, missing).await.status(), 404, "{missing}");
    }
}

#[tokio::test]
async fn the_inbox_is_paged_newest_first() {
    let data = tempfile::tempdir().unwrap();
    for number in 0..20_000_u64 {
        let mail = format!("To: p{number}@example.org\r\nSubject: Mail {number}\r\n\r\nHello\r\n");
        let id = 1_700_000_000_000_000_000 + number * 1_000;
        std::fs::write(data.path().join(format!("{id:020}.eml")), mail).unwrap();
    }
    let inbox = Inbox::open(data.path()).unwrap();
    let (total, first) = inbox.list(0, 2);
    assert_eq!(total, 20_000);
    assert_eq!([&first[0].subject, &first[1].subject], ["Mail 19999", "Mail 19998"]);
    assert_eq!(inbox.list(19_999, 50).1[0].to, ["p0@example.org"]);
    assert_eq!(inbox.list(20_000, 50).1.len(), 0);

    let (stack_data, stack, client) = limited(1000.0, 1000).await;
    for number in 1..=51 {
        send(&client, "a@example.org", &format!("Mail {number}.")).await.unwrap();
    }
    let first = get(&stack, "/dev/inbox").await.text().await.unwrap();
    assert!(
        first.contains("Mail 51.") && first.contains("Page 1 of 2") && !first.contains("Mail 1."),
        "{first}"
    );
    let second = get(&stack, "/dev/inbox?page=2").await.text().await.unwrap();
    assert!(second.contains("Mail 1.") && !second.contains("Mail 2."), "{second}");
    let some = listing(&stack, "/dev/inbox.json?offset=1&limit=1").await;
    assert_eq!((some["total"].as_u64(), some["mails"][0]["subject"].as_str()), (Some(51), Some("Mail 50.")));
    drop(stack_data);
}
