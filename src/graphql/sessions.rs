//! Signing in and out, changing the password, redeeming a one-time access (manual section 1).

use aggregates::shared::{Fact, PersonId};
use async_graphql::{Context, Object, SimpleObject};
use projections::account::Accounts;

use super::{
    errors::Fault,
    mutation::{Done, Plan, run},
    people::Person,
    request::Ask,
    scalars::DateTime,
};
use crate::{
    identity::{HashError, Incident, NewSession, PasswordFlaw, Passwords, redeemer},
    people::{self, PersonWrite},
    troubles,
};

/// A session that was just opened: the only time its token is seen.
#[derive(SimpleObject)]
pub struct Session {
    /// The bearer token: `Authorization: Bearer TOKEN`.
    token: String,
    /// Until when it holds.
    expires_at: DateTime,
    /// Whose it is.
    person: Person,
}

impl From<NewSession> for Session {
    fn from(session: NewSession) -> Self {
        Self {
            token: session.token,
            expires_at: DateTime(session.expires_at),
            person: Person(session.person),
        }
    }
}

input! {
    /// Signing in.
    SignInInput {
        /// The login.
        login: String,
        /// The password.
        password: String,
    }
}

input! {
    /// Signing out.
    SignOutInput {}
}

input! {
    /// Changing one's own password; it ends all other sessions.
    ChangePasswordInput {
        /// The password until now.
        current_password: String,
        /// The password from now on.
        new_password: String,
    }
}

input! {
    /// Redeeming a one-time access.
    RedeemAccessInput {
        /// The code that was handed or mailed out.
        code: String,
        /// The password to sign in with from now on.
        password: String,
    }
}

payload! {
    /// What came of signing in.
    SignInPayload {
        /// The session.
        session: Session,
    }
}

payload! {
    /// What came of signing out.
    SignOutPayload {
        /// Whether the session is ended.
        signed_out: bool,
    }
}

payload! {
    /// What came of changing the password.
    ChangePasswordPayload {
        /// The new session.
        session: Session,
    }
}

payload! {
    /// What came of redeeming a one-time access.
    RedeemAccessPayload {
        /// The session.
        session: Session,
    }
}

/// Signing in and out.
#[derive(Default)]
pub struct SessionMutations;

#[Object]
impl SessionMutations {
    /// Opens a session. Failures slow down the next attempt.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        input: SignInInput,
    ) -> async_graphql::Result<Option<SignInPayload>> {
        let (session, done) = told(sign_in(ctx, input).await)?;
        Ok(Some(SignInPayload::of(done, session)))
    }

    /// Ends the session that asks.
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        input: SignOutInput,
    ) -> async_graphql::Result<Option<SignOutPayload>> {
        let _ = input;
        let ended = ctx.services()?.sessions.end(&ctx.viewer()?.token_sha256).await;
        super::request::stored(ended)?;
        Ok(Some(SignOutPayload::of(Done::default(), Some(true))))
    }

    /// Sets another password, ends all sessions and opens a new one.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        input: ChangePasswordInput,
    ) -> async_graphql::Result<Option<ChangePasswordPayload>> {
        let person = ctx.viewer()?.person;
        let done = run(ctx, &input, async {
            let current = input.current_password.clone();
            if !right_password(ctx, person, current).await? {
                return Err(Fault::user("PASSWORD_WRONG", "currentPassword"));
            }
            let password = hashed(ctx, &input.new_password, "newPassword").await?;
            Ok(Plan::default().writing([PersonWrite::Password(person, password)]))
        });
        let done = done.await?;
        let session = match done.position {
            Some(_) => {
                ctx.note(Incident::PasswordChanged, Some(person), None);
                Some(open(ctx, person).await?)
            }
            None => None,
        };
        Ok(Some(ChangePasswordPayload::of(done, session)))
    }

    /// Sets the first password with a one-time access, which is used up, and opens a session.
    async fn redeem_access(
        &self,
        ctx: &Context<'_>,
        input: RedeemAccessInput,
    ) -> async_graphql::Result<Option<RedeemAccessPayload>> {
        let database = &ctx.services()?.cabinet.database;
        let person = super::request::stored(redeemer(database, &input.code).await)?;
        let done = run(ctx, &input, async {
            let invalid = || Fault::user("ACCESS_INVALID", "code");
            let person = person.ok_or_else(invalid)?;
            if !is_open(ctx, person).await? {
                return Err(invalid());
            }
            let password = hashed(ctx, &input.password, "password").await?;
            Ok(Plan::default().writing([PersonWrite::Password(person, password)]))
        });
        let done = done.await?;
        let session = match (done.position, person) {
            (Some(_), Some(person)) => {
                ctx.note(Incident::AccessRedeemed, Some(person), None);
                Some(open(ctx, person).await?)
            }
            _ => {
                ctx.note(Incident::AccessInvalid, person, None);
                None
            }
        };
        Ok(Some(RedeemAccessPayload::of(done, session)))
    }
}

