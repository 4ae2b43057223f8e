//! One import, as its item in the table holds it, and the steps that its state takes.
//!
//! Every step is one conditional write: a late or repeated delivery finds the state moved on and does nothing.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    sync::Arc,
};

use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    operation::update_item::{UpdateItemError, UpdateItemOutput},
    types::{AttributeValue, ReturnValue},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use shared_rules::{options::DuplicatePolicy, program::Program, report::Report, sheets::Sheets};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    context::Context,
    failure::Failure,
    guard::Hold,
    markets::Markets,
    names::{ImportRef, Organisation},
    near::RowDecision,
    outcome::{self, Entities, Outcomes},
    plan::{Plan, PlanOptions},
    programs,
    reading::ReadingOptions,
    same_file::SameFile,
    table::{self, text},
    upload::Parts,
};

/// An import. Fields that a later stage sets are absent until then, not null: `if_not_exists` tells apart.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    pub organisation: Organisation,
    pub id: String,
    pub program: String,
    /// The program's Table Schema, as JSON, if the organisation brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The file was dropped into the bucket: nobody is asked, unless the import is held.
    #[serde(default)]
    pub confirms_itself: bool,
    /// The import that this one takes back, instead of importing a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<String>,
    /// The import that has taken this one back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<String>,
    pub state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    pub file: DeclaredFile,
    /// Set if the file is uploaded part by part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<Parts>,
    /// The import that had the same file before, as of when this one was made; the dry run says it anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_file_as: Option<SameFile>,
    pub options: Options,
    pub created_at: Timestamp,
    /// The importer: the token's subject.
    pub created_by: String,
    /// The importer's address, if the token names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by_email: Option<String>,
    /// When the state was set last, or a partition was done: what the sweep measures a stall by.
    pub touched_at: Timestamp,
    /// How often the check was started.
    #[serde(default)]
    pub check_starts: u32,
    /// Which of those starts the dry run and the partitions are of.
    #[serde(default)]
    pub checked_by_start: u32,
    #[serde(default)]
    pub rows: u32,
    /// The sheets of a workbook whose rows follow one another, where they are several.
    #[serde(default, skip_serializing_if = "Sheets::is_empty")]
    pub sheets: Sheets,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dry_run: Option<DryRun>,
    /// What was decided about rows that may be of people who are there, by row.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub decisions: BTreeMap<String, RowDecision>,
    #[serde(default)]
    pub partitions: u32,
    /// A number set in the table, so that concurrent and repeated additions merge.
    #[serde(default, with = "serde_dynamo::number_set", skip_serializing_if = "BTreeSet::is_empty")]
    pub partitions_done: BTreeSet<u32>,
    /// The partitions of which a row no longer fitted when it was written.
    #[serde(default, with = "serde_dynamo::number_set", skip_serializing_if = "BTreeSet::is_empty")]
    pub partitions_drifted: BTreeSet<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<String>,
    /// The number of people that the confirmation of a held import named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<Outcomes>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entities: Option<Entities>,
    /// New people with an e-mail address whom the import did not invite.
    #[serde(default)]
    pub invitable: u32,
    /// When somebody asked for their invitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_later_at: Option<Timestamp>,
    #[serde(default)]
    pub invitations_due: u32,
    #[serde(default)]
    pub invitations_sent: u32,
    #[serde(default)]
    pub invitations_failed: u32,
    /// The import is being taken back, or has been: no mail goes out any more.
    #[serde(default)]
    pub invitations_withheld: bool,
}

/// Who imports.
#[derive(Clone, Debug)]
pub struct Importer {
    /// The token's subject.
    pub subject: String,
    pub email: Option<String>,
}

/// Where an import is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Waits for the file.
    Created,
    Checking,
    /// The dry run is there; waits for the confirmation.
    Ready,
    /// Confirmed; waits for another import of the organisation to finish.
    Queued,
    Applying,
    Finished,
    /// The file is at fault; `reason` says what to do.
    Rejected,
    /// We are at fault; `reason` says what to do.
    Failed,
    /// The file never came, or nobody confirmed in time.
    Expired,
    /// Somebody cancelled it. If it has outcomes, they say what was written before that.
    Cancelled,
}

/// Why an import ended without importing anything.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct Reason {
    /// A rule's name, or a fault of this side: `file-changed`, `file-missing`, `not-confirmed`, `check-failed`.
    pub rule: String,
    pub message: String,
    pub help: String,
}

