//! `xtask-generate rules|openapi`: writes committed files that are made from the sources. Apart from
//! xtask, which would otherwise have to compile the functions before it can start.

use std::{env, fs, path::PathBuf};

use anyhow::{Context, Result, bail};

/// A committed file and what it should say.
struct Generated {
    path: PathBuf,
    text: String,
}

fn main() -> Result<()> {
    let Generated { path, text } = match env::args().nth(1).as_deref() {
        Some("rules") => rules(),
        Some("openapi") => openapi()?,
        _ => bail!("usage: xtask-generate rules|openapi"),
    };
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn rules() -> Generated {
    Generated { path: in_workspace("RULES.md"), text: shared_rules::rules::markdown() }
}

fn openapi() -> Result<Generated> {
    let mut text = serde_json::to_string_pretty(&functions::api::document())?;
    text.push('\n');
    Ok(Generated { path: in_workspace("functions/openapi.json"), text })
}

fn in_workspace(path: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::openapi;

    /// RULES.md has its test among the rules.
    #[test]
    fn openapi_json_is_current() {
        let generated = openapi().unwrap();
        let committed = fs::read_to_string(generated.path).unwrap_or_default();
        assert!(
            committed == generated.text,
            "functions/openapi.json is out of date; run `cargo xtask openapi`"
        );
    }
}
