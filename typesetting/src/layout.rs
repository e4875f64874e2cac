//! Where everything stands on a paper, page by page.

use qrcode::{Color, EcLevel, QrCode};

use crate::{
    Check, Column, Fact, Paper, Section, Unprintable,
    fonts::{Fonts, Style},
};

/// A4, in points.
pub const PAGE: (f32, f32) = (595.28, 841.89);
/// Where the text begins.
pub const LEFT: f32 = 57.0;
const RIGHT: f32 = PAGE.0 - LEFT;
/// How wide it is.
pub const WIDTH: f32 = RIGHT - LEFT;
const TOP: f32 = 54.0;
const BOTTOM: f32 = PAGE.1 - 64.0;
/// Where the foot of a page stands.
const FOOT: f32 = PAGE.1 - 46.0;

const TITLE: Style = Style { bold: true, size: 19.0, shade: 0 };
const HEADING: Style = Style { bold: true, size: 11.0, shade: 0 };
const PLAIN: Style = Style { bold: false, size: 9.5, shade: 0 };
const STRONG: Style = Style { bold: true, ..PLAIN };
const LABEL: Style = Style { bold: false, size: 9.5, shade: 95 };
const SMALL: Style = Style { bold: false, size: 8.0, shade: 95 };
const CODE: Style = Style { bold: true, size: 15.0, shade: 0 };

/// Between two columns.
const GAP: f32 = 10.0;
/// Above and below what stands in a row.
const AIR: f32 = 3.2;
/// Where the facts begin, behind their labels.
const FACTS: f32 = 150.0;
/// The side of the picture.
const PICTURE: f32 = 92.0;
const DARK: u8 = 60;
const LIGHT: u8 = 205;

/// A page with what stands on it.
#[derive(Debug, Default)]
pub struct Page {
    /// From top to bottom.
    pub items: Vec<Item>,
}

/// What stands somewhere.
#[derive(Debug)]
pub enum Item {
    /// A line of text.
    Text {
        /// Where it begins, and where its letters stand.
        at: (f32, f32),
        /// What it says.
        text: String,
        /// How it looks.
        style: Style,
        /// Of which part it is; none for what only repeats or numbers.
        part: Option<usize>,
    },
    /// A line from side to side.
    Rule {
        /// How far down.
        y: f32,
        /// How light it is.
        shade: u8,
    },
    /// Squares that are filled: from where, and how wide and high.
    Squares {
        /// Each.
        squares: Vec<(f32, f32, f32, f32)>,
        /// Of which part they are.
        part: usize,
    },
}

/// What a part of the paper is, for a program that reads it aloud.
#[derive(Debug, Clone)]
pub enum Kind {
    /// The title, or a heading below it.
    Heading {
        /// 1 for the title.
        level: u16,
        /// What it says.
        title: String,
    },
    /// What is said.
    Paragraph,
    /// A table.
    Table,
    /// A row of it.
    Row,
    /// A cell that says what its row holds.
    RowTitle,
    /// A cell that says what its column holds.
    ColumnTitle,
    /// A cell.
    Cell,
    /// A picture.
    Picture {
        /// What it is.
        told: String,
    },
}

/// A part of the paper, under another.
#[derive(Debug)]
pub struct Part {
    /// What it is.
    pub kind: Kind,
    /// Under which.
    pub under: Option<usize>,
    /// On which page and how far down it begins.
    pub begins: (usize, f32),
}

/// A paper with everything in its place.
pub struct Layout<'a> {
    fonts: &'a Fonts,
    /// The pages.
    pub pages: Vec<Page>,
    /// The parts, in the order they are read in.
    pub parts: Vec<Part>,
    y: f32,
}

impl<'a> Layout<'a> {
    /// Puts everything in its place.
    pub fn of(paper: &Paper, fonts: &'a Fonts) -> Result<Self, Unprintable> {
        let mut layout = Self { fonts, pages: vec![Page::default()], parts: vec![], y: TOP };
        if let Some(issuer) = &paper.issuer {
            layout.paragraph(issuer, LABEL, Kind::Paragraph);
            layout.y += 4.0;
        }
        let title = paper.title.clone();
        layout.paragraph(&paper.title, TITLE, Kind::Heading { level: 1, title });
        layout.y += 6.0;
        layout.facts(&paper.facts);
        for section in &paper.sections {
            layout.section(section);
        }
        layout.check(&paper.check)?;
        layout.feet(&paper.foot);
        Ok(layout)
    }

