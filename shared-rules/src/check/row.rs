//! The check of one row, and what it hands out.

use std::{borrow::Cow, cell::OnceCell, sync::Arc};

use memchr::{memchr, memmem};

use super::{
    CheckOptions, REPLACEMENT, Roles,
    links::{Late, Links},
    repeats::{Earlier, Repeats},
    roles::Identity,
    suspicions::Suspicions,
    unreadable,
};
use crate::{
    bytes::{Hashed, Prefix},
    columns::Columns,
    dates::{self, Reading},
    diagnostic::{Diagnostic, Severity},
    identity::{KeyKind, KeyWriter},
    options::{DateOrder, DuplicatePolicy},
    program::{Fill, Program},
    read::{Cells, Damage, RawRow, Texts},
    record::{self, HIDDEN, Record},
    rules::{self, Detail, Finding, Misfit, Place, Rule, Words},
    sheets::{RowPlace, Sheets},
};

/// What rows are checked against.
pub(crate) struct Context {
    pub(crate) program: Arc<Program>,
    pub(crate) columns: Columns,
    pub(crate) roles: Roles,
    /// An error in the header keeps every row out.
    faulty: bool,
    pub(crate) date_order: Option<DateOrder>,
    /// The sheets whose rows are checked.
    pub(crate) sheets: Sheets,
}

/// Checks rows one after another, and remembers who was in them.
pub(crate) struct RowChecker {
    duplicates: DuplicatePolicy,
    cell_characters: usize,
    repeats: Repeats,
    links: Links,
    suspicions: Suspicions,
    /// Used again for every row.
    findings: Vec<Finding>,
    key: KeyWriter,
    hashes: Vec<u64>,
    /// The row's cells as numbers.
    prefixes: Vec<Hashed>,
    /// The identities of the next rows, the last first.
    ahead: Vec<Option<Known>>,
    demands: Vec<Demand>,
    /// From which finding on they are about other rows too.
    across: usize,
}

/// An identity, and where among the rows it was seen before, as far as is known.
#[derive(Clone, Copy)]
struct Known {
    hash: u64,
    place: Option<usize>,
}

/// What a column asks of its cells. Columns that take anything have none, so that they cost nothing.
#[derive(Clone, Copy)]
struct Demand {
    column: usize,
    field: usize,
    /// An empty cell is an error.
    value: bool,
    /// A cell that is not empty can be wrong.
    form: bool,
    counts: CellCounts,
    /// Short texts that were found sound lately: many a column has a few values in all rows.
    sound: [Prefix; REMEMBERED],
}

/// How many texts a column remembers, a power of two.
const REMEMBERED: usize = 16;

/// What the cells of a column were like.
#[derive(Clone, Copy, Default)]
pub(crate) struct CellCounts {
    /// How many cells are not empty, and how many of them are wrong.
    filled: u32,
    wrong: u32,
    /// Of the dates that are not as they should be, how many can be read with the month or with the day first, and
    /// how many in only one of these ways.
    either: u32,
    month_first: u32,
    day_first: u32,
}

/// A data row and what was found in it.
pub struct CheckedRow<'a> {
    context: &'a Context,
    row: u32,
    cells: Cells<'a>,
    damage: Option<Damage>,
    findings: &'a [Finding],
    across: usize,
    keys: &'a [u64],
    rejected: bool,
    diagnostics: OnceCell<Vec<Diagnostic>>,
}

impl Context {
    pub(crate) fn new(
        program: Arc<Program>,
        columns: Columns,
        faulty: bool,
        date_order: Option<DateOrder>,
    ) -> Self {
        let roles = Roles::new(&program, &columns);
        Self { program, columns, roles, faulty, date_order, sheets: Sheets::default() }
    }

