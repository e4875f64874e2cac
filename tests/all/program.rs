//! The program itself, as it is called.

use std::process::{Command, Output, Stdio};

use oqu::config::Config;

/// `oqu` with these arguments, on the database of a test.
pub fn oqu(config: &Config, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oqu"));
    command.args(arguments).env_remove("DATABASE_URL").stdin(Stdio::null());
    if let Some(files) = &config.files {
        command.env("OQU_FILES", files.as_str());
    }
    match &config.database_url {
        Some(url) => command.args(["--database-url", url]),
        None => command.arg("--data").arg(&config.data),
    };
    command
}

/// What it comes to.
pub fn run(config: &Config, arguments: &[&str]) -> Output {
    oqu(config, arguments).output().unwrap()
}

/// What it answers; it has to end well.
pub fn answer(config: &Config, arguments: &[&str]) -> String {
    let output = run(config, arguments);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}