    fn part(&mut self, kind: Kind, under: Option<usize>) -> usize {
        let begins = (self.pages.len() - 1, self.y);
        self.parts.push(Part { kind, under, begins });
        self.parts.len() - 1
    }

    fn put(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.items.push(item);
        }
    }

    /// Goes on to the next page where there is no room for that much; whether it did.
    fn room(&mut self, height: f32) -> bool {
        let goes_on = self.y + height > BOTTOM;
        if goes_on {
            self.pages.push(Page::default());
            self.y = TOP;
        }
        goes_on
    }

    fn rule(&mut self, shade: u8) {
        self.put(Item::Rule { y: self.y, shade });
    }

    /// Lines below each other, from `x` and `y` on.
    fn write(&mut self, lines: &[String], x: f32, y: f32, style: Style, part: Option<usize>) {
        let mut y = y + style.ascent();
        for line in lines {
            self.put(Item::Text { at: (x, y), text: line.clone(), style, part });
            y += style.leading();
        }
    }

    fn paragraph(&mut self, text: &str, style: Style, kind: Kind) {
        let lines = self.fonts.lines(text, style, WIDTH);
        let height = height(&lines, style);
        self.room(height);
        let part = self.part(kind, None);
        self.write(&lines, LEFT, self.y, style, Some(part));
        self.y += height;
    }

    fn facts(&mut self, facts: &[Fact]) {
        let table = self.part(Kind::Table, None);
        for Fact { label, value } in facts {
            let labels = self.fonts.lines(label, LABEL, FACTS - GAP);
            let values = self.fonts.lines(value, PLAIN, WIDTH - FACTS);
            let height = height(&labels, LABEL).max(height(&values, PLAIN));
            self.room(height);
            let row = self.part(Kind::Row, Some(table));
            let title = self.part(Kind::RowTitle, Some(row));
            self.write(&labels, LEFT, self.y, LABEL, Some(title));
            let cell = self.part(Kind::Cell, Some(row));
            self.write(&values, LEFT + FACTS, self.y, PLAIN, Some(cell));
            self.y += height + 1.5;
        }
    }

    fn section(&mut self, section: &Section) {
        let columns = Columns::of(&section.columns);
        let titles: Vec<_> = section.columns.iter().map(|column| column.title.clone()).collect();
        let titles = self.cells(&titles, &columns, SMALL);
        let rows: Vec<_> =
            section.rows.iter().map(|row| self.cells(row, &columns, PLAIN)).collect();
        let total = section.total.as_ref().map(|total| self.cells(total, &columns, STRONG));
        let space = 14.0;
        // A heading does not stand alone at the foot of a page.
        let begins = HEADING.leading() + 2.0 + titles.height + rows.first().map_or(0.0, Row::air);
        if !self.room(space + begins) {
            self.y += space;
        }
        let heading = section.heading.clone();
        self.paragraph(&section.heading, HEADING, Kind::Heading { level: 2, title: heading });
        self.y += 2.0;
        let table = self.part(Kind::Table, None);
        self.row(&titles, &columns, Some((table, Kind::ColumnTitle)));
        self.rule(DARK);
        let last = rows.len().saturating_sub(1);
        for (place, row) in rows.iter().enumerate() {
            // The sum does not stand alone at the head of a page.
            let with = total.as_ref().filter(|_| place == last).map_or(0.0, Row::air);
            if self.room(row.air() + with) {
                self.row(&titles, &columns, None);
                self.rule(DARK);
            }
            self.row(row, &columns, Some((table, Kind::Cell)));
            self.rule(if place == last && total.is_some() { DARK } else { LIGHT });
        }
        if let Some(total) = &total {
            self.row(total, &columns, Some((table, Kind::Cell)));
        }
        if let Some(note) = &section.note {
            self.y += AIR;
            self.paragraph(note, SMALL, Kind::Paragraph);
        }
    }

    fn cells(&self, texts: &[String], columns: &Columns, style: Style) -> Row {
        let cells: Vec<_> = texts
            .iter()
            .zip(&columns.places)
            .map(|(text, place)| self.fonts.lines(text, style, place.width))
            .collect();
        let height = cells.iter().map(|lines| height(lines, style)).fold(0.0, f32::max);
        Row { cells, height, style }
    }

    /// A row, as cells of a table; or as what only repeats.
    fn row(&mut self, row: &Row, columns: &Columns, of: Option<(usize, Kind)>) {
        let of = of.map(|(table, kind)| (self.part(Kind::Row, Some(table)), kind));
        for (lines, place) in row.cells.iter().zip(&columns.places) {
            let part = of.clone().map(|(row, kind)| self.part(kind, Some(row)));
            for (line, text) in (0_u8..).zip(lines) {
                let past = place.width - self.fonts.width(text.trim_end(), row.style);
                let x = place.x + if place.numbers { past } else { 0.0 };
                let y = self.y + AIR + f32::from(line) * row.style.leading();
                self.write(std::slice::from_ref(text), x, y, row.style, part);
            }
        }
        self.y += row.air();
    }

    fn check(&mut self, check: &Check) -> Result<(), Unprintable> {
        let beside = WIDTH - PICTURE - 2.0 * GAP;
        let told = self.fonts.lines(&check.explanation, PLAIN, beside);
        let address = self.fonts.lines(&check.address, PLAIN, beside);
        let words = HEADING.leading()
            + 3.0
            + height(&told, PLAIN)
            + CODE.leading()
            + 6.0
            + height(&address, PLAIN);
        let space = 22.0;
        if !self.room(space + GAP + words.max(PICTURE)) {
            self.y += space;
        }
        self.rule(DARK);
        self.y += GAP;
        let top = self.y;
        let heading = vec![check.heading.clone()];
        let title = self.part(Kind::Heading { level: 2, title: check.heading.clone() }, None);
        self.write(&heading, LEFT, self.y, HEADING, Some(title));
        self.y += HEADING.leading() + 3.0;
        for (lines, style, space) in
            [(told, PLAIN, 3.0), (vec![check.code.clone()], CODE, 3.0), (address, PLAIN, 0.0)]
        {
            let part = self.part(Kind::Paragraph, None);
            self.write(&lines, LEFT, self.y, style, Some(part));
            self.y += height(&lines, style) + space;
        }
        let part = self.part(Kind::Picture { told: check.picture.clone() }, None);
        let squares = picture(&check.address, RIGHT - PICTURE, top)?;
        self.put(Item::Squares { squares, part });
        self.y = self.y.max(top + PICTURE);
        Ok(())
    }

    /// What stands at the foot of each page, now that it is known how many there are.
    fn feet(&mut self, foot: &str) {
        let count = self.pages.len();
        for (page, number) in self.pages.iter_mut().zip(1..) {
            page.items.push(Item::Rule { y: FOOT - 12.0, shade: LIGHT });
            let number = format!("{number} / {count}");
            let x = RIGHT - self.fonts.width(&number, SMALL);
            for (x, text) in [(LEFT, foot.to_owned()), (x, number)] {
                page.items.push(Item::Text { at: (x, FOOT), text, style: SMALL, part: None });
            }
        }
    }
}

