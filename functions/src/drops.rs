//! Files that a school's own system puts into the bucket, every night and without a browser: they become imports
//! that confirm themselves, by the organisation's settings for the program. One that is held waits for a person.

use aws_sdk_s3::{error::ProvideErrorMetadata, operation::head_object::HeadObjectOutput};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};
use shared_rules::limits::Limits;

use crate::{
    context::Context,
    failure::Failure,
    import::{self, DeclaredFile, Import, Importer, Options, Reason, State},
    names::{ACTIVE, Drop},
    objects, programs, same_file, settings, table,
};

/// What the import of a file that nobody has settled is in the name of.
const NOBODY: &str = "drop";

/// Makes an import of a dropped file and hands it to the check. Of the same file there is one import, however often
/// its event comes.
pub async fn take(context: &Context, drop: &Drop) -> Result<(), Failure> {
    let Some(file) = objects::head(context, &drop.key).await? else { return Ok(()) };
    let etag = file.e_tag().unwrap_or_default().to_owned();
    let Some(sha256) = objects::sha256(context, &drop.key, &etag).await? else {
        tracing::info!(organisation = %drop.organisation, "a dropped file was replaced; the other one has its own event");
        return Ok(());
    };
    let settled = settings::load(context, &drop.organisation).await?;
    let options = settled.as_ref().and_then(|settled| settled.settings.drops.get(&drop.program)).cloned();
    let importer = match settled {
        Some(settled) => Importer { subject: settled.by, email: settled.by_email },
        None => Importer { subject: NOBODY.to_owned(), email: None },
    };
    let mut import = Import::new(
        drop.organisation.clone(),
        importer,
        drop.program.clone(),
        DeclaredFile { name: drop.name.clone(), bytes: bytes(&file), sha256 },
        options.clone().unwrap_or_default(),
        Timestamp::now(),
    );
    import.id = identifier(drop, &file, &etag);
    import.confirms_itself = true;
    let found = programs::find(context, &drop.organisation, &drop.program).await?;
    let found = found.filter(|found| found.program.is_importable());
    import.schema = found.as_ref().and_then(|found| found.schema.clone());
    if let Some(reason) = refusal(options.filter(|_| found.is_some()).as_ref(), &import.file, drop) {
        import.state = State::Rejected;
        import.reason = Some(reason);
        import::create(context, &import).await?;
        return Ok(());
    }
    let reference = import.reference();
    // Listed first: an import that is stored and not listed would never be swept.
    table::put(context, table::key_item(&reference.listed(ACTIVE))).await?;
    same_file::note(context, &import).await?;
    if import::create(context, &import).await? {
        tracing::info!(import = %reference, program = import.program, "made of a dropped file");
    }
    copy(context, drop, &etag, &reference.upload()).await
}

/// Why a file is not imported, if so.
fn refusal(options: Option<&Options>, file: &DeclaredFile, drop: &Drop) -> Option<Reason> {
    if options.is_none() {
        return Some(Reason {
            rule: "drop-not-settled".to_owned(),
            message: format!("Nobody has settled how dropped {} files are imported.", drop.program),
            help: "Settle it under `drops` in the organisation's settings, and drop the file again."
                .to_owned(),
        });
    }
    (file.bytes > Limits::DEFAULT.bytes).then(|| Reason {
        rule: "file-too-large".to_owned(),
        message: format!("The file has {} bytes; {} are the most.", file.bytes, Limits::DEFAULT.bytes),
        help: "Split the file.".to_owned(),
    })
}

/// A version 7 UUID that follows from the file, so that a repeated event makes the same import.
fn identifier(drop: &Drop, file: &HeadObjectOutput, etag: &str) -> String {
    let stored = file.last_modified().and_then(|time| time.to_millis().ok()).unwrap_or_default();
    let hash = Sha256::digest(format!("{}\n{etag}", drop.key));
    let mut random = [0; 10];
    random.copy_from_slice(&hash[..10]);
    let millis = u64::try_from(stored).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string()
}

fn bytes(file: &HeadObjectOutput) -> u64 {
    file.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or_default()
}

async fn copy(context: &Context, drop: &Drop, etag: &str, to: &str) -> Result<(), Failure> {
    let bucket = &context.config.bucket;
    let from = format!("{bucket}/{}", utf8_percent_encode(&drop.key, NON_ALPHANUMERIC));
    let answer = context
        .objects
        .copy_object()
        .bucket(bucket)
        .key(to)
        .copy_source(from)
        .copy_source_if_match(etag)
        .send()
        .await;
    match answer {
        Err(error) if error.code() != Some("PreconditionFailed") => {
            Err(Failure::store("copy a dropped file")(error))
        }
        _ => Ok(()),
    }
}
