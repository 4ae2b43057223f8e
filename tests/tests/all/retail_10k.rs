//! Ten thousand rows, through everything, twice.

use std::{collections::BTreeSet, env, fs, path::Path};

use anyhow::{Context, Result};
use rollcall_tests::{Platform, id, roster};
use serde_json::json;
use shared_rules::{
    check::{CheckOptions, Checker},
    program::Program,
};

/// The made-up roster of 10,000 rows with its faults and repeats, from the folder that `SHARED` names or the
/// one beside the repository; where there is none, as many clean rows.
fn ten_thousand() -> Vec<u8> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = env::var_os("SHARED").map_or(beside, Into::into);
    fs::read(folder.join("retail-10k.csv")).unwrap_or_else(|_| roster::people(10_000))
}

/// The rows that the rules refuse.
fn refused(file: &[u8]) -> Result<BTreeSet<String>> {
    let program = Program::builtin("retail").context("no program")?;
    let mut rows = BTreeSet::new();
    let mut checker = Checker::new(program, "roster.csv", CheckOptions::default());
    checker.push(file, |row| rows.extend(row.is_rejected().then(|| row.row().to_string())));
    let _ = checker.finish(|row| rows.extend(row.is_rejected().then(|| row.row().to_string())));
    Ok(rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_rows_are_accounted_for_and_a_second_import_changes_nothing() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let file = ten_thousand();

    let first = caller.import("retail", &file, json!({"invite": true})).await?;
    assert_eq!(first.outcomes().iter().sum::<u64>(), 10_000);
    let log = csv::Reader::from_reader(first.log.as_bytes()).into_records().collect::<Result<Vec<_>, _>>()?;
    let rejected: BTreeSet<String> =
        log.iter().filter(|row| &row[1] == "rejected").map(|row| row[0].to_owned()).collect();
    assert_eq!(rejected, refused(&file)?);

    let stored = platform.stored("lincoln").await?;
    let mut addresses: Vec<String> = stored
        .people
        .values()
        .filter_map(|person| person.get("email"))
        .map(|email| email.to_lowercase())
        .collect();
    addresses.sort();
    while caller.show(id(&first.import)?).await?["invitations"]["sent"] != addresses.len() {
        platform.tick().await?;
    }
    let mut mailed: Vec<String> =
        platform.mailed().await?.iter().map(|address| address.to_lowercase()).collect();
    mailed.sort();
    assert_eq!(mailed, addresses, "one mail for each new person with an address");

    let again = caller.import("retail", &file, json!({"invite": true})).await?;
    let [created, updated, unchanged, skipped, rejected_again] = again.outcomes();
    assert_eq!((created, updated, rejected_again), (0, 0, rejected.len() as u64));
    assert_eq!(unchanged + skipped, 10_000 - rejected_again);
    platform.tick().await?;
    assert_eq!(platform.mailed().await?.len(), addresses.len(), "nobody is asked twice");
    assert_eq!(platform.stored("lincoln").await?, stored);
    Ok(())
}
