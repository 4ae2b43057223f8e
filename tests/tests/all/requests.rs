//! What an import costs in requests and units: what carries over to AWS.

use anyhow::{Context, Result};
use local_stack::Delivery;
use rollcall_tests::{
    Platform,
    requests::{Count, Counter, WRITES, sum},
    roster::people,
};
use serde_json::json;

const PEOPLE: u64 = 1_000;

/// So many requests a table takes for the import's own item, the lease, the lists and the census, whatever the rows.
const BOOKKEEPING: u64 = 30;

#[tokio::test]
async fn a_thousand_people_cost_three_units_each_and_few_requests_and_nothing_the_second_time() -> Result<()>
{
    let counter = Counter::default();
    let platform = Platform::start_configured(|config| {
        config.delivery = Delivery { retries: Vec::new(), ..Delivery::default() };
        config.transport = Some(counter.transport());
    })
    .await?;
    let caller = platform.caller("lincoln").await?;
    let roster = people(usize::try_from(PEOPLE)?);

    let checked = caller.check("retail", &roster, json!({})).await?;
    let check = counter.take();
    assert!(sum(&check, &["BatchGetItem"]).requests <= 35, "{check:?}");
    assert!(sum(&check, &WRITES).requests <= BOOKKEEPING, "a dry run writes nobody: {check:?}");

    let finished = caller.confirm(&checked).await?;
    assert_eq!(finished.outcomes(), [PEOPLE, 0, 0, 0, 0]);
    let apply = counter.take();
    let inserted = sum(&apply, &["BatchExecuteStatement"]);
    assert_eq!((inserted.items, inserted.write_units), (3 * PEOPLE, 3 * PEOPLE), "a person and two keys");
    let written = sum(&apply, &WRITES);
    assert!(written.requests <= 200, "{apply:?}");
    assert!(written.write_units <= 3 * PEOPLE + BOOKKEEPING, "{apply:?}");
    assert!(sum(&apply, &["BatchGetItem"]).requests <= 35, "{apply:?}");
    let partitions = finished.import["progress"]["partitions"].as_u64().context("no partitions")?;
    // Its start, its records, its journal written and, for the results, read.
    let of_partitions = sum(&apply, &["PUT confirmed", "GET checked", "PUT journal", "GET journal"]);
    assert_eq!(of_partitions.requests, 4 * partitions, "{apply:?}");

    let again = caller.import("retail", &roster, json!({})).await?;
    assert_eq!(again.outcomes(), [0, 0, PEOPLE, 0, 0]);
    let counts = counter.take();
    assert_eq!(sum(&counts, &["BatchExecuteStatement"]), Count::default(), "{counts:?}");
    assert!(sum(&counts, &WRITES).requests <= BOOKKEEPING, "{counts:?}");
    Ok(())
}
