use std::time::{Duration, SystemTime};

use aws_sdk_s3::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    presigning::{PresignedRequest, PresigningConfig},
    types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart, Delete, ObjectIdentifier},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use local_stack::Stack;
use sha2::{Digest, Sha256};

use crate::support::{BUCKET, files, header, raw, stack};

const BODY: &str = "Email\nann@example.org\n";

fn sha256(body: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(body))
}

async fn put(client: &Client, key: &str, body: &str) -> Result<(), String> {
    let sent = client.put_object().bucket(BUCKET).key(key).body(body.as_bytes().to_vec().into()).send().await;
    sent.map(|_| ()).map_err(|error| code(&error))
}

async fn text(client: &Client, key: &str) -> Result<String, String> {
    let got = client.get_object().bucket(BUCKET).key(key).send().await.map_err(|error| code(&error))?;
    Ok(String::from_utf8(got.body.collect().await.unwrap().to_vec()).unwrap())
}

fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    error.as_service_error().and_then(|error| error.code()).unwrap_or("no code").to_owned()
}

/// As the API signs an upload: one key, one length, one checksum.
async fn signed_put(stack: &Stack, key: &str, body: &str, start: SystemTime) -> PresignedRequest {
    let config =
        PresigningConfig::builder().start_time(start).expires_in(Duration::from_mins(15)).build().unwrap();
    stack
        .context()
        .objects
        .put_object()
        .bucket(BUCKET)
        .key(key)
        .content_length(body.len().try_into().unwrap())
        .checksum_sha256(sha256(body))
        .presigned(config)
        .await
        .unwrap()
}

async fn send(request: &PresignedRequest, url: &str, body: &str) -> reqwest::Response {
    let mut sent = reqwest::Client::new().put(url).body(body.to_owned());
    for (name, value) in request.headers().filter(|(name, _)| *name != "content-length") {
        sent = sent.header(name, value);
    }
    sent.send().await.unwrap()
}

async fn is_absent(stack: &Stack, key: &str) -> bool {
    text(&stack.context().objects, key).await == Err("NoSuchKey".to_owned())
}

#[tokio::test]
async fn a_signed_upload_stores_the_object() {
    let (_data, stack) = stack().await;
    let request = signed_put(&stack, "results/a", BODY, SystemTime::now()).await;
    let response = send(&request, request.uri(), BODY).await;
    assert_eq!(response.status(), 200);
    assert_eq!(text(&stack.context().objects, "results/a").await.unwrap(), BODY);
}

#[tokio::test]
async fn a_signed_upload_bounds_length_checksum_and_key() {
    let (_data, stack) = stack().await;
    let request = signed_put(&stack, "results/a", BODY, SystemTime::now()).await;
    let same_length = BODY.replace("ann", "bob");

    assert_eq!(send(&request, request.uri(), &format!("{BODY}x")).await.status(), 403, "longer");
    assert_eq!(send(&request, request.uri(), &BODY[1..]).await.status(), 403, "shorter");
    assert_eq!(send(&request, request.uri(), &same_length).await.status(), 400, "other bytes");
    let other_key = request.uri().replace("results/a", "results/b");
    assert_eq!(send(&request, &other_key, BODY).await.status(), 403, "other key");
    let other_checksum = reqwest::Client::new()
        .put(request.uri())
        .header("x-amz-checksum-sha256", sha256(&same_length))
        .body(same_length.clone());
    assert_eq!(other_checksum.send().await.unwrap().status(), 403, "other checksum");
    let no_checksum = reqwest::Client::new().put(request.uri()).body(BODY);
    assert_eq!(no_checksum.send().await.unwrap().status(), 403, "no checksum");
    assert!(is_absent(&stack, "results/a").await && is_absent(&stack, "results/b").await);
}

