//! The bucket: what the functions put there and fetch from it.

use std::time::Duration;

use aws_sdk_s3::{
    error::ProvideErrorMetadata,
    operation::{get_object::GetObjectError, head_object::HeadObjectError},
    presigning::PresigningConfig,
    primitives::ByteStream,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{context::Context, failure::Failure};

/// How an object that may be written once only was written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Once {
    Written,
    /// Somebody has written it before; that first version stands.
    AlreadyThere,
}

/// Puts an object, over an older one if there is one.
pub async fn put(context: &Context, key: &str, body: Vec<u8>) -> Result<(), Failure> {
    context
        .objects
        .put_object()
        .bucket(&context.config.bucket)
        .key(key)
        .body(ByteStream::from(body))
        .send()
        .await
        .map_err(Failure::store("put an object"))?;
    Ok(())
}

/// Puts an object that nothing may overwrite.
pub async fn put_once(
    context: &Context,
    key: &str,
    content_type: &str,
    body: Vec<u8>,
) -> Result<Once, Failure> {
    let answer = context
        .objects
        .put_object()
        .bucket(&context.config.bucket)
        .key(key)
        .content_type(content_type)
        .if_none_match("*")
        .body(ByteStream::from(body))
        .send()
        .await;
    match answer {
        Ok(_) => Ok(Once::Written),
        Err(error) if error.code() == Some("PreconditionFailed") => Ok(Once::AlreadyThere),
        Err(error) => Err(Failure::store("put an object once")(error)),
    }
}

/// Puts a value as JSON that nothing may overwrite.
pub async fn put_json_once(context: &Context, key: &str, value: &impl Serialize) -> Result<Once, Failure> {
    let body = serde_json::to_vec(value).map_err(Failure::corrupt("a value to store"))?;
    put_once(context, key, "application/json", body).await
}

/// Fetches an object of ours as JSON; `None` if there is no such object.
pub async fn get_json<T: DeserializeOwned>(context: &Context, key: &str) -> Result<Option<T>, Failure> {
    let Some(body) = open(context, key).await? else { return Ok(None) };
    let body = body.collect().await.map_err(Failure::store("read an object"))?;
    serde_json::from_slice(&body.into_bytes()).map(Some).map_err(Failure::corrupt("an object"))
}

/// Opens an object for reading in pieces; `None` if there is no such object.
pub async fn open(context: &Context, key: &str) -> Result<Option<ByteStream>, Failure> {
    match context.objects.get_object().bucket(&context.config.bucket).key(key).send().await {
        Ok(object) => Ok(Some(object.body)),
        Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => Ok(None),
        Err(error) => Err(Failure::store("open an object")(error)),
    }
}

/// Whether there is an object of this name.
pub async fn exists(context: &Context, key: &str) -> Result<bool, Failure> {
    match context.objects.head_object().bucket(&context.config.bucket).key(key).send().await {
        Ok(_) => Ok(true),
        Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found) => Ok(false),
        Err(error) => Err(Failure::store("look at an object")(error)),
    }
}

/// A request that whoever holds it may make until it expires.
pub struct Signed {
    pub url: String,
    /// The headers that must be sent, in lower case.
    pub headers: Vec<(String, String)>,
}

/// Signs the upload of exactly these bytes: their number and their SHA-256 (in Base64) are part of the signature.
pub async fn sign_upload(
    context: &Context,
    key: &str,
    bytes: u64,
    sha256: String,
    lifetime: Duration,
) -> Result<Signed, Failure> {
    let length = i64::try_from(bytes).map_err(Failure::corrupt("a file's size"))?;
    let request = context
        .objects
        .put_object()
        .bucket(&context.config.bucket)
        .key(key)
        .content_length(length)
        .checksum_sha256(sha256)
        .presigned(expiry(lifetime)?)
        .await
        .map_err(Failure::store("sign an upload"))?;
    // A browser sets the length itself and refuses to have it set.
    let headers = request
        .headers()
        .filter(|(name, _)| *name != "content-length")
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Ok(Signed { url: request.uri().to_owned(), headers })
}

/// Signs a download that a browser saves under `file_name` and does not cache.
pub async fn sign_download(
    context: &Context,
    key: &str,
    file_name: &str,
    lifetime: Duration,
) -> Result<String, Failure> {
    let request = context
        .objects
        .get_object()
        .bucket(&context.config.bucket)
        .key(key)
        .response_content_disposition(format!("attachment; filename=\"{file_name}\""))
        .response_cache_control("no-store")
        .presigned(expiry(lifetime)?)
        .await
        .map_err(Failure::store("sign a download"))?;
    Ok(request.uri().to_owned())
}

fn expiry(lifetime: Duration) -> Result<PresigningConfig, Failure> {
    PresigningConfig::expires_in(lifetime).map_err(Failure::store("sign a request"))
}
