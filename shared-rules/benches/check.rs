//! The whole check of a roster beside a bare loop over the same bytes with the `csv` crate, and beside qsv and
//! frictionless; writes its table into `docs/performance.md`.
//!
//! `ROSTER` names a roster of the program `retail`, of which the first 10,000, 100,000 and 1,000,000 rows are taken;
//! without it, one is made up. `QSV` names the program qsv, `FRICTIONLESS` a Python that has frictionless; without them,
//! what is said of them is left out.
#![expect(clippy::unwrap_used, reason = "a benchmark fails loudly")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads files and the clock; the rules do not")]

use std::{
    env,
    fmt::Write as _,
    fs,
    hint::black_box,
    io::Read as _,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use jiff::civil::Date;
use serde_json::{Map, Value, json};
use shared_rules::{
    check::{CheckOptions, Checker},
    program::Program,
    rules::grouped,
};

/// Rows, and how often both are run.
const SIZES: [(usize, usize); 3] = [(10_000, 21), (100_000, 11), (1_000_000, 5)];
const FRICTIONLESS_ROWS: usize = 10_000;
const QSV_ROWS: usize = 100_000;
const QSV_RUNS: usize = 5;
const CHUNK: usize = 256 << 10;
const REPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/performance.md");
const PEER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/against_frictionless.py");

fn main() {
    let arguments: Vec<String> = env::args().collect();
    match arguments.iter().position(|argument| argument == "--peak") {
        Some(place) => println!("{}", peak_of(Path::new(&arguments[place + 1]))),
        None => compare(),
    }
}

fn compare() {
    let (roster, origin) = match env::var("ROSTER") {
        Ok(path) => (fs::read(path).unwrap(), "`ROSTER`"),
        Err(_) => (made_up(SIZES[2].0), "made up by the benchmark"),
    };
    let mut table = String::new();
    writeln!(table, "{}; roster: {origin}.\n", machine()).unwrap();
    writeln!(table, "| rows | bytes | csv loop | check | check ÷ csv loop | peak of the check's process |")
        .unwrap();
    writeln!(table, "|---:|---:|---:|---:|---:|---:|").unwrap();
    for (rows, runs) in SIZES {
        let part = first_rows(&roster, rows);
        let (check, base, ratio) = in_turns(runs, || check(part), || bare_loop(part));
        let file = Written::new(part);
        let peak = file.peak();
        println!("{rows} rows: csv loop {base:.1?}, check {check:.1?}, {ratio:.2}, peak {peak} kB");
        let (rows, bytes) = (grouped(rows as u64), grouped(part.len() as u64));
        let (base, check) = (milliseconds(base), milliseconds(check));
        writeln!(table, "| {rows} | {bytes} | {base} | {check} | {ratio:.2} | {:.0} MiB |", peak / 1024.0)
            .unwrap();
    }
    if let Ok(program) = env::var("QSV") {
        let part = first_rows(&roster, QSV_ROWS);
        let qsv = Qsv::new(program, part);
        let (peer, check, ratio) = in_turns(QSV_RUNS, || qsv.validate(), || check(part));
        writeln!(
            table,
            "\n`qsv validate --jobs 1`, the same columns as a JSON Schema, {} rows: {}, the check {}, {ratio:.1} times \
             as fast (no duplicates, none of the rules beyond a JSON Schema; qsv also writes the valid and the \
             invalid rows).",
            grouped(QSV_ROWS as u64),
            milliseconds(peer),
            milliseconds(check),
        )
        .unwrap();
    }
    if let Ok(python) = env::var("FRICTIONLESS") {
        let part = first_rows(&roster, FRICTIONLESS_ROWS);
        let check = median((0..11).map(|_| timed(|| check(part))).collect());
        let peer = frictionless(&python, &Written::new(part).0);
        writeln!(
            table,
            "\nfrictionless, the same columns as a Table Schema, {} rows, one run: {:.1} s, {:.0} times the check (no \
             duplicates, none of the rules beyond a Table Schema).",
            grouped(FRICTIONLESS_ROWS as u64),
            peer.as_secs_f64(),
            peer.as_secs_f64() / check.as_secs_f64()
        )
        .unwrap();
    }
    write(&table);
}

/// Runs both in turns: the medians of their times, and of how many times as long as the other the one takes.
fn in_turns<A, B>(
    runs: usize,
    mut one: impl FnMut() -> A,
    mut other: impl FnMut() -> B,
) -> (Duration, Duration, f64) {
    let times: Vec<(Duration, Duration)> = (0..runs).map(|_| (timed(&mut one), timed(&mut other))).collect();
    let ratios = times.iter().map(|(one, other)| one.as_secs_f64() / other.as_secs_f64());
    let ratio = median_by(ratios.collect(), f64::total_cmp);
    let (one, other) = times.into_iter().unzip();
    (median(one), median(other), ratio)
}

fn bare_loop(file: &[u8]) -> usize {
    let mut reader = csv::Reader::from_reader(file);
    let mut record = csv::ByteRecord::new();
    let mut cells = 0;
    while reader.read_byte_record(&mut record).unwrap() {
        cells += record.len();
    }
    cells
}

fn check(file: &[u8]) -> u32 {
    let mut checker = checker();
    for chunk in file.chunks(CHUNK) {
        checker.push(chunk, |_| {});
    }
    checker.finish(|_| {}).rows
}

fn checker() -> Checker {
    // As every caller does, it gives the day by which birth dates are judged.
    let options = CheckOptions { today: Some(Date::constant(2026, 11, 23)), ..CheckOptions::default() };
    Checker::new(Program::builtin("retail").unwrap(), "roster.csv", options)
}

/// Checks a file as it is read, and says how many kilobytes the process had at most.
fn peak_of(path: &Path) -> f64 {
    let (mut file, mut checker, mut chunk) = (fs::File::open(path).unwrap(), checker(), vec![0; CHUNK]);
    loop {
        let read = file.read(&mut chunk).unwrap();
        if read == 0 {
            break;
        }
        checker.push(&chunk[..read], |_| {});
    }
    black_box(checker.finish(|_| {}));
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next());
    peak.map_or(f64::NAN, |peak| peak.parse().unwrap())
}

