//! How the API says no: refusals as typed user errors, faults as top-level errors; each with a code
//! of one list, in the reader's language.

use std::{borrow::Cow, collections::HashMap, fmt::Display, sync::LazyLock};

use aggregates::shared::{Code, Fact, Refusal, TextFlaw};
use async_graphql::{
    ContextSelectionSet, ErrorExtensions, OutputType, Positioned, ServerResult, SimpleObject,
    Value,
    parser::types::Field,
    registry::{Deprecation, MetaEnumValue, MetaType, MetaTypeId, Registry},
};
use async_trait::async_trait;
use tracing::error;

use crate::{
    commands::CommandError,
    database::StoreError,
    identity::policy::Denied,
    messages,
    troubles::{self, Trouble},
};

/// The rule of what the API alone asks for.
const API: &str = "design 6";

/// What the API itself refuses, beside the aggregates' own codes.
const OWN_CODES: &[Code] = &[
    own("NOT_FOUND", API, "There is nothing with this id."),
    own("ID_MALFORMED", API, "This is no id."),
    own("TEXT_EMPTY", API, "The text is empty."),
    own("TEXT_TOO_LONG", API, "The text is too long."),
    own("TEXT_HAS_CONTROL_CHARACTERS", API, "The text holds control characters."),
    own(
        "FILE_NOT_SENT",
        "manual 2.11",
        "The request has no such file: files come by multipart requests.",
    ),
    own("FILE_EMPTY", "manual 2.11", "The file is empty."),
    own("FILE_TOO_LARGE", "manual 2.11", "The file is too large."),
    own(
        "FILE_KIND_NOT_TAKEN",
        "manual 2.11",
        "The file is of no kind that is taken, whatever its name says.",
    ),
    own("FILE_NAME_UNSAFE", "manual 2.11", "The file's name can't be one."),
    own("FILE_NAME_TOO_LONG", "manual 2.11", "The file's name is too long."),
    own("FILE_USED", "manual 2.11", "The file is used already, or was swept away meanwhile."),
    own("FILE_BROKE_OFF", "manual 2.11", "The file broke off on its way, or took too long."),
    own("NUMBER_OUT_OF_RANGE", API, "The number is out of range."),
    own(
        "AUDIENCE_EMPTY",
        "manual 2.9",
        "The audience says nothing: left out, a period is for everybody.",
    ),
    own("AUDIENCE_IS_NOBODY", "manual 2.9", "Nobody who studies now belongs to the audience."),
    own("NAMED_TWICE", API, "The same thing is named twice in one list."),
    own("TOO_MANY_AT_ONCE", API, "More was asked for at once than may be."),
    own(
        "TRY_AGAIN",
        "design 3",
        "Of several this one could not be done now, or it is not known whether it was: the same again, under the same idempotency key, does nothing twice.",
    ),
    own("NOT_YOURS", "design 7", "This is not yours to act on."),
    own("IDEMPOTENCY_KEY_REUSED", "design 3", "The idempotency key was used for another request."),
    own("LOGIN_TAKEN", "manual 1", "Somebody else has this login."),
    own("IIN_TAKEN", "design 3", "Somebody else has this IIN."),
    own("EXTERNAL_ID_TAKEN", "design 3", "Somebody else has this external id."),
    own("SIGN_IN_FAILED", "manual 1", "Login or password is wrong."),
    own("SIGN_IN_SLOWED", "design 7", "Too many sign-ins failed: try again later."),
    own("PASSWORD_WRONG", "manual 1", "The current password is wrong."),
    own("PASSWORD_TOO_SHORT", "design 7", "The password is too short."),
    own("PASSWORD_TOO_LONG", "design 7", "The password is too long."),
    own(
        "CALENDAR_LINKS_TOO_MANY",
        API,
        "There are as many links to the timetable as there may be.",
    ),
    own("ACCESS_INVALID", "manual 1", "The one-time access is unknown, used or run out."),
    own("LOGIN_MISSING", "manual 1", "The person has no login yet: state one."),
    own(
        "REGULATION_MISSING",
        "design 5",
        "No regulation is in force on the first day of the term.",
    ),
    own("CHOOSING_STREAMS_CLOSED", "manual 2.4.1", "The time for choosing streams is not now."),
    own(
        "STUDENT_STREAMS_CLASH",
        "manual 2.4.1",
        "A student of the stream would be in another one at the same time.",
    ),
    own(
        "TEACHER_TWICE_AT_ONCE",
        "manual 2.4",
        "A teacher of the stream has a class of another one at the same time.",
    ),
    own(
        "ROOM_TWICE_AT_ONCE",
        "manual 2.4",
        "Another stream meets in the same room at the same time.",
    ),
    own(
        "SITTINGS_AT_ONCE",
        "manual 2.4.2",
        "Students of the stream have another sitting at the same time.",
    ),
    own(
        "CLASS_AT_ONCE",
        "manual 2.4.2",
        "Students of the stream have a class at the time of the sitting.",
    ),
    own("ON_HOLIDAY", "manual 2.9", "The sitting is on a holiday."),
    own(
        "ROOM_TAKEN",
        "manual 2.4.2",
        "There is another sitting, or a class, in the room at the time of the sitting.",
    ),
    own(
        "TEACHER_ELSEWHERE",
        "manual 2.4.2",
        "A teacher of the stream has something else at the time of the sitting.",
    ),
    own(
        "SITTINGS_OUTSIDE",
        "manual 2.9",
        "A sitting is outside the term or its exams, as they are now.",
    ),
    own(
        "PARENT_UNSUITABLE",
        "manual 2.4.1",
        "A stream could never be taken together with this parent.",
    ),
    own("GROUP_CHOICE_UNCLEAR", "manual 2.3", "A group counts either subjects or credits."),
    own(
        "PREREQUISITE_FAILED",
        "manual 2.3.1",
        "A prerequisite of a subject on the plan was failed.",
    ),
    own(
        "PREREQUISITE_GIVEN_UP",
        "manual 2.3.1",
        "A prerequisite of a subject on the plan was given up.",
    ),
    own(
        "PROGRAMME_HEAD_MISSING",
        "manual 2.3.1",
        "Nobody heads the programme, who could approve it.",
    ),
    own("APPROVAL_NOT_NEEDED", "manual 2.3.1", "The subject asks for no approval."),
    own(
        "APPROVAL_WITHDRAWN",
        "manual 2.3.1",
        "The approval of a subject on the plan was taken back.",
    ),
    own(
        "COREQUISITE_GIVEN_UP",
        "manual 2.3.1",
        "A corequisite of a subject on the plan was given up.",
    ),
    own(
        "OVERRIDE_NOT_NEEDED",
        "manual 2.3.1",
        "Nothing of this kind speaks against the registration.",
    ),
    own(
        "IEP_PAPER_NOT_READY",
        "manual 2.3.2",
        "Not all have signed the revision: there is no paper of it.",
    ),
    own("SIGNATURE_SENT_BACK", "manual 2.3.2", "The revision was sent back."),
    own("SIGNATURE_SUPERSEDED", "manual 2.3.2", "A newer revision took this one's place."),
    own("SIGNATURE_DIGEST_DIFFERS", "manual 2.3.2", "The digest is not that of the signed bytes."),
];

