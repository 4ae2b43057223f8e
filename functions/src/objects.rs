//! The bucket: what the functions put there and fetch from it.

use std::time::Duration;

use aws_sdk_s3::{
    error::ProvideErrorMetadata,
    operation::{
        get_object::GetObjectError,
        head_object::{HeadObjectError, HeadObjectOutput},
    },
    presigning::PresigningConfig,
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

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
    Ok(head(context, key).await?.is_some())
}

/// The SHA-256 of an object in hexadecimal; `None` if its entity tag is another one by now, or it is gone.
pub async fn sha256(context: &Context, key: &str, etag: &str) -> Result<Option<String>, Failure> {
    let answer =
        context.objects.get_object().bucket(&context.config.bucket).key(key).if_match(etag).send().await;
    let mut body = match answer {
        Ok(object) => object.body,
        Err(error) if matches!(error.code(), Some("PreconditionFailed" | "NoSuchKey")) => return Ok(None),
        Err(error) => return Err(Failure::store("open an object")(error)),
    };
    let mut sha256 = Sha256::new();
    while let Some(chunk) = body.next().await {
        sha256.update(chunk.map_err(Failure::store("read an object"))?);
    }
    Ok(Some(format!("{:x}", sha256.finalize())))
}

/// What is known of an object; `None` if there is no such object.
pub async fn head(context: &Context, key: &str) -> Result<Option<HeadObjectOutput>, Failure> {
    match context.objects.head_object().bucket(&context.config.bucket).key(key).send().await {
        Ok(object) => Ok(Some(object)),
        Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found) => Ok(None),
        Err(error) => Err(Failure::store("look at an object")(error)),
    }
}

/// The bytes of a part of an upload, at least, but for the last part. S3 wants 5 MiB or more.
const PART: usize = 8 << 20;

/// An object that is written piece by piece, without holding all of it.
pub struct Upload<'a> {
    context: &'a Context,
    key: String,
    content_type: &'static str,
    buffer: Vec<u8>,
    /// Whether nothing may overwrite it.
    once: bool,
    /// The upload's identifier, once there was more than one part of it.
    multipart: Option<String>,
    parts: Vec<CompletedPart>,
}

impl<'a> Upload<'a> {
    pub fn new(context: &'a Context, key: String, content_type: &'static str) -> Self {
        Self {
            context,
            key,
            content_type,
            buffer: Vec::new(),
            once: false,
            multipart: None,
            parts: Vec::new(),
        }
    }

    /// Of an object that nothing may overwrite. If it is there already, that first version stands.
    pub fn once(context: &'a Context, key: String, content_type: &'static str) -> Self {
        Self { once: true, ..Self::new(context, key, content_type) }
    }

    pub async fn push(&mut self, bytes: Vec<u8>) -> Result<(), Failure> {
        self.buffer.extend(bytes);
        if self.buffer.len() >= PART { self.send_part().await } else { Ok(()) }
    }

    /// Makes the object visible.
    pub async fn finish(mut self) -> Result<(), Failure> {
        if self.multipart.is_none() && self.once {
            put_once(self.context, &self.key, self.content_type, self.buffer).await?;
            return Ok(());
        }
        if self.multipart.is_none() {
            return put_typed(self.context, &self.key, self.content_type, self.buffer).await;
        }
        if !self.buffer.is_empty() {
            self.send_part().await?;
        }
        let answer = self
            .context
            .objects
            .complete_multipart_upload()
            .bucket(&self.context.config.bucket)
            .key(&self.key)
            .set_upload_id(self.multipart)
            .set_if_none_match(self.once.then(|| "*".to_owned()))
            .multipart_upload(CompletedMultipartUpload::builder().set_parts(Some(self.parts)).build())
            .send()
            .await;
        match answer {
            Ok(_) => Ok(()),
            Err(error) if self.once && error.code() == Some("PreconditionFailed") => Ok(()),
            Err(error) => Err(Failure::store("complete an upload")(error)),
        }
    }

    async fn send_part(&mut self) -> Result<(), Failure> {
        let bucket = &self.context.config.bucket;
        if self.multipart.is_none() {
            let request = self.context.objects.create_multipart_upload().bucket(bucket).key(&self.key);
            let answer = request
                .content_type(self.content_type)
                .send()
                .await
                .map_err(Failure::store("begin an upload"))?;
            self.multipart = answer.upload_id;
        }
        let number = i32::try_from(self.parts.len() + 1).map_err(Failure::corrupt("the number of a part"))?;
        let answer = self
            .context
            .objects
            .upload_part()
            .bucket(bucket)
            .key(&self.key)
            .set_upload_id(self.multipart.clone())
            .part_number(number)
            .body(ByteStream::from(std::mem::take(&mut self.buffer)))
            .send()
            .await
            .map_err(Failure::store("upload a part"))?;
        self.parts.push(CompletedPart::builder().part_number(number).set_e_tag(answer.e_tag).build());
        Ok(())
    }
}

async fn put_typed(context: &Context, key: &str, content_type: &str, body: Vec<u8>) -> Result<(), Failure> {
    context
        .objects
        .put_object()
        .bucket(&context.config.bucket)
        .key(key)
        .content_type(content_type)
        .body(ByteStream::from(body))
        .send()
        .await
        .map_err(Failure::store("put an object"))?;
    Ok(())
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

pub(crate) fn expiry(lifetime: Duration) -> Result<PresigningConfig, Failure> {
    PresigningConfig::expires_in(lifetime).map_err(Failure::store("sign a request"))
}
