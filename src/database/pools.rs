//! How many connections there are.

use sqlx::Pool;

use super::Database;

/// The connections of a pool.
#[derive(Debug, Clone, Copy)]
pub struct Connections {
    /// What it is for.
    pub pool: &'static str,
    /// How many are open.
    pub open: u32,
    /// How many of them nobody uses.
    pub idle: u32,
    /// How many may be open.
    pub most: u32,
}

impl Connections {
    fn of<D: sqlx::Database>(name: &'static str, pool: &Pool<D>) -> Self {
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
        let most = pool.options().get_max_connections();
        Self { pool: name, open: pool.size(), idle, most }
    }
}

impl Database {
    /// The connections of each pool.
    pub fn pools(&self) -> Vec<Connections> {
        match self {
            Self::Postgres(pool) => vec![Connections::of("all", pool)],
            Self::Sqlite { read, write } => {
                vec![Connections::of("read", read), Connections::of("write", write)]
            }
        }
    }
}
