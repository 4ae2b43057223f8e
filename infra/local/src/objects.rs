//! S3 by `s3s` and `s3s-fs`, with what those leave out.
//!
//! `s3s` verifies signatures and speaks the protocol; `s3s-fs` keeps the bytes. This wrapper adds:
//! - a new object is received under a staging name and published by renaming, after its checksums were found
//!   right, so a failed or refused upload leaves nothing;
//! - conditions (`If-Match`, `If-None-Match`) and publishing happen under the key's lock, so of many
//!   conditional writers one wins;
//! - the parts of a multipart upload are listed and completed with their checksums;
//! - keys that would leave their bucket, or that a file system cannot tell apart, are refused;
//! - an object that becomes visible has its event on disk.

use std::{
    hash::{BuildHasher, RandomState},
    io,
    path::{Path, PathBuf},
};

use aws_credential_types::Credentials;
use axum::http::{HeaderValue, Method, header};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use futures::TryStreamExt;
use s3s::{
    S3, S3Request, S3Response, S3Result,
    auth::SimpleAuth,
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
        CompleteMultipartUploadOutput, CopyObjectInput, CopyObjectOutput, CopySource, CreateBucketInput,
        CreateBucketOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput, DeleteObjectInput,
        DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, ETag, ETagCondition,
        GetBucketLocationInput, GetBucketLocationOutput, GetObjectInput, GetObjectOutput, HeadBucketInput,
        HeadBucketOutput, HeadObjectInput, HeadObjectOutput, ListBucketsInput, ListBucketsOutput,
        ListObjectsInput, ListObjectsOutput, ListObjectsV2Input, ListObjectsV2Output, ListPartsInput,
        ListPartsOutput, Part, PutObjectInput, PutObjectOutput, StreamingBlob, Timestamp, UploadPartInput,
        UploadPartOutput,
    },
    s3_error,
    service::{S3Service, S3ServiceBuilder},
};
use s3s_fs::FileSystem;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::{
    fs,
    io::{AsyncReadExt, AsyncSeekExt},
    sync::{RwLock, RwLockReadGuard, RwLockWriteGuard},
};
use tokio_util::io::ReaderStream;
use tower_http::cors::{AllowHeaders, CorsLayer};

use crate::{
    events::{Bridge, Created},
    sequence::Sequence,
};

/// `s3s-fs` names an object's notes after its whole key in Base64, and file names end at 255 bytes.
const LONGEST_KEY: usize = 160;

/// Objects on their way in. The name is no valid bucket's, so no request reaches it.
const STAGING: &str = ".staging";

/// Multipart uploads on their way in; unlike `STAGING` they outlive a restart.
const MULTIPART: &str = ".multipart";

const READ_BUFFER: usize = 256 * 1024;

/// The embedded S3. See the module.
pub struct Objects {
    inner: FileSystem,
    root: PathBuf,
    locks: Locks,
    /// Of uploads that come together. They are held while a key's own lock is waited for, and locks of one set may be
    /// the same one.
    assemblies: Locks,
    staged: Sequence,
    bridge: Bridge,
}

impl Objects {
    /// Opens the store in `root` and makes `bucket` in it.
    pub async fn open(root: &Path, bucket: &str, bridge: Bridge) -> io::Result<Self> {
        fs::create_dir_all(root.join(bucket)).await?;
        clear_staging(root).await?;
        for staging in [STAGING, MULTIPART] {
            fs::create_dir_all(root.join(staging)).await?;
        }
        let root = fs::canonicalize(root).await?;
        let inner = FileSystem::new(&root).map_err(|error| io::Error::other(format!("{error:?}")))?;
        Ok(Self {
            inner,
            root,
            locks: Locks::new(),
            assemblies: Locks::new(),
            staged: Sequence::start(),
            bridge,
        })
    }

