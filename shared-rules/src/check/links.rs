//! What rows say of one another: values that stand in one row only, references, links, parents of parents, and
//! how many students a class has.

use std::collections::BTreeMap;

use super::roles::{Role, Roles};
use crate::{
    columns::Columns,
    diagnostic::Severity,
    identity::{KeyKind, KeyWriter, Seen, hash_of_bytes},
    program::{Kind, Program},
    read::Texts,
    rules::{self, Finding},
};

/// Remembers hashes, never values.
#[derive(Default)]
pub(super) struct Links {
    unique: Seen,
    targets: Seen,
    references: Vec<Pending>,
    people: Vec<Pending>,
    /// Child and parent, by the hash of their address, and the row that says so.
    parents: Vec<(u64, u64, u32)>,
    class_members: Seen,
    class_sizes: BTreeMap<u64, u32>,
    key: KeyWriter,
    /// The worst that was found in a row that speaks of others, if anything was.
    worst: BTreeMap<u32, Severity>,
}

/// What only the end of the file showed of a row.
#[derive(Clone, Copy)]
pub(crate) struct Late {
    pub(crate) row: u32,
    pub(crate) finding: Finding,
    /// The worst that had been found in the row before.
    pub(crate) before: Option<Severity>,
}

/// A cell that names another row.
#[derive(Clone, Copy)]
struct Pending {
    row: u32,
    /// The column of the file; for a reference, the index of it among the program's.
    place: usize,
    hash: u64,
}

impl Links {
    /// Takes a row that can be read, and finds what its values say against those of earlier rows.
    pub(super) fn take(
        &mut self,
        program: &Program,
        columns: &Columns,
        row: u32,
        texts: Texts<'_>,
        found: &mut Vec<Finding>,
    ) {
        for (index, key) in program.unique.iter().enumerate() {
            if let Some(hash) = key_hash(program, columns, index, key, texts)
                && let Some(earlier) = self.unique.row_or_insert(hash, row)
            {
                let column = if let [field] = key[..] { columns.column(field) } else { None };
                found.push(rules::value_not_unique::finding(column, earlier, index));
            }
        }
        for (index, reference) in program.references.iter().enumerate() {
            let hash = |field| columns.value(program, field, texts).map(|text| value_hash(index, text));
            if let Some(hash) = hash(reference.to) {
                self.targets.row_or_insert(hash, row);
            }
            if let Some(hash) = hash(reference.field) {
                self.references.push(Pending { row, place: index, hash });
            }
        }
    }

    /// Takes the links of a row that is imported. `own` is the hash of its own address.
    pub(super) fn link(
        &mut self,
        program: &Program,
        roles: &Roles,
        row: u32,
        texts: Texts<'_>,
        own: Option<u64>,
    ) {
        for (role, whom) in &roles.links {
            for address in items(program, *role, texts) {
                let Some(hash) = self.email(address) else { continue };
                self.people.push(Pending { row, place: role.column, hash });
                if *whom == "parent" {
                    self.parents.extend(own.map(|own| (own, hash, row)));
                }
            }
        }
        if let Some(own) = own {
            let parent = roles.parent[0].and_then(|role| self.email(role.value(program, texts)?));
            self.parents.extend(parent.map(|parent| (own, parent, row)));
        }
    }

    /// How much has been taken that only the end of the file decides.
    pub(super) fn pending(&self) -> usize {
        self.references.len() + self.people.len() + self.parents.len()
    }

    /// Says what was found in a row of which something was taken.
    pub(super) fn found(&mut self, row: u32, worst: Severity) {
        self.worst.insert(row, worst);
    }

    /// Counts a student of a class; finds the first one too many.
    pub(super) fn class(&mut self, program: &Program, roles: &Roles, texts: Texts<'_>) -> Option<Finding> {
        let class = roles.class?;
        let hash = roles.class_hash(program, texts)?;
        let student = roles.external_id?.value(program, texts)?;
        if !roles.is_student(program, texts) {
            return None;
        }
        let member = hash ^ hash_of_bytes(student.as_bytes()).rotate_left(1);
        if self.class_members.row_or_insert(member, 0).is_some() {
            return None;
        }
        let size = self.class_sizes.entry(hash).or_default();
        *size += 1;
        (*size == rules::class_too_large::MOST_STUDENTS + 1)
            .then(|| rules::class_too_large::finding(class.column))
    }

