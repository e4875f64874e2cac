//! Signing many plans at once, each by itself (manual 2.3.2).

use std::collections::BTreeSet;

use aggregates::shared::{Fact, IepId};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{
    errors::{Fault, UserError},
    ieps::Iep,
    mutation::{Done, Plan, run_each},
    request::input_id,
    signing::signature,
};

/// How many are signed at once, at the most.
const MOST: usize = 200;

/// A plan to sign.
#[derive(Debug, Clone, InputObject)]
pub struct IepToSign {
    /// The plan.
    iep_id: ID,
    /// The revision that was on the screen.
    revision: i32,
}

input! {
    /// Signing many plans.
    SignIepsInput {
        /// The plans, 200 at the most.
        items: Vec<IepToSign>,
    }
}

/// What came of signing one of them.
#[derive(SimpleObject)]
pub struct SignIepOutcome {
    /// Which plan, as it was asked.
    iep_id: ID,
    /// The plan; none where it was refused.
    iep: Option<Iep>,
    /// Why it was refused; empty where it was signed.
    user_errors: Vec<UserError>,
}

payload! {
    /// What came of signing many plans.
    SignIepsPayload {
        /// What came of each, in the order asked.
        outcomes: Vec<SignIepOutcome>,
    }
}

/// Signing many.
#[derive(Default)]
pub struct SigningManyMutations;

#[Object]
impl SigningManyMutations {
    /// Signs many plans, each exactly in the revision that was read, and each by itself: what is refused of one keeps
    /// no other from being signed.
    async fn sign_ieps(
        &self,
        ctx: &Context<'_>,
        input: SignIepsInput,
    ) -> async_graphql::Result<Option<SignIepsPayload>> {
        let asked = input.items.len();
        if asked > MOST {
            let facts = vec![Fact::new("most", MOST), Fact::new("asked", asked)];
            let refused = UserError::own("TOO_MANY_AT_ONCE", Some("items"), facts);
            return Ok(Some(SignIepsPayload::of(Done::refused(vec![refused]), None)));
        }
        let mut named = BTreeSet::new();
        let plans = input.items.iter().map(|item| {
            // Whoever signs in two roles signs in the next one only after they have read the plan again.
            match named.insert(item.iep_id.as_str()) {
                true => planned(ctx, item),
                false => Err(Fault::user("NAMED_TWICE", "iepId")),
            }
        });
        let plans = plans.collect();
        let each = run_each(ctx, &input, plans).await?;
        let mut all = Done::of_several(each.iter().flatten());
        let mut outcomes = Vec::new();
        for (item, done) in input.items.into_iter().zip(each) {
            let (outcome, pending) = outcome(ctx, item.iep_id, done).await?;
            all.pending |= pending;
            outcomes.push(outcome);
        }
        Ok(Some(SignIepsPayload::of(all, Some(outcomes))))
    }
}

fn planned(ctx: &Context<'_>, item: &IepToSign) -> Result<Plan, Fault> {
    let iep: IepId = input_id(&item.iep_id, "iepId")?;
    Ok(Plan::of(vec![signature(ctx, iep, item.revision)?], iep))
}

/// What came of one, and whether it is not to be shown yet; what failed on our side is told beside what went well with the others.
async fn outcome(
    ctx: &Context<'_>,
    iep_id: ID,
    done: async_graphql::Result<Done>,
) -> async_graphql::Result<(SignIepOutcome, bool)> {
    let mut done =
        done.unwrap_or_else(|_| Done::refused(vec![UserError::own("TRY_AGAIN", None, vec![])]));
    let iep = done.show(0, |id| Iep::load(ctx, id)).await?;
    Ok((SignIepOutcome { iep_id, iep, user_errors: done.user_errors }, done.pending))
}
