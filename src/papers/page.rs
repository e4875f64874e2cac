//! What stands on the paper of a plan.

use aggregates::{
    iep::CheckCode,
    shared::{Credits, Fact, PersonId, Role},
};
use jiff::Timestamp;
use projections::{
    iep::{IepDocument, Revision},
    programme::Programmes,
    student::Students,
    term,
};
use typesetting::{Check, Column, Paper, Section};

use super::{TermSubjects, academic_year, by_term, check_address, label};
use crate::{
    cabinet::Cabinet,
    database::StoreError,
    messages::{self, message},
    people,
    titles::{Titles, local},
};

/// How much of a digest stands beside each signature.
const SHORT: usize = 12;

/// The paper of a revision that all have signed, and what its file is called. It renders what was signed, whose bytes
/// and hash hold what the catalogue called the subjects then: codes and credits are those, while titles are what the
/// subjects, the terms and the programme are called in the paper's language now, where they are called something in it
/// (docs/decisions/0019, 0020).
pub(super) async fn of(
    cabinet: &Cabinet,
    iep: &IepDocument,
    revision: &Revision,
    code: CheckCode,
) -> Result<(String, Paper), StoreError> {
    let names = names(cabinet, iep, revision).await?;
    let terms = by_term(&cabinet.views, revision).await?;
    let (title, year) = (label("IEP"), academic_year(iep.year.into()));
    let number = revision.number.to_string();
    let student = iep.student.map(&names).unwrap_or_default();
    let name = format!("{title} {} - {student}.pdf", year.replace('/', "-"));
    let mut facts = vec![fact("STUDENT", student)];
    facts.extend(studies(cabinet, iep).await?);
    let by_role = |role| revision.signatures.iter().find(|signature| signature.role == role);
    let advisor = by_role(Role::Advisor).map(|signature| names(signature.signer));
    facts.extend(advisor.map(|advisor| fact("ADVISOR", advisor)));
    let credits: Credits = terms.iter().map(TermSubjects::credits).sum();
    facts.extend([
        fact("YEAR", year.clone()),
        fact("REVISION", number.clone()),
        fact("CREDITS_IN_ALL", credits.to_string()),
    ]);
    let entries = terms.iter().flat_map(|term| &term.entries);
    let titles = Titles::of(&cabinet.views, entries.map(|entry| entry.subject)).await?;
    let mut sections: Vec<_> = terms.iter().map(|term| subjects(term, &titles)).collect();
    sections.push(signatures(revision, &names));
    let paper = Paper {
        language: messages::language().to_owned(),
        issuer: cabinet.config.university.clone(),
        foot: format!("{title} {year} · {}: {number} · {code}", label("REVISION")),
        title,
        facts,
        sections,
        check: Check {
            heading: label("CHECK"),
            explanation: label("CHECK_HOW"),
            code: code.to_string(),
            address: check_address(&cabinet.config, code),
            picture: label("CHECK_PICTURE"),
        },
        dated: revision.signatures.last().map(|last| last.at).unwrap_or_default(),
    };
    Ok((name, paper))
}

/// The names of all who stand on it.
async fn names(
    cabinet: &Cabinet,
    iep: &IepDocument,
    revision: &Revision,
) -> Result<impl Fn(PersonId) -> String, StoreError> {
    let signers = revision.signatures.iter().map(|signature| signature.signer);
    let ids: Vec<_> = signers.chain(iep.student).collect();
    let people = people::people(&cabinet.database, &ids).await?;
    Ok(move |id: PersonId| {
        let name = people.get(&id).map(people::Details::display_name).unwrap_or_default();
        if name.is_empty() { label("ERASED") } else { name }
    })
}

/// What the student studies, and since when.
async fn studies(
    cabinet: &Cabinet,
    iep: &IepDocument,
) -> Result<Vec<typesetting::Fact>, StoreError> {
    let Some(student) = iep.student else { return Ok(vec![]) };
    let student = cabinet.views.get::<Students>(&student.to_string()).await?;
    let admission = student.as_ref().and_then(|student| student.admission.as_ref());
    let Some(admission) = admission else { return Ok(vec![]) };
    let programme = &admission.programme;
    let known = cabinet.views.get::<Programmes>(&programme.id.to_string()).await?;
    let code = known.as_ref().and_then(|known| known.code.as_ref());
    let code = code.map(|code| format!("{code} ")).unwrap_or_default();
    let titles = known.as_ref().and_then(|known| known.card.as_ref()).map(|card| &card.titles);
    let title = titles.map_or(&programme.title, |titles| local(&programme.title, titles));
    Ok(vec![
        fact("PROGRAMME", format!("{code}{title}")),
        fact("ADMITTED", term::academic_year(admission.on).to_string()),
    ])
}

fn fact(name: &str, value: String) -> typesetting::Fact {
    typesetting::Fact { label: label(name), value }
}

fn column(name: &str, share: u16, numbers: bool) -> Column {
    Column { title: label(name), share, numbers }
}

fn subjects(term: &TermSubjects, titles: &Titles) -> Section {
    let row = |entry: &aggregates::iep::Entry| {
        let title = titles.title(entry.subject, &entry.title);
        vec![entry.code.to_string(), title.to_string(), entry.credits.to_string()]
    };
    Section {
        heading: term.local_title(),
        columns: vec![
            column("CODE", 18, false),
            column("SUBJECT", 66, false),
            column("CREDITS", 16, true),
        ],
        rows: term.entries.iter().map(row).collect(),
        total: Some(vec![String::new(), label("TOTAL"), term.credits().to_string()]),
        note: None,
    }
}

fn signatures(revision: &Revision, names: &impl Fn(PersonId) -> String) -> Section {
    let row = |signature: &projections::iep::Signature| {
        let digest = signature.digest.as_str().get(..SHORT).unwrap_or_default();
        let name = names(signature.signer);
        vec![role(signature.role), name, time(signature.at), format!("{digest}…")]
    };
    let digest = revision.signatures.last().map(|last| last.digest.to_string());
    let digest = Fact::new("digest", digest.unwrap_or_default());
    Section {
        heading: label("SIGNATURES"),
        columns: vec![
            column("ROLE", 18, false),
            column("SIGNED_BY", 40, false),
            column("SIGNED_AT", 22, false),
            column("DIGEST", 20, false),
        ],
        rows: revision.signatures.iter().map(row).collect(),
        total: None,
        note: Some(message("PAPER_DIGEST_OF", &[digest])),
    }
}

fn role(role: Role) -> String {
    message("PAPER_ROLE_NAME", &[Fact::new("role", role.name())])
}

fn time(at: Timestamp) -> String {
    message("PAPER_TIME", &[Fact::new("at", at)])
}
