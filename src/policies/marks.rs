//! The result of a test enters the journal as the mark that it stands for (manual 2.13).

use aggregates::{
    Act, Event,
    enrollment::{EnrollmentCommand, NewMark},
    shared::{MarkId, Recorded},
    test_attempt::{TestAttemptCommand, TestAttemptEvent},
};

use super::{Hindrance, transaction};
use crate::{cabinet::Cabinet, commands::CommandError, regulation};

const NAME: &str = "marks";

/// Enters the mark of a result that stands; where the journal refuses it, the test says why.
pub(super) async fn enter(cabinet: &Cabinet, recorded: &Recorded) -> Result<(), Hindrance> {
    let Event::TestAttempt(TestAttemptEvent::Concluded { series, .. }) = &recorded.event else {
        return Ok(());
    };
    let mark = MarkId::of_series(series.id);
    let told = |refused| TestAttemptCommand::NoteMark { mark, refused }.of(series.id);
    let cause = recorded.position.to_string();
    let ask = async |acts: Vec<Act>| {
        let asked = transaction(NAME, &cause, Some(recorded.position), acts);
        cabinet.commands.execute(asked).await
    };
    let refused = match record(cabinet, recorded, mark).await? {
        Some(record) => match ask(vec![record, told(None)]).await {
            Ok(_) => return Ok(()),
            Err(CommandError::Refused(refusal)) => refusal.code.to_owned(),
            Err(hindrance) => return Err(hindrance.into()),
        },
        None => "REGULATION_MISSING".to_owned(),
    };
    ask(vec![told(Some(refused))]).await?;
    Ok(())
}

/// The mark as it is asked of the registration; none where no regulation is in force in its term.
async fn record(
    cabinet: &Cabinet,
    recorded: &Recorded,
    id: MarkId,
) -> Result<Option<Act>, Hindrance> {
    let Event::TestAttempt(TestAttemptEvent::Concluded { series, result, title, kind, period }) =
        &recorded.event
    else {
        return Ok(None);
    };
    let Some(rules) = regulation::of_term(&cabinet.views, series.term).await? else {
        return Ok(None);
    };
    let day = cabinet.time_zone.to_datetime(recorded.recorded_at).date();
    let mark = NewMark {
        id,
        kind: *kind,
        period: period.map(i32::from),
        title: Some(title.clone()),
        percent: result.percent.into(),
        weight: None,
        day,
    };
    let today = cabinet.today().max(day);
    let record = EnrollmentCommand::RecordMark { mark, today, rules };
    Ok(Some(record.of(series.enrollment)))
}
