//! The stable codes of the API, each with the rule it comes from: those of the aggregates, and its own.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use aggregates::shared::Code;
use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerResult, Value,
    parser::types::Field,
    registry::{Deprecation, MetaEnumValue, MetaType, MetaTypeId, Registry},
};
use async_trait::async_trait;

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
        "Of several this one could not be done now, or it is not known whether it was: the same again, under the \
         same idempotency key, does nothing twice.",
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
        "CLASSES_OUTSIDE",
        "manual 2.9",
        "A class is stated for weeks in which its day is none of the term's.",
    ),
    own(
        "STREAMS_AT_ONCE",
        "manual 2.4.1",
        "Students have two classes at once, by the days that terms have now.",
    ),
    own(
        "SEAT_KEPT",
        "manual 2.4.1",
        "Who studies no longer, or is on leave, still has a seat in a term that is not over.",
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
pub fn rule_of(code: &str) -> &'static str {
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
