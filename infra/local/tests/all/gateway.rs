use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Request},
    routing::get,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use lambda_http::request::RequestContext;
use local_stack::{
    gateway::Gateway,
    inbox::Inbox,
    token::{AUDIENCE, ISSUER, Tokens},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::support::{header, raw};

/// A gateway before an API that answers with the claims it is given.
struct Echo {
    url: String,
    data: TempDir,
}

impl Echo {
    async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        write_page(&data.path().join("page"));
        let gateway = Gateway {
            api: Router::new()
                .route("/api/claims", get(claims))
                .route("/api/openapi.json", get(claims))
                .route("/api/echo/{name}", get(|Path(name): Path<String>| async { name })),
            tokens: Tokens::open(&data.path().join("token.key")).unwrap(),
            inbox: Arc::new(Inbox::open(&data.path().join("mail")).unwrap()),
            tick: Arc::new(|| Box::pin(async { Ok(()) })),
            page: Some(data.path().join("page")),
            objects_url: "http://127.0.0.1:8788".to_owned(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, gateway.router()).into_future());
        Self { url, data }
    }

    fn get(&self, path: &str) -> reqwest::RequestBuilder {
        reqwest::Client::new().get(format!("{}{path}", self.url))
    }

    async fn with(&self, authorization: &str) -> reqwest::Response {
        self.get("/api/claims").header("authorization", authorization).send().await.unwrap()
    }

    async fn token(&self, query: &str) -> Value {
        let answer = self.get(&format!("/dev/token?{query}")).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    fn sign(&self, algorithm: Algorithm, claims: &Value) -> String {
        let key = std::fs::read(self.data.path().join("token.key")).unwrap();
        jsonwebtoken::encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(&key)).unwrap()
    }
}

fn write_page(folder: &std::path::Path) {
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    for (name, content) in [
        ("index.html", "<!doctype html>the page"),
        ("icon.svg", "<svg/>"),
        ("assets/app-1a2b.js", "export {}"),
        ("assets/rules-3c4d.wasm", "\0asm"),
    ] {
        std::fs::write(folder.join(name), content).unwrap();
    }
}

async fn claims(request: Request) -> Json<Value> {
    let claims = match request.extensions().get::<RequestContext>() {
        Some(RequestContext::ApiGatewayV2(context)) => {
            context.authorizer.as_ref().and_then(|authorizer| authorizer.jwt.as_ref()).map(|jwt| &jwt.claims)
        }
        _ => None,
    };
    Json(json!(claims))
}

