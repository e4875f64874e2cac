//! The house in figures, for Prometheus. What is counted as it happens is kept by who does it
//! ([`Commands`](crate::commands::Commands)); the rest is looked up when it is asked for. Nothing is global:
//! several houses in one process keep their figures apart.

use std::{
    collections::{BTreeSet, HashMap},
    sync::atomic::AtomicU64,
};

use prometheus_client::{
    metrics::{family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};
use tokio::time::timeout;
use tracing::warn;

use crate::{
    cabinet::Cabinet,
    log,
    standing::{PATIENCE, Standing},
};

type Number = Gauge<f64, AtomicU64>;

/// The figures as they are now.
pub async fn figures(cabinet: &Cabinet) -> Registry {
    let mut registry = Registry::with_prefix("oqu");
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    let build = [(version, 1.0)];
    family(&mut registry, "build", "1, with the version of the program", None, build);
    commands(&mut registry, cabinet);
    connections(&mut registry, cabinet);
    let standing = Standing::of(cabinet).await;
    let up = if standing.head.is_some() { 1.0 } else { 0.0 };
    gauge(&mut registry, "database_up", "1 where the database answers, else 0", up);
    let ahead = cabinet.clock.ahead() as f64 / 1e6;
    let help = "How far the database's clock, which counts, is ahead of this machine's";
    gauge(&mut registry, "clock_ahead_seconds", help, ahead);
    views(&mut registry, cabinet, &standing).await;
    registry
}

fn commands(registry: &mut Registry, cabinet: &Cabinet) {
    cabinet.commands.measures().register(registry);
    let help = "Commands in line that the writer has not taken yet";
    gauge(registry, "commands_waiting", help, cabinet.commands.waiting() as f64);
}

fn connections(registry: &mut Registry, cabinet: &Cabinet) {
    let pools = cabinet.database.pools();
    let each = |number: fn(&crate::database::Connections) -> u32| {
        pools.iter().map(move |pool| ([("pool", pool.pool)], f64::from(number(pool))))
    };
    let (open, idle, most) =
        (each(|pool| pool.open), each(|pool| pool.idle), each(|pool| pool.most));
    let help = "Connections to the database that are open";
    family(registry, "database_connections_open", help, None, open);
    let help = "Open connections to the database that nobody uses";
    family(registry, "database_connections_idle", help, None, idle);
    let help = "Connections to the database that may be open";
    family(registry, "database_connections_max", help, None, most);
}

/// How the views stand; how far they lag can't be said while the database is away.
async fn views(registry: &mut Registry, cabinet: &Cabinet, standing: &Standing) {
    let named = |number: fn(&crate::views::Health) -> f64| {
        standing.views.iter().map(move |(name, view)| ([("view", name.clone())], number(view)))
    };
    let stopped = named(|view| if view.stopped.is_some() { 1.0 } else { 0.0 });
    family(
        registry,
        "view_stopped",
        "1 where the view has stopped on an event, else 0",
        None,
        stopped,
    );
    let Some(head) = standing.head else { return };
    gauge(registry, "log_position", "Where the log ends", head.position.0 as f64);
    let events = standing.views.iter().map(|(name, view)| {
        let lag = (head.position.0 - view.position.0).max(0);
        ([("view", name.clone())], lag as f64)
    });
    family(registry, "view_lag_events", "Events that the view has not folded yet", None, events);
    let Some(first) = first_unfolded(cabinet, standing, head.position.0).await else { return };
    let now = cabinet.now().as_microsecond();
    let seconds = standing.views.iter().map(|(name, view)| {
        let since = first.get(&(view.position.0 + 1)).map_or(0, |recorded| now - recorded);
        ([("view", name.clone())], since.max(0) as f64 / 1e6)
    });
    let help = "The age of the first event that the view has not folded yet, or 0";
    family(registry, "view_lag", help, Some(Unit::Seconds), seconds);
}

/// When the first events were recorded that some view has not folded; none where the database went away.
async fn first_unfolded(
    cabinet: &Cabinet,
    standing: &Standing,
    head: i64,
) -> Option<HashMap<i64, i64>> {
    let next = standing.views.values().map(|view| view.position.0 + 1);
    let next: BTreeSet<_> = next.filter(|position| *position <= head).collect();
    if next.is_empty() {
        return Some(HashMap::new());
    }
    match timeout(PATIENCE, log::recorded_at(&cabinet.database, &next)).await {
        Ok(Ok(times)) => Some(times),
        Ok(Err(cause)) => {
            warn!(%cause, "how old the views are can't be said");
            None
        }
        Err(_) => None,
    }
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: f64) {
    let gauge = Number::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

/// One figure for each of several labels.
fn family<V>(
    registry: &mut Registry,
    name: &str,
    help: &str,
    unit: Option<Unit>,
    values: impl IntoIterator<Item = ([(&'static str, V); 1], f64)>,
) where
    V: prometheus_client::encoding::EncodeLabelValue + std::hash::Hash + Eq + Clone,
    V: std::fmt::Debug + Send + Sync + 'static,
{
    let family = Family::<_, Number>::default();
    for (labels, value) in values {
        family.get_or_create(&labels).set(value);
    }
    match unit {
        Some(unit) => registry.register_with_unit(name, help, unit, family),
        None => registry.register(name, help, family),
    }
}
