//! Who may do what (DESIGN.md section 7): the whole table over HTTP, and whose record is whose.

use std::collections::{BTreeMap, BTreeSet};

use aggregates::shared::Role;
use oqu::{
    config::Config,
    identity::policy::{MUTATIONS, QUERIES, Rule, SUBSCRIPTIONS},
};
use serde_json::{Value, json};

use crate::{
    campus::{Taught, person},
    server::{Client, Server, account, answer, operation, text},
    streams::Events,
};

tests! {
    both { a_record_is_read_by_those_it_concerns }
    sqlite { every_root_field_is_for_whom_the_table_says, cookies_are_ignored }
}

async fn every_root_field_is_for_whom_the_table_says(config: Config) {
    for role in Role::ALL {
        account(&config, role.name(), role.name());
    }
    let server = Server::start(&config);
    let mut viewers = vec![(None, server.nobody())];
    for role in Role::ALL {
        viewers.push((Some(*role), server.sign_in(role.name()).await));
    }
    let schema = Schema::of(&server.nobody()).await;
    let mut wrong = Vec::new();
    for (kind, root, table) in [
        ("query", "Query", QUERIES),
        ("subscription", "Subscription", SUBSCRIPTIONS),
        ("mutation", "Mutation", MUTATIONS),
    ] {
        let mut fields = schema.fields(root);
        let rules: BTreeMap<_, _> = table.iter().copied().collect();
        let known: BTreeSet<_> = fields.iter().map(|field| text(&field["name"])).collect();
        let ruled: BTreeSet<_> = rules.keys().map(ToString::to_string).collect();
        assert_eq!(known, ruled, "{root}: a field without a rule, or a rule without a field");
        // Whoever signs out asks nothing more.
        fields.sort_by_key(|field| field["name"] == "signOut");
        for field in fields {
            let name = text(&field["name"]);
            let (query, variables) = schema.asked(kind, &field);
            for (role, viewer) in &viewers {
                let body = if kind == "subscription" {
                    let mut events = Events::follow(viewer, &query, variables.clone()).await;
                    events.next().await.expect("an answer").1
                } else {
                    viewer.send(&query, variables.clone()).await.body
                };
                let (found, wanted) = (refused_by_policy(&body), refusal(rules[&*name], *role));
                if found != wanted {
                    wrong.push(format!("{name} by {role:?}: {found:?}, not {wanted:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How the table has a role refused.
fn refusal(rule: Rule, role: Option<Role>) -> Option<&'static str> {
    match (rule, role) {
        (Rule::Anyone, _) | (Rule::SignedIn, Some(_)) => None,
        (Rule::Roles(roles), Some(role)) if roles.contains(&role) => None,
        (_, None) => Some("UNAUTHENTICATED"),
        (Rule::Roles(_), Some(_)) => Some("FORBIDDEN"),
    }
}

/// The code with which the policy turned a root field away, if it did.
fn refused_by_policy(body: &Value) -> Option<&str> {
    let errors = body["errors"].as_array().into_iter().flatten();
    let mut codes = errors.filter_map(|error| error["extensions"]["code"].as_str());
    codes.find(|code| ["UNAUTHENTICATED", "FORBIDDEN"].contains(code))
}

/// The schema as a client sees it, and requests made from it.
struct Schema(BTreeMap<String, Value>);

impl Schema {
    async fn of(client: &Client) -> Self {
        let one = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
        let query = format!(
            "{{ __schema {{ types {{ kind name isOneOf enumValues {{ name }} \
             fields {{ name type {{ {one} }} args {{ name type {{ {one} }} }} }} \
             inputFields {{ name type {{ {one} }} }} }} }} }}"
        );
        let schema = client.ask(&query, json!({})).await;
        let types = schema["types"].as_array().unwrap().iter();
        Self(types.map(|kind| (text(&kind["name"]), kind.clone())).collect())
    }

    fn fields(&self, name: &str) -> Vec<Value> {
        self.0[name]["fields"].as_array().unwrap().clone()
    }

    /// A request of a root field with a value for every argument that it needs.
    fn asked(&self, kind: &str, field: &Value) -> (String, Value) {
        let needed: Vec<_> = needed(&field["args"]).collect();
        let declared: Vec<_> =
            needed.iter().map(|(name, kind)| format!("${name}: {}", written(kind))).collect();
        let passed: Vec<_> = needed.iter().map(|(name, _)| format!("{name}: ${name}")).collect();
        let brackets = |inside: &[String]| match inside {
            [] => String::new(),
            some => format!("({})", some.join(", ")),
        };
        let query = format!(
            "{kind} Asked{} {{ {}{} {{ __typename }} }}",
            brackets(&declared),
            text(&field["name"]),
            brackets(&passed),
        );
        let values = needed.iter().map(|(name, kind)| (name.clone(), self.value(kind)));
        (query, Value::Object(values.collect()))
    }

    /// Some value of a type.
    fn value(&self, kind: &Value) -> Value {
        match kind["kind"].as_str() {
            Some("NON_NULL") => self.value(&kind["ofType"]),
            Some("LIST") => json!([self.value(&kind["ofType"])]),
            _ => self.named(&text(&kind["name"])),
        }
    }

    fn named(&self, name: &str) -> Value {
        let kind = &self.0[name];
        match (kind["kind"].as_str(), name) {
            (Some("ENUM"), _) => kind["enumValues"][0]["name"].clone(),
            (Some("INPUT_OBJECT"), _) if kind["isOneOf"] == true => {
                let one = &kind["inputFields"][0];
                json!({text(&one["name"]): self.value(&one["type"])})
            }
            (Some("INPUT_OBJECT"), _) => {
                let fields = needed(&kind["inputFields"]);
                fields.map(|(name, kind)| (name, self.value(&kind))).collect()
            }
            (_, "ID") => json!(uuid::Uuid::new_v4()),
            (_, "String" | "Upload") => json!("some text"),
            (_, "Boolean") => json!(true),
            (_, "Date") => json!("2026-09-01"),
            (_, "DateTime") => json!("2026-09-01T04:00:00Z"),
            (_, "LocalTime") => json!("09:00"),
            (_, "Int" | "Float" | "Percent" | "Points" | "Credits" | "Gpa" | "Position") => {
                json!(1)
            }
            other => panic!("no value of {other:?}"),
        }
    }
}

/// The arguments or input fields that can't be left out.
fn needed(arguments: &Value) -> impl Iterator<Item = (String, Value)> {
    let arguments = arguments.as_array().into_iter().flatten();
    let needed = arguments.filter(|argument| argument["type"]["kind"] == "NON_NULL");
    needed.map(|argument| (text(&argument["name"]), argument["type"].clone()))
}

/// A type as a query writes it.
fn written(kind: &Value) -> String {
    match kind["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&kind["ofType"])),
        Some("LIST") => format!("[{}]", written(&kind["ofType"])),
        _ => text(&kind["name"]),
    }
}

async fn cookies_are_ignored(config: Config) {
    account(&config, "auditor", "auditor");
    let server = Server::start(&config);
    let auditor = server.sign_in("auditor").await;
    let token = auditor.token.clone().unwrap();
    let with_cookies = |client: &Client| {
        let cookies = format!("token={token}; session={token}; Authorization=Bearer {token}");
        client.operation("Me", json!({})).header("Cookie", cookies)
    };
    let refused = answer(with_cookies(&server.nobody())).await.unwrap();
    assert_eq!(refused.code(), "UNAUTHENTICATED");
    assert_eq!(answer(with_cookies(&auditor)).await.unwrap().done()["id"], auditor.id);
    let signing_in = json!({
        "query": operation("SignIn"),
        "variables": {"login": "auditor", "password": crate::server::PASSWORD},
    });
    let response = server.nobody().request(signing_in.to_string()).send().await.unwrap();
    assert!(response.headers().get("set-cookie").is_none());
}

async fn a_record_is_read_by_those_it_concerns(config: Config) {
    let taught = Taught::open(&config).await;
    let Taught { campus, student, enrollment, iep, .. } = &taught;
    let administrator = &campus.administrator;
    let stranger = campus.student("Бөтен").await;
    let other_teacher = person(administrator, "Басқа", &["TEACHER"]).await;
    let other_advisor = person(administrator, "Өзге", &["ADVISOR"]).await;
    let librarian = person(administrator, "Кітапхана", &["LIBRARIAN"]).await;
    let readers = [
        (student, true),
        (&campus.advisor, true),
        (&campus.teacher, true),
        (&campus.registrar, true),
        (&campus.auditor, true),
        (&stranger, false),
        (&other_teacher, false),
        (&other_advisor, false),
        (&librarian, false),
        (administrator, false),
    ];
    let journal = |client: &Client| client.operation("Journal", json!({"student": student.id}));
    for (reader, may) in readers {
        let transcript = reader.operation("Transcript", json!({"student": student.id}));
        let trail = reader.operation("IepTrail", json!({"iep": iep}));
        let registration = "query($id: ID!) { enrollment(id: $id) { rating { first } } }";
        let registration = reader.operation(registration, json!({"id": enrollment}));
        for request in [journal(reader), transcript, trail, registration] {
            let answer = answer(request).await.unwrap();
            if may {
                answer.done();
            } else {
                assert_eq!(answer.code(), "FORBIDDEN", "{}", reader.id);
                assert_eq!(*answer.root(), json!(null));
            }
        }
    }

    // What is private of a person is for themself and for those who issue accesses.
    let contacts = "query($id: ID!) { person(id: $id) { displayName login student { id } } }";
    let ask = async |reader: &Client| reader.ask(contacts, json!({"id": stranger.id})).await;
    let name = "Бөтен Ерлан";
    let seen = json!({"displayName": name, "login": "бөтен", "student": {"id": stranger.id}});
    assert_eq!(ask(&campus.registrar).await, seen);
    let seen = json!({"displayName": name, "login": null, "student": null});
    assert_eq!(ask(&campus.teacher).await, seen);
}
