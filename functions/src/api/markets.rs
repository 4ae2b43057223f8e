//! The table of markets over HTTP.

use axum::{Json, extract::State as Shared};

use super::{caller::Caller, problem::Problem};
use crate::{
    context::Context,
    markets::{self, MarketCount, Markets},
};

/// Say how many postal codes have a market.
#[utoipa::path(get, path = "/api/settings/markets",
    responses((status = 200, body = MarketCount), (status = 401, body = Problem)))]
pub async fn markets(Shared(context): Shared<Context>, caller: Caller) -> Result<Json<MarketCount>, Problem> {
    let markets = markets::load(&context, &caller.organisation).await?;
    Ok(Json(markets.unwrap_or_default().count()))
}

/// Load the table of markets: CSV of the columns `postalCode` and `market`, 2 MB at most. It takes the place of the
/// older one; with no rows, people get no market but the one in their row.
#[utoipa::path(put, path = "/api/settings/markets", request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = MarketCount), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn load(
    Shared(context): Shared<Context>,
    caller: Caller,
    table: String,
) -> Result<Json<MarketCount>, Problem> {
    let table = Markets::parse(table.as_bytes())
        .map_err(|detail| Problem::invalid("invalid-table-of-markets", detail))?;
    markets::store(&context, &caller.organisation, &table).await?;
    let count = table.count();
    tracing::info!(organisation = %caller.organisation, postal_codes = count.postal_codes, "markets stored");
    Ok(Json(count))
}
