//! What the tests start and speak with.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_credential_types::Credentials;
use aws_lambda_events::event::s3::S3Event;
use aws_sdk_s3::{Client, config::BehaviorVersion};
use local_stack::{
    Delivery, Ports, Stack, StackConfig,
    events::{Bridge, Route},
    objects::Objects,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

pub const BUCKET: &str = "rollcall";

pub fn config(data: &Path) -> StackConfig {
    let mut config = StackConfig::new(data);
    config.ports = Ports::ANY;
    config.delivery = immediate();
    config
}

/// Three tries without a pause.
pub fn immediate() -> Delivery {
    Delivery { retries: vec![Duration::ZERO; 2], ..Delivery::default() }
}

pub async fn stack() -> (TempDir, Stack) {
    let data = tempfile::tempdir().unwrap();
    let stack = Stack::start(config(data.path())).await.unwrap();
    (data, stack)
}

/// An object store with its bridge, and handlers of the test's choice.
pub struct Store {
    pub bridge: Bridge,
    pub client: Client,
}

impl Store {
    pub async fn open(data: &Path, routes: Vec<Route>, delivery: Delivery) -> Self {
        let bridge = Bridge::open(&data.join("events"), routes, delivery).await.unwrap();
        let objects = Objects::open(&data.join("objects"), BUCKET, bridge.clone()).await.unwrap();
        let credentials = Credentials::for_tests();
        let service = objects.router(&credentials, &[]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, service).into_future());
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(aws_sdk_s3::config::Region::new("us-east-1"))
            .credentials_provider(credentials)
            .endpoint_url(url)
            .build();
        Self { bridge, client: Client::from_conf(config) }
    }

    pub async fn put(&self, key: &str, body: &'static str) {
        self.client
            .put_object()
            .bucket(BUCKET)
            .key(key)
            .body(body.as_bytes().to_vec().into())
            .send()
            .await
            .unwrap();
    }
}

/// Collects what it is called with.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<S3Event>>>);

impl Heard {
    pub fn route(&self) -> Route {
        let heard = self.clone();
        Route::new("uploads/", move |event| {
            heard.0.lock().unwrap().push(event);
            async { Ok::<_, std::io::Error>(()) }
        })
    }

    pub fn events(&self) -> Vec<S3Event> {
        self.0.lock().unwrap().clone()
    }

    /// The keys as the events carry them.
    pub fn keys(&self) -> Vec<String> {
        self.events().into_iter().map(|event| event.records[0].s3.object.key.clone().unwrap()).collect()
    }
}

pub fn files(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut names: Vec<_> = files
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Sends bytes as they are and gives the whole answer.
pub async fn raw(url: &str, request: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

pub fn header<'a>(response: &'a reqwest::Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}
