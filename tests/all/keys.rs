//! The same request twice is done once, and answered the same.

use aggregates::shared::{PersonId, SubjectId};
use futures::future::join_all;
use oqu::{
    cabinet::Cabinet,
    commands::{CommandError, Transaction},
    config::Config,
};

use crate::{
    common::{ask, assert_dense, count, create, open_account, registrar, retitle, under_key},
    server::until,
};

tests! {
    both {
        the_same_request_again_is_answered_the_same,
        another_request_under_the_same_key_is_refused,
        twice_at_once_is_done_once,
        refusals_are_not_kept,
        a_success_without_events_is_kept,
        each_actor_has_keys_of_their_own,
        a_request_is_known_after_a_restart,
        a_key_is_kept_for_thirty_days,
    }
    postgres { twice_at_once_on_two_nodes_is_done_once }
}

/// Would be refused if it were done twice.
fn request(subject: SubjectId) -> Transaction {
    let request = under_key(ask([create(subject)]), "key-1", "digest of the request");
    Transaction { result_ids: vec![subject.to_string()], ..request }
}

/// The same request comes with other ids, because those are made anew each time.
async fn the_same_request_again_is_answered_the_same(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let (subject, another) = (SubjectId::new(), SubjectId::new());
    let first = cabinet.commands.execute(request(subject)).await.unwrap();
    assert_eq!(first.result_ids, [subject.to_string()]);
    cabinet.commands.execute(ask([retitle(subject, "Алгебра")])).await.unwrap();
    let again = cabinet.commands.execute(request(another)).await.unwrap();
    assert_eq!(again.result_ids, first.result_ids);
    assert_eq!((again.position, again.events), (first.position, 0));
    assert_eq!(assert_dense(&cabinet.database).await, 2);
    assert_eq!(count(&cabinet.database, "commands").await, 1);
}

async fn another_request_under_the_same_key_is_refused(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let other = || under_key(ask([create(SubjectId::new())]), "key-1", "of another request");
    // At once in one batch, and again behind it.
    let (first, second) = tokio::join!(
        cabinet.commands.execute(request(SubjectId::new())),
        cabinet.commands.execute(other())
    );
    first.unwrap();
    for reused in [second, cabinet.commands.execute(other()).await] {
        assert!(matches!(reused, Err(CommandError::KeyReused)), "{reused:?}");
    }
    assert_eq!(assert_dense(&cabinet.database).await, 1);
}

async fn twice_at_once_is_done_once(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let same = (0..20).map(|_| cabinet.commands.execute(request(SubjectId::new())));
    let done: Vec<_> = join_all(same).await.into_iter().map(Result::unwrap).collect();
    assert!(done.iter().all(|receipt| receipt.result_ids == done[0].result_ids));
    assert_eq!(done.iter().map(|receipt| receipt.events).sum::<usize>(), 1);
    assert_eq!(assert_dense(&cabinet.database).await, 1);
}

async fn refusals_are_not_kept(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let subject = SubjectId::new();
    let request = || under_key(ask([retitle(subject, "Алгебра")]), "key-1", "digest");
    let refused = cabinet.commands.execute(request()).await;
    assert!(matches!(refused, Err(CommandError::Refused(_))), "{refused:?}");
    assert_eq!(count(&cabinet.database, "commands").await, 0);
    cabinet.commands.execute(ask([create(subject)])).await.unwrap();
    assert_eq!(cabinet.commands.execute(request()).await.unwrap().events, 1);
}

async fn a_success_without_events_is_kept(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let person = PersonId::new();
    cabinet.commands.execute(ask([open_account(person)])).await.unwrap();
    let request = |body| under_key(ask([open_account(person)]), "key-1", body);
    let first = cabinet.commands.execute(request("digest")).await.unwrap();
    cabinet.commands.execute(ask([create(SubjectId::new())])).await.unwrap();
    let again = cabinet.commands.execute(request("digest")).await.unwrap();
    assert_eq!((first.position, first.events), (again.position, again.events));
    let reused = cabinet.commands.execute(request("another")).await;
    assert!(matches!(reused, Err(CommandError::KeyReused)), "{reused:?}");
}

async fn each_actor_has_keys_of_their_own(config: Config) {
    let cabinet = Cabinet::open(config).await.unwrap();
    let actors = [registrar(PersonId::new()), registrar(PersonId::new())];
    let requests = actors.map(|actor| {
        let request = Transaction { actor, ..request(SubjectId::new()) };
        cabinet.commands.execute(request)
    });
    for done in join_all(requests).await {
        assert_eq!(done.unwrap().events, 1);
    }
    assert_eq!(assert_dense(&cabinet.database).await, 2);
}

async fn a_request_is_known_after_a_restart(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let first = cabinet.commands.execute(request(SubjectId::new())).await.unwrap();
    cabinet.close().await;
    let cabinet = Cabinet::open(config).await.unwrap();
    let again = cabinet.commands.execute(request(SubjectId::new())).await.unwrap();
    assert_eq!(again.result_ids, first.result_ids);
    assert_eq!(assert_dense(&cabinet.database).await, 1);
}

async fn twice_at_once_on_two_nodes_is_done_once(config: Config) {
    let nodes = [
        Cabinet::open(config.clone()).await.unwrap(),
        Cabinet::open(config.clone()).await.unwrap(),
    ];
    for round in 0..100 {
        let subject = SubjectId::new();
        let request = || {
            let key = format!("key-{round}");
            under_key(ask([create(subject)]), &key, "digest")
        };
        let done = join_all(nodes.iter().map(|node| node.commands.execute(request()))).await;
        let done: Vec<_> = done.into_iter().map(Result::unwrap).collect();
        assert_eq!(done[0].events + done[1].events, 1);
        assert_eq!(done[0].result_ids, done[1].result_ids);
    }
    assert_eq!(assert_dense(&nodes[0].database).await, 100);
}

async fn a_key_is_kept_for_thirty_days(config: Config) {
    const DAY: i64 = 24 * 60 * 60 * 1_000_000;
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let request = |key| under_key(ask([create(SubjectId::new())]), key, "digest");
    for (key, days) in [("old", 31), ("older", 400), ("young", 29)] {
        cabinet.commands.execute(request(key)).await.unwrap();
        let aged = "UPDATE commands SET recorded_at = recorded_at - $1 WHERE key = $2";
        cabinet.database.execute(aged, &[(days * DAY).into(), key.into()]).await.unwrap();
    }
    cabinet.close().await;
    let cabinet = Cabinet::open(config).await.unwrap();
    assert!(cabinet.commands.execute(request("young")).await.unwrap().again);
    until("old keys are forgotten", async || count(&cabinet.database, "commands").await == 1).await;
    for (key, again) in [("old", false), ("older", false), ("young", true)] {
        assert_eq!(cabinet.commands.execute(request(key)).await.unwrap().again, again, "{key}");
    }
}
