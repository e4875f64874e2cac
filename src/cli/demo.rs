//! `oqu demo`: the server on a small made-up university.

use std::net::SocketAddr;

use super::{Outcome, serve};
use crate::{
    cabinet::Cabinet,
    config::{Config, Flags},
    demo::{self, PASSWORD, SIGN_INS},
    log,
};

/// What `demo` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// The address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// What the university is made up from: the same seed, the same university
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Demo {
    pub(super) async fn run(self, flags: &Flags) -> Outcome {
        let config = Config::load(flags, self.listen)?;
        let listener = serve::listen(&config).await?;
        let cabinet = Cabinet::open(config).await?;
        if log::head(&cabinet.database).await?.position.0 == 0 {
            eprintln!("Making up a university of 30 students ...");
            demo::fill(&cabinet, self.seed).await?;
        }
        print!("{}", greeting(listener.local_addr()?));
        serve::serve(cabinet, listener).await
    }
}

/// The sign-ins, where to go, and what to try.
fn greeting(address: SocketAddr) -> String {
    let mut table = String::new();
    for (role, login, note) in SIGN_INS {
        table.push_str(&format!("  {:<20} {:<12} {PASSWORD:<14} {note}\n", role.name(), login));
    }
    format!(
        "\n  {:<20} {:<12} {:<14} what there is to see\n{table}\nGraphiQL: http://{address}/graphql\nConsole:  http://{address}/console\n{QUERIES}",
        "role", "login", "password"
    )
}

const QUERIES: &str = r#"
Three things to try there:

  1. Sign in; put the token into GraphiQL's headers as {"Authorization": "Bearer TOKEN"}.
     mutation { signIn(input: {login: "student", password: "demo-password"}) { session { token } userErrors { message } } }

  2. What can I take, and why not?
     { me { student { studyPlan { terms { term { title } credits { plan fact remainder }
       subjects { subject { code title } status registration { allowed reasons { message } } } } } } } }

  3. My transcript, with how each grade came about.
     { me { student { transcript { gpa periods { term { title }
       entries { code title grade percent superseded decision { rule facts { name value } } } } } } } }

Then take a test: the ids are in
     { me { student { dashboard { openTestCount comingEvents { kind title startsAt } }
       tests { test { id title minutes } status unavailableBecause { message } } } } }
and see what became of a thesis:
     { me { student { theses { title status threshold documents { kind files { name path } }
       attempts { number payment status originality similarity file { name } } } } } }

"#;
