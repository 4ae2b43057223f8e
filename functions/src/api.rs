//! placeholder
use axum::Router;

use crate::context::Context;

/// The HTTP API. The gateway in front of it has verified the token: the claims are in the request's
/// `RequestContext::ApiGatewayV2` extension, under `authorizer.jwt.claims`.
pub fn router(_context: Context) -> Router {
    Router::new()
}
