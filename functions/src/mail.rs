//! The registration e-mail.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use minijinja::{AutoEscape, Environment, context};

use crate::{failure::Failure, names::digest};

const SUBJECT: &str = include_str!("../templates/registration.subject.txt");
const TEXT: &str = include_str!("../templates/registration.txt");
const HTML: &str = include_str!("../templates/registration.html");

/// The template whose values are escaped.
const HTML_NAME: &str = "registration.html";

/// A mail, ready to be handed over.
pub struct Mail {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A registration token: 256 random bits, of which only the hash is stored.
pub struct Token {
    pub text: String,
    pub hash: String,
}

impl Token {
    /// Draws a token.
    pub fn draw() -> Result<Self, Failure> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(Failure::store("draw a token"))?;
        let text = BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let hash = digest(text.as_bytes());
        Ok(Self { text, hash })
    }
}

/// Writes the registration e-mail to one person.
pub fn registration(first_name: &str, url: &str) -> Result<Mail, Failure> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(
        |name| {
            if name == HTML_NAME { AutoEscape::Html } else { AutoEscape::None }
        },
    );
    let values = context! { first_name, url };
    let render = |name, template| {
        environment.render_named_str(name, template, &values).map_err(Failure::corrupt("a mail template"))
    };
    Ok(Mail {
        subject: render("registration.subject.txt", SUBJECT)?.trim().to_owned(),
        text: render("registration.txt", TEXT)?,
        html: render(HTML_NAME, HTML)?,
    })
}
