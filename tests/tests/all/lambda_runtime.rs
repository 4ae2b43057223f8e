//! Starts each of the five function binaries as Lambda would, against a Runtime API on the loopback, and has
//! it answer one real event; what counts is what it did to the stores.
//!
//! `ROLLCALL_FUNCTIONS` names the folder of the binaries, `target/debug` if it is not set.
//! `cargo xtask test` builds them; `cargo build --package functions` does it alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    env,
    future::{IntoFuture, pending},
    net::Ipv4Addr,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use functions::context::Config;
use reqwest::Method;
use rollcall_tests::{Platform, id, roster::people};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    process::Command,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

const ORGANISATION: &str = "lincoln";
const REQUEST: &str = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";

/// Far longer than any of the events takes.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn api_lists_the_imports_of_the_tokens_organisation() -> Result<()> {
    let platform = Platform::start_without_functions().await?;
    let roster = people(1);
    let created = platform.caller(ORGANISATION).await?.create("retail", &roster, json!({})).await?;
    platform.caller("washington").await?.create("retail", &roster, json!({})).await?;

    let answer = invoke(&platform, "api", &http_request("GET", "/api/imports")).await?;

    assert_eq!(answer["statusCode"], 200, "{answer}");
    let body: Value = serde_json::from_str(answer["body"].as_str().context("no body")?)?;
    assert_eq!(body, json!({"imports": [created["import"]]}));
    Ok(())
}

#[tokio::test]
async fn check_and_apply_take_an_upload_to_its_end() -> Result<()> {
    let platform = Platform::start_without_functions().await?;
    let caller = platform.caller(ORGANISATION).await?;
    let roster = people(3);
    let created = caller.create("retail", &roster, json!({})).await?;
    ensure!(caller.upload(&created, &roster).await?.is_success());
    let id = id(&created["import"])?;

    invoke(&platform, "check", &object_created(&format!("uploads/{ORGANISATION}/{id}/roster"))).await?;

    let checked = caller.show(id).await?;
    assert_eq!(checked["state"], "ready", "{checked}");
    assert_eq!(checked["dryRun"]["outcomes"]["created"], 3, "{checked}");
    let (status, _) = caller.call(Method::POST, &format!("/api/imports/{id}/confirm"), None).await?;
    assert_eq!(status, StatusCode::ACCEPTED);

    for object in ["start", "00000"] {
        let key = format!("confirmed/{ORGANISATION}/{id}/{object}");
        invoke(&platform, "apply", &object_created(&key)).await?;
    }

    let finished = caller.results(id).await?;
    assert_eq!(finished.import["state"], "finished", "{}", finished.import);
    assert_eq!(finished.outcomes(), [3, 0, 0, 0, 0]);
    assert_eq!(platform.stored(ORGANISATION).await?.people.len(), 3);
    Ok(())
}

#[tokio::test]
async fn invite_mails_the_new_people_of_a_finished_import() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller(ORGANISATION).await?;
    caller.import("retail", &people(2), json!({"invite": true})).await?;
    assert_eq!(platform.mailed().await?, Vec::<String>::new());

    invoke(&platform, "invite", &minute_passed()).await?;

    assert_eq!(platform.mailed().await?, ["person0@example.com", "person1@example.com"]);
    Ok(())
}

#[tokio::test]
async fn invite_hears_that_a_mail_came_back() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller(ORGANISATION).await?;
    caller.import("retail", &people(1), json!({"invite": true})).await?;
    platform.tick().await?;
    let person = caller.person("person0@example.com").await?;
    let id = id(&person)?;
    let message = platform.invitation(id).await?["message"].clone();
    let tags = json!({"organisation": [ORGANISATION], "person": [id]});
    let event = json!({
        "version": "0", "id": "e0", "source": "aws.ses", "detail-type": "Email Bounced", "account": "1",
        "time": "2026-01-02T03:04:05Z", "region": "us-east-1", "resources": [],
        "detail": {
            "eventType": "Bounce",
            "mail": {"timestamp": "2026-01-02T03:04:05Z", "messageId": message, "tags": tags},
            "bounce": {"bounceType": "Permanent", "bounceSubType": "NoEmail", "bouncedRecipients": []},
        },
    });

    invoke(&platform, "invite", &event).await?;

    assert_eq!(platform.invitation(id).await?["state"], "bounced");
    Ok(())
}