/// The file as it was announced before the upload.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub struct DeclaredFile {
    /// As the administrator's computer calls it. Only shown; nothing is derived from it.
    #[schema(max_length = 255)]
    pub name: String,
    #[schema(maximum = 500_000_000)]
    pub bytes: u64,
    /// 64 hexadecimal digits.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
}

/// What the importer chose.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Options {
    /// What happens to a row that matches a person who is there already.
    #[schema(schema_with = duplicate_policies, required = true)]
    pub duplicates: DuplicatePolicy,
    /// Send registration e-mails to new people after the import.
    #[schema(required = true)]
    pub invite: bool,
    /// Import nothing if any row has an error.
    #[schema(required = true)]
    pub all_or_nothing: bool,
    /// Replace the passwords of people who have one already.
    pub overwrite_passwords: bool,
    /// Replace what somebody set by hand.
    pub overwrite_hand_edits: bool,
    /// How the file is to be read, where what it seems to be is wrong.
    pub reading: ReadingOptions,
}

fn duplicate_policies() -> utoipa::openapi::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::Type::String)
        .enum_values(Some(DuplicatePolicy::ALL.map(DuplicatePolicy::name)))
        .build()
}

/// What the import would do, as of the check.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DryRun {
    pub outcomes: Outcomes,
    pub entities: Entities,
    /// How many people would be sent a registration e-mail.
    pub invitations: u32,
    /// How many new people have an e-mail address and would not be sent one.
    #[serde(default)]
    pub invitable: u32,
    /// How many rows make new people who may be there already, or have an earlier row, and nobody has decided about
    /// them.
    #[serde(default)]
    pub possible_duplicates: u32,
    /// About how many rows somebody has decided.
    #[serde(default)]
    pub decided: u32,
    /// The import that had the same file before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_file_as: Option<SameFile>,
    /// Why the import waits for a confirmation that names the number of people, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
}

