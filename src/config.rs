//! One typed configuration: defaults, then the file, then the environment, then the flags.

mod secret;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

pub use self::secret::Secret;
use crate::database::Location;

/// The configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The folder of the embedded database.
    pub data: PathBuf,
    /// The URL of a PostgreSQL, in place of the embedded database.
    pub database_url: Option<String>,
    /// The address the server listens on.
    pub listen: SocketAddr,
    /// The university's name, as it stands on papers.
    pub university: Option<String>,
    /// Where this server is reached from everywhere, as `https://cabinet.example`: what papers lead to.
    pub public_url: Option<url::Url>,
    /// The university's time zone, by its IANA name: which day it is, and when a day ends.
    pub time_zone: String,
    /// Whether GraphiQL is served and the schema may be asked for.
    pub development: bool,
    /// How long a session lasts, in hours.
    pub session_hours: i64,
    /// How long the security journal keeps an entry, in days.
    pub security_journal_days: u32,
    /// The origins whose pages may ask from a browser (CORS), as `https://cabinet.example`.
    pub allowed_origins: Vec<String>,
    /// The token that whoever reads `/metrics` has to bring; where there is none, only the machine itself may.
    pub metrics_token: Option<Secret>,
    /// Whether browsers are to bring the console's cookies by https alone; by itself so for whoever comes by https.
    pub secure_cookies: bool,
    /// The proxies whose `X-Forwarded-For` is believed, as addresses or networks.
    pub trusted_proxies: Vec<IpNet>,
    /// How long a one-time access can be redeemed, in hours.
    pub access_hours: i64,
    /// Where files lie: a URL of the store (`s3://bucket/prefix`, in a build with the feature `s3`,
    /// which takes its keys from the usual `AWS_*` variables); a folder beside the database where
    /// nothing is said.
    pub files: Option<url::Url>,
    /// The largest file, in bytes.
    pub max_file_bytes: u64,
    /// How long an upload may take, in seconds.
    pub upload_seconds: u64,
    /// How long an upload is kept that no command has claimed, in minutes.
    pub unclaimed_minutes: u32,
    /// The largest request body, files aside, in bytes.
    pub max_body_bytes: usize,
    /// How deep a query may nest.
    pub max_query_depth: usize,
    /// How much a query may ask for, counted in fields.
    pub max_query_complexity: usize,
    /// How many fields of a query may be renamed.
    pub max_aliases: usize,
    /// How many operations one WebSocket may have open.
    pub max_operations: usize,
    /// How long a client that keeps its connection may take nothing, or give no sign of life, in seconds.
    pub slow_client_seconds: u64,
    /// How long an answer waits for the views to know of what was just done, in milliseconds.
    pub freshness_ms: u64,
    /// How often the views look at the log by themselves, in milliseconds: other processes write too, and
    /// what they tell of it may be missed.
    pub poll_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: "data".into(),
            database_url: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            university: None,
            public_url: None,
            time_zone: "Asia/Almaty".into(),
            development: true,
            session_hours: 12,
            security_journal_days: 180,
            allowed_origins: vec![],
            metrics_token: None,
            secure_cookies: false,
            trusted_proxies: vec![],
            access_hours: 72,
            files: None,
            max_file_bytes: 50 * 1024 * 1024,
            upload_seconds: 300,
            unclaimed_minutes: 60,
            max_body_bytes: 1024 * 1024,
            max_query_depth: 16,
            max_query_complexity: 5_000,
            max_aliases: 50,
            max_operations: 100,
            slow_client_seconds: 30,
            freshness_ms: 5_000,
            poll_ms: 250,
        }
    }
}

/// What the command line says.
#[derive(Debug, Clone, Default, Serialize, clap::Args)]
pub struct Flags {
    /// The folder of the embedded database [default: ./data]
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "database_url")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// The URL of a PostgreSQL, in place of the embedded database [also: DATABASE_URL]
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// A configuration file (TOML)
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
}

impl Config {
    /// The configuration as the file, the environment (`OQU_*`, `DATABASE_URL`) and the flags say.
    pub fn load(flags: &Flags, listen: Option<SocketAddr>) -> Result<Self, Box<figment::Error>> {
        // Where one stands before the subcommand and one behind it, clap does not see the two together.
        if flags.data.is_some() && flags.database_url.is_some() {
            let both = "the argument '--data <DIR>' cannot be used with '--database-url <URL>'";
            return Err(Box::new(both.to_owned().into()));
        }
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = &flags.config {
            figment = figment.merge(Toml::file_exact(file));
        }
        figment = figment
            .merge(Env::raw().only(&["DATABASE_URL"]))
            .merge(Env::prefixed("OQU_"))
            .merge(Serialized::defaults(flags));
        if let Some(listen) = listen {
            figment = figment.merge(("listen", listen));
        }
        let mut config: Self = figment.extract().map_err(Box::new)?;
        // A folder that was named by hand outweighs a URL from the environment.
        if flags.data.is_some() && flags.database_url.is_none() {
            config.database_url = None;
        }
        Ok(config)
    }

    /// How long a client that keeps its connection may take nothing, or give no sign of life: a second at
    /// the least.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.slow_client_seconds.max(1))
    }

    /// The public address of something at this server, by its path; at the address it listens on where it is not
    /// said where it is reached from everywhere.
    pub fn public_address(&self, path: &str) -> String {
        match &self.public_url {
            Some(url) => format!("{}{path}", url.as_str().trim_end_matches('/')),
            None => format!("http://{}{path}", self.listen),
        }
    }

    /// Where the database lies.
    pub fn location(&self) -> Location {
        match &self.database_url {
            Some(url) => Location::Url(url.clone()),
            None => Location::Folder(self.data.clone()),
        }
    }
}