#[tokio::test]
async fn sweep_ends_an_import_whose_file_never_came() -> Result<()> {
    let platform = Platform::start_without_functions().await?;
    let caller = platform.caller(ORGANISATION).await?;
    let created = caller.create("retail", &people(1), json!({})).await?;
    let id = id(&created["import"])?;
    touch(&platform, id, "2026-01-02T03:04:05Z").await?;

    invoke(&platform, "sweep", &minute_passed()).await?;

    let ended = caller.show(id).await?;
    assert_eq!(ended["state"], "expired", "{ended}");
    Ok(())
}

/// Makes it look as if the import had last been touched then.
async fn touch(platform: &Platform, id: &str, when: &str) -> Result<()> {
    let context = platform.stack.context();
    context
        .table
        .update_item()
        .table_name(&context.config.table)
        .key("pk", AttributeValue::S(format!("{ORGANISATION}/imports")))
        .key("sk", AttributeValue::S(id.to_owned()))
        .update_expression("SET touchedAt = :when")
        .expression_attribute_values(":when", AttributeValue::S(when.to_owned()))
        .send()
        .await?;
    Ok(())
}

/// What API Gateway hands over after it has verified the token.
fn http_request(method: &str, path: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "ANY /api/{proxy+}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"authorization": "Bearer verified-by-the-gateway", "host": "id.execute-api.us-east-1.amazonaws.com"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "id",
            "authorizer": {"jwt": {
                "claims": {"sub": "importer-1", "email": "importer@example.com", "org": ORGANISATION, "exp": "1900000000"},
                "scopes": null
            }},
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "ANY /api/{proxy+}",
            "stage": "$default",
            "time": "10/Mar/2026:00:00:00 +0000",
            "timeEpoch": 1_773_100_800_000_u64
        },
        "pathParameters": {"proxy": path.trim_start_matches("/api/")},
        "isBase64Encoded": false
    })
}

/// What S3 hands over when an object was created.
fn object_created(key: &str) -> Value {
    json!({"Records": [{
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventTime": "2026-03-10T00:00:00.000Z",
        "eventName": "ObjectCreated:Put",
        "userIdentity": {"principalId": "AWS:EXAMPLE"},
        "requestParameters": {"sourceIPAddress": "192.0.2.1"},
        "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "EXAMPLE"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "uploads",
            "bucket": {
                "name": "rollcall",
                "ownerIdentity": {"principalId": "EXAMPLE"},
                "arn": "arn:aws:s3:::rollcall"
            },
            "object": {"key": key, "size": 1, "eTag": "d41d8cd98f00b204e9800998ecf8427e", "sequencer": "0055AED6DCD90281E5"}
        }
    }]})
}

/// What EventBridge hands over on schedule.
fn minute_passed() -> Value {
    json!({
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-03-10T00:00:00Z",
        "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:123456789012:rule/every-minute"],
        "detail": {}
    })
}

/// Starts the function, lets it answer the event, and stops it. An error is the function's own answer, or
/// that it gave none.
async fn invoke(platform: &Platform, function: &str, event: &Value) -> Result<Value> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?.to_string();
    let (answer, mut answers) = unbounded_channel();
    let server = tokio::spawn(axum::serve(listener, runtime_api(event, answer)).into_future());
    let mut process = start(platform, function, &address)?;
    let answered = tokio::select! {
        answered = first(&mut answers) => answered,
        ended = process.wait() => Err(anyhow::anyhow!("{function} ended by itself: {}", ended?)),
    };
    process.kill().await?;
    server.abort();
    answered.with_context(|| format!("{function} did not do its work"))
}

