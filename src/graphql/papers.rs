//! The paper of a plan that all have signed, and what its check code tells anybody (manual 2.3.2).

use aggregates::{
    iep::Entry,
    shared::{Fact, IepId, SubjectId},
};
use async_graphql::{ComplexObject, Context, Enum, Object, SimpleObject};
use projections::iep::Revision;

use super::{
    errors::{store, top, top_of},
    local_titles::local,
    people::RoleEnum,
    request::Ask,
    scalars::{Credits, DateTime},
    subject_abouts::{LocalText, Told},
};
use crate::{
    papers::{self, Checked, NotChecked, TermSubjects, Verdict},
    troubles,
};

/// A revision as a paper: with its signatures, and a code by which anybody can check it.
#[derive(SimpleObject)]
pub struct IepPaper {
    /// Where the PDF is downloaded from at this server, with the bearer token. `?lang=kk`, `ru` or `en` says in which
    /// language; `Accept-Language` where it does not.
    url: String,
    /// The code on it, in groups of four.
    check_code: String,
    /// Where anybody can check it.
    check_url: String,
}

impl IepPaper {
    /// The paper of a revision; none before all have signed it.
    pub fn of(
        ctx: &Context<'_>,
        iep: IepId,
        revision: &Revision,
    ) -> async_graphql::Result<Option<Self>> {
        let config = &ctx.services()?.cabinet.config;
        Ok(revision.check_code().map(|code| Self {
            url: papers::path(iep, revision.number),
            check_code: code.to_string(),
            check_url: papers::check_address(config, code),
        }))
    }
}

/// How a paper stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Verdict")]
pub enum PaperVerdict {
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
pub struct PaperCheck(Checked);

#[Object]
impl PaperCheck {
    /// How it stands.
    async fn verdict(&self) -> PaperVerdict {
        self.0.verdict.into()
    }

    /// The same in the reader's language.
    async fn message(&self) -> String {
        self.0.told()
    }

    /// Since when it holds no more.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// Whether there is a newer revision, and the newest is signed by all.
    async fn newer_is_ready(&self) -> bool {
        self.0.newer_is_ready
    }

    /// The code, as it stands on the paper.
    async fn check_code(&self) -> String {
        self.0.code.to_string()
    }

    /// The year in which the academic year begins.
    async fn academic_year(&self) -> i32 {
        self.0.year.into()
    }

    /// The revision.
    async fn revision(&self) -> i32 {
        super::iep_trail::number(self.0.revision)
    }

    /// Whose it is: the family name, and initials; none where they were erased.
    async fn holder(&self) -> Option<&str> {
        self.0.holder.as_deref()
    }

    /// The signatures, first to last.
    async fn signatures(&self) -> Vec<PaperSignature> {
        let signatures = self.0.signatures.iter();
        signatures
            .map(|by| PaperSignature { role: by.role.into(), signed_at: DateTime(by.at) })
            .collect()
    }

    /// The subjects by term; none where the holder was erased.
    async fn terms(&self) -> Vec<PaperTerm> {
        self.0.terms.iter().map(PaperTerm::of).collect()
    }

    /// SHA-256 of what was signed, in hex.
    async fn digest(&self) -> Option<&str> {
        self.0.digest.as_ref().map(|digest| digest.as_str())
    }
}

/// A signature on a paper.
#[derive(SimpleObject)]
pub struct PaperSignature {
    /// In which role.
    role: RoleEnum,
    /// When.
    signed_at: DateTime,
}

/// A term on a paper.
#[derive(SimpleObject)]
pub struct PaperTerm {
    /// The term's title, in whatever language it was typed.
    title: String,
    /// The same in the reader's language, or else `title` with `language` null.
    local_title: LocalText,
    /// Its credits.
    credits: Credits,
    /// Its subjects, by their codes.
    subjects: Vec<PaperSubject>,
}

/// A subject on a paper, as it was when it was signed.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct PaperSubject {
    #[graphql(skip)]
    id: SubjectId,
    /// Its code.
    code: String,
    /// Its title, in whatever language it was signed.
    title: String,
    /// Its credits.
    credits: Credits,
}

#[ComplexObject]
impl PaperSubject {
    /// Its title in the reader's language, as it is said now; where none is, that which was signed.
    async fn local_title(&self, ctx: &Context<'_>) -> async_graphql::Result<LocalText> {
        Ok(Told::of(ctx, self.id).await?.title(&self.title))
    }
}

impl PaperTerm {
    fn of(term: &TermSubjects) -> Self {
        let subject = |entry: &Entry| PaperSubject {
            id: entry.subject,
            code: entry.code.to_string(),
            title: entry.title.to_string(),
            credits: entry.credits.into(),
        };
        Self {
            title: term.title.as_ref().map(ToString::to_string).unwrap_or_default(),
            local_title: term
                .title
                .as_ref()
                .map_or_else(|| LocalText::plain(""), |title| local(title, &term.titles)),
            credits: term.credits().into(),
            subjects: term.entries.iter().map(subject).collect(),
        }
    }
}

/// Papers, for anybody.
#[derive(Default)]
pub struct PaperQueries;

#[Object]
impl PaperQueries {
    /// Whether a paper that somebody holds is of the newest revision that holds, by its check code: in any case, with
    /// or without hyphens. Without signing in.
    async fn check_paper(
        &self,
        ctx: &Context<'_>,
        code: String,
    ) -> async_graphql::Result<Option<PaperCheck>> {
        let (services, caller) = (ctx.services()?, ctx.caller()?);
        let (database, views) = (&services.cabinet.database, ctx.views()?);
        let checked =
            papers::check(database, views, &services.throttle, &caller.address, &code).await;
        match checked {
            Ok(checked) => Ok(Some(PaperCheck(checked))),
            Err(NotChecked::Unknown) => Err(top(troubles::NO_PAPER)),
            Err(NotChecked::Slowed(seconds)) => {
                Err(top_of(troubles::CHECKS_SLOWED, &[Fact::new("seconds", seconds)]))
            }
            Err(NotChecked::Store(error)) => Err(store(&error)),
        }
    }
}
