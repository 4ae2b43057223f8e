//! The page's port: the page, the API behind its authorizer, and the endpoints for development.

use std::{path::PathBuf, sync::Arc};

use axum::{
    Json, Router,
    extract::{Query, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures::future::BoxFuture;
use lambda_http::{
    aws_lambda_events::apigw::{
        ApiGatewayRequestAuthorizer, ApiGatewayRequestAuthorizerJwtDescription,
        ApiGatewayV2httpRequestContext,
    },
    request::RequestContext,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tower::ServiceExt;
use tower_http::services::{ServeDir, ServeFile};

use crate::{
    guard,
    inbox::Inbox,
    problem::Problem,
    token::{self, Tokens},
};

/// Runs invite and sweep once; says what failed.
pub type Tick = Arc<dyn Fn() -> BoxFuture<'static, Result<(), Vec<&'static str>>> + Send + Sync>;

/// What the gateway is made of.
pub struct Gateway {
    /// The functions' own router.
    pub api: Router,
    pub tokens: Tokens,
    pub inbox: Arc<Inbox>,
    pub tick: Tick,
    /// The folder of the built page.
    pub page: Option<PathBuf>,
    /// Where the page uploads to, for its content security policy.
    pub objects_url: String,
}

impl Gateway {
    /// Everything that the page's port answers.
    pub fn router(self) -> Router {
        let tokens = Arc::new(self.tokens);
        let api = self.api.layer(middleware::from_fn_with_state(Arc::clone(&tokens), authorise));
        let dev = Router::new()
            .route("/dev/token", get(issue))
            .with_state(tokens)
            .route("/dev/tick", post(tick))
            .with_state(self.tick)
            .merge(self.inbox.router())
            .layer(middleware::from_fn(guard::own_origin));
        let page = page(self.page);
        let policy = security_policy(&self.objects_url);
        Router::new()
            .merge(dev)
            .fallback(move |request: Request| {
                // Not a route with a wildcard, whose capture would be handed on to the API's own routes; nor a
                // merge, in which an address unknown to the API would be the page's and need no token.
                let path = request.uri().path();
                let of_api = path == "/api" || path.starts_with("/api/");
                if of_api { api.clone().oneshot(request) } else { page.clone().oneshot(request) }
            })
            .layer(middleware::from_fn(move |request, next| secured(policy.clone(), request, next)))
            .layer(middleware::from_fn(guard::own_host))
    }
}

/// API Gateway's JWT authorizer: the claims of a good token become part of the request's context, and nothing
/// that the client sends can take their place.
async fn authorise(State(tokens): State<Arc<Tokens>>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().remove::<RequestContext>();
    for forged in ["x-amzn-request-context", "x-amzn-lambda-context"] {
        request.headers_mut().remove(forged);
    }
    if request.uri().path() == "/api/openapi.json" {
        return next.run(request).await;
    }
    let Some(claims) = bearer(&request).and_then(|token| tokens.verify(token).ok()) else {
        let problem = Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", "Send a valid bearer token.");
        return ([(header::WWW_AUTHENTICATE, "Bearer")], problem).into_response();
    };
    let context = request_context(&request, claims);
    request.extensions_mut().insert(RequestContext::ApiGatewayV2(context));
    next.run(request).await
}

fn bearer(request: &Request) -> Option<&str> {
    let mut values = request.headers().get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn request_context(
    request: &Request,
    claims: std::collections::HashMap<String, String>,
) -> ApiGatewayV2httpRequestContext {
    let mut jwt = ApiGatewayRequestAuthorizerJwtDescription::default();
    jwt.claims = claims;
    let mut authorizer = ApiGatewayRequestAuthorizer::default();
    authorizer.jwt = Some(jwt);
    let mut context = ApiGatewayV2httpRequestContext::default();
    context.stage = Some("$default".to_owned());
    context.route_key = Some("$default".to_owned());
    context.authorizer = Some(authorizer);
    context.time_epoch = jiff::Timestamp::now().as_millisecond();
    context.http.method = request.method().clone();
    context.http.path = Some(request.uri().path().to_owned());
    context.http.source_ip = Some("127.0.0.1".to_owned());
    context
}

#[derive(Deserialize)]
struct Identity {
    organisation: String,
    email: Option<String>,
}

async fn issue(
    State(tokens): State<Arc<Tokens>>,
    Query(wanted): Query<Identity>,
) -> Result<Response, Problem> {
    let Identity { organisation, email } = wanted;
    if !token::is_organisation(&organisation) {
        let detail = "An organisation is up to 40 lower-case letters, digits and single hyphens.";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "organisation-not-valid", detail));
    }
    let email = email.unwrap_or_else(|| format!("admin@{organisation}.example"));
    if !token::is_email(&email) {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "email-not-valid",
            "This is not an e-mail address.",
        ));
    }
    let token = tokens.issue(&organisation, &email).map_err(|error| {
        tracing::error!(%error, "a token could not be signed");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "token-failed", "The token could not be signed.")
    })?;
    let body = Json(json!({"token": token, "organisation": organisation, "email": email}));
    Ok(([(header::CACHE_CONTROL, "no-store")], body).into_response())
}

async fn tick(State(tick): State<Tick>) -> Result<Json<Value>, Problem> {
    match tick().await {
        Ok(()) => Ok(Json(json!({"done": ["invite", "sweep"]}))),
        Err(failed) => {
            let detail = format!("{} failed; the log says why.", failed.join(" and "));
            Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "tick-failed", detail))
        }
    }
}

/// The page's files; a path that names no file is one of the page's own routes, and gets `index.html`.
fn page(folder: Option<PathBuf>) -> Router {
    let Some(folder) = folder else {
        return Router::new().fallback(|| async {
            Problem::new(
                StatusCode::NOT_FOUND,
                "page-not-built",
                "The page is not built: run `cargo xtask run`.",
            )
        });
    };
    let index = folder.join("index.html");
    let files = ServeDir::new(folder).append_index_html_on_directories(true);
    Router::new().fallback(move |request: Request| {
        let (files, index) = (files.clone(), index.clone());
        async move { serve_page(files, index, request).await }
    })
}

async fn serve_page(files: ServeDir, index: PathBuf, request: Request) -> Response {
    let path = request.uri().path();
    let asset = path.starts_with("/assets/");
    let route = !path.rsplit('/').next().is_some_and(|name| name.contains('.')) && !asset;
    let readable = matches!(*request.method(), Method::GET | Method::HEAD);
    let Ok(mut response) = if route && readable {
        ServeFile::new(index).oneshot(request).await.map(IntoResponse::into_response)
    } else {
        files.oneshot(request).await.map(IntoResponse::into_response)
    };
    let caching = if asset && response.status().is_success() {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}

fn security_policy(objects_url: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'self'; connect-src 'self' {objects_url}; script-src 'self' 'wasm-unsafe-eval'; \
         worker-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    // The URL is made here, of an address and a port.
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'self'"))
}

async fn secured(policy: HeaderValue, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
