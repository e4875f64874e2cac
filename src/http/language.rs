//! `?lang=kk`: the language that an address states, before which what the headers say does not count.

use aggregates::shared::Fact;
use axum::extract::{Query, rejection::QueryRejection};
use serde::Deserialize;

use super::answer::Refused;
use crate::{messages, troubles};

/// What may be said of what an address leads to.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    /// In which language.
    lang: Option<String>,
}

/// The language that the address states, if it states one; refused where it is none of those there are. The refusal is
/// made in the language of the task.
pub(super) fn wanted_language(
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Option<String>, Refused> {
    match wanted.map(|Query(wanted)| wanted.lang) {
        Ok(None) => Ok(None),
        Ok(Some(lang)) if messages::languages().any(|known| known == lang) => Ok(Some(lang)),
        _ => {
            let known = messages::languages().collect::<Vec<_>>().join(", ");
            Err(Refused::bad(troubles::NO_LANGUAGE, &[Fact::new("known", known)]))
        }
    }
}
