//! A registration that is given up waits no longer: it leaves the lines that it had joined (manual 2.4.1).

use aggregates::{Event, enrollment::EnrollmentEvent, shared::Recorded, stream::StreamCommand};
use projections::wish::Wishes;

use super::{Hindrance, reactions::Reaction, transaction};
use crate::cabinet::Cabinet;

/// How many lines of one registration are left.
const MOST_LINES: usize = 1_000;

/// Leaves the lines.
pub(super) struct Lines;

impl Reaction for Lines {
    const NAME: &'static str = "lines";
    const CAUSE: &'static str = "EnrollmentDropped";

    async fn react(cabinet: &Cabinet, recorded: &Recorded) -> Result<(), Hindrance> {
        let Event::Enrollment(EnrollmentEvent::Dropped { taken, .. }) = &recorded.event else {
            return Ok(());
        };
        let (enrollment, at) = (taken.enrollment, cabinet.now());
        let values = [enrollment.to_string().into()];
        let wishes =
            cabinet.views.list::<Wishes>("enrollment = $1", &values, "view_id", MOST_LINES);
        for (_, wish) in wishes.await?.documents {
            // Who registered again meanwhile may have joined again.
            let (Some(stream), true) = (wish.stream, wish.joined < recorded.position) else {
                continue;
            };
            if wish.ended.is_none() {
                let forget = StreamCommand::ForgetWish { stream, enrollment, at }.of(stream);
                let cause = format!("{}:{stream}", recorded.position);
                let asked = transaction(Self::NAME, &cause, recorded.position, vec![forget]);
                cabinet.commands.execute(asked).await?;
            }
        }
        Ok(())
    }
}
