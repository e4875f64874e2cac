//! Who somebody is and what they may do: passwords, sessions, one-time accesses, and the one policy
//! table (DESIGN.md section 7).

mod accesses;
mod calendar_links;
mod passwords;
pub mod policy;
mod records;
mod security_journal;
mod sessions;
mod throttle;

use std::collections::BTreeSet;

use aggregates::shared::{PersonId, Role};

pub use accesses::{new_access, redeemer};
pub use calendar_links::{CalendarLink, MOST_LINKS, follow_link, links_of, new_link};
pub use passwords::{HashError, PasswordFlaw, Passwords};
pub use records::{reads_record, reads_syllabus, teachers_of};
pub use security_journal::{Entry, Incident, SecurityJournal, page as journal_page};
pub(crate) use sessions::random_secret;
pub use sessions::{NewSession, Sessions};
pub use throttle::Throttle;

/// Who asks.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Who.
    pub person: PersonId,
    /// What they may act as.
    pub roles: BTreeSet<Role>,
    /// SHA-256 of their session's token.
    pub token_sha256: String,
}

impl Viewer {
    /// Whether they may act in a role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}
