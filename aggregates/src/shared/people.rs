//! Who acts, and how free text about somebody is referred to.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Digest, TextId};

macro_rules! roles {
    ($( $(#[doc = $doc:literal])* $variant:ident = $name:literal ),* $(,)?) => {
        /// What somebody may act as (DESIGN.md section 7).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Role {
            $( $(#[doc = $doc])* #[serde(rename = $name)] $variant ),*
        }

        impl Role {
            /// All roles.
            pub const ALL: &'static [Role] = &[ $( Role::$variant ),* ];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $( Role::$variant => $name ),* }
            }
        }
    };
}

roles! {
    /// Applied, not admitted yet.
    Applicant = "applicant",
    /// Studies.
    Student = "student",
    /// Teaches streams.
    Teacher = "teacher",
    /// Guides students (эдвайзер).
    Advisor = "advisor",
    /// The dean's office or office of the registrar.
    Registrar = "registrar",
    /// Watches over proctored tests.
    Proctor = "proctor",
    /// Decides antiplagiarism checks.
    AntiplagiatOfficer = "antiplagiat_officer",
    /// Handles requests.
    Moderator = "moderator",
    /// Runs the library.
    Librarian = "librarian",
    /// Runs payments.
    FinanceOfficer = "finance_officer",
    /// Reads everything, changes nothing.
    Auditor = "auditor",
    /// Runs the installation.
    Administrator = "administrator",
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let sought = text.to_lowercase().replace('-', "_");
        Self::ALL.iter().copied().find(|role| role.name() == sought).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|role| role.name()).collect();
            format!("no role `{text}`; there are {}", names.join(", "))
        })
    }
}

/// A free text about somebody: the event holds its id and a salted digest, the text itself lies
/// outside the log, where it can be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRef {
    /// Where it lies.
    pub id: TextId,
    /// SHA-256 over salt and text.
    pub digest: Digest,
}
