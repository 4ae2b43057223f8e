//! The dry run while partition after partition is planned: what is counted, and what becomes of each row.

use serde::Serialize;
use shared_rules::{report::Report, sheets::Sheets};

use crate::{
    context::Context,
    failure::Failure,
    guard::{self, Touched},
    import::{DryRun, Import},
    objects::Upload,
    plan::Plan,
    spill::{DecidedRows, RowOutcomes},
};

pub(crate) struct Rehearsal {
    sheets: Sheets,
    total: DryRun,
    touched: Touched,
    rows: DecidedRows,
}

/// A dry run whose partitions are all planned.
pub(crate) struct Rehearsed {
    total: DryRun,
    touched: Touched,
    pub(crate) rows: RowOutcomes,
}

/// `dry-run.json`, but for `row_outcomes`, which come last.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    report: &'a Report,
    #[serde(flatten)]
    dry_run: &'a DryRun,
}

impl Rehearsal {
    /// Starts from what is known before any partition is planned.
    pub(crate) fn new(total: DryRun, sheets: &Sheets) -> Result<Self, Failure> {
        let sheets = sheets.clone();
        Ok(Self { sheets, total, touched: Touched::default(), rows: DecidedRows::new()? })
    }

    pub(crate) fn add(&mut self, plan: &Plan) -> Result<(), Failure> {
        self.total.count(plan);
        self.touched.add(plan);
        if self.sheets.is_empty() {
            return plan.rows.iter().try_for_each(|row| self.rows.push(row));
        }
        plan.rows.iter().try_for_each(|row| self.rows.push(&row.clone().on_sheets(&self.sheets)))
    }

    pub(crate) fn close(self) -> Result<Rehearsed, Failure> {
        Ok(Rehearsed { total: self.total, touched: self.touched, rows: self.rows.close()? })
    }
}

impl Rehearsed {
    /// Asks the guard, and stores `dry-run.json`.
    pub(crate) async fn store(
        mut self,
        context: &Context,
        import: &Import,
        report: &Report,
    ) -> Result<DryRun, Failure> {
        self.total.hold = guard::hold(context, &import.organisation, self.touched).await?;
        let document = Document { report, dry_run: &self.total };
        let mut head = serde_json::to_vec(&document).map_err(Failure::corrupt("a dry run"))?;
        // The object is closed again behind the rows.
        head.pop();
        head.extend_from_slice(b",\"row_outcomes\":[");
        let mut upload =
            Upload::new(context, import.reference().dry_run(import.check_starts), "application/json");
        upload.push(head).await?;
        for (number, row) in self.rows.texts().enumerate() {
            let mut text = if number == 0 { Vec::new() } else { b",".to_vec() };
            text.extend(row?);
            upload.push(text).await?;
        }
        upload.push(b"]}".to_vec()).await?;
        upload.finish().await?;
        Ok(self.total)
    }
}
