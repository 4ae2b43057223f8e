//! The stack as a whole: starts the parts, lends them to the functions, and stops them.

use std::{
    fs::{File, TryLockError},
    io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_types::{
    sdk_config::SharedHttpClient,
    service_config::{LoadServiceConfig, ServiceConfigKey},
};
use axum::Router;
use functions::{
    context::{Config, Context, PARTITION_ROWS},
    mail_events::{self, MailEvent},
};
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;
use tokio::{
    net::TcpListener,
    sync::{Mutex, watch},
    task::JoinHandle,
};

use crate::{
    events::{Bridge, Delivery, HandlerError, Route},
    feedback::Feedback,
    gateway::Gateway,
    inbox::Inbox,
    keys::Keys,
    mail::{Mail, MailLimits},
    objects::Objects,
    table,
    token::Tokens,
};

/// The bucket and the table have the product's name.
const NAME: &str = "rollcall";
const SENDER: &str = "Rollcall <no-reply@rollcall.example>";
const REGION: &str = "us-east-1";

/// How long a stop waits for functions and requests that are under way; what is left is on disk.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a stack is started with.
#[derive(Clone, Debug)]
pub struct StackConfig {
    /// The folder that everything is kept in; made if it is missing.
    pub data: PathBuf,
    /// The folder of the built page, to be served at `/`.
    pub page: Option<PathBuf>,
    pub ports: Ports,
    pub mail: MailLimits,
    /// How often invite and sweep run.
    pub clock: Duration,
    /// How many events are handled at a time; 0 leaves them on disk.
    pub workers: usize,
    pub delivery: Delivery,
    /// Rows in a partition, unless one group of rows that belong together is larger.
    pub partition_rows: usize,
    /// How the functions that events and the clock start reach the stores; as the SDK does by itself if none.
    pub transport: Option<Transport>,
}

/// A way to the stores.
#[derive(Clone, Debug)]
pub struct Transport {
    pub http: SharedHttpClient,
    pub retries: RetryConfig,
}

impl StackConfig {
    /// The defaults of `rollcall serve` for this data folder.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            page: None,
            ports: Ports::default(),
            mail: MailLimits::default(),
            clock: Duration::from_mins(1),
            workers: 4,
            delivery: Delivery::default(),
            partition_rows: PARTITION_ROWS,
            transport: None,
        }
    }
}

/// The loopback ports; 0 is any free one.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    pub page: u16,
    pub objects: u16,
    pub table: u16,
    pub mail: u16,
    pub keys: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self { page: 8787, objects: 8788, table: 8789, mail: 8790, keys: 8791 }
    }
}

impl Ports {
    /// Any free ports.
    pub const ANY: Self = Self { page: 0, objects: 0, table: 0, mail: 0, keys: 0 };
}

