//! Functions that are killed in the middle: every request to a store is a point at which that can happen.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use anyhow::{Context as _, Result, ensure};
use aws_sdk_dynamodb::{
    config::{ConfigBag, Intercept, interceptors::BeforeSerializationInterceptorContextRef},
    error::BoxError,
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use functions::{apply, check, context::Context, failure::Failure};
use local_stack::Transport;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Caller, Platform,
    between::{self, Between},
    id,
    requests::operation,
    storm::{broken, hurried},
};

/// Refuses every request after the first few, as if the process had ended there.
#[derive(Clone, Debug)]
struct Kill {
    left: Arc<AtomicUsize>,
}

impl Intercept for Kill {
    fn name(&self) -> &'static str {
        "Kill"
    }

    fn read_before_execution(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let one_less = |left: usize| left.checked_sub(1);
        match self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less) {
            Ok(_) => Ok(()),
            Err(_) => Err("the function was killed".into()),
        }
    }
}

/// A context whose function is killed after this many requests to the table and the bucket.
#[must_use]
pub fn killed_after(context: &Context, requests: usize) -> Context {
    let kill = Kill { left: Arc::new(AtomicUsize::new(requests)) };
    let mut killed = context.clone();
    let table = context.table.config().to_builder().interceptor(kill.clone()).build();
    killed.table = aws_sdk_dynamodb::Client::from_conf(table);
    let objects = context.objects.config().to_builder().interceptor(kill).build();
    killed.objects = aws_sdk_s3::Client::from_conf(objects);
    killed
}

/// Tells the function that listens to it of an object.
pub async fn deliver(context: &Context, key: &str) -> Result<(), Failure> {
    let event = json!({"Records": [{"s3": {"bucket": {"name": "rollcall"}, "object": {"key": key}},
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-1",
        "eventTime": "2026-01-01T00:00:00Z", "eventName": "ObjectCreated:Put",
        "userIdentity": {}, "requestParameters": {}, "responseElements": {}}]});
    let unread = Failure::corrupt("an event");
    if key.starts_with("confirmed/") {
        apply::handle(context, serde_json::from_value(event).map_err(unread)?).await
    } else {
        check::handle(context, serde_json::from_value(event).map_err(unread)?).await
    }
}

/// Does not reach the mail service with the mails to one address, the first three times, which is when the SDK gives up.
/// Until then no mail that did go out can be noted.
#[derive(Clone, Debug)]
pub struct MailFault {
    address: &'static str,
    lost: Arc<AtomicUsize>,
    out: Arc<AtomicUsize>,
}

/// How often the SDK tries.
const ATTEMPTS: usize = 3;

impl MailFault {
    /// One for mails to this address; the at sign is written as a form has it.
    #[must_use]
    pub fn to(address: &'static str) -> Self {
        Self { address, lost: Arc::default(), out: Arc::default() }
    }

    /// How the functions reach their stores past the fault.
    #[must_use]
    pub fn transport(&self) -> Transport {
        Transport { http: between::client(self), retries: hurried() }
    }

    async fn befall(
        self,
        network: SharedHttpConnector,
        request: HttpRequest,
    ) -> Result<HttpResponse, ConnectorError> {
        let operation = operation(&request);
        if operation == "SendEmail" {
            let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
            if body.contains(self.address) && self.lost.load(Ordering::SeqCst) < ATTEMPTS {
                while self.out.load(Ordering::SeqCst) == 0 {
                    tokio::task::yield_now().await;
                }
                self.lost.fetch_add(1, Ordering::SeqCst);
                return Err(broken());
            }
            let answer = network.call(request).await;
            self.out.fetch_add(1, Ordering::SeqCst);
            return answer;
        }
        let is_note = operation == "UpdateItem" && self.out.load(Ordering::SeqCst) > 0;
        while is_note && self.lost.load(Ordering::SeqCst) < ATTEMPTS {
            tokio::task::yield_now().await;
        }
        network.call(request).await
    }
}

impl Between for MailFault {
    fn carry(&self, network: SharedHttpConnector, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().befall(network, request))
    }
}

/// Breaks the connection when it is first noted that a mail is out, until the SDK gives up.
#[derive(Clone, Debug, Default)]
pub struct NoteFault {
    broken: Arc<AtomicUsize>,
}

impl NoteFault {
    /// How the functions reach their stores past the fault.
    #[must_use]
    pub fn transport(&self) -> Transport {
        Transport { http: between::client(self), retries: hurried() }
    }
}

impl Between for NoteFault {
    fn carry(&self, network: SharedHttpConnector, request: HttpRequest) -> HttpConnectorFuture {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default());
        if body.contains("SET invitation = ") && self.broken.fetch_add(1, Ordering::SeqCst) < ATTEMPTS {
            return HttpConnectorFuture::ready(Err(broken()));
        }
        network.call(request)
    }
}

fn confirmed(import: &str, partition: u64) -> String {
    format!("confirmed/lincoln/{import}/{partition:05}")
}

impl Platform {
    /// Uploads and checks, on a platform whose events no function hears of.
    pub async fn check_by_hand(&self, caller: &Caller<'_>, roster: &[u8], options: Value) -> Result<Value> {
        let created = caller.create("retail", roster, options).await?;
        ensure!(caller.upload(&created, roster).await?.is_success(), "the upload was refused");
        let import = id(&created["import"])?;
        deliver(&self.stack.context(), &format!("uploads/lincoln/{import}/roster")).await?;
        caller.show(import).await
    }

    /// Confirms, on a platform whose events no function hears of, and carries the import out.
    pub async fn confirm_by_hand(&self, caller: &Caller<'_>, import: &Value) -> Result<()> {
        let partitions = self.start_by_hand(caller, import).await?;
        for partition in 0..partitions {
            deliver(&self.stack.context(), &confirmed(id(import)?, partition)).await?;
        }
        Ok(())
    }

    /// The same, but each partition's function is killed at its first request, then at its second, and so on
    /// until it comes through. Returns the number of kills.
    pub async fn confirm_and_kill(&self, caller: &Caller<'_>, import: &Value) -> Result<usize> {
        let partitions = self.start_by_hand(caller, import).await?;
        let mut kills = 0;
        for partition in 0..partitions {
            let (context, key) = (self.stack.context(), confirmed(id(import)?, partition));
            let mut requests = 0;
            while deliver(&killed_after(&context, requests), &key).await.is_err() {
                requests += 1;
            }
            kills += requests;
        }
        Ok(kills)
    }

    /// Confirms and starts; the number of partitions.
    async fn start_by_hand(&self, caller: &Caller<'_>, import: &Value) -> Result<u64> {
        let import = id(import)?;
        let (status, answer) =
            caller.call(Method::POST, &format!("/api/imports/{import}/confirm"), None).await?;
        ensure!(status.is_success(), "{answer}");
        deliver(&self.stack.context(), &format!("confirmed/lincoln/{import}/start")).await?;
        caller.show(import).await?["progress"]["partitions"].as_u64().context("it does not apply")
    }
}
