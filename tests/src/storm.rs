//! A bad day of the cloud, made from a seed: requests that fail, that take effect and lose their answer, that arrive
//! twice, late or in part. It lies below the SDK, whose own retries are part of what is tested.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream, retry::RetryConfig};
use local_stack::Transport;
use serde_json::{Value, json};

use crate::{
    between::{self, Between},
    requests::operation,
};

/// What befalls one request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Fault {
    /// It never arrives.
    Lost,
    /// It takes effect, and the answer never comes back.
    AnswerLost,
    /// The store is overloaded, or broken for a moment.
    Refused,
    /// It arrives twice.
    Doubled,
    /// It arrives after others that were sent later.
    Late,
    /// Of a batch, a part is done.
    Partial,
}

const FAULTS: [Fault; 6] =
    [Fault::Lost, Fault::AnswerLost, Fault::Refused, Fault::Doubled, Fault::Late, Fault::Partial];

/// How often a late request lets others go first, at the most.
const MOST_OVERTAKEN: u64 = 2_000;

fn pick<T: Copy, const N: usize>(list: &[T; N], chance: u64) -> T {
    list[usize::try_from(chance % N as u64).unwrap_or_default()]
}

/// See the module. Clones share one storm.
#[derive(Clone, Debug)]
pub struct Storm {
    seed: u64,
    /// The share of requests that something befalls, in percent.
    percent: u64,
    raging: Arc<AtomicBool>,
    /// How often each operation was asked for.
    asked: Arc<Mutex<HashMap<String, u64>>>,
    mails_in_doubt: Arc<AtomicU32>,
}

impl Storm {
    /// A storm in which something befalls `percent` of the requests.
    #[must_use]
    pub fn new(seed: u64, percent: u64) -> Self {
        Self {
            seed,
            percent,
            raging: Arc::new(AtomicBool::new(true)),
            asked: Arc::default(),
            mails_in_doubt: Arc::default(),
        }
    }

    /// How the functions reach their stores through the storm.
    #[must_use]
    pub fn transport(&self) -> Transport {
        Transport { http: between::client(self), retries: hurried() }
    }

    /// Lets every request through from now on.
    pub fn end(&self) {
        self.raging.store(false, Ordering::SeqCst);
    }

    /// How many mails were handed over without an answer: no sender can tell whether they went out.
    #[must_use]
    pub fn mails_in_doubt(&self) -> u32 {
        self.mails_in_doubt.load(Ordering::SeqCst)
    }

    /// Follows from the seed, the operation, and how often that was asked for.
    fn fault(&self, operation: &str) -> Option<(Fault, u64)> {
        if !self.raging.load(Ordering::SeqCst) {
            return None;
        }
        let nth = {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            let nth = asked.entry(operation.to_owned()).or_default();
            *nth += 1;
            *nth
        };
        let mut hasher = DefaultHasher::new();
        (self.seed, operation, nth).hash(&mut hasher);
        let chance = hasher.finish();
        (chance % 100 < self.percent).then(|| (pick(&FAULTS, chance / 100), chance / 1_000))
    }

    async fn befall(
        self,
        inner: SharedHttpConnector,
        request: HttpRequest,
    ) -> Result<HttpResponse, ConnectorError> {
        let operation = operation(&request);
        let Some((fault, chance)) = self.fault(&operation) else { return inner.call(request).await };
        match fault {
            Fault::Lost => Err(broken()),
            Fault::AnswerLost => {
                if operation == "SendEmail" {
                    self.mails_in_doubt.fetch_add(1, Ordering::SeqCst);
                }
                inner.call(request).await?;
                Err(broken())
            }
            Fault::Refused => refusal(&operation, chance),
            // A mail is not handed over twice by the network: SES takes each request for one mail.
            Fault::Doubled if operation != "SendEmail" => match request.try_clone() {
                Some(again) => {
                    let first = inner.call(request).await?;
                    inner.call(again).await?;
                    Ok(first)
                }
                None => inner.call(request).await,
            },
            Fault::Late | Fault::Doubled => {
                for _ in 0..chance % MOST_OVERTAKEN {
                    tokio::task::yield_now().await;
                }
                inner.call(request).await
            }
            Fault::Partial => match operation.as_str() {
                "BatchGetItem" => read_in_part(&inner, request).await,
                "BatchExecuteStatement" => insert_in_part(&inner, request).await,
                _ => inner.call(request).await,
            },
        }
    }
}

