//! The paper of a plan (manual 2.3.2): what stands on it, in three languages; the PDF; and whether one that somebody
//! holds is of the newest revision that holds.

mod check;
mod page;

use aggregates::{
    iep::{CheckCode, Entry},
    shared::{Credits, IepId, TermId, Text, Titles},
};
use projections::{
    iep::{IepDocument, Revision},
    term::Terms,
};
use tokio::{sync::Semaphore, task::spawn_blocking};

pub use check::{Checked, NotChecked, SignedBy, Verdict, check};

use crate::{
    cabinet::Cabinet, config::Config, database::StoreError, messages::message, titles::local,
    views::Views,
};

/// How many papers are set at a time: it takes a processor for some milliseconds, which others wait for.
static PRESSES: Semaphore = Semaphore::const_new(2);

/// Why a paper can't be had.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// What stands on it can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It can't be set.
    #[error(transparent)]
    Unprintable(#[from] typesetting::Unprintable),
    /// A defect.
    #[error("setting a paper broke off")]
    BrokeOff,
}

/// A paper that can be downloaded.
pub struct Download {
    /// What it is called.
    pub name: String,
    /// The PDF.
    pub bytes: Vec<u8>,
}

/// The paper of a revision in the reader's language; none before all have signed it.
pub async fn download(
    cabinet: &Cabinet,
    iep: &IepDocument,
    revision: &Revision,
) -> Result<Option<Download>, PaperError> {
    let Some(code) = revision.check_code() else { return Ok(None) };
    let (name, paper) = page::of(cabinet, iep, revision, code).await?;
    let turn = PRESSES.acquire().await.map_err(|_| PaperError::BrokeOff)?;
    // Whoever goes away meanwhile leaves it to be finished: only then is it the next one's turn.
    let set = spawn_blocking(move || {
        let bytes = typesetting::pdf(&paper);
        drop(turn);
        bytes
    });
    let bytes = set.await.map_err(|_| PaperError::BrokeOff)??;
    Ok(Some(Download { name, bytes }))
}

/// Where the paper of a revision is downloaded, at this server.
pub fn path(iep: IepId, revision: u32) -> String {
    format!("/ieps/{iep}/{revision}.pdf")
}

/// Where a paper is checked, by anybody.
pub fn check_address(config: &Config, code: CheckCode) -> String {
    config.public_address(&format!("/check/{code}"))
}

/// A term with the subjects of a revision.
pub struct TermSubjects {
    /// The term's title, in whatever language it was typed; none where the calendar knows the term no longer.
    pub title: Option<Text>,
    /// What it is called in languages.
    pub titles: Titles,
    /// The subjects as they were then, by their codes.
    pub entries: Vec<Entry>,
}

impl TermSubjects {
    /// The term's title in the reader's language.
    pub fn local_title(&self) -> String {
        let title = self.title.as_ref().map(|title| local(title, &self.titles).to_string());
        title.unwrap_or_default()
    }

    /// Their credits.
    pub fn credits(&self) -> Credits {
        self.entries.iter().map(|entry| entry.credits).sum()
    }
}

/// The subjects of a revision by term, the terms as they follow each other.
async fn by_term(views: &Views, revision: &Revision) -> Result<Vec<TermSubjects>, StoreError> {
    let mut entries: Vec<_> = revision.entries.values().cloned().collect();
    entries.sort_by(|one, other| one.code.as_str().cmp(other.code.as_str()));
    let mut ids: Vec<TermId> = entries.iter().map(|entry| entry.term).collect();
    ids.sort_unstable();
    ids.dedup();
    let keys: Vec<_> = ids.iter().map(ToString::to_string).collect();
    let terms = views.get_many::<Terms>(&keys).await?;
    ids.sort_by_key(|id| (terms.get(&id.to_string()).map(|term| term.starts_day), *id));
    let subjects = |id: TermId| {
        let term = terms.get(&id.to_string()).and_then(|term| term.term.as_ref());
        let (title, titles) = term.map(|term| (term.title.clone(), term.titles.clone())).unzip();
        let entries = entries.iter().filter(|entry| entry.term == id).cloned().collect();
        TermSubjects { title, titles: titles.unwrap_or_default(), entries }
    };
    Ok(ids.into_iter().map(subjects).collect())
}

/// An academic year by the year in which it begins, as people write it.
pub fn academic_year(begins: i32) -> String {
    format!("{begins}/{}", begins.saturating_add(1))
}

/// What stands on papers and in answers, by its name.
fn label(name: &str) -> String {
    message(&format!("PAPER_{name}"), &[])
}
