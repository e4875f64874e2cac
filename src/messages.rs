//! Messages in the reader's language, one Fluent file a language, by code.

mod facts;
mod negotiation;
#[cfg(test)]
mod tests;

use std::{
    cell::Cell,
    sync::{LazyLock, OnceLock},
};

use aggregates::shared::{self, Fact};
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use jiff::tz::TimeZone;
use tracing::error;

use self::{facts::Telling, negotiation::negotiate};

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
    let language = LANGUAGE.try_with(Cell::get).unwrap_or(0);
    Telling::of(language, &[]).map_or_else(|| at.to_owned(), |telling| telling.plain(at))
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
    let bundle = BUNDLES.get(language)?;
    let pattern = bundle.get_message(code)?.value()?;
    let telling = Telling::of(language, facts)?;
    let value = |fact| telling.value(in_language(language, fact, facts));
    let values: FluentArgs<'_> =
        facts.iter().map(|fact| (fact.name.as_str(), value(fact))).collect();
    let mut errors = Vec::new();
    let message = bundle.format_pattern(pattern, Some(&values), &mut errors);
    errors.is_empty().then(|| message.into_owned())
}

/// What tells the same in a language (`group_kk`), where something does; where not, the fact itself.
fn in_language<'f>(language: usize, fact: &'f Fact, facts: &'f [Fact]) -> &'f Fact {
    let language =
        LANGUAGES.get(language).and_then(|language| shared::Language::named(language.name));
    let name = language.map(|language| language.of_fact(&fact.name));
    facts.iter().find(|other| Some(&other.name) == name.as_ref()).unwrap_or(fact)
}
