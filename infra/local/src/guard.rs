//! What keeps other web pages in the user's browser away from the loopback ports.

use axum::{
    Router,
    extract::Request,
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};

use crate::problem::Problem;

/// Routes that answer this machine's own names and pages only.
pub(crate) fn guarded<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router.layer(middleware::from_fn(own_origin)).layer(middleware::from_fn(own_host))
}

/// Refuses a request whose Host is not this machine's own name. A page of another site can point its own
/// domain at 127.0.0.1 ("DNS rebinding"); its requests then carry that domain.
pub(crate) async fn own_host(request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| request.uri().authority().map(axum::http::uri::Authority::as_str));
    if host.is_some_and(is_loopback) {
        return next.run(request).await;
    }
    Problem::new(StatusCode::FORBIDDEN, "host-not-allowed", "Open this address as 127.0.0.1 or localhost.")
        .into_response()
}

/// Refuses a request that a page of another origin made: by its Origin, or by what the browser says of it.
/// Following a link from elsewhere stays possible.
pub(crate) async fn own_origin(request: Request, next: Next) -> Response {
    if is_own_origin(&request) {
        return next.run(request).await;
    }
    Problem::new(StatusCode::FORBIDDEN, "origin-not-allowed", "This address answers its own pages only.")
        .into_response()
}

fn is_own_origin(request: &Request) -> bool {
    let value = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or(""));
    if let Some(origin) = value("origin") {
        let host = value("host").unwrap_or("");
        return origin.strip_prefix("http://").is_some_and(|origin| same_place(origin, host));
    }
    match value("sec-fetch-site") {
        Some("cross-site" | "same-site") => {
            value("sec-fetch-mode") == Some("navigate") && request.method().is_safe()
        }
        _ => true,
    }
}

/// `localhost` and `127.0.0.1` are one place, if the port is the same.
fn same_place(origin: &str, host: &str) -> bool {
    is_loopback(origin) && is_loopback(host) && port(origin) == port(host)
}

fn port(host: &str) -> &str {
    host.rsplit_once(':').map_or("80", |(_, port)| port)
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_names() {
        for host in ["127.0.0.1", "127.0.0.1:8787", "localhost:1", "LOCALHOST"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["", "evil.example", "127.0.0.1.evil.example:8787", "localhost.evil", "127.0.0.1:80:x", "[::1]:1"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
