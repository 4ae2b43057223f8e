//! The inbox: what the captured SES accepted, as files, as JSON and as pages.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use axum::{
    Json, Router,
    extract::{self, Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use jiff::Timestamp;
use mail_parser::{Message, MessageParser, MessagePart};
use minijinja::{Environment, context};
use serde::{Deserialize, Serialize};
use tokio::fs;

use crate::{problem::Problem, sequence::Sequence};

/// Mails on a page of the inbox.
const PAGE: usize = 50;

/// Accepted mails, in files and in an index in memory.
pub struct Inbox {
    folder: PathBuf,
    sequence: Sequence,
    /// Oldest first.
    index: RwLock<Vec<Entry>>,
    pages: Environment<'static>,
}

/// One mail of the list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Decimal digits; a later mail's is greater.
    pub id: String,
    pub to: Vec<String>,
    pub subject: String,
    pub received_at: Timestamp,
}

impl Inbox {
    /// Opens the folder and reads the headers of what is in it.
    pub fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut index = Vec::new();
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("eml") => index.push(entry(id, &std::fs::read(&path)?)),
                // It was never answered for.
                Some("unfinished") => std::fs::remove_file(&path)?,
                _ => {}
            }
        }
        index.sort_by(|a, b| a.id.cmp(&b.id));
        let index = RwLock::new(index);
        Ok(Self { folder: folder.to_owned(), sequence: Sequence::start(), index, pages: pages() })
    }

    /// Stores a mail and gives its id.
    pub(crate) async fn deliver(&self, mail: Vec<u8>) -> io::Result<String> {
        let id = format!("{:020}", self.sequence.next());
        let file = self.file(&id);
        let unfinished = file.with_extension("unfinished");
        fs::write(&unfinished, &mail).await?;
        fs::rename(&unfinished, &file).await?;
        let entry = entry(&id, &mail);
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        // Two deliveries can finish in the other order than they began.
        let place = index.partition_point(|other| other.id < entry.id);
        index.insert(place, entry);
        Ok(id)
    }

    /// When, and to how many, mails were accepted since `start`.
    pub(crate) fn since(&self, start: Timestamp) -> Vec<(Timestamp, u32)> {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        let first = index.partition_point(|entry| entry.received_at < start);
        index[first..]
            .iter()
            .map(|entry| (entry.received_at, u32::try_from(entry.to.len().max(1)).unwrap_or(u32::MAX)))
            .collect()
    }

    /// `limit` mails after the `offset` newest, newest first, and how many there are.
    #[must_use]
    pub fn list(&self, offset: usize, limit: usize) -> (usize, Vec<Entry>) {
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
        (index.len(), index.iter().rev().skip(offset).take(limit).cloned().collect())
    }

    /// `/dev/inbox` and below.
    pub fn router(self: Arc<Self>) -> Router {
        Router::new()
            .route("/dev/inbox", get(list_page))
            .route("/dev/inbox.json", get(list_json))
            .route("/dev/inbox.css", get(style))
            .route("/dev/inbox/{name}", get(mail))
            .with_state(self)
    }

    fn file(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.eml"))
    }

    async fn read(&self, id: &str) -> Result<Vec<u8>, Problem> {
        let missing = || Problem::new(StatusCode::NOT_FOUND, "mail-not-found", "There is no such mail.");
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(missing());
        }
        fs::read(self.file(id)).await.map_err(|_| missing())
    }

    fn page(&self, name: &str, values: minijinja::Value) -> Result<Html<String>, Problem> {
        let render = || self.pages.get_template(name)?.render(values);
        render().map(Html).map_err(|error| {
            tracing::error!(%error, "a page of the inbox could not be made");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "page-failed", "The page could not be made.")
        })
    }
}

fn entry(id: &str, mail: &[u8]) -> Entry {
    let message = MessageParser::default().parse_headers(mail);
    let message = message.as_ref();
    let to =
        message.and_then(Message::to).map(|to| to.iter().filter_map(|to| to.address()).map(str::to_owned));
    Entry {
        id: id.to_owned(),
        to: to.map(Iterator::collect).unwrap_or_default(),
        subject: message.and_then(Message::subject).unwrap_or_default().to_owned(),
        received_at: id.parse().ok().and_then(|id| Timestamp::from_nanosecond(id).ok()).unwrap_or_default(),
    }
}

