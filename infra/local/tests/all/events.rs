use std::{
    collections::BTreeSet,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use local_stack::{Delivery, events::Route};
use tokio::sync::{Notify, Semaphore};

use crate::support::{BUCKET, Heard, Store, files, immediate};

#[tokio::test]
async fn an_upload_is_told_as_s3_tells_it() {
    let data = tempfile::tempdir().unwrap();
    let heard = Heard::default();
    let store = Store::open(data.path(), vec![heard.route()], immediate()).await;
    store.bridge.start(2).await;
    store.put("uploads/demo/a b+ü.csv", "hello").await;
    store.put("journal/demo/1", "nobody hears of this").await;
    let copy = store.client.copy_object().bucket(BUCKET).key("uploads/copy");
    copy.copy_source("rollcall/journal/demo/1").send().await.unwrap();
    store.bridge.settle().await;

    let events = heard.events();
    let mut keys = heard.keys();
    keys.sort();
    assert_eq!(keys, ["uploads/copy", "uploads/demo/a+b%2B%C3%BC.csv"]);
    let record = events.iter().map(|event| &event.records[0]);
    let record =
        record.clone().find(|record| record.event_name.as_deref() == Some("ObjectCreated:Put")).unwrap();
    assert_eq!(record.event_source.as_deref(), Some("aws:s3"));
    assert_eq!(record.s3.bucket.name.as_deref(), Some(BUCKET));
    assert_eq!(record.s3.object.size, Some(5));
    assert_eq!(record.s3.object.e_tag.as_deref(), Some("5d41402abc4b2a76b9719d911017c592"));
    assert!(events.iter().any(|event| event.records[0].event_name.as_deref() == Some("ObjectCreated:Copy")));
    assert_eq!(files(&data.path().join("events")), [""; 0]);
}

#[tokio::test]
async fn an_upload_in_parts_is_told_once_it_is_complete() {
    let data = tempfile::tempdir().unwrap();
    let heard = Heard::default();
    let store = Store::open(data.path(), vec![heard.route()], immediate()).await;
    store.bridge.start(1).await;
    let created = store.client.create_multipart_upload().bucket(BUCKET).key("uploads/a").send();
    let id = created.await.unwrap().upload_id.unwrap();
    let part = store.client.upload_part().bucket(BUCKET).key("uploads/a").upload_id(&id).part_number(1);
    part.body(b"hello".to_vec().into()).send().await.unwrap();
    store.bridge.settle().await;
    assert_eq!(heard.keys(), [""; 0], "a part is no object");

    let parts = CompletedMultipartUpload::builder().parts(CompletedPart::builder().part_number(1).build());
    let complete = store.client.complete_multipart_upload().bucket(BUCKET).key("uploads/a").upload_id(&id);
    complete.multipart_upload(parts.build()).send().await.unwrap();
    store.bridge.settle().await;
    let events = heard.events();
    assert_eq!(heard.keys(), ["uploads/a"]);
    let record = &events[0].records[0];
    assert_eq!(record.event_name.as_deref(), Some("ObjectCreated:CompleteMultipartUpload"));
    assert_eq!(record.s3.object.size, Some(5));
}

#[tokio::test]
async fn sequencers_of_one_key_grow() {
    let data = tempfile::tempdir().unwrap();
    let heard = Heard::default();
    let store = Store::open(data.path(), vec![heard.route()], immediate()).await;
    store.bridge.start(1).await;
    for _ in 0..5 {
        store.put("uploads/a", "x").await;
    }
    store.bridge.settle().await;
    let sequencers: Vec<_> = heard
        .events()
        .into_iter()
        .map(|event| event.records[0].s3.object.sequencer.clone().unwrap())
        .collect();
    assert!(sequencers.windows(2).all(|pair| pair[0] < pair[1]), "{sequencers:?}");
}

#[tokio::test]
async fn a_refused_upload_raises_no_event() {
    let data = tempfile::tempdir().unwrap();
    let heard = Heard::default();
    let store = Store::open(data.path(), vec![heard.route()], immediate()).await;
    store.bridge.start(1).await;
    store.put("uploads/a", "first").await;
    let again = store.client.put_object().bucket(BUCKET).key("uploads/a").if_none_match("*");
    again.body(b"second".to_vec().into()).send().await.unwrap_err();
    let bad =
        store.client.put_object().bucket(BUCKET).key("uploads/b").content_md5("AAAAAAAAAAAAAAAAAAAAAA==");
    bad.body(b"third".to_vec().into()).send().await.unwrap_err();
    store.bridge.settle().await;
    assert_eq!(heard.keys(), ["uploads/a"]);
}

#[tokio::test]
async fn an_event_outlives_the_process_that_raised_it() {
    let data = tempfile::tempdir().unwrap();
    let started = Arc::new(Notify::new());
    let endless = Route::new("uploads/", {
        let started = Arc::clone(&started);
        move |_| {
            let started = Arc::clone(&started);
            async move {
                started.notify_one();
                std::future::pending::<Result<(), io::Error>>().await
            }
        }
    });
    let store = Store::open(data.path(), vec![endless], immediate()).await;
    store.bridge.start(1).await;
    store.put("uploads/under-way", "x").await;
    store.put("uploads/waiting", "x").await;
    started.notified().await;
    store.bridge.stop(Duration::ZERO).await;
    drop(store);

    let heard = Heard::default();
    let store = Store::open(data.path(), vec![heard.route()], immediate()).await;
    store.bridge.start(1).await;
    store.bridge.settle().await;
    assert_eq!(heard.keys(), ["uploads/under-way", "uploads/waiting"]);
    drop(store);

    let heard = Heard::default();
    let store = Store::open(data.path(), vec![heard.route()], immediate()).await;
    store.bridge.start(1).await;
    store.bridge.settle().await;
    assert_eq!(heard.keys(), [""; 0], "what was handled is not delivered again");
}

/// Fails the first `failures` calls, in the way of `fail`.
fn flaky(failures: usize, calls: &Arc<AtomicUsize>, fail: fn() -> Result<(), io::Error>) -> Route {
    let calls = Arc::clone(calls);
    Route::new("uploads/", move |_| {
        let call = calls.fetch_add(1, Ordering::SeqCst);
        async move { if call < failures { fail() } else { Ok(()) } }
    })
}

#[tokio::test]
async fn a_failed_delivery_is_tried_twice_more() {
    let data = tempfile::tempdir().unwrap();
    let calls = Arc::default();
    let route = flaky(2, &calls, || Err(io::Error::other("not yet")));
    let store = Store::open(data.path(), vec![route], immediate()).await;
    store.bridge.start(1).await;
    store.put("uploads/a", "x").await;
    store.bridge.settle().await;
    assert_eq!(calls.load(Ordering::SeqCst), 3);
    assert_eq!(files(&data.path().join("events/parked")), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn retries_wait_for_their_delay() {
    let data = tempfile::tempdir().unwrap();
    let calls = Arc::default();
    let route = flaky(2, &calls, || Err(io::Error::other("not yet")));
    let delivery =
        Delivery { retries: vec![Duration::from_mins(1), Duration::from_mins(2)], ..Delivery::default() };
    let bridge = local_stack::events::Bridge::open(data.path(), vec![route], delivery).await.unwrap();
    bridge.start(1).await;
    let created = local_stack::events::Created {
        name: "ObjectCreated:Put",
        bucket: BUCKET,
        key: "uploads/a",
        size: 1,
        etag: "e",
    };
    let before = tokio::time::Instant::now();
    let recorded = bridge.record(&created).await.unwrap().unwrap();
    bridge.release(recorded);
    bridge.settle().await;
    assert!(before.elapsed() >= Duration::from_mins(3));
    assert_eq!(calls.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn what_fails_three_times_is_parked_with_the_reason() {
    let data = tempfile::tempdir().unwrap();
    let calls = Arc::default();
    let route = flaky(usize::MAX, &calls, || Err(io::Error::other("the table is gone")));
    let store = Store::open(data.path(), vec![route], immediate()).await;
    store.bridge.start(1).await;
    store.put("uploads/a", "x").await;
    store.bridge.settle().await;
    assert_eq!(calls.load(Ordering::SeqCst), 3);
    let parked = data.path().join("events/parked");
    let names = files(&parked);
    assert_eq!(names.len(), 2);
    assert_eq!(std::fs::read_to_string(parked.join(&names[0])).unwrap(), "the table is gone");
    assert!(std::fs::read_to_string(parked.join(&names[1])).unwrap().contains("uploads/a"));
    assert_eq!(files(&data.path().join("events")), [""; 0]);
}

#[tokio::test]
async fn a_panic_is_a_failure() {
    let data = tempfile::tempdir().unwrap();
    let calls = Arc::default();
    let route = flaky(1, &calls, || panic!("poison"));
    let store = Store::open(data.path(), vec![route], immediate()).await;
    store.bridge.start(1).await;
    store.put("uploads/a", "x").await;
    store.bridge.settle().await;
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn events_are_handled_side_by_side() {
    let data = tempfile::tempdir().unwrap();
    let meeting = Arc::new(tokio::sync::Barrier::new(4));
    let route = Route::new("uploads/", move |_| {
        let meeting = Arc::clone(&meeting);
        async move {
            meeting.wait().await;
            Ok::<_, io::Error>(())
        }
    });
    let store = Store::open(data.path(), vec![route], immediate()).await;
    store.bridge.start(4).await;
    for key in ["uploads/1", "uploads/2", "uploads/3", "uploads/4"] {
        store.put(key, "x").await;
    }
    // Ends only if all four are under way at once.
    store.bridge.settle().await;
}

async fn delivered(seed: u64) -> Vec<String> {
    let data = tempfile::tempdir().unwrap();
    let heard = Heard::default();
    let delivery = Delivery { copies: 5, shuffle: Some(seed), ..immediate() };
    let store = Store::open(data.path(), vec![heard.route()], delivery).await;
    for number in 10..30 {
        store.put(&format!("uploads/{number}"), "x").await;
    }
    store.bridge.start(1).await;
    store.bridge.settle().await;
    heard.keys()
}

#[tokio::test]
async fn a_seed_decides_order_and_copies() {
    let first = delivered(7).await;
    assert_eq!(first, delivered(7).await, "a seed replays");
    assert_ne!(first, delivered(8).await);
    let distinct: BTreeSet<_> = first.iter().collect();
    assert_eq!(distinct.len(), 20, "every event arrives");
    assert!(first.len() > 20, "some arrive more than once");
    assert!(!first.is_sorted(), "in another order");
}

#[tokio::test]
async fn a_stop_lets_what_runs_end() {
    let data = tempfile::tempdir().unwrap();
    let (started, finish, ended) =
        (Arc::new(Notify::new()), Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
    let route = {
        let (started, finish, ended) = (Arc::clone(&started), Arc::clone(&finish), Arc::clone(&ended));
        Route::new("uploads/", move |_| {
            let (started, finish, ended) = (Arc::clone(&started), Arc::clone(&finish), Arc::clone(&ended));
            async move {
                started.notify_one();
                let _permit = finish.acquire().await.map_err(io::Error::other)?;
                ended.fetch_add(1, Ordering::SeqCst);
                Ok::<_, io::Error>(())
            }
        })
    };
    let store = Store::open(data.path(), vec![route], immediate()).await;
    store.bridge.start(1).await;
    store.put("uploads/1", "x").await;
    store.put("uploads/2", "x").await;
    started.notified().await;
    let stopping = tokio::spawn({
        let bridge = store.bridge.clone();
        async move { bridge.stop(Duration::from_mins(1)).await }
    });
    tokio::task::yield_now().await;
    finish.add_permits(1);
    stopping.await.unwrap();
    assert_eq!(ended.load(Ordering::SeqCst), 1);
    assert_eq!(files(&data.path().join("events")).len(), 1, "the other is left for the next start");
}
