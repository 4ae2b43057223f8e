//! The events bridge: tells the functions what was stored, as S3 and Lambda's asynchronous invocation do.
//!
//! An event is a file in the events folder from before the storing request is answered until its function has
//! succeeded, so a killed process delivers it again at the next start. A function that fails is called again
//! after a delay, twice by default; then the event is parked beside the reason.

use std::{
    any::Any,
    collections::{HashMap, VecDeque},
    error::Error,
    io,
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use aws_lambda_events::event::s3::S3Event;
use futures::{FutureExt, future::BoxFuture};
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::json;
use tokio::{
    fs,
    sync::{Notify, watch},
    task::JoinSet,
};

use crate::sequence::Sequence;

/// What a handler may fail with; only its text is kept.
pub type HandlerError = Box<dyn Error + Send + Sync>;

type Handler = Arc<dyn Fn(S3Event) -> BoxFuture<'static, Result<(), HandlerError>> + Send + Sync>;

/// How events reach their function.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// How often each event is delivered, 1 or more; with `shuffle`, at most that often.
    pub copies: u32,
    /// Delivers in an order, and a number of copies, that follow from this seed.
    pub shuffle: Option<u64>,
    /// The delays before a failed delivery is tried again; when they are used up, the event is parked.
    pub retries: Vec<Duration>,
}

impl Default for Delivery {
    fn default() -> Self {
        Self { copies: 1, shuffle: None, retries: vec![Duration::from_secs(2), Duration::from_secs(15)] }
    }
}

/// Sends the events of keys that start with `prefix` to a handler.
#[derive(Clone)]
pub struct Route {
    prefix: &'static str,
    handler: Handler,
}

impl Route {
    pub fn new<F, R, E>(prefix: &'static str, handler: F) -> Self
    where
        F: Fn(S3Event) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<HandlerError>,
    {
        let handler = move |event| handler(event).map(|result| result.map_err(Into::into)).boxed();
        Self { prefix, handler: Arc::new(handler) }
    }
}

/// An object that was stored.
#[derive(Clone, Debug)]
pub struct Created<'a> {
    /// `ObjectCreated:Put`, `ObjectCreated:Copy` or `ObjectCreated:CompleteMultipartUpload`.
    pub name: &'static str,
    pub bucket: &'a str,
    /// The key as it is; the event carries it URL-encoded.
    pub key: &'a str,
    /// Bytes.
    pub size: u64,
    /// Without quotes.
    pub etag: &'a str,
}

/// An event on disk that is not delivered yet: [`Bridge::release`] or [`Bridge::discard`] it.
#[derive(Debug)]
#[must_use]
pub struct Recorded {
    id: String,
    text: Arc<str>,
    route: usize,
}

/// See the module. Cloning lends the same bridge.
#[derive(Clone)]
pub struct Bridge {
    shared: Arc<Shared>,
}

struct Shared {
    folder: PathBuf,
    routes: Vec<Route>,
    delivery: Delivery,
    sequence: Sequence,
    state: Mutex<State>,
    wake: Notify,
    /// How many events are not done: neither handled nor parked.
    open: watch::Sender<usize>,
    workers: tokio::sync::Mutex<JoinSet<()>>,
}

struct State {
    queue: VecDeque<Job>,
    open: HashMap<String, Open>,
    random: fastrand::Rng,
    stopping: bool,
}

/// An event that still has copies under way.
struct Open {
    copies: u32,
    failure: Option<String>,
}

/// One copy of an event.
#[derive(Clone)]
struct Job {
    id: String,
    text: Arc<str>,
    route: usize,
    attempt: usize,
}

impl Bridge {
    /// Opens the folder and queues what an earlier process left in it. Nothing is delivered before [`start`].
    ///
    /// [`start`]: Self::start
    pub async fn open(folder: &Path, routes: Vec<Route>, delivery: Delivery) -> io::Result<Self> {
        fs::create_dir_all(folder.join(PARKED)).await?;
        let random = delivery.shuffle.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        let state = State { queue: VecDeque::new(), open: HashMap::new(), random, stopping: false };
        let shared = Shared {
            folder: folder.to_owned(),
            routes,
            delivery,
            sequence: Sequence::start(),
            state: Mutex::new(state),
            wake: Notify::new(),
            open: watch::Sender::new(0),
            workers: tokio::sync::Mutex::default(),
        };
        let bridge = Self { shared: Arc::new(shared) };
        for recorded in bridge.shared.left_over().await? {
            bridge.release(recorded);
        }
        Ok(bridge)
    }

