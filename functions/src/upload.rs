//! The file on its way into the bucket, straight from where the importer has it: in one request, or part by part.
//!
//! Either way, only the bytes that were announced are let in: each request is signed for one key, a number of bytes
//! and their SHA-256. A part can be sent again at any time and in any order; a file in parts becomes visible, and is
//! checked, once all of them are there and it is completed.

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_s3::{
    error::ProvideErrorMetadata,
    presigning::PresignedRequest,
    types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart, Part as StoredPart},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use shared_rules::digest::PART_BYTES;

use crate::{
    api::views::UploadRequest, context::Context, failure::Failure, import::Import, names::ImportRef,
    objects::expiry,
};

/// How long a signed request may be begun.
pub const LIFETIME: Duration = Duration::from_mins(15);

/// What the bucket says of an upload that was completed or given up.
const NO_SUCH_UPLOAD: &str = "NoSuchUpload";

/// A file that comes part by part.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Parts {
    /// What the bucket calls the upload.
    pub upload: String,
    /// The SHA-256 of each part, as 64 hexadecimal digits.
    pub sha256: Vec<String>,
}

/// A part of a file.
struct Part<'a> {
    /// From 1.
    number: i32,
    offset: u64,
    bytes: u64,
    sha256: &'a str,
}

/// How many parts a file has.
#[must_use]
pub fn parts_of(bytes: u64) -> u64 {
    bytes.div_ceil(PART_BYTES)
}

/// A SHA-256 in Base64, as S3 has it; `None` if the text is not 64 lower-case hexadecimal digits.
#[must_use]
pub fn checksum(hexadecimal: &str) -> Option<String> {
    let is_digest =
        hexadecimal.len() == 64 && hexadecimal.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let bytes = |text: &str| -> Option<Vec<u8>> {
        (0..64).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok()).collect()
    };
    is_digest.then(|| bytes(hexadecimal)).flatten().map(|digest| BASE64_STANDARD.encode(digest))
}

/// Begins the upload of a file whose parts have these checksums.
pub async fn begin(context: &Context, reference: &ImportRef, sha256: Vec<String>) -> Result<Parts, Failure> {
    let answer = context
        .objects
        .create_multipart_upload()
        .bucket(&context.config.bucket)
        .key(reference.upload())
        .checksum_algorithm(ChecksumAlgorithm::Sha256)
        .send()
        .await
        .map_err(Failure::store("begin an upload"))?;
    let upload = answer.upload_id.ok_or(Failure::Missing("an upload's identifier"))?;
    Ok(Parts { upload, sha256 })
}

/// Signs what is still to be sent of an import's file; nothing if it is complete.
pub async fn sign_missing(context: &Context, import: &Import) -> Result<Vec<UploadRequest>, Failure> {
    let Some(parts) = &import.parts else { return Ok(vec![sign_whole(context, import).await?]) };
    let Some(arrived) = arrived(context, import, parts).await? else { return Ok(Vec::new()) };
    let mut requests = Vec::new();
    for part in parts.of(import.file.bytes).filter(|part| !arrived.contains_key(&part.number)) {
        requests.push(sign_part(context, import, parts, part).await?);
    }
    Ok(requests)
}

/// Makes the file visible under its key, which starts the check. Returns how many parts are missing; unless none is,
/// nothing is done. To complete a file again changes nothing.
pub async fn complete(context: &Context, import: &Import) -> Result<usize, Failure> {
    let Some(parts) = &import.parts else { return Ok(0) };
    let Some(arrived) = arrived(context, import, parts).await? else { return Ok(0) };
    let missing = parts.sha256.len() - arrived.len();
    if missing > 0 {
        return Ok(missing);
    }
    let all = CompletedMultipartUpload::builder().set_parts(Some(arrived.into_values().collect())).build();
    let answer = context
        .objects
        .complete_multipart_upload()
        .bucket(&context.config.bucket)
        .key(import.reference().upload())
        .upload_id(&parts.upload)
        .multipart_upload(all)
        .send()
        .await;
    match answer {
        Err(error) if error.code() != Some(NO_SUCH_UPLOAD) => {
            Err(Failure::store("complete an upload")(error))
        }
        _ => Ok(0),
    }
}

/// Has the bucket forget the parts of a file that was not completed.
pub async fn give_up(context: &Context, import: &Import) -> Result<(), Failure> {
    let Some(parts) = &import.parts else { return Ok(()) };
    let answer = context
        .objects
        .abort_multipart_upload()
        .bucket(&context.config.bucket)
        .key(import.reference().upload())
        .upload_id(&parts.upload)
        .send()
        .await;
    match answer {
        Err(error) if error.code() != Some(NO_SUCH_UPLOAD) => Err(Failure::store("give up an upload")(error)),
        _ => Ok(()),
    }
}

