//! Golden files: every event type in every version, as it lies in the log.
//!
//! `golden/<EventType>.v<version>.json` is a list of samples, written by hand and never by a test.
//! An event that is stored can't be changed, so a failing test here asks for a new version, or for
//! the old shape back. The file of a version that is no longer written stays: upcasters read it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use aggregates::{
    Event, State,
    iep::IepEvent,
    past::FORMER,
    request::{Matter, RequestEvent},
    shared::{AttemptId, EnrollmentId, IepId, Overridable, RequestId, Role, SeriesId, Weekday},
    syllabus::SyllabusOf,
};
use serde_json::{Value, json};

/// An event type and a version.
type Name = (String, u32);

/// The samples of each file, by the name it has.
fn files() -> BTreeMap<Name, Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let (event_type, version) = name
                .strip_suffix(".json")
                .and_then(|name| name.split_once(".v"))
                .and_then(|(event_type, version)| Some((event_type, version.parse().ok()?)))
                .unwrap_or_else(|| panic!("{name} is not named EventType.vVERSION.json"));
            let samples = serde_json::from_str(&fs::read_to_string(&path).unwrap())
                .unwrap_or_else(|error| panic!("{name} is not a list of samples: {error}"));
            ((event_type.to_owned(), version), samples)
        })
        .collect()
}

/// Every event type with its aggregate type and the version that is written now.
fn catalogue() -> BTreeMap<&'static str, (&'static str, u32)> {
    let of = |(aggregate, types): &(&'static str, &'static [(&'static str, &'static str)])| {
        let aggregate = *aggregate;
        types.iter().map(move |(name, version)| (*name, (aggregate, version.parse().unwrap())))
    };
    Event::CATALOGUE.iter().flat_map(of).collect()
}

/// The samples of the versions that are written now, with what the catalogue says of them.
fn current() -> Vec<(&'static str, &'static str, u32, Vec<Value>)> {
    let mut files = files();
    catalogue()
        .into_iter()
        .filter_map(|(name, (aggregate, version))| {
            let samples = files.remove(&(name.to_owned(), version))?;
            Some((name, aggregate, version, samples))
        })
        .collect()
}

#[test]
fn event_types_are_unique_over_all_aggregates() {
    let all: usize = Event::CATALOGUE.iter().map(|(_, types)| types.len()).sum();
    assert_eq!(catalogue().len(), all);
}

#[test]
fn every_event_type_and_version_has_its_samples() {
    let files = files();
    for (name, (_, newest)) in catalogue() {
        for version in 1..=newest {
            let samples = files.get(&(name.to_owned(), version)).map_or(0, Vec::len);
            assert!(
                samples > 0,
                "write tests/golden/{name}.v{version}.json: a list of samples as they are stored, \
                 in the first of which no field is null"
            );
        }
    }
}

#[test]
fn every_file_is_of_a_known_event_type_and_version() {
    let catalogue = catalogue();
    for (name, version) in files().into_keys() {
        let current = catalogue.get(&*name).is_some_and(|(_, newest)| *newest == version);
        assert!(current || is_former(&name, version), "there is no version {version} of {name}");
    }
}

/// Whether that shape was written once and is no longer.
fn is_former(name: &str, version: u32) -> bool {
    let version = version.to_string();
    FORMER.iter().any(|former| (former.event_type, former.version) == (name, &*version))
}

#[test]
fn every_former_shape_has_its_samples_and_is_written_no_longer() {
    let (files, catalogue) = (files(), catalogue());
    for former in FORMER {
        let version: u32 = former.version.parse().unwrap();
        let name = (former.event_type.to_owned(), version);
        assert!(files.get(&name).is_some_and(|samples| !samples.is_empty()), "{name:?}: no file");
        let newest = catalogue.get(former.event_type).map_or(u32::MAX, |(_, newest)| *newest);
        assert!(version < newest, "{name:?} is what is written now");
    }
}

/// What the samples of a former shape say, as it would be stored now.
fn said_now(aggregate: &str, name: &str, version: u32) -> Vec<Vec<Value>> {
    let samples = files().remove(&(name.to_owned(), version)).unwrap();
    let read =
        |sample: &Value| Event::read(aggregate, name, &version.to_string(), &sample.to_string());
    let now = |event: &Event| serde_json::from_str(&event.encode().unwrap()).unwrap();
    samples.iter().map(|sample| read(sample).unwrap().iter().map(now).collect()).collect()
}

#[test]
fn a_period_of_old_is_for_everybody_and_has_no_title() {
    let now = said_now("AcademicCalendar", "AcademicCalendarPeriodSet", 1).concat();
    let then = &files()[&("AcademicCalendarPeriodSet".to_owned(), 1)];
    assert_eq!(now.len(), then.len());
    for (now, then) in now.iter().zip(then) {
        let (now, then) = (&now["PeriodSet"], &then["PeriodSet"]);
        let audience = json!({"programmes": [], "years_of_study": []});
        let period = json!({
            "kind": then["kind"], "title": null, "titles": {}, "audience": audience,
            "window": then["window"],
        });
        assert_eq!(now, &json!({"year": 2026, "term": then["term"], "period": period}));
    }
}

