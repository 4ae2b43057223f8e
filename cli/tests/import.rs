//! `rollcall serve` and `rollcall import`, as processes: the whole way, and a process killed in the middle.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use rollcall_tests::{Platform, Stored, roster};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
    process::{Child, ChildStdout},
    time::{interval, timeout},
};

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(2);

/// A running `rollcall serve`.
struct Server {
    process: Child,
    address: String,
    /// Kept open: a server whose output nobody takes would be ended by it.
    _output: tokio::io::Lines<BufReader<ChildStdout>>,
}

impl Server {
    async fn start(data: &Path) -> Result<Self> {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.arg("serve").arg("--data").arg(data).args(["--workers", "1"]).kill_on_drop(true);
        for port in ["--port", "--objects-port", "--table-port", "--mail-port", "--keys-port"] {
            command.args([port, "0"]);
        }
        let mut process = command.stdout(Stdio::piped()).spawn()?;
        let mut output = BufReader::new(process.stdout.take().context("no output")?).lines();
        let first = timeout(PATIENCE, output.next_line()).await??.context("the server ended")?;
        let address = first.strip_prefix("Rollcall is at ").context("no address")?.to_owned();
        Ok(Self { process, address, _output: output })
    }

    async fn get(&self, path: &str, token: &str) -> Result<Value> {
        let answer =
            reqwest::Client::new().get(format!("{}{path}", self.address)).bearer_auth(token).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// Waits until the newest import is as it should be.
    async fn wait_for(&self, wanted: impl Fn(&Value) -> bool) -> Result<Value> {
        let token = self.get("/dev/token?organisation=demo", "").await?;
        let token = token["token"].as_str().context("no token")?;
        let mut pace = interval(Duration::from_millis(5));
        let waiting = async {
            loop {
                pace.tick().await;
                let list = self.get("/api/imports", token).await?;
                let newest = &list["imports"][0];
                if wanted(newest) {
                    return Ok(newest.clone());
                }
                ensure!(newest["state"] != "failed", "{newest}");
            }
        };
        timeout(PATIENCE, waiting).await?
    }
}

fn import(server: &Server, file: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command.arg("import").arg(file).args(["--program", "retail", "--api", &server.address]).args(more);
    command.stdin(Stdio::null());
    command
}

async fn run(mut command: Command) -> Result<Output> {
    Ok(tokio::task::spawn_blocking(move || command.output()).await??)
}

fn outcomes(output: &Output) -> Result<Value> {
    let report: Value = serde_json::from_slice(&output.stdout).context("no report was printed")?;
    Ok(report["outcomes"].clone())
}

#[tokio::test]
async fn a_roster_goes_the_whole_way() -> Result<()> {
    let folder = TempDir::new()?;
    let server = Server::start(&folder.path().join("data")).await?;
    let file = folder.path().join("people.csv");
    fs::write(&file, roster::retail(&[&[("Email", "ann@example.com")], &[("Email", "bo@")]]))?;

    let unconfirmed = run(import(&server, &file, &[])).await?;
    assert_eq!(unconfirmed.status.code(), Some(2), "there is no terminal to ask at");

    let output = run(import(&server, &file, &["--yes", "--format", "json"])).await?;
    assert_eq!(output.status.code(), Some(1), "a row has an error");
    assert_eq!(
        outcomes(&output)?,
        json!({"created": 1, "updated": 0, "unchanged": 0, "skipped": 0, "rejected": 1})
    );
    let results = folder.path().join("people.results");
    assert_eq!(fs::read(results.join("report.json"))?, output.stdout);
    assert_eq!(fs::read_to_string(results.join("log.csv"))?.lines().count(), 3);
    assert!(fs::read_to_string(results.join("errors.csv"))?.contains("bo@"));

    fs::write(&file, roster::retail(&[&[("Email", "ann@example.com")]]))?;
    for known in [false, true] {
        let again = run(import(&server, &file, &["--yes"])).await?;
        let said = String::from_utf8_lossy(&again.stderr);
        assert_eq!(again.status.code(), Some(0), "{said}");
        assert_eq!(said.contains("imported before"), known, "{said}");
    }

    fs::write(&file, roster::retail(&[&[("Email", ""), ("StudentFirstName", "Anne")]]))?;
    let left_out = run(import(&server, &file, &["--yes", "--possible-duplicates", "leave-out"])).await?;
    let said = String::from_utf8_lossy(&left_out.stderr);
    assert!(said.contains("possible duplicate: row 2") && said.contains("a mistyped name"), "{said}");
    let same = ["--yes", "--format", "json", "--possible-duplicates", "same", "--duplicates", "update"];
    let same = run(import(&server, &file, &same)).await?;
    assert_eq!(outcomes(&same)?["updated"], 1, "{}", String::from_utf8_lossy(&same.stderr));

    let renamed = String::from_utf8(roster::retail(&[&[("Email", "bo@example.com")]]))?;
    fs::write(&file, renamed.replacen("Email,", "Wohin,", 1).replace(',', ";"))?;
    let how = ["--yes", "--format", "json", "--map", "Wohin=Email", "--delimiter", "semicolon"];
    let chosen = run(import(&server, &file, &how)).await?;
    let report: Value = serde_json::from_slice(&chosen.stdout)?;
    assert_eq!(report["columns"][0]["match"]["reason"], "chosen");
    assert_eq!(
        report["options"]["reading"],
        json!({"mapping": {"Wohin": "Email"}, "delimiter": "semicolon"})
    );
    let refused = run(import(&server, &file, &["--yes", "--map", "Wohin=Nowhere"])).await?;
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr)?.contains("has no column `Nowhere`"));

    fs::write(&file, "no,roster\n1,2\n")?;
    let stopped = run(import(&server, &file, &["--yes"])).await?;
    assert_eq!(stopped.status.code(), Some(1));
    assert!(String::from_utf8(stopped.stderr)?.contains("nothing was imported"));
    Ok(())
}