    /// What the cells of a column, taken together, show.
    pub(crate) fn verdicts(
        &self,
        column: usize,
        counts: &CellCounts,
    ) -> impl Iterator<Item = Diagnostic> + use<> {
        let header = self.columns.headers().get(column).map_or("", String::as_str);
        counts.verdicts(header, self.date_order.is_some())
    }

    /// A finding of a row in words. One that only the end of the file shows says nothing of the row's cells.
    pub(crate) fn words(&self, row: u32, cells: Cells<'_>, finding: &Finding) -> Diagnostic {
        finding.diagnostic(&Place {
            program: &self.program,
            columns: &self.columns,
            date_order: self.date_order,
            sheets: &self.sheets,
            row,
            cells,
            column: finding.column,
            detail: finding.detail,
        })
    }
}

impl RowChecker {
    pub(crate) fn new(context: &Context, options: &CheckOptions) -> Self {
        let fields = context.columns.fields().iter().enumerate();
        let demands = fields.filter_map(|(column, &field)| Demand::of(&context.program, column, field?));
        Self {
            duplicates: options.duplicates,
            cell_characters: options.limits.cell_characters,
            repeats: Repeats::new(compared(context)),
            links: Links::default(),
            suspicions: Suspicions::new(context, options.today),
            findings: Vec::new(),
            key: KeyWriter::default(),
            hashes: Vec::new(),
            prefixes: Vec::new(),
            ahead: Vec::new(),
            demands: demands.collect(),
            across: 0,
        }
    }