/// The parts that are there, by number; `None` if the upload is under way no more.
async fn arrived(
    context: &Context,
    import: &Import,
    parts: &Parts,
) -> Result<Option<BTreeMap<i32, CompletedPart>>, Failure> {
    let answer = context
        .objects
        .list_parts()
        .bucket(&context.config.bucket)
        .key(import.reference().upload())
        .upload_id(&parts.upload)
        .into_paginator()
        .items()
        .send()
        .try_collect()
        .await;
    let stored: Vec<StoredPart> = match answer {
        Ok(stored) => stored,
        Err(error) if error.code() == Some(NO_SUCH_UPLOAD) => return Ok(None),
        Err(error) => return Err(Failure::store("list the parts of an upload")(error)),
    };
    let announced = |part: &StoredPart| {
        let number = part.part_number()?;
        parts.of(import.file.bytes).find(|announced| announced.number == number)?.arrived_as(part)
    };
    Ok(Some(stored.iter().filter_map(|part| Some((part.part_number()?, announced(part)?))).collect()))
}

impl Parts {
    fn of(&self, bytes: u64) -> impl Iterator<Item = Part<'_>> {
        (1_i32..).zip(0_u64..).zip(&self.sha256).map(move |((number, index), sha256)| {
            let offset = index * PART_BYTES;
            Part { number, offset, bytes: PART_BYTES.min(bytes.saturating_sub(offset)), sha256 }
        })
    }
}

impl Part<'_> {
    /// How the part is named when the file is completed; `None` if what is there is something else.
    fn arrived_as(&self, stored: &StoredPart) -> Option<CompletedPart> {
        let sha256 = checksum(self.sha256)?;
        let is_this = stored.checksum_sha256() == Some(sha256.as_str())
            && stored.size().and_then(|size| u64::try_from(size).ok()) == Some(self.bytes);
        is_this.then(|| {
            CompletedPart::builder()
                .part_number(self.number)
                .set_e_tag(stored.e_tag().map(str::to_owned))
                .checksum_sha256(sha256)
                .build()
        })
    }
}

async fn sign_whole(context: &Context, import: &Import) -> Result<UploadRequest, Failure> {
    let request = context
        .objects
        .put_object()
        .bucket(&context.config.bucket)
        .key(import.reference().upload())
        .content_length(length(import.file.bytes)?)
        .set_checksum_sha256(checksum(&import.file.sha256))
        .presigned(expiry(LIFETIME)?)
        .await
        .map_err(Failure::store("sign an upload"))?;
    Ok(UploadRequest::of(&request, 0, import.file.bytes))
}

async fn sign_part(
    context: &Context,
    import: &Import,
    parts: &Parts,
    part: Part<'_>,
) -> Result<UploadRequest, Failure> {
    let request = context
        .objects
        .upload_part()
        .bucket(&context.config.bucket)
        .key(import.reference().upload())
        .upload_id(&parts.upload)
        .part_number(part.number)
        .content_length(length(part.bytes)?)
        .set_checksum_sha256(checksum(part.sha256))
        .presigned(expiry(LIFETIME)?)
        .await
        .map_err(Failure::store("sign a part of an upload"))?;
    Ok(UploadRequest::of(&request, part.offset, part.bytes))
}

fn length(bytes: u64) -> Result<i64, Failure> {
    i64::try_from(bytes).map_err(Failure::corrupt("a file's size"))
}

impl UploadRequest {
    fn of(request: &PresignedRequest, offset: u64, bytes: u64) -> Self {
        // A browser sets the length itself and refuses to have it set.
        let headers = request.headers().filter(|(name, _)| *name != "content-length");
        Self {
            offset,
            bytes,
            method: request.method().to_owned(),
            url: request.uri().to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_the_sum_of_its_parts() {
        for (bytes, expected) in [
            (PART_BYTES + 1, vec![(1, 0, PART_BYTES), (2, PART_BYTES, 1)]),
            (2 * PART_BYTES, vec![(1, 0, PART_BYTES), (2, PART_BYTES, PART_BYTES)]),
        ] {
            let count = usize::try_from(parts_of(bytes)).unwrap();
            let parts = Parts { upload: String::new(), sha256: vec![String::new(); count] };
            let found: Vec<_> = parts.of(bytes).map(|part| (part.number, part.offset, part.bytes)).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_checksum_is_64_digits_and_nothing_else() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(checksum(abc).unwrap(), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
        for text in ["", &abc[1..], &abc.to_uppercase(), &abc.replace('a', "+"), &abc.replace("ba", "ä")] {
            assert_eq!(checksum(text), None, "{text}");
        }
    }
}