    /// The store as a web service that takes requests signed with `credentials` and lets `pages` (origins) in.
    pub fn router(self, credentials: &Credentials, pages: &[String]) -> axum::Router {
        let mut builder = S3ServiceBuilder::new(self);
        builder
            .set_auth(SimpleAuth::from_single(credentials.access_key_id(), credentials.secret_access_key()));
        let service = builder.build();
        axum::Router::new().fallback(move |request| answer(service.clone(), request)).layer(cors(pages))
    }
}

async fn answer(service: S3Service, request: axum::extract::Request) -> axum::response::Response {
    use axum::response::IntoResponse;

    match service.call(request.map(s3s::Body::http_body_unsync)).await {
        Ok(response) => response.map(axum::body::Body::new),
        Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn cors(pages: &[String]) -> CorsLayer {
    let origins: Vec<HeaderValue> = pages.iter().filter_map(|page| page.parse().ok()).collect();
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::HEAD, Method::PUT])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([header::ETAG, header::CONTENT_LENGTH, header::CONTENT_DISPOSITION])
        .max_age(std::time::Duration::from_mins(10))
}

/// An object that was received whole and right, but that nobody sees yet.
struct Staged {
    bucket: &'static str,
    key: String,
}

impl Objects {
    fn stage(&self) -> Staged {
        Staged { bucket: STAGING, key: format!("{:020}", self.staged.next()) }
    }

    /// Makes a staged object visible under its key, if the conditions hold, with its event.
    async fn publish(
        &self,
        staged: Staged,
        event: &'static str,
        target: (&str, &str),
        conditions: &Conditions,
    ) -> S3Result<Found> {
        let (bucket, key) = target;
        let published = async {
            let _lock = self.locks.write(bucket, key).await;
            conditions.check_write(self.find(bucket, key).await?.as_ref())?;
            let new = self.find(staged.bucket, &staged.key).await?.ok_or_else(|| s3_error!(InternalError))?;
            let created = Created { name: event, bucket, key, size: new.size, etag: new.etag.value() };
            let recorded = self.bridge.record(&created).await.map_err(internal)?;
            let moved = self.rename(&staged, bucket, key).await;
            match (recorded, &moved) {
                (Some(recorded), Ok(())) => self.bridge.release(recorded),
                (Some(recorded), Err(_)) => self.bridge.discard(recorded).await,
                (None, _) => {}
            }
            moved.map(|()| new)
        }
        .await;
        if published.is_err() {
            self.drop_staged(&staged).await;
        }
        published
    }

    /// The old checksum notes go first and the new ones come last: killed in between, the object has none,
    /// and its `ETag` is computed from its bytes.
    async fn rename(&self, staged: &Staged, bucket: &str, key: &str) -> S3Result<()> {
        let path = self.object(bucket, key);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).await.map_err(taken)?;
        }
        let [attributes, checksums] = self.notes(bucket, key);
        let [new_attributes, new_checksums] = self.notes(staged.bucket, &staged.key);
        ignore_missing(fs::remove_file(&checksums).await)?;
        ignore_missing(fs::rename(new_attributes, &attributes).await)?;
        fs::rename(self.object(staged.bucket, &staged.key), &path).await.map_err(taken)?;
        ignore_missing(fs::rename(new_checksums, &checksums).await)
    }

    /// What cannot be removed now is removed at the next start.
    async fn drop_staged(&self, staged: &Staged) {
        let [attributes, checksums] = self.notes(staged.bucket, &staged.key);
        for path in [self.object(staged.bucket, &staged.key), attributes, checksums] {
            if let Err(error) = ignore_missing(fs::remove_file(path).await) {
                tracing::warn!(%error, "a staged object could not be removed");
            }
        }
    }

    async fn remove(&self, bucket: &str, key: &str) -> S3Result<()> {
        check_key(key)?;
        self.check_bucket(bucket)?;
        let _lock = self.locks.write(bucket, key).await;
        if self.find(bucket, key).await?.is_none() {
            return Ok(());
        }
        let [attributes, checksums] = self.notes(bucket, key);
        for path in [self.object(bucket, key), attributes, checksums] {
            ignore_missing(fs::remove_file(path).await)?;
        }
        Ok(())
    }

    async fn find(&self, bucket: &str, key: &str) -> S3Result<Option<Found>> {
        match fs::metadata(self.object(bucket, key)).await {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => return Ok(None),
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(internal(error)),
        }
        let head = self.inner.head_object(head_request(bucket, key)?).await?.output;
        Ok(Some(Found {
            etag: head.e_tag.ok_or_else(|| s3_error!(InternalError))?,
            size: u64::try_from(head.content_length.unwrap_or_default()).map_err(internal)?,
            modified: head.last_modified,
        }))
    }

    async fn found(&self, bucket: &str, key: &str) -> S3Result<Found> {
        check_key(key)?;
        self.check_bucket(bucket)?;
        self.find(bucket, key).await?.ok_or_else(|| s3_error!(NoSuchKey))
    }

    fn check_bucket(&self, bucket: &str) -> S3Result<()> {
        if self.root.join(bucket).is_dir() { Ok(()) } else { Err(s3_error!(NoSuchBucket)) }
    }

    fn object(&self, bucket: &str, key: &str) -> PathBuf {
        self.root.join(bucket).join(key)
    }

    /// The two files in which `s3s-fs` 0.14 keeps what it knows of an object: attributes and checksums.
    fn notes(&self, bucket: &str, key: &str) -> [PathBuf; 2] {
        let stem = format!("{}{}", notes_of_bucket(bucket), BASE64_URL_SAFE_NO_PAD.encode(key));
        [self.root.join(format!("{stem}.metadata.json")), self.root.join(format!("{stem}.internal.json"))]
    }
}