/// Of each the samples of the version before, with `titles` where they are now.
#[test]
fn what_had_one_title_is_called_nothing_in_languages() {
    for (aggregate, name, former, place) in [
        ("AcademicCalendar", "AcademicCalendarTermAdded", 1, "/TermAdded/term"),
        ("AcademicCalendar", "AcademicCalendarTermRevised", 1, "/TermRevised/term"),
        ("AcademicCalendar", "AcademicCalendarPeriodSet", 2, "/PeriodSet/period"),
        ("AcademicCalendar", "AcademicCalendarPeriodRemoved", 1, "/PeriodRemoved/period"),
        ("Programme", "ProgrammeCreated", 1, "/Created/card"),
        ("Programme", "ProgrammeRevised", 1, "/Revised/card"),
        ("Programme", "ProgrammeCurriculumSet", 1, "/CurriculumSet/curriculum/groups/0"),
        ("Programme", "ProgrammeCurriculumSet", 1, "/CurriculumSet/curriculum/groups/1"),
    ] {
        let then = &files()[&(name.to_owned(), former)];
        let mut now = said_now(aggregate, name, former).concat();
        for (now, then) in now.iter_mut().zip(then) {
            let titled = now.pointer_mut(place).unwrap().as_object_mut().unwrap();
            assert_eq!(titled.remove("titles"), Some(json!({})), "{name}");
            assert_eq!(Some(&Value::Object(titled.clone())), then.pointer(place), "{name}");
        }
        assert_eq!(now.len(), then.len(), "{name}");
    }
}

#[test]
fn a_change_of_settings_of_old_says_language_and_topics() {
    let now = said_now("Student", "StudentSettingsChanged", 1);
    let student = "f38b2ffc-80a4-4f5a-91c9-bc701e7ea419";
    let all = ["grades", "plans", "timetable", "tests", "theses", "requests", "news", "messages"];
    let said = |language: Option<&str>, muted: &[&str]| {
        vec![
            json!({"LanguageChosen": {"student": student, "language": language}}),
            json!({"TopicsMuted": {"student": student, "muted": muted}}),
        ]
    };
    let expected = [
        said(Some("kk"), &all),
        said(Some("ru"), &[]),
        said(Some("en"), &["news"]),
        said(None, &[]),
    ];
    assert_eq!(now, expected);
}

#[test]
fn what_a_subject_asked_for_no_longer_was_called_otherwise() {
    let now = said_now("Subject", "SubjectRevised", 1).concat();
    assert_eq!(now, files()[&("SubjectRevised".to_owned(), 2)]);
}

#[test]
fn what_was_imported_of_a_stream_was_all_that_was_said() {
    let now = said_now("Stream", "StreamImported", 1).concat();
    assert_eq!(now, files()[&("StreamImported".to_owned(), 1)]);
}

#[test]
fn who_left_a_line_of_old_had_the_same_reasons() {
    let now = said_now("Stream", "StreamLineLeft", 1).concat();
    assert_eq!(now, files()[&("StreamLineLeft".to_owned(), 1)]);
}

#[test]
fn who_returned_of_old_was_counted_on() {
    let now = said_now("Student", "StudentReturned", 1).concat();
    assert_eq!(now, files()[&("StudentReturned".to_owned(), 2)][1..]);
}

#[test]
fn a_change_of_stream_of_old_is_of_one_stream() {
    let now = said_now("Request", "RequestOpened", 1).concat();
    assert_eq!(now, files()[&("RequestOpened".to_owned(), 2)][..4]);
}

#[test]
fn what_a_newer_program_wrote_is_named() {
    let told = |name: &str, version: &str, payload: &str| {
        Event::read("Subject", name, version, payload).unwrap_err().to_string()
    };
    let newer = "its version 3 is newer than version 2, which this oqu knows; use a newer one";
    assert_eq!(told("SubjectRevised", "3", "{}"), newer);
    // Also where its payload could be read.
    let offered = &files()[&("SubjectOffered".to_owned(), 1)][0].to_string();
    let newer = "its version 2 is newer than version 1, which this oqu knows; use a newer one";
    assert_eq!(told("SubjectOffered", "2", offered), newer);
    let unknown = "no event type SubjectPraised is known; a newer oqu may have written it";
    assert_eq!(told("SubjectPraised", "1", "{}"), unknown);
    assert_eq!(told("SubjectCreated", "1", offered), "its payload is SubjectOffered version 1");
}

