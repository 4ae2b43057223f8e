//! Programs that come from the operating system: found if they are there, installed where that is possible,
//! otherwise named in one line.

use std::{path::PathBuf, process::Command};

use anyhow::{Result, bail};

use crate::{
    Root,
    command::{MINUTE, find, output, run_quietly},
    steps::say,
};

/// How a step gets a program that the operating system brings.
pub struct Package {
    /// What it is for, to be read after "… is missing".
    pub name: &'static str,
    /// Debian's packages.
    pub debian: &'static [&'static str],
    /// What to type on macOS.
    pub mac: &'static str,
}

pub const CHROMIUM: Package =
    Package { name: "Chromium", debian: &["chromium"], mac: "brew install --cask chromium" };

/// Chromium without a window and what belongs to one: the tests take a third less time in it.
pub const CHROMIUM_SHELL: Package = Package {
    name: "Chromium's headless shell",
    debian: &["chromium-headless-shell"],
    mac: "npx @puppeteer/browsers install chrome-headless-shell",
};

pub const PYTHON: Package =
    Package { name: "Python's venv module", debian: &["python3-venv"], mac: "brew install python" };

pub const RUST_FOR_WASM: Package = Package {
    name: "Rust's library for wasm32-unknown-unknown",
    debian: &["rustc-web", "cargo-web", "rust-web-src"],
    mac: "rustup target add wasm32-unknown-unknown",
};

impl Root {
    /// Installs the package, or says what to type where that is not possible.
    pub fn install(&self, package: &Package) -> Result<()> {
        let Package { name, debian, mac } = package;
        if cfg!(target_os = "macos") {
            bail!("{name} is missing; install it with: {mac}");
        }
        let by_hand = format!("apt-get install -y --no-install-recommends {}", debian.join(" "));
        if find("apt-get").is_none() {
            bail!("{name} is missing; install what Debian installs with: {by_hand}");
        }
        let Some(administrator) = self.administrator() else {
            bail!("{name} is missing; install it with: sudo {by_hand}");
        };
        say(&format!("Installing {name} ({})…", debian.join(", ")));
        run_quietly(administrator.apt(self).arg("update"), 3 * MINUTE)?;
        let mut install = administrator.apt(self);
        install.args(["install", "-y", "--no-install-recommends"]).args(*debian);
        run_quietly(&mut install, 10 * MINUTE)
    }

    fn administrator(&self) -> Option<Administrator> {
        if rustix::process::geteuid().is_root() {
            return Some(Administrator::Already);
        }
        let may = output(self.command("sudo").args(["-n", "true"]), MINUTE).is_ok();
        may.then_some(Administrator::BySudo)
    }
}

/// How this program may install packages.
enum Administrator {
    Already,
    BySudo,
}

impl Administrator {
    fn apt(&self, root: &Root) -> Command {
        let mut command = match self {
            Self::Already => root.command("apt-get"),
            Self::BySudo => root.command("sudo"),
        };
        if let Self::BySudo = self {
            command.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        // Another installation may be under way, as on a machine that has just been started.
        command.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-o", "DPkg::Lock::Timeout=120"]);
        command
    }
}

pub fn chromium_shell() -> Option<PathBuf> {
    ["chromium-headless-shell", "chrome-headless-shell"].into_iter().find_map(find)
}

pub fn chromium() -> Option<PathBuf> {
    const ON_MAC: [&str; 2] = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(find)
        .or_else(|| ON_MAC.into_iter().map(PathBuf::from).find(|path| path.exists()))
}
