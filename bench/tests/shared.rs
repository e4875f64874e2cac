//! What the offline pass places of the real folders beside the project, in `../shared/data`. `.ci/with-shared` runs it.

use std::{path::Path, process::Command};

fn placed(folder: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(folder);
    let ran =
        Command::new(env!("CARGO_BIN_EXE_oqu-bench")).arg("greedy").arg(&folder).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap().trim().to_owned()
}

#[test]
fn the_offline_pass_places_what_it_always_has() {
    assert_eq!(placed("muni-fi-spr16"), "5747");
    assert_eq!(placed("bet-fal17"), "9320");
}