    /// Takes the identities of the rows that are checked next. Whether they have been seen before is looked up for
    /// all rows at once: each look-up waits for memory, and these waits overlap.
    pub(super) fn look_ahead(&mut self, context: &Context, rows: &[RawRow<'_>]) {
        let Self { repeats, key, ahead, .. } = self;
        let Context { program, roles, .. } = context;
        ahead.clear();
        for raw in rows.iter().rev() {
            let texts = raw.cells.text();
            ahead.extend(roles.identities.iter().rev().map(|identity| {
                let hash = identity.hash(program, texts?, key)?;
                Some(Known { hash, place: None })
            }));
        }
        for known in ahead.iter_mut().flatten() {
            known.place = repeats.find(known.hash);
        }
    }

    /// Checks a row, whichever rows were looked at ahead.
    pub(crate) fn check<'a>(&'a mut self, context: &'a Context, raw: &RawRow<'a>) -> CheckedRow<'a> {
        self.look_ahead(context, std::slice::from_ref(raw));
        self.check_next(context, raw)
    }

    /// Checks the next of the rows that were looked at ahead.
    pub(super) fn check_next<'a>(&'a mut self, context: &'a Context, raw: &RawRow<'a>) -> CheckedRow<'a> {
        self.begin_row();
        match readable(context, raw) {
            Ok(texts) => {
                self.values(context, raw.row, texts);
                self.across = self.findings.len();
                let pending = self.links.pending();
                self.against_others(context, raw.row, texts);
                if self.links.pending() > pending
                    && let Some(worst) = self.findings.iter().map(|finding| finding.severity).min()
                {
                    self.links.found(raw.row, worst);
                }
            }
            Err(finding) => self.unreadable(finding),
        }
        let next = self.ahead.len().saturating_sub(context.roles.identities.len());
        self.ahead.truncate(next);
        self.checked(context, raw)
    }

    /// Checks a row by what it says itself, and remembers nothing of it.
    pub(crate) fn check_alone<'a>(&'a mut self, context: &'a Context, raw: &RawRow<'a>) -> CheckedRow<'a> {
        self.begin_row();
        match readable(context, raw) {
            Ok(texts) => self.values(context, raw.row, texts),
            Err(finding) => self.unreadable(finding),
        }
        self.across = self.findings.len();
        self.checked(context, raw)
    }

    /// Makes ready for a row whose predecessors have not been checked just before: identifiers may go on counting
    /// up from theirs.
    pub(crate) fn follow<'a>(&mut self, context: &Context, rows: impl Iterator<Item = RawRow<'a>>) {
        self.suspicions.begin_runs();
        for raw in rows {
            if let Ok(texts) = readable(context, &raw) {
                self.suspicions.go_on_with_runs(raw.row, texts);
            }
        }
    }

    /// How far back a row's predecessors can matter to [`follow`](Self::follow).
    pub(crate) fn reach(&self) -> usize {
        self.suspicions.reach()
    }

    /// What the cells of each column were like so far.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (usize, CellCounts)> {
        self.demands.iter().map(|demand| (demand.column, demand.counts))
    }

    fn begin_row(&mut self) {
        self.findings.clear();
        self.hashes.clear();
    }

    fn unreadable(&mut self, finding: Finding) {
        self.findings.push(finding);
        self.across = self.findings.len();
    }

    fn checked<'a>(&'a self, context: &'a Context, raw: &RawRow<'a>) -> CheckedRow<'a> {
        CheckedRow {
            context,
            row: raw.row,
            cells: raw.cells,
            damage: raw.damage,
            rejected: has_error(&self.findings),
            findings: &self.findings,
            across: self.across,
            keys: &self.hashes,
            diagnostics: OnceCell::new(),
        }
    }

    /// Checks the cells, then what is between them.
    fn values(&mut self, context: &Context, row: u32, texts: Texts<'_>) {
        let Context { program, columns, roles, .. } = context;
        self.prefixes.clear();
        self.prefixes.extend(texts.prefixes().map(Hashed::from));
        let Self { demands, prefixes, .. } = self;
        for demand in demands {
            let Hashed { prefix, hash } = prefixes.get(demand.column).copied().unwrap_or(Hashed::EMPTY);
            demand.counts.filled += u32::from(prefix.len > 0);
            let place = Demand::place(hash);
            if demand.sound[place] == prefix {
                continue;
            }
            if !(if prefix.len == 0 { demand.value } else { demand.form }) {
                continue;
            }
            let text = texts.get(demand.column);
            let field = &program.fields[demand.field];
            if let Some(misfit) = rules::check_cell(field, text) {
                self.findings.push(misfit.finding_in(field, demand.column));
                demand.counts.take(misfit, text);
            } else if prefix.len <= Prefix::WHOLE {
                demand.sound[place] = prefix;
            }
        }
        self.long_cells(texts);
        self.cleared_cells(context, texts);
        self.suspicions.check(context, row, texts, &mut self.findings);
        rules::missing_one_of::check(program, columns, texts, &mut self.findings);
        self.findings.extend(rules::cancel_without_offering::check(roles, program, texts));
        self.findings.extend(rules::incomplete_parent::check(roles, program, texts));
        self.findings.extend(rules::parent_is_child::check(roles, program, texts));
    }

    /// Checks what the row says of other rows, and whether the person was there before.
    fn against_others(&mut self, context: &Context, row: u32, texts: Texts<'_>) {
        let Context { program, columns, roles, .. } = context;
        self.links.take(program, columns, row, texts, &mut self.findings);
        let mut own = None;
        if !has_error(&self.findings) {
            own = self.person(context, row, texts);
        }
        if !has_error(&self.findings) {
            if !roles.identities.iter().any(|identity| identity.kind == KeyKind::Email) {
                own = roles.email.and_then(|role| self.links.email(role.value(program, texts)?));
            }
            self.links.link(program, roles, row, texts, own);
            self.findings.extend(self.links.class(program, roles, texts));
        }
    }

    /// That a cell is too long is all that is said of it.
    fn long_cells(&mut self, texts: Texts<'_>) {
        let limit = self.cell_characters;
        // A short row has no long cell.
        if texts.len() <= limit {
            return;
        }
        for (column, text) in texts.iter().enumerate() {
            if let Some(finding) = rules::cell_too_long::check(column, text, limit) {
                self.findings.retain(|other| other.column != Some(column));
                let place = self.findings.partition_point(|other| other.column < Some(column));
                self.findings.insert(place, finding);
            }
        }
    }

    /// That a stored value is to be emptied is all that is said of a cell. Few rows have the sign that the word begins
    /// with.
    fn cleared_cells(&mut self, context: &Context, texts: Texts<'_>) {
        if memchr(b'[', texts.joined().as_bytes()).is_none() {
            return;
        }
        let Context { program, columns, .. } = context;
        for (column, text) in texts.iter().enumerate() {
            let Some(field) = columns.field(column).filter(|field| program.fields[*field].is_cleared(text))
            else {
                continue;
            };
            let finding = if !program.clears(field) {
                Some(rules::value_not_clearable::finding(column))
            } else if self.duplicates == DuplicatePolicy::Update {
                None
            } else {
                Some(rules::value_not_cleared::finding(column))
            };
            self.findings.retain(|other| other.column != Some(column));
            let place = self.findings.partition_point(|other| other.column < Some(column));
            self.findings.splice(place..place, finding);
        }
    }

    /// A row with an error is not imported, so that a later row of the same person is the first one. Returns the
    /// hash of the person's address, if that makes an identity.
    fn person(&mut self, context: &Context, row: u32, texts: Texts<'_>) -> Option<u64> {
        let Self { duplicates, repeats, findings, ahead, hashes, prefixes, .. } = self;
        let Context { program, roles, .. } = context;
        let (mut found, mut address) = (None, None);
        for (identity, known) in roles.identities.iter().zip(ahead.iter().rev()) {
            let Some(Known { hash, place }) = *known else { continue };
            // It may have been seen since.
            found = found.or_else(|| Some((place.or_else(|| repeats.find(hash))?, identity, hash)));
            hashes.push(hash);
            if identity.kind == KeyKind::Email {
                address = Some(hash);
            }
        }
        let in_class = roles.class_hash(program, texts);
        if let Some((place, identity, hash)) = found {
            let mut earlier = repeats.compare(place, texts, prefixes);
            // What makes them the same person is the same, even if it is written in another way.
            earlier.conflict &= !identity.parts.iter().fold(0, |shared, part| shared | bit(part.column));
            // Where a person has a row for each class, only another row of the same class is one too many.
            let in_other_class = in_class.is_some_and(|class| repeats.find(hash ^ class).is_none());
            if earlier.conflict != 0 || !in_other_class {
                findings.push(repetition(context, earlier, identity, *duplicates));
                if *duplicates == DuplicatePolicy::Reject {
                    return None;
                }
            }
        }
        if !hashes.is_empty() {
            let place = repeats.remember(row, texts, prefixes);
            for &hash in hashes.iter() {
                repeats.identify(hash, place);
                if let Some(class) = in_class {
                    repeats.identify(hash ^ class, place);
                }
            }
        }
        address
    }

    /// What the cells of a column, taken together, show.
    pub(crate) fn columns(&self, context: &Context) -> Vec<Diagnostic> {
        self.demands.iter().flat_map(|demand| context.verdicts(demand.column, &demand.counts)).collect()
    }

    /// What only the end of the file shows.
    pub(crate) fn finish(self, context: &Context) -> Vec<Late> {
        let Self { repeats, links, .. } = self;
        let by_email = |identity: &Identity| identity.kind == KeyKind::Email;
        let by_email = context.roles.identities.iter().any(by_email);
        links.finish(&context.program, &context.columns, by_email, |hash| repeats.find(hash).is_some())
    }
}

