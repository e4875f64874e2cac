//! Whom a period of the calendar is for, as a registrar says it (manual 2.9).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
};

use aggregates::{
    academic_calendar::Audience,
    shared::{Fact, ProgrammeId, Text},
};
use async_graphql::{Context, ID, InputObject};
use projections::student::{Students, first_year};

use super::{
    catalogue::programme_codes,
    conditions::Conditions,
    errors::{Fault, UserError},
    programmes::{known_programme, programme_of_code},
    request::{Ask, input_id, short, stored, year_of_study},
};

/// Whom a period is for: what is left out, or has nothing in it, leaves nobody out. Something has to be said: a period
/// for everybody has no audience.
#[derive(Debug, Default, InputObject)]
pub struct PeriodAudienceInput {
    /// The students of these faculties, as they were admitted to them.
    faculties: Option<Vec<String>>,
    /// The students of these programmes, by the codes that they were admitted under; each is set up, or somebody
    /// studies it.
    programme_codes: Option<Vec<String>>,
    /// And of these, by their ids.
    programme_ids: Option<Vec<ID>>,
    /// Those who are in these years of study, from 1 to 10, in the term's academic year.
    years_of_study: Option<Vec<i32>>,
}

impl PeriodAudienceInput {
    /// As the calendar keeps it.
    pub async fn read(&self, ctx: &Context<'_>) -> Result<Audience, Fault> {
        let mut faculties = BTreeSet::new();
        for faculty in self.faculties.iter().flatten() {
            faculties.insert(short(faculty, "audience.faculties")?);
        }
        let programmes = self.programmes(ctx).await?;
        let years = self.years_of_study.iter().flatten();
        let years = years.map(|year| year_of_study(*year, "audience.yearsOfStudy"));
        let years_of_study = years.collect::<Result<_, _>>()?;
        let audience = Audience { faculties, programmes, years_of_study };
        if audience.is_everybody() {
            return Err(Fault::user("AUDIENCE_EMPTY", "audience"));
        }
        Ok(audience)
    }

    async fn programmes(&self, ctx: &Context<'_>) -> Result<BTreeSet<ProgrammeId>, Fault> {
        let mut programmes = BTreeSet::new();
        for code in self.programme_codes.iter().flatten() {
            const FIELD: &str = "audience.programmeCodes";
            programmes.insert(programme_of_code(ctx, &short(code, FIELD)?, FIELD).await?);
        }
        for id in self.programme_ids.iter().flatten() {
            const FIELD: &str = "audience.programmeIds";
            programmes.insert(known_programme(ctx, input_id(id, FIELD)?, id, FIELD).await?);
        }
        Ok(programmes)
    }
}

/// That nobody who studies now belongs to an audience in an academic year, where it is so: something may be mistyped.
pub async fn nobody(
    ctx: &Context<'_>,
    audience: &Audience,
    year: i16,
) -> async_graphql::Result<Option<UserError>> {
    fn texts<T: Display>(named: impl IntoIterator<Item = T>) -> Vec<String> {
        named.into_iter().map(|one| one.to_string()).collect()
    }
    let Audience { faculties, programmes, years_of_study } = audience;
    let mut belonging = Conditions::default();
    if !faculties.is_empty() {
        belonging.among("faculty", texts(faculties));
    }
    if !programmes.is_empty() {
        belonging.among("programme", texts(programmes));
    }
    if !years_of_study.is_empty() {
        let first_years = years_of_study.iter().map(|study| first_year(year, *study).into());
        belonging.among("first_year", first_years.collect::<Vec<i64>>());
    }
    let (condition, values) = belonging.written();
    if stored(ctx.views()?.count::<Students>(&condition, &values).await)? > 0 {
        return Ok(None);
    }
    let codes = programme_codes(ctx, programmes.clone()).await?;
    let facts = facts(audience, &codes);
    Ok(Some(UserError::own("AUDIENCE_IS_NOBODY", Some("audience"), facts)))
}

/// What an audience says, programmes by their codes.
fn facts(audience: &Audience, codes: &BTreeMap<ProgrammeId, Text>) -> Vec<Fact> {
    fn told<T: Display>(named: impl Iterator<Item = T>) -> String {
        named.map(|one| one.to_string()).collect::<Vec<_>>().join(", ")
    }
    let code = |id: &ProgrammeId| codes.get(id).map_or_else(|| id.to_string(), Text::to_string);
    let facts = [
        ("faculties", told(audience.faculties.iter())),
        ("programmes", told(audience.programmes.iter().map(code))),
        ("years_of_study", told(audience.years_of_study.iter())),
    ];
    let said = facts.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| Fact::new(name, value)).collect()
}
