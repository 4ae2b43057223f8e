//! Schools and classes.

use shared_rules::{
    options::DuplicatePolicy,
    record::{self, Record, Value},
};

use super::Draft;
use crate::{
    outcome::{FieldChange, Outcome},
    person::Unit,
    plan::{Change, Write, findings::class_not_found},
};

/// A school or class: one row alone speaks of it.
pub(super) struct DraftUnit {
    pub(super) unit: Unit,
    pub(super) row: u32,
}

impl Draft<'_> {
    /// Makes or changes the schools and classes that the row speaks of for all rows of the file, whatever becomes
    /// of its person; only a removal needs the row to be good.
    pub(in crate::plan) fn take_units(&mut self, index: usize, record: &Record) {
        let rejected = matches!(self.rows[index].decided, Some((Outcome::Rejected, _)));
        for said in &record.units {
            let key = (said.kind, said.id.clone());
            let stored = self.snapshot.units.get(&key);
            match stored {
                _ if said.remove && rejected => {}
                None if said.remove => self.rows[index].warnings.push(class_not_found(record.row)),
                _ => {
                    let unit = self.merged_unit(said, stored);
                    self.units.insert(key, DraftUnit { unit, row: record.row });
                    if said.remove {
                        for member in self.snapshot.members.get(&said.id).into_iter().flatten() {
                            self.set_tie(member.clone(), false, record.row);
                        }
                    }
                }
            }
        }
    }

    fn merged_unit(&self, said: &record::Unit, stored: Option<&Unit>) -> Unit {
        let mut unit = stored.cloned().unwrap_or_else(|| Unit {
            kind: said.kind,
            id: said.id.clone(),
            attributes: said.attributes.clone(),
            active: true,
            version: 0,
            written_by: String::new(),
        });
        for (name, value) in &said.attributes {
            match self.options.policy {
                DuplicatePolicy::Update => {
                    unit.attributes.insert(name.clone(), value.clone());
                }
                DuplicatePolicy::FillMissing => {
                    unit.attributes.entry(name.clone()).or_insert_with(|| value.clone());
                }
                DuplicatePolicy::Skip | DuplicatePolicy::Reject => {}
            }
        }
        unit.active = !said.remove;
        unit
    }

    pub(super) fn stored_unit(&self, draft: &DraftUnit) -> Option<&Unit> {
        self.snapshot.units.get(&(draft.unit.kind, draft.unit.id.clone()))
    }

    pub(super) fn unit_change(&self, draft: &DraftUnit) -> Option<Change> {
        if self.stored_unit(draft) == Some(&draft.unit) {
            return None;
        }
        let mut unit = draft.unit.clone();
        unit.version += 1;
        unit.written_by.clone_from(&self.options.writer);
        Some(Change { rows: vec![draft.row], write: Write::Unit { unit } })
    }
}

/// What becomes different about a school or class.
pub(super) fn unit_changes(stored: Option<&Unit>, unit: &Unit) -> Vec<FieldChange> {
    let name = unit.kind.name();
    let Some(stored) = stored else {
        let new = Some(Value::Text(unit.id.clone()));
        return vec![FieldChange { field: name.to_owned(), old: None, new }];
    };
    let mut changes = Vec::new();
    if stored.active != unit.active {
        let (old, new) = (Some(Value::Bool(stored.active)), Some(Value::Bool(unit.active)));
        changes.push(FieldChange { field: format!("{name} {} active", unit.id), old, new });
    }
    for (attribute, value) in &unit.attributes {
        let old = stored.attributes.get(attribute);
        if old != Some(value) {
            let field = format!("{name} {} {attribute}", unit.id);
            changes.push(FieldChange { field, old: old.cloned(), new: Some(value.clone()) });
        }
    }
    changes
}
