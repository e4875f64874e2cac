//! What students set for themselves (manual 3).

use aggregates::{
    shared,
    student::{Settings, StudentCommand, Topic},
};
use async_graphql::{Context, Enum, Object, SimpleObject};

use super::{
    admissions::{StudentPayload, shown},
    mutation::{Plan, run},
    request::Ask,
};

/// A language that the cabinet speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "shared::Language")]
pub enum Language {
    /// Қазақша.
    Kazakh,
    /// Русский.
    Russian,
    /// English.
    English,
}

/// What a notification can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Topic")]
pub enum NotificationTopic {
    /// Marks and grades.
    Grades,
    /// The individual plan and its signatures.
    Plans,
    /// Classes, exams and their changes.
    Timetable,
    /// Tests that open, run out or are scored.
    Tests,
    /// Antiplagiarism checks.
    Theses,
    /// What became of a request.
    Requests,
    /// News and events of the university.
    News,
    /// Messages of teachers and advisor.
    Messages,
}

/// What a student set for themself.
#[derive(SimpleObject)]
#[graphql(name = "Settings")]
pub struct SettingsObject {
    /// The language to be written to in; none where it was never set.
    language: Option<Language>,
    /// Of what no notification comes.
    muted: Vec<NotificationTopic>,
}

impl From<&Settings> for SettingsObject {
    fn from(settings: &Settings) -> Self {
        Self {
            language: settings.language.map(Into::into),
            muted: settings.muted.iter().map(|topic| (*topic).into()).collect(),
        }
    }
}

input! {
    /// Other settings; what is not stated stays.
    ChangeSettingsInput {
        /// The language to be written to in.
        language: Option<Language>,
        /// Of what no notification shall come: the whole list.
        muted: Option<Vec<NotificationTopic>>,
    }
}

/// What students set for themselves.
#[derive(Default)]
pub struct SettingsMutations;

#[Object]
impl SettingsMutations {
    /// Changes one's own settings.
    async fn change_settings(
        &self,
        ctx: &Context<'_>,
        input: ChangeSettingsInput,
    ) -> async_graphql::Result<Option<StudentPayload>> {
        let done = run(ctx, &input, async {
            let student = ctx.viewer()?.person;
            let known = ctx.document::<projections::student::Students>(student).await?;
            let mut settings = known.map(|known| known.settings.clone()).unwrap_or_default();
            settings.language = input.language.map(Into::into).or(settings.language);
            if let Some(muted) = &input.muted {
                settings.muted = muted.iter().map(|topic| (*topic).into()).collect();
            }
            let change = StudentCommand::ChangeSettings { student, settings };
            Ok(Plan::of(vec![change.of(student)], student))
        });
        shown(ctx, done.await?).await
    }
}