const fn own(code: &'static str, rule: &'static str, meaning: &'static str) -> Code {
    Code { code, rule, meaning }
}

/// Every code that a user error can have.
pub fn all_codes() -> Vec<Code> {
    let mut codes = aggregates::refusal_codes();
    codes.extend_from_slice(OWN_CODES);
    codes
}

/// Where the rule behind a code comes from.
fn rule_of(code: &str) -> &'static str {
    static RULES: LazyLock<HashMap<&str, &str>> =
        LazyLock::new(|| all_codes().iter().map(|code| (code.code, code.rule)).collect());
    RULES.get(code).copied().unwrap_or(API)
}

/// A stable code; new ones may be added, none ever changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCode(pub &'static str);

#[async_trait]
impl OutputType for ErrorCode {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("ErrorCode")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Enum, |_| MetaType::Enum {
            name: "ErrorCode".into(),
            description: Some(
                "Why not: stable codes. New ones may be added, none ever changes its meaning."
                    .into(),
            ),
            enum_values: all_codes()
                .into_iter()
                .map(|code| (code.code.to_owned(), enum_value(&code)))
                .collect(),
            visible: None,
            inaccessible: false,
            tags: vec![],
            rust_typename: Some(std::any::type_name::<Self>()),
            directive_invocations: vec![],
            requires_scopes: vec![],
        })
    }

    async fn resolve(
        &self,
        _: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        Ok(Value::Enum(async_graphql::Name::new(self.0)))
    }
}

