use std::collections::{BTreeMap, BTreeSet};

use aggregates::{
    shared::{Code, DocumentKind, MarkKind, Overridable, Role},
    student::StudentStatus,
};

use super::*;

#[test]
fn every_code_has_a_message_in_every_language() {
    for (language, bundle) in LANGUAGES.iter().zip(BUNDLES.iter()) {
        for Code { code, .. } in crate::graphql::codes::all_codes() {
            assert!(bundle.has_message(code), "{code} in {}", language.name);
        }
    }
}

#[test]
fn all_that_is_told_at_the_top_has_a_message_in_every_language() {
    for (language, bundle) in LANGUAGES.iter().zip(BUNDLES.iter()) {
        for trouble in crate::troubles::ALL {
            let (code, key) = (trouble.code, trouble.message);
            assert!(bundle.has_message(key), "{code}, {key} in {}", language.name);
        }
    }
}

#[test]
fn every_kind_of_period_is_called_something_in_every_language() {
    for (language, bundle) in LANGUAGES.iter().map(|language| language.name).zip(BUNDLES.iter()) {
        for kind in aggregates::academic_calendar::PeriodKind::ALL {
            let code = format!("PERIOD_KIND_{}", kind.name().to_uppercase());
            assert!(bundle.has_message(&code), "{code} in {language}");
        }
    }
}

#[test]
fn every_change_that_can_be_asked_for_is_called_something_in_every_language() {
    use crate::graphql::AddDropKind;
    let called: BTreeSet<_> = <AddDropKind as async_graphql::resolver_utils::EnumType>::items()
        .iter()
        .map(|kind| {
            for (language, bundle) in LANGUAGES.iter().zip(BUNDLES.iter()) {
                let message = kind.value.message();
                assert!(bundle.has_message(message), "{message} in {}", language.name);
            }
            kind.value.message()
        })
        .collect();
    assert_eq!(called.len(), 4);
}

#[tokio::test]
async fn what_a_fact_is_made_of_is_told_in_the_readers_words() {
    let clash = [
        Fact::new("clashes", "all-2 monday 09:00-10:40"),
        Fact::new("meeting", "PHYS1 monday 10:00-11:00"),
        Fact::new("from", "10:00"),
        Fact::new("to", "10:40"),
        Fact::new("weeks", "1-3, 5"),
    ];
    let stream = Fact::new("stream", "MATH1, lecture A");
    let requirement = "any(passed MATH1, not(in_group monday-1))";
    let requirement = Fact::new("requirement", requirement);
    let until = "until 2026-09-01T04:00:00Z";
    let kept = Fact::new("kept", format!("7M05101, 2: 1 {until}; *, 3: 5 {until}"));
    let told = async |language| {
        for_reader(Some(language), async {
            [
                message("STREAMS_CLASH", &clash),
                message("PARENT_STREAM_NOT_CHOSEN", std::slice::from_ref(&stream)),
                message("REQUIREMENT_UNMET", std::slice::from_ref(&requirement)),
                message("SEATS_RESERVED", &[kept.clone(), Fact::new("free", 1)]),
            ]
        })
        .await
    };
    let [clash, parent, asked, kept] = told("ru").await;
    assert!(clash.starts_with("PHYS1 понедельник 10:00-11:00"), "{clash}");
    assert!(parent.ends_with("MATH1, лекция A."), "{parent}");
    let both = "all-2 понедельник 09:00-10:40: с 10:00 до 10:40, недели: 1-3, 5.";
    assert!(clash.ends_with(both), "{clash}");
    assert!(asked.ends_with("одно из (сдать MATH1, не (группа monday-1))."), "{asked}");
    let for_whom = "программа 7M05101, 2 курс: 1 место до 01.09.2026 04:00; \
                    любая программа, 3 курс: 5 мест до 01.09.2026 04:00.";
    assert!(kept.ends_with(for_whom), "{kept}");
    let [clash, parent, asked, kept] = told("kk").await;
    assert!(parent.ends_with("MATH1, дәріс A."), "{parent}");
    let both = "all-2 дүйсенбі 09:00-10:40 (ортақ уақыты: 10:00 – 10:40, апталар: 1-3, 5).";
    assert!(clash.ends_with(both), "{clash}");
    let wanted = "бірі (тапсыру: MATH1, мынау болмауы керек: (топ monday-1)).";
    assert!(asked.ends_with(wanted), "{asked}");
    let for_whom = "7M05101 бағдарламасы, 2-курс: 1 орын, 01.09.2026 04:00 уақытына дейін; \
                    кез келген бағдарлама, 3-курс: 5 орын, 01.09.2026 04:00 уақытына дейін.";
    assert!(kept.ends_with(for_whom), "{kept}");
}