/// The columns in which rows of one person are compared: all that the program knows of the person.
fn compared(context: &Context) -> impl Iterator<Item = usize> {
    let fields = context.columns.fields().iter().enumerate();
    fields.filter_map(|(column, field)| {
        let field = &context.program.fields[(*field)?];
        (!matches!(field.fills, Some(Fill::Class(_) | Fill::Action))).then_some(column)
    })
}

/// A row of the person of an earlier row: the sharpest that can be said of the two.
fn repetition(context: &Context, earlier: Earlier, identity: &Identity, policy: DuplicatePolicy) -> Finding {
    let conflict = earlier.conflict;
    let first_name = context.roles.first_name.map_or(0, |role| bit(role.column));
    let (rule, words): (&'static Rule, fn(&Place<'_>) -> Words) = if earlier.same {
        (&rules::exact_duplicate::RULE, rules::exact_duplicate::words)
    } else if identity.kind == KeyKind::Email && conflict & first_name != 0 {
        (&rules::shared_email::RULE, rules::shared_email::words)
    } else if conflict != 0 {
        (&rules::conflicting_rows::RULE, rules::conflicting_rows::words)
    } else {
        (&rules::repeated_person::RULE, rules::repeated_person::words)
    };
    let detail = Detail::Earlier { row: earlier.row, by: identity.kind, differ: conflict };
    rules::repeated_person::finding(rule, identity.column(), detail, words, policy)
}

