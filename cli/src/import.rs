//! `rollcall import`: the whole way of a roster, through the API as the page goes it.

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, bail};
use clap::Args;
use functions::{
    api::views::{ImportView, NewImport, Upload},
    import::{DeclaredFile, Options, State},
};
use futures::TryStreamExt;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sha2::{Digest, Sha256};
use shared_rules::{options::DuplicatePolicy, rules::grouped};
use tokio::{fs::File, io::AsyncReadExt};
use tokio_util::io::ReaderStream;

use crate::{
    Format, Verdict,
    client::Client,
    program::programs,
    text,
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
    /// The program whose columns and rules the file is checked against
    #[arg(long, short, value_parser = programs())]
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
    /// Confirm the import without asking
    #[arg(long, short)]
    yes: bool,
    /// Where the API is
    #[arg(long, env = "ROLLCALL_API", default_value = "http://127.0.0.1:8787", value_name = "URL")]
    api: String,
    /// The token that names you and your organisation; the embedded stack gives one by itself
    #[arg(long, env = "ROLLCALL_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Your organisation, where the embedded stack gives the token
    #[arg(long, default_value = "demo", value_name = "NAME", conflicts_with = "token")]
    organisation: String,
    /// The folder for the results [default: beside the file, with the ending `.results`]
    #[arg(long, value_name = "FOLDER")]
    results: Option<PathBuf>,
    /// How the final report is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Import {
    pub async fn run(&self) -> anyhow::Result<Verdict> {
        let file = self.describe_file().await?;
        let bytes = file.bytes;
        let client = Client::connect(&self.api, self.token.clone(), &self.organisation).await?;
        let created = client.create(&self.new_import(file)).await?;
        self.upload(&client, &created.upload, bytes).await?;
        let checked = follow(&client, &created.import.id, "Checking").await?;
        if checked.state != State::Ready {
            return self.stopped(&client, &checked).await;
        }
        self.show_dry_run(&checked)?;
        if !self.is_confirmed()? {
            anstream::eprintln!("Nothing was imported.");
            return Ok(Verdict::Clean);
        }
        client.confirm(&checked.id).await?;
        let finished = follow(&client, &checked.id, "Importing").await?;
        if finished.state != State::Finished {
            return self.stopped(&client, &finished).await;
        }
        self.finished(&client, &finished).await
    }

    fn new_import(&self, file: DeclaredFile) -> NewImport {
        let options = Options {
            duplicates: self.duplicates,
            invite: self.invite,
            all_or_nothing: self.all_or_nothing,
            overwrite_passwords: self.overwrite_passwords,
        };
        NewImport { program: self.program.clone(), file, options }
    }

    async fn describe_file(&self) -> anyhow::Result<DeclaredFile> {
        let mut file = self.open().await?;
        let (mut sha256, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
        loop {
            let read = file
                .read(&mut buffer)
                .await
                .with_context(|| format!("cannot read {}", self.file.display()))?;
            if read == 0 {
                break;
            }
            bytes += read as u64;
            sha256.update(&buffer[..read]);
        }
        Ok(DeclaredFile { name: file_name(&self.file), bytes, sha256: format!("{:x}", sha256.finalize()) })
    }

    async fn open(&self) -> anyhow::Result<File> {
        File::open(&self.file).await.with_context(|| format!("cannot open {}", self.file.display()))
    }

    async fn upload(&self, client: &Client, upload: &Upload, bytes: u64) -> anyhow::Result<()> {
        let bar = bar("Uploading", bytes, "{msg} {wide_bar} {bytes}/{total_bytes}");
        let progress = bar.clone();
        let stream = ReaderStream::with_capacity(self.open().await?, 1 << 16)
            .inspect_ok(move |chunk| progress.inc(chunk.len() as u64));
        client.upload(upload, bytes, reqwest::Body::wrap_stream(stream)).await?;
        bar.finish_and_clear();
        Ok(())
    }

    fn show_dry_run(&self, import: &ImportView) -> anyhow::Result<()> {
        let dry_run = import.dry_run.as_ref().context("the server sent no dry run")?;
        anstream::eprintln!("{} would be imported like this:", self.file.display());
        text::print_outcomes(&dry_run.outcomes, &dry_run.entities);
        if self.invite {
            anstream::eprintln!("  {} registration e-mails would be sent.", grouped(dry_run.invitations));
        }
        Ok(())
    }

    fn is_confirmed(&self) -> anyhow::Result<bool> {
        if self.yes {
            return Ok(true);
        }
        if !std::io::stdin().is_terminal() {
            bail!("nothing was imported: confirm with --yes where there is no terminal to ask at");
        }
        anstream::eprint!("Import? [y/N] ");
        std::io::stderr().flush().context("cannot ask")?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).context("cannot read the answer")?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    async fn finished(&self, client: &Client, import: &ImportView) -> anyhow::Result<Verdict> {
        let outcomes = import.outcomes.context("the server sent no outcomes")?;
        anstream::eprintln!("Imported.");
        text::print_outcomes(&outcomes, import.entities.as_ref().context("the server sent no counts")?);
        self.save_results(client, &import.id).await?;
        Ok(if outcomes.rejected == 0 { Verdict::Clean } else { Verdict::RowsWithErrors })
    }

    /// The file was refused, or we failed.
    async fn stopped(&self, client: &Client, import: &ImportView) -> anyhow::Result<Verdict> {
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
            self.save_results(client, &import.id).await?;
        }
        Ok(Verdict::RowsWithErrors)
    }

    async fn save_results(&self, client: &Client, id: &str) -> anyhow::Result<()> {
        let folder = self.results.clone().unwrap_or_else(|| self.file.with_extension("results"));
        tokio::fs::create_dir_all(&folder)
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
            State::Ready | State::Finished | State::Rejected | State::Failed | State::Expired => {
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
