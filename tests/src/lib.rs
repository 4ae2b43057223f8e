//! What the end-to-end tests share: an embedded stack of their own, a signed-in client, and a look at what is
//! stored. Nothing here imitates Rollcall; requests go over HTTP as the page's do.

pub mod between;
pub mod faults;
pub mod requests;
pub mod roster;
pub mod storm;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use aws_sdk_dynamodb::types::AttributeValue;
use local_stack::{Delivery, LOG_FILTER, MailLimits, Ports, Stack, StackConfig};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared_rules::digest::{Digests, FileDigest};
use tempfile::TempDir;

/// An embedded stack on free ports and in a folder of its own.
pub struct Platform {
    pub stack: Stack,
    http: reqwest::Client,
    /// Deleted at the end.
    folder: TempDir,
}

/// A caller: a token of one organisation.
pub struct Caller<'a> {
    platform: &'a Platform,
    token: String,
}

/// A finished import.
pub struct Finished {
    /// What the API says of it.
    pub import: Value,
    pub report: Value,
    pub log: String,
    pub errors: String,
}

/// What is stored of an organisation, apart from what differs between two runs of the same import: person
/// identifiers are replaced by names.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Stored {
    /// Attributes of each person by name (see [`Platform::stored`]).
    pub people: BTreeMap<String, BTreeMap<String, String>>,
    /// `enrolment Ann Lee 111111`, `grant …`, `link Bo Lee -> Ann Lee 111111`, `instruction Kim Roy -> Ann Lee`,
    /// `member Ann Lee M7`, `primary-teacher …`.
    pub ties: BTreeSet<String>,
    /// How many identity keys there are.
    pub keys: usize,
    /// Attributes of each school and class, as `class M7`; `active` is among them.
    pub units: BTreeMap<String, BTreeMap<String, String>>,
    /// How often people, schools and classes were written, all together.
    pub writes: u64,
    /// How many imports each person remembers, by name, beside the one that wrote last.
    pub earlier_writers: BTreeMap<String, usize>,
    /// The hash of each person's password, by name.
    pub passwords: BTreeMap<String, String>,
}

impl Stored {
    /// What is there, however often and by whatever it was written.
    #[must_use]
    pub fn content(self) -> Self {
        Self { writes: 0, earlier_writers: BTreeMap::new(), ..self }
    }
}

impl Platform {
    /// Starts a stack that delivers each event once.
    pub async fn start() -> Result<Self> {
        Self::start_with(Delivery { retries: Vec::new(), ..Delivery::default() }).await
    }

    /// Starts a stack that delivers events like this.
    pub async fn start_with(delivery: Delivery) -> Result<Self> {
        Self::start_configured(|config| config.delivery = delivery).await
    }

    /// Starts a stack whose events no function hears of.
    pub async fn start_without_functions() -> Result<Self> {
        Self::start_configured(|config| config.workers = 0).await
    }

    /// Starts a stack whose mail account takes no more than this.
    pub async fn start_with_mail(mail: MailLimits) -> Result<Self> {
        Self::start_configured(|config| config.mail = mail).await
    }

    /// Starts a stack on what another one left in `folder`.
    pub async fn start_in(folder: TempDir) -> Result<Self> {
        Self::start_there(folder, |_| {}).await
    }

    /// Stops the stack and leaves what it holds to another one.
    pub async fn stop(self) -> TempDir {
        self.stack.stop().await;
        self.folder
    }

    /// Starts a stack that is configured like this.
    pub async fn start_configured(configure: impl FnOnce(&mut StackConfig)) -> Result<Self> {
        Self::start_there(TempDir::new()?, configure).await
    }

    /// Starts a stack whose folder is in memory where the system has a place for that: of a short life, files take
    /// the larger part.
    pub async fn start_in_memory(configure: impl FnOnce(&mut StackConfig)) -> Result<Self> {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
        Self::start_there(folder?, configure).await
    }

    async fn start_there(folder: TempDir, configure: impl FnOnce(&mut StackConfig)) -> Result<Self> {
        // Once for each process; what goes wrong on our side shows in a failed test's output. The SDK complains of
        // connections that the storm made up.
        let _ = tracing_subscriber::fmt()
            .with_env_filter(format!("warn,{LOG_FILTER},aws_smithy_runtime=off"))
            .with_test_writer()
            .try_init();
        let mut config = StackConfig::new(folder.path());
        config.ports = Ports::ANY;
        config.mail = MailLimits { per_second: 2_000.0, per_day: 100_000 };
        // The tests tick when they want to.
        config.clock = Duration::from_hours(1);
        configure(&mut config);
        let stack = Stack::start(config).await?;
        // Loopback needs no certificates, and reading the system's takes longer than most requests.
        let http = reqwest::Client::builder().tls_certs_only([]).build()?;
        Ok(Self { stack, http, folder })
    }

