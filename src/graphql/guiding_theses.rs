//! What supervisors and staff do with theses: opening them and their attempts, payments, decisions
//! (manual 2.14.1).

use aggregates::{
    shared::{PersonId, ThesisId},
    thesis_check::{self, ThesisCheckCommand},
};
use async_graphql::{Context, ID, Object};
use projections::student::Students;

use super::{
    errors::Fault,
    handing_in::{ThesisInput, ThesisPayload, shown},
    mutation::{Plan, run},
    request::{Ask, input_id, long, short},
    theses::{Thesis, ThesisKind},
    thesis_attempts::ThesisVerdict,
};
use crate::{identity::policy::may_guide_thesis, people::text_about, regulation};

input! {
    /// A thesis.
    OpenThesisInput {
        /// Whose.
        student_id: ID,
        /// What kind of work.
        kind: ThesisKind,
        /// The title.
        title: String,
        /// Who guides it: may open attempts.
        supervisor_id: Option<ID>,
    }
}

input! {
    /// How many attempts there are.
    AllowThesisAttemptsInput {
        /// Of which thesis.
        thesis_id: ID,
        /// Free ones, those that were used included.
        free: u32,
        /// Paid ones, those that were used included.
        paid: u32,
    }
}

input! {
    /// A payment that has come.
    ConfirmThesisPaymentInput {
        /// For which thesis.
        thesis_id: ID,
        /// For which attempt, by its number.
        attempt: u32,
    }
}

input! {
    /// A decision.
    DecideThesisInput {
        /// On which thesis.
        thesis_id: ID,
        /// On which attempt, by its number: a late click can't decide the next one.
        attempt: u32,
        /// Passed or failed; below the threshold nothing passes.
        verdict: ThesisVerdict,
        /// What the student is told; needed where a work that reaches the threshold fails.
        comment: Option<String>,
    }
}

/// What supervisors and staff do with theses.
#[derive(Default)]
pub struct GuidingThesesMutations;

#[Object]
impl GuidingThesesMutations {
    /// Opens a thesis under the regulation in force today.
    async fn open_thesis(
        &self,
        ctx: &Context<'_>,
        input: OpenThesisInput,
    ) -> async_graphql::Result<Option<ThesisPayload>> {
        let done = run(ctx, &input, async {
            let student: PersonId = input_id(&input.student_id, "studentId")?;
            let known = ctx.document::<Students>(student).await?;
            if known.is_none_or(|known| known.status.is_none()) {
                return Err(Fault::user("NOT_FOUND", "studentId"));
            }
            let supervisor = input.supervisor_id.as_ref();
            let supervisor = supervisor.map(|id| input_id(id, "supervisorId")).transpose()?;
            let cabinet = &ctx.services()?.cabinet;
            let rules = regulation::in_force(ctx.views()?, cabinet.today()).await?;
            let rules = rules.ok_or_else(|| Fault::user("REGULATION_MISSING", "kind"))?;
            let thesis = thesis_check::Thesis {
                id: ThesisId::new(),
                student,
                kind: input.kind.into(),
                title: short(&input.title, "title")?,
                supervisor,
            };
            let (id, regulation) = (thesis.id, rules.version);
            let rules = rules.rules.and_then(|rules| rules.theses);
            Ok(Plan::of(
                vec![ThesisCheckCommand::Open { thesis, regulation, rules }.of_new(id)],
                id,
            ))
        });
        shown(ctx, done.await?).await
    }

    /// Opens the next attempt: a free one while there are any, then a paid one.
    async fn open_thesis_attempt(
        &self,
        ctx: &Context<'_>,
        input: ThesisInput,
    ) -> async_graphql::Result<Option<ThesisPayload>> {
        let done = run(ctx, &input, async {
            let thesis = guided(ctx, &input.thesis_id).await?;
            Ok(Plan::of(vec![ThesisCheckCommand::OpenAttempt.of(thesis)], thesis))
        });
        shown(ctx, done.await?).await
    }

    /// Sets how many attempts there are.
    async fn allow_thesis_attempts(
        &self,
        ctx: &Context<'_>,
        input: AllowThesisAttemptsInput,
    ) -> async_graphql::Result<Option<ThesisPayload>> {
        let done = run(ctx, &input, async {
            let thesis = guided(ctx, &input.thesis_id).await?;
            let (free, paid) = (input.free, input.paid);
            let act = ThesisCheckCommand::AllowAttempts { free, paid }.of(thesis);
            Ok(Plan::of(vec![act], thesis))
        });
        shown(ctx, done.await?).await
    }

    /// Confirms that the payment of an attempt has come.
    async fn confirm_thesis_payment(
        &self,
        ctx: &Context<'_>,
        input: ConfirmThesisPaymentInput,
    ) -> async_graphql::Result<Option<ThesisPayload>> {
        let done = run(ctx, &input, async {
            let thesis: ThesisId = input_id(&input.thesis_id, "thesisId")?;
            let attempt = input.attempt;
            let act = ThesisCheckCommand::ConfirmPayment { attempt }.of(thesis);
            Ok(Plan::of(vec![act], thesis))
        });
        shown(ctx, done.await?).await
    }

    /// Decides the newest attempt on its report.
    async fn decide_thesis(
        &self,
        ctx: &Context<'_>,
        input: DecideThesisInput,
    ) -> async_graphql::Result<Option<ThesisPayload>> {
        let done = run(ctx, &input, async {
            let about = Thesis::meant(ctx, &input.thesis_id).await?.about()?.of();
            let (id, student) = (about.id, about.student);
            let comment = input.comment.as_ref().map(|comment| long(comment, "comment"));
            let comment = comment.transpose()?.map(|text| text_about(student, text.as_str()));
            let (comment, text) = comment.unzip();
            let (attempt, verdict) = (input.attempt, input.verdict.into());
            let act = ThesisCheckCommand::Decide { attempt, verdict, comment }.of(id);
            Ok(Plan::of(vec![act], id).writing(text))
        });
        shown(ctx, done.await?).await
    }
}

/// A thesis that the asker guides, or may handle as staff.
async fn guided(ctx: &Context<'_>, id: &ID) -> Result<ThesisId, Fault> {
    let thesis = Thesis::meant(ctx, id).await?;
    let about = thesis.about()?;
    if may_guide_thesis(ctx.viewer()?, about.supervisor) {
        Ok(about.id)
    } else {
        Err(Fault::user("NOT_YOURS", "thesisId"))
    }
}