impl State {
    /// Whether nothing will happen to the import any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Finished | Self::Rejected | Self::Failed | Self::Expired | Self::Cancelled)
    }

    /// Whether results may be there.
    #[must_use]
    pub fn has_results(self) -> bool {
        matches!(self, Self::Finished | Self::Rejected | Self::Cancelled)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Checking => "checking",
            Self::Ready => "ready",
            Self::Queued => "queued",
            Self::Applying => "applying",
            Self::Finished => "finished",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Import {
    /// An import that waits for its file.
    #[must_use]
    pub fn new(
        organisation: Organisation,
        importer: Importer,
        program: String,
        file: DeclaredFile,
        options: Options,
        now: Timestamp,
    ) -> Self {
        Self {
            organisation,
            id: Uuid::now_v7().to_string(),
            program,
            schema: None,
            confirms_itself: false,
            undoes: None,
            undone_by: None,
            state: State::Created,
            reason: None,
            file,
            parts: None,
            same_file_as: None,
            options,
            created_at: now,
            created_by: importer.subject,
            created_by_email: importer.email,
            touched_at: now,
            check_starts: 0,
            checked_by_start: 0,
            rows: 0,
            sheets: Sheets::default(),
            dry_run: None,
            decisions: BTreeMap::new(),
            partitions: 0,
            partitions_done: BTreeSet::new(),
            partitions_drifted: BTreeSet::new(),
            confirmed_at: None,
            confirmed_by: None,
            acknowledged: None,
            cancelled_at: None,
            cancelled_by: None,
            finished_at: None,
            outcomes: None,
            entities: None,
            invitable: 0,
            invited_later_at: None,
            invitations_due: 0,
            invitations_sent: 0,
            invitations_failed: 0,
            invitations_withheld: false,
        }
    }

    /// The partitions that are not written yet.
    #[must_use]
    pub fn partitions_left(&self) -> Vec<u32> {
        (0..self.partitions).filter(|number| !self.partitions_done.contains(number)).collect()
    }

    /// Whether the importer is still to send the file.
    #[must_use]
    pub fn waits_for_file(&self) -> bool {
        self.state == State::Created && self.undoes.is_none() && !self.confirms_itself
    }

    /// The program that the roster follows.
    pub fn program(&self) -> Result<Arc<Program>, Failure> {
        match &self.schema {
            Some(schema) => programs::restore(&self.program, schema),
            None => Program::builtin(&self.program).ok_or(Failure::Missing("the import's program")),
        }
    }

    /// How a partition of this import is planned, in the dry run and in earnest.
    pub fn plan_options(&self, partition: u32, markets: Option<Markets>) -> Result<PlanOptions, Failure> {
        Ok(PlanOptions {
            import: Uuid::parse_str(&self.id).map_err(Failure::corrupt("an import's identifier"))?,
            writer: format!("{}/{partition}", self.id),
            policy: self.options.duplicates,
            invite: self.options.invite,
            importer: self.created_by.clone(),
            program: self.program()?,
            overwrite_passwords: self.options.overwrite_passwords,
            markets,
            overwrite_hand_edits: self.options.overwrite_hand_edits,
        })
    }

    /// The day by which birth dates are judged: the one, by universal time, on which the import was made.
    #[must_use]
    pub fn today(&self) -> Date {
        self.created_at.to_zoned(TimeZone::UTC).date()
    }

    /// Whether its new people can be invited now.
    #[must_use]
    pub fn can_invite_later(&self) -> bool {
        self.state == State::Finished
            && self.undoes.is_none()
            && !self.options.invite
            && self.invited_later_at.is_none()
            && !self.invitations_withheld
    }

    /// How the import is addressed.
    #[must_use]
    pub fn reference(&self) -> ImportRef {
        ImportRef { organisation: self.organisation.clone(), import: self.id.clone() }
    }
}

impl DryRun {
    /// Counts the rows that the rules rejected, under the kind of person that the program is mostly about:
    /// a rejected row's own kind may be what is wrong with it.
    #[must_use]
    pub fn rejecting(report: &Report, kind: &str) -> Self {
        let rejected = report.rows_with_errors;
        let outcomes = Outcomes { rejected, ..Outcomes::default() };
        let mut entities = Entities::new();
        if rejected > 0 {
            entities.entry(kind.to_owned()).or_default().errors = rejected;
        }
        Self { outcomes, entities, ..Self::default() }
    }

    /// Counts a partition.
    pub fn count(&mut self, plan: &Plan) {
        plan.rows.iter().for_each(|row| self.outcomes.count(row.outcome));
        outcome::add_entities(&mut self.entities, &plan.entities);
        let count = |people: usize| u32::try_from(people).unwrap_or(u32::MAX);
        self.invitations += count(plan.invited().count());
        self.invitable += count(plan.invitable().count());
        let (decided, open): (Vec<_>, Vec<_>) = plan.rows.iter().partition(|row| row.decision.is_some());
        self.decided += count(decided.len());
        self.possible_duplicates += count(open.iter().filter(|row| row.may_repeat()).count());
    }

    /// Adds the counts of other rows.
    pub fn add(&mut self, others: &Self) {
        self.outcomes.add(others.outcomes);
        outcome::add_entities(&mut self.entities, &others.entities);
        self.invitations += others.invitations;
        self.invitable += others.invitable;
        self.possible_duplicates += others.possible_duplicates;
        self.decided += others.decided;
    }
}

/// Stores a new import; `false` if it is there already.
pub async fn create(context: &Context, import: &Import) -> Result<bool, Failure> {
    let key = import.reference().item();
    let answer = context
        .table
        .put_item()
        .table_name(&context.config.table)
        .set_item(Some(table::item(&key, import)?))
        .condition_expression("attribute_not_exists(pk)")
        .send()
        .await;
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
        Err(error) => Err(Failure::store("store a new import")(error)),
    }
}

/// Fetches an import; `None` if the organisation has no such import.
pub async fn load(context: &Context, reference: &ImportRef) -> Result<Option<Import>, Failure> {
    let item = table::get(context, &reference.item()).await?;
    item.map(|item| table::read(item, "an import")).transpose()
}

/// Fetches imports by their identifiers; those that are not there are left out.
pub async fn load_all(
    context: &Context,
    organisation: &Organisation,
    imports: BTreeSet<&str>,
) -> Result<HashMap<String, Import>, Failure> {
    let keys = imports.into_iter().map(|import| organisation.import(import)).collect();
    let items = table::batch_get(context, keys).await?;
    items
        .into_iter()
        .map(|item| table::read::<Import>(item, "an import").map(|import| (import.id.clone(), import)))
        .collect()
}

/// The organisation's imports, newest first.
pub async fn list(
    context: &Context,
    organisation: &Organisation,
    most: usize,
) -> Result<Vec<Import>, Failure> {
    let items = table::query(context, &organisation.imports(), table::Order::NewestFirst, most).await?;
    items.into_iter().map(|item| table::read(item, "an import")).collect()
}

/// One conditional change of an import's item.
pub struct Step<'a> {
    context: &'a Context,
    reference: &'a ImportRef,
    from: Vec<State>,
    sets: Vec<String>,
    values: HashMap<String, AttributeValue>,
}