#[test]
fn every_sample_is_read_and_written_again_as_it_lies() {
    for (name, aggregate, version, samples) in current() {
        for sample in samples {
            let event = Event::decode(aggregate, &sample.to_string())
                .unwrap_or_else(|error| panic!("{name} can't be read any more: {error}: {sample}"));
            assert_eq!(event.type_and_version(), (name, &*version.to_string()));
            let again: Value = serde_json::from_str(&event.encode().unwrap()).unwrap();
            assert_eq!(again, sample, "{name} is written otherwise now: it needs a new version");
        }
    }
}

#[test]
fn the_first_sample_of_a_file_leaves_nothing_out() {
    fn has_null(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Array(values) => values.iter().any(has_null),
            Value::Object(fields) => fields.values().any(has_null),
            _ => false,
        }
    }
    for (name, _, _, samples) in current() {
        assert!(!samples.first().is_some_and(has_null), "{name}: a field of the first is null");
    }
}

/// A variant that no sample has could change its name unseen.
#[test]
fn the_samples_have_every_variant_of_what_lies_in_events() {
    let roles: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
    let weekdays: Vec<_> =
        Weekday::ALL.iter().map(|day| serde_json::to_value(day).unwrap()).collect();
    let weekdays: Vec<_> = weekdays.iter().map(|day| day.as_str().unwrap()).collect();
    let marks =
        ["current", "practice", "laboratory", "self_work", "midterm", "rating", "exam", "retake"];
    let periods = [
        "registration",
        "choosing_streams",
        "add_drop",
        "study",
        "controls",
        "exams",
        "holidays",
        "other",
    ];
    let languages = ["kk", "ru", "en"];
    let documents =
        ["title_page", "assignment", "abstract", "supervisor_review", "review", "appendices"];
    let topics =
        ["grades", "plans", "timetable", "tests", "theses", "requests", "news", "messages"];
    let requirements = [
        "all",
        "any",
        "not",
        "passed",
        "registered_now",
        "not_registered_with",
        "year_of_study_at_least",
        "credits_gathered",
        "in_programme",
        "in_group",
        "approved_by_head",
    ];
    let overridable: Vec<_> = Overridable::ALL.iter().map(|reason| reason.name()).collect();
    let expected: [(&str, &str, &[&str]); 31] = [
        ("AcademicCalendarPeriodSet", "kind", &periods),
        ("AcademicCalendarTermAdded", "kind", &["semester", "summer", "year"]),
        ("AccountRoleGranted", "role", &roles),
        ("EnrollmentAttendanceRecorded", "attendance", &["present", "absent", "excused"]),
        ("EnrollmentMarkRecorded", "kind", &marks),
        ("IepRevisionOpened", "cause", &["add_drop", "sent_back", "registrar"]),
        ("RegulationPublished", "outcome", &["passed", "retake", "failed"]),
        ("StreamOpened", "kind", &["lecture", "practice", "laboratory", "class"]),
        ("StreamOpened", "weekday", &weekdays),
        ("StreamSittingScheduled", "kind", &["exam", "control", "consultation"]),
        (
            "StreamLineLeft",
            "why",
            &["seated", "withdrew", "declined", "lapsed", "dropped", "closed", "not_studying"],
        ),
        ("TestCreated", "key", &["single", "multiple", "numeric"]),
        ("TestAttemptAnswerSaved", "answer", &["options", "number"]),
        ("TestAttemptEnded", "ending", &["submitted", "out_of_time", "abandoned"]),
        ("ThesisCheckOpened", "kind", &["coursework", "diploma", "dissertation"]),
        ("ThesisCheckOpened", "documents", &documents),
        ("ThesisCheckOpened", "originality_from", &["coursework", "diploma", "dissertation"]),
        ("ThesisCheckAttemptOpened", "payment", &["free", "paid"]),
        (
            "ThesisCheckDocumentAdded",
            "kind",
            &["title_page", "appendices", "pdf", "docx", "png", "jpeg"],
        ),
        ("ThesisCheckDecided", "verdict", &["passed", "failed"]),
        ("ThesisCheckWorkUploaded", "language", &languages),
        ("StudentLanguageChosen", "language", &languages),
        ("StudentTopicsMuted", "muted", &topics),
        ("SubjectDescribed", "language", &languages),
        ("SubjectRequirementSet", "requirement", &requirements),
        ("StudentHoldPlaced", "kind", &["debt", "library", "discipline"]),
        ("EnrollmentOverridden", "code", &overridable),
        ("ProgrammeCurriculumSet", "choice", &["subjects", "credits"]),
        ("RequestOpened", "matter", &["add_drop"]),
        ("RequestOpened", "change", &["swap", "give_up", "add", "change_stream"]),
        ("RequestOpened", "language", &languages),
    ];
    let current = current();
    for (name, field, variants) in expected {
        let (.., samples) = current.iter().find(|(known, ..)| *known == name).unwrap();
        let mut found = BTreeSet::new();
        samples.iter().for_each(|sample| gather(sample, field, &mut found));
        assert_eq!(found, variants.iter().copied().collect(), "{name}: {field}");
    }
}