    /// Starts delivering, `workers` events at a time.
    pub async fn start(&self, workers: usize) {
        let mut running = self.shared.workers.lock().await;
        for _ in 0..workers {
            running.spawn(work(Arc::clone(&self.shared)));
        }
    }

    /// Writes the event of an object that is about to become visible. `None` if no function wants it.
    pub async fn record(&self, created: &Created<'_>) -> io::Result<Option<Recorded>> {
        let Some(route) = self.shared.route_of(created.key) else { return Ok(None) };
        let number = self.shared.sequence.next();
        let recorded =
            Recorded { id: format!("{number:020}"), text: event_text(created, number).into(), route };
        let file = self.shared.file(&recorded.id);
        let unfinished = file.with_extension("unfinished");
        fs::write(&unfinished, recorded.text.as_bytes()).await?;
        fs::rename(&unfinished, &file).await?;
        Ok(Some(recorded))
    }

    /// Queues a recorded event.
    pub fn release(&self, recorded: Recorded) {
        let Recorded { id, text, route } = recorded;
        let shared = &self.shared;
        let mut state = shared.state();
        let most = shared.delivery.copies.max(1);
        let copies = if shared.delivery.shuffle.is_some() { state.random.u32(1..=most) } else { most };
        state.open.insert(id.clone(), Open { copies, failure: None });
        for _ in 0..copies {
            state.queue.push_back(Job { id: id.clone(), text: Arc::clone(&text), route, attempt: 0 });
            shared.wake.notify_one();
        }
        shared.open.send_replace(state.open.len());
    }

    /// Forgets a recorded event whose object did not become visible.
    pub async fn discard(&self, recorded: Recorded) {
        remove(&self.shared.file(&recorded.id)).await;
    }

    /// Waits until every event is handled or parked, those included that the handlers cause.
    pub async fn settle(&self) {
        let mut open = self.shared.open.subscribe();
        // The sender lives in `self`, so the channel cannot close while this waits.
        let _ = open.wait_for(|open| *open == 0).await;
    }

    /// Lets the deliveries under way end, for `patience` at most, and starts no more. What is left stays on disk.
    pub async fn stop(&self, patience: Duration) {
        self.shared.state().stopping = true;
        self.shared.wake.notify_waiters();
        let mut workers = self.shared.workers.lock().await;
        let all = async { while workers.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, all).await.is_err() {
            workers.shutdown().await;
        }
    }
}

const PARKED: &str = "parked";

async fn work(shared: Arc<Shared>) {
    while let Some(job) = shared.next().await {
        shared.deliver(job).await;
    }
}