/// A file that another process reads.
struct Written(PathBuf);

impl Written {
    fn new(bytes: &[u8]) -> Self {
        let path = env::temp_dir().join(format!("rollcall-bench-{}.csv", std::process::id()));
        fs::write(&path, bytes).unwrap();
        Self(path)
    }

    fn peak(&self) -> f64 {
        let child = Command::new(env::current_exe().unwrap()).arg("--peak").arg(&self.0).output().unwrap();
        String::from_utf8(child.stdout).unwrap().trim().parse().unwrap()
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Another validator of CSV files, and what it is given: the roster and the columns of `retail` as a JSON Schema.
struct Qsv {
    program: String,
    folder: PathBuf,
}

impl Qsv {
    fn new(program: String, roster: &[u8]) -> Self {
        let folder = env::temp_dir().join(format!("rollcall-bench-qsv-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("roster.csv"), roster).unwrap();
        fs::write(folder.join("schema.json"), json_schema().to_string()).unwrap();
        Self { program, folder }
    }

    /// Its exit code says whether there are invalid rows.
    fn validate(&self) {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.folder).args(["validate", "--jobs", "1", "roster.csv", "schema.json"]);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(&format!("out of {} records", grouped(QSV_ROWS as u64))), "{said}");
    }
}

impl Drop for Qsv {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What a JSON Schema can say of the columns. A blank cell is `null` to qsv.
fn json_schema() -> Value {
    let program: Value = serde_json::from_str(include_str!("../programs/retail.json")).unwrap();
    let fields = program["fields"].as_array().unwrap();
    let properties = fields.iter().map(|field| (field["name"].as_str().unwrap().to_owned(), property(field)));
    json!({"type": "object", "properties": properties.collect::<Map<_, _>>()})
}

fn property(field: &Value) -> Value {
    let constraints = &field["constraints"];
    let kind = if field["type"] == "year" { "integer" } else { "string" };
    let mut property = json!({"type": [kind]});
    if constraints["required"] != true {
        property["type"] = json!([kind, "null"]);
    }
    if field["format"] == "email" {
        property["format"] = json!("idn-email");
    }
    if let Some(pattern) = constraints["pattern"].as_str() {
        property["pattern"] = json!(format!("^(?:{pattern})$"));
    }
    let texts = |name: &str| field[name].as_array().cloned().unwrap_or_default();
    let mut values = constraints["enum"].as_array().cloned().unwrap_or_default();
    if field["type"] == "boolean" {
        let only_true = values == [json!(true)];
        values = texts("trueValues");
        values.extend(if only_true { Vec::new() } else { texts("falseValues") });
    }
    if !values.is_empty() {
        property["enum"] = values.into_iter().chain([Value::Null]).collect();
    }
    property
}

fn frictionless(python: &str, file: &Path) -> Duration {
    let child = Command::new(python).arg(PEER).arg(file).output().unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
    Duration::from_secs_f64(String::from_utf8(child.stdout).unwrap().trim().parse().unwrap())
}

/// The header and so many lines; no cell of the roster has a line end.
fn first_rows(roster: &[u8], rows: usize) -> &[u8] {
    let end = memchr::memchr_iter(b'\n', roster).nth(rows).unwrap_or(roster.len() - 1);
    &roster[..=end]
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let started = Instant::now();
    black_box(work());
    started.elapsed()
}

fn median(times: Vec<Duration>) -> Duration {
    median_by(times, Duration::cmp)
}

fn median_by<T: Copy>(mut values: Vec<T>, order: impl FnMut(&T, &T) -> std::cmp::Ordering) -> T {
    values.sort_by(order);
    values[values.len() / 2]
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    let cores = std::thread::available_parallelism().unwrap();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    format!("{model}, {cores} cores, {}, load average {load} when the benchmark began", env::consts::OS)
}

/// Puts the table between its marks.
fn write(table: &str) {
    const BEGIN: &str = "<!-- cargo bench -p shared-rules: begin -->\n";
    const END: &str = "<!-- cargo bench -p shared-rules: end -->";
    let report = fs::read_to_string(REPORT).unwrap();
    let (before, rest) = report.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    fs::write(REPORT, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    println!("written into {REPORT}");
}

/// People who differ, a hundredth of them with a fault and a fiftieth there twice.
fn made_up(rows: usize) -> Vec<u8> {
    let mut file = String::from(
        "Email,StudentFirstName,StudentLastName,Address1StreetAddress1,Address1City,Address1Type,Address1State,\
         Address1Zip,Address1Country,Phone1Number,ParentEmail,ParentFirstName,ParentLastName,ClientType,\
         StudentType,StatusId,PSOId,Source,HighSchoolGraduationYear,WhatInterestedIn,Modality,BirthDay,\
         CanContact,CanContactSchools,CanContactSurveys,SchoolNameHS,ExternalID\n",
    );
    for row in 0..rows {
        let id = if row % 50 == 49 { row - 1 } else { row };
        let first = ["Emma", "José", "Zoë", "Liam", "Łukasz"][id % 5];
        let domain = ["example.com", "students.example.edu", "schüler.example"][id % 3];
        let client = if row % 100 == 7 { "student" } else { "Student" };
        writeln!(
            file,
            "person{id}@{domain},{first},Garcia{id},{id} Washington Blvd,Boston,Home,MA,02108,United States,\
             (617) 555-0{last:03},parent{id}@example.org,Ana,Garcia,{client},High school student,1,111111,\
             Inbound Call,2031,Test Prep,In Person,2013-04-20,TRUE,FALSE,TRUE,\"Jefferson High, North\",{id:09}",
            last = id % 1000,
        )
        .unwrap();
    }
    file.into_bytes()
}
