//! Who calls, from the token that the gateway has verified.

use axum::{extract::FromRequestParts, http::request::Parts};
use lambda_http::request::RequestContext;

use super::problem::Problem;
use crate::{import::Importer, names::Organisation};

/// The caller. Whatever a request does, it does in this organisation.
#[derive(Clone, Debug)]
pub struct Caller {
    pub organisation: Organisation,
    pub importer: Importer,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        caller(parts).ok_or_else(Problem::unauthorised)
    }
}

fn caller(parts: &Parts) -> Option<Caller> {
    let RequestContext::ApiGatewayV2(context) = parts.extensions.get()? else { return None };
    let claims = &context.authorizer.as_ref()?.jwt.as_ref()?.claims;
    let organisation = Organisation::try_from(claims.get("org")?.clone()).ok()?;
    let importer = Importer { subject: claims.get("sub")?.clone(), email: claims.get("email").cloned() };
    Some(Caller { organisation, importer })
}