impl Shared {
    /// A panicked holder leaves counters and a queue that are still whole: no invariant spans two of its steps.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn route_of(&self, key: &str) -> Option<usize> {
        self.routes.iter().position(|route| key.starts_with(route.prefix))
    }

    fn file(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }

    async fn left_over(&self) -> io::Result<Vec<Recorded>> {
        let mut files = Vec::new();
        let mut entries = fs::read_dir(&self.folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            let path = entry.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("json") => files.push(path),
                // Its object was never answered for, so nobody counts on it.
                Some("unfinished") => remove(&path).await,
                _ => {}
            }
        }
        files.sort();
        let mut recorded = Vec::new();
        for path in files {
            let text = fs::read_to_string(&path).await?;
            let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
            match key_of(&text).and_then(|key| self.route_of(&key)) {
                Some(route) => recorded.push(Recorded { id, text: text.into(), route }),
                None => self.park(&id, "no function takes this event").await,
            }
        }
        Ok(recorded)
    }

    async fn next(&self) -> Option<Job> {
        loop {
            let woken = self.wake.notified();
            {
                let mut state = self.state();
                if state.stopping {
                    return None;
                }
                if let Some(job) = state.take(self.delivery.shuffle.is_some()) {
                    return Some(job);
                }
            }
            woken.await;
        }
    }

    async fn deliver(self: &Arc<Self>, job: Job) {
        match self.call(&job).await {
            Ok(()) => self.copy_ended(&job.id, None).await,
            Err(error) => self.failed(job, &error).await,
        }
    }

    async fn call(&self, job: &Job) -> Result<(), String> {
        let event: S3Event = serde_json::from_str(&job.text).map_err(|error| error.to_string())?;
        let handler = Arc::clone(&self.routes[job.route].handler);
        let called = AssertUnwindSafe(async move { handler(event).await }).catch_unwind().await;
        match called {
            Ok(result) => result.map_err(|error| error.to_string()),
            Err(panic) => Err(format!("panicked: {}", panic_text(panic.as_ref()))),
        }
    }

    /// The reason goes into the parked file alone: it may quote what the log must not hold.
    async fn failed(self: &Arc<Self>, mut job: Job, error: &str) {
        let retry = self.delivery.retries.get(job.attempt).copied();
        tracing::warn!(
            event = job.id,
            attempt = job.attempt + 1,
            again = retry.is_some(),
            "a function failed"
        );
        let Some(delay) = retry else {
            self.copy_ended(&job.id, Some(error)).await;
            return;
        };
        job.attempt += 1;
        if delay.is_zero() {
            self.again(job);
            return;
        }
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            shared.again(job);
        });
    }

    fn again(&self, job: Job) {
        self.state().queue.push_back(job);
        self.wake.notify_one();
    }

    /// The last copy to end removes the event's file, or parks it if any copy failed.
    async fn copy_ended(&self, id: &str, failure: Option<&str>) {
        let ended = {
            let mut state = self.state();
            let Some(open) = state.open.get_mut(id) else { return };
            open.copies -= 1;
            open.failure = failure.map(str::to_owned).or(open.failure.take());
            (open.copies == 0).then(|| open.failure.take())
        };
        let Some(failure) = ended else { return };
        match failure {
            None => remove(&self.file(id)).await,
            Some(reason) => self.park(id, &reason).await,
        }
        let mut state = self.state();
        state.open.remove(id);
        self.open.send_replace(state.open.len());
    }

    async fn park(&self, id: &str, reason: &str) {
        let parked = self.folder.join(PARKED);
        let noted = fs::write(parked.join(format!("{id}.error")), reason).await;
        let moved = fs::rename(self.file(id), parked.join(format!("{id}.json"))).await;
        if let Err(error) = noted.and(moved) {
            tracing::error!(event = id, %error, "an event could not be parked");
        }
        tracing::error!(event = id, "an event is parked");
    }
}

impl State {
    fn take(&mut self, shuffled: bool) -> Option<Job> {
        if shuffled && !self.queue.is_empty() {
            let index = self.random.usize(..self.queue.len());
            return self.queue.remove(index);
        }
        self.queue.pop_front()
    }
}

/// A file that cannot be removed is delivered again at the next start, which the functions bear.
async fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path).await {
        tracing::warn!(%error, "an event's file could not be removed");
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

/// The notification as S3 sends it: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>.
fn event_text(created: &Created<'_>, number: u64) -> String {
    json!({"Records": [{
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventTime": format!("{:.3}", Timestamp::now()),
        "eventName": created.name,
        "userIdentity": {"principalId": "EMBEDDED"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {"x-amz-request-id": format!("{number:016X}"), "x-amz-id-2": "embedded"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "embedded",
            "bucket": {
                "name": created.bucket,
                "ownerIdentity": {"principalId": "EMBEDDED"},
                "arn": format!("arn:aws:s3:::{}", created.bucket),
            },
            "object": {
                "key": encode_key(created.key),
                "size": created.size,
                "eTag": created.etag,
                "sequencer": format!("{number:016X}"),
            },
        },
    }]})
    .to_string()
}

/// S3 form-encodes the key and leaves slashes: `my photo.jpg` becomes `my+photo.jpg`.
fn encode_key(key: &str) -> String {
    const KEPT: AsciiSet =
        NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'*').remove(b' ');
    utf8_percent_encode(key, &KEPT).to_string().replace(' ', "+")
}

fn key_of(text: &str) -> Option<String> {
    let event: serde_json::Value = serde_json::from_str(text).ok()?;
    let key = event.pointer("/Records/0/s3/object/key")?.as_str()?.replace('+', " ");
    Some(percent_decode_str(&key).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_form_encoded_and_read_back() {
        let key = "uploads/demo/ä b+c%/ro*ster_(1)~.csv";
        assert_eq!(encode_key(key), "uploads/demo/%C3%A4+b%2Bc%25/ro*ster_%281%29%7E.csv");
        let created = Created { name: "ObjectCreated:Put", bucket: "rollcall", key, size: 3, etag: "e" };
        assert_eq!(key_of(&event_text(&created, 1)).as_deref(), Some(key));
    }
}
