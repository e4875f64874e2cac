//! Which of the languages a reader wants most, by what `Accept-Language` says (RFC 9110, 12.5.4).

use unic_langid::LanguageIdentifier;

use super::LANGUAGES;

/// The place of the language that the header gives the most weight of those there are, the first stated of equal ones; the
/// first language where it accepts none.
pub(super) fn negotiate(accept_language: &str) -> usize {
    let mut wanted: Vec<_> = accept_language.split(',').filter_map(weighed).collect();
    wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let named: Vec<_> = wanted.iter().filter_map(|(_, range)| known(range)).collect();
    let accepted = wanted.iter().filter(|(weight, _)| *weight > 0.0);
    let place = |range: &str| match range {
        // Any that no other range names.
        "*" => (0..LANGUAGES.len()).find(|place| !named.contains(place)),
        range => known(range),
    };
    accepted.into_iter().find_map(|(_, range)| place(range)).unwrap_or(0)
}

/// A range with its weight, around whose `;` and `,` spaces may stand; none where the weight is none.
fn weighed(part: &str) -> Option<(f32, &str)> {
    let Some((range, weight)) = part.split_once(';') else { return Some((1.0, part.trim())) };
    let (name, weight) = weight.split_once('=')?;
    let weight = weight.trim().parse().ok().filter(|weight| (0.0..=1.0).contains(weight))?;
    name.trim().eq_ignore_ascii_case("q").then_some((weight, range.trim()))
}

fn known(range: &str) -> Option<usize> {
    let tag: LanguageIdentifier = range.parse().ok()?;
    LANGUAGES.iter().position(|language| language.name == tag.language.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: usize = 0;
    const KAZAKH: usize = 1;
    const RUSSIAN: usize = 2;

    #[test]
    fn the_heaviest_known_language_is_taken() {
        assert_eq!(negotiate("de, en-GB;q=0.5"), ENGLISH);
        assert_eq!(negotiate("en;q=0.3, kk-KZ, ru;q=0.9"), KAZAKH);
        assert_eq!(negotiate("ru-RU,ru;q=0.9,en;q=0.8"), RUSSIAN);
        assert_eq!(negotiate("kk;q=0.5,ru;q=0.5"), KAZAKH);
        assert_eq!(negotiate(""), ENGLISH);
    }

    #[test]
    fn spaces_may_stand_around_a_weight_and_its_name_is_in_any_case() {
        assert_eq!(negotiate("kk; q=0.9"), KAZAKH);
        assert_eq!(negotiate("en ; q=0.3 ,\tru\t;\tQ=0.8"), RUSSIAN);
    }

    #[test]
    fn what_weighs_nothing_is_not_accepted() {
        assert_eq!(negotiate("ru;q=0"), ENGLISH);
        assert_eq!(negotiate("ru;q=0.000, kk;q=0.001"), KAZAKH);
    }

    #[test]
    fn any_language_is_one_that_is_not_named() {
        assert_eq!(negotiate("*"), ENGLISH);
        assert_eq!(negotiate("en;q=0, *;q=0.5"), KAZAKH);
        assert_eq!(negotiate("ru, *;q=0.5"), RUSSIAN);
        assert_eq!(negotiate("ru;q=0, en;q=0, kk;q=0, *"), ENGLISH);
    }

    #[test]
    fn what_is_no_range_or_no_weight_counts_for_nothing() {
        assert_eq!(negotiate("nonsense;;q=x,"), ENGLISH);
        assert_eq!(negotiate("ru;q=2, kk;q=NaN, ru;level=1"), ENGLISH);
    }
}