    /// Signs in to an organisation.
    pub async fn caller(&self, organisation: &str) -> Result<Caller<'_>> {
        let url = format!("{}/dev/token?organisation={organisation}", self.stack.page_url());
        let answer: Value = self.http.get(url).send().await?.error_for_status()?.json().await?;
        Ok(Caller { platform: self, token: answer["token"].as_str().context("no token")?.to_owned() })
    }

    /// Sends what mail and sweeping is due.
    pub async fn tick(&self) -> Result<()> {
        self.stack.tick().await.map_err(|failed| anyhow::anyhow!("{failed:?} failed"))
    }

    /// The addresses that mail was sent to, sorted.
    pub async fn mailed(&self) -> Result<Vec<String>> {
        let url = format!("{}/dev/inbox.json?limit=100000", self.stack.page_url());
        let inbox: Value = self.http.get(url).send().await?.error_for_status()?.json().await?;
        let mails = inbox["mails"].as_array().context("no mails")?;
        ensure!(inbox["total"] == mails.len(), "the inbox was cut off");
        let mut addresses: Vec<String> =
            mails.iter().map(|mail| mail["to"].to_string().replace(['"', '[', ']'], "")).collect();
        addresses.sort();
        Ok(addresses)
    }

    /// The folder of everything that the stack keeps.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Puts a file into the bucket as a school's own system does, and waits for what comes of it.
    pub async fn drop_file(&self, key: &str, body: Vec<u8>) -> Result<()> {
        let context = self.stack.context();
        let put = context.objects.put_object().bucket(&context.config.bucket).key(key);
        put.body(body.into()).send().await?;
        self.stack.settle().await;
        Ok(())
    }

    /// Everything that is stored of an organisation's people. A person is named by first and last name, with
    /// the e-mail address or else the street, the user name or the identifier.
    pub async fn stored(&self, organisation: &str) -> Result<Stored> {
        let mut stored = Stored::default();
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let items = self.scan().await?;
        let of_organisation =
            |item: &&BTreeMap<String, Value>| text(item, "pk").starts_with(&format!("{organisation}/"));
        // Schools and classes have attributes too.
        let is_person = |item: &&BTreeMap<String, Value>| {
            item.contains_key("attributes") && text(item, "pk").contains("/person/")
        };
        for item in items.iter().filter(of_organisation).filter(is_person) {
            let attributes = item["attributes"].as_object().context("a person without attributes")?;
            let attribute = |name: &str| attributes.get(name).and_then(Value::as_str).unwrap_or_default();
            let places = ["email", "street1", "username", "externalId"].map(attribute);
            let place = places.into_iter().find(|place| !place.is_empty()).unwrap_or_default();
            let name = format!("{} {} {place}", attribute("firstName"), attribute("lastName"));
            let attributes = attributes.iter().map(|(name, value)| (name.clone(), plain(value))).collect();
            names.insert(text(item, "id").to_owned(), name.trim().to_owned());
            let earlier = item.get("earlierWriters").and_then(Value::as_array).map_or(0, Vec::len);
            stored.earlier_writers.insert(name.trim().to_owned(), earlier);
            ensure!(
                stored.people.insert(name.trim().to_owned(), attributes).is_none(),
                "{name} is there twice"
            );
        }
        for item in items.iter().filter(of_organisation) {
            stored.writes += item.get("version").and_then(Value::as_u64).unwrap_or_default();
            let name = |field: &str| names.get(text(item, field)).map_or("nobody", String::as_str);
            let offering = text(item, "offering");
            match text(item, "tie") {
                "" if text(item, "pk").contains("/key/") => {
                    ensure!(names.contains_key(text(item, "person")), "an identity key of nobody");
                    stored.keys += 1;
                }
                "" if text(item, "sk").ends_with("/password") => {
                    let id = text(item, "sk").split('/').next().unwrap_or_default();
                    let name = names.get(id).context("a password of nobody")?;
                    stored.passwords.insert(name.clone(), text(item, "hash").to_owned());
                }
                "" if ["school", "class"].contains(&text(item, "kind")) => {
                    let attributes = item["attributes"].as_object().context("a class without attributes")?;
                    let mut unit: BTreeMap<String, String> =
                        attributes.iter().map(|(name, value)| (name.clone(), plain(value))).collect();
                    unit.insert("active".to_owned(), plain(&item["active"]));
                    stored.units.insert(format!("{} {}", text(item, "kind"), text(item, "id")), unit);
                }
                "" => {}
                "link" => {
                    let link = format!("link {} -> {} {offering}", name("parent"), name("child"));
                    stored.ties.insert(link.trim_end().to_owned());
                }
                "instruction" => {
                    stored.ties.insert(format!("instruction {} -> {}", name("instructor"), name("student")));
                }
                tie => {
                    let to = if offering.is_empty() { text(item, "class") } else { offering };
                    stored.ties.insert(format!("{tie} {} {to}", name("person")));
                }
            }
        }
        Ok(stored)
    }

    async fn scan(&self) -> Result<Vec<BTreeMap<String, Value>>> {
        let context = self.stack.context();
        let mut pages =
            context.table.scan().table_name(&context.config.table).into_paginator().items().send();
        let mut items = Vec::new();
        while let Some(item) = pages.next().await {
            items.push(serde_dynamo::from_item(item?)?);
        }
        Ok(items)
    }

    /// A person's own item.
    pub async fn person_item(&self, person: &str) -> Result<BTreeMap<String, Value>> {
        let items = self.scan().await?;
        items.into_iter().find(|item| text(item, "sk") == person).context("no such person")
    }

    /// What is stored of a person's invitation.
    pub async fn invitation(&self, person: &str) -> Result<Value> {
        let item = self.person_item(person).await?;
        item.get("invitation").cloned().context("the person has no invitation")
    }

    /// Notes that a person has registered, as the platform does.
    pub async fn register(&self, organisation: &str, person: &str) -> Result<()> {
        let shard = person.get(..1).context("no person")?;
        let context = self.stack.context();
        context
            .table
            .update_item()
            .table_name(&context.config.table)
            .key("pk", AttributeValue::S(format!("{organisation}/person/{shard}")))
            .key("sk", AttributeValue::S(person.to_owned()))
            .update_expression("SET invitation.#state = :registered")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":registered", AttributeValue::S("registered".to_owned()))
            .send()
            .await?;
        Ok(())
    }

    /// Sets an attribute of the person with this e-mail address, as somebody who edits by hand would.
    pub async fn edit(&self, organisation: &str, email: &str, attribute: &str, value: &str) -> Result<()> {
        let items = self.scan().await?;
        let person = items
            .iter()
            .find(|item| {
                text(item, "pk").starts_with(organisation)
                    && item.get("attributes").is_some_and(|a| a["email"] == email)
            })
            .context("no such person")?;
        let context = self.stack.context();
        context
            .table
            .update_item()
            .table_name(&context.config.table)
            .key("pk", AttributeValue::S(text(person, "pk").to_owned()))
            .key("sk", AttributeValue::S(text(person, "sk").to_owned()))
            .update_expression("SET attributes.#name = :value ADD version :one")
            .expression_attribute_names("#name", attribute)
            .expression_attribute_values(":value", AttributeValue::S(value.to_owned()))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .send()
            .await?;
        Ok(())
    }
}