/// Why the stack did not start.
#[derive(Debug, Error)]
pub enum StackError {
    #[error("port {port} is in use; choose another one with {option}")]
    PortInUse { port: u16, option: &'static str },
    #[error("port {port} cannot be opened; choose another one with {option}")]
    Port { port: u16, option: &'static str, source: io::Error },
    #[error("another Rollcall is running on the data folder {}; stop it, or choose another folder", .0.display())]
    InUse(PathBuf),
    #[error("{part} in the data folder {} cannot be opened", data.display())]
    Data { part: &'static str, data: PathBuf, source: io::Error },
}

/// A running stack. Dropped without [`Stack::stop`], it is as if it had been killed: nothing is lost.
pub struct Stack {
    context: Context,
    urls: Urls,
    bridge: Bridge,
    clock: Arc<Clock>,
    ticking: JoinHandle<()>,
    gateway: Server,
    stores: Vec<Server>,
    /// Held for as long as the stack lives.
    _lock: File,
}

/// The addresses of the parts, without slashes at their ends.
#[derive(Clone, Debug)]
pub struct Urls {
    pub page: String,
    pub objects: String,
    pub table: String,
    pub mail: String,
    pub keys: String,
}

impl Stack {
    /// Opens the data folder and the ports, and returns when every part answers.
    pub async fn start(config: StackConfig) -> Result<Self, StackError> {
        let data = &config.data;
        let failed = |part| move |source| StackError::Data { part, data: data.clone(), source };
        std::fs::create_dir_all(data).map_err(failed("the folder itself"))?;
        let lock = lock(data)?;
        let listeners = Listeners::bind(config.ports).await?;
        let urls = listeners.urls();
        let make = |transport| context(&urls, config.partition_rows, transport);
        let context = make(None);
        let workers = make(config.transport.as_ref());

        let bridge = Bridge::open(&data.join("events"), routes(&workers), config.delivery.clone())
            .await
            .map_err(failed("the events"))?;
        let objects = Objects::open(&data.join("objects"), NAME, bridge.clone())
            .await
            .map_err(failed("the objects"))?;
        let database = table::open(&data.join("table.sqlite")).map_err(failed("the table"))?;
        let inbox = Arc::new(Inbox::open(&data.join("mail")).map_err(failed("the mail"))?);
        let tokens = Tokens::open(&data.join("token.key")).map_err(failed("the token key"))?;
        let keys = Keys::open(&data.join("password.key")).map_err(failed("the password key"))?;

        let objects = objects.router(&credentials(), &origins(&urls.page));
        let feedback = Arc::new(Feedback::default());
        let mail = Mail::new(Arc::clone(&inbox), Arc::clone(&feedback), config.mail).router();
        let stores = vec![
            Server::start(listeners.objects, objects),
            Server::start(listeners.mail, mail),
            Server::start(listeners.keys, keys.router()),
            Server::with(|stop| table::serve(listeners.table, database.clone(), stop)),
        ];
        table::create(&context.table, NAME).await.map_err(failed("the table"))?;

        let clock = Arc::new(Clock { context: workers, database, feedback, running: Mutex::new(()) });
        let on_demand = Arc::clone(&clock);
        let gateway = Gateway {
            api: functions::api::router(context.clone()),
            tokens,
            inbox,
            tick: Arc::new(move || Box::pin(Arc::clone(&on_demand).tick())),
            page: config.page.clone(),
            objects_url: urls.objects.clone(),
        };
        let gateway = Server::start(listeners.page, gateway.router());
        bridge.start(config.workers).await;
        let ticking = tokio::spawn(Arc::clone(&clock).run(config.clock));
        Ok(Self { context, urls, bridge, clock, ticking, gateway, stores, _lock: lock })
    }

    #[must_use]
    pub fn urls(&self) -> &Urls {
        &self.urls
    }

    /// The address of the page and the API, without a slash at its end; so are the others.
    #[must_use]
    pub fn page_url(&self) -> &str {
        &self.urls.page
    }

    #[must_use]
    pub fn objects_url(&self) -> &str {
        &self.urls.objects
    }

    #[must_use]
    pub fn table_url(&self) -> &str {
        &self.urls.table
    }

    #[must_use]
    pub fn mail_url(&self) -> &str {
        &self.urls.mail
    }

    #[must_use]
    pub fn keys_url(&self) -> &str {
        &self.urls.keys
    }

    /// What the functions are lent.
    #[must_use]
    pub fn context(&self) -> Context {
        self.context.clone()
    }

    /// Waits until every event is handled or parked.
    pub async fn settle(&self) {
        self.bridge.settle().await;
    }

    /// Runs invite, then sweep, once. On failure names those that failed; the log has the reasons.
    pub async fn tick(&self) -> Result<(), Vec<&'static str>> {
        Arc::clone(&self.clock).tick().await
    }

    /// Takes no more requests, lets the functions that run end, and closes the stores.
    pub async fn stop(self) {
        // A tick that is under way ends first, so that a mail that was sent is also marked as sent.
        let idle = tokio::time::timeout(PATIENCE, self.clock.running.lock()).await;
        self.ticking.abort();
        drop(idle);
        self.gateway.stop().await;
        self.bridge.stop(PATIENCE).await;
        futures::future::join_all(self.stores.into_iter().map(Server::stop)).await;
    }
}

fn lock(data: &Path) -> Result<File, StackError> {
    let failed = |source| StackError::Data { part: "the lock", data: data.to_owned(), source };
    let file =
        File::options().create(true).truncate(false).write(true).open(data.join("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StackError::InUse(data.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

struct Listeners {
    page: TcpListener,
    objects: TcpListener,
    table: TcpListener,
    mail: TcpListener,
    keys: TcpListener,
}

impl Listeners {
    async fn bind(ports: Ports) -> Result<Self, StackError> {
        Ok(Self {
            page: bind(ports.page, "--port").await?,
            objects: bind(ports.objects, "--objects-port").await?,
            table: bind(ports.table, "--table-port").await?,
            mail: bind(ports.mail, "--mail-port").await?,
            keys: bind(ports.keys, "--keys-port").await?,
        })
    }

    fn urls(&self) -> Urls {
        Urls {
            page: url(&self.page),
            objects: url(&self.objects),
            table: url(&self.table),
            mail: url(&self.mail),
            keys: url(&self.keys),
        }
    }
}

async fn bind(port: u16, option: &'static str) -> Result<TcpListener, StackError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => StackError::PortInUse { port, option },
        _ => StackError::Port { port, option, source },
    })
}

fn url(listener: &TcpListener) -> String {
    // A bound listener has an address; were it not so, the first request would say so.
    let port = listener.local_addr().as_ref().map_or(0, SocketAddr::port);
    format!("http://127.0.0.1:{port}")
}

/// The page's origins: one place has two names.
fn origins(page: &str) -> [String; 2] {
    [page.to_owned(), page.replace("127.0.0.1", "localhost")]
}

fn credentials() -> Credentials {
    Credentials::new("embedded", "embedded-secret", None, None, "embedded stack")
}

/// The functions' configuration and clients, for a stack at these addresses. Nothing of the user's own AWS settings
/// takes part.
#[must_use]
pub fn context(urls: &Urls, partition_rows: usize, transport: Option<&Transport>) -> Context {
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static(REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials()))
        .service_config(Endpoints(urls.clone()));
    let sdk = match transport {
        Some(transport) => {
            sdk.http_client(transport.http.clone()).retry_config(transport.retries.clone()).build()
        }
        None => sdk.build(),
    };
    let config = Config {
        bucket: NAME.to_owned(),
        table: NAME.to_owned(),
        sender: SENDER.to_owned(),
        registration_url: format!("{}/register?token=", urls.page),
        password_key: "alias/rollcall-passwords".to_owned(),
        mail_events: "rollcall".to_owned(),
        partition_rows,
    };
    Context::new(config, &sdk)
}

/// The endpoint of each service, as `AWS_ENDPOINT_URL_S3` and its like would give it.
#[derive(Debug)]
struct Endpoints(Urls);

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        if key.env() != "AWS_ENDPOINT_URL" {
            return None;
        }
        match key.service_id() {
            "S3" => Some(self.0.objects.clone()),
            "DynamoDB" => Some(self.0.table.clone()),
            "SES" => Some(self.0.mail.clone()),
            "KMS" => Some(self.0.keys.clone()),
            _ => None,
        }
    }
}

