//! `rollcall import`: the whole way of a roster, through the API as the page goes it.

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, bail};
use clap::Args;
use functions::{
    api::views::{CreatedImport, ImportView, NewImport},
    guard::Hold,
    import::{DeclaredFile, DryRun, Options, State},
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use shared_rules::{digest::Digests, options::DuplicatePolicy, rules::grouped};

use crate::{
    Format, Verdict,
    client::{Client, Server},
    duplicates::{self, Duplicates},
    reading::ReadingFlags,
    text, upload,
    validate::{file_name, policies},
};

/// How often the state of the import is asked for.
const POLL: Duration = Duration::from_millis(200);
/// What is saved beside the file.
const RESULTS: [&str; 3] = ["report.json", "log.csv", "errors.csv"];

/// Import a roster: upload it, show what would happen, import it after confirmation, save the results
#[derive(Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Import {
    /// The roster: CSV, TSV or the like in any usual encoding, XLSX, XLSB, XLS or ODS
    file: PathBuf,
    /// The program whose columns and rules the file is checked against; `rollcall programs` lists them
    #[arg(long, short)]
    program: String,
    /// What happens to a row that matches a person who is there already
    #[arg(long, value_name = "POLICY", default_value_t, value_parser = policies())]
    duplicates: DuplicatePolicy,
    /// Send registration e-mails to the new people after the import
    #[arg(long)]
    invite: bool,
    /// Import nothing if any row has an error
    #[arg(long)]
    all_or_nothing: bool,
    /// Replace the passwords of people who have one already
    #[arg(long)]
    overwrite_passwords: bool,
    /// Replace what somebody set by hand
    #[arg(long)]
    overwrite_hand_edits: bool,
    /// What becomes of a row whose new person may be there already, or have an earlier row
    #[arg(long, value_name = "DECISION", value_enum, default_value_t = Duplicates::Create)]
    possible_duplicates: Duplicates,
    /// The folder for the results [default: beside the file, with the ending `.results`]
    #[arg(long, value_name = "FOLDER")]
    results: Option<PathBuf>,
    #[command(flatten)]
    confirming: Confirming,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    reading: ReadingFlags,
}

/// How an import that has its dry run goes on.
#[derive(Args)]
pub struct Confirming {
    /// Confirm the import without asking
    #[arg(long, short)]
    yes: bool,
    /// The number of people that a held import takes something away from, or changes: with --yes it confirms it
    #[arg(long, value_name = "PEOPLE")]
    acknowledge: Option<u32>,
    /// How the final report is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Import {
    pub async fn run(&self) -> anyhow::Result<Verdict> {
        let (file, parts) = self.describe_file().await?;
        let client = self.server.connect().await?;
        let created = client.create(&self.new_import(file, parts)).await?;
        let id = created.import.id.clone();
        self.upload(&client, created).await?;
        let checked = follow(&client, &id, "Checking").await?;
        duplicates::decide(&client, &checked, self.possible_duplicates).await?;
        let folder = self.results.clone().unwrap_or_else(|| self.file.with_extension("results"));
        self.confirming.go_on(&client, &id, &folder).await
    }

    fn new_import(&self, file: DeclaredFile, parts: Vec<String>) -> NewImport {
        let options = Options {
            duplicates: self.duplicates,
            invite: self.invite,
            all_or_nothing: self.all_or_nothing,
            overwrite_passwords: self.overwrite_passwords,
            overwrite_hand_edits: self.overwrite_hand_edits,
            reading: self.reading.options(),
        };
        NewImport { program: self.program.clone(), file, parts, options }
    }

    async fn describe_file(&self) -> anyhow::Result<(DeclaredFile, Vec<String>)> {
        let (bytes, Digests { sha256, parts }) = upload::digest(&self.file).await?;
        Ok((DeclaredFile { name: file_name(&self.file), bytes, sha256 }, parts))
    }

    async fn upload(&self, client: &Client, created: CreatedImport) -> anyhow::Result<()> {
        let bar = bar("Uploading", created.import.file.bytes, "{msg} {wide_bar} {bytes}/{total_bytes}");
        upload::upload(client, &self.file, created, &bar).await?;
        bar.finish_and_clear();
        Ok(())
    }
}

/// That somebody confirmed, and the number that a held import asks for.
struct Confirmed {
    acknowledge: Option<u32>,
}

impl Confirming {
    /// Waits for the dry run, shows it, confirms it, waits for the end, and saves the results.
    pub async fn go_on(&self, client: &Client, id: &str, folder: &Path) -> anyhow::Result<Verdict> {
        let checked = follow(client, id, "Checking").await?;
        if checked.state != State::Ready {
            return self.stopped(client, &checked, folder).await;
        }
        let dry_run = checked.dry_run.as_ref().context("the server sent no dry run")?;
        show_dry_run(&checked, dry_run);
        let Some(Confirmed { acknowledge }) = self.ask(dry_run.hold.as_ref())? else {
            anstream::eprintln!("Nothing was written.");
            return Ok(Verdict::Clean);
        };
        client.confirm(id, acknowledge).await?;
        let ended = follow(client, id, "Writing").await?;
        match (&ended.outcomes, &ended.entities) {
            (Some(outcomes), Some(entities)) => {
                anstream::eprintln!(
                    "{} ({id}).",
                    if ended.state == State::Cancelled { "Cancelled" } else { "Done" }
                );
                text::print_outcomes(outcomes, entities);
                self.save_results(client, id, folder).await?;
                Ok(if outcomes.rejected == 0 { Verdict::Clean } else { Verdict::RowsWithErrors })
            }
            _ => self.stopped(client, &ended, folder).await,
        }
    }

