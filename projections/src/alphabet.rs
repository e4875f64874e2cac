//! The order of names in lists.

/// What lists of people, groups and codes sort by: case folded, in the order of the Kazakh alphabet (ә after а), the
/// same on both databases.
pub fn sort_key(name: &str) -> String {
    const ALPHABET: &str = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя";
    // Code points from U+0430 on, in the alphabet's order: behind Latin letters and digits.
    let place = |letter| ALPHABET.chars().position(|known| known == letter);
    let key = |letter| place(letter).and_then(|place| char::from_u32(0x0430 + place as u32));
    name.to_lowercase().chars().map(|letter| key(letter).unwrap_or(letter)).collect()
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
