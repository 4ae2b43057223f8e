//! The rules: one file each, with documentation, logic, fix and tests.

use serde::Serialize;

use crate::diagnostic::Severity;

/// A rule's documentation.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// States the fault, in kebab-case; the only identifier.
    pub name: &'static str,
    pub severity: Severity,
    pub summary: &'static str,
    pub why: &'static str,
    pub failing: &'static str,
    pub passing: &'static str,
    pub help: &'static str,
}

/// Every rule, by name.
#[must_use]
pub fn all() -> &'static [&'static Rule] {
    &[]
}

/// RULES.md.
#[must_use]
pub fn markdown() -> String {
    String::new()
}
