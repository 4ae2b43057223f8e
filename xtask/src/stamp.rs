//! Remembers under target/xtask with which inputs a step last succeeded, so that it isn't done twice.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::Root;

/// Folders that are made, not written by hand; their contents never count as a step's input.
const MADE: [&str; 5] = ["node_modules", "dist", "pkg", "target", "results"];

/// The inputs of a step and where their hash is remembered.
pub struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// Reads the step's inputs: files, and folders with everything below them. A path that isn't there
    /// counts as absent; `settings` are what else the outcome depends on.
    pub fn of(root: &Root, name: &str, inputs: &[&str], settings: &[&str]) -> Result<Self> {
        let mut files = Vec::new();
        for input in inputs {
            collect(&root.join(input), &mut files)
                .with_context(|| format!("cannot list the inputs of {name} under {input}"))?;
        }
        files.sort();
        let mut hash = Sha256::new();
        for setting in settings {
            hash.update(setting.as_bytes());
            hash.update([0]);
        }
        for file in &files {
            hash.update(file.strip_prefix(&root.0).unwrap_or(file).as_os_str().as_encoded_bytes());
            hash.update([0]);
            hash_file(file, &mut hash).with_context(|| format!("cannot read {}", file.display()))?;
        }
        let hash = format!("{:x}", hash.finalize());
        Ok(Self { file: root.target().join("xtask").join(name).with_extension("stamp"), hash })
    }

    /// Whether the step last succeeded with these very inputs.
    pub fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|text| text == self.hash)
    }

    /// Remembers that the step succeeded.
    pub fn set(&self) -> Result<()> {
        let folder = self.file.parent().context("a stamp lies in a folder")?;
        fs::create_dir_all(folder)?;
        fs::write(&self.file, &self.hash).with_context(|| format!("cannot write {}", self.file.display()))
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    if !path.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if !MADE.iter().any(|made| entry.file_name() == *made) {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

fn hash_file(file: &Path, hash: &mut Sha256) -> io::Result<()> {
    let mut file = File::open(file)?;
    // The length keeps two neighbouring files from running into each other.
    hash.update(file.metadata()?.len().to_le_bytes());
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(()),
            read => hash.update(&buffer[..read]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{env, fs, process};

    use super::Stamp;
    use crate::Root;

    #[test]
    fn a_stamp_holds_until_an_input_or_a_setting_changes() {
        let root = Root(env::temp_dir().join(format!("rollcall-stamp-{}", process::id())));
        fs::create_dir_all(root.join("in/node_modules")).unwrap();
        fs::write(root.join("in/a"), "1").unwrap();
        let stamp = |setting| Stamp::of(&root, "test-of-the-stamp", &["in", "absent"], &[setting]).unwrap();

        assert!(!stamp("x").is_current());
        stamp("x").set().unwrap();
        assert!(stamp("x").is_current());
        assert!(!stamp("y").is_current());
        fs::write(root.join("in/node_modules/b"), "made").unwrap();
        assert!(stamp("x").is_current());
        fs::write(root.join("in/a"), "2").unwrap();
        assert!(!stamp("x").is_current());

        fs::remove_dir_all(&root.0).unwrap();
    }
}
