//! `oqu person erase`: somebody is forgotten, and the log stays as it is (DESIGN.md section 3, *People*).

use std::process::ExitCode;

use aggregates::{
    account::AccountCommand,
    shared::{PersonId, Text},
};
use projections::account::Accounts;

use super::Outcome;
use crate::{
    cabinet::Cabinet,
    commands::{Actor, Transaction},
    config::{Config, Flags},
    people::{PersonWrite, overwrite, people, text_about},
};

/// What `person` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Person {
    #[command(subcommand)]
    command: PersonCli,
}

#[derive(Debug, clap::Subcommand)]
enum PersonCli {
    /// Delete name, contacts, login and texts of a person for ever; their record stays, of an erased
    /// person
    Erase(Erase),
}

#[derive(Debug, clap::Args)]
struct Erase {
    /// The person's id
    #[arg(value_name = "ID")]
    person: PersonId,
    /// Why; it stays on record
    #[arg(long)]
    reason: String,
}

impl Person {
    pub(super) async fn run(self, flags: &Flags) -> Outcome {
        let PersonCli::Erase(erase) = self.command;
        erase.run(Config::load(flags, None)?).await
    }
}

impl Erase {
    async fn run(self, config: Config) -> Outcome {
        let reason = Text::long(&self.reason)
            .map_err(|_| "the reason is empty, too long, or holds control characters")?;
        let cabinet = Cabinet::open(config).await?;
        let done = erase(&cabinet, self.person, &reason).await;
        cabinet.close().await;
        println!("{}", done?);
        Ok(ExitCode::SUCCESS)
    }
}

/// Erases the person, and says what became of it.
async fn erase(
    cabinet: &Cabinet,
    person: PersonId,
    reason: &Text,
) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let account = cabinet.views.get::<Accounts>(&person.to_string()).await?;
    if account.as_ref().is_some_and(|account| account.erased) {
        return Ok(format!("{person} was erased before"));
    }
    let known = people(&cabinet.database, &[person]).await?;
    if account.is_none() && known.is_empty() {
        return Err(format!("there is nobody with the id {person}").into());
    }
    let (reason, text) = text_about(person, reason.as_str());
    let erased = PersonWrite::Erase { person, reason: reason.id };
    let act = AccountCommand::Erase { person, reason }.of(person);
    let mut transaction = Transaction::of(Actor::command_line("person erase"), vec![act]);
    transaction.people = vec![erased, text];
    let (receipt, _) = cabinet.execute(transaction).await?;
    let files = cabinet.files.sweep_gone().await?;
    overwrite(&cabinet.database).await?;
    let position = receipt.position;
    Ok(format!("{person} is erased, at position {position}; files deleted: {files}"))
}
