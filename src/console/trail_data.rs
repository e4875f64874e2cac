//! The trail of a plan as its page reads it.

use aggregates::shared::{Hundredths, PersonId, Role};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Number;

use super::asking::Refusal;
use crate::identity::Viewer;

/// What the page asks.
pub(super) const TRAIL: &str = include_str!("trail.graphql");

/// A plan.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Plan {
    pub id: String,
    pub status: String,
    pub waits_for: Option<String>,
    pub revision: i32,
    pub academic_year: i32,
    pub regulation_version: String,
    pub student: Option<Holder>,
    pub advisor: Option<Person>,
    pub terms: Vec<TermCredits>,
    pub warnings: Vec<Refusal>,
    pub revisions: Vec<Revision>,
}

/// Whose it is, as far as a page asks.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Holder {
    #[serde(default)]
    pub id: String,
    pub display_name: String,
    pub group: Option<String>,
    pub programme: Option<Programme>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Programme {
    pub local_title: LocalText,
    pub code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    #[serde(default)]
    pub id: String,
    pub display_name: String,
}

#[derive(Deserialize)]
pub(super) struct TermCredits {
    pub term: Term,
    pub credits: Credits,
}

#[derive(Deserialize, Clone, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Term {
    #[serde(default)]
    pub id: String,
    pub local_title: LocalText,
}

#[derive(Deserialize)]
pub(super) struct Credits {
    pub plan: Number,
    pub fact: Number,
    pub remainder: Number,
}

/// A revision.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Revision {
    pub number: i32,
    pub opened_at: String,
    pub opened_by: Option<Person>,
    pub cause: String,
    pub cause_reason: Option<String>,
    pub entries: Vec<Entry>,
    pub registrar_changes: Vec<RegistrarChange>,
    pub changes: Vec<Change>,
    pub sent_back: Option<SentBack>,
    pub signatures: Vec<Signature>,
    pub paper: Option<Paper>,
    pub signed_json: Option<String>,
    pub signed_digest: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Subject {
    pub code: String,
    pub local_title: LocalText,
}

/// A text in the reader's language, where it is said in it.
#[derive(Deserialize, Clone, PartialEq)]
pub(super) struct LocalText {
    pub text: String,
}

/// A subject that a registrar put on it or took off it.
#[derive(Deserialize)]
pub(super) struct RegistrarChange {
    pub kind: String,
    pub subject: Subject,
    pub reason: Option<String>,
    pub by: Option<Person>,
    pub at: String,
}

/// A subject on it.
#[derive(Deserialize)]
pub(super) struct Entry {
    pub subject: Subject,
    pub term: Option<Term>,
    pub credits: Number,
    pub enrollment: Option<Enrollment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Enrollment {
    #[serde(rename = "override")]
    pub over: Option<Override>,
    pub lost_seats: Option<Vec<LostSeat>>,
}

/// A seat that a registrar took away.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LostSeat {
    pub stream: Option<Stream>,
    pub taken_away: TakenAway,
}

#[derive(Deserialize)]
pub(super) struct Stream {
    pub component: String,
    pub group: String,
}

#[derive(Deserialize)]
pub(super) struct TakenAway {
    pub reason: Option<String>,
    pub by: Option<Person>,
    pub at: String,
}

/// In spite of what a registrar let the student in.
#[derive(Deserialize)]
pub(super) struct Override {
    pub reasons: Vec<Refusal>,
    pub reason: Option<String>,
    pub by: Person,
    pub at: String,
}

/// It as a paper, once all have signed it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Paper {
    pub check_code: String,
}

/// A difference between it and the one before.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Change {
    pub kind: String,
    pub subject: Subject,
    pub from_term: Option<Term>,
    pub to_term: Option<Term>,
}

#[derive(Deserialize)]
pub(super) struct SentBack {
    pub by: Person,
    pub role: String,
    pub at: String,
    pub reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Signature {
    pub role: String,
    pub signer: Person,
    pub signed_at: String,
    pub digest: String,
    pub digest_matches: bool,
    pub valid: bool,
    pub invalid_because: Option<Refusal>,
}

/// That a signature is there: in which role, and since when.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Signed {
    pub role: String,
    pub signed_at: String,
}

impl Plan {
    /// Whether all have signed it.
    pub fn is_ready(&self) -> bool {
        self.status == "READY"
    }

    /// In which role the viewer's signature is due; the aggregate has the last word.
    pub fn waits_for(&self, viewer: &Viewer) -> Option<Role> {
        let is = |id: &str| id.parse() == Ok::<PersonId, _>(viewer.person);
        let (role, theirs) = match self.waits_for.as_deref()? {
            "STUDENT" => (Role::Student, self.student.as_ref().is_some_and(|it| is(&it.id))),
            "ADVISOR" => (Role::Advisor, self.advisor.as_ref().is_some_and(|it| is(&it.id))),
            "REGISTRAR" => (Role::Registrar, true),
            _ => return None,
        };
        (theirs && viewer.is(role)).then_some(role)
    }
}

impl Revision {
    /// Its terms, in the plan's order, with their subjects and the credits in all.
    pub fn by_term(&self, order: &[TermCredits]) -> Vec<(Term, Vec<&Entry>, Hundredths)> {
        let mut terms: Vec<_> = order.iter().map(|known| known.term.clone()).collect();
        for term in self.entries.iter().map(Entry::term) {
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        let of_term = |term: Term| {
            let entries = self.entries.iter().filter(|entry| entry.term() == term);
            let mut entries: Vec<_> = entries.collect();
            entries.sort_by(|a, b| a.subject.code.cmp(&b.subject.code));
            let credits = entries.iter().map(|entry| credits(&entry.credits).0).sum();
            (term, entries, Hundredths(credits))
        };
        let terms = terms.into_iter().map(of_term);
        terms.filter(|(_, entries, _)| !entries.is_empty()).collect()
    }
}

impl Plan {
    /// Whether a revision was the newest at that time. The first one stands for the time before it too.
    pub fn was_newest(&self, revision: &Revision, at: &str) -> bool {
        let instant = |told: &str| told.parse::<Timestamp>().ok();
        let opened = |opened: &Revision| instant(&opened.opened_at) <= instant(at);
        let next = self.revisions.iter().find(|next| next.number == revision.number + 1);
        (revision.number == 1 || opened(revision)) && !next.is_some_and(opened)
    }
}

impl Entry {
    /// Its term; one without a name where the calendar knows none.
    fn term(&self) -> Term {
        let unknown = || LocalText { text: "?".to_owned() };
        self.term.clone().unwrap_or_else(|| Term { id: String::new(), local_title: unknown() })
    }

    /// In spite of what a registrar let the student in, if so.
    pub fn over(&self) -> Option<&Override> {
        self.enrollment.as_ref()?.over.as_ref()
    }

    /// The seats of it that registrars took away.
    pub fn lost_seats(&self) -> impl Iterator<Item = &LostSeat> {
        let lost = self.enrollment.iter().flat_map(|enrollment| &enrollment.lost_seats);
        lost.flatten()
    }
}

/// Credits as the API writes them.
pub(super) fn credits(number: &Number) -> Hundredths {
    Hundredths::parse(&number.to_string()).unwrap_or(Hundredths(0))
}
