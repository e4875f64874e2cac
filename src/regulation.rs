//! Which regulation is in force: dated data, looked up by the day (DESIGN.md section 5).

use std::sync::Arc;

use aggregates::{enrollment::InForce, shared::TermId};
use jiff::civil::Date;
use projections::{
    regulation::{RegulationDocument, Regulations},
    term::{Terms, day_number},
};

use crate::{database::StoreError, views::Views};

/// The regulation in force on a day, if there is one.
pub async fn in_force(views: &Views, day: Date) -> Result<Option<RegulationDocument>, StoreError> {
    let days = day_number(day);
    let order = "effective_day DESC, view_id DESC";
    let page = views.list::<Regulations>("effective_day <= $1", &[days.into()], order, 1).await?;
    Ok(page.documents.into_iter().next().map(|(_, found)| found))
}

/// The regulation of a term, the one in force on its first day, as the aggregates take it.
pub async fn of_term(views: &Views, term: TermId) -> Result<Option<InForce>, StoreError> {
    let document = views.get::<Terms>(&term.to_string()).await?;
    let Some(about) = document.as_ref().and_then(|known| known.term.as_ref()) else {
        return Ok(None);
    };
    let regulation = in_force(views, about.starts_on).await?;
    Ok(regulation.and_then(|found| {
        let rules = Arc::new(found.rules?);
        Some(InForce { version: found.version, rules })
    }))
}
