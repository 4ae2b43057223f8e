//! What a session knows of each row without checking it again.

use std::collections::BTreeMap;

use super::rows::RowId;
use crate::{
    diagnostic::Severity,
    report::RuleCount,
    rules::{self, Finding, Rule},
};

/// The rules that were broken in each row, and the findings that are about other rows too.
#[derive(Default)]
pub(super) struct Verdicts {
    marks: Vec<Mark>,
    /// With other rows named by their ids.
    across: BTreeMap<RowId, Vec<Finding>>,
    counts: BTreeMap<(Severity, usize), u32>,
    rows_with_errors: u32,
    rows_with_warnings: u32,
}

/// The rules that are broken in a row, a bit each.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Mark {
    errors: u128,
    warnings: u128,
}

const _: () = assert!(rules::COUNT <= 128, "a mark has a bit for each rule");

impl Mark {
    pub(super) fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut mark = Self::default();
        for finding in findings {
            match finding.severity {
                Severity::Error => mark.errors |= bit(finding.rule),
                Severity::Warning => mark.warnings |= bit(finding.rule),
            }
        }
        mark
    }

    pub(super) fn worst(self) -> Option<Severity> {
        if self.errors != 0 {
            Some(Severity::Error)
        } else {
            (self.warnings != 0).then_some(Severity::Warning)
        }
    }

    pub(super) fn has(self, rule: &Rule) -> bool {
        (self.errors | self.warnings) & bit(rule) != 0
    }

    fn rules(self) -> impl Iterator<Item = (Severity, usize)> {
        let of = |severity, mut bits: u128| {
            std::iter::from_fn(move || {
                let index = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
                bits &= bits - 1;
                Some((severity, index))
            })
        };
        of(Severity::Error, self.errors).chain(of(Severity::Warning, self.warnings))
    }
}

fn bit(rule: &Rule) -> u128 {
    1 << rules::index(rule)
}

impl Verdicts {
    /// Sets what was found in a row, and which of it is about other rows too.
    pub(super) fn set(&mut self, id: RowId, mark: Mark, across: Vec<Finding>) {
        self.clear(id);
        if self.marks.len() <= id as usize {
            self.marks.resize(id as usize + 1, Mark::default());
        }
        self.mark(id, mark);
        if !across.is_empty() {
            self.across.insert(id, across);
        }
    }

    /// Adds what showed only at the end of the rows.
    pub(super) fn add(&mut self, id: RowId, finding: Finding) {
        let mut across = self.across(id).to_vec();
        let before = self.of(id);
        let Mark { errors, warnings } = Mark::of([&finding]);
        across.push(finding);
        self.set(id, Mark { errors: before.errors | errors, warnings: before.warnings | warnings }, across);
    }

    /// Forgets a row.
    pub(super) fn clear(&mut self, id: RowId) {
        let mark = self.of(id);
        for key in mark.rules() {
            if let Some(count) = self.counts.get_mut(&key) {
                *count -= 1;
            }
        }
        match mark.worst() {
            Some(Severity::Error) => self.rows_with_errors -= 1,
            Some(Severity::Warning) => self.rows_with_warnings -= 1,
            None => return,
        }
        self.marks[id as usize] = Mark::default();
        self.across.remove(&id);
    }

    fn mark(&mut self, id: RowId, mark: Mark) {
        mark.rules().for_each(|key| *self.counts.entry(key).or_default() += 1);
        match mark.worst() {
            Some(Severity::Error) => self.rows_with_errors += 1,
            Some(Severity::Warning) => self.rows_with_warnings += 1,
            None => {}
        }
        self.marks[id as usize] = mark;
    }

    pub(super) fn of(&self, id: RowId) -> Mark {
        self.marks.get(id as usize).copied().unwrap_or_default()
    }

    pub(super) fn across(&self, id: RowId) -> &[Finding] {
        self.across.get(&id).map_or(&[], Vec::as_slice)
    }

    /// How many rows break each rule: errors first, then by name.
    pub(super) fn counts(&self) -> Vec<RuleCount> {
        let broken = self.counts.iter().filter(|(_, count)| **count > 0);
        broken
            .map(|(&(severity, index), &count)| RuleCount {
                rule: rules::all()[index].name.to_owned(),
                severity,
                count: count.into(),
            })
            .collect()
    }

    pub(super) fn rows_with_errors(&self) -> u32 {
        self.rows_with_errors
    }

    /// Rows that have a warning and no error.
    pub(super) fn rows_with_warnings(&self) -> u32 {
        self.rows_with_warnings
    }
}
