//! Two servers on one PostgreSQL under load: whichever is killed, the other goes on with the commands and
//! with the views, and nothing is lost or doubled.

use std::time::Duration;

use oqu::config::Config;
use tokio::time::timeout;
use witnesses::{Witnesses, inspect};

use crate::{campus::Campus, server::Server};

tests! { postgres { the_other_node_takes_over } }

const KILLS: usize = 4;
const CLIENTS: usize = 8;
/// How long it may take until what clients do after the kill is shown to them.
const TAKEN_OVER: Duration = Duration::from_secs(10);
/// Of so many commands one client has asked three after the kill, and a client asks the next when it was shown
/// what it did: somebody folds the views.
const ENOUGH: usize = 3 * CLIENTS + 1;

async fn the_other_node_takes_over(config: Config) {
    let campus = Campus::open(&config).await;
    let token = campus.registrar.token.clone().unwrap();
    let mut nodes = [campus.server, Server::start(&config)];
    let urls = |nodes: &[Server]| nodes.iter().map(|node| node.url().to_owned()).collect();
    let witnesses = Witnesses::start(urls(&nodes), &token, CLIENTS, "command");
    // One of the two runs the views: each is killed in turn, and comes back before the other is.
    for kill in 0..KILLS {
        witnesses.more(40).await.unwrap();
        nodes[kill % 2].kill();
        let taken_over = timeout(TAKEN_OVER, witnesses.more(ENOUGH)).await;
        taken_over.expect("nobody took over").unwrap();
        nodes[kill % 2] = Server::start(&config);
        witnesses.turn_to(urls(&nodes));
    }
    let told = witnesses.stop().await.unwrap();
    assert!(
        told.failures.contains_key("NO_ANSWER"),
        "nobody was asked something when it was killed"
    );
    let found = inspect(&config.location(), &told).await.unwrap();
    assert!(found.is_clean(), "{found}");
}
