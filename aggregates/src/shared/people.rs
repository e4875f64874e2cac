//! Who acts, and how free text about somebody is referred to.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Digest, TextId};

named! {
    /// What somebody may act as (DESIGN.md section 7).
    pub enum Role {
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
}

named! {
    /// A language that the cabinet speaks, by its BCP 47 tag.
    pub enum Language {
        /// Қазақша.
        Kazakh = "kk",
        /// Русский.
        Russian = "ru",
        /// English.
        English = "en",
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let sought = text.to_lowercase().replace('-', "_");
        Self::named(&sought).ok_or_else(|| {
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
