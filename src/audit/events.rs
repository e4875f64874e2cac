//! The events: each decodes, positions and sequences are dense, and every signature fits the bytes
//! that were signed.

use std::collections::HashMap;

use aggregates::{
    Event,
    iep::IepEvent,
    shared::{Digest, IepId, Position, Recorded},
};

use super::{
    Code, Finding, Findings,
    scratch::{note, noted},
};
use crate::{
    database::{StoreError, Transaction},
    log::StoredEvent,
};

/// The events as they pass.
#[derive(Default)]
pub(super) struct Events {
    /// How many have passed.
    pub(super) seen: u64,
    /// How many aggregates they belong to.
    pub(super) aggregates: u64,
    last: Position,
}

impl Events {
    /// Lets a page of events pass, and returns those that could be decoded.
    pub(super) async fn check(
        &mut self,
        scratch: &mut Transaction,
        events: &[StoredEvent],
        findings: &mut Findings,
    ) -> Result<Vec<Recorded>, StoreError> {
        for event in events {
            self.check_position(event.position, findings);
        }
        self.check_sequences(scratch, events, findings).await?;
        let recorded: Vec<_> = events.iter().flat_map(|event| decode(event, findings)).collect();
        check_signatures(scratch, &recorded, findings).await?;
        Ok(recorded)
    }

    /// All have passed; `count` and `max` are what the database says of them.
    pub(super) fn finish(&self, count: i64, max: i64, findings: &mut Findings) {
        if count != max || count.unsigned_abs() != self.seen {
            let message = format!("there are {count} events, and the last position is {max}");
            findings.add(Code::EventCountDiffers, message);
        }
    }

    fn check_position(&mut self, position: Position, findings: &mut Findings) {
        if position.0 != self.last.0 + 1 {
            let message = format!("position {position} follows position {}", self.last);
            findings.at(Code::PositionsNotDense, position, message);
        }
        self.last = position;
        self.seen += 1;
    }

    async fn check_sequences(
        &mut self,
        scratch: &mut Transaction,
        events: &[StoredEvent],
        findings: &mut Findings,
    ) -> Result<(), StoreError> {
        let mut last = noted(scratch, events.iter().map(aggregate)).await?;
        for event in events {
            let key = aggregate(event);
            let before = last.insert(key.clone(), event.sequence.to_string());
            self.aggregates += u64::from(before.is_none());
            let before = before.unwrap_or_else(|| "0".into());
            if before.parse() != Ok(event.sequence - 1) {
                let (code, position) = (Code::SequencesNotDense, event.position);
                let message = format!(
                    "event {position} is number {} of {key}, and follows number {before}",
                    event.sequence
                );
                let position = Some(position);
                findings.push(Finding { code, position, view: None, key: Some(key), message });
            }
        }
        note(scratch, &last).await
    }
}

/// Whose event it is; it never reads like the name of a revision below.
fn aggregate(event: &StoredEvent) -> String {
    format!("{}/{}", event.aggregate_type, event.aggregate_id)
}

fn decode(event: &StoredEvent, findings: &mut Findings) -> Vec<Recorded> {
    let position = event.position;
    let recorded = match event.decode() {
        Ok(recorded) => recorded,
        Err(error) => {
            findings.at(Code::EventUnreadable, position, error.to_string());
            return vec![];
        }
    };
    let student = recorded.iter().find_map(|recorded| recorded.event.student());
    let student = student.map(|student| student.to_string());
    if student != event.student {
        let or_none = |student: &Option<String>| student.clone().unwrap_or_else(|| "none".into());
        let message = format!(
            "event {position} is about the student {}, its row says {}",
            or_none(&student),
            or_none(&event.student)
        );
        findings.at(Code::StudentDiffers, position, message);
    }
    recorded
}

/// Each signature's digest is that of the bytes which the revision's first one carries.
async fn check_signatures(
    scratch: &mut Transaction,
    events: &[Recorded],
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let signed: Vec<_> = events.iter().filter_map(signature).collect();
    if signed.is_empty() {
        return Ok(());
    }
    let mut known = noted(scratch, signed.iter().map(Signature::revision)).await?;
    for signature in signed {
        signature.check(&mut known, findings);
    }
    note(scratch, &known).await
}

/// What a signature says.
struct Signature<'a> {
    position: Position,
    iep: IepId,
    revision: u32,
    digest: &'a Digest,
    /// The digest of the bytes that it carries.
    carried: Option<Digest>,
}

fn signature(recorded: &Recorded) -> Option<Signature<'_>> {
    let Event::Iep(IepEvent::Signed { iep, revision, digest, signed, .. }) = &recorded.event else {
        return None;
    };
    let carried = signed.as_ref().map(|bytes| bytes.digest());
    let position = recorded.position;
    Some(Signature { position, iep: *iep, revision: *revision, digest, carried })
}

impl Signature<'_> {
    fn revision(&self) -> String {
        format!("revision {} of Iep/{}", self.revision, self.iep)
    }

    fn check(self, known: &mut HashMap<String, String>, findings: &mut Findings) {
        let key = self.revision();
        if let Some(carried) = self.carried {
            known.entry(key.clone()).or_insert_with(|| carried.to_string());
        }
        let (code, what) = match known.get(&key) {
            Some(bytes) if bytes == self.digest.as_str() => return,
            Some(_) => (Code::SignatureDiffers, "does not fit the bytes that were signed"),
            None => (Code::SignatureWithoutBytes, "has no bytes to fit"),
        };
        let message = format!("signature {} of {key} {what}", self.position);
        let position = Some(self.position);
        findings.push(Finding { code, position, view: None, key: Some(key), message });
    }
}
