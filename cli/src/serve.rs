//! `rollcall serve`: the page, the API and the embedded stack, in one process.

use std::{path::PathBuf, time::Duration};

use anyhow::Context;
use clap::Args;
use local_stack::{LOG_FILTER, Ports, Stack, StackConfig};
use tracing_subscriber::EnvFilter;

use crate::Verdict;

/// Serve the page and the API on this computer, with an embedded stack instead of a cloud account
#[derive(Args)]
pub struct Serve {
    /// The folder that everything is kept in
    #[arg(long, env = "ROLLCALL_DATA", default_value = ".rollcall", value_name = "FOLDER")]
    data: PathBuf,
    /// The folder of the built page
    #[arg(long, default_value = "web/dist", value_name = "FOLDER")]
    page: PathBuf,
    /// The port of the page and the API; 0 is any free one, here and below
    #[arg(long, default_value_t = Ports::default().page)]
    port: u16,
    /// The port of the embedded S3
    #[arg(long, default_value_t = Ports::default().objects, value_name = "PORT")]
    objects_port: u16,
    /// The port of the embedded DynamoDB
    #[arg(long, default_value_t = Ports::default().table, value_name = "PORT")]
    table_port: u16,
    /// The port of the embedded SES
    #[arg(long, default_value_t = Ports::default().mail, value_name = "PORT")]
    mail_port: u16,
    /// The port of the embedded KMS
    #[arg(long, default_value_t = Ports::default().keys, value_name = "PORT")]
    keys_port: u16,
    /// E-mails that the embedded SES takes in a second
    #[arg(long, default_value_t = 200.0, value_name = "NUMBER")]
    mail_rate: f64,
    /// E-mails that the embedded SES takes in 24 hours
    #[arg(long, default_value_t = 50_000, value_name = "NUMBER")]
    mail_quota: u32,
    /// Seconds between two runs of the clock that sends registration e-mails and takes up what stalled
    #[arg(long, default_value_t = 10, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    clock: u64,
    /// Events that are handled at a time
    #[arg(long, default_value_t = 4, value_name = "NUMBER")]
    workers: usize,
}

impl Serve {
    pub async fn run(&self) -> anyhow::Result<Verdict> {
        // The libraries that LOG_FILTER silences would log signatures, whatever level is asked for.
        let level = std::env::var("RUST_LOG").unwrap_or_else(|_| "warn".to_owned());
        let filter =
            EnvFilter::try_new(format!("{level},{LOG_FILTER}")).context("RUST_LOG is not understood")?;
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
        let stack = Stack::start(self.config()).await.context("the embedded stack does not start")?;
        println!("Rollcall is at {}", stack.page_url());
        println!("  inbox     {}/dev/inbox", stack.page_url());
        println!("  S3        {}", stack.objects_url());
        println!("  DynamoDB  {}", stack.table_url());
        println!("  SES       {}", stack.mail_url());
        println!("  KMS       {}", stack.keys_url());
        println!("  data      {}", self.data.display());
        println!("Ctrl-C stops it.");
        interrupted().await?;
        println!("Stopping.");
        stack.stop().await;
        Ok(Verdict::Clean)
    }

    fn config(&self) -> StackConfig {
        let mut config = StackConfig::new(&self.data);
        config.page = self.page.is_dir().then(|| self.page.clone());
        config.ports = Ports {
            page: self.port,
            objects: self.objects_port,
            table: self.table_port,
            mail: self.mail_port,
            keys: self.keys_port,
        };
        config.mail.per_second = self.mail_rate;
        config.mail.per_day = self.mail_quota;
        config.clock = Duration::from_secs(self.clock);
        config.workers = self.workers.max(1);
        config
    }
}

/// Waits for Ctrl-C or, where there is such a thing, for the signal to terminate.
async fn interrupted() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).context("cannot wait for signals")?;
        tokio::select! {
            done = tokio::signal::ctrl_c() => done.context("cannot wait for Ctrl-C"),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")
}
