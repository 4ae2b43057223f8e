//! The API as the command line uses it.

use std::collections::BTreeMap;

use anyhow::{Context, bail, ensure};
use reqwest::{Body, Method, RequestBuilder, Response, StatusCode, Url};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use shared_rules::options::DuplicatePolicy;

/// A signed-in connection to the API.
pub struct Client {
    http: reqwest::Client,
    api: Url,
    token: String,
}

/// What to import.
#[derive(Serialize)]
pub struct NewImport {
    pub program: String,
    pub file: NewFile,
    pub options: Options,
}

#[derive(Serialize)]
pub struct NewFile {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    pub duplicates: DuplicatePolicy,
    pub invite: bool,
    pub all_or_nothing: bool,
}

#[derive(Deserialize)]
pub struct Created {
    pub import: Import,
    pub upload: Upload,
}

#[derive(Deserialize)]
pub struct Upload {
    url: String,
    headers: BTreeMap<String, String>,
}

/// How an import stands.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    pub id: String,
    pub state: State,
    pub reason: Option<Reason>,
    pub dry_run: Option<DryRun>,
    pub progress: Option<Progress>,
    pub outcomes: Option<Outcomes>,
    pub entities: Option<Entities>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Created,
    Checking,
    Ready,
    Queued,
    Applying,
    Finished,
    Rejected,
    Failed,
    Expired,
}

#[derive(Deserialize)]
pub struct Reason {
    pub message: String,
    pub help: String,
}

#[derive(Deserialize)]
pub struct DryRun {
    pub outcomes: Outcomes,
    pub entities: Entities,
    pub invitations: u32,
}

#[derive(Deserialize)]
pub struct Progress {
    pub partitions: u64,
    pub done: u64,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
pub struct Outcomes {
    pub created: u32,
    pub updated: u32,
    pub unchanged: u32,
    pub skipped: u32,
    pub rejected: u32,
}

/// Counts by kind of thing.
pub type Entities = BTreeMap<String, Counts>;

#[derive(Deserialize)]
pub struct Counts {
    pub created: u32,
    pub updated: u32,
    pub unchanged: u32,
    pub errors: u32,
}

#[derive(Deserialize)]
struct Download {
    url: String,
}

#[derive(Deserialize)]
struct DevelopmentToken {
    token: String,
}

#[derive(Deserialize)]
struct Problem {
    title: String,
    detail: String,
}

impl Outcomes {
    /// Each count with its name.
    pub fn named(&self) -> [(&'static str, u32); 5] {
        [
            ("created", self.created),
            ("updated", self.updated),
            ("unchanged", self.unchanged),
            ("skipped", self.skipped),
            ("rejected", self.rejected),
        ]
    }
}

impl Client {
    /// Connects with the token given, or else with a development token of `organisation`, which only the
    /// embedded stack gives.
    pub async fn connect(api: &str, token: Option<String>, organisation: &str) -> anyhow::Result<Self> {
        let api = Url::parse(api).with_context(|| format!("`{api}` is not an address"))?;
        let http = reqwest::Client::builder().build().context("cannot make a connection")?;
        let token = match token {
            Some(token) => token,
            None => development_token(&http, &api, organisation).await?,
        };
        Ok(Self { http, api, token })
    }

    pub async fn create(&self, import: &NewImport) -> anyhow::Result<Created> {
        self.call(self.request(Method::POST, "/api/imports")?.json(import)).await
    }

    pub async fn show(&self, id: &str) -> anyhow::Result<Import> {
        self.call(self.request(Method::GET, &format!("/api/imports/{id}"))?).await
    }

    pub async fn confirm(&self, id: &str) -> anyhow::Result<Import> {
        self.call(self.request(Method::POST, &format!("/api/imports/{id}/confirm"))?).await
    }

    /// Puts the file where the signed upload says.
    pub async fn upload(&self, upload: &Upload, bytes: u64, body: Body) -> anyhow::Result<()> {
        let mut request = self.http.put(&upload.url).header("content-length", bytes).body(body);
        for (name, value) in &upload.headers {
            request = request.header(name, value);
        }
        let answer = request.send().await.context("the upload was broken off")?;
        ensure!(answer.status().is_success(), "the upload was refused ({})", answer.status());
        Ok(())
    }

    /// Fetches one of an import's results.
    pub async fn result(&self, id: &str, name: &str) -> anyhow::Result<Vec<u8>> {
        let path = format!("/api/imports/{id}/results/{name}");
        let download: Download = self.call(self.request(Method::GET, &path)?).await?;
        let answer =
            self.http.get(&download.url).send().await.with_context(|| format!("cannot fetch {name}"))?;
        ensure!(answer.status().is_success(), "cannot fetch {name} ({})", answer.status());
        Ok(answer.bytes().await.with_context(|| format!("cannot fetch {name}"))?.to_vec())
    }

    fn request(&self, method: Method, path: &str) -> anyhow::Result<RequestBuilder> {
        Ok(self.http.request(method, self.api.join(path)?).bearer_auth(&self.token))
    }

    async fn call<T: DeserializeOwned>(&self, request: RequestBuilder) -> anyhow::Result<T> {
        let answer = request.send().await.with_context(|| format!("{} does not answer", self.api))?;
        read(answer).await
    }
}

async fn development_token(http: &reqwest::Client, api: &Url, organisation: &str) -> anyhow::Result<String> {
    let mut url = api.join("/dev/token")?;
    url.query_pairs_mut().append_pair("organisation", organisation);
    let answer = http.get(url).send().await.with_context(|| {
        format!("{api} does not answer; start it with `rollcall serve`, or name another with --api")
    })?;
    if answer.status() == StatusCode::NOT_FOUND {
        bail!("{api} wants a token: give one with --token or ROLLCALL_TOKEN");
    }
    let token: DevelopmentToken = read(answer).await?;
    Ok(token.token)
}

async fn read<T: DeserializeOwned>(answer: Response) -> anyhow::Result<T> {
    let status = answer.status();
    let body = answer.bytes().await.context("the answer was broken off")?;
    if status.is_success() {
        return serde_json::from_slice(&body).context("the server's answer is not understood");
    }
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => bail!("{}: {}", problem.title, problem.detail),
        Err(_) => bail!("the server answered {status}"),
    }
}
