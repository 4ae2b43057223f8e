//! Reads an uploaded roster through the rules. Every stage that needs the rows reads them here.

use aws_sdk_s3::primitives::ByteStream;
use roster_files::FileChecker;
use sha2::{Digest, Sha256};
use shared_rules::{check::CheckedRow, report::Report};

use crate::{
    context::Context,
    failure::Failure,
    import::{Import, Options},
    objects,
};

/// What reading an upload came to.
pub enum Reading {
    /// There is no such object.
    Missing,
    /// The bytes are not those that were announced.
    Changed,
    Read(Box<Report>),
}

/// Streams the upload of `import` through the rules and gives each data row to `each`.
///
/// The rows are worth something only if the result is [`Reading::Read`]: whether the bytes are those that
/// were announced is known at their end.
pub async fn read(
    context: &Context,
    import: &Import,
    mut each: impl FnMut(&CheckedRow<'_>),
) -> Result<Reading, Failure> {
    let program = import.program()?;
    let Some(mut body) = objects::open(context, &import.reference().upload()).await? else {
        return Ok(Reading::Missing);
    };
    let Options { duplicates, reading, .. } = &import.options;
    let options = reading.file_options(*duplicates, import.today());
    let mut checker = FileChecker::new(program, &import.file.name, options);
    let mut sha256 = Sha256::new();
    let mut bytes = 0;
    while let Some(chunk) = next(&mut body).await? {
        bytes += chunk.len() as u64;
        if bytes > import.file.bytes {
            return Ok(Reading::Changed);
        }
        sha256.update(&chunk);
        checker.push(&chunk, &mut each);
    }
    if bytes != import.file.bytes || format!("{:x}", sha256.finalize()) != import.file.sha256 {
        return Ok(Reading::Changed);
    }
    Ok(Reading::Read(Box::new(checker.finish(each))))
}

async fn next(
    body: &mut ByteStream,
) -> Result<Option<impl AsRef<[u8]> + std::ops::Deref<Target = [u8]>>, Failure> {
    body.next().await.transpose().map_err(Failure::store("read an upload"))
}
