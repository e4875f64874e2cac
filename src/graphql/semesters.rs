//! The study plan over all semesters of study, as the programme sets it out: also those that the calendar does not have
//! yet (manual 2.3).

use std::collections::BTreeMap;

use aggregates::shared::{self, SubjectId, TermId};
use async_graphql::{Context, SimpleObject};

use super::{
    catalogue::Offered, grounds::Grounds, own_curriculum::OwnCurriculum, programmes::local_group,
    scalars::Credits, study_plan::SubjectStatus, subject_abouts::LocalText, subjects::Subject,
};

/// A semester of study.
#[derive(SimpleObject)]
pub struct StudySemester {
    /// The term of study, from 1.
    term_of_study: i32,
    /// The credits of what everybody studies in it, and of what the student has chosen.
    credits: Credits,
    /// The programme's subjects of it, and what the student took in it beside them, by code.
    subjects: Vec<SemesterSubject>,
}

/// A subject of a semester of study.
#[derive(SimpleObject)]
pub struct SemesterSubject {
    /// The subject.
    subject: Subject,
    /// How the student stands with it, over all terms.
    status: SubjectStatus,
    /// The group that it is chosen of; none for what everybody studies, and outside the programme.
    group: Option<String>,
    /// The group's name in the reader's language, or else `group` with `language` null: what to show people.
    local_group: Option<LocalText>,
    /// Whether everybody studies it.
    compulsory: bool,
    /// Whether the student's programme has it.
    in_programme: bool,
}

/// Everything by term of study.
pub async fn semesters(
    ctx: &Context<'_>,
    grounds: &Grounds,
    numbers: &BTreeMap<TermId, u8>,
) -> async_graphql::Result<Vec<StudySemester>> {
    let terms = by_subject(grounds, numbers);
    let mut semesters: BTreeMap<u8, (shared::Credits, Vec<SemesterSubject>)> = BTreeMap::new();
    for known in Offered::these(ctx, terms.keys().copied()).await? {
        let Some(subject) = Subject::now(known.id, known.document.clone()) else { continue };
        let number = terms[&known.id];
        let place = grounds.place(known.id);
        let standing = grounds.standing(known.id);
        let compulsory = place.is_some_and(|place| place.group.is_none());
        let (credits, subjects) = semesters.entry(number).or_default();
        if compulsory || standing.is_taken() {
            *credits = *credits + known.credits();
        }
        subjects.push(SemesterSubject {
            subject,
            status: standing.into(),
            group: place.and_then(|place| place.group).map(|group| group.name.to_string()),
            local_group: place.and_then(|place| place.group).map(local_group),
            compulsory,
            in_programme: place.is_some(),
        });
    }
    let semester = |(number, (credits, subjects)): (u8, (shared::Credits, _))| StudySemester {
        term_of_study: number.into(),
        credits: credits.into(),
        subjects,
    };
    Ok(semesters.into_iter().map(semester).collect())
}

/// The term of study of each subject: the programme's, or the one in which the student took it.
fn by_subject(grounds: &Grounds, numbers: &BTreeMap<TermId, u8>) -> BTreeMap<SubjectId, u8> {
    let mut terms = BTreeMap::new();
    for (term, number) in numbers {
        terms.extend(grounds.registered(*term).into_iter().map(|subject| (subject, *number)));
    }
    let places = grounds.curriculum.iter().map(OwnCurriculum::curriculum);
    terms.extend(places.flat_map(|curriculum| curriculum.places()).map(|p| (p.subject, p.term)));
    terms
}
