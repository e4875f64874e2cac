//! The result of a test enters the journal as the mark that it stands for (manual 2.13).

use aggregates::{
    Act, Event,
    enrollment::{EnrollmentCommand, NewMark},
    shared::{MarkId, Recorded},
    test_attempt::{TestAttemptCommand, TestAttemptEvent},
};

use super::{Hindrance, reactions::Reaction, transaction};
use crate::{cabinet::Cabinet, commands::CommandError, regulation};

/// Enters the mark of a result that stands; where the journal refuses it, the test says why.
pub(super) struct Marks;

impl Reaction for Marks {
    const NAME: &'static str = "marks";
    const CAUSE: &'static str = "TestAttemptConcluded";

    async fn react(cabinet: &Cabinet, recorded: &Recorded) -> Result<(), Hindrance> {
        let Event::TestAttempt(TestAttemptEvent::Concluded { series, result, title, kind, period }) =
            &recorded.event
        else {
            return Ok(());
        };
        let day = cabinet.time_zone.to_datetime(recorded.recorded_at).date();
        let mark = NewMark {
            id: MarkId::of_series(series.id),
            kind: *kind,
            period: period.map(i32::from),
            title: Some(title.clone()),
            percent: result.percent.into(),
            weight: None,
            day,
        };
        let id = mark.id;
        let told = |refused| TestAttemptCommand::NoteMark { mark: id, refused }.of(series.id);
        let cause = recorded.position.to_string();
        let ask = async |acts: Vec<Act>| {
            let asked = transaction(Self::NAME, &cause, recorded.position, acts);
            cabinet.commands.execute(asked).await
        };
        let refused = match regulation::of_term(&cabinet.views, series.term).await? {
            None => "REGULATION_MISSING".to_owned(),
            Some(rules) => {
                let today = cabinet.today().max(day);
                let record = EnrollmentCommand::RecordMark { mark, today, rules };
                match ask(vec![record.of(series.enrollment), told(None)]).await {
                    Ok(_) => return Ok(()),
                    Err(CommandError::Refused(refusal)) => refusal.code.to_owned(),
                    Err(hindrance) => return Err(hindrance.into()),
                }
            }
        };
        ask(vec![told(Some(refused))]).await?;
        Ok(())
    }
}