fn notes_of_bucket(bucket: &str) -> String {
    format!(".bucket-{}.object-", BASE64_URL_SAFE_NO_PAD.encode(bucket))
}

/// Removes what an earlier process had received in part.
async fn clear_staging(root: &Path) -> io::Result<()> {
    match fs::remove_dir_all(root.join(STAGING)).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let notes = notes_of_bucket(STAGING);
    let mut entries = fs::read_dir(root).await?;
    while let Some(entry) = entries.next_entry().await? {
        if entry.file_name().to_string_lossy().starts_with(&notes) {
            fs::remove_file(entry.path()).await?;
        }
    }
    Ok(())
}

/// Where the parts of a multipart upload come together: a name short enough for the notes beside it.
fn assembly(bucket: &str, key: &str) -> String {
    let hash = Sha256::digest(format!("{bucket}/{key}"));
    BASE64_URL_SAFE_NO_PAD.encode(hash)
}

/// What is visible under a key.
struct Found {
    etag: ETag,
    size: u64,
    modified: Option<Timestamp>,
}

/// The conditions of a request.
#[derive(Default)]
struct Conditions {
    matching: Option<ETagCondition>,
    none_match: Option<ETagCondition>,
    modified_since: Option<Timestamp>,
    unmodified_since: Option<Timestamp>,
}

impl Conditions {
    fn write(if_match: &mut Option<ETagCondition>, if_none_match: &mut Option<ETagCondition>) -> Self {
        Self { matching: if_match.take(), none_match: if_none_match.take(), ..Self::default() }
    }

    fn check_write(&self, found: Option<&Found>) -> S3Result<()> {
        match &self.none_match {
            Some(ETagCondition::Any) if found.is_some() => return Err(s3_error!(PreconditionFailed)),
            Some(ETagCondition::ETag(_)) => {
                return Err(s3_error!(NotImplemented, "A write takes If-None-Match with * only."));
            }
            _ => {}
        }
        match (&self.matching, found) {
            (Some(_), None) => Err(s3_error!(NoSuchKey)),
            (Some(condition), Some(found)) if !names(condition, &found.etag) => {
                Err(s3_error!(PreconditionFailed))
            }
            _ => Ok(()),
        }
    }

