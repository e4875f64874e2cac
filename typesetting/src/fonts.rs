//! The fonts, which are built in, and how wide a text is in them.

use krilla::text::Font;
use rustybuzz::{Direction, UnicodeBuffer};

use crate::Unprintable;

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Whether it is bold.
    pub bold: bool,
    /// Its size, in points.
    pub size: f32,
    /// How light it is: 0 is black.
    pub shade: u8,
}

impl Style {
    /// From one line to the next.
    pub fn leading(self) -> f32 {
        self.size * 1.36
    }

    /// From the top of a line to the foot of its letters.
    pub fn ascent(self) -> f32 {
        self.size * 1.05
    }
}

/// A font, to draw with and to measure with.
pub struct Face {
    /// To draw with.
    pub font: Font,
    shapes: rustybuzz::Face<'static>,
}

impl Face {
    fn of(bytes: &'static [u8]) -> Result<Self, Unprintable> {
        let font = Font::new(bytes.into(), 0).ok_or(Unprintable::Font)?;
        let shapes = rustybuzz::Face::from_slice(bytes, 0).ok_or(Unprintable::Font)?;
        Ok(Self { font, shapes })
    }

    /// How wide a text is, in its own size.
    fn width(&self, text: &str) -> f32 {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let shaped = rustybuzz::shape(&self.shapes, &[], buffer);
        let units: i32 = shaped.glyph_positions().iter().map(|glyph| glyph.x_advance).sum();
        // A text is far below the 16 million units that a float counts without loss.
        #[allow(clippy::cast_precision_loss, reason = "see above")]
        let units = units as f32;
        units / self.font.units_per_em()
    }

    /// Whether the font has that letter.
    #[cfg(test)]
    pub fn has(&self, letter: char) -> bool {
        self.shapes.glyph_index(letter).is_some()
    }
}

/// The fonts of a paper.
pub struct Fonts {
    /// For what is said.
    pub regular: Face,
    /// For what stands out.
    pub bold: Face,
}

impl Fonts {
    /// Those that are built in: Noto Sans.
    pub fn built_in() -> Result<Self, Unprintable> {
        Ok(Self { regular: Face::of(notosans::REGULAR_TTF)?, bold: Face::of(notosans::BOLD_TTF)? })
    }

    /// The font of a style.
    pub fn of(&self, style: Style) -> &Face {
        if style.bold { &self.bold } else { &self.regular }
    }

    /// How wide a text is, in points.
    pub fn width(&self, text: &str, style: Style) -> f32 {
        self.of(style).width(text) * style.size
    }

    /// A text in lines no wider than that: between words, and within one that is wider by itself.
    pub fn lines(&self, text: &str, style: Style, width: f32) -> Vec<String> {
        let fits = |line: &str| self.width(line.trim_end(), style) <= width;
        // No font has a line break or a tab.
        let text = text.replace(char::is_control, " ");
        let mut lines = vec![String::new()];
        for word in text.split_inclusive(char::is_whitespace) {
            let line = lines.last().map_or("", String::as_str);
            let longer = format!("{line}{word}");
            if fits(&longer) {
                lines.pop();
                lines.push(longer);
            } else {
                lines.extend(self.pieces(word, fits));
            }
        }
        // The first is empty where the first word was too wide for it.
        lines.retain(|line| !line.trim().is_empty());
        lines
    }

    /// A word as it is, or in as few pieces as fit.
    fn pieces(&self, word: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
        let mut pieces = vec![String::new()];
        for letter in word.chars() {
            match pieces.last_mut() {
                Some(piece) if piece.is_empty() || fits(&format!("{piece}{letter}")) => {
                    piece.push(letter);
                }
                _ => pieces.push(letter.to_string()),
            }
        }
        pieces
    }
}