#[tokio::test]
async fn a_signed_upload_without_a_length_or_cut_off_leaves_nothing() {
    let (data, stack) = stack().await;
    let request = signed_put(&stack, "results/a", BODY, SystemTime::now()).await;
    let path = request.uri().strip_prefix(stack.objects_url()).unwrap();
    let host = stack.objects_url().strip_prefix("http://").unwrap();
    let head = format!(
        "PUT {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nx-amz-checksum-sha256: {}\r\n",
        sha256(BODY)
    );

    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{BODY}\r\n0\r\n\r\n", BODY.len());
    let answer = raw(stack.objects_url(), &chunked).await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");

    let cut = format!("{head}Content-Length: {}\r\n\r\n{}", BODY.len(), &BODY[..5]);
    let answer = raw(stack.objects_url(), &cut).await;
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(is_absent(&stack, "results/a").await);
    assert_eq!(files(&data.path().join("objects/.staging")), [""; 0]);
}

#[tokio::test]
async fn expired_tampered_and_unsigned_requests_are_refused() {
    let (_data, stack) = stack().await;
    let past = SystemTime::now() - Duration::from_mins(20);
    let expired = signed_put(&stack, "results/a", BODY, past).await;
    let response = send(&expired, expired.uri(), BODY).await;
    assert_eq!(response.status(), 403);
    assert!(response.text().await.unwrap().contains("expired"));

    let request = signed_put(&stack, "results/a", BODY, SystemTime::now()).await;
    let longer = request.uri().replace("X-Amz-Expires=900", "X-Amz-Expires=9000");
    assert_ne!(longer, request.uri());
    assert_eq!(send(&request, &longer, BODY).await.status(), 403);

    for (method, path) in
        [("GET", "/rollcall/results/a"), ("PUT", "/rollcall/results/a"), ("GET", "/rollcall"), ("GET", "/")]
    {
        let url = format!("{}{path}", stack.objects_url());
        let response = reqwest::Client::new().request(method.parse().unwrap(), url).send().await.unwrap();
        assert_eq!(response.status(), 403, "{method} {path}");
    }
    assert!(is_absent(&stack, "results/a").await);
}

#[tokio::test]
async fn a_signed_download_takes_the_headers_it_was_signed_with() {
    let (_data, stack) = stack().await;
    let client = stack.context().objects;
    put(&client, "results/demo/1/log.csv", BODY).await.unwrap();
    let config = PresigningConfig::expires_in(Duration::from_mins(5)).unwrap();
    let request = client
        .get_object()
        .bucket(BUCKET)
        .key("results/demo/1/log.csv")
        .response_content_disposition("attachment; filename=\"log.csv\"")
        .response_content_type("text/csv; charset=utf-8")
        .response_cache_control("no-store")
        .presigned(config)
        .await
        .unwrap();
    let response = reqwest::get(request.uri()).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-disposition"), "attachment; filename=\"log.csv\"");
    assert_eq!(header(&response, "content-type"), "text/csv; charset=utf-8");
    assert_eq!(header(&response, "cache-control"), "no-store");
    assert_eq!(response.text().await.unwrap(), BODY);

    let inline = request.uri().replace("attachment", "inline");
    assert_ne!(inline, request.uri());
    assert_eq!(reqwest::get(inline).await.unwrap().status(), 403);
}

#[tokio::test]
async fn of_many_writers_if_none_match_lets_one_in() {
    let (_data, stack) = stack().await;
    let client = stack.context().objects;
    let writers = (0..16).map(|writer| {
        let client = client.clone();
        tokio::spawn(async move {
            let body = format!("writer {writer}").repeat(10_000);
            let put = client.put_object().bucket(BUCKET).key("journal/once").if_none_match("*");
            put.body(body.into_bytes().into()).send().await.map(|_| writer).map_err(|error| code(&error))
        })
    });
    let results = futures::future::join_all(writers).await;
    let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().map(Result::unwrap).partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    assert!(lost.iter().all(|result| result.as_ref().unwrap_err() == "PreconditionFailed"), "{lost:?}");
    let winner = won[0].as_ref().unwrap();
    assert_eq!(text(&client, "journal/once").await.unwrap(), format!("writer {winner}").repeat(10_000));
}