fn pages() -> Environment<'static> {
    let mut pages = Environment::new();
    for (name, source) in [
        ("inbox.html", include_str!("../templates/inbox.html")),
        ("mail.html", include_str!("../templates/mail.html")),
    ] {
        // The sources are part of this crate and parsed by its tests; a broken one answers with an error page.
        if let Err(error) = pages.add_template(name, source) {
            tracing::error!(%error, "a template does not parse");
        }
    }
    pages
}

#[derive(Deserialize)]
struct Span {
    offset: Option<usize>,
    limit: Option<usize>,
}

#[derive(Serialize)]
struct Listing {
    total: usize,
    mails: Vec<Entry>,
}

async fn list_json(State(inbox): State<Arc<Inbox>>, Query(span): Query<Span>) -> Json<Listing> {
    let (total, mails) = inbox.list(span.offset.unwrap_or(0), span.limit.unwrap_or(usize::MAX));
    Json(Listing { total, mails })
}

#[derive(Deserialize)]
struct PageNumber {
    page: Option<usize>,
}

async fn list_page(
    State(inbox): State<Arc<Inbox>>,
    Query(number): Query<PageNumber>,
) -> Result<Html<String>, Problem> {
    let page = number.page.unwrap_or(1).max(1);
    let (total, mails) = inbox.list((page - 1).saturating_mul(PAGE), PAGE);
    let pages = total.div_ceil(PAGE).max(1);
    let mails: Vec<_> = mails
        .into_iter()
        .map(|mail| context! { id => mail.id, to => mail.to.join(", "), subject => mail.subject, time => when(mail.received_at) })
        .collect();
    inbox.page("inbox.html", context! { total, mails, page, pages })
}

/// `{id}` is the mail's page, `{id}.eml` the mail as sent, `{id}.html` its formatted body alone.
async fn mail(State(inbox): State<Arc<Inbox>>, extract::Path(name): extract::Path<String>) -> Response {
    let shown = match name.split_once('.') {
        Some((id, "eml")) => source(&inbox, id).await,
        Some((id, "html")) => formatted(&inbox, id).await,
        _ => mail_page(&inbox, &name).await,
    };
    shown.unwrap_or_else(IntoResponse::into_response)
}

async fn source(inbox: &Inbox, id: &str) -> Result<Response, Problem> {
    let bytes = inbox.read(id).await?;
    let disposition = format!("attachment; filename=\"{id}.eml\"");
    let headers =
        [(header::CONTENT_TYPE, "message/rfc822".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, bytes).into_response())
}

/// Shown in a frame that may run nothing and load nothing; its links open in a page of their own.
async fn formatted(inbox: &Inbox, id: &str) -> Result<Response, Problem> {
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; \
                          sandbox allow-popups allow-popups-to-escape-sandbox";
    let bytes = inbox.read(id).await?;
    let message = parse(&bytes)?;
    let html = message.body_html(0).unwrap_or_default();
    let page = format!("<!doctype html><meta charset=\"utf-8\"><base target=\"_blank\">{html}");
    Ok(([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response())
}

async fn mail_page(inbox: &Inbox, id: &str) -> Result<Response, Problem> {
    let bytes = inbox.read(id).await?;
    let message = parse(&bytes)?;
    let Entry { to, subject, received_at, .. } = entry(id, &bytes);
    let from = message.from().and_then(|from| from.first());
    let values = context! {
        id,
        to => to.join(", "),
        subject,
        time => when(received_at),
        from => from.and_then(|from| from.address()),
        from_name => from.and_then(|from| from.name()),
        formatted => message.html_part(0).is_some_and(MessagePart::is_text_html),
        text => message.body_text(0),
    };
    inbox.page("mail.html", values).map(IntoResponse::into_response)
}

fn parse(bytes: &[u8]) -> Result<Message<'_>, Problem> {
    MessageParser::default().parse(bytes).ok_or_else(|| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "mail-unreadable",
            "The mail cannot be read; get its source.",
        )
    })
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../templates/inbox.css"))
        .into_response()
}

fn when(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}