/// The notifications of the bucket: which function hears of which keys.
fn routes(context: &Context) -> Vec<Route> {
    let apply = context.clone();
    let checks = ["uploads/", "drops/", "requested/"].map(|prefix| {
        let check = context.clone();
        Route::new(prefix, move |event| {
            let context = check.clone();
            async move { functions::check::handle(&context, event).await }
        })
    });
    let applies = Route::new("confirmed/", move |event| {
        let context = apply.clone();
        async move { functions::apply::handle(&context, event).await }
    });
    checks.into_iter().chain([applies]).collect()
}

/// The schedule.
struct Clock {
    context: Context,
    database: dynoxide::Database,
    feedback: Arc<Feedback>,
    running: Mutex<()>,
}

impl Clock {
    async fn run(self: Arc<Self>, every: Duration) {
        let mut interval = tokio::time::interval(every);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        // The first tick is at once.
        interval.tick().await;
        loop {
            interval.tick().await;
            if let Ok(running) = self.running.try_lock() {
                // What failed is logged and is tried again at the next tick.
                let _ = self.invite_and_sweep().await;
                drop(running);
            }
        }
    }

    async fn tick(self: Arc<Self>) -> Result<(), Vec<&'static str>> {
        let _running = self.running.lock().await;
        self.invite_and_sweep().await
    }

    async fn invite_and_sweep(&self) -> Result<(), Vec<&'static str>> {
        let mut failed = Vec::new();
        if let Err(error) = self.tell_of_mails().await {
            tracing::error!(%error, "hearing of mails failed");
            failed.push("invite");
        }
        if let Err(error) = functions::invite::handle(&self.context).await {
            tracing::error!(%error, "invite failed");
            failed.push("invite");
        }
        if let Err(error) = functions::sweep::handle(&self.context).await {
            tracing::error!(%error, "sweep failed");
            failed.push("sweep");
        }
        table::expire(self.database.clone()).await;
        if failed.is_empty() { Ok(()) } else { Err(failed) }
    }

    /// Delivers what SES tells; what fails comes again at the next tick.
    async fn tell_of_mails(&self) -> Result<(), HandlerError> {
        let mut outcome = Ok(());
        for event in self.feedback.take() {
            if let Err(error) = self.tell(&event).await {
                self.feedback.add(vec![event]);
                outcome = Err(error);
            }
        }
        outcome
    }

    async fn tell(&self, event: &Value) -> Result<(), HandlerError> {
        Ok(mail_events::handle(&self.context, &MailEvent::deserialize(event)?).await?)
    }
}

/// A server of one port.
struct Server {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Server {
    fn start(listener: TcpListener, router: Router) -> Self {
        Self::with(|stop| async move {
            let served = axum::serve(listener, router).with_graceful_shutdown(stop).await;
            if let Err(error) = served {
                tracing::error!(%error, "a server stopped");
            }
        })
    }

    fn with<F, R>(serve: F) -> Self
    where
        F: FnOnce(futures::future::BoxFuture<'static, ()>) -> R,
        R: Future<Output = ()> + Send + 'static,
    {
        let (stop, mut stopped) = watch::channel(false);
        let stopping = async move {
            // An error is a stack dropped without a stop, which is a stop as well.
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        let task = tokio::spawn(serve(Box::pin(stopping)));
        Self { stop, task }
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        let abort = self.task.abort_handle();
        if tokio::time::timeout(PATIENCE, self.task).await.is_err() {
            abort.abort();
        }
    }
}
