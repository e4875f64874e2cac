//! Where the server's programs are, and as whom they run.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
};

const MISSING: &str = "PostgreSQL's server programs (initdb, pg_ctl, postgres) are missing; looked \
                       at `pg_config --bindir`, /usr/lib/postgresql/*/bin and PATH; on Debian: \
                       apt-get install postgresql";

/// The folder with all programs of the server.
pub(crate) fn folder() -> io::Result<PathBuf> {
    let configured = output(Command::new("pg_config").arg("--bindir")).map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    configured
        .into_iter()
        .chain(debian_folders())
        .chain(env::split_paths(&path))
        .find(|folder| is_complete(folder))
        .ok_or_else(|| io::Error::other(MISSING))
}

/// One of the programs that come with the server, as `pg_dump`.
pub fn program(name: &str) -> io::Result<PathBuf> {
    let program = folder()?.join(name);
    match program.is_file() {
        true => Ok(program),
        false => Err(io::Error::other(format!("{} is missing", program.display()))),
    }
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file())
}

/// Where Debian puts them, the newest first.
fn debian_folders() -> impl Iterator<Item = PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let number = |name: &std::ffi::OsStr| name.to_str().and_then(|name| name.parse().ok());
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((number(&entry.file_name())?, entry.path().join("bin"))))
        .collect();
    folders.sort();
    folders.into_iter().rev().map(|(_, folder)| folder)
}

/// A command that runs a program, as an ordinary user where we are root: PostgreSQL refuses root.
pub(crate) fn as_ordinary_user(program: &str) -> io::Result<Command> {
    if output(Command::new("id").arg("-u")).as_deref() != Some("0") {
        return Ok(Command::new(program));
    }
    let user = ["postgres", "nobody"]
        .into_iter()
        .find(|user| output(Command::new("id").args(["-u", user])).is_some())
        .ok_or_else(|| io::Error::other("we are root, and there is no user postgres or nobody"))?;
    let group = output(Command::new("id").args(["-g", user])).unwrap_or_default();
    let mut command = Command::new("setpriv");
    command.args([format!("--reuid={user}"), format!("--regid={group}")]);
    command.args(["--clear-groups", program]);
    Ok(command)
}

/// What a program prints; none where it fails, or is not there.
fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
