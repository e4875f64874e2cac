//! `oqu account create`: the way in on an empty database.

use std::{
    io::{IsTerminal, Read},
    process::ExitCode,
};

use aggregates::{
    account::AccountCommand,
    shared::{PersonId, Role, Text},
};

use super::Outcome;
use crate::{
    cabinet::Cabinet,
    commands::{Actor, CommandError, Transaction},
    config::{Config, Flags},
    identity::{PasswordFlaw, Passwords},
    people::{Details, PersonWrite, by_login},
};

/// What `account` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Account {
    #[command(subcommand)]
    command: AccountCli,
}

#[derive(Debug, clap::Subcommand)]
enum AccountCli {
    /// Make an account, or give one that exists another role; the password is asked for, or read
    /// from standard input
    Create(Create),
}

#[derive(Debug, clap::Args)]
struct Create {
    /// What the person may act as
    #[arg(long)]
    role: Role,
    /// The login
    #[arg(long)]
    login: String,
    /// The given name
    #[arg(long, default_value = "")]
    given_name: String,
    /// The family name; the login where none is stated
    #[arg(long)]
    family_name: Option<String>,
}

impl Account {
    pub(super) async fn run(self, flags: &Flags) -> Outcome {
        let AccountCli::Create(create) = self.command;
        create.run(Config::load(flags, None)?).await
    }
}

impl Create {
    async fn run(self, config: Config) -> Outcome {
        let login = Text::short(&self.login.to_lowercase())
            .map_err(|_| "the login is empty, too long, or holds control characters")?;
        let password = password()?;
        Passwords::check(&password).map_err(|flaw| match flaw {
            PasswordFlaw::TooShort { least } => {
                format!("a password has at least {least} characters")
            }
            PasswordFlaw::TooLong { most } => format!("a password has at most {most} characters"),
        })?;
        let hash = Passwords::new()?.hash(password).await?;
        let cabinet = Cabinet::open(config).await?;
        let role = self.role;
        let known = by_login(&cabinet.database, login.as_str()).await?;
        let person = known.unwrap_or_else(PersonId::new);
        let acts = vec![
            AccountCommand::Open { person }.of(person),
            AccountCommand::GrantRole { person, role }.of(person),
        ];
        let mut transaction = Transaction::of(Actor::command_line("account create"), acts);
        if known.is_none() {
            let family_name = self.family_name.unwrap_or_else(|| login.to_string());
            let (login, given_name) = (Some(login.to_string()), self.given_name);
            let details = Details { login, given_name, family_name, ..Details::default() };
            transaction.people.push(PersonWrite::Create(person, details));
        }
        transaction.people.push(PersonWrite::Password(person, hash));
        let done = cabinet.execute(transaction).await;
        cabinet.close().await;
        match done {
            Ok(_) => {
                println!("{person}");
                Ok(ExitCode::SUCCESS)
            }
            Err(CommandError::Refused(refusal)) => {
                Err(crate::messages::message(refusal.code, &refusal.facts).into())
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Asked for at a terminal, else the first line of standard input.
fn password() -> Result<String, std::io::Error> {
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password("Password: ");
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
