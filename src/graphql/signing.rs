//! Signing plans, and sending them back (manual 2.3.2).

use aggregates::{
    Act,
    iep::{IepCommand, Signer},
    shared::IepId,
};
use async_graphql::{Context, ID, Object};
use projections::iep::IepTrails;

use super::{
    errors::Fault,
    ieps::Iep,
    mutation::{Done, Plan, run},
    request::{Ask, input_id, long},
};
use crate::people::text_about;

input! {
    /// Signing a plan.
    SignIepInput {
        /// The plan.
        iep_id: ID,
        /// The revision that was on the screen.
        revision: i32,
    }
}

input! {
    /// Sending a plan back.
    SendBackIepInput {
        /// The plan.
        iep_id: ID,
        /// The revision that was on the screen.
        revision: i32,
        /// Why; the student reads it.
        reason: String,
    }
}

payload! {
    /// What came of signing.
    SignIepPayload {
        /// The plan.
        iep: Iep,
    }
}

payload! {
    /// What came of sending back.
    SendBackIepPayload {
        /// The plan.
        iep: Iep,
    }
}

/// Signing and sending back.
#[derive(Default)]
pub struct SigningMutations;

#[Object]
impl SigningMutations {
    /// Signs exactly the revision that was read; a newer one has to be read first.
    async fn sign_iep(
        &self,
        ctx: &Context<'_>,
        input: SignIepInput,
    ) -> async_graphql::Result<Option<SignIepPayload>> {
        let done = run(ctx, &input, async {
            let iep: IepId = input_id(&input.iep_id, "iepId")?;
            Ok(Plan::of(vec![signature(ctx, iep, input.revision)?], iep))
        });
        let mut done = done.await?;
        let iep = shown(ctx, &mut done).await?;
        Ok(Some(SignIepPayload::of(done, iep)))
    }

    /// Sends a revision back with a reason: it ends, and the next one opens with the same subjects.
    async fn send_back_iep(
        &self,
        ctx: &Context<'_>,
        input: SendBackIepInput,
    ) -> async_graphql::Result<Option<SendBackIepPayload>> {
        let done = run(ctx, &input, async {
            let iep: IepId = input_id(&input.iep_id, "iepId")?;
            let known = ctx.document::<IepTrails>(iep).await?;
            let student = known.and_then(|known| known.student);
            let student = student.ok_or_else(|| Fault::user("IEP_UNKNOWN", "iepId"))?;
            let reason = long(&input.reason, "reason")?;
            let (reason, text) = text_about(student, reason.as_str());
            let (revision, by) = (revision(input.revision), signer(ctx)?);
            let act = IepCommand::SendBack { revision, by, reason }.of(iep);
            Ok(Plan::of(vec![act], iep).writing([text]))
        });
        let mut done = done.await?;
        let iep = shown(ctx, &mut done).await?;
        Ok(Some(SendBackIepPayload::of(done, iep)))
    }
}

/// The signature of whoever asks, now.
pub fn signature(ctx: &Context<'_>, iep: IepId, number: i32) -> Result<Act, Fault> {
    let (revision, signer) = (revision(number), signer(ctx)?);
    let at = ctx.services()?.cabinet.now();
    Ok(IepCommand::Sign { revision, signer, at }.of(iep))
}

fn signer(ctx: &Context<'_>) -> Result<Signer, Fault> {
    let viewer = ctx.viewer()?;
    Ok(Signer { person: viewer.person, roles: viewer.roles.clone() })
}

/// No revision is 0, so a number below is never the newest.
fn revision(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

async fn shown(ctx: &Context<'_>, done: &mut Done) -> async_graphql::Result<Option<Iep>> {
    done.show(0, |id| Iep::load(ctx, id)).await
}