fn good() -> Value {
    let now = jiff::Timestamp::now().as_second();
    json!({"sub": "s", "email": "a@demo.example", "org": "demo", "iss": ISSUER, "aud": AUDIENCE, "exp": now + 60})
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = good();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = good();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

#[tokio::test]
async fn a_development_token_opens_the_api() {
    let echo = Echo::start().await;
    let issued = echo.token("organisation=demo").await;
    assert_eq!(issued["organisation"], "demo");
    assert_eq!(issued["email"], "admin@demo.example");
    let answer = echo.with(&format!("Bearer {}", issued["token"].as_str().unwrap())).await;
    assert_eq!(answer.status(), 200);
    let claims: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!((&claims["org"], &claims["email"]), (&json!("demo"), &json!("admin@demo.example")));
    assert!(claims["exp"].is_string(), "API Gateway passes numbers as text");

    let bearer = format!("Bearer {}", issued["token"].as_str().unwrap());
    let captured = echo.get("/api/echo/anything").header("authorization", &bearer).send().await.unwrap();
    assert_eq!(captured.text().await.unwrap(), "anything");
    let unknown = echo.get("/api/no-such-thing").header("authorization", &bearer).send().await.unwrap();
    assert_eq!(unknown.status(), 404);

    let other = echo.token("organisation=demo&email=bo%40demo.example").await;
    let answer = echo.with(&format!("bearer {}", other["token"].as_str().unwrap())).await;
    let others: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_ne!(claims["sub"], others["sub"]);
}

#[tokio::test]
async fn bad_tokens_are_refused() {
    let echo = Echo::start().await;
    let past = jiff::Timestamp::now().as_second() - 1;
    let hs256 = |claims: &Value| echo.sign(Algorithm::HS256, claims);
    assert_eq!(echo.with(&format!("Bearer {}", hs256(&good()))).await.status(), 200);

    let foreign = EncodingKey::from_secret(&[0; 32]);
    let foreign = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &good(), &foreign).unwrap();
    let signed = hs256(&good());
    let mut parts: Vec<_> = signed.split('.').collect();
    let other_payload = hs256(&with("org", json!("other")));
    parts[1] = other_payload.split('.').nth(1).unwrap();
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", signed.split('.').nth(1).unwrap());
    for (fault, token) in [
        ("another key", foreign),
        ("another payload", parts.join(".")),
        ("no signature", unsigned),
        ("another algorithm", echo.sign(Algorithm::HS512, &good())),
        ("expired", hs256(&with("exp", json!(past)))),
        ("another issuer", hs256(&with("iss", json!("https://evil.example")))),
        ("another audience", hs256(&with("aud", json!("other")))),
        ("no expiry", hs256(&without("exp"))),
        ("no issuer", hs256(&without("iss"))),
        ("no audience", hs256(&without("aud"))),
        ("no subject", hs256(&without("sub"))),
        ("no token", String::new()),
        ("no JWT", "abc".to_owned()),
    ] {
        let answer = echo.with(&format!("Bearer {token}")).await;
        assert_eq!(answer.status(), 401, "{fault}");
        assert_eq!(header(&answer, "content-type"), "application/problem+json", "{fault}");
        let problem: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!((&problem["status"], &problem["code"]), (&json!(401), &json!("unauthorized")));
    }
    assert_eq!(echo.with(&format!("Basic {signed}")).await.status(), 401);
    let twice = echo.get("/api/claims").header("authorization", format!("Bearer {signed}"));
    assert_eq!(twice.header("authorization", "Bearer x").send().await.unwrap().status(), 401);
    assert_eq!(echo.get("/api/claims").send().await.unwrap().status(), 401);
    assert_eq!(echo.get("/api/no-such-thing").send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn a_client_cannot_bring_its_own_claims() {
    let echo = Echo::start().await;
    let forged =
        json!({"authorizer": {"jwt": {"claims": {"org": "other"}}}, "http": {"method": "GET"}}).to_string();
    let request = |path| echo.get(path).header("x-amzn-request-context", &forged);
    assert_eq!(request("/api/claims").send().await.unwrap().status(), 401);
    let open = request("/api/openapi.json").send().await.unwrap();
    assert_eq!((open.status().as_u16(), open.text().await.unwrap().as_str()), (200, "null"));
}

#[tokio::test]
async fn tokens_are_for_plain_organisations_and_addresses() {
    let echo = Echo::start().await;
    for (query, code) in [
        ("organisation=a%2Fb", "organisation-not-valid"),
        ("organisation=..", "organisation-not-valid"),
        ("organisation=", "organisation-not-valid"),
        ("organisation=Demo", "organisation-not-valid"),
        ("organisation=demo&email=nobody", "email-not-valid"),
        ("organisation=demo&email=a%0d%0a%40b", "email-not-valid"),
    ] {
        assert_eq!(echo.token(query).await["code"], code, "{query}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_key_is_its_owners_alone_and_stays() {
    use std::os::unix::fs::PermissionsExt;

    let echo = Echo::start().await;
    let file = echo.data.path().join("token.key");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let issued = echo.token("organisation=demo").await;
    let later = Tokens::open(&file).unwrap();
    assert_eq!(later.verify(issued["token"].as_str().unwrap()).unwrap()["org"], "demo");
    std::fs::write(&file, "short").unwrap();
    assert!(Tokens::open(&file).is_err());
}

#[tokio::test]
async fn other_hosts_are_refused() {
    let echo = Echo::start().await;
    let port = echo.url.rsplit_once(':').unwrap().1;
    for path in ["/", "/api/claims", "/dev/token?organisation=demo", "/dev/inbox"] {
        for host in ["evil.example", &format!("evil.example:{port}"), "127.0.0.1.evil.example"] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            assert!(raw(&echo.url, &request).await.starts_with("HTTP/1.1 403"), "{host}{path}");
        }
    }
    let own = echo.get("/").header("host", format!("localhost:{port}")).send().await.unwrap();
    assert_eq!(own.status(), 200);
}

#[tokio::test]
async fn other_origins_cannot_use_the_development_endpoints() {
    let echo = Echo::start().await;
    let own = echo.url.clone();
    let token = || echo.get("/dev/token?organisation=demo");
    let tick = || reqwest::Client::new().post(format!("{own}/dev/tick"));
    assert_eq!(token().header("origin", &own).send().await.unwrap().status(), 200);
    assert_eq!(
        token().header("origin", own.replace("127.0.0.1", "localhost")).send().await.unwrap().status(),
        200
    );
    assert_eq!(tick().header("origin", &own).send().await.unwrap().status(), 200);
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"] {
        assert_eq!(token().header("origin", origin).send().await.unwrap().status(), 403, "{origin}");
        assert_eq!(tick().header("origin", origin).send().await.unwrap().status(), 403, "{origin}");
    }
    let fetched = |mode| token().header("sec-fetch-site", "cross-site").header("sec-fetch-mode", mode);
    assert_eq!(fetched("no-cors").send().await.unwrap().status(), 403);
    assert_eq!(fetched("navigate").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_page_and_its_own_routes_are_served() {
    let echo = Echo::start().await;
    for (path, status, kind, caching) in [
        ("/", 200, "text/html", "no-cache"),
        ("/imports/123", 200, "text/html", "no-cache"),
        ("/icon.svg", 200, "image/svg+xml", "no-cache"),
        ("/assets/app-1a2b.js", 200, "text/javascript", "public, max-age=31536000, immutable"),
        ("/assets/rules-3c4d.wasm", 200, "application/wasm", "public, max-age=31536000, immutable"),
        ("/assets/missing.js", 404, "", "no-cache"),
        ("/assets/missing", 404, "", "no-cache"),
        ("/missing.png", 404, "", "no-cache"),
        ("/..%2f..%2ftoken.key", 404, "", "no-cache"),
    ] {
        let answer = echo.get(path).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
        assert_eq!(header(&answer, "content-type"), kind, "{path}");
        assert_eq!(header(&answer, "cache-control"), caching, "{path}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let echo = Echo::start().await;
    for path in ["/", "/assets/app-1a2b.js", "/missing.png", "/api/claims", "/dev/inbox"] {
        let answer = echo.get(path).send().await.unwrap();
        let policy = header(&answer, "content-security-policy");
        for part in [
            "default-src 'self'",
            "connect-src 'self' http://127.0.0.1:8788;",
            "script-src 'self' 'wasm-unsafe-eval';",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline"), "{path}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&answer, "referrer-policy"), "no-referrer", "{path}");
    }
}
