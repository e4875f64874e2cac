//! That an inspection finds what the tests of faults are afraid of.

use std::collections::HashMap;

use aggregates::shared::SubjectId;
use oqu::{cabinet::Cabinet, config::Config};
use witnesses::{Inspection, Testimony, inspect};

use crate::common::{ask, create, retitle};

tests! { both { what_is_lost_doubled_or_differing_is_found } }

/// What is found where these were acknowledged, each with a position.
async fn found(config: &Config, acknowledged: &[(&str, i64)]) -> Inspection {
    let acknowledged = acknowledged.iter().map(|(key, position)| ((*key).to_owned(), *position));
    let acknowledged: HashMap<_, _> = acknowledged.collect();
    let told = Testimony { acknowledged, ..Testimony::default() };
    inspect(&config.location(), &told).await.unwrap()
}

async fn what_is_lost_doubled_or_differing_is_found(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let (one, other) = (SubjectId::new(), SubjectId::new());
    cabinet.execute(ask([create(one), retitle(one, "first")])).await.unwrap();
    cabinet.execute(ask([create(other), retitle(one, "second")])).await.unwrap();
    let clean = found(&config, &[("first", 2), ("second", 4)]).await;
    assert!(clean.is_clean() && clean.acknowledged == 2, "{clean}");

    // Both subjects were entered under one title.
    let doubled = found(&config, &[("Математикалық талдау", 1)]).await;
    assert_eq!(doubled.doubled, ["Математикалық талдау"]);

    let lost = found(&config, &[("first", 2), ("third", 4)]).await;
    assert_eq!(lost.lost, ["third"]);
    let too_late = found(&config, &[("second", 3)]).await;
    assert_eq!(too_late.lost, ["second"], "it was answered with a position before its own");

    let touch = "UPDATE subject_v3 SET version = version + 1";
    cabinet.database.execute(touch, &[]).await.unwrap();
    let differing = found(&config, &[]).await;
    assert_eq!(differing.views_differing, 2);
    assert!(!differing.is_clean() && !differing.findings.is_empty(), "{differing}");
}