#[tokio::test]
async fn a_bad_checksum_leaves_nothing() {
    let (data, stack) = stack().await;
    let client = stack.context().objects;
    let put = || client.put_object().bucket(BUCKET).key("results/a").body(BODY.as_bytes().to_vec().into());
    let wrong = BASE64_STANDARD.encode([7; 32]);
    let tries = [
        put().checksum_sha256(&wrong).send().await,
        put().checksum_crc32(BASE64_STANDARD.encode([7; 4])).send().await,
        put().content_md5(BASE64_STANDARD.encode([7; 16])).send().await,
    ];
    for result in tries {
        assert_eq!(code(&result.unwrap_err()), "BadDigest");
    }
    assert!(is_absent(&stack, "results/a").await);
    let listed = client.list_objects_v2().bucket(BUCKET).send().await.unwrap();
    assert_eq!(listed.key_count(), Some(0));
    assert_eq!(files(&data.path().join("objects")), [""; 0], "no notes are left");

    self::put(&client, "results/a", "the first").await.unwrap();
    put().checksum_sha256(&wrong).send().await.unwrap_err();
    assert_eq!(text(&client, "results/a").await.unwrap(), "the first", "what was there stays");
}

#[tokio::test]
async fn keys_that_leave_the_bucket_are_refused() {
    let (data, stack) = stack().await;
    let client = stack.context().objects;
    for key in
        ["../other/x", "a/../../x", "a/./b", "a//b", "/a", "a/", "a\\b", "a\nb", "..", &"k".repeat(161)]
    {
        let refused = put(&client, key, BODY).await.unwrap_err();
        assert!(["InvalidArgument", "KeyTooLongError"].contains(&refused.as_str()), "{key:?}: {refused}");
        assert!(text(&client, key).await.is_err(), "{key:?}");
        let copied =
            client.copy_object().bucket(BUCKET).key("results/b").copy_source(format!("{BUCKET}/{key}"));
        assert!(copied.send().await.is_err(), "{key:?}");
    }
    assert!(!data.path().join("objects/other").exists());
    put(&client, &"k".repeat(160), BODY).await.unwrap();

    put(&client, "results/a", BODY).await.unwrap();
    assert_eq!(put(&client, "results/a/b", BODY).await.unwrap_err(), "InvalidArgument");
    assert_eq!(put(&client, "results", BODY).await.unwrap_err(), "InvalidArgument");
    assert_eq!(text(&client, "results").await.unwrap_err(), "NoSuchKey");
}

#[tokio::test]
async fn reads_take_conditions_and_ranges() {
    let (_data, stack) = stack().await;
    let client = stack.context().objects;
    put(&client, "results/a", BODY).await.unwrap();
    let get = || client.get_object().bucket(BUCKET).key("results/a");
    let etag = get().send().await.unwrap().e_tag.unwrap();
    put(&client, "results/a", BODY).await.unwrap();
    let head = client.head_object().bucket(BUCKET).key("results/a").send().await.unwrap();
    assert_eq!(head.e_tag(), Some(etag.as_str()), "the same bytes have the same ETag");
    assert_eq!(head.content_length(), Some(BODY.len().try_into().unwrap()));

    let part = get().if_match(&etag).range("bytes=6-8").send().await.unwrap();
    assert_eq!(part.content_range(), Some("bytes 6-8/22"));
    assert_eq!(&part.body.collect().await.unwrap().to_vec(), b"ann");
    let end = get().range("bytes=-4").send().await.unwrap();
    assert_eq!(&end.body.collect().await.unwrap().to_vec(), b"org\n");
    assert_eq!(code(&get().range("bytes=99-").send().await.unwrap_err()), "InvalidRange");
    assert_eq!(code(&get().if_match("\"other\"").send().await.unwrap_err()), "PreconditionFailed");
    let unchanged = get().if_none_match(&etag).send().await.unwrap_err();
    assert_eq!(unchanged.raw_response().unwrap().status().as_u16(), 304);
    let absent = client.head_object().bucket(BUCKET).key("results/b").send().await.unwrap_err();
    assert!(absent.as_service_error().unwrap().is_not_found());

    let swap = || client.put_object().bucket(BUCKET).key("results/a").body(b"new".to_vec().into());
    swap().if_match(&etag).send().await.unwrap();
    assert_eq!(code(&swap().if_match(&etag).send().await.unwrap_err()), "PreconditionFailed");
}