/// How high these lines are.
fn height(lines: &[String], style: Style) -> f32 {
    lines.iter().map(|_| style.leading()).sum()
}

/// A row with its texts in lines.
struct Row {
    cells: Vec<Vec<String>>,
    height: f32,
    style: Style,
}

impl Row {
    /// Its height with the air around it.
    fn air(&self) -> f32 {
        self.height + 2.0 * AIR
    }
}

/// Where the columns of a table stand.
struct Columns {
    places: Vec<Place>,
}

struct Place {
    x: f32,
    width: f32,
    numbers: bool,
}

impl Columns {
    fn of(columns: &[Column]) -> Self {
        let shares: f32 = columns.iter().map(|column| f32::from(column.share)).sum();
        let mut x = LEFT;
        let places = columns.iter().map(|column| {
            let share = WIDTH * f32::from(column.share) / shares;
            let place = Place { x, width: share - GAP, numbers: column.numbers };
            x += share;
            place
        });
        let mut places: Vec<_> = places.collect();
        // Behind the last there is no gap.
        if let Some(last) = places.last_mut() {
            last.width += GAP;
        }
        Self { places }
    }
}

/// The address as squares (QR code), a run of dark ones as one.
fn picture(address: &str, left: f32, top: f32) -> Result<Vec<(f32, f32, f32, f32)>, Unprintable> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M)?;
    let width = code.width();
    // A code has 177 squares to a side at the most.
    let side = PICTURE / (1..=width).map(|_| 1.0).sum::<f32>();
    let colors = code.into_colors();
    let mut squares = Vec::new();
    let mut y = top;
    for row in colors.chunks(width) {
        let mut x = left;
        for run in row.chunk_by(|one, next| one == next) {
            let long: f32 = run.iter().map(|_| side).sum();
            if run.first() == Some(&Color::Dark) {
                squares.push((x, y, long, side));
            }
            x += long;
        }
        y += side;
    }
    Ok(squares)
}
