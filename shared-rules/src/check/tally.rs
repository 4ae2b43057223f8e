//! Counts findings, and keeps the first of each rule.

use std::collections::BTreeMap;

use super::CheckedRow;
use crate::{
    diagnostic::{Diagnostic, Severity},
    report::RuleCount,
};

pub(super) struct Tally {
    /// How many findings of one rule are kept.
    cap: usize,
    counts: BTreeMap<(Severity, String), u64>,
    kept: BTreeMap<&'static str, usize>,
    file: Vec<Diagnostic>,
    columns: Vec<Diagnostic>,
    /// With the numbers of their rows.
    rows: Vec<(u32, Diagnostic)>,
    truncated: bool,
    late_kept: BTreeMap<String, usize>,
}

impl Tally {
    pub(super) fn new(cap: usize) -> Self {
        Self {
            cap,
            counts: BTreeMap::new(),
            kept: BTreeMap::new(),
            file: Vec::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            truncated: false,
            late_kept: BTreeMap::new(),
        }
    }

    /// Takes a finding about the file or a column. There are few of them, and all are kept.
    pub(super) fn file(&mut self, diagnostic: Diagnostic) {
        *self.counts.entry((diagnostic.severity, diagnostic.rule.clone())).or_default() += 1;
        match diagnostic.location.column {
            Some(_) => self.columns.push(diagnostic),
            None => self.file.push(diagnostic),
        }
    }

    /// Takes what was found in a row.
    pub(super) fn row(&mut self, row: &CheckedRow<'_>) {
        for finding in row.findings() {
            let name = finding.rule.name;
            match self.counts.iter_mut().find(|(key, _)| key.0 == finding.severity && key.1 == name) {
                Some((_, count)) => *count += 1,
                None => {
                    self.counts.insert((finding.severity, name.to_owned()), 1);
                }
            }
            let kept = self.kept.entry(name).or_default();
            if *kept < self.cap {
                *kept += 1;
                self.rows.push((row.row(), row.words(finding)));
            } else {
                self.truncated = true;
            }
        }
    }

    /// Takes what only the end of the file showed of a row.
    pub(super) fn late(&mut self, row: u32, diagnostic: Diagnostic) {
        let Diagnostic { rule, severity, .. } = &diagnostic;
        *self.counts.entry((*severity, rule.clone())).or_default() += 1;
        let kept = self.late_kept.entry(rule.clone()).or_default();
        if *kept < self.cap {
            *kept += 1;
            let place = self.rows.partition_point(|(other, _)| *other <= row);
            self.rows.insert(place, (row, diagnostic));
        } else {
            self.truncated = true;
        }
    }

    /// The counts, the findings (those about the file, those about columns, those about rows), and whether
    /// some were left out.
    pub(super) fn into_parts(self) -> (Vec<RuleCount>, Vec<Diagnostic>, bool) {
        let counts = self.counts.into_iter();
        let counts = counts.map(|((severity, rule), count)| RuleCount { rule, severity, count }).collect();
        let mut diagnostics = self.file;
        diagnostics.extend(self.columns);
        diagnostics.extend(self.rows.into_iter().map(|(_, diagnostic)| diagnostic));
        (counts, diagnostics, self.truncated)
    }
}
