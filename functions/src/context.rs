//! What every function is lent: its configuration and the clients of the cloud.

use thiserror::Error;

/// Where the functions find their stores. Every function reads the same variables.
#[derive(Clone, Debug)]
pub struct Config {
    /// `BUCKET`: the bucket that holds uploads, partitions, journals and results.
    pub bucket: String,
    /// `TABLE`: the DynamoDB table that holds people and imports.
    pub table: String,
    /// `SENDER`: the verified address that registration e-mails come from.
    pub sender: String,
    /// `REGISTRATION_URL`: the platform's page on which an invited person registers; the token is appended.
    pub registration_url: String,
    /// `PASSWORD_KEY`: the KMS key under which passwords wait to be hashed.
    pub password_key: String,
    /// `MAIL_EVENTS`: the SES configuration set whose events say what became of a mail.
    pub mail_events: String,
    /// Rows in a partition, unless one group of rows that belong together is larger: [`PARTITION_ROWS`].
    pub partition_rows: usize,
}

/// Small enough that a partition is applied long before a function's time ends, large enough that its few object
/// requests do not count.
pub const PARTITION_ROWS: usize = 500;

/// An environment variable that the functions need is missing.
#[derive(Debug, Error)]
#[error("the environment variable {0} is not set")]
pub struct MissingVariable(&'static str);

impl Config {
    /// The variables that [`Config::from_environment`] reads; whatever deploys a function sets each.
    pub const VARIABLES: [&'static str; 6] =
        ["BUCKET", "TABLE", "SENDER", "REGISTRATION_URL", "PASSWORD_KEY", "MAIL_EVENTS"];

    /// Reads [`Config::VARIABLES`].
    pub fn from_environment() -> Result<Self, MissingVariable> {
        let read = |name| std::env::var(name).map_err(|_| MissingVariable(name));
        let [bucket, table, sender, registration_url, password_key, mail_events] = Self::VARIABLES.map(read);
        Ok(Self {
            bucket: bucket?,
            table: table?,
            sender: sender?,
            registration_url: registration_url?,
            password_key: password_key?,
            mail_events: mail_events?,
            partition_rows: PARTITION_ROWS,
        })
    }
}

/// The configuration and the clients, made once for each process and lent to every request.
#[derive(Clone, Debug)]
pub struct Context {
    pub config: Config,
    pub objects: aws_sdk_s3::Client,
    pub table: aws_sdk_dynamodb::Client,
    pub mail: aws_sdk_ses::Client,
    pub keys: aws_sdk_kms::Client,
}

impl Context {
    /// Makes the clients. `sdk` carries region, credentials and, in the embedded stack, the endpoints.
    #[must_use]
    pub fn new(config: Config, sdk: &aws_config::SdkConfig) -> Self {
        Self {
            config,
            objects: aws_sdk_s3::Client::new(sdk),
            table: aws_sdk_dynamodb::Client::new(sdk),
            mail: aws_sdk_ses::Client::new(sdk),
            keys: aws_sdk_kms::Client::new(sdk),
        }
    }

    /// Reads the environment as a Lambda function finds it.
    pub async fn from_environment() -> Result<Self, MissingVariable> {
        let config = Config::from_environment()?;
        let sdk = aws_config::load_from_env().await;
        Ok(Self::new(config, &sdk))
    }
}
