//! Messages in the reader's language, one Fluent file a language, by code.

mod negotiation;

use std::{
    cell::Cell,
    sync::{LazyLock, OnceLock},
};

use aggregates::shared::Fact;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use tracing::error;

use self::negotiation::negotiate;

/// A language with its files, what codes say and what pages say, and how it writes a day.
struct Language {
    name: &'static str,
    sources: [&'static str; 2],
    day: &'static str,
}

/// The languages there are; the first is the one to fall back on.
const LANGUAGES: [Language; 3] = [
    Language {
        name: "en",
        sources: [include_str!("../locales/en.ftl"), include_str!("../locales/pages.en.ftl")],
        day: "%Y-%m-%d",
    },
    Language {
        name: "kk",
        sources: [include_str!("../locales/kk.ftl"), include_str!("../locales/pages.kk.ftl")],
        day: "%d.%m.%Y",
    },
    Language {
        name: "ru",
        sources: [include_str!("../locales/ru.ftl"), include_str!("../locales/pages.ru.ftl")],
        day: "%d.%m.%Y",
    },
];

/// The facts that are made of words as programs know them: `any(passed MATH1, in_group A)`.
const WORDED: [&str; 5] = ["clashes", "kept", "meeting", "requirement", "stream"];

/// The university's time zone, in which times are told.
static ZONE: OnceLock<TimeZone> = OnceLock::new();

static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> = LazyLock::new(|| {
    LANGUAGES.iter().map(|language| bundle(language.name, language.sources)).collect()
});

tokio::task_local! {
    /// The reader's language, as a place in the list of languages.
    static LANGUAGE: Cell<usize>;
}

fn bundle(language: &str, sources: [&str; 2]) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(language.parse().into_iter().collect());
    bundle.set_use_isolating(false);
    for source in sources {
        let resource =
            FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, errors)| {
                error!(language, ?errors, "a message file has errors");
                resource
            });
        if let Err(errors) = bundle.add_resource(resource) {
            error!(language, ?errors, "a message file has a key twice");
        }
    }
    bundle
}

/// From now on times are told in that zone; in UTC before. A process has one university.
pub fn tell_times_in(zone: TimeZone) {
    // Whoever said it first is right.
    let _ = ZONE.set(zone);
}

/// Runs something for a reader who prefers what `Accept-Language` says.
pub async fn for_reader<T>(accept_language: Option<&str>, work: impl Future<Output = T>) -> T {
    LANGUAGE.scope(Cell::new(negotiate(accept_language.unwrap_or_default())), work).await
}

/// The names of all languages there are.
pub fn languages() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|language| language.name)
}

/// The reader's language, by its BCP 47 tag.
pub fn language() -> &'static str {
    reader().name
}

fn reader() -> &'static Language {
    let place = LANGUAGE.try_with(Cell::get).unwrap_or(0);
    LANGUAGES.get(place).unwrap_or(&LANGUAGES[0])
}

/// A time in UTC (`2026-09-01T04:00:00Z`) as it is told to the reader.
pub fn time(at: &str) -> String {
    told(at, reader().day)
}

/// The message of a code with its facts, in the reader's language.
pub fn message(code: &str, facts: &[Fact]) -> String {
    let language = LANGUAGE.try_with(Cell::get).unwrap_or(0);
    let found = format(language, code, facts).or_else(|| format(0, code, facts));
    found.unwrap_or_else(|| {
        error!(code, "a code has no message");
        code.to_owned()
    })
}

fn format(language: usize, code: &str, facts: &[Fact]) -> Option<String> {
    let (bundle, day) = (BUNDLES.get(language)?, LANGUAGES.get(language)?.day);
    let pattern = bundle.get_message(code)?.value()?;
    let mut values = FluentArgs::new();
    for fact in facts {
        let value = match WORDED.contains(&fact.name.as_str()) {
            true => in_words(language, &fact.value, day),
            false => told(&fact.value, day),
        };
        values.set(fact.name.as_str(), value);
    }
    let mut errors = Vec::new();
    let message = bundle.format_pattern(pattern, Some(&values), &mut errors);
    errors.is_empty().then(|| message.into_owned())
}

/// A fact that is made of a program's words, each of them, and each time, in the reader's language.
fn in_words(language: usize, value: &str, day: &str) -> String {
    let is_word = |letter: char| letter.is_alphanumeric() || "_-:.".contains(letter);
    let mut all = String::with_capacity(value.len());
    let mut rest = value;
    while !rest.is_empty() {
        let end = rest.find(is_word).unwrap_or(rest.len());
        all.push_str(&rest[..end]);
        rest = &rest[end..];
        let end = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        let known = word.starts_with(|first: char| first.is_ascii_lowercase());
        let code = known.then(|| format!("WORD_{}", word.to_uppercase()));
        let word = code.and_then(|code| format(language, &code, &[]));
        all.push_str(&word.unwrap_or_else(|| told(&rest[..end], day)));
        rest = behind;
    }
    all
}

/// What a fact is in a sentence: a time to the minute at the university, a day as the language writes it.
fn told(value: &str, day: &str) -> String {
    let at = value.parse::<Timestamp>().ok().filter(|_| value.ends_with('Z'));
    let on = || value.parse::<Date>().ok().filter(|_| value.len() == "2026-09-01".len());
    match at {
        Some(at) => {
            let zone = ZONE.get().cloned().unwrap_or(TimeZone::UTC);
            zone.to_datetime(at).strftime(&format!("{day} %H:%M")).to_string()
        }
        None => on().map_or_else(|| value.to_owned(), |on| on.strftime(day).to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn every_code_has_a_message_in_every_language() {
        for (language, bundle) in LANGUAGES.iter().zip(BUNDLES.iter()) {
            for (code, _) in crate::graphql::errors::all_codes() {
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
        for (language, bundle) in LANGUAGES.iter().map(|language| language.name).zip(BUNDLES.iter())
        {
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
        let clashes = Fact::new("clashes", "MATH1 monday 09:00-10:40; all-2 sunday 10:00-11:00");
        let meeting = Fact::new("meeting", "PHYS1 monday 10:00-11:00");
        let stream = Fact::new("stream", "MATH1, lecture A");
        let requirement = "any(passed MATH1, not(in_group monday-1))";
        let requirement = Fact::new("requirement", requirement);
        let kept = Fact::new("kept", "7M05101, 2: 1 until 2026-09-01T04:00:00Z");
        let told = async |language| {
            for_reader(Some(language), async {
                [
                    message("STREAMS_CLASH", &[meeting.clone(), clashes.clone()]),
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
        assert!(clash.ends_with("MATH1 понедельник 09:00-10:40; all-2 воскресенье 10:00-11:00."));
        assert!(asked.ends_with("одно из (сдать MATH1, не (группа monday-1))."), "{asked}");
        assert!(kept.ends_with("7M05101, 2: 1 до 01.09.2026 04:00."), "{kept}");
        let [clash, parent, asked, kept] = told("kk").await;
        assert!(parent.ends_with("MATH1, дәріс A."), "{parent}");
        assert!(clash.contains("MATH1 дүйсенбі 09:00-10:40"), "{clash}");
        assert!(asked.ends_with("бірі (тапсыру: MATH1, емес (топ monday-1))."), "{asked}");
        assert!(kept.contains("дейін 01.09.2026"), "{kept}");
    }

    #[test]
    fn no_code_stands_twice() {
        let mut codes: Vec<_> =
            crate::graphql::errors::all_codes().into_iter().map(|(code, _)| code).collect();
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
}
