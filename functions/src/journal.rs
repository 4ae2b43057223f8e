//! The journal: what each partition decided, and what of it no longer fitted when it was written.

use std::collections::BTreeSet;

use crate::{context::Context, failure::Failure, import::Import, objects, plan::Plan};

/// What a partition of an import came to: its plan without the changes that were refused.
pub async fn read(context: &Context, import: &Import, partition: u32) -> Result<Plan, Failure> {
    let reference = import.reference();
    let mut plan: Plan = objects::get_json(context, &reference.journal(partition))
        .await?
        .ok_or(Failure::Missing("a journal"))?;
    if import.partitions_drifted.contains(&partition) {
        let drifted: Option<BTreeSet<u32>> = objects::get_json(context, &reference.drift(partition)).await?;
        plan.reject(&drifted.unwrap_or_default());
    }
    Ok(plan)
}