#[test]
fn no_code_stands_twice() {
    let mut codes: Vec<_> =
        crate::graphql::codes::all_codes().iter().map(|known| known.code).collect();
    codes.sort_unstable();
    let count = codes.len();
    codes.dedup();
    assert_eq!(codes.len(), count);
}

/// The variables of each message.
fn variables(sources: [&str; 2]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::<_, BTreeSet<_>>::new();
    let mut code = String::new();
    for line in sources.into_iter().flat_map(str::lines).filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
            key.clone_into(&mut code);
        }
        let names = line.split('$').skip(1).map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            rest[..end.unwrap_or(rest.len())].to_owned()
        });
        found.entry(code.clone()).or_default().extend(names);
    }
    found
}

#[test]
fn every_language_says_the_same_and_names_the_same_facts() {
    let english = variables(LANGUAGES[0].sources);
    for language in &LANGUAGES[1..] {
        assert_eq!(variables(language.sources), english, "{}", language.name);
    }
}

/// Every text that the pages ask for is there, and no other.
#[test]
fn the_pages_say_what_there_is_to_say() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/console");
    let mut asked = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let keys = source.split('"').filter(|part| part.starts_with("page-"));
        asked.extend(keys.map(str::to_owned));
    }
    let there: BTreeSet<_> = variables(LANGUAGES[0].sources)
        .into_keys()
        .filter(|key| key.starts_with("page-"))
        .collect();
    assert_eq!(asked, there);
}

/// The texts of a source that are written as keys are.
fn keys(source: &str) -> impl Iterator<Item = &str> {
    let is_key = |text: &&str| {
        let mut letters = text.bytes();
        // A condition of a database is none.
        text.len() > 2
            && *text != "TRUE"
            && letters.all(|it| it.is_ascii_uppercase() || b"_8".contains(&it))
    };
    source.split('"').filter(is_key)
}

/// Every text that an import asks for is there, and no other.
#[test]
fn an_import_says_what_there_is_to_say() {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let there: BTreeSet<_> = variables(LANGUAGES[0].sources)
        .into_keys()
        .filter(|key| key.starts_with("IMPORT_"))
        .collect();
    let mut asked = BTreeSet::new();
    for file in std::fs::read_dir(sources.join("import")).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for key in keys(&source) {
            let named = [key.to_owned(), format!("IMPORT_{key}"), format!("IMPORT_HEAD_{key}")];
            let known: Vec<_> = named.into_iter().filter(|key| there.contains(key)).collect();
            let is_refusal =
                || crate::graphql::codes::all_codes().iter().any(|known| known.code == key);
            assert!(!known.is_empty() || is_refusal(), "{key} has no message");
            asked.extend(known);
        }
    }
    let line = std::fs::read_to_string(sources.join("cli/import.rs")).unwrap();
    asked.extend(keys(&line).filter(|key| key.starts_with("IMPORT_")).map(str::to_owned));
    assert_eq!(asked, there);
}

/// In English, Kazakh and Russian.
fn in_each(code: &str, facts: &[Fact]) -> [String; 3] {
    [0, 1, 2].map(|language| format(language, code, facts).unwrap())
}

#[test]
fn roles_are_named_as_the_language_names_them() {
    let facts = [Fact::new("waits_for", "advisor")];
    let [en, kk, ru] = in_each("SIGNATURE_OUT_OF_ORDER", &facts);
    assert_eq!(en, "The plan waits for the signature of the advisor first.");
    assert_eq!(kk, "Жоспарға алдымен эдвайзер қол қоюы керек.");
    assert_eq!(ru, "Сначала план должен подписать эдвайзер.");
}

