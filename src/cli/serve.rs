//! `oqu serve`: the server; brings the database up to date at start.

use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};

use axum::serve::ListenerExt;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tracing::{debug, info, warn};

use super::Outcome;
use crate::{
    cabinet::Cabinet,
    config::{Config, Flags},
    graphql::{self, Services},
    http::{self, OpenConnections},
    identity::{Passwords, SecurityJournal, Sessions, Throttle},
    messages,
    policies::Policies,
};

/// How long the end waits for requests under way: longer than any may take, its files aside.
const MOST_LINGER: Duration = Duration::from_secs(35);
/// How long the end waits for what is written beside the requests.
const MOST_WAIT: Duration = Duration::from_secs(5);

/// What `serve` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// The address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

impl Serve {
    pub(super) async fn run(self, flags: &Flags) -> Outcome {
        let config = Config::load(flags, self.listen)?;
        let listener = listen(&config).await?;
        let cabinet = Cabinet::open(config).await?;
        serve(cabinet, listener).await
    }
}

/// Binds the address, before anything else is touched.
pub(super) async fn listen(config: &Config) -> Result<TcpListener, String> {
    let address = config.listen;
    TcpListener::bind(address).await.map_err(|error| format!("can't listen on {address}: {error}"))
}

/// Serves until a signal asks to stop; requests under way are finished.
pub(super) async fn serve(cabinet: Cabinet, listener: TcpListener) -> Outcome {
    let address = listener.local_addr()?;
    cabinet.files.reach().await?;
    messages::tell_times_in(cabinet.time_zone.clone());
    let (database, views) = (cabinet.database.clone(), cabinet.views.clone());
    let sessions = Sessions::new(database.clone(), views, cabinet.config.session_hours);
    let days = cabinet.config.security_journal_days;
    let (journal, journal_written) = SecurityJournal::start(database.clone(), days);
    let (passwords, throttle) = (Passwords::new()?, Throttle::new(database));
    let cabinet = Arc::new(cabinet);
    let policies = Policies::start(&cabinet);
    let services = Arc::new(Services {
        cabinet: Arc::clone(&cabinet),
        passwords,
        sessions,
        throttle,
        journal,
    });
    let api = graphql::build(Arc::clone(&services));
    let open = OpenConnections::default();
    let router = http::router(api, Arc::clone(&services), open.clone())
        .map_err(|error| format!("`allowed_origins`: {error}"))?;
    let stopping = open.clone();
    let patience = cabinet.config.patience();
    let listener = listener.tap_io(move |connection| tune(connection, patience));
    info!(%address, "serving GraphQL at http://{address}/graphql");
    let serving = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async move {
            stop_asked().await;
            stopping.end();
        });
    let lingering = async {
        open.stopping().await;
        sleep(MOST_LINGER).await;
    };
    tokio::select! {
        served = serving.into_future() => served?,
        () = lingering => warn!("some requests did not come to an end in time"),
    }
    info!("stopping");
    if !open.ended(MOST_WAIT).await {
        warn!("a connection was not closed in time");
    }
    policies.stop().await;
    drop(services);
    if timeout(MOST_WAIT, journal_written).await.is_err() {
        warn!("the security journal was not written to its end");
    }
    if let Some(cabinet) = Arc::into_inner(cabinet) {
        cabinet.close().await;
    }
    Ok(ExitCode::SUCCESS)
}

/// Sends what is small at once, and lets go of a client that takes nothing: the handlers let go of it
/// first, and what they have left to the system goes with the connection.
fn tune(connection: &TcpStream, patience: Duration) {
    if let Err(error) = connection.set_nodelay(true) {
        debug!(%error, "a connection can't be tuned");
    }
    #[cfg(target_os = "linux")]
    {
        let most = u32::try_from(patience.saturating_mul(3).as_millis()).unwrap_or(u32::MAX);
        if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(connection, most) {
            debug!(%error, "a connection can't be tuned");
        }
    }
}

/// SIGINT or SIGTERM.
async fn stop_asked() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM can't be waited for");
            let _ = interrupt.await;
        }
    }
}
