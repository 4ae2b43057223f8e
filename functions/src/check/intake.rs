//! The records of a roster while it is read: put aside, but for what all rows together decide.

use std::collections::HashMap;

use shared_rules::{check::CheckedRow, record::Record};

use crate::{
    context::Context,
    failure::Failure,
    import::Import,
    markets::{self, Markets},
    near::{AlikeRows, Decided, NamedRows},
    outcome::LikeRow,
    partition::{Cut, Partition, SettledUnits, Units},
    password::Sealer,
    plan::Group,
    spill::{Spill, Spilled},
};

pub(super) struct Intake {
    records: Spill<Record>,
    named: NamedRows,
    units: Units,
    sealer: Option<Sealer>,
    markets: Option<Markets>,
    decided: Decided,
    /// The first thing that went wrong; it is told at the end.
    fault: Option<Failure>,
}

/// All records of a roster, by their numbers.
pub(super) struct Taken {
    pub(super) records: Spilled<Record>,
    alike: AlikeRows,
    units: SettledUnits,
    sealer: Option<Sealer>,
    markets: Option<Markets>,
}

impl Intake {
    pub(super) async fn open(context: &Context, import: &Import, decided: Decided) -> Result<Self, Failure> {
        let program = import.program()?;
        let sealer = if program.sets_passwords() {
            Some(Sealer::new(context, &import.reference()).await?)
        } else {
            None
        };
        let markets = if program.fills_person("market") {
            markets::load(context, &import.organisation).await?
        } else {
            None
        };
        Ok(Self {
            records: Spill::new()?,
            named: NamedRows::new()?,
            units: Units::new(import.options.duplicates),
            sealer,
            markets,
            decided,
            fault: None,
        })
    }

    pub(super) fn take(&mut self, row: &CheckedRow<'_>) {
        if self.fault.is_none() {
            self.fault = self.try_take(row).err();
        }
    }

    fn try_take(&mut self, row: &CheckedRow<'_>) -> Result<(), Failure> {
        let Some(mut record) = row.record() else { return Ok(()) };
        if let Some((sealer, password)) = self.sealer.as_mut().zip(row.password()) {
            sealer.seal(record.row, password)?;
        }
        self.decided.note(&mut record);
        self.named.take(self.records.len(), &record)?;
        self.units.hear(self.records.len(), &mut record);
        self.records.push(&record)
    }

    pub(super) fn close(self) -> Result<Taken, Failure> {
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok(Taken {
                records: self.records.close()?,
                alike: self.named.close()?,
                units: self.units.settle(),
                sealer: self.sealer,
                markets: self.markets,
            }),
        }
    }
}

impl Taken {
    /// A partition, with all that `apply` needs of it.
    pub(super) fn partition(&self, cut: &Cut, number: usize) -> Result<Partition, Failure> {
        let groups = cut.groups(number).map(|group| self.group(group)).collect::<Result<Vec<_>, _>>()?;
        let rows = groups.iter().flatten().map(|record| record.row);
        let passwords = self.sealer.as_ref().and_then(|sealer| sealer.of_rows(rows));
        let markets = self.markets.as_ref().map(|markets| markets.for_records(groups.iter().flatten()));
        Ok(Partition { groups, passwords, markets })
    }

    /// The earlier rows that those of a partition are like, by row.
    pub(super) fn like_rows(&self, groups: &[Group]) -> Result<HashMap<u32, Vec<LikeRow>>, Failure> {
        self.alike.of(groups, &self.records)
    }

    fn group(&self, numbers: &[usize]) -> Result<Group, Failure> {
        let record = |number: &usize| {
            let mut record = self.records.get(*number)?;
            self.units.give(*number, &mut record);
            Ok(record)
        };
        numbers.iter().map(record).collect()
    }
}