/// Three attempts, as is usual, after little waiting.
pub(crate) fn hurried() -> RetryConfig {
    RetryConfig::standard()
        .with_initial_backoff(Duration::from_millis(1))
        .with_max_backoff(Duration::from_millis(4))
}

impl Between for Storm {
    fn carry(&self, network: SharedHttpConnector, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().befall(network, request))
    }
}

/// What the SDK is told when a connection breaks.
pub(crate) fn broken() -> ConnectorError {
    ConnectorError::io(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into())
}

/// What an overloaded or broken store answers.
fn refusal(operation: &str, chance: u64) -> Result<HttpResponse, ConnectorError> {
    let is_table = operation.chars().all(char::is_alphanumeric) && operation != "SendEmail";
    let (status, body) = if is_table {
        let kinds = ["ProvisionedThroughputExceededException", "ThrottlingException", "InternalServerError"];
        let kind = pick(&kinds, chance);
        let status = if kind == "InternalServerError" { 500 } else { 400 };
        (
            status,
            json!({"__type": format!("com.amazonaws.dynamodb.v20120810#{kind}"), "message": "storm"})
                .to_string(),
        )
    } else if operation == "SendEmail" {
        let error = "<Error><Code>Throttling</Code><Message>Maximum sending rate exceeded.</Message></Error>";
        (400, format!("<ErrorResponse>{error}</ErrorResponse>"))
    } else {
        (503, "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>".to_owned())
    };
    let status = StatusCode::try_from(status).map_err(|error| ConnectorError::other(error.into(), None))?;
    Ok(HttpResponse::new(status, SdkBody::from(body)))
}

/// Asks for the first half of the keys, and says that the others were not processed.
async fn read_in_part(
    inner: &SharedHttpConnector,
    request: HttpRequest,
) -> Result<HttpResponse, ConnectorError> {
    let mut left = Value::Null;
    let request = altered(request, |asked| {
        let table = asked["RequestItems"].as_object_mut().and_then(|tables| tables.iter_mut().next());
        if let Some((name, wanted)) = table {
            let rest = halve(&mut wanted["Keys"]);
            if !rest.is_empty() {
                left = json!({name: {"Keys": rest}});
            }
        }
    });
    let answer = inner.call(request).await?;
    answered(answer, |answer| {
        if !left.is_null() {
            answer["UnprocessedKeys"] = left;
        }
    })
    .await
}

/// Carries out the first half of the statements, and says that the others were throttled.
async fn insert_in_part(
    inner: &SharedHttpConnector,
    request: HttpRequest,
) -> Result<HttpResponse, ConnectorError> {
    let mut left = 0;
    let request = altered(request, |asked| left = halve(&mut asked["Statements"]).len());
    let answer = inner.call(request).await?;
    answered(answer, |answer| {
        let throttled = json!({"Error": {"Code": "ThrottlingError", "Message": "storm"}});
        if let Some(responses) = answer["Responses"].as_array_mut() {
            responses.extend(std::iter::repeat_n(throttled, left));
        }
    })
    .await
}

/// Leaves the first half, at least one, and returns the rest.
fn halve(list: &mut Value) -> Vec<Value> {
    list.as_array_mut().map(|list| list.split_off(list.len().div_ceil(2))).unwrap_or_default()
}

fn altered(request: HttpRequest, change: impl FnOnce(&mut Value)) -> HttpRequest {
    let Some(mut asked) = request.body().bytes().and_then(|body| serde_json::from_slice(body).ok()) else {
        return request;
    };
    change(&mut asked);
    let body = asked.to_string();
    let mut request = request;
    request.headers_mut().insert("content-length", body.len().to_string());
    *request.body_mut() = SdkBody::from(body);
    request
}

async fn answered(
    answer: HttpResponse,
    change: impl FnOnce(&mut Value),
) -> Result<HttpResponse, ConnectorError> {
    let status = answer.status();
    let body = ByteStream::new(answer.into_body())
        .collect()
        .await
        .map_err(|error| ConnectorError::io(error.into()))?;
    let body = body.into_bytes();
    // What is no JSON was refused for another reason, and is handed on as it is.
    let body = match serde_json::from_slice(&body) {
        Ok(mut said) => {
            change(&mut said);
            said.to_string().into_bytes()
        }
        Err(_) => body.to_vec(),
    };
    Ok(HttpResponse::new(status, SdkBody::from(body)))
}
