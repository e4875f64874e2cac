//! Messages in the reader's language, one Fluent file a language, by code.

use std::cell::Cell;

use aggregates::shared::Fact;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use std::sync::LazyLock;
use tracing::error;
use unic_langid::LanguageIdentifier;

/// The languages there are, each with its file; the first is the one to fall back on.
const LANGUAGES: &[(&str, &str)] = &[
    ("en", include_str!("../locales/en.ftl")),
    ("kk", include_str!("../locales/kk.ftl")),
    ("ru", include_str!("../locales/ru.ftl")),
];

static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> =
    LazyLock::new(|| LANGUAGES.iter().map(|(language, source)| bundle(language, source)).collect());

tokio::task_local! {
    /// The reader's language, as a place in the list of languages.
    static LANGUAGE: Cell<usize>;
}

fn bundle(language: &str, source: &str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(language.parse().into_iter().collect());
    bundle.set_use_isolating(false);
    let resource =
        FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, errors)| {
            error!(language, ?errors, "a message file has errors");
            resource
        });
    if let Err(errors) = bundle.add_resource(resource) {
        error!(language, ?errors, "a message file has a key twice");
    }
    bundle
}

/// Runs something for a reader who prefers what `Accept-Language` says.
pub async fn for_reader<T>(accept_language: Option<&str>, work: impl Future<Output = T>) -> T {
    LANGUAGE.scope(Cell::new(negotiate(accept_language.unwrap_or_default())), work).await
}

/// The first language of the header that there is, by descending weight.
fn negotiate(accept_language: &str) -> usize {
    let mut wanted: Vec<(f32, &str)> = accept_language
        .split(',')
        .filter_map(|part| {
            let (language, weight) = part.split_once(";q=").unwrap_or((part, "1"));
            Some((weight.trim().parse().ok()?, language.trim()))
        })
        .collect();
    wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let known = |tag: &str| {
        let tag: LanguageIdentifier = tag.parse().ok()?;
        LANGUAGES.iter().position(|(language, _)| *language == tag.language.as_str())
    };
    wanted.into_iter().find_map(|(_, tag)| known(tag)).unwrap_or(0)
}

/// The message of a code with its facts, in the reader's language.
pub fn message(code: &str, facts: &[Fact]) -> String {
    let language = LANGUAGE.try_with(Cell::get).unwrap_or(0);
    let found = BUNDLES.get(language).and_then(|bundle| format(bundle, code, facts));
    found.or_else(|| BUNDLES.first().and_then(|bundle| format(bundle, code, facts))).unwrap_or_else(
        || {
            error!(code, "a code has no message");
            code.to_owned()
        },
    )
}

fn format(bundle: &FluentBundle<FluentResource>, code: &str, facts: &[Fact]) -> Option<String> {
    let pattern = bundle.get_message(code)?.value()?;
    let mut values = FluentArgs::new();
    for fact in facts {
        values.set(fact.name.as_str(), fact.value.as_str());
    }
    let mut errors = Vec::new();
    let message = bundle.format_pattern(pattern, Some(&values), &mut errors);
    errors.is_empty().then(|| message.into_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn every_code_has_a_message_in_every_language() {
        for (language, bundle) in LANGUAGES.iter().map(|(name, _)| name).zip(BUNDLES.iter()) {
            for (code, _) in crate::graphql::errors::all_codes() {
                assert!(bundle.has_message(code), "{code} in {language}");
            }
        }
    }

    #[test]
    fn every_kind_of_period_is_called_something_in_every_language() {
        for (language, bundle) in LANGUAGES.iter().map(|(name, _)| name).zip(BUNDLES.iter()) {
            for kind in aggregates::academic_calendar::PeriodKind::ALL {
                let code = format!("PERIOD_KIND_{}", kind.name().to_uppercase());
                assert!(bundle.has_message(&code), "{code} in {language}");
            }
        }
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
    fn variables(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::<_, BTreeSet<_>>::new();
        let mut code = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
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
        let english = variables(LANGUAGES[0].1);
        for (language, source) in &LANGUAGES[1..] {
            assert_eq!(variables(source), english, "{language}");
        }
    }

    #[test]
    fn what_is_counted_or_named_reads_well_in_each_language() {
        let facts = [Fact::new("waits_for", "advisor")];
        let said = |language: &str| {
            let place = LANGUAGES.iter().position(|(name, _)| *name == language);
            format(&BUNDLES[place.unwrap()], "SIGNATURE_OUT_OF_ORDER", &facts).unwrap()
        };
        assert_eq!(said("en"), "The plan waits for the signature of the advisor first.");
        assert_eq!(said("kk"), "Жоспарға алдымен эдвайзер қол қоюы керек.");
        assert_eq!(said("ru"), "Сначала план должен подписать эдвайзер.");
    }

    #[test]
    fn the_heaviest_known_language_is_taken() {
        assert_eq!(negotiate("de, en-GB;q=0.5"), 0);
        assert_eq!(negotiate("en;q=0.3, kk-KZ, ru;q=0.9"), 1);
        assert_eq!(negotiate("ru-RU,ru;q=0.9,en;q=0.8"), 2);
        assert_eq!(negotiate("nonsense;;q=x,"), 0);
    }
}
