use std::{error::Error, time::Duration};

use aws_sdk_dynamodb::types::{AttributeValue, TimeToLiveStatus};
use local_stack::{Ports, Stack, StackError};
use tokio::net::TcpListener;

use crate::support::{BUCKET, config, files, stack};

#[tokio::test]
async fn the_table_is_made_once_and_keeps_its_items() {
    let data = tempfile::tempdir().unwrap();
    let stack = Stack::start(config(data.path())).await.unwrap();
    let table = stack.context().table;
    let expiry = table.describe_time_to_live().table_name("rollcall").send().await.unwrap();
    let expiry = expiry.time_to_live_description.unwrap();
    assert_eq!(expiry.time_to_live_status, Some(TimeToLiveStatus::Enabled));
    assert_eq!(expiry.attribute_name.as_deref(), Some("expires"));
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let put = table.put_item().table_name("rollcall").item("pk", text("a")).item("sk", text("b"));
    put.send().await.unwrap();
    stack.context().objects.put_object().bucket(BUCKET).key("results/a").send().await.unwrap();
    stack.stop().await;

    let stack = Stack::start(config(data.path())).await.unwrap();
    let got =
        stack.context().table.get_item().table_name("rollcall").key("pk", text("a")).key("sk", text("b"));
    assert!(got.send().await.unwrap().item.is_some());
    let head = stack.context().objects.head_object().bucket(BUCKET).key("results/a");
    head.send().await.unwrap();
    stack.stop().await;
}

#[tokio::test]
async fn a_tick_runs_and_expires_items() {
    let (_data, stack) = stack().await;
    let table = stack.context().table;
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let put = table.put_item().table_name("rollcall").item("pk", text("a")).item("sk", text("b"));
    put.item("expires", AttributeValue::N("1700000000".to_owned())).send().await.unwrap();
    stack.tick().await.unwrap();
    let left = table.scan().table_name("rollcall").send().await.unwrap();
    assert_eq!(left.count, 0);
    let url = format!("{}/dev/tick", stack.page_url());
    assert_eq!(reqwest::Client::new().post(url).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_data_folder_serves_one_stack() {
    let (data, first) = stack().await;
    let Err(second) = Stack::start(config(data.path())).await else { panic!("started twice") };
    assert!(matches!(second, StackError::InUse(_)));
    assert!(second.to_string().contains("another Rollcall is running"), "{second}");
    first.stop().await;
    Stack::start(config(data.path())).await.unwrap().stop().await;
}

#[tokio::test]
async fn a_port_in_use_is_named_with_its_option() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let data = tempfile::tempdir().unwrap();
    for (ports, option) in [
        (Ports { page: port, ..Ports::ANY }, "--port"),
        (Ports { objects: port, ..Ports::ANY }, "--objects-port"),
        (Ports { table: port, ..Ports::ANY }, "--table-port"),
        (Ports { mail: port, ..Ports::ANY }, "--mail-port"),
        (Ports { keys: port, ..Ports::ANY }, "--keys-port"),
    ] {
        let mut config = config(data.path());
        config.ports = ports;
        let Err(error) = Stack::start(config).await else { panic!("started on a taken port") };
        assert_eq!(error.to_string(), format!("port {port} is in use; choose another one with {option}"));
    }
}

#[tokio::test]
async fn data_that_cannot_be_used_is_named() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("token.key"), "damaged").unwrap();
    let Err(error) = Stack::start(config(data.path())).await else { panic!("started with a damaged key") };
    assert!(error.to_string().contains("the token key in the data folder"), "{error}");
    assert!(error.source().unwrap().to_string().contains("damaged"));
}

#[tokio::test]
async fn only_the_loopback_interface_listens() {
    let (_data, stack) = stack().await;
    for url in [stack.page_url(), stack.objects_url(), stack.table_url(), stack.mail_url()] {
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    }
}

/// Whatever the functions make of such an upload, its event ends: handled, or parked after three tries.
#[tokio::test]
async fn an_upload_reaches_the_functions() {
    let (data, stack) = stack().await;
    let put = stack.context().objects.put_object().bucket(BUCKET).key("uploads/demo/no-such-import/roster");
    put.body(b"Email\n".to_vec().into()).send().await.unwrap();
    tokio::time::timeout(Duration::from_mins(1), stack.settle()).await.unwrap();
    assert_eq!(files(&data.path().join("events")), [""; 0]);
    stack.stop().await;
}

#[tokio::test]
async fn a_killed_start_is_repeated() {
    let data = tempfile::tempdir().unwrap();
    let objects = data.path().join("objects");
    std::fs::create_dir_all(objects.join(".staging")).unwrap();
    std::fs::create_dir_all(data.path().join("events")).unwrap();
    std::fs::create_dir_all(data.path().join("mail")).unwrap();
    for leftover in ["objects/.staging/1", "events/1.unfinished", "mail/1.unfinished", "token.unfinished"] {
        std::fs::write(data.path().join(leftover), "half of it").unwrap();
    }
    let stack = Stack::start(config(data.path())).await.unwrap();
    assert_eq!(files(&objects.join(".staging")), [""; 0]);
    assert_eq!(files(&data.path().join("events")), [""; 0]);
    assert_eq!(files(&data.path().join("mail")), [""; 0]);
    stack.stop().await;
}
