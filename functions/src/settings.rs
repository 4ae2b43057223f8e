//! What an organisation has settled about its imports.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    context::Context,
    failure::Failure,
    guard::Guard,
    import::{Importer, Options},
    names::Organisation,
    table,
};

/// An organisation's settings.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Settings {
    #[schema(required = true)]
    pub guard: Guard,
    /// How files are imported that a school's system drops under `drops/{organisation}/{program}/`, by program.
    #[schema(required = true)]
    pub drops: BTreeMap<String, Options>,
}

/// Settings, and who made them: imports that confirm themselves are in that person's name.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settled {
    pub settings: Settings,
    pub by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_email: Option<String>,
}

/// What is settled; nothing if nobody has settled anything.
pub async fn load(context: &Context, organisation: &Organisation) -> Result<Option<Settled>, Failure> {
    let item = table::get(context, &organisation.settings()).await?;
    item.map(|item| table::read(item, "an organisation's settings")).transpose()
}

/// Stores settings over the older ones.
pub async fn store(
    context: &Context,
    organisation: &Organisation,
    settings: Settings,
    by: Importer,
) -> Result<(), Failure> {
    let settled = Settled { settings, by: by.subject, by_email: by.email };
    table::put(context, table::item(&organisation.settings(), &settled)?).await
}
