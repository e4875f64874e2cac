//! What can happen to servers and to their database.

use std::time::Duration;

use rand::Rng;
use sqlx::{Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{Fault, house::House, report::Kind};

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strike {
    /// `kill -9` of one server.
    KillOne,
    /// `kill -9` of all servers.
    KillAll,
    /// PostgreSQL crashes and comes back.
    StopDatabase,
    /// PostgreSQL ends all its connections, several times.
    CutLines,
    /// Another process holds the lock of SQLite's only writer.
    HoldDatabase,
}

/// How often lines are cut in a row.
const CUTS: usize = 5;

/// So many kills, and after every second of them something else, each kind in its turn; a PostgreSQL is stopped only
/// where it is ours.
pub fn plan(kind: Kind, is_ours: bool, kills: usize) -> Vec<Strike> {
    use Strike::{CutLines, HoldDatabase, KillAll, KillOne, StopDatabase};
    let (killing, other): (&[_], &[_]) = match (kind, is_ours) {
        (Kind::Sqlite, _) => (&[KillAll], &[HoldDatabase]),
        (Kind::Postgres, true) => (&[KillOne, KillAll], &[StopDatabase, CutLines]),
        (Kind::Postgres, false) => (&[KillOne, KillAll], &[CutLines]),
    };
    let mut others = other.iter().cycle();
    let mut strikes = vec![];
    for (number, kill) in (1..=kills).zip(killing.iter().cycle()) {
        strikes.push(*kill);
        if number % 2 == 0 {
            strikes.extend(others.next());
        }
    }
    strikes
}

impl Strike {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::KillOne => "one of two servers killed",
            Self::KillAll => "every server killed",
            Self::StopDatabase => "the database stopped in immediate mode",
            Self::CutLines => "all lines to the database cut",
            Self::HoldDatabase => "the database held by another process",
        }
    }

    /// Lets it happen, and what is gone come back.
    pub async fn fall(self, house: &mut House) -> Result<(), Fault> {
        match self {
            Self::KillOne => {
                let one = rand::rng().random_range(0..house.nodes.len());
                house.nodes.remove(one).kill();
                pause(2_000).await;
                house.start_nodes()
            }
            Self::KillAll => {
                house.nodes.clear();
                house.start_nodes()
            }
            Self::StopDatabase => {
                let cluster = house.cluster.as_mut().ok_or("the PostgreSQL is not ours to stop")?;
                cluster.stop_immediately()?;
                pause(2_000).await;
                Ok(cluster.restart()?)
            }
            Self::CutLines => cut_lines(house).await,
            Self::HoldDatabase => hold(house).await,
        }
    }
}

async fn pause(most: u64) {
    let some = rand::rng().random_range(0..most);
    tokio::time::sleep(Duration::from_millis(some)).await;
}

async fn cut_lines(house: &House) -> Result<(), Fault> {
    const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let url = house.config().database_url.ok_or("there are no lines to cut")?;
    let mut server = PgConnection::connect(&url).await?;
    for _ in 0..CUTS {
        sqlx::raw_sql(CUT).execute(&mut server).await?;
        pause(200).await;
    }
    Ok(server.close().await?)
}

async fn hold(house: &House) -> Result<(), Fault> {
    let file = SqliteConnectOptions::new().filename(house.config().data.join("oqu.db"));
    let file = file.busy_timeout(Duration::from_secs(60));
    let mut other = SqliteConnection::connect_with(&file).await?;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await?;
    pause(2_000).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await?;
    Ok(other.close().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_rounds_are_so_many_kills() {
        let count = |strikes: &[Strike], wanted: &[Strike]| {
            strikes.iter().filter(|strike| wanted.contains(strike)).count()
        };
        let kills = [Strike::KillOne, Strike::KillAll];
        for (kind, is_ours) in
            [(Kind::Postgres, true), (Kind::Postgres, false), (Kind::Sqlite, false)]
        {
            let strikes = plan(kind, is_ours, 50);
            assert_eq!((strikes.len(), count(&strikes, &kills)), (75, 50), "{kind:?}");
        }
        let postgres = plan(Kind::Postgres, true, 50);
        let times = [Strike::KillOne, Strike::KillAll, Strike::StopDatabase, Strike::CutLines]
            .map(|strike| count(&postgres, &[strike]));
        assert_eq!(times, [25, 25, 13, 12]);
        assert_eq!(count(&plan(Kind::Postgres, false, 50), &[Strike::StopDatabase]), 0);
        assert_eq!(plan(Kind::Sqlite, false, 0), []);
    }
}