    /// An `ETag` takes precedence over a date, as RFC 9110 has it.
    fn check_read(&self, found: &Found) -> S3Result<()> {
        match &self.matching {
            Some(condition) if !names(condition, &found.etag) => return Err(s3_error!(PreconditionFailed)),
            None if self.unmodified_since < found.modified && self.unmodified_since.is_some() => {
                return Err(s3_error!(PreconditionFailed));
            }
            _ => {}
        }
        let unchanged = match &self.none_match {
            Some(condition) => names(condition, &found.etag),
            None => self.modified_since.is_some() && self.modified_since >= found.modified,
        };
        if unchanged { Err(s3_error!(NotModified)) } else { Ok(()) }
    }
}

fn names(condition: &ETagCondition, etag: &ETag) -> bool {
    condition.as_etag().is_none_or(|wanted| wanted.value() == etag.value())
}

/// A lock for each key. Keys share locks by their hash, which bounds their number and costs a rare wait.
struct Locks {
    stripes: Vec<RwLock<()>>,
    hasher: RandomState,
}

impl Locks {
    fn new() -> Self {
        Self { stripes: (0..256).map(|_| RwLock::new(())).collect(), hasher: RandomState::new() }
    }

    fn of(&self, bucket: &str, key: &str) -> &RwLock<()> {
        let count = self.stripes.len() as u64;
        #[expect(clippy::cast_possible_truncation, reason = "the remainder is below 256")]
        let index = (self.hasher.hash_one((bucket, key)) % count) as usize;
        &self.stripes[index]
    }

    async fn read(&self, bucket: &str, key: &str) -> RwLockReadGuard<'_, ()> {
        self.of(bucket, key).read().await
    }

    async fn write(&self, bucket: &str, key: &str) -> RwLockWriteGuard<'_, ()> {
        self.of(bucket, key).write().await
    }
}