/// The variants under every field of that name: a text, or the name of what carries more.
fn gather<'a>(value: &'a Value, field: &str, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| gather(value, field, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(variant) if name == field => {
                        found.insert(variant);
                    }
                    Value::Array(variants) if name == field => {
                        found.extend(variants.iter().filter_map(Value::as_str));
                    }
                    Value::Object(variant) if name == field => {
                        found.extend(variant.keys().map(String::as_str));
                    }
                    _ => gather(value, field, found),
                }
            }
        }
        _ => {}
    }
}

/// Ids that are derived find the same aggregate for ever.
#[test]
fn derived_ids_are_the_ones_in_the_log() {
    for (name, aggregate, _, samples) in current() {
        let read = |sample: &Value| Event::decode(aggregate, &sample.to_string()).unwrap();
        for sample in &samples {
            let Some(fields) = sample.as_object().and_then(|event| event.values().next()) else {
                continue;
            };
            let id = |of: &Value, name: &str| of[name].as_str().map(str::to_owned);
            if let (Some(iep), Some(student)) = (id(fields, "iep"), id(fields, "student")) {
                assert_eq!(IepId::of(student.parse().unwrap(), 2026).to_string(), iep, "{name}");
            }
            let series = &fields["series"];
            if let (Some(found), Some(student), Some(test)) =
                (id(series, "id"), id(series, "student"), id(series, "test"))
            {
                let derived = SeriesId::of(student.parse().unwrap(), test.parse().unwrap());
                assert_eq!(derived.to_string(), found, "{name}");
                let attempt = id(fields, "attempt").or(id(&fields["attempt"], "id"));
                let first = AttemptId::of(derived, 1).to_string();
                assert!(attempt.is_none_or(|attempt| attempt == first), "{name}");
            }
            if let Event::Request(RequestEvent::Opened { of, matter, .. }) = read(sample) {
                let Matter::AddDrop(add_drop) = matter;
                assert_eq!(RequestId::of(add_drop.change.about(), 1), of.request, "{name}");
            }
            if let Event::Syllabus(event) = read(sample) {
                assert_eq!(
                    SyllabusOf::of(event.of().subject, event.of().term),
                    event.of(),
                    "{name}"
                );
            }
            let taken = &fields["taken"];
            if let (Some(enrollment), Some(student), Some(subject), Some(term)) = (
                id(taken, "enrollment"),
                id(taken, "student"),
                id(taken, "subject"),
                id(taken, "term"),
            ) {
                let derived = EnrollmentId::of(
                    student.parse().unwrap(),
                    subject.parse().unwrap(),
                    term.parse().unwrap(),
                );
                assert_eq!(derived.to_string(), enrollment, "{name}");
            }
        }
    }
}

#[test]
fn the_digest_of_a_signature_is_the_one_of_its_bytes() {
    let samples = current().into_iter().find(|(name, ..)| *name == "IepSigned").unwrap().3;
    let event = Event::decode("Iep", &samples[0].to_string()).unwrap();
    let Event::Iep(IepEvent::Signed { digest, signed: Some(bytes), .. }) = event else {
        panic!("the first sample is the first signature");
    };
    assert_eq!(digest, bytes.digest());
}

/// States are kept beside the log (`states/AGGREGATE.FORMAT.json` is what all samples make, in the order of
/// their names): a release must not read one that it would have folded otherwise.
#[test]
fn a_state_that_is_otherwise_now_has_another_format() {
    let current = current();
    let mut otherwise = vec![];
    for (aggregate, format) in State::FORMATS {
        let mut state = State::new(aggregate).unwrap();
        let theirs = current.iter().filter(|(_, of, ..)| of == aggregate);
        for sample in theirs.flat_map(|(.., samples)| samples) {
            state.apply(Event::decode(aggregate, &sample.to_string()).unwrap());
        }
        let written = state.write().unwrap();
        assert_eq!(State::read(aggregate, &written).unwrap().write().unwrap(), written);
        let name = format!("tests/states/{aggregate}.{format}.json");
        let kept = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&name));
        let kept = kept.ok().and_then(|kept| serde_json::from_str::<Value>(&kept).ok());
        let state: Value = serde_json::from_str(&written).unwrap();
        if kept.as_ref() != Some(&state) {
            otherwise.push(format!("{name}\n{}", serde_json::to_string_pretty(&state).unwrap()));
        }
    }
    let otherwise = otherwise.join("\n\n");
    assert!(otherwise.is_empty(), "raise the format at `aggregate!`, and write\n\n{otherwise}");
}