/// The facts that are words of programs, with all that they can be.
fn programs_words() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    fn names<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|one| name(*one)).collect()
    }
    let marks = || names(MarkKind::ALL, MarkKind::name);
    let documents = || names(DocumentKind::ALL, DocumentKind::name);
    let reasons = names(Overridable::ALL, Overridable::name).into_iter().chain(["none"]);
    vec![
        ("ROLE_NOT_HELD", "role", names(Role::ALL, Role::name)),
        ("STUDENT_STATUS_FORBIDS", "status", names(StudentStatus::ALL, StudentStatus::name)),
        ("TEST_NOT_STUDYING", "status", names(StudentStatus::ALL, StudentStatus::name)),
        ("OVERRIDE_NOT_NEEDED", "reason", reasons.collect()),
        ("TEST_PERIOD_UNFIT", "kind", marks()),
        ("ENROLLMENT_HAS_MARKS", "first", marks()),
        ("RATING_PERIOD_NEEDED", "kind", vec!["current", "self_work", "midterm", "rating"]),
        ("WEIGHTS_DO_NOT_ADD_UP", "part", vec!["admission", "rating", "final_grade"]),
        ("THESIS_DOCUMENT_NOT_ASKED", "kind", documents()),
        ("THESIS_DOCUMENTS_MISSING", "missing", documents()),
        (
            "STREAM_COMPONENT_TWICE",
            "component",
            vec!["lecture", "practice", "laboratory", "seminar", "class"],
        ),
        ("page-verdict", "verdict", vec!["VALID", "SUPERSEDED", "SENT_BACK", "ERASED", "BROKEN"]),
    ]
}

#[test]
fn programs_words_are_told_in_the_readers() {
    for (code, name, values) in programs_words() {
        for value in values {
            let [en, kk, ru] = in_each(code, &[Fact::new(name, value)]);
            assert!(![&kk, &ru].iter().any(|told| told.contains(value)), "{kk}, {ru}");
            let is_code =
                value.contains('_') || value.starts_with(|first: char| first.is_ascii_uppercase());
            assert!(!is_code || !en.contains(value), "{en}");
        }
    }
    let [.., ru] = in_each("STREAM_COMPONENT_TWICE", &[Fact::new("component", "Clinic")]);
    assert_eq!(ru, "Берут один поток вида Clinic, а не два.");
    let clash = [
        ("clashes", "A sunday 9:00"),
        ("meeting", "B tuesday 9:00"),
        ("from", "09:00"),
        ("to", "10:00"),
        ("weeks", "every"),
    ];
    let clash = clash.map(|(name, value)| Fact::new(name, value));
    let [en, kk, ru] = in_each("STREAMS_CLASH", &clash);
    assert!(en.contains("Tuesday") && en.contains("Sunday"), "{en}");
    assert!(kk.contains("сейсенбі") && ru.contains("вторник"), "{kk}, {ru}");
}

#[test]
fn when_streams_are_chosen_is_told_where_it_is_known() {
    let told = |opens_at: &str, closes_at: &str| {
        let now = ("now", "2026-11-27T05:26:04Z");
        let facts = [("opens_at", opens_at), ("closes_at", closes_at), now];
        in_each("CHOOSING_STREAMS_CLOSED", &facts.map(|(name, value)| Fact::new(name, value)))
    };
    let [en, _, ru] = told("2026-11-01T00:00:00Z", "2026-11-27T05:26:03Z");
    let wanted = "until 2026-11-27 05:26:03, and now it is 2026-11-27 05:26:04.";
    assert!(en.ends_with(wanted), "{en}");
    assert!(ru.contains("с 01.11.2026 00:00:00 до 27.11.2026 05:26:03"), "{ru}");
    let [en, kk, _] = told("none", "none");
    assert!(en.ends_with("or in add/drop; it is neither now."), "{en}");
    assert!(kk.ends_with("қазір екеуі де емес."), "{kk}");
}

#[test]
fn seats_are_kept_for_a_programme_or_for_a_year_alone() {
    let until = "2026-09-01T04:00:00Z";
    for (kept, told) in [
        ("Informatics: 2", "2 for programme Informatics, until"),
        ("A, B: 2", "2 for programme A, B, until"),
        ("*: 1", "1 for all programmes, until"),
        ("*, 4: 1", "1 for all programmes, year 4, until"),
    ] {
        let facts = [Fact::new("kept", format!("{kept} until {until}")), Fact::new("free", 3)];
        let [en, ..] = in_each("SEATS_RESERVED", &facts);
        let wanted = format!("The 3 free seats are kept for others: {told} 2026-09-01 04:00.");
        assert_eq!(en, wanted);
    }
}

