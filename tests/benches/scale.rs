//! What an import costs as it grows: `cargo bench -p rollcall-tests --bench scale`, which writes its tables into
//! `docs/scale.md`.
//!
//! `ROWS` and `WORKERS` are lists with commas (`1000,10000,100000` and `1,4,16` if unset), `RIVALS` the rows for the
//! loops beside it (the largest of `ROWS`, 100,000 at most), `PYTHON` a Python that has boto3 (`python3`).
//!
//! The embedded stores run in a process of their own, so that memory is the functions' alone.

use std::{
    env, fs,
    io::{BufRead, BufReader, BufWriter, Read, Write},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use aws_sdk_dynamodb::types::{AttributeValue, BatchStatementRequest};
use functions::context::{Context, PARTITION_ROWS};
use futures::{StreamExt, TryStreamExt, stream};
use local_stack::{Ports, Stack, StackConfig, Urls, stack::context};
use mimalloc::MiMalloc;
use rollcall_tests::{
    faults::deliver,
    requests::{Count, Counter, WRITES, sum},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// As in `rollcall serve`, whose stack this is.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scale.md");
const BEGIN: &str = "<!-- cargo bench -p rollcall-tests --bench scale: begin -->\n";
const END: &str = "<!-- cargo bench -p rollcall-tests --bench scale: end -->";
/// Rows that the boto3 loop takes: its pace does not change with their number.
const BOTO3_ROWS: usize = 3_000;
/// Items that a new person costs: the person and two identity keys.
const ITEMS: usize = 3;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    if arguments.next().as_deref() == Some("--stack") {
        return stack(Path::new(&arguments.next().context("--stack takes a folder")?)).await;
    }
    let rows = list("ROWS", &[1_000, 10_000, 100_000])?;
    let workers = list("WORKERS", &[1, 4, 16])?;
    let mut page = format!(
        "{}, load average {} when the benchmark began.\n\n\
         | rows | workers | dry run | apply | rows/s | again: dry run | peak of dry run | peak of apply | peak again | reads | read items | writes | write units | objects |\n\
         |---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        machine(),
        load(),
    );
    for rows in &rows {
        for workers in &workers {
            let line = measure(*rows, *workers).await?.line();
            eprintln!("{line}");
            page.push_str(&line);
        }
    }
    let largest = rows.iter().copied().max().unwrap_or_default().min(100_000);
    page.push_str(&beside(list("RIVALS", &[largest])?[0]).await?);
    write(&page)
}

fn list(name: &str, default: &[usize]) -> Result<Vec<usize>> {
    let Ok(text) = env::var(name) else { return Ok(default.to_vec()) };
    text.split(',').map(|number| number.trim().parse().with_context(|| format!("{name} is a list"))).collect()
}

/// What one import of new people, and the same file again, took.
struct Measured {
    rows: usize,
    workers: usize,
    dry_run: Duration,
    apply: Duration,
    again: Duration,
    peak_check: u64,
    peak_apply: u64,
    peak_again: u64,
    reads: Count,
    writes: Count,
    objects: u64,
}

impl Measured {
    fn line(&self) -> String {
        let mib = |bytes: u64| format!("{} MiB", bytes >> 20);
        format!(
            "| {} | {} | {} | {} | {:.0} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            grouped(self.rows as u64),
            self.workers,
            seconds(self.dry_run),
            seconds(self.apply),
            per_second(self.rows, self.apply),
            seconds(self.again),
            mib(self.peak_check),
            mib(self.peak_apply),
            mib(self.peak_again),
            grouped(self.reads.requests),
            grouped(self.reads.items),
            grouped(self.writes.requests),
            grouped(self.writes.write_units),
            grouped(self.objects),
        )
    }
}

async fn measure(rows: usize, workers: usize) -> Result<Measured> {
    let stores = Stores::start()?;
    let roster = stores.folder.path().join("roster.csv");
    write_roster(&roster, rows)?;
    let counter = Counter::default();
    let context = context(&stores.urls, PARTITION_ROWS, Some(&counter.transport()));
    let client = Client::sign_in(&stores.urls).await?;

    let import = client.upload(&roster).await?;
    forget_peak()?;
    let began = Instant::now();
    deliver(&context, &format!("uploads/lincoln/{import}/roster")).await?;
    let (dry_run, peak_check) = (began.elapsed(), peak()?);
    ensure!(client.show(&import).await?["dryRun"]["outcomes"]["created"] == rows, "not all are new");

    forget_peak()?;
    let began = Instant::now();
    apply(&context, &client, &import, workers).await?;
    let (apply_took, peak_apply) = (began.elapsed(), peak()?);
    ensure!(client.show(&import).await?["outcomes"]["created"] == rows, "not all were created");
    let counts = counter.take();

    let again = client.upload(&roster).await?;
    forget_peak()?;
    let began = Instant::now();
    deliver(&context, &format!("uploads/lincoln/{again}/roster")).await?;
    let (again_took, peak_again) = (began.elapsed(), peak()?);
    ensure!(client.show(&again).await?["dryRun"]["outcomes"]["unchanged"] == rows, "not all are there");

    Ok(Measured {
        rows,
        workers,
        dry_run,
        apply: apply_took,
        again: again_took,
        peak_check,
        peak_apply,
        peak_again,
        reads: sum(&counts, &["BatchGetItem", "GetItem", "Query"]),
        writes: sum(&counts, &WRITES),
        objects: sum(&counts, &["GET", "PUT", "POST", "HEAD"]).requests,
    })
}

/// Confirms, and delivers the partitions to so many workers at a time, until the results are there.
async fn apply(context: &Context, client: &Client, import: &str, workers: usize) -> Result<()> {
    client.confirm(import).await?;
    deliver(context, &format!("confirmed/lincoln/{import}/start")).await?;
    let partitions =
        client.show(import).await?["progress"]["partitions"].as_u64().context("it does not apply")?;
    stream::iter(0..partitions)
        .map(|partition| async move {
            deliver(context, &format!("confirmed/lincoln/{import}/{partition:05}")).await
        })
        .buffer_unordered(workers)
        .try_collect::<()>()
        .await?;
    Ok(())
}

/// The same writes as bare calls, and a loop in Python that looks up and writes one after another.
async fn beside(rows: usize) -> Result<String> {
    let (ours, bare) = {
        let stores = Stores::start()?;
        let roster = stores.folder.path().join("roster.csv");
        write_roster(&roster, rows)?;
        let context = context(&stores.urls, PARTITION_ROWS, None);
        let client = Client::sign_in(&stores.urls).await?;
        let import = client.upload(&roster).await?;
        deliver(&context, &format!("uploads/lincoln/{import}/roster")).await?;
        let began = Instant::now();
        apply(&context, &client, &import, 4).await?;
        let ours = per_second(rows, began.elapsed());
        let began = Instant::now();
        insert_bare(&context, rows * ITEMS).await?;
        (ours, per_second(rows, began.elapsed()))
    };
    let stores = Stores::start()?;
    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let loop_of_one = Command::new(python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/boto3_loop.py"))
        .args([&stores.urls.table, &BOTO3_ROWS.to_string()])
        .output()?;
    ensure!(loop_of_one.status.success(), "{}", String::from_utf8_lossy(&loop_of_one.stderr));
    let boto3: f64 = String::from_utf8(loop_of_one.stdout)?.trim().parse()?;
    Ok(format!(
        "\n{} new people, 4 workers, against one DynamoDB server:\n\n\
         | | people/s | ours ÷ it |\n|---|---:|---:|\n\
         | `apply`, from confirmation to results | {ours:.0} | 1 |\n\
         | the same inserts as bare concurrent SDK calls, 25 a request, 32 at once | {bare:.0} | {:.2} |\n\
         | boto3, one look-up and one conditional put after another ({BOTO3_ROWS} people) | {boto3:.0} | {:.1} |\n",
        grouped(rows as u64),
        ours / bare,
        ours / boto3,
    ))
}

/// Inserts items of the size of people and their keys, and nothing else.
async fn insert_bare(context: &Context, items: usize) -> Result<()> {
    let batches: Vec<usize> = (0..items).step_by(25).collect();
    stream::iter(batches)
        .map(|first| async move {
            let statements = (first..items.min(first + 25)).map(|number| insertion(context, number));
            let answer = context
                .table
                .batch_execute_statement()
                .set_statements(Some(statements.collect::<Result<_>>()?))
                .send()
                .await?;
            ensure!(answer.responses().iter().all(|response| response.error().is_none()), "an insert failed");
            Ok(())
        })
        .buffer_unordered(32)
        .try_collect()
        .await
}

fn insertion(context: &Context, number: usize) -> Result<BatchStatementRequest> {
    // Of three items one is a person of a few hundred bytes.
    let text = if number.is_multiple_of(ITEMS) { "x".repeat(350) } else { "x".repeat(36) };
    let statement =
        format!("INSERT INTO \"{}\" VALUE {{'pk': ?, 'sk': ?, 'person': ?}}", context.config.table);
    let key = format!("{:x}", Sha256::digest(number.to_le_bytes()));
    let parameters = [format!("bare/key/{key}"), "key".to_owned(), text].map(AttributeValue::S).to_vec();
    Ok(BatchStatementRequest::builder().statement(statement).set_parameters(Some(parameters)).build()?)
}

/// Embedded stores in a process of their own.
struct Stores {
    urls: Urls,
    folder: TempDir,
    process: Child,
}

impl Stores {
    fn start() -> Result<Self> {
        let folder = TempDir::new()?;
        let mut process = Command::new(env::current_exe()?)
            .arg("--stack")
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(process.stdout.take().context("no output")?).lines();
        let mut line = || lines.next().context("the stores did not start")?.map_err(anyhow::Error::from);
        let urls = Urls { page: line()?, objects: line()?, table: line()?, mail: line()?, keys: line()? };
        Ok(Self { urls, folder, process })
    }
}

impl Drop for Stores {
    fn drop(&mut self) {
        // Nothing of the folder is wanted any more.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The process of the stores: says where they are, and runs until it is killed or left alone.
async fn stack(folder: &Path) -> Result<()> {
    let mut config = StackConfig::new(folder.join("data"));
    config.ports = Ports::ANY;
    config.workers = 0;
    config.clock = Duration::from_hours(1);
    let stack = Stack::start(config).await?;
    let Urls { page, objects, table, mail, keys } = stack.urls();
    println!("{page}\n{objects}\n{table}\n{mail}\n{keys}");
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    stack.stop().await;
    Ok(())
}

/// Somebody of the organisation who imports.
struct Client {
    http: reqwest::Client,
    page: String,
    token: String,
}

impl Client {
    async fn sign_in(urls: &Urls) -> Result<Self> {
        let http = reqwest::Client::new();
        let answer = http.get(format!("{}/dev/token?organisation=lincoln", urls.page)).send().await?;
        let answer: Value = answer.error_for_status()?.json().await?;
        let token = answer["token"].as_str().context("no token")?.to_owned();
        Ok(Self { http, page: urls.page.clone(), token })
    }

    async fn upload(&self, roster: &Path) -> Result<String> {
        let (bytes, sha256) = digest(roster)?;
        let request = json!({
            "program": "retail",
            "file": {"name": "roster.csv", "bytes": bytes, "sha256": sha256},
            "options": {"duplicates": "fill-missing", "invite": false, "allOrNothing": false},
        });
        let created =
            self.http.post(format!("{}/api/imports", self.page)).bearer_auth(&self.token).json(&request);
        let created: Value = created.send().await?.error_for_status()?.json().await?;
        let upload = &created["upload"]["requests"][0];
        let body = reqwest::Body::from(tokio::fs::File::open(roster).await?);
        let mut put =
            self.http.put(upload["url"].as_str().context("no url")?).header("content-length", bytes);
        for (name, value) in upload["headers"].as_object().context("no headers")? {
            put = put.header(name, value.as_str().context("no header")?);
        }
        put.body(body).send().await?.error_for_status()?;
        Ok(created["import"]["id"].as_str().context("no import")?.to_owned())
    }

    async fn confirm(&self, import: &str) -> Result<()> {
        let request = self.http.post(format!("{}/api/imports/{import}/confirm", self.page));
        request.bearer_auth(&self.token).send().await?.error_for_status()?;
        Ok(())
    }

    async fn show(&self, import: &str) -> Result<Value> {
        let request = self.http.get(format!("{}/api/imports/{import}", self.page)).bearer_auth(&self.token);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }
}

/// A roster of people none of whom is like another.
fn write_roster(file: &Path, rows: usize) -> Result<()> {
    let mut out = BufWriter::new(fs::File::create(file)?);
    let header = String::from_utf8(rollcall_tests::roster::people(0))?;
    out.write_all(header.as_bytes())?;
    let columns: Vec<&str> = header.trim_end().split(',').collect();
    for row in 0..rows {
        let cells: Vec<String> = columns.iter().map(|column| cell(column, row)).collect();
        writeln!(out, "{}", cells.join(","))?;
    }
    out.flush()?;
    Ok(())
}

fn cell(column: &str, row: usize) -> String {
    match column {
        "Email" => format!("student.number{row}@example.com"),
        "StudentFirstName" => format!("Given{}", row % 4_999),
        "StudentLastName" => format!("Family{}", row % 7_919),
        "Address1StreetAddress1" => format!("{row} Main Street"),
        "Address1Zip" => "02108".to_owned(),
        "Address1Country" => "United States".to_owned(),
        "Phone1Number" => format!("617555{:04}", row % 10_000),
        "ClientType" => "Student".to_owned(),
        "StudentType" => "High school student".to_owned(),
        "CanContact" | "CanContactSchools" | "CanContactSurveys" => "TRUE".to_owned(),
        _ => String::new(),
    }
}

fn digest(file: &Path) -> Result<(u64, String)> {
    let mut sha256 = Sha256::new();
    let mut reader = BufReader::new(fs::File::open(file)?);
    loop {
        let read = reader.fill_buf()?;
        if read.is_empty() {
            return Ok((fs::metadata(file)?.len(), format!("{:x}", sha256.finalize())));
        }
        sha256.update(read);
        let length = read.len();
        reader.consume(length);
    }
}

/// Sets the peak of this process's resident memory back to what it is now (Linux alone knows).
fn forget_peak() -> Result<()> {
    Ok(fs::write("/proc/self/clear_refs", "5")?)
}

/// The peak of this process's resident memory, in bytes.
fn peak() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no peak")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse::<u64>()? << 10)
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{cores} cores, {} {}", env::consts::OS, env::consts::ARCH)
}

fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

#[allow(clippy::cast_precision_loss, reason = "no count here comes near 2⁵³")]
fn per_second(rows: usize, time: Duration) -> f64 {
    rows as f64 / time.as_secs_f64()
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

/// Writes what was measured between the page's marks.
fn write(measured: &str) -> Result<()> {
    let page = fs::read_to_string(PAGE)?;
    let (before, rest) = page.split_once(BEGIN).context("docs/scale.md has no place for it")?;
    let (_, after) = rest.split_once(END).context("docs/scale.md has no end for it")?;
    Ok(fs::write(PAGE, format!("{before}{BEGIN}{measured}{END}{after}"))?)
}
