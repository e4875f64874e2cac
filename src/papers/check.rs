//! Whether a paper that somebody holds is of the newest revision that holds: for anybody who has its code.

use aggregates::{
    iep::CheckCode,
    shared::{Digest, Fact, Role},
};
use jiff::Timestamp;
use projections::{
    account::Accounts,
    iep::{IepDocument, IepTrails, Revision},
    paper::{PaperDocument, PaperStanding, Papers},
};

use super::{TermSubjects, by_term};
use crate::{
    database::{Database, StoreError},
    identity::Throttle,
    messages::message,
    people,
    views::Views,
};

/// How a paper stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is of the newest revision, and all signatures hold.
    Valid,
    /// A newer revision took its place.
    Superseded,
    /// Its revision was sent back.
    SentBack,
    /// Whose plan it is was forgotten, as the law lets them ask for.
    Erased,
    /// The record does not fit what was signed.
    Broken,
}

/// What anybody learns of a paper by its code.
pub struct Checked {
    /// The code.
    pub code: CheckCode,
    /// How it stands.
    pub verdict: Verdict,
    /// Since when it holds no more; none where it does, or nothing is told.
    pub ended_at: Option<Timestamp>,
    /// Whether there is a newer revision, and the newest is signed by all.
    pub newer_is_ready: bool,
    /// The year in which the academic year begins.
    pub year: i16,
    /// The revision.
    pub revision: u32,
    /// Whose it is: the family name, and initials; none where they were erased.
    pub holder: Option<String>,
    /// The signatures, first to last.
    pub signatures: Vec<SignedBy>,
    /// The subjects by term; none where the holder was erased.
    pub terms: Vec<TermSubjects>,
    /// SHA-256 of what was signed.
    pub digest: Option<Digest>,
}

/// A signature: in which role, and when.
pub struct SignedBy {
    /// In which role.
    pub role: Role,
    /// When.
    pub at: Timestamp,
}

/// Why nothing is told.
#[derive(Debug)]
pub enum NotChecked {
    /// No paper has this code.
    Unknown,
    /// Too many codes that there are none of came from that address: so many seconds have to go by.
    Slowed(i64),
    /// The record can't be read.
    Store(StoreError),
}

impl From<StoreError> for NotChecked {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Checked {
    /// The verdict in the reader's language.
    pub fn told(&self) -> String {
        let at = self.ended_at.map_or_else(String::new, |at| at.to_string());
        let ready = if self.newer_is_ready { "yes" } else { "no" };
        let facts = [Fact::new("at", at), Fact::new("ready", ready)];
        let code = match self.verdict {
            Verdict::Valid => "PAPER_IS_VALID",
            Verdict::Superseded => "PAPER_IS_SUPERSEDED",
            Verdict::SentBack => "PAPER_IS_SENT_BACK",
            Verdict::Erased => "PAPER_IS_ERASED",
            Verdict::Broken => "PAPER_IS_BROKEN",
        };
        message(code, &facts)
    }
}

/// Checks a paper by its code, as somebody at that address typed it.
pub async fn check(
    database: &Database,
    views: &Views,
    throttle: &Throttle,
    address: &str,
    typed: &str,
) -> Result<Checked, NotChecked> {
    // What is no code guesses none, and who holds a paper is kept from it by nobody's guesses.
    let Ok(code) = typed.parse::<CheckCode>() else { return Err(NotChecked::Unknown) };
    let Some((paper, iep)) = find(views, code).await? else {
        if let Some(seconds) = throttle.pause_of_checks(address).await? {
            return Err(NotChecked::Slowed(seconds));
        }
        throttle.check_failed(address).await?;
        return Err(NotChecked::Unknown);
    };
    let revision = iep.revision(paper.revision).ok_or(NotChecked::Unknown)?;
    let mut checked = standing(code, &iep, revision);
    let Some(student) = paper.student else { return Ok(checked) };
    let account = views.get::<Accounts>(&student.to_string()).await?;
    if account.is_some_and(|account| account.erased) {
        checked.verdict = Verdict::Erased;
        checked.ended_at = None;
    } else {
        let holder = people::people(database, &[student]).await?.remove(&student);
        checked.holder = holder.map(|holder| holder.with_initials());
        checked.terms = by_term(views, revision).await?;
    }
    Ok(checked)
}

/// What a code stands for, with the plan as it is now.
async fn find(
    views: &Views,
    code: CheckCode,
) -> Result<Option<(PaperDocument, std::sync::Arc<IepDocument>)>, StoreError> {
    let Some(paper) = views.get::<Papers>(&code.key()).await? else { return Ok(None) };
    let Some(id) = paper.iep else { return Ok(None) };
    let iep = views.get::<IepTrails>(&id.to_string()).await?;
    Ok(iep.map(|iep| ((*paper).clone(), iep)))
}

/// How it stands by the plan alone.
fn standing(code: CheckCode, iep: &IepDocument, revision: &Revision) -> Checked {
    let (verdict, ended_at) = match iep.paper_standing(code, revision) {
        PaperStanding::Valid => (Verdict::Valid, None),
        PaperStanding::Superseded(at) => (Verdict::Superseded, Some(at)),
        PaperStanding::SentBack(at) => (Verdict::SentBack, Some(at)),
        PaperStanding::Broken => (Verdict::Broken, None),
    };
    let newer = iep.newest().filter(|newest| newest.number > revision.number);
    let signatures = revision.signatures.iter();
    Checked {
        code,
        verdict,
        ended_at,
        newer_is_ready: newer.is_some_and(|newest| newest.check_code().is_some()),
        year: iep.year,
        revision: revision.number,
        holder: None,
        digest: revision.signatures.last().map(|last| last.digest.clone()),
        signatures: signatures.map(|by| SignedBy { role: by.role, at: by.at }).collect(),
        terms: vec![],
    }
}