fn enum_value(Code { code, rule, meaning }: &Code) -> MetaEnumValue {
    MetaEnumValue {
        name: (*code).to_owned(),
        description: Some(format!("{} ({rule}).", meaning.trim().trim_end_matches('.'))),
        deprecation: Deprecation::NoDeprecated,
        visible: None,
        inaccessible: false,
        tags: vec![],
        directive_invocations: vec![],
    }
}

/// Something that was known when something was decided.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
#[graphql(name = "Fact")]
pub struct FactObject {
    /// What it is, in snake case; stable.
    pub name: String,
    /// What it was, as plain text, never localised.
    pub value: String,
}

impl From<&Fact> for FactObject {
    fn from(fact: &Fact) -> Self {
        Self { name: fact.name.clone(), value: fact.value.clone() }
    }
}

/// Why a command was refused, or what is worth a second look though it was not.
#[derive(Debug, Clone, SimpleObject)]
pub struct UserError {
    /// Stable; branch on it.
    pub code: ErrorCode,
    /// In the reader's language (`Accept-Language`).
    pub message: String,
    /// The input field it concerns, as a path.
    pub field: Option<Vec<String>>,
    /// What it was decided on.
    pub facts: Vec<FactObject>,
    /// Where the rule comes from.
    pub rule: String,
}

impl UserError {
    /// Whether it says that this is somebody else's.
    pub fn is_of_ownership(&self) -> bool {
        self.code.0 == "NOT_YOURS"
    }

    /// Whether another one is for the same reason, by the same facts.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.code == other.code && self.facts == other.facts
    }

    /// A refusal of an aggregate.
    pub fn of(refusal: &Refusal) -> Self {
        Self {
            code: ErrorCode(refusal.code),
            message: messages::message(refusal.code, &refusal.facts),
            field: refusal.field.map(path),
            facts: refusal.facts.iter().map(FactObject::from).collect(),
            rule: refusal.rule.to_owned(),
        }
    }

    /// The same of a stream that the input does not name by a field of its own.
    pub fn of_stream(mut self, stream: &str) -> Self {
        let stream = Fact::new("stream", stream);
        self.facts.push(FactObject::from(&stream));
        let told = [stream, Fact::new("message", &self.message)];
        self.message = messages::message("OF_STREAM", &told);
        self
    }

    /// The same of a student whom a list in the input names.
    pub fn of_student(mut self, student: &str) -> Self {
        let student = Fact::new("student", student);
        self.facts.push(FactObject::from(&student));
        let told = [student, Fact::new("message", &self.message)];
        self.message = messages::message("OF_STUDENT", &told);
        self
    }

    /// The same of an item of a list in the input.
    pub fn of_item(self, list: &str, place: usize) -> Self {
        Self { field: Some(vec![list.to_owned(), place.to_string()]), ..self }
    }

    /// A refusal of the API itself.
    pub fn own(code: &'static str, field: Option<&str>, facts: Vec<Fact>) -> Self {
        Self {
            code: ErrorCode(code),
            message: messages::message(code, &facts),
            field: field.map(path),
            facts: facts.iter().map(FactObject::from).collect(),
            rule: rule_of(code).to_owned(),
        }
    }
}

fn path(field: &str) -> Vec<String> {
    field.split('.').map(str::to_owned).collect()
}

/// Why a resolver stops: the user's error, or a top-level one.
#[derive(Debug)]
pub enum Fault {
    /// Something the user can mend.
    User(Vec<UserError>),
    /// A bug, a limit, or a missing right.
    Top(async_graphql::Error),
}

impl Fault {
    /// A user error of the API's own.
    pub fn user(code: &'static str, field: &str) -> Self {
        Self::User(vec![UserError::own(code, Some(field), vec![])])
    }

    /// The same with facts.
    pub fn with_facts(code: &'static str, field: Option<&str>, facts: Vec<Fact>) -> Self {
        Self::User(vec![UserError::own(code, field, facts)])
    }

    /// A number, or how many there are of something, outside what it may be.
    pub fn out_of_range(field: &str, least: impl Display, most: impl Display) -> Self {
        let facts = vec![Fact::new("least", least), Fact::new("most", most)];
        Self::with_facts("NUMBER_OUT_OF_RANGE", Some(field), facts)
    }