#[tokio::test]
async fn an_import_is_undone_with_the_number_of_people_and_a_waiting_one_is_cancelled() -> Result<()> {
    let folder = TempDir::new()?;
    let server = Server::start(&folder.path().join("data")).await?;
    let file = folder.path().join("people.csv");
    fs::write(&file, roster::people(25))?;
    let imported = run(import(&server, &file, &["--yes", "--format", "json"])).await?;
    let report: Value = serde_json::from_slice(&imported.stdout)?;
    let id = report["import"].as_str().context("no import")?;
    let results = folder.path().join("undo");
    let undo = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(["undo", id, "--api", &server.address, "--yes", "--format", "json", "--results"]);
        command.arg(&results).args(more).stdin(Stdio::null());
        command
    };
    let held = run(undo(&[])).await?;
    assert_eq!(held.status.code(), Some(2));
    assert!(String::from_utf8(held.stderr)?.contains("--yes --acknowledge 25"));
    let undone = run(undo(&["--acknowledge", "25"])).await?;
    assert_eq!(undone.status.code(), Some(0), "{}", String::from_utf8_lossy(&undone.stderr));
    assert_eq!(outcomes(&undone)?["updated"], 25);
    assert!(fs::read_to_string(results.join("log.csv"))?.lines().count() == 26);

    // The first undo still waits for its number.
    let token = server.get("/dev/token?organisation=demo", "").await?;
    let list = server.get("/api/imports", token["token"].as_str().context("no token")?).await?;
    let waiting = list["imports"][1]["id"].as_str().context("no import")?;
    for _ in 0..2 {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(["cancel", waiting, "--api", &server.address]);
        let cancelled = run(command).await?;
        assert_eq!(cancelled.status.code(), Some(0));
        assert!(String::from_utf8(cancelled.stderr)?.contains("Cancelled."));
    }
    Ok(())
}

#[tokio::test]
async fn a_program_is_brought_listed_and_deleted() -> Result<()> {
    let folder = TempDir::new()?;
    let server = Server::start(&folder.path().join("data")).await?;
    let schema = folder.path().join("choir.json");
    let programs = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(["programs", "--api", &server.address]).args(more);
        command
    };
    let bring = || programs(&["choir", "--schema", schema.to_str().unwrap_or_default()]);
    fs::write(&schema, r#"{"fields": [{"name": "Mail", "type": "mail"}]}"#)?;
    let refused = run(bring()).await?;
    assert_eq!(refused.status.code(), Some(2));
    let words = String::from_utf8(refused.stderr)?;
    ensure!(words.contains("\n/fields/0/type: found "), "{words}");
    let named = |name: &str| json!({"name": name, "rollcall": {"fills": format!("person.{name}")}});
    let mut email = named("email");
    email["format"] = json!("email");
    let fields = [named("firstName"), named("lastName"), email];
    let rollcall = json!({"identity": ["email"], "kind": {"main": "client"}});
    fs::write(&schema, json!({"fields": fields, "rollcall": rollcall}).to_string())?;
    assert_eq!(run(bring()).await?.status.code(), Some(0));
    let listed = String::from_utf8(run(programs(&[])).await?.stdout)?;
    ensure!(listed.lines().count() == 8 && listed.contains("\nchoir: choir, your own\n"), "{listed}");

    let file = folder.path().join("people.csv");
    fs::write(&file, "firstName,lastName,email\nAnn,Lee,ann@example.com\n")?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    command.arg("import").arg(&file).args(["--program", "choir", "--api", &server.address]);
    command.args(["--yes", "--format", "json"]).stdin(Stdio::null());
    assert_eq!(outcomes(&run(command).await?)?["created"], 1);
    assert_eq!(run(programs(&["choir", "--delete"])).await?.status.code(), Some(0));
    assert_eq!(String::from_utf8(run(programs(&[])).await?.stdout)?.lines().count(), 7);
    Ok(())
}