#[tokio::test]
async fn a_large_object_comes_back_whole() {
    let (_data, stack) = stack().await;
    let client = stack.context().objects;
    let body: Vec<u8> = (0..3_000_000_u32).map(|n| n.to_le_bytes()[usize::from(n % 3 == 0)]).collect();
    client.put_object().bucket(BUCKET).key("results/a").body(body.clone().into()).send().await.unwrap();
    let got = client.get_object().bucket(BUCKET).key("results/a").send().await.unwrap();
    assert!(got.body.collect().await.unwrap().to_vec() == body);
}

#[tokio::test]
async fn objects_are_listed_by_prefix_copied_and_deleted() {
    let (data, stack) = stack().await;
    let client = stack.context().objects;
    for key in ["journal/1", "journal/2", "journal/3", "results/a"] {
        put(&client, key, BODY).await.unwrap();
    }
    let list = || client.list_objects_v2().bucket(BUCKET).prefix("journal/").max_keys(2);
    let first = list().send().await.unwrap();
    let keys: Vec<_> = first.contents().iter().filter_map(|object| object.key()).collect();
    assert_eq!(keys, ["journal/1", "journal/2"]);
    let token = first.next_continuation_token().unwrap();
    let second = list().continuation_token(token).send().await.unwrap();
    assert_eq!(second.contents()[0].key(), Some("journal/3"));

    let source = format!("{BUCKET}/results/a");
    client.copy_object().bucket(BUCKET).key("results/b").copy_source(source).send().await.unwrap();
    assert_eq!(text(&client, "results/b").await.unwrap(), BODY);

    client.delete_object().bucket(BUCKET).key("results/b").send().await.unwrap();
    client.delete_object().bucket(BUCKET).key("results/b").send().await.unwrap();
    let keys = ["journal/1", "journal/2", "journal/3", "results/a"];
    let all = keys.map(|key| ObjectIdentifier::builder().key(key).build().unwrap()).to_vec();
    let all = Delete::builder().set_objects(Some(all)).build().unwrap();
    client.delete_objects().bucket(BUCKET).delete(all).send().await.unwrap();
    assert_eq!(client.list_objects_v2().bucket(BUCKET).send().await.unwrap().key_count(), Some(0));
    assert_eq!(files(&data.path().join("objects")), [""; 0], "no notes are left");
}

#[tokio::test]
async fn a_multipart_upload_becomes_one_object() {
    let (data, stack) = stack().await;
    let client = stack.context().objects;
    let key = "results/whole";
    let created = client.create_multipart_upload().bucket(BUCKET).key(key).content_type("text/csv").send();
    let id = created.await.unwrap().upload_id.unwrap();
    let part = |number: i32, body: Vec<u8>| {
        client.upload_part().bucket(BUCKET).key(key).upload_id(&id).part_number(number).body(body.into())
    };
    let wrong = part(1, vec![b'x'; 10]).checksum_sha256(sha256("other")).send().await.unwrap_err();
    assert_eq!(code(&wrong), "BadDigest");
    let (first, second) = (vec![b'a'; 5 * 1024 * 1024], b"end".to_vec());
    let mut parts = Vec::new();
    for (number, body) in [(1, first.clone()), (2, second)] {
        let sent = part(number, body).send().await.unwrap();
        parts.push(CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag).build());
    }
    assert!(is_absent(&stack, key).await);
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
    let complete = client.complete_multipart_upload().bucket(BUCKET).key(key).upload_id(&id);
    let completed = complete.multipart_upload(parts).if_none_match("*").send().await.unwrap();
    assert!(completed.e_tag().unwrap().contains("-2"));

    let head = client.head_object().bucket(BUCKET).key(key).send().await.unwrap();
    assert_eq!((head.content_type(), head.content_length()), (Some("text/csv"), Some(5 * 1024 * 1024 + 3)));
    assert_eq!(head.e_tag(), completed.e_tag());
    assert_eq!(files(&data.path().join("objects/.multipart")), [""; 0]);

    let other =
        client.create_multipart_upload().bucket(BUCKET).key(key).send().await.unwrap().upload_id.unwrap();
    client.abort_multipart_upload().bucket(BUCKET).key(key).upload_id(&other).send().await.unwrap();
    let late = client.upload_part().bucket(BUCKET).key(key).upload_id(&other).part_number(1);
    assert_eq!(code(&late.body(b"x".to_vec().into()).send().await.unwrap_err()), "NoSuchUpload");
}

