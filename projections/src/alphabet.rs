//! The order of names in lists.

/// What lists of people, groups and codes sort by: case folded, in the order of the Kazakh alphabet (ә after а), the
/// same on both databases.
pub fn sort_key(name: &str) -> String {
    name.to_lowercase().chars().map(key).collect()
}

/// Letters of the alphabet by code points from U+0430 on, in its order: behind Latin letters and digits.
fn key(letter: char) -> char {
    const ALPHABET: [char; 42] = [
        'а', 'ә', 'б', 'в', 'г', 'ғ', 'д', 'е', 'ё', 'ж', 'з', 'и', 'й', 'к', 'қ', 'л', 'м', 'н',
        'ң', 'о', 'ө', 'п', 'р', 'с', 'т', 'у', 'ұ', 'ү', 'ф', 'х', 'һ', 'ц', 'ч', 'ш', 'щ', 'ъ',
        'ы', 'і', 'ь', 'э', 'ю', 'я',
    ];
    if letter.is_ascii() {
        return letter;
    }
    let place = ALPHABET.iter().position(|known| *known == letter);
    place.and_then(|place| char::from_u32(0x0430 + place as u32)).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_by_the_kazakh_alphabet() {
        let mut names = ["Яна", "Әлия", "Борис", "Анна", "Ермек", "Қанат", "Karim", "камила"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["Karim", "Анна", "Әлия", "Борис", "Ермек", "камила", "Қанат", "Яна"]);
    }
}