/// A proxy that breaks the first `cuts` uploads off in the middle; its address.
async fn cutting_proxy(cuts: usize) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let left = Arc::new(AtomicUsize::new(cuts));
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(forward(client, Arc::clone(&left)));
        }
    });
    Ok(address)
}

/// Passes a connection on to the server that its first request names, unless that is an upload to be cut.
async fn forward(mut client: TcpStream, cuts: Arc<AtomicUsize>) -> Result<()> {
    let mut head = vec![0; 1 << 16];
    let read = client.read(&mut head).await?;
    head.truncate(read);
    let line = String::from_utf8_lossy(&head);
    let (method, target) = line.split_once(" http://").context("no request to a proxy")?;
    let server = target.split('/').next().context("no server")?;
    let is_cut = || cuts.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok();
    if method == "PUT" && is_cut() {
        // Fewer than the smallest part has.
        let mut half = vec![0; 1 << 16];
        client.read_exact(&mut half).await?;
        return Ok(());
    }
    let mut server = TcpStream::connect(server).await?;
    server.write_all(&head).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

#[tokio::test]
async fn an_upload_that_is_broken_off_goes_on() -> Result<()> {
    const PEOPLE: usize = 300;
    let folder = TempDir::new()?;
    let server = Server::start(&folder.path().join("data")).await?;
    let file = folder.path().join("people.csv");
    fs::write(&file, roster::padded(PEOPLE, 30_000))?;
    let mut command = import(&server, &file, &["--yes", "--format", "json"]);
    command.env("http_proxy", cutting_proxy(1).await?).env_remove("no_proxy").env_remove("NO_PROXY");
    let output = run(command).await?;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(outcomes(&output)?["created"], PEOPLE);
    Ok(())
}

/// Imports without a break; what is stored then.
async fn undisturbed(roster: &[u8]) -> Result<Stored> {
    let platform = Platform::start().await?;
    platform.caller("demo").await?.import("retail", roster, json!({})).await?;
    platform.stored("demo").await
}

#[tokio::test]
async fn a_process_killed_in_the_middle_finishes_the_import_when_it_starts_again() -> Result<()> {
    const PEOPLE: usize = 2_000;
    let folder = TempDir::new()?;
    let data = TempDir::new()?;
    let file = folder.path().join("people.csv");
    let roster = roster::people(PEOPLE);
    fs::write(&file, &roster)?;

    let mut server = Server::start(data.path()).await?;
    let client = tokio::spawn(run(import(&server, &file, &["--yes"])));
    let half_done = |import: &Value| import["progress"]["done"].as_u64().is_some_and(|done| done > 0);
    let seen = server.wait_for(half_done).await?;
    server.process.kill().await?;
    assert_eq!(seen["state"], "applying", "it was killed too late to prove anything: {seen}");
    assert_eq!(client.await??.status.code(), Some(2), "the client was cut off");

    let mut server = Server::start(data.path()).await?;
    let finished = server.wait_for(|import| import["state"] == "finished").await?;
    assert_eq!(finished["outcomes"]["created"], PEOPLE);
    server.process.kill().await?;

    let platform = Platform::start_in(data).await?;
    assert_eq!(platform.stored("demo").await?, undisturbed(&roster).await?);
    let again = platform.caller("demo").await?.import("retail", &roster, json!({})).await?;
    assert_eq!(again.outcomes(), [0, 0, PEOPLE as u64, 0, 0]);
    Ok(())
}