async fn first(answers: &mut UnboundedReceiver<Answer>) -> Result<Value> {
    match timeout(PATIENCE, answers.recv()).await.context("there was no answer in time")? {
        Some(Answer::Response(body)) => Ok(serde_json::from_str(&body)?),
        Some(Answer::Error(body)) => bail!("it answered with an error: {body}"),
        None => bail!("the runtime API is gone"),
    }
}

fn start(platform: &Platform, function: &str, address: &str) -> Result<tokio::process::Child> {
    let stack = &platform.stack;
    let config = stack.context().config;
    let Config { bucket, table, sender, registration_url, password_key, mail_events, .. } = config;
    let binary = folder().join(function);
    let mut command = Command::new(&binary);
    command
        // Nothing of the developer's own AWS settings takes part.
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", address)
        .env("AWS_LAMBDA_FUNCTION_NAME", function)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", function)
        .env("AWS_LAMBDA_LOG_STREAM_NAME", function)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "embedded")
        .env("AWS_SECRET_ACCESS_KEY", "embedded-secret")
        .env("AWS_ENDPOINT_URL_S3", stack.objects_url())
        .env("AWS_ENDPOINT_URL_DYNAMODB", stack.table_url())
        .env("AWS_ENDPOINT_URL_SES", stack.mail_url())
        .env("AWS_ENDPOINT_URL_KMS", stack.keys_url())
        .env("RUST_LOG", "warn")
        .kill_on_drop(true);
    for (variable, value) in
        Config::VARIABLES.iter().zip([bucket, table, sender, registration_url, password_key, mail_events])
    {
        command.env(variable, value);
    }
    command
        .spawn()
        .with_context(|| format!("{} is not there; build it as this test's head says", binary.display()))
}

fn folder() -> PathBuf {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/debug");
    env::var_os("ROLLCALL_FUNCTIONS").map_or_else(|| PathBuf::from(built), PathBuf::from)
}

/// What a function posts back.
enum Answer {
    Response(String),
    Error(String),
}

/// The one event, until it is asked for, and where the answer goes.
#[derive(Clone)]
struct Invocation {
    event: Arc<Mutex<Option<String>>>,
    answer: UnboundedSender<Answer>,
}

/// Lambda's Runtime API as <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html> describes it, for
/// one invocation.
fn runtime_api(event: &Value, answer: UnboundedSender<Answer>) -> Router {
    let event = Arc::new(Mutex::new(Some(event.to_string())));
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{request}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{request}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .with_state(Invocation { event, answer })
}

async fn next(State(invocation): State<Invocation>) -> Response {
    let event = invocation.event.lock().unwrap().take();
    let Some(event) = event else {
        // There is no second event; Lambda lets the function wait.
        return pending().await;
    };
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("lambda-runtime-aws-request-id", REQUEST),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:123456789012:function:rollcall"),
        (
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
        ),
        ("content-type", "application/json"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    (headers, event).into_response()
}

async fn response(
    State(invocation): State<Invocation>,
    Path(request): Path<String>,
    body: String,
) -> StatusCode {
    assert_eq!(request, REQUEST);
    take(&invocation, Answer::Response(body))
}

async fn error(State(invocation): State<Invocation>, Path(_): Path<String>, body: String) -> StatusCode {
    take(&invocation, Answer::Error(body))
}

async fn init_error(State(invocation): State<Invocation>, body: String) -> StatusCode {
    take(&invocation, Answer::Error(body))
}

fn take(invocation: &Invocation, answer: Answer) -> StatusCode {
    // Nobody waits any more when the test has failed already.
    let _ = invocation.answer.send(answer);
    StatusCode::ACCEPTED
}
