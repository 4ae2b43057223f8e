//! Secrets of the embedded stack's own, each in a file that its owner alone can read.

use std::{
    io::{self, Write},
    path::Path,
};

pub(crate) const KEY_BYTES: usize = 32;

/// Reads a key, or makes it at the first start.
pub(crate) fn open(file: &Path) -> io::Result<Vec<u8>> {
    let key = match std::fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(file)?,
        read => read?,
    };
    if key.len() != KEY_BYTES {
        return Err(io::Error::other(format!(
            "the key {} is damaged; remove it and a new one is made",
            file.display()
        )));
    }
    Ok(key)
}

fn create(file: &Path) -> io::Result<Vec<u8>> {
    let mut key = vec![0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // Killed half-way, the rest of a key must not be taken for one.
    let unfinished = file.with_extension("unfinished");
    options.open(&unfinished)?.write_all(&key)?;
    std::fs::rename(&unfinished, file)?;
    Ok(key)
}