impl<'a> Step<'a> {
    /// A change that is made only while the import is in one of the states `from`.
    #[must_use]
    pub fn from(context: &'a Context, reference: &'a ImportRef, from: &[State]) -> Self {
        let step = Self { context, reference, from: from.to_vec(), sets: Vec::new(), values: HashMap::new() };
        step.set_text("touchedAt", Timestamp::now().to_string())
    }

    /// Moves to a state.
    #[must_use]
    pub fn to(self, state: State) -> Self {
        self.set_text("state", state.name())
    }

    /// Sets a field to a text.
    #[must_use]
    pub fn set_text(self, field: &str, value: impl Into<String>) -> Self {
        self.set_value(field, text(value))
    }

    /// Sets a field to anything that serialises.
    pub fn set(self, field: &str, value: &impl Serialize) -> Result<Self, Failure> {
        let value =
            serde_dynamo::to_attribute_value(value).map_err(Failure::corrupt("a field of an import"))?;
        Ok(self.set_value(field, value))
    }

    /// Sets a time unless an earlier delivery has set it.
    #[must_use]
    pub fn set_time_once(mut self, field: &str, time: Timestamp) -> Self {
        self.sets.push(format!("{field} = if_not_exists({field}, :{field})"));
        self.values.insert(format!(":{field}"), text(time.to_string()));
        self
    }

    /// Adds to a count.
    #[must_use]
    pub fn add(mut self, field: &str, amount: u32) -> Self {
        self.sets.push(format!("{field} = {field} + :{field}"));
        self.values.insert(format!(":{field}"), AttributeValue::N(amount.to_string()));
        self
    }

    fn set_value(mut self, field: &str, value: AttributeValue) -> Self {
        self.sets.push(format!("#{field} = :{field}"));
        self.values.insert(format!(":{field}"), value);
        self
    }

    /// Makes the change and returns the import as it is then; `None` if the import is in another state.
    pub async fn take(self) -> Result<Option<Import>, Failure> {
        let mut values = self.values;
        let mut names: HashMap<String, String> = HashMap::from([("#state".to_owned(), "state".to_owned())]);
        for set in &self.sets {
            if let Some(name) = set.strip_prefix('#').and_then(|set| set.split(' ').next()) {
                names.insert(format!("#{name}"), name.to_owned());
            }
        }
        let mut conditions = Vec::new();
        for (index, state) in self.from.iter().enumerate() {
            values.insert(format!(":from{index}"), text(state.name()));
            conditions.push(format!("#state = :from{index}"));
        }
        let key = self.reference.item();
        let answer = table::update(self.context, &key)
            .update_expression(format!("SET {}", self.sets.join(", ")))
            .condition_expression(conditions.join(" OR "))
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        updated(answer)
    }
}

/// Notes that a partition is written, and whether some of its rows no longer fitted. Returns the import as it
/// is then; `None` if it does not apply any more.
pub async fn partition_done(
    context: &Context,
    reference: &ImportRef,
    partition: u32,
    drifted: bool,
) -> Result<Option<Import>, Failure> {
    let key = reference.item();
    let number = AttributeValue::Ns(vec![partition.to_string()]);
    let sets = if drifted { "partitionsDone :n, partitionsDrifted :n" } else { "partitionsDone :n" };
    let answer = table::update(context, &key)
        .update_expression(format!("ADD {sets} SET touchedAt = :now"))
        .condition_expression("#state = :applying")
        .expression_attribute_names("#state", "state")
        .expression_attribute_values(":n", number)
        .expression_attribute_values(":now", text(Timestamp::now().to_string()))
        .expression_attribute_values(":applying", text(State::Applying.name()))
        .return_values(ReturnValue::AllNew)
        .send()
        .await;
    updated(answer)
}

/// Notes how many of a finished import's invitations are out.
pub async fn note_invitations(
    context: &Context,
    reference: &ImportRef,
    sent: u32,
    failed: u32,
) -> Result<(), Failure> {
    Step::from(context, reference, &[State::Finished])
        .set("invitationsSent", &sent)?
        .set("invitationsFailed", &failed)?
        .take()
        .await?;
    Ok(())
}

fn updated(answer: Result<UpdateItemOutput, SdkError<UpdateItemError>>) -> Result<Option<Import>, Failure> {
    match answer {
        Ok(answer) => answer.attributes.map(|item| table::read(item, "an import")).transpose(),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(None),
        Err(error) => Err(Failure::store("change an import")(error)),
    }
}
