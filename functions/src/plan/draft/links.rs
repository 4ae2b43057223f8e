//! Links between people, whom a row names by their e-mail addresses.

use shared_rules::{
    identity::IdentityKey,
    record::{Record, Whom},
};

use super::{Draft, DraftRow, Match};
use crate::plan::{
    findings::{link_not_possible, link_to_nobody},
    link_tie,
};

impl Draft<'_> {
    /// Whether the row is of a student who has a user name alone and no parent that is or will be there: nobody
    /// could complete the account.
    pub(super) fn lacks_parent(&self, record: &Record) -> bool {
        let is_there = |key: &IdentityKey| self.snapshot.owners.contains_key(key) || self.own.contains(key);
        let mut parents = record.links.iter().filter(|link| link.whom == Whom::Parent);
        record.person.contains_key("username")
            && !record.person.contains_key("email")
            && !parents.any(|link| is_there(&link.key))
    }

    /// Ties the people whom the row links to, now that all rows have made theirs.
    pub(in crate::plan) fn take_links(&mut self, index: usize, record: &Record) {
        let DraftRow { person: Some(person), decided: None, .. } = &self.rows[index] else { return };
        let person = person.clone();
        for link in &record.links {
            let Match::One(other, _) = self.find(std::slice::from_ref(&link.key)) else {
                self.rows[index].warnings.push(link_to_nobody(record.row));
                continue;
            };
            if other == person {
                continue;
            }
            match link_tie(&record.kind, link.whom, person.clone(), other) {
                Some(tie) => self.set_tie(tie, true, record.row),
                None => self.rows[index].warnings.push(link_not_possible(record.row)),
            }
        }
    }
}
