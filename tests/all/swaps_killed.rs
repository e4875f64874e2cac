//! `kill -9` again and again while students change their streams, lecture and laboratory at once, and wait where there
//! is no seat: each has one seat of each component at any time, the same in the streams, in the registration and on the
//! plan, and nobody waits where a seat is free.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use oqu::config::Config;
use rand::Rng;
use serde_json::json;

use crate::{
    campus::{Campus, Registered, register},
    killing::{AtWork, started_again, until_killed},
    program,
    server::{Client, answer, text},
};

tests! { both { a_swap_that_is_killed_loses_no_seat } }

const STUDENTS: usize = 6;
const SWAPS: usize = 40;
const GROUPS: usize = 3;
/// So few that some swaps find no seat.
const SEATS: usize = 3;

/// A lecture with its laboratory.
type Group = [String; 2];

/// A student at work.
struct Desk {
    student: Client,
    registered: Registered,
    groups: Arc<[Group]>,
    left: usize,
    /// The group that was acknowledged last.
    held: usize,
    /// The group that was asked for when the server went away.
    unknown: Option<usize>,
    refused: usize,
}

impl AtWork for Desk {
    fn has_work(&self) -> bool {
        self.left > 0
    }

    async fn work(mut self, url: Arc<str>, count: Arc<AtomicUsize>) -> Self {
        let student = self.student.at(&url);
        while self.left > 0 {
            let other = (self.held + rand::rng().random_range(1..GROUPS)) % GROUPS;
            match swap(&student, &self.registered, &self.groups[other]).await {
                Some(Ok(())) => self.held = other,
                Some(Err(code)) => {
                    // A seat that was held for them a second ago is told of too.
                    let expected = ["STREAM_FULL", "SEATS_HELD", "OFFER_LAPSED"];
                    assert!(expected.contains(&code.as_str()), "{code}");
                    self.refused += 1;
                    let [lecture, _] = &self.groups[other];
                    let line = json!({"enrollment": self.registered.enrollment, "stream": lecture});
                    // Refused where the seat has been given up meanwhile, or who waits does so already.
                    if answer(student.operation("JoinWaitingList", line)).await.is_err() {
                        return self;
                    }
                }
                None => {
                    self.unknown = Some(other);
                    return self;
                }
            }
            self.left -= 1;
            count.fetch_add(1, Ordering::Relaxed);
        }
        self
    }
}

/// Done, or why not; none where the server went away before it answered.
async fn swap(
    student: &Client,
    registered: &Registered,
    group: &Group,
) -> Option<Result<(), String>> {
    let wanted = json!({"enrollment": registered.enrollment, "streams": group});
    let answer = answer(student.operation("ChooseStreams", wanted)).await.ok()?;
    // Of two full streams both are told; a fault has no payload.
    Some(match answer.root()["userErrors"].as_array().map(Vec::as_slice) {
        Some([]) => Ok(()),
        Some([first, ..]) => Err(text(&first["code"])),
        None => Err(answer.code()),
    })
}

async fn a_swap_that_is_killed_loses_no_seat(config: Config) {
    let campus = Campus::open(&config).await;
    let rules = json!({"offerHoldsSeconds": 1});
    campus.regulation("2021", "2021-09-01".parse().unwrap(), rules).await;
    let term = campus.open_term("Күз", -30, 90).await;
    let subject = campus.subject("MATH1", 5, &[]).await;
    let mut groups = Vec::new();
    for name in ["A", "B", "C"] {
        let lecture = campus.stream(&subject, &term, name, json!({"limit": SEATS})).await;
        let more = json!({"kind": "LABORATORY", "parentId": lecture, "limit": SEATS});
        let laboratory = campus.stream(&subject, &term, name, more).await;
        groups.push([lecture, laboratory]);
    }
    let groups: Arc<[Group]> = groups.into();
    let mut desks = Vec::new();
    for number in 0..STUDENTS {
        let student = campus.student(&format!("Студент-{number}")).await;
        let registered = register(&student, &subject, &term).await;
        let held = number % GROUPS;
        assert_eq!(swap(&student, &registered, &groups[held]).await, Some(Ok(())));
        let groups = Arc::clone(&groups);
        let (left, unknown, refused) = (SWAPS, None, 0);
        desks.push(Desk { student, registered, groups, left, held, unknown, refused });
    }
    let registrar = campus.registrar.clone();
    drop(campus);

    let mut kills = 0;
    while desks.iter().any(Desk::has_work) {
        desks = until_killed(&config, desks, 5..40).await;
        kills += 1;
        let server = started_again(&config).await;
        must_agree(&mut desks, &groups, &registrar.at(server.url())).await;
    }
    assert!(kills > 3, "the server was killed under way");
    let refused: usize = desks.iter().map(|desk| desk.refused).sum();
    let proof = program::answer(&config, &["audit"]);
    println!("{} swaps over {kills} kills, {refused} refused\n{proof}", STUDENTS * SWAPS);
}

/// Each student is in one group, the acknowledged one or the one in doubt, wherever one looks.
async fn must_agree(desks: &mut [Desk], groups: &[Group], registrar: &Client) {
    let roster =
        "query($id: ID!) { stream(id: $id) { seats { taken held waiting } roster { id } } }";
    let mut seats = BTreeMap::<String, BTreeSet<String>>::new();
    for stream in groups.iter().flatten() {
        let found = registrar.ask(roster, json!({"id": stream})).await;
        let seated = found["roster"].as_array().unwrap();
        assert_eq!(found["seats"]["taken"], seated.len());
        let [held, waiting] = ["held", "waiting"].map(|number| &found["seats"][number]);
        let given = seated.len() as u64 + held.as_u64().unwrap();
        assert!(given <= SEATS as u64, "oversold: {found}");
        assert!(given == SEATS as u64 || *waiting == 0, "nobody moves up: {found}");
        for enrollment in seated {
            seats.entry(text(&enrollment["id"])).or_default().insert(stream.clone());
        }
    }
    let both = "query($enrollment: ID!, $iep: ID!) { \
        node(id: $enrollment) { ... on Enrollment { streams { id } } } \
        iep(id: $iep) { streams { id } } }";
    for desk in desks {
        let Registered { enrollment, iep } = &desk.registered;
        let held = &seats[enrollment];
        let asked = json!({"enrollment": enrollment, "iep": iep});
        let found = registrar.send(both, asked).await.body["data"].clone();
        for place in ["node", "iep"] {
            let streams = found[place]["streams"].as_array().unwrap().iter();
            let streams: BTreeSet<_> = streams.map(|stream| text(&stream["id"])).collect();
            assert_eq!(&streams, held, "{place} and the streams' seats");
        }
        let of = |group: &Group| *held == group.iter().cloned().collect();
        let group = groups.iter().position(of).unwrap_or_else(|| panic!("no group: {held:?}"));
        let possible = [Some(desk.held), desk.unknown.take()];
        assert!(possible.contains(&Some(group)), "{group}, not {possible:?}");
        desk.held = group;
    }
}