/// A key is a path of plain names, so that on disk it stays inside its bucket and is one file.
fn check_key(key: &str) -> S3Result<()> {
    if key.len() > LONGEST_KEY {
        return Err(s3_error!(
            KeyTooLongError,
            "A key has at most {LONGEST_KEY} bytes in the embedded stack."
        ));
    }
    let plain = |name: &str| !matches!(name, "" | "." | "..");
    let odd = |c: char| c.is_control() || c == '\\';
    if !key.split('/').all(plain) || key.contains(odd) {
        return Err(s3_error!(InvalidArgument, "A key is made of plain names between single slashes."));
    }
    Ok(())
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn ignore_missing(result: io::Result<()>) -> S3Result<()> {
    match result {
        Err(error) if !is_missing(&error) => Err(internal(error)),
        _ => Ok(()),
    }
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> s3s::S3Error {
    s3_error!(error, InternalError)
}

fn taken(error: io::Error) -> s3s::S3Error {
    match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => {
            s3_error!(InvalidArgument, "In the embedded stack a key cannot also be the folder of other keys.")
        }
        _ => internal(error),
    }
}

fn head_request(bucket: &str, key: &str) -> S3Result<S3Request<HeadObjectInput>> {
    let input =
        HeadObjectInput::builder().bucket(bucket.to_owned()).key(key.to_owned()).build().map_err(internal)?;
    Ok(S3Request {
        input,
        method: Method::HEAD,
        uri: axum::http::Uri::default(),
        headers: axum::http::HeaderMap::new(),
        extensions: axum::http::Extensions::new(),
        credentials: None,
        region: None,
        service: None,
        trailing_headers: None,
    })
}

#[async_trait::async_trait]
impl S3 for Objects {
    async fn put_object(
        &self,
        mut request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        check_key(&key)?;
        self.check_bucket(&bucket)?;
        let conditions = Conditions::write(&mut request.input.if_match, &mut request.input.if_none_match);
        let staged = self.stage();
        staged.bucket.clone_into(&mut request.input.bucket);
        staged.key.clone_into(&mut request.input.key);
        let response = match self.inner.put_object(request).await {
            Ok(response) => response,
            Err(error) => {
                self.drop_staged(&staged).await;
                return Err(error);
            }
        };
        self.publish(staged, "ObjectCreated:Put", (&bucket, &key), &conditions).await?;
        Ok(response)
    }

    async fn copy_object(
        &self,
        mut request: S3Request<CopyObjectInput>,
    ) -> S3Result<S3Response<CopyObjectOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        check_key(&key)?;
        self.check_bucket(&bucket)?;
        let CopySource::Bucket { bucket: source_bucket, key: source_key, .. } = &request.input.copy_source
        else {
            return Err(s3_error!(NotImplemented));
        };
        self.found(source_bucket, source_key).await?;
        let staged = self.stage();
        staged.bucket.clone_into(&mut request.input.bucket);
        staged.key.clone_into(&mut request.input.key);
        let response = match self.inner.copy_object(request).await {
            Ok(response) => response,
            Err(error) => {
                self.drop_staged(&staged).await;
                return Err(error);
            }
        };
        self.publish(staged, "ObjectCreated:Copy", (&bucket, &key), &Conditions::default()).await?;
        Ok(response)
    }

    async fn create_multipart_upload(
        &self,
        mut request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        check_key(&key)?;
        self.check_bucket(&bucket)?;
        request.input.key = assembly(&bucket, &key);
        MULTIPART.clone_into(&mut request.input.bucket);
        let response = self.inner.create_multipart_upload(request).await?;
        Ok(response.map_output(|output| CreateMultipartUploadOutput {
            bucket: Some(bucket),
            key: Some(key),
            ..output
        }))
    }

    /// `s3s-fs` does not check a part's checksums, so the part is received as an object is and then put in place.
    async fn upload_part(
        &self,
        request: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        let part = self.part(&request.input.upload_id, request.input.part_number)?;
        let staged = self.stage();
        let stored = self.inner.put_object(request.map_input(|part| as_object(part, &staged))).await;
        let placed = match &stored {
            Ok(stored) => self.place(&staged, &part, &stored.output).await,
            Err(_) => Ok(()),
        };
        self.drop_staged(&staged).await;
        placed?;
        Ok(stored?.map_output(|stored| UploadPartOutput {
            e_tag: stored.e_tag,
            checksum_crc32: stored.checksum_crc32,
            checksum_crc32c: stored.checksum_crc32c,
            checksum_crc64nvme: stored.checksum_crc64nvme,
            checksum_sha1: stored.checksum_sha1,
            checksum_sha256: stored.checksum_sha256,
            ..UploadPartOutput::default()
        }))
    }

    async fn complete_multipart_upload(
        &self,
        mut request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        check_key(&key)?;
        self.check_bucket(&bucket)?;
        let conditions = Conditions::write(&mut request.input.if_match, &mut request.input.if_none_match);
        let staged = Staged { bucket: MULTIPART, key: assembly(&bucket, &key) };
        staged.bucket.clone_into(&mut request.input.bucket);
        staged.key.clone_into(&mut request.input.key);
        // Two uploads of one key come together under one name, so they take turns.
        let _turn = self.assemblies.write(staged.bucket, &staged.key).await;
        let parts = self.named_parts(&request.input).await?;
        self.inner.complete_multipart_upload(request).await?;
        for part in parts {
            ignore_missing(fs::remove_file(part.note).await)?;
        }
        let event = "ObjectCreated:CompleteMultipartUpload";
        let found = self.publish(staged, event, (&bucket, &key), &conditions).await?;
        Ok(S3Response::new(CompleteMultipartUploadOutput {
            bucket: Some(bucket),
            key: Some(key),
            e_tag: Some(found.etag),
            ..CompleteMultipartUploadOutput::default()
        }))
    }

    async fn abort_multipart_upload(
        &self,
        mut request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        request.input.key = assembly(&request.input.bucket, &request.input.key);
        MULTIPART.clone_into(&mut request.input.bucket);
        self.inner.abort_multipart_upload(request).await
    }

    async fn list_parts(&self, request: S3Request<ListPartsInput>) -> S3Result<S3Response<ListPartsOutput>> {
        self.part(&request.input.upload_id, 1)?;
        let listed = self.inner.list_parts(request).await?;
        let upload = listed.output.upload_id.clone().unwrap_or_default();
        let mut parts = Vec::new();
        for part in listed.output.parts.iter().flatten() {
            let place = self.part(&upload, part.part_number.unwrap_or_default())?;
            if let Some(note) = place.note().await? {
                parts.push(Part {
                    e_tag: Some(ETag::Strong(note.e_tag)),
                    checksum_sha256: note.sha256,
                    ..part.clone()
                });
            }
        }
        parts.sort_by_key(|part| part.part_number);
        Ok(listed.map_output(|listed| ListPartsOutput {
            parts: Some(parts),
            is_truncated: Some(false),
            ..listed
        }))
    }

    async fn get_object(&self, request: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        let (bucket, key, range) =
            (request.input.bucket.clone(), request.input.key.clone(), request.input.range);
        let conditions = Conditions {
            matching: request.input.if_match.clone(),
            none_match: request.input.if_none_match.clone(),
            modified_since: request.input.if_modified_since.clone(),
            unmodified_since: request.input.if_unmodified_since.clone(),
        };
        // Held until the file is open: what is published afterwards does not touch it.
        let _lock = self.locks.read(&bucket, &key).await;
        let found = self.found(&bucket, &key).await?;
        conditions.check_read(&found)?;
        let mut response = self.inner.get_object(request).await?;
        let range = range.map_or(Ok(0..found.size), |range| range.check(found.size))?;
        // `s3s-fs` reads 4 KiB at a time, each on a thread of the blocking pool.
        let mut file = fs::File::open(self.object(&bucket, &key)).await.map_err(internal)?;
        file.seek(io::SeekFrom::Start(range.start)).await.map_err(internal)?;
        let bytes = ReaderStream::with_capacity(file.take(range.end - range.start), READ_BUFFER);
        response.output.body = Some(StreamingBlob::wrap(bytes.into_stream()));
        Ok(response)
    }

    async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let input = &request.input;
        let conditions = Conditions {
            matching: input.if_match.clone(),
            none_match: input.if_none_match.clone(),
            modified_since: input.if_modified_since.clone(),
            unmodified_since: input.if_unmodified_since.clone(),
        };
        let _lock = self.locks.read(&input.bucket, &input.key).await;
        conditions.check_read(&self.found(&input.bucket, &input.key).await?)?;
        self.inner.head_object(request).await
    }

    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.remove(&request.input.bucket, &request.input.key).await?;
        Ok(S3Response::with_status(DeleteObjectOutput::default(), axum::http::StatusCode::NO_CONTENT))
    }

    async fn delete_objects(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        let DeleteObjectsInput { bucket, delete, .. } = request.input;
        let mut deleted = Vec::new();
        for object in delete.objects {
            self.remove(&bucket, &object.key).await?;
            deleted.push(DeletedObject { key: Some(object.key), ..DeletedObject::default() });
        }
        let quiet = delete.quiet.unwrap_or_default();
        Ok(S3Response::new(DeleteObjectsOutput {
            deleted: (!quiet).then_some(deleted),
            ..DeleteObjectsOutput::default()
        }))
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.inner.list_objects_v2(request).await
    }

    async fn list_objects(
        &self,
        request: S3Request<ListObjectsInput>,
    ) -> S3Result<S3Response<ListObjectsOutput>> {
        self.inner.list_objects(request).await
    }

    async fn list_buckets(
        &self,
        request: S3Request<ListBucketsInput>,
    ) -> S3Result<S3Response<ListBucketsOutput>> {
        self.inner.list_buckets(request).await
    }

    async fn head_bucket(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        self.inner.head_bucket(request).await
    }

    async fn create_bucket(
        &self,
        request: S3Request<CreateBucketInput>,
    ) -> S3Result<S3Response<CreateBucketOutput>> {
        self.inner.create_bucket(request).await
    }

    async fn get_bucket_location(
        &self,
        request: S3Request<GetBucketLocationInput>,
    ) -> S3Result<S3Response<GetBucketLocationOutput>> {
        self.inner.get_bucket_location(request).await
    }
}

