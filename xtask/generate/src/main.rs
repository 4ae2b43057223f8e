//! `xtask-generate rules|dictionary|openapi`: writes committed files that are made from the sources. Apart
//! from xtask, which would otherwise have to compile the functions before it can start.

use std::{env, fs, path::PathBuf, sync::Arc};

use anyhow::{Context, Result, bail};
use shared_rules::{dictionary::Dictionary, program::Program};

/// A committed file and what it should say.
struct Generated {
    path: PathBuf,
    text: String,
}

fn main() -> Result<()> {
    let all = match env::args().nth(1).as_deref() {
        Some("rules") => vec![rules()],
        Some("dictionary") => dictionaries(),
        Some("openapi") => vec![openapi()?],
        _ => bail!("usage: xtask-generate rules|dictionary|openapi"),
    };
    for Generated { path, text } in all {
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn rules() -> Generated {
    Generated { path: in_workspace("RULES.md"), text: shared_rules::rules::markdown() }
}

/// One page for each program that comes with the product.
fn dictionaries() -> Vec<Generated> {
    let page = |program: &Arc<Program>| Generated {
        path: in_workspace(&format!("docs/dictionary/{}.md", program.name)),
        text: Dictionary::of(program).to_markdown(),
    };
    Program::builtins().iter().map(page).collect()
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

    /// RULES.md and the dictionaries have their tests beside what writes them.
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
