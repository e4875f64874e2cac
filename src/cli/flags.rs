//! Where the configuration comes from: defaults, then the file, then the environment, then the flags.

use std::{net::SocketAddr, path::PathBuf};

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::Serialize;

use crate::config::Config;

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

impl Flags {
    /// The configuration as the file, the environment (`OQU_*`, `DATABASE_URL`) and the flags say.
    pub fn config(&self, listen: Option<SocketAddr>) -> Result<Config, Box<figment::Error>> {
        // Where one stands before the subcommand and one behind it, clap does not see the two together.
        if self.data.is_some() && self.database_url.is_some() {
            let both = "the argument '--data <DIR>' cannot be used with '--database-url <URL>'";
            return Err(Box::new(both.to_owned().into()));
        }
        let mut figment = Figment::from(Serialized::defaults(Config::default()));
        if let Some(file) = &self.config {
            figment = figment.merge(Toml::file_exact(file));
        }
        figment = figment
            .merge(Env::raw().only(&["DATABASE_URL"]))
            .merge(Env::prefixed("OQU_"))
            .merge(Serialized::defaults(self));
        if let Some(listen) = listen {
            figment = figment.merge(("listen", listen));
        }
        let mut config: Config = figment.extract().map_err(Box::new)?;
        // A folder that was named by hand outweighs a URL from the environment.
        if self.data.is_some() && self.database_url.is_none() {
            config.database_url = None;
        }
        Ok(config)
    }
}
