//! Imports on bad days, each storm made from a seed: whatever befalls the requests and events, what is stored, reported and
//! mailed in the end is what one worker makes of it on a good day.
//!
//! `FAULT_SEEDS` says which days, as `FIRST..END` (200 if unset). `cargo xtask faults` sets it.

use std::{collections::BTreeMap, env, ops::Range, time::Duration};

use anyhow::{Context, Result, ensure};
use fastrand::Rng;
use functions::sweep::sweep;
use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use local_stack::Delivery;
use reqwest::Method;
use rollcall_tests::{Caller, Platform, Stored, id, roster::retail, storm::Storm};
use serde_json::{Value, json};

const SEEDS: Range<u64> = 0..200;
/// Seeds that are storms over the same day, which is then lived through once in calm weather.
const STORMS: u64 = 4;
/// Rows in a partition, so that a short roster has several.
const PARTITION_ROWS: usize = 3;
/// Days under way at once.
const AT_ONCE: usize = 3;
/// How often an event is delivered again before it is parked, as an outage longer than its age would have it.
const RETRIES: usize = 12;
/// Longer than a stalled import is left alone.
const STALLED: SignedDuration = SignedDuration::from_mins(17);

/// What happens on a day.
#[derive(Debug)]
struct Day {
    imports: Vec<(Vec<u8>, Value)>,
    undo: bool,
}

/// What is left of it.
#[derive(Debug, PartialEq)]
struct Evening {
    stored: Stored,
    /// How many imports each person remembers.
    remembered: BTreeMap<String, usize>,
    imports: Vec<Ended>,
    /// Addresses that were mailed, sorted, each once.
    mailed: Vec<String>,
}