/// What a message says in Russian of so many, with its other facts.
fn counted(code: &str, counted: &str, number: &str, others: &[(&str, &str)]) -> [String; 3] {
    let facts = others.iter().copied().chain([(counted, number)]);
    in_each(code, &facts.map(|(name, value)| Fact::new(name, value)).collect::<Vec<_>>())
}

#[test]
fn what_is_counted_agrees_with_its_number() {
    let rest = [("planned", "28"), ("limit", "30")];
    for (number, wanted) in [
        ("1", "Ещё 1 кредит превысит предел периода"),
        ("3", "Ещё 3 кредита превысят предел периода"),
        ("5", "Ещё 5 кредитов превысят предел периода"),
        ("21", "Ещё 21 кредит превысит предел периода"),
        ("12", "Ещё 12 кредитов превысят предел периода"),
        ("2.50", "Ещё 2.50 кредита превысят предел периода"),
    ] {
        let [.., ru] = counted("CREDITS_OVER_LIMIT", "subject", number, &rest);
        assert_eq!(ru, format!("{wanted}: запланировано 28 из 30."));
    }
    let rest = [("held", "0"), ("limit", "0")];
    for (number, en, ru) in [
        ("1", "1 seat is taken and", "Занято 1 место и"),
        ("2", "2 seats are taken and", "Занято 2 места и"),
        ("11", "11 seats are taken and", "Занято 11 мест и"),
        ("101", "101 seats are taken and", "Занято 101 место и"),
    ] {
        let [english, _, russian] = counted("LIMIT_BELOW_SEATS", "taken", number, &rest);
        assert!(english.starts_with(en), "{english}");
        assert!(russian.starts_with(ru), "{russian}");
    }
    for (code, fact, rest, one, two) in [
        ("STREAM_FULL", "limit", &[][..], "The only seat is taken.", "All 2 seats are taken."),
        (
            "SEATS_TAKEN",
            "taken",
            &[("held", "0")],
            "1 student has a seat in the stream, and",
            "2 students have a seat in the stream, and",
        ),
        (
            "RESERVED_BEYOND_LIMIT",
            "reserved",
            &[("limit", "0")],
            "1 seat would be kept of 0.",
            "2 seats would be kept of 0.",
        ),
        (
            "SEATS_RESERVED",
            "free",
            &[("kept", "")],
            "The only free seat is",
            "The 2 free seats are",
        ),
        (
            "CLASS_AT_ONCE",
            "students",
            &[("subject", "MATH1"), ("group", "A"), ("from", ""), ("to", "")],
            "1 student of the stream has a class at this time: MATH1 (A)",
            "2 students of the stream have a class at this time: MATH1 (A)",
        ),
        ("CHECKS_SLOWED", "seconds", &[], "Too many unknown codes: try again in 1 second.", "Too"),
    ] {
        for (number, wanted) in [("1", one), ("2", two)] {
            let [en, ..] = counted(code, fact, number, rest);
            assert!(en.starts_with(wanted), "{en}");
        }
    }
}

/// Nothing that has a form for one says a number beside a word without choosing among its forms.
#[test]
fn nothing_counted_stands_beside_a_plural_that_is_always_the_same() {
    let plurals = ["seats", "credits", "students", "subjects", "bytes", "seconds", "characters"];
    let russian = ["мест", "кредитов", "студентов", "дисциплин", "байт", "символов", "вопросов"];
    for (language, plurals) in [(0, plurals), (2, russian)] {
        for line in LANGUAGES[language].sources.into_iter().flat_map(str::lines) {
            let beside = |plural: &&str| line.contains(&format!("}} {plural}"));
            let is_form = line.trim_start().starts_with(['[', '*']);
            assert!(is_form || !plurals.iter().any(beside), "{line}");
        }
    }
}

