//! The command line where it can't go on: it says why on standard error, and ends non-zero.

use std::{fs, net::TcpListener, process::Command, time::Instant};

use oqu::{cabinet::Cabinet, config::Config};
use url::Url;

use crate::{
    program::oqu,
    server::{Server, create_account},
};

tests! {
    both {
        a_port_in_use_is_named,
        a_database_of_a_newer_version_is_left_alone,
        an_account_needs_a_login_and_a_password,
    }
    sqlite {
        a_data_folder_that_cant_be_written_is_named,
        a_second_server_on_the_same_folder_is_refused,
        a_configuration_that_cant_be_read_is_named,
        a_store_of_files_that_cant_be_had_is_named,
        an_unreachable_postgres_is_tried_again_and_then_refused,
    }
}

fn serve(config: &Config) -> Command {
    oqu(config, &["serve", "--listen", "127.0.0.1:0"])
}

/// What a command that fails says.
fn failure(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "it went on: {said}");
    assert!(output.stdout.is_empty());
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// Its last line, which is the message.
fn message(command: &mut Command) -> String {
    failure(command).lines().last().unwrap_or_default().to_owned()
}

async fn a_port_in_use_is_named(config: Config) {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = message(&mut oqu(&config, &["serve", "--listen", &address]));
    assert!(said.starts_with(&format!("oqu: can't listen on {address}: ")), "{said}");
}

async fn a_database_of_a_newer_version_is_left_alone(config: Config) {
    let cabinet = Cabinet::open(config.clone()).await.unwrap();
    let newer = cabinet.database.pick(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'of tomorrow', true, '\\x00', 0)",
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'of tomorrow', true, x'00', 0)",
    );
    cabinet.database.execute(newer, &[]).await.unwrap();
    cabinet.close().await;
    let said = message(&mut serve(&config));
    assert!(said.contains("newer version") && said.contains("9999"), "{said}");
}

async fn an_account_needs_a_login_and_a_password(config: Config) {
    for (role, login, password, wanted) in [
        ("auditor", "a", "1234567", "at least 8 characters"),
        ("auditor", "a", "", "at least 8 characters"),
        ("auditor", "a", &*"x".repeat(201), "at most 200 characters"),
        ("auditor", " ", "12345678", "login is empty"),
        ("emperor", "a", "12345678", "no role `emperor`"),
    ] {
        let output = create_account(&config, role, login, password);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(wanted), "{said}");
    }
}

async fn a_data_folder_that_cant_be_written_is_named(config: Config) {
    // A file where the folder should be: nobody can write there, root neither.
    let file = config.data.with_file_name("file");
    fs::write(&file, "").unwrap();
    let data = file.join("data");
    let config = Config { data: data.clone(), ..config };
    let wanted = format!("oqu: the data folder {} can't be written: ", data.display());
    let said = message(&mut serve(&config));
    assert!(said.starts_with(&wanted), "{said}");
    let output = create_account(&config, "auditor", "a", "12345678");
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().starts_with(&wanted));
}

async fn a_second_server_on_the_same_folder_is_refused(config: Config) {
    let first = Server::start(&config);
    let wanted =
        format!("oqu: the data folder {} is in use by another oqu process", config.data.display());
    let said = message(&mut serve(&config));
    assert_eq!(said, wanted);
    drop(first);
    Server::start(&config);
}

async fn a_store_of_files_that_cant_be_had_is_named(config: Config) {
    let elsewhere = Url::parse("gs://bucket/files").ok();
    let said = message(&mut serve(&Config { files: elsewhere, ..config.clone() }));
    assert!(said.starts_with("oqu: the store of files: "), "{said}");
    Server::start(&config);
}

async fn a_configuration_that_cant_be_read_is_named(config: Config) {
    let file = config.data.with_file_name("oqu.toml");
    let with_file = || {
        let mut command = serve(&config);
        command.arg("--config").arg(&file);
        command
    };
    assert!(failure(&mut with_file()).contains("oqu.toml"));
    for (text, wanted) in [
        ("unheard = 1", "unheard"),
        ("session_hours = \"long\"", "session_hours"),
        ("time_zone = \"Asia/Atlantis\"", "Asia/Atlantis"),
    ] {
        fs::write(&file, text).unwrap();
        let said = failure(&mut with_file());
        assert!(said.contains(wanted), "{said}");
    }
    // One database, wherever on the line the two are named.
    for line in [
        ["--database-url", "postgres://localhost/x", "serve"],
        ["serve", "--database-url", "postgres://localhost/x"],
    ] {
        let said = failure(&mut oqu(&config, &line));
        assert!(said.contains("cannot be used with"), "{said}");
    }
    let said = failure(&mut serve(&Config { database_url: Some("nonsense".into()), ..config }));
    assert!(said.contains("the database URL can't be read"), "{said}");
}

async fn an_unreachable_postgres_is_tried_again_and_then_refused(config: Config) {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://oqu@127.0.0.1:{free}/oqu");
    let config = Config { database_url: Some(url), ..config };
    let began = Instant::now();
    let said = failure(&mut serve(&config));
    assert!(said.contains("trying again"), "{said}");
    let last = said.lines().last().unwrap();
    assert!(last.starts_with("oqu: the database can't be reached: "), "{last}");
    assert!(last.contains("refused"), "{last}");
    assert!((5..60).contains(&began.elapsed().as_secs()));
}
