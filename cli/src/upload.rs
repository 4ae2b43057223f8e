//! Sends the roster's file: a large one part by part, and after an interruption only what is missing of it.

use std::{error::Error, fmt, io::SeekFrom, path::Path, time::Duration};

use anyhow::{Context, bail, ensure};
use functions::api::views::{CreatedImport, ImportView, UploadRequest};
use futures::{StreamExt, TryStreamExt, stream};
use indicatif::ProgressBar;
use reqwest::{Body, StatusCode};
use shared_rules::digest::{Digests, FileDigest, PART_BYTES};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};
use tokio_util::io::ReaderStream;

use crate::client::Client;

/// Parts that are on their way at a time.
const AT_ONCE: usize = 2;
/// How long is waited before what is missing is sent again. Each part that arrives starts the pauses anew.
const PAUSES: [Duration; 6] = [
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(20),
];
const BUFFER: usize = 1 << 16;

/// The bytes of a file, and their checksums.
pub async fn digest(path: &Path) -> anyhow::Result<(u64, Digests)> {
    let mut file = open(path).await?;
    let (mut digest, mut bytes, mut buffer) = (FileDigest::new(), 0, vec![0; BUFFER]);
    loop {
        let read = file.read(&mut buffer).await.with_context(|| format!("cannot read {}", path.display()))?;
        if read == 0 {
            return Ok((bytes, digest.finish()));
        }
        bytes += read as u64;
        digest.update(&buffer[..read]);
    }
}

/// Sends the file, and what is missing of it again, until all of it is there.
pub async fn upload(
    client: &Client,
    path: &Path,
    created: CreatedImport,
    bar: &ProgressBar,
) -> anyhow::Result<()> {
    let CreatedImport { import, upload } = created;
    let mut requests = upload.requests;
    let mut pauses = PAUSES.iter();
    while let Err(error) = send(client, path, &import, &requests, bar).await {
        let Some(pause) = pauses.next().filter(|_| !error.is::<Changed>()) else { return Err(error) };
        tokio::time::sleep(*pause).await;
        let left = match client.resume(&import.id).await {
            Ok(left) => left.requests,
            // Not to be reached: what was signed before is tried again.
            Err(error) if error.is::<reqwest::Error>() => continue,
            Err(error) => return Err(error),
        };
        if total(&left) < total(&requests) {
            pauses = PAUSES.iter();
        }
        bar.set_position(import.file.bytes - total(&left));
        requests = left;
    }
    Ok(())
}

/// Makes the requests, and says so if the file goes in parts.
async fn send(
    client: &Client,
    path: &Path,
    import: &ImportView,
    requests: &[UploadRequest],
    bar: &ProgressBar,
) -> anyhow::Result<()> {
    ensure!(open(path).await?.metadata().await?.len() == import.file.bytes, Changed);
    let sent = stream::iter(requests).map(|request| put(client, path, request, bar));
    sent.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    if import.file.bytes > PART_BYTES {
        client.complete(&import.id).await?;
    }
    Ok(())
}

async fn put(client: &Client, path: &Path, request: &UploadRequest, bar: &ProgressBar) -> anyhow::Result<()> {
    let mut file = open(path).await?;
    file.seek(SeekFrom::Start(request.offset)).await?;
    let progress = bar.clone();
    let part = ReaderStream::with_capacity(file.take(request.bytes), BUFFER)
        .inspect_ok(move |chunk| progress.inc(chunk.len() as u64));
    match client.put(request, Body::wrap_stream(part)).await? {
        // The checksum is not the one that was announced.
        StatusCode::BAD_REQUEST => bail!(Changed),
        status => ensure!(status.is_success(), "the upload was refused ({status})"),
    }
    Ok(())
}

fn total(requests: &[UploadRequest]) -> u64 {
    requests.iter().map(|request| request.bytes).sum()
}

async fn open(path: &Path) -> anyhow::Result<File> {
    File::open(path).await.with_context(|| format!("cannot open {}", path.display()))
}

/// The file is not the one that was announced any more, so that sending it again would be in vain.
#[derive(Debug)]
struct Changed;

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file was changed while it was sent; nothing was imported. Start the import again")
    }
}

impl Error for Changed {}