    /// Whether to confirm, and with which number; `None` if not.
    fn ask(&self, hold: Option<&Hold>) -> anyhow::Result<Option<Confirmed>> {
        let can_ask = std::io::stdin().is_terminal();
        match hold {
            None if self.yes => Ok(Some(Confirmed { acknowledge: None })),
            Some(_) if self.yes && self.acknowledge.is_some() => {
                Ok(Some(Confirmed { acknowledge: self.acknowledge }))
            }
            Some(hold) if self.yes || !can_ask => {
                bail!(
                    "nothing was written: the import is held. Confirm with --yes --acknowledge {}",
                    hold.people
                )
            }
            None if !can_ask => {
                bail!("nothing was written: confirm with --yes where there is no terminal to ask at")
            }
            None => {
                let yes = matches!(answer("Go on? [y/N] ")?.to_lowercase().as_str(), "y" | "yes");
                Ok(yes.then_some(Confirmed { acknowledge: None }))
            }
            Some(hold) => {
                let typed = answer("Type the number of people to go on: ")?;
                let same = typed == hold.people.to_string();
                Ok(same.then_some(Confirmed { acknowledge: Some(hold.people) }))
            }
        }
    }

    /// The file was refused, somebody cancelled, or we failed.
    async fn stopped(&self, client: &Client, import: &ImportView, folder: &Path) -> anyhow::Result<Verdict> {
        let (message, help) = match &import.reason {
            Some(reason) => (reason.message.as_str(), reason.help.as_str()),
            None => ("The server gave no reason.", "Try again."),
        };
        if import.state != State::Rejected {
            bail!("nothing was imported: {message} {help}");
        }
        anstream::eprintln!("{}: nothing was imported. {message}\n  {help}", text::error("error"));
        // A file that is not the one announced has no results: it was never read as a roster.
        if client.result(&import.id, "report.json").await.is_ok() {
            self.save_results(client, &import.id, folder).await?;
        }
        Ok(Verdict::RowsWithErrors)
    }

    async fn save_results(&self, client: &Client, id: &str, folder: &Path) -> anyhow::Result<()> {
        tokio::fs::create_dir_all(folder)
            .await
            .with_context(|| format!("cannot make {}", folder.display()))?;
        for name in RESULTS {
            let content = client.result(id, name).await?;
            if name == "report.json" && self.format == Format::Json {
                std::io::stdout().write_all(&content).context("cannot print the report")?;
            }
            save(&folder.join(name), content).await?;
        }
        anstream::eprintln!("Results: {}", folder.display());
        Ok(())
    }
}

fn show_dry_run(import: &ImportView, dry_run: &DryRun) {
    if let Some(same) = &import.same_file_as {
        anstream::eprintln!(
            "{}: the same file came on {} from {} (import {}, {}).",
            text::warning("imported before"),
            same.created_at.strftime("%Y-%m-%d %H:%M UTC"),
            same.created_by,
            same.import,
            same.state
        );
    }
    let does = if import.undoes.is_some() { "would be undone" } else { "would be imported" };
    anstream::eprintln!("{} {does} like this:", import.file.name);
    text::print_outcomes(&dry_run.outcomes, &dry_run.entities);
    if import.options.invite {
        anstream::eprintln!("  {} registration e-mails would be sent.", grouped(dry_run.invitations));
    }
    if let Some(hold) = &dry_run.hold {
        let touches = if hold.rule == "many-removed" { "takes something away from" } else { "changes" };
        anstream::eprintln!(
            "{}: this {touches} {} of {} people, more than {} %.",
            text::error("held"),
            grouped(hold.people),
            grouped(hold.of),
            hold.percent
        );
    }
}

fn answer(question: &str) -> anyhow::Result<String> {
    anstream::eprint!("{question}");
    std::io::stderr().flush().context("cannot ask")?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).context("cannot read the answer")?;
    Ok(answer.trim().to_owned())
}

async fn save(path: &Path, content: Vec<u8>) -> anyhow::Result<()> {
    tokio::fs::write(path, content).await.with_context(|| format!("cannot write {}", path.display()))
}

/// Waits until the import is in a state in which it stays.
async fn follow(client: &Client, id: &str, message: &'static str) -> anyhow::Result<ImportView> {
    let bar = bar(message, 0, "{msg} {wide_bar} {percent}%");
    loop {
        let import = client.show(id).await?;
        if let Some(progress) = &import.progress {
            bar.set_length(u64::from(progress.partitions));
            bar.set_position(progress.done as u64);
        }
        match import.state {
            State::Created | State::Checking | State::Queued | State::Applying => {
                tokio::time::sleep(POLL).await;
            }
            State::Ready
            | State::Finished
            | State::Rejected
            | State::Failed
            | State::Expired
            | State::Cancelled => {
                bar.finish_and_clear();
                return Ok(import);
            }
        }
    }
}

/// A progress bar on the standard error; nothing where that is not a terminal.
fn bar(message: &'static str, length: u64, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr())
        .with_style(style)
        .with_message(message)
}
