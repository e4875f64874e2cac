//! The text of a PDF, page by page.

use crate::{Plain, Unreadable};

pub(crate) fn read(bytes: &[u8]) -> Result<Plain, Unreadable> {
    let pages = pdf_extract::extract_text_from_mem_by_pages(bytes)
        .map_err(|error| Unreadable::Pdf(error.to_string()))?;
    let count = u32::try_from(pages.len()).ok();
    Ok(Plain { text: joined(&pages.join("\n")), pages: count })
}

/// Joins words that were divided at the end of a line.
fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.trim_end();
        match line.strip_suffix(['-', '\u{ad}']) {
            Some(begun) if begun.ends_with(char::is_alphabetic) => joined.push_str(begun),
            _ => {
                joined.push_str(line);
                joined.push('\n');
            }
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divided_words_are_joined() {
        assert_eq!(joined("теория гра-\nфов\nи - так"), "теория графов\nи - так\n");
    }
}