impl Objects {
    /// Puts a part that was received whole and right in its place. The note goes first and comes last: killed in between,
    /// the part is not there.
    async fn place(&self, staged: &Staged, part: &PartPlace, stored: &PutObjectOutput) -> S3Result<()> {
        let note = PartNote {
            e_tag: stored.e_tag.as_ref().map(|etag| etag.value().to_owned()).unwrap_or_default(),
            sha256: stored.checksum_sha256.clone(),
        };
        let note = serde_json::to_vec(&note).map_err(internal)?;
        ignore_missing(fs::remove_file(&part.note).await)?;
        fs::rename(self.object(staged.bucket, &staged.key), &part.bytes).await.map_err(internal)?;
        fs::write(&part.note, note).await.map_err(internal)
    }

    /// The parts that a completion names, if they are those that were received. As in S3, a part that came with a
    /// SHA-256 has to be named with it.
    async fn named_parts(&self, input: &CompleteMultipartUploadInput) -> S3Result<Vec<PartPlace>> {
        let mut places = Vec::new();
        for named in input.multipart_upload.iter().flat_map(|upload| upload.parts.iter().flatten()) {
            let place = self.part(&input.upload_id, named.part_number.unwrap_or_default())?;
            let received = place.note().await?.ok_or_else(|| s3_error!(InvalidPart))?;
            if named.checksum_sha256.is_none() && received.sha256.is_some() {
                return Err(s3_error!(InvalidRequest, "A part's checksum is missing."));
            }
            let is_it = named.checksum_sha256 == received.sha256
                && named.e_tag.as_ref().is_none_or(|etag| etag.value() == received.e_tag);
            if !is_it {
                return Err(s3_error!(InvalidPart));
            }
            places.push(place);
        }
        Ok(places)
    }