#[test]
fn a_code_that_looks_like_a_number_stays_as_it_stands() {
    for code in ["007", "1e3", "inf", "NaN", "-", "2026.1.", "12345678901234567890", "1.50", "-3"] {
        let [en, ..] = in_each("REGISTERED_ALREADY", &[Fact::new("code", code)]);
        assert_eq!(en, format!("The student is registered for {code} in this term already."));
    }
}

#[test]
fn no_ending_in_kazakh_depends_on_a_fact() {
    for line in LANGUAGES[1].sources.into_iter().flat_map(str::lines) {
        for behind in line.split('}').skip(1) {
            let word = behind.trim_start().split([' ', '.', ',', ';', ')']).next().unwrap();
            let leans = ["бастап", "дейін", "дейінгі", "мен", "бен", "пен"].contains(&word);
            let suffix = ["-д", "-т", "-г", "-ғ", "-қ", "-н"].iter().any(|it| word.starts_with(it));
            let is_noun = word.starts_with("-талпыныс");
            assert!(!leans && (!suffix || is_noun), "{line}");
        }
    }
}

#[test]
fn times_of_one_minute_are_told_apart() {
    let told = |closes_at: &str, now: &str| {
        let facts = [("opens_at", "2026-11-01T00:00:00Z"), ("closes_at", closes_at), ("now", now)];
        let [en, ..] = in_each("REGISTRATION_CLOSED", &facts.map(|(name, at)| Fact::new(name, at)));
        en.split_once("until ").unwrap().1.to_owned()
    };
    assert_eq!(
        told("2026-11-27T05:26:03Z", "2026-11-27T05:26:04.5Z"),
        "2026-11-27 05:26:03; now it is 2026-11-27 05:26:04."
    );
    assert_eq!(
        told("2026-11-27T05:26:03Z", "2026-11-27T05:26:03.000001Z"),
        "2026-11-27 05:26:03.000000; now it is 2026-11-27 05:26:03.000001."
    );
    // The same time is the same, to the minute.
    assert_eq!(
        told("2026-11-27T05:26:03.5Z", "2026-11-27T05:26:03.5Z"),
        "2026-11-27 05:26; now it is 2026-11-27 05:26."
    );
}

#[test]
fn seconds_that_somebody_stated_are_told() {
    let facts = [("starts_at", "2026-11-27T04:00:00Z"), ("ends_at", "2026-11-27T16:00:01Z")];
    let facts = facts.map(|(name, at)| Fact::new(name, at));
    let told = in_each("SITTING_TOO_LONG", &[&facts[..], &[Fact::new("most_hours", 12)]].concat());
    assert!(
        told[0].starts_with("From 2026-11-27 04:00:00 until 2026-11-27 16:00:01 "),
        "{}",
        told[0]
    );
    for told in &told[1..] {
        assert!(told.contains("27.11.2026 16:00:01"), "{told}");
    }
}

#[test]
fn a_text_that_is_missing_is_asked_for() {
    let [en, kk, ru] = in_each("TEXT_EMPTY", &[Fact::new("field", "reason")]);
    assert_eq!(
        [&*en, &*kk, &*ru],
        ["A reason is needed: write it down.", "Себебін жазу керек.", "Нужно указать причину.",]
    );
    let [.., ru] = in_each("TEXT_EMPTY", &[Fact::new("field", "title")]);
    assert_eq!(ru, "Здесь нужен текст, а ничего не написано.");
}

#[test]
fn times_are_told_to_the_minute_and_days_as_the_language_writes_them() {
    let facts = [
        Fact::new("opens_at", "2026-08-01T19:00:00Z"),
        Fact::new("closes_at", "2026-08-31T19:00:00Z"),
        Fact::new("now", "2026-11-26T14:45:22.08578Z"),
    ];
    let [en, _, ru] = in_each("REGISTRATION_CLOSED", &facts);
    let said = "Registration is open from 2026-08-01 19:00 until 2026-08-31 19:00; \
                now it is 2026-11-26 14:45.";
    assert_eq!(en, said);
    assert!(ru.contains("с 01.08.2026 19:00 до 31.08.2026 19:00"), "{ru}");
    let facts = [Fact::new("day", "2026-12-01"), Fact::new("today", "2026-11-26")];
    let [_, kk, _] = in_each("DAY_IN_FUTURE", &facts);
    assert_eq!(kk, "01.12.2026 әлі келген жоқ: бүгін 26.11.2026.");
}