/// A column among the first 64, as they stand in a set of columns.
fn bit(column: usize) -> u64 {
    if column < 64 { 1 << column } else { 0 }
}

impl Demand {
    fn of(program: &Program, column: usize, field: usize) -> Option<Self> {
        let (value, form) = (program.fields[field].required, program.fields[field].can_be_wrong());
        let sound = [Prefix::NONE; REMEMBERED];
        (value || form).then_some(Self { column, field, value, form, counts: CellCounts::default(), sound })
    }

    /// Where a text of this hash is remembered, if it is.
    fn place(hash: u64) -> usize {
        // The remainder is less than the length, which is small.
        usize::try_from(hash >> 32).unwrap_or_default() % REMEMBERED
    }
}

impl CellCounts {
    /// Counts a cell that is wrong.
    #[cold]
    fn take(&mut self, misfit: Misfit, text: &str) {
        self.wrong += u32::from(misfit != Misfit::Missing);
        if misfit == Misfit::Date {
            match dates::read(text) {
                Reading::Either(..) => self.either += 1,
                Reading::Certain(_) => match dates::order(text) {
                    Some(DateOrder::MonthFirst) => self.month_first += 1,
                    Some(DateOrder::DayFirst) => self.day_first += 1,
                    None => {}
                },
                _ => {}
            }
        }
    }

    /// Adds what some cells are like, and takes off what they were like before.
    pub(crate) fn exchange(&mut self, before: Self, now: Self) {
        let exchange =
            |count: &mut u32, before, now| *count = count.saturating_add(now).saturating_sub(before);
        exchange(&mut self.filled, before.filled, now.filled);
        exchange(&mut self.wrong, before.wrong, now.wrong);
        exchange(&mut self.either, before.either, now.either);
        exchange(&mut self.month_first, before.month_first, now.month_first);
        exchange(&mut self.day_first, before.day_first, now.day_first);
    }

    /// What the column's cells, taken together, show.
    fn verdicts(&self, header: &str, dates_answered: bool) -> impl Iterator<Item = Diagnostic> + use<> {
        let unlike = rules::unlike_its_column::check(header, self.filled, self.wrong);
        let either = if dates_answered { 0 } else { self.either };
        let dates = rules::ambiguous_dates::check(header, either, self.month_first, self.day_first);
        unlike.into_iter().chain(dates)
    }
}

