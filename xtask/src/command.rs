//! Runs other programs: from the workspace's folder, without standard input, and never for ever.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::Root;

pub const MINUTE: Duration = Duration::from_mins(1);

/// How long a program that was asked to stop may take before it is stopped by force.
const GRACE: Duration = Duration::from_secs(5);

impl Root {
    /// A command that runs in the workspace's folder.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.0).stdin(Stdio::null());
        command
    }

    /// A cargo command with the toolchain that runs this program.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments);
        // Set for this program by `cargo run`; it would confuse build scripts that look for their own.
        command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_PKG_NAME");
        command
    }

    /// A program of the workspace, freshly built. Built with the whole workspace in view, it shares the libraries that
    /// the tests are built of; alone, it would ask them for other features, and compile them once more.
    pub fn tool(&self, name: &str) -> Result<Command> {
        run(&mut self.cargo(&["build", "--quiet", "--workspace", "--bin", name]), 30 * MINUTE)?;
        Ok(self.command(self.target().join("debug").join(name)))
    }
}

/// Runs the command to its end with its output shown. An error names the command that failed.
pub fn run(command: &mut Command, limit: Duration) -> Result<()> {
    let mut child = command.spawn().with_context(|| format!("cannot start {}", describe(command)))?;
    succeeded(command, wait(&mut child, limit)?, limit)
}

/// As [`run`], with the output shown only when the command fails.
pub fn run_quietly(command: &mut Command, limit: Duration) -> Result<()> {
    let mut kept = Vec::new();
    let outcome = run_watched(command, limit, &mut |line| kept.push(line.to_owned()));
    if outcome.is_err() {
        eprintln!("{}", kept.join("\n"));
    }
    outcome
}

/// As [`run`], with every line of the output also given to `watch`.
pub fn run_shown(command: &mut Command, limit: Duration, watch: &mut impl FnMut(&str)) -> Result<()> {
    run_watched(command, limit, &mut |line| {
        // Nobody may be listening any more; the step's outcome does not depend on it.
        let _ = writeln!(std::io::stdout(), "{line}");
        watch(line);
    })
}

/// What the command prints on standard output.
pub fn output(command: &mut Command, limit: Duration) -> Result<String> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {}", describe(command)))?;
    let reader = child.stdout.take().map(|mut pipe| {
        thread::spawn(move || {
            let mut text = String::new();
            pipe.read_to_string(&mut text).map(|_| text)
        })
    });
    succeeded(command, wait(&mut child, limit)?, limit)?;
    let text = reader.and_then(|reader| reader.join().ok()).context("no output")??;
    Ok(text.trim_end().to_owned())
}

/// Where a program lies that is on the search path.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

fn run_watched(command: &mut Command, limit: Duration, watch: &mut dyn FnMut(&str)) -> Result<()> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", describe(command)))?;
    let (sender, lines) = std::sync::mpsc::channel();
    let pipes: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|pipe| Box::new(pipe) as _),
        child.stderr.take().map(|pipe| Box::new(pipe) as _),
    ];
    for pipe in pipes.into_iter().flatten() {
        let sender = sender.clone();
        thread::spawn(move || {
            for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
            }
        });
    }
    drop(sender);
    let waiter = thread::spawn(move || wait(&mut child, limit));
    for line in lines {
        watch(&line);
    }
    let status = waiter.join().ok().context("the waiting thread ended early")??;
    succeeded(command, status, limit)
}

/// Waits for the program; `None` when it had to be stopped because its time was up.
fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    if let Some(status) = wait_until(child, Instant::now() + limit)? {
        return Ok(Some(status));
    }
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // It may have ended just now, which is as good.
        let _ = kill_process(pid, Signal::TERM);
    }
    if wait_until(child, Instant::now() + GRACE)?.is_none() {
        child.kill()?;
        child.wait()?;
    }
    Ok(None)
}

fn wait_until(child: &mut Child, deadline: Instant) -> Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn succeeded(command: &Command, status: Option<ExitStatus>, limit: Duration) -> Result<()> {
    match status {
        Some(status) if status.success() => Ok(()),
        Some(status) => bail!("{} ended with {status}", describe(command)),
        None => bail!("{} was stopped: not done after {} s", describe(command), limit.as_secs()),
    }
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let arguments = command.get_args().map(OsStr::to_string_lossy);
    let words: Vec<_> = std::iter::once(program.to_string_lossy()).chain(arguments).collect();
    format!("`{}`", words.join(" "))
}

#[cfg(test)]
mod tests {
    use std::{process::Command, time::Duration};

    use super::{output, run, run_shown};

    #[test]
    fn a_program_that_does_not_end_is_stopped() {
        let error = run(Command::new("sleep").arg("60"), Duration::from_millis(50)).unwrap_err();
        assert_eq!(error.to_string(), "`sleep 60` was stopped: not done after 0 s");
    }

    #[test]
    fn a_failure_names_the_command() {
        let error = run(Command::new("sh").args(["-c", "exit 3"]), Duration::from_secs(9)).unwrap_err();
        assert_eq!(error.to_string(), "`sh -c exit 3` ended with exit status: 3");
    }

    #[test]
    fn both_streams_are_watched() {
        let mut lines = Vec::new();
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; echo err >&2"]);
        run_shown(&mut command, Duration::from_secs(9), &mut |line| lines.push(line.to_owned())).unwrap();
        lines.sort();
        assert_eq!(lines, ["err", "out"]);
    }

    #[test]
    fn output_is_given_without_its_last_line_end() {
        assert_eq!(output(Command::new("echo").arg("a"), Duration::from_secs(9)).unwrap(), "a");
    }
}
