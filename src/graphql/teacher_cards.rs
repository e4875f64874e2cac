//! Teachers' cards: what teachers tell of themselves (manual 2.8). The texts lie outside the log, where they can be
//! erased.

use aggregates::{
    account::AccountCommand,
    shared::{PersonId, TextRef},
};
use async_graphql::{Context, ID, Object, SimpleObject};
use projections::teacher_card::TeacherCards;
use serde::{Deserialize, Serialize};

use super::{
    accounts::own_or_anybodys,
    errors::{Fault, internal},
    mutation::{Plan, run},
    people::Person,
    request::{Ask, long, optional_short, short},
    scalars::DateTime,
};
use crate::people::{PersonWrite, text_about};

/// The most competences that a teacher names.
const MOST_COMPETENCES: usize = 50;

/// What a teacher tells of themself.
#[derive(SimpleObject)]
pub struct TeacherCard {
    #[graphql(flatten)]
    says: Says,
    /// Since when it says so.
    changed_at: DateTime,
}

/// What a card says, as it is kept.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize, SimpleObject)]
pub struct Says {
    /// Where and how long they have taught and worked.
    pub experience: Option<String>,
    /// What they are good at.
    pub competences: Vec<String>,
    /// What they have achieved: degrees, papers, prizes.
    pub achievements: Option<String>,
    /// The e-mail address at which students reach them.
    pub email: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
    /// The room.
    pub room: Option<String>,
    /// When they are to be found there.
    pub hours: Option<String>,
}

impl Says {
    /// What the event holds of it, and what is written with it.
    pub fn about(&self, teacher: PersonId) -> serde_json::Result<(TextRef, PersonWrite)> {
        Ok(text_about(teacher, &serde_json::to_string(self)?))
    }
}

impl TeacherCard {
    /// The card of somebody; none where there is none, or where it was erased.
    pub async fn of(ctx: &Context<'_>, teacher: PersonId) -> async_graphql::Result<Option<Self>> {
        let Some((_, says, changed_at)) = known(ctx, teacher).await? else { return Ok(None) };
        Ok(Some(Self { says, changed_at }))
    }
}

async fn known(
    ctx: &Context<'_>,
    teacher: PersonId,
) -> async_graphql::Result<Option<(TextRef, Says, DateTime)>> {
    let document = ctx.document::<TeacherCards>(teacher).await?;
    let Some((card, changed_at)) =
        document.and_then(|known| Some((known.card.clone()?, DateTime(known.changed_at))))
    else {
        return Ok(None);
    };
    let Some(text) = ctx.text(card.id).await? else { return Ok(None) };
    let says = serde_json::from_str(&text).map_err(|_| internal())?;
    Ok(Some((card, says, changed_at)))
}

input! {
    /// What a teacher tells of themself: all of it, in the place of what was told before.
    SetTeacherCardInput {
        /// Whose card it is, where a registrar sets it; one's own otherwise.
        person_id: Option<ID>,
        /// Where and how long they have taught and worked.
        experience: Option<String>,
        /// What they are good at.
        #[graphql(default)]
        competences: Vec<String>,
        /// What they have achieved: degrees, papers, prizes.
        achievements: Option<String>,
        /// The e-mail address at which students reach them.
        email: Option<String>,
        /// The phone number.
        phone: Option<String>,
        /// The room.
        room: Option<String>,
        /// When they are to be found there.
        hours: Option<String>,
    }
}

payload! {
    /// What came of it.
    TeacherCardPayload {
        /// Whose card it is.
        person: Person,
    }
}

/// What teachers tell of themselves.
#[derive(Default)]
pub struct TeacherCardMutations;

#[Object]
impl TeacherCardMutations {
    /// Sets one's own teacher's card, or a registrar that of any teacher; the same again changes nothing.
    async fn set_teacher_card(
        &self,
        ctx: &Context<'_>,
        input: SetTeacherCardInput,
    ) -> async_graphql::Result<Option<TeacherCardPayload>> {
        let done = run(ctx, &input, async {
            let person = own_or_anybodys(ctx, input.person_id.as_ref())?;
            let says = says(&input)?;
            // Digests are salted: that it is the same again, only the text itself tells.
            let (card, text) = match known(ctx, person).await? {
                Some((card, now, _)) if now == says => (card, None),
                _ => {
                    let (card, text) = says.about(person).map_err(|_| internal())?;
                    (card, Some(text))
                }
            };
            let set = AccountCommand::SetCard { person, card };
            Ok(Plan::of(vec![set.of(person)], person).writing(text))
        })
        .await?;
        let person = done.shown(0).map(Person);
        Ok(Some(TeacherCardPayload::of(done, person)))
    }
}

fn says(input: &SetTeacherCardInput) -> Result<Says, Fault> {
    if input.competences.len() > MOST_COMPETENCES {
        return Err(Fault::out_of_range("competences", 0, MOST_COMPETENCES));
    }
    let long = |text: &Option<String>, field| {
        let text = text.as_deref().map(|text| long(text, field)).transpose()?;
        Ok::<_, Fault>(text.map(Into::into))
    };
    let short_or_none = |text: &Option<String>, field| {
        Ok::<_, Fault>(optional_short(text.as_ref(), field)?.map(Into::into))
    };
    let competences = input.competences.iter().map(|text| short(text, "competences"));
    Ok(Says {
        experience: long(&input.experience, "experience")?,
        competences: competences.map(|text| Ok(text?.into())).collect::<Result<_, Fault>>()?,
        achievements: long(&input.achievements, "achievements")?,
        email: short_or_none(&input.email, "email")?,
        phone: short_or_none(&input.phone, "phone")?,
        room: short_or_none(&input.room, "room")?,
        hours: short_or_none(&input.hours, "hours")?,
    })
}