/// Without what differs between two runs: identifiers and times.
#[derive(Debug, PartialEq)]
struct Ended {
    outcomes: Value,
    entities: Value,
    invitations: Value,
    log: Vec<String>,
    errors: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_day_ends_as_a_good_one() -> Result<()> {
    let seeds = seeds()?;
    let days = seeds.start / STORMS..seeds.end.div_ceil(STORMS);
    let mut days = stream::iter(days).map(|day| withstand(day, &seeds)).buffer_unordered(AT_ONCE);
    let mut failed = Vec::new();
    while let Some(seeds) = days.next().await {
        failed.extend(seeds?);
    }
    ensure!(failed.is_empty(), "these seeds failed: {failed:?}");
    Ok(())
}

fn seeds() -> Result<Range<u64>> {
    let Ok(asked) = env::var("FAULT_SEEDS") else { return Ok(SEEDS) };
    let (first, end) = asked.split_once("..").context("FAULT_SEEDS is FIRST..END")?;
    Ok(first.parse()?..end.parse()?)
}

/// Lives through the day in calm weather, then in the storm of each of its seeds; the seeds that ended otherwise.
async fn withstand(number: u64, seeds: &Range<u64>) -> Result<Vec<u64>> {
    let day = Day::draw(&mut Rng::with_seed(number));
    let (good, _) =
        live(&day, None, number).await.with_context(|| format!("day {number} without a storm"))?;
    let mut failed = Vec::new();
    for seed in (number * STORMS..(number + 1) * STORMS).filter(|seed| seeds.contains(seed)) {
        if let Err(error) = ends_as(&good, &day, seed).await {
            eprintln!("seed {seed}: {error:#}\nreplay it with: cargo xtask faults --first {seed} --seeds 1");
            failed.push(seed);
        }
    }
    Ok(failed)
}

async fn ends_as(good: &Evening, day: &Day, seed: u64) -> Result<()> {
    let percent = [2, 5, 10, 20, 35][Rng::with_seed(seed).usize(..5)];
    let storm = Storm::new(seed, percent);
    let (bad, repeats) = live(day, Some(&storm), seed).await.context("in the storm")?;
    ensure!(bad == *good, "{percent} % of the requests:\n{}", difference(&bad, good));
    let doubt = usize::try_from(storm.mails_in_doubt())?;
    ensure!(repeats <= doubt, "{repeats} mails were sent again, and only {doubt} were in doubt");
    Ok(())
}

/// Lives through a day; the mails that somebody got more than once are counted.
async fn live(day: &Day, storm: Option<&Storm>, seed: u64) -> Result<(Evening, usize)> {
    let platform = Platform::start_in_memory(|config| {
        config.partition_rows = PARTITION_ROWS;
        config.delivery = match storm {
            Some(_) => Delivery { copies: 2, shuffle: Some(seed), retries: vec![Duration::ZERO; RETRIES] },
            None => Delivery { retries: Vec::new(), ..Delivery::default() },
        };
        config.workers = if storm.is_some() { 8 } else { 1 };
        config.transport = storm.map(Storm::transport);
    })
    .await?;
    let caller = platform.caller("lincoln").await?;
    let mut imports = Vec::new();
    for (roster, options) in &day.imports {
        let created = caller.create("retail", roster, options.clone()).await?;
        ensure!(caller.upload(&created, roster).await?.is_success(), "the upload was refused");
        imports.push(id(&created["import"])?.to_owned());
        carry_through(&platform, &caller, imports.last().context("no import")?).await?;
    }
    if day.undo {
        let path = format!("/api/imports/{}/undo", imports.last().context("no import")?);
        let (status, undo) = caller.call(Method::POST, &path, None).await?;
        ensure!(status.is_success(), "{status} {undo}");
        imports.push(id(&undo)?.to_owned());
        carry_through(&platform, &caller, imports.last().context("no import")?).await?;
    }
    // The minute's work, in the storm and after it.
    let _ = platform.stack.tick().await;
    if let Some(storm) = storm {
        storm.end();
    }
    platform.tick().await?;
    let mut mailed = platform.mailed().await?;
    let sent = mailed.len();
    mailed.dedup();
    let repeats = sent - mailed.len();
    let mut ended = Vec::new();
    for import in &imports {
        ended.push(end_of(&caller, import).await?);
    }
    let stored = platform.stored("lincoln").await?;
    let remembered = stored.earlier_writers.clone();
    platform.stop().await;
    Ok((Evening { stored: stored.content(), remembered, imports: ended, mailed }, repeats))
}

/// Lets an import come to its dry run, confirms it, and lets it come to its end.
async fn carry_through(platform: &Platform, caller: &Caller<'_>, import: &str) -> Result<()> {
    let checked = reach(platform, caller, import, "ready").await?;
    let hold = &checked["dryRun"]["hold"]["people"];
    let confirmation = hold.is_u64().then(|| json!({"acknowledge": hold}));
    let path = format!("/api/imports/{import}/confirm");
    let (status, answer) = caller.call(Method::POST, &path, confirmation.as_ref()).await?;
    ensure!(status.is_success(), "{status} {answer}");
    reach(platform, caller, import, "finished").await?;
    Ok(())
}

/// Waits for a state. Where every delivery failed, the import is found within two sweeps.
async fn reach(platform: &Platform, caller: &Caller<'_>, import: &str, state: &str) -> Result<Value> {
    for _ in 0..=2 {
        platform.stack.settle().await;
        let shown = caller.show(import).await?;
        if shown["state"] == state {
            return Ok(shown);
        }
        sweep(&platform.stack.context(), Timestamp::now() + STALLED).await?;
    }
    anyhow::bail!("it is not {state}: {}", caller.show(import).await?)
}

async fn end_of(caller: &Caller<'_>, import: &str) -> Result<Ended> {
    let finished = caller.results(import).await?;
    let mut log = csv::Reader::from_reader(finished.log.as_bytes());
    Ok(Ended {
        outcomes: finished.report["outcomes"].clone(),
        entities: finished.report["entities"].clone(),
        invitations: caller.show(import).await?["invitations"].clone(),
        log: log.records().map(|row| Ok(said_of(&row?))).collect::<Result<_>>()?,
        errors: finished.errors,
    })
}

/// What the log says of a row, without identifiers, by which the changes of a row are sorted.
fn said_of(row: &csv::StringRecord) -> String {
    let cells = row.iter().map(|cell| {
        let words = |line: &str| {
            let words = line.split(' ').filter(|word| uuid::Uuid::try_parse(word).is_err());
            words.collect::<Vec<_>>().join(" ")
        };
        let mut lines: Vec<String> = cell.lines().map(words).collect();
        lines.sort_unstable();
        lines.join("; ")
    });
    cells.collect::<Vec<_>>().join(" | ")
}

fn difference(bad: &Evening, good: &Evening) -> String {
    let lines = |evening: &Evening| format!("{evening:#?}").lines().map(str::to_owned).collect::<Vec<_>>();
    let (bad, good) = (lines(bad), lines(good));
    let only = |these: &[String], those: &[String], sign: char| {
        let lines = these.iter().filter(|line| !those.contains(line));
        lines.map(|line| format!("{sign}{line}")).collect::<Vec<_>>()
    };
    [only(&good, &bad, '-'), only(&bad, &good, '+')].concat().join("\n")
}

impl Day {
    fn draw(random: &mut Rng) -> Self {
        let imports = (0..=random.usize(..4) / 3).map(|_| (roster(random), options(random))).collect();
        Self { imports, undo: random.u8(..5) == 0 }
    }
}

fn options(random: &mut Rng) -> Value {
    let policies = ["skip", "fill-missing", "update", "update"];
    json!({"duplicates": policies[random.usize(..4)], "invite": random.bool()})
}

/// Few people who come again and again, share parents, enrol and cancel; some rows are wrong.
fn roster(random: &mut Rng) -> Vec<u8> {
    let rows: Vec<Vec<(&str, String)>> = (0..random.usize(3..14)).map(|_| row(random)).collect();
    let rows: Vec<Vec<(&str, &str)>> =
        rows.iter().map(|row| row.iter().map(|(name, value)| (*name, value.as_str())).collect()).collect();
    retail(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn row(random: &mut Rng) -> Vec<(&'static str, String)> {
    let person = random.u8(..10);
    let mut row = vec![
        ("StudentFirstName", format!("Ann{person}")),
        ("Address1StreetAddress1", format!("{person} Main St")),
    ];
    if random.u8(..10) > 0 {
        row.push(("Email", format!("person{person}@example.com")));
    }
    if random.bool() {
        row.push(("Phone1Number", format!("617555010{}", random.u8(..4))));
    }
    if random.u8(..3) == 0 {
        let parent = random.u8(..4);
        row.push(("ParentEmail", format!("parent{parent}@example.com")));
        row.push(("ParentFirstName", format!("Bo{}", parent / random.u8(1..=2))));
        row.push(("ParentLastName", "Lee".to_owned()));
    }
    if random.bool() {
        row.push(("PSOId", ["111111", "222222", "333333"][random.usize(..3)].to_owned()));
        if random.u8(..5) == 0 {
            row.push(("Cancel", "TRUE".to_owned()));
        }
    }
    if random.u8(..12) == 0 {
        row.push(("ClientType", "nobody".to_owned()));
    }
    row
}