impl Caller<'_> {
    /// Calls the API; the answer's status and body, whatever they are.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<(StatusCode, Value)> {
        let mut request =
            self.platform.http.request(method, format!("{}{path}", self.platform.stack.page_url()));
        request = request.bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        Ok((answer.status(), answer.json().await?))
    }

    /// Puts a text; the answer's status and body.
    pub async fn put_text(&self, path: &str, text: &str) -> Result<(StatusCode, Value)> {
        let url = format!("{}{path}", self.platform.stack.page_url());
        let request = self.platform.http.put(url).bearer_auth(&self.token).header("content-type", "text/csv");
        let answer = request.body(text.to_owned()).send().await?;
        Ok((answer.status(), answer.json().await?))
    }

    /// Makes an import of these bytes; the answer. A file that is larger than a part is sent part by part.
    pub async fn create(&self, program: &str, roster: &[u8], options: Value) -> Result<Value> {
        // A workbook is a ZIP archive; its name and its content have to agree.
        let name = if roster.starts_with(b"PK") { "roster.xlsx" } else { "roster.csv" };
        let mut digest = FileDigest::new();
        digest.update(roster);
        let Digests { sha256, parts } = digest.finish();
        let file = json!({"name": name, "bytes": roster.len(), "sha256": sha256});
        let request = json!({"program": program, "file": file, "parts": parts, "options": options});
        let (status, answer) = self.call(Method::POST, "/api/imports", Some(&request)).await?;
        ensure!(status == StatusCode::CREATED, "{status} {answer}");
        Ok(answer)
    }

    /// Sends a file that goes in one request.
    pub async fn upload(&self, created: &Value, roster: &[u8]) -> Result<StatusCode> {
        self.send(&created["upload"]["requests"][0], roster).await
    }

    /// Sends these bytes as the signed request says.
    pub async fn send(&self, signed: &Value, body: &[u8]) -> Result<StatusCode> {
        let mut request = self.platform.http.put(signed["url"].as_str().context("no url")?);
        // Of an empty body the client would not give the length, which is signed.
        request = request.header("content-length", body.len()).body(body.to_vec());
        for (name, value) in signed["headers"].as_object().context("no headers")? {
            request = request.header(name, value.as_str().context("no header")?);
        }
        Ok(request.send().await?.status())
    }

    /// Makes an import, uploads, and waits for the check; what the API says of it then.
    pub async fn check(&self, program: &str, roster: &[u8], options: Value) -> Result<Value> {
        let created = self.create(program, roster, options).await?;
        let status = self.upload(&created, roster).await?;
        ensure!(status.is_success(), "the upload was refused: {status}");
        self.platform.stack.settle().await;
        self.show(id(&created["import"])?).await
    }

    /// What the API says of an import.
    pub async fn show(&self, id: &str) -> Result<Value> {
        let (status, import) = self.call(Method::GET, &format!("/api/imports/{id}"), None).await?;
        ensure!(status == StatusCode::OK, "{status} {import}");
        Ok(import)
    }

    /// What the API says of the person with this e-mail address.
    pub async fn person(&self, address: &str) -> Result<Value> {
        let query = format!("/api/people?q={}", address.replace('+', "%2B"));
        let (_, found) = self.call(Method::GET, &query, None).await?;
        let id = found["people"][0]["id"].as_str().with_context(|| format!("nobody has {address}"))?;
        Ok(self.call(Method::GET, &format!("/api/people/{id}"), None).await?.1)
    }

    /// Confirms, with the number of people if the import is held, and waits for the end.
    pub async fn confirm(&self, import: &Value) -> Result<Finished> {
        let id = id(import)?;
        let hold = &import["dryRun"]["hold"]["people"];
        let confirmation = hold.is_u64().then(|| json!({"acknowledge": hold}));
        let path = format!("/api/imports/{id}/confirm");
        let (status, answer) = self.call(Method::POST, &path, confirmation.as_ref()).await?;
        ensure!(status == StatusCode::ACCEPTED, "{status} {answer}");
        self.platform.stack.settle().await;
        self.results(id).await
    }

    /// The whole way of a roster. What the dry run said must be what happened.
    pub async fn import(&self, program: &str, roster: &[u8], options: Value) -> Result<Finished> {
        let checked = self.check(program, roster, options).await?;
        ensure!(checked["state"] == "ready", "{checked}");
        let finished = self.confirm(&checked).await?;
        ensure!(finished.import["state"] == "finished", "{}", finished.import);
        for counts in ["outcomes", "entities"] {
            ensure!(
                checked["dryRun"][counts] == finished.import[counts],
                "the dry run said {} and it was {}",
                checked["dryRun"][counts],
                finished.import[counts]
            );
        }
        Ok(finished)
    }

    /// Fetches an import's results. No row may be lost or counted twice.
    pub async fn results(&self, id: &str) -> Result<Finished> {
        let import = self.show(id).await?;
        let finished = Finished {
            report: serde_json::from_slice(&self.result(id, "report.json").await?)?,
            log: String::from_utf8(self.result(id, "log.csv").await?)?,
            errors: String::from_utf8(self.result(id, "errors.csv").await?)?,
            import,
        };
        let outcomes = finished.report["outcomes"].as_object().context("no outcomes")?;
        let total: u64 = outcomes.values().filter_map(Value::as_u64).sum();
        ensure!(Some(total) == finished.report["rows"].as_u64(), "rows are lost: {outcomes:?}");
        Ok(finished)
    }

    /// Fetches one result by its signed download.
    pub async fn result(&self, id: &str, name: &str) -> Result<Vec<u8>> {
        let (status, download) =
            self.call(Method::GET, &format!("/api/imports/{id}/results/{name}"), None).await?;
        ensure!(status == StatusCode::OK, "{status} {download}");
        let answer = self.platform.http.get(download["url"].as_str().context("no url")?).send().await?;
        Ok(answer.error_for_status()?.bytes().await?.to_vec())
    }
}

impl Finished {
    /// The counts created, updated, unchanged, skipped, rejected.
    #[must_use]
    pub fn outcomes(&self) -> [u64; 5] {
        ["created", "updated", "unchanged", "skipped", "rejected"]
            .map(|name| self.report["outcomes"][name].as_u64().unwrap_or(u64::MAX))
    }
}

/// The identifier of an import as the API shows it.
pub fn id(import: &Value) -> Result<&str> {
    import["id"].as_str().context("no import")
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    functions::names::digest(bytes)
}

fn text<'a>(item: &'a BTreeMap<String, Value>, field: &str) -> &'a str {
    item.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
