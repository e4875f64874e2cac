//! Failed sign-ins slow down the next: a login soon, an address only at a high bound, because a
//! campus is one address. So do check codes of papers that there are none of, by address.

use std::net::Ipv6Addr;

use jiff::Timestamp;

use crate::database::{Database, StoreError};

/// How many failures are free.
const FREE_BY_LOGIN: i64 = 5;
const FREE_BY_ADDRESS: i64 = 1_000;
const FREE_CHECKS: i64 = 100;
/// The longest pause, in seconds; failures are forgotten after as long.
const LONGEST: i64 = 15 * 60;
const SECOND: i64 = 1_000_000;

/// Counts failed sign-ins by login and by address.
#[derive(Clone)]
pub struct Throttle {
    database: Database,
}

impl Throttle {
    /// Over that database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// How many seconds are left before this login may be tried again from this address; none where
    /// it may be tried now.
    pub async fn pause(&self, login: &str, address: &str) -> Result<Option<i64>, StoreError> {
        let login = self.left(&by_login(login), FREE_BY_LOGIN).await?;
        let address = self.left(&by_address(address), FREE_BY_ADDRESS).await?;
        Ok(login.max(address))
    }

    /// How many seconds are left before papers may be checked again from this address.
    pub async fn pause_of_checks(&self, address: &str) -> Result<Option<i64>, StoreError> {
        self.left(&by_checks(address), FREE_CHECKS).await
    }

    /// Notes a failure.
    pub async fn failed(&self, login: &str, address: &str) -> Result<(), StoreError> {
        self.note(&[by_login(login), by_address(address)]).await
    }

    /// Notes a check code that there is none of.
    pub async fn check_failed(&self, address: &str) -> Result<(), StoreError> {
        self.note(&[by_checks(address)]).await
    }

    async fn note(&self, subjects: &[String]) -> Result<(), StoreError> {
        let now = Timestamp::now().as_microsecond();
        // Those that are forgotten go, so that made-up logins can't fill the table.
        let forgotten = now - LONGEST * SECOND;
        let sql = "DELETE FROM sign_in_failures WHERE last_at < $1";
        self.database.execute(sql, &[forgotten.into()]).await?;
        for subject in subjects {
            let sql = "INSERT INTO sign_in_failures (subject, failures, last_at) \
                       VALUES ($1, 1, $2) ON CONFLICT (subject) DO UPDATE SET \
                       failures = sign_in_failures.failures + 1, last_at = excluded.last_at";
            self.database.execute(sql, &[subject.as_str().into(), now.into()]).await?;
        }
        Ok(())
    }

    /// A success clears the login.
    pub async fn succeeded(&self, login: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM sign_in_failures WHERE subject = $1";
        self.database.execute(sql, &[by_login(login).into()]).await?;
        Ok(())
    }

    async fn left(&self, subject: &str, free: i64) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT failures, last_at FROM sign_in_failures WHERE subject = $1";
        let Some(row) = self.database.fetch_one(sql, &[subject.into()]).await? else {
            return Ok(None);
        };
        let (failures, last_at) = (row.int(0)?, row.int(1)?);
        if failures < free {
            return Ok(None);
        }
        // Twice as long with each failure: 1, 2, 4, ... seconds.
        let doublings = u32::try_from(failures - free).unwrap_or(u32::MAX).min(20);
        let pause = (1_i64 << doublings).min(LONGEST);
        let left = last_at + pause * SECOND - Timestamp::now().as_microsecond();
        Ok((left > 0).then(|| (left + SECOND - 1) / SECOND))
    }
}

fn by_login(login: &str) -> String {
    format!("login:{}", super::sessions::sha256(login))
}

fn by_address(address: &str) -> String {
    format!("address:{}", network(address))
}

fn by_checks(address: &str) -> String {
    format!("checks:{}", network(address))
}

/// What one asker has: an address of IPv4, or of IPv6 the 64 bits that networks are given, in which each may take
/// as many addresses as they like.
fn network(address: &str) -> String {
    match address.parse::<Ipv6Addr>() {
        Ok(address) => {
            let [first, second, third, fourth, ..] = address.segments();
            format!("{first:x}:{second:x}:{third:x}:{fourth:x}::/64")
        }
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_a_network_of_ipv6_is_one_asker() {
        let one = network("2001:db8:1:2:aaaa::1");
        assert_eq!(network("2001:0db8:0001:0002:ffff:ffff:ffff:ffff"), one);
        assert_ne!(network("2001:db8:1:3:aaaa::1"), one);
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_ne!(network("192.0.2.8"), network("192.0.2.7"));
    }
}