    /// What only the end of the file shows, by row. `known` says whether a row that is imported has an address, if
    /// `by_email` people are known by theirs.
    pub(super) fn finish(
        mut self,
        program: &Program,
        columns: &Columns,
        by_email: bool,
        known: impl Fn(u64) -> bool,
    ) -> Vec<Late> {
        let nobody = self.people.iter().filter(|link| !known(link.hash));
        let mut found: Vec<(u32, Finding)> =
            nobody.map(|link| (link.row, rules::unknown_reference::to_nobody(link.place))).collect();
        for pending in self.references.iter().filter(|pending| self.targets.row(pending.hash).is_none()) {
            let reference = &program.references[pending.place];
            let column = columns.column(reference.field).unwrap_or_default();
            let finding = rules::unknown_reference::to_nothing(column, pending.place, reference.severity);
            found.push((pending.row, finding));
        }
        if by_email {
            // A parent in a cycle is a child, and in the file.
            self.parents.retain(|(_, parent, _)| known(*parent));
        }
        found.extend(
            in_cycles(&mut self.parents).into_iter().map(|row| (row, rules::parent_cycle::finding())),
        );
        found.sort_by_key(|(row, _)| *row);
        let mut late = Vec::with_capacity(found.len());
        for (row, finding) in found {
            let before = self.worst.get(&row).copied();
            let worst = before.map_or(finding.severity, |before| before.min(finding.severity));
            self.worst.insert(row, worst);
            late.push(Late { row, finding, before });
        }
        late
    }

    /// The hash of an address.
    pub(super) fn email(&mut self, address: &str) -> Option<u64> {
        let written = self.key.write(KeyKind::Email, [address]);
        written.then(|| Seen::hash(KeyKind::Email, self.key.key()))
    }
}

/// The addresses in a cell of links.
pub(crate) fn items<'a>(
    program: &'a Program,
    role: Role,
    texts: Texts<'a>,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let list = match &program.fields[role.field].kind {
        Kind::List(list) => Some(list),
        _ => None,
    };
    let text = role.value(program, texts);
    list.zip(text).into_iter().flat_map(|(list, text)| list.items(text))
}

/// The hash of a unique key; none where all its cells are blank.
pub(crate) fn key_hash(
    program: &Program,
    columns: &Columns,
    index: usize,
    key: &[usize],
    texts: Texts<'_>,
) -> Option<u64> {
    let values: Vec<Option<&str>> = key.iter().map(|&field| columns.value(program, field, texts)).collect();
    if values.iter().all(Option::is_none) {
        return None;
    }
    let hash =
        |hash: u64, value: Option<&str>| hash.rotate_left(5) ^ value_hash(index, value.unwrap_or_default());
    Some(values.into_iter().fold(0, hash))
}

fn value_hash(index: usize, text: &str) -> u64 {
    hash_of_bytes(text.trim().as_bytes()) ^ (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The rows of which a person is, over one or more parents, its own parent: whoever has no parent, and then whoever
/// has only such parents, is taken away until nobody is left or only cycles and those below them, who are taken
/// away the other way round.
fn in_cycles(edges: &mut Vec<(u64, u64, u32)>) -> Vec<u32> {
    // Whoever is the own parent has a finding of its own.
    edges.retain(|(child, parent, _)| child != parent);
    loop {
        let before = edges.len();
        keep_linked(edges, |edge| edge.0, |edge| edge.1);
        keep_linked(edges, |edge| edge.1, |edge| edge.0);
        if edges.len() == before {
            break;
        }
    }
    let mut rows: Vec<u32> = edges.iter().map(|edge| edge.2).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// Keeps the edges whose one end is the other end of some edge.
fn keep_linked(
    edges: &mut Vec<(u64, u64, u32)>,
    end: impl Fn(&(u64, u64, u32)) -> u64,
    other: impl Fn(&(u64, u64, u32)) -> u64,
) {
    let mut others: Vec<u64> = edges.iter().map(&other).collect();
    others.sort_unstable();
    others.dedup();
    edges.retain(|edge| others.binary_search(&end(edge)).is_ok());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(edges: &[(u64, u64)], expect: &[u32]) {
        let mut edges = edges.iter().zip(2..).map(|(&(child, parent), row)| (child, parent, row)).collect();
        assert_eq!(in_cycles(&mut edges), expect);
    }

    #[test]
    fn cycles_of_parents() {
        check(&[], &[]);
        check(&[(1, 2), (2, 3), (4, 3)], &[]);
        check(&[(1, 1)], &[]);
        check(&[(1, 2), (2, 1)], &[2, 3]);
        check(&[(5, 1), (1, 2), (2, 3), (3, 1), (3, 9)], &[3, 4, 5]);
    }
}