    /// Where a part lies, if the upload is under way.
    fn part(&self, upload: &str, number: i32) -> S3Result<PartPlace> {
        let plain = upload.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        if !plain || !self.root.join(format!(".upload-{upload}.json")).is_file() {
            return Err(s3_error!(NoSuchUpload));
        }
        if !(1..=10_000).contains(&number) {
            return Err(s3_error!(InvalidArgument, "A part's number is from 1 to 10000."));
        }
        let path = |what| self.root.join(format!(".upload_id-{upload}.{what}-{number}"));
        Ok(PartPlace { bytes: path("part"), note: path("note") })
    }
}

/// Where a part of a multipart upload lies.
struct PartPlace {
    /// Where `s3s-fs` 0.14 looks for it. It deletes whatever begins like this when the upload is aborted.
    bytes: PathBuf,
    note: PathBuf,
}

/// What `s3s-fs` keeps of objects and not of parts.
#[derive(Deserialize, Serialize)]
struct PartNote {
    e_tag: String,
    /// In Base64; if the part came with it.
    sha256: Option<String>,
}

impl PartPlace {
    /// `None` if the part is not there.
    async fn note(&self) -> S3Result<Option<PartNote>> {
        match fs::read(&self.note).await {
            // Cut off, if the process was killed.
            Ok(note) => Ok(serde_json::from_slice(&note).ok()),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(internal(error)),
        }
    }
}

fn as_object(part: UploadPartInput, staged: &Staged) -> PutObjectInput {
    PutObjectInput {
        body: part.body,
        bucket: staged.bucket.to_owned(),
        key: staged.key.clone(),
        content_length: part.content_length,
        content_md5: part.content_md5,
        checksum_algorithm: part.checksum_algorithm,
        checksum_crc32: part.checksum_crc32,
        checksum_crc32c: part.checksum_crc32c,
        checksum_crc64nvme: part.checksum_crc64nvme,
        checksum_sha1: part.checksum_sha1,
        checksum_sha256: part.checksum_sha256,
        ..PutObjectInput::default()
    }
}
