//! The API as the command line uses it.

use anyhow::{Context, bail, ensure};
use clap::Args;
use functions::{
    api::views::{
        Confirmation, CreatedImport, Decisions, Download, ImportView, NewImport, ProgramList, ProgramView,
        Upload, UploadRequest,
    },
    markets::MarketCount,
    near::RowDecision,
    settings::Settings,
};
use reqwest::{Body, Method, RequestBuilder, Response, StatusCode, Url};
use serde::{Deserialize, de::DeserializeOwned};

/// Where the API is, and who calls it.
#[derive(Args)]
pub struct Server {
    /// Where the API is
    #[arg(long, env = "ROLLCALL_API", default_value = "http://127.0.0.1:8787", value_name = "URL")]
    api: String,
    /// The token that names you and your organisation; the embedded stack gives one by itself
    #[arg(long, env = "ROLLCALL_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Your organisation, where the embedded stack gives the token
    #[arg(long, default_value = "demo", value_name = "NAME", conflicts_with = "token")]
    organisation: String,
}

impl Server {
    pub async fn connect(&self) -> anyhow::Result<Client> {
        Client::connect(&self.api, self.token.clone(), &self.organisation).await
    }
}

/// A signed-in connection to the API.
pub struct Client {
    http: reqwest::Client,
    api: Url,
    token: String,
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

impl Client {
    /// Connects with the token given, or else with a development token of `organisation`, which only the
    /// embedded stack gives.
    async fn connect(api: &str, token: Option<String>, organisation: &str) -> anyhow::Result<Self> {
        let api = Url::parse(api).with_context(|| format!("`{api}` is not an address"))?;
        let http = reqwest::Client::builder().build().context("cannot make a connection")?;
        let token = match token {
            Some(token) => token,
            None => development_token(&http, &api, organisation).await?,
        };
        Ok(Self { http, api, token })
    }

    pub async fn create(&self, import: &NewImport) -> anyhow::Result<CreatedImport> {
        self.call(self.request(Method::POST, "/api/imports")?.json(import)).await
    }

    pub async fn show(&self, id: &str) -> anyhow::Result<ImportView> {
        self.call(self.request(Method::GET, &format!("/api/imports/{id}"))?).await
    }

    /// Confirms; a held import is told the number of people that it touches.
    pub async fn confirm(&self, id: &str, acknowledge: Option<u32>) -> anyhow::Result<ImportView> {
        let request = self.request(Method::POST, &format!("/api/imports/{id}/confirm"))?;
        self.call(request.json(&Confirmation { acknowledge })).await
    }

    pub async fn cancel(&self, id: &str) -> anyhow::Result<ImportView> {
        self.call(self.request(Method::POST, &format!("/api/imports/{id}/cancel"))?).await
    }

    /// Makes the import that takes another one back.
    pub async fn undo(&self, id: &str) -> anyhow::Result<ImportView> {
        self.call(self.request(Method::POST, &format!("/api/imports/{id}/undo"))?).await
    }

    /// Decides about rows that may be of people who are there already; the dry run is made anew.
    pub async fn decide(&self, id: &str, decisions: Vec<RowDecision>) -> anyhow::Result<ImportView> {
        let request = self.request(Method::POST, &format!("/api/imports/{id}/decisions"))?;
        self.call(request.json(&Decisions { decisions })).await
    }

    /// Has the new people of an import invited that did not invite them.
    pub async fn invite(&self, id: &str) -> anyhow::Result<ImportView> {
        self.call(self.request(Method::POST, &format!("/api/imports/{id}/invitations"))?).await
    }

    pub async fn settings(&self) -> anyhow::Result<Settings> {
        self.call(self.request(Method::GET, "/api/settings")?).await
    }

    pub async fn settle(&self, settings: &Settings) -> anyhow::Result<Settings> {
        self.call(self.request(Method::PUT, "/api/settings")?.json(settings)).await
    }

    pub async fn programs(&self) -> anyhow::Result<Vec<ProgramView>> {
        let ProgramList { programs } = self.call(self.request(Method::GET, "/api/programs")?).await?;
        Ok(programs)
    }

    /// Stores a Table Schema as the organisation's program of that name.
    pub async fn bring_program(&self, name: &str, schema: String) -> anyhow::Result<ProgramView> {
        let request = self.request(Method::PUT, &format!("/api/programs/{name}"))?;
        self.call(request.header("content-type", "application/json").body(schema)).await
    }

    pub async fn delete_program(&self, name: &str) -> anyhow::Result<ProgramView> {
        self.call(self.request(Method::DELETE, &format!("/api/programs/{name}"))?).await
    }

    pub async fn load_markets(&self, table: Vec<u8>) -> anyhow::Result<MarketCount> {
        let request = self.request(Method::PUT, "/api/settings/markets")?;
        self.call(request.header("content-type", "text/csv").body(table)).await
    }

    /// What is missing of an import's file, signed anew.
    pub async fn resume(&self, id: &str) -> anyhow::Result<Upload> {
        self.call(self.request(Method::POST, &format!("/api/imports/{id}/upload"))?).await
    }

    /// Says that every part of an import's file was sent.
    pub async fn complete(&self, id: &str) -> anyhow::Result<ImportView> {
        self.call(self.request(Method::POST, &format!("/api/imports/{id}/upload/complete"))?).await
    }

    /// Puts bytes of a file where the signed request says; what became of it.
    pub async fn put(&self, signed: &UploadRequest, body: Body) -> anyhow::Result<StatusCode> {
        let mut request = self.http.put(&signed.url).header("content-length", signed.bytes).body(body);
        for (name, value) in &signed.headers {
            request = request.header(name, value);
        }
        Ok(request.send().await.context("the upload was broken off")?.status())
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
