//! What is done to imports that are there already: `cancel`, `invite`, `undo`, and what is the organisation's:
//! `settings` and `programs`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use functions::{api::views::ProgramView, import::State, markets::MarketCount};
use shared_rules::rules::grouped;

use crate::{Verdict, client::Server, import::Confirming};

/// Cancel an import; one that is being written stops between partitions, and what was written stands
#[derive(Args)]
pub struct Cancel {
    /// The import, as its report names it
    import: String,
    #[command(flatten)]
    server: Server,
}

/// Invite the new people of an import that did not invite them; each is sent one mail
#[derive(Args)]
pub struct Invite {
    /// The import, as its report names it
    import: String,
    #[command(flatten)]
    server: Server,
}

/// Take an import back: show what would happen, do it after confirmation, save the results
#[derive(Args)]
pub struct Undo {
    /// The import, as its report names it
    import: String,
    /// The folder for the results
    #[arg(long, value_name = "FOLDER", default_value = "undo.results")]
    results: PathBuf,
    #[command(flatten)]
    confirming: Confirming,
    #[command(flatten)]
    server: Server,
}

/// Show the organisation's settings, or settle others: when an import is held, which files import themselves
#[derive(Args)]
pub struct Settings {
    /// A file with the new settings, as this command shows them
    file: Option<PathBuf>,
    /// Load the markets of postal codes instead: CSV of the columns postalCode and market
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    markets: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
}

/// List the programs that a roster can follow, bring one of your own, or delete it
#[derive(Args)]
pub struct Programs {
    /// A program of your own: small letters, digits and hyphens
    #[arg(requires = "change")]
    name: Option<String>,
    #[command(flatten)]
    change: Change,
    #[command(flatten)]
    server: Server,
}

#[derive(Args)]
#[group(id = "change", multiple = false, requires = "name")]
struct Change {
    /// The Table Schema (JSON, version 2) that it is from now on; imports made before keep the older one
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// Delete it; imports made with it keep it
    #[arg(long)]
    delete: bool,
}

impl Cancel {
    pub async fn run(&self) -> anyhow::Result<Verdict> {
        let import = self.server.connect().await?.cancel(&self.import).await?;
        anstream::eprintln!(
            "{}",
            match import.state {
                State::Applying => "It stops after the partitions that are being written.",
                State::Finished => "It was finished already.",
                _ => "Cancelled.",
            }
        );
        Ok(Verdict::Clean)
    }
}

impl Invite {
    pub async fn run(&self) -> anyhow::Result<Verdict> {
        let import = self.server.connect().await?.invite(&self.import).await?;
        let due = import.invitations.map_or(0, |invitations| invitations.due);
        anstream::eprintln!("{} registration e-mails are on their way.", grouped(due));
        Ok(Verdict::Clean)
    }
}

impl Undo {
    pub async fn run(&self) -> anyhow::Result<Verdict> {
        let client = self.server.connect().await?;
        let undo = client.undo(&self.import).await?;
        self.confirming.go_on(&client, &undo.id, &self.results).await
    }
}

impl Programs {
    pub async fn run(&self) -> anyhow::Result<Verdict> {
        let client = self.server.connect().await?;
        match (&self.name, &self.change.schema) {
            (Some(name), Some(file)) => {
                let schema = tokio::fs::read_to_string(file)
                    .await
                    .with_context(|| format!("cannot read {}", file.display()))?;
                print(&client.bring_program(name, schema).await?);
            }
            (Some(name), None) => {
                let deleted = client.delete_program(name).await?;
                anstream::eprintln!("{} is deleted; imports that were made with it keep it.", deleted.name);
            }
            (None, _) => client.programs().await?.iter().for_each(print),
        }
        Ok(Verdict::Clean)
    }
}

fn print(program: &ProgramView) {
    let ProgramView { name, title, importable, schema, .. } = program;
    let own = if schema.is_some() { ", your own" } else { "" };
    let only = if *importable { "" } else { ", to check and not to import" };
    anstream::println!("{name}: {title}{own}{only}");
}

impl Settings {
    pub async fn run(&self) -> anyhow::Result<Verdict> {
        let client = self.server.connect().await?;
        if let Some(file) = &self.markets {
            let table =
                tokio::fs::read(file).await.with_context(|| format!("cannot read {}", file.display()))?;
            let MarketCount { postal_codes, markets } = client.load_markets(table).await?;
            anstream::println!("{postal_codes} postal codes in {markets} markets.");
            return Ok(Verdict::Clean);
        }
        let settings = match &self.file {
            None => client.settings().await?,
            Some(file) => {
                let text =
                    tokio::fs::read(file).await.with_context(|| format!("cannot read {}", file.display()))?;
                let settings = serde_json::from_slice(&text)
                    .with_context(|| format!("{} does not read as settings", file.display()))?;
                client.settle(&settings).await?
            }
        };
        anstream::println!(
            "{}",
            serde_json::to_string_pretty(&settings).context("cannot show the settings")?
        );
        Ok(Verdict::Clean)
    }
}