async fn sign_in(ctx: &Context<'_>, input: SignInInput) -> Result<Session, Fault> {
    let services = ctx.services()?;
    let address = &ctx.caller()?.address;
    let login = input.login.trim().to_lowercase();
    if let Some(seconds) = services.throttle.pause(&login, address).await? {
        ctx.note(Incident::SignInSlowed, None, None);
        let facts = vec![Fact::new("seconds", seconds)];
        return Err(Fault::with_facts("SIGN_IN_SLOWED", None, facts));
    }
    let person = people::by_login(&services.cabinet.database, &login).await?;
    let hash = match person {
        Some(person) => password_hash(ctx, person).await?,
        None => None,
    };
    let right = services.passwords.verify(input.password, hash).await.map_err(hashing)?;
    match person.filter(|_| right) {
        Some(person) if is_open(ctx, person).await? => {
            services.throttle.succeeded(&login).await?;
            ctx.note(Incident::SignedIn, Some(person), None);
            Ok(open(ctx, person).await?)
        }
        _ => {
            services.throttle.failed(&login, address).await?;
            ctx.note(Incident::SignInFailed, person, None);
            Err(Fault::with_facts("SIGN_IN_FAILED", None, vec![]))
        }
    }
}

/// Whether the person's account is open.
async fn is_open(ctx: &Context<'_>, person: PersonId) -> async_graphql::Result<bool> {
    let account = ctx.document::<Accounts>(person).await?;
    Ok(account.is_some_and(|account| account.open))
}

async fn open(ctx: &Context<'_>, person: PersonId) -> async_graphql::Result<Session> {
    super::request::stored(ctx.services()?.sessions.open(person).await).map(Session::from)
}

async fn right_password(
    ctx: &Context<'_>,
    person: PersonId,
    password: String,
) -> Result<bool, Fault> {
    let hash = password_hash(ctx, person).await?;
    Ok(ctx.services()?.passwords.verify(password, hash).await.map_err(hashing)?)
}

async fn password_hash(ctx: &Context<'_>, person: PersonId) -> Result<Option<String>, Fault> {
    let sql = "SELECT password_hash FROM credentials WHERE person = $1";
    let database = &ctx.services()?.cabinet.database;
    let row = database.fetch_one(sql, &[person.to_string().into()]).await?;
    Ok(row.map(|row| row.text(0)).transpose()?)
}

async fn hashed(ctx: &Context<'_>, password: &str, field: &str) -> Result<String, Fault> {
    Passwords::check(password).map_err(|flaw| match flaw {
        PasswordFlaw::TooShort { least } => {
            Fault::with_facts("PASSWORD_TOO_SHORT", Some(field), vec![Fact::new("least", least)])
        }
        PasswordFlaw::TooLong { most } => {
            Fault::with_facts("PASSWORD_TOO_LONG", Some(field), vec![Fact::new("most", most)])
        }
    })?;
    Ok(ctx.services()?.passwords.hash(password.to_owned()).await.map_err(hashing)?)
}

fn hashing(error: HashError) -> async_graphql::Error {
    match error {
        HashError::Busy => super::errors::top(troubles::SIGN_INS_BUSY),
        HashError::Failed(_) => {
            tracing::error!(%error, "a password can't be hashed");
            super::errors::internal()
        }
    }
}

/// What is shown beside the user errors of what wrote nothing to the log.
fn told<T>(result: Result<T, Fault>) -> async_graphql::Result<(Option<T>, Done)> {
    match result {
        Ok(value) => Ok((Some(value), Done::default())),
        Err(Fault::User(user_errors)) => Ok((None, Done::refused(user_errors))),
        Err(Fault::Top(error)) => Err(error),
    }
}