#[tokio::test]
async fn parts_are_listed_and_completed_with_their_checksums() {
    let (data, stack) = stack().await;
    let client = stack.context().objects;
    let key = "results/parts";
    let created = client.create_multipart_upload().bucket(BUCKET).key(key);
    let created = created.checksum_algorithm(ChecksumAlgorithm::Sha256).send().await.unwrap();
    let id = created.upload_id.unwrap();
    let (first, second) = ("a".repeat(5 << 20), "end".to_owned());
    let part = |number: i32, body: &str| {
        let part = client.upload_part().bucket(BUCKET).key(key).upload_id(&id).part_number(number);
        part.checksum_sha256(sha256(body)).body(body.as_bytes().to_vec().into())
    };
    part(1, "was sent again").send().await.unwrap();
    for (number, body) in [(2, &second), (1, &first)] {
        part(number, body).send().await.unwrap();
    }
    let listed = client.list_parts().bucket(BUCKET).key(key).upload_id(&id).send().await.unwrap();
    let listed: Vec<_> = listed
        .parts()
        .iter()
        .map(|part| (part.part_number(), part.size(), part.checksum_sha256().map(str::to_owned)))
        .collect();
    let length = |body: &str| i64::try_from(body.len()).ok();
    let expected =
        [(1, &first), (2, &second)].map(|(number, body)| (Some(number), length(body), Some(sha256(body))));
    assert_eq!(listed, expected);

    let complete = |checksums: [Option<String>; 2]| {
        let parts = (1..).zip(checksums);
        let parts = parts.map(|(number, checksum)| {
            CompletedPart::builder().part_number(number).set_checksum_sha256(checksum).build()
        });
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts.collect())).build();
        let complete = client.complete_multipart_upload().bucket(BUCKET).key(key).upload_id(&id);
        complete.multipart_upload(parts).send()
    };
    let right = [Some(sha256(&first)), Some(sha256(&second))];
    let other = [Some(sha256(&first)), Some(sha256("other"))];
    assert_eq!(code(&complete(other).await.unwrap_err()), "InvalidPart");
    assert_eq!(code(&complete([None, None]).await.unwrap_err()), "InvalidRequest");
    assert!(is_absent(&stack, key).await);
    complete(right).await.unwrap();
    assert_eq!(text(&client, key).await.unwrap(), first + &second);
    let listed = client.list_parts().bucket(BUCKET).key(key).upload_id(&id).send().await.unwrap_err();
    assert_eq!(code(&listed), "NoSuchUpload");
    let left = files(&data.path().join("objects"));
    assert!(left.iter().all(|name| !name.starts_with(".upload")), "{left:?}");
}

#[tokio::test]
async fn the_page_may_upload_and_other_pages_may_not() {
    let (_data, stack) = stack().await;
    let preflight = |origin: String| async {
        let url = format!("{}/rollcall/uploads/demo/1/roster", stack.objects_url());
        let wanted = "content-type,x-amz-checksum-sha256";
        reqwest::Client::new()
            .request("OPTIONS".parse().unwrap(), url)
            .header("origin", origin)
            .header("access-control-request-method", "PUT")
            .header("access-control-request-headers", wanted)
            .send()
            .await
            .unwrap()
    };
    for origin in [stack.page_url().to_owned(), stack.page_url().replace("127.0.0.1", "localhost")] {
        let response = preflight(origin.clone()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "access-control-allow-origin"), origin);
        assert!(header(&response, "access-control-allow-methods").contains("PUT"));
        assert_eq!(header(&response, "access-control-allow-headers"), "content-type,x-amz-checksum-sha256");
    }
    let response = preflight("https://evil.example".to_owned()).await;
    assert_eq!(header(&response, "access-control-allow-origin"), "");

    let request = signed_put(&stack, "results/a", BODY, SystemTime::now()).await;
    let response = reqwest::Client::new()
        .put(request.uri())
        .header("origin", stack.page_url())
        .header("x-amz-checksum-sha256", sha256(BODY))
        .body(BODY)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "access-control-allow-origin"), stack.page_url());
    assert!(header(&response, "access-control-expose-headers").contains("etag"));
}