    /// A text that is due, and of which the field has nothing.
    pub fn no_text(field: &str) -> Self {
        Self::with_facts("TEXT_EMPTY", Some(field), vec![Fact::new("field", field)])
    }

    /// A text that is not taken.
    pub fn text(flaw: TextFlaw, field: &str) -> Self {
        match flaw {
            TextFlaw::Empty => Self::no_text(field),
            TextFlaw::Control => Self::user("TEXT_HAS_CONTROL_CHARACTERS", field),
            TextFlaw::TooLong { most, length } => {
                let facts = vec![Fact::new("most", most), Fact::new("length", length)];
                Self::with_facts("TEXT_TOO_LONG", Some(field), facts)
            }
        }
    }
}

impl From<async_graphql::Error> for Fault {
    fn from(error: async_graphql::Error) -> Self {
        Self::Top(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Top(store(&error))
    }
}

impl From<CommandError> for Fault {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Refused(refusal) => Self::User(vec![UserError::of(&refusal)]),
            CommandError::KeyReused => Self::user("IDEMPOTENCY_KEY_REUSED", "idempotencyKey"),
            CommandError::Taken(key) => taken(&key),
            CommandError::Busy => Self::Top(top(troubles::BUSY)),
            CommandError::Unavailable(cause) => {
                error!(%cause, "a command could not be written");
                Self::Top(top(troubles::NOTHING_WRITTEN))
            }
            CommandError::OutcomeUnknown { command_id, .. } => {
                let error = top(troubles::OUTCOME_UNKNOWN);
                Self::Top(
                    error.extend_with(|_, values| values.set("commandId", command_id.to_string())),
                )
            }
            CommandError::Defect(cause) => {
                error!(%cause, "a defect");
                Self::Top(internal())
            }
        }
    }
}

/// A unique key of `persons` that somebody else has.
fn taken(key: &str) -> Fault {
    if key.contains("login") {
        Fault::user("LOGIN_TAKEN", "login")
    } else if key.contains("iin") {
        Fault::user("IIN_TAKEN", "iin")
    } else if key.contains("external_id") {
        Fault::user("EXTERNAL_ID_TAKEN", "externalId")
    } else if key == "files_claimed" {
        Fault::user("FILE_USED", "file")
    } else {
        error!(key, "a key that no rule speaks of is taken");
        Fault::Top(internal())
    }
}

/// A top-level error with its code, in the reader's language.
pub fn top(trouble: Trouble) -> async_graphql::Error {
    top_of(trouble, &[])
}

/// The same with what its message tells.
pub fn top_of(trouble: Trouble, facts: &[Fact]) -> async_graphql::Error {
    coded(trouble.code, messages::message(trouble.message, facts))
}

fn coded(code: &'static str, message: String) -> async_graphql::Error {
    async_graphql::Error::new(message).extend_with(|_, values| values.set("code", code))
}

/// A user error where there is no payload to put it into.
pub fn untold(error: UserError) -> async_graphql::Error {
    coded(error.code.0, error.message)
}

/// What the reader is told of a defect; the log says more.
pub fn internal() -> async_graphql::Error {
    top(troubles::INTERNAL)
}

/// A database that fails.
pub fn store(error: &StoreError) -> async_graphql::Error {
    if let StoreError::Behind(_) = error {
        return not_reached();
    }
    error!(%error, "the database failed");
    match error {
        StoreError::Unavailable(_) => top(troubles::UNAVAILABLE),
        _ => internal(),
    }
}

/// A view that does not know enough of the log.
pub fn not_reached() -> async_graphql::Error {
    top(troubles::NOT_REACHED)
}

/// Whether that is what it says.
pub fn is_not_reached(error: &async_graphql::Error) -> bool {
    let code = error.extensions.as_ref().and_then(|values| values.get("code"));
    code == Some(&troubles::NOT_REACHED.code.into())
}

/// Whoever may not.
pub fn denied(denied: Denied) -> async_graphql::Error {
    top(match denied {
        Denied::Unauthenticated => troubles::UNAUTHENTICATED,
        Denied::Forbidden => troubles::FORBIDDEN,
    })
}

/// An id in a query that nothing has.
pub fn not_found() -> async_graphql::Error {
    top(troubles::NOT_FOUND)
}