/// The row's texts, unless its shape or its bytes make every cell doubtful.
pub(crate) fn readable<'a>(context: &Context, raw: &RawRow<'a>) -> Result<Texts<'a>, Finding> {
    match raw.damage {
        Some(Damage::UnclosedQuote { cell }) => return Err(rules::unclosed_quote::finding(cell)),
        Some(Damage::MisplacedQuote { cell }) => return Err(rules::misplaced_quote::finding(cell)),
        Some(Damage::Overlong) => return Err(rules::cell_too_long::whole_row()),
        None => {}
    }
    if let Some(finding) = rules::ragged_row::check(raw.cells, context.columns.count()) {
        return Err(finding);
    }
    let damaged = |bytes: &[u8]| memchr(0, bytes).is_some() || memmem::find(bytes, REPLACEMENT).is_some();
    match raw.cells.text() {
        Some(texts) if texts.are_tidy() || !damaged(raw.cells.joined()) => Ok(texts),
        _ => Err(unreadable(raw.cells).unwrap_or_else(|| rules::undecodable_text::finding(0))),
    }
}

fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

impl<'a> CheckedRow<'a> {
    /// The row number as a spreadsheet shows it; of several sheets, with their rows counted through.
    #[must_use]
    pub fn row(&self) -> u32 {
        self.row
    }

    /// The row as people find it.
    #[must_use]
    pub fn place(&self) -> RowPlace<'a> {
        self.context.sheets.place(self.row)
    }

    /// The cells in the file's order, to be shown: bytes that are not UTF-8 become U+FFFD, and a secret becomes
    /// dots.
    pub fn cells(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        let context = self.context;
        self.cells.iter().enumerate().map(move |(column, cell)| {
            let secret =
                context.columns.field(column).is_some_and(|field| context.program.fields[field].secret);
            if secret && !cell.is_empty() { Cow::Borrowed(HIDDEN) } else { String::from_utf8_lossy(cell) }
        })
    }

    /// What was found in the row; empty for a clean one. First the cells' findings in the file's order, then
    /// those about several cells.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        self.diagnostics.get_or_init(|| self.findings.iter().map(|finding| self.words(finding)).collect())
    }

    /// Whether the row names others, so that something may be found in it when the file is at its end.
    #[must_use]
    pub fn refers_to_others(&self) -> bool {
        let Context { program, columns, roles, .. } = self.context;
        let links =
            roles.links.iter().map(|(role, _)| role.column).chain(roles.parent[0].map(|role| role.column));
        let references = program.references.iter().filter_map(|reference| columns.column(reference.field));
        links.chain(references).any(|column| !self.cells.get(column).is_empty())
    }

    pub(crate) fn raw(&self) -> RawRow<'a> {
        RawRow { row: self.row, cells: self.cells, damage: self.damage }
    }

    pub(crate) fn context(&self) -> &'a Context {
        self.context
    }

    /// Whether an error keeps the row out of the import.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        self.rejected
    }

    /// The row as the import takes it; `None` when it is rejected or when the header has an error.
    ///
    /// A fault of the file that shows only at its end, such as too many rows, is not known here:
    /// [`Report::first_stop`](crate::report::Report::first_stop) has the last word.
    #[must_use]
    pub fn record(&self) -> Option<Record> {
        if self.rejected || self.context.faulty {
            return None;
        }
        let texts = self.cells.text()?;
        Some(Record::of(&self.context.program, &self.context.columns, &self.context.roles, self.row, texts))
    }

    /// The password that the row sets, for whoever seals it at once. White space around it is not part of it.
    #[must_use]
    pub fn password(&self) -> Option<&'a str> {
        record::password(&self.context.program, &self.context.columns, self.cells.text()?)
    }

    pub(super) fn has_only_warnings(&self) -> bool {
        !self.rejected && !self.findings.is_empty()
    }

    pub(crate) fn findings(&self) -> &'a [Finding] {
        self.findings
    }

    /// The findings that are about other rows too; they stand after all others.
    pub(crate) fn findings_across(&self) -> &'a [Finding] {
        &self.findings[self.across..]
    }

    /// The hashes of the row's identities, if it has no error.
    pub(crate) fn keys(&self) -> &'a [u64] {
        self.keys
    }

    /// One of the findings in words.
    pub(super) fn words(&self, finding: &Finding) -> Diagnostic {
        self.context.words(self.row, self.cells, finding)
    }
}
