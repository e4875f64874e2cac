//! A paper as PDF, with its structure: what is read aloud, and in which order.

use std::num::NonZero;

use jiff::tz::TimeZone;
use krilla::{
    Document, SerializeSettings,
    color::luma,
    configure::Configuration,
    destination::XyzDestination,
    geom::{PathBuilder, Point, Rect},
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup,
        TagKind, TagTree,
    },
    text::TextDirection,
};

use crate::{
    Paper, Unprintable,
    fonts::Fonts,
    layout::{Item, Kind, LEFT, Layout, PAGE, Part, WIDTH},
};

/// The paper as PDF of that configuration.
pub fn written(paper: &Paper, configuration: Configuration) -> Result<Vec<u8>, Unprintable> {
    let fonts = Fonts::built_in()?;
    let layout = Layout::of(paper, &fonts)?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(metadata(paper));
    document.set_outline(outline(&layout.parts));
    let mut drawn: Vec<Vec<Identifier>> = layout.parts.iter().map(|_| vec![]).collect();
    for page in &layout.pages {
        let size = PageSettings::from_wh(PAGE.0, PAGE.1);
        let size = size.ok_or_else(|| Unprintable::Pdf("no page".to_owned()))?;
        let mut sheet = document.start_page_with(size);
        let mut surface = sheet.surface();
        for item in &page.items {
            let part = item.part();
            let identifier = surface.start_tagged(item.tag());
            item.draw(&mut surface, &fonts);
            surface.end_tagged();
            if let Some(drawn) = part.and_then(|part| drawn.get_mut(part)) {
                drawn.push(identifier);
            }
        }
        surface.finish();
        sheet.finish();
    }
    let mut tree = TagTree::new().with_lang(Some(paper.language.clone()));
    for group in groups(&layout.parts, &drawn, None) {
        tree.push(group);
    }
    document.set_tag_tree(tree);
    document.finish().map_err(|error| Unprintable::Pdf(error.to_string()))
}

fn metadata(paper: &Paper) -> Metadata {
    let dated = TimeZone::UTC.to_datetime(paper.dated);
    let small = |number: i8| u8::try_from(number).unwrap_or_default();
    let date = DateTime::new(u16::try_from(dated.year()).unwrap_or_default())
        .month(small(dated.month()))
        .day(small(dated.day()))
        .hour(small(dated.hour()))
        .minute(small(dated.minute()))
        .second(small(dated.second()))
        .utc_offset_hour(0);
    Metadata::new()
        .title(paper.title.clone())
        .authors(paper.issuer.iter().cloned().collect())
        .language(paper.language.clone())
        .creation_date(date)
}

/// The headings below the title, to go to.
fn outline(parts: &[Part]) -> Outline {
    let mut outline = Outline::new();
    for part in parts {
        if let Kind::Heading { title, .. } = &part.kind {
            let (page, y) = part.begins;
            let place = XyzDestination::new(page, Point::from_xy(0.0, y));
            outline.push_child(OutlineNode::new(title.clone(), place));
        }
    }
    outline
}

/// The parts under another, each with what was drawn of it.
fn groups(parts: &[Part], drawn: &[Vec<Identifier>], under: Option<usize>) -> Vec<TagGroup> {
    let all = parts.iter().zip(drawn).enumerate();
    let inside = all.filter(|(_, (part, _))| part.under == under);
    let group = |(place, (part, own)): (usize, (&Part, &Vec<Identifier>))| {
        let mut group = TagGroup::new(part.kind.tag());
        own.iter().for_each(|drawn| group.push(*drawn));
        groups(parts, drawn, Some(place)).into_iter().for_each(|inner| group.push(inner));
        group
    };
    inside.map(group).collect()
}

impl Kind {
    fn tag(&self) -> TagKind {
        match self {
            Self::Heading { level, title } => {
                let level = NonZero::new(*level).unwrap_or(NonZero::<u16>::MIN);
                Tag::Hn(level, Some(title.clone())).into()
            }
            Self::Paragraph => Tag::P.into(),
            Self::Table => Tag::Table.into(),
            Self::Row => Tag::TR.into(),
            Self::RowTitle => Tag::TH(TableHeaderScope::Row).into(),
            Self::ColumnTitle => Tag::TH(TableHeaderScope::Column).into(),
            Self::Cell => Tag::TD.into(),
            Self::Picture { told } => Tag::Figure(Some(told.clone())).into(),
        }
    }
}

impl Item {
    /// Of which part it is.
    fn part(&self) -> Option<usize> {
        match self {
            Self::Text { part, .. } => *part,
            Self::Squares { part, .. } => Some(*part),
            Self::Rule { .. } => None,
        }
    }

    fn tag(&self) -> ContentTag<'static> {
        match self {
            Self::Text { part: Some(_), .. } => ContentTag::Span(SpanTag::empty()),
            Self::Text { part: None, .. } => {
                ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther))
            }
            Self::Rule { .. } => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
            Self::Squares { .. } => ContentTag::Other,
        }
    }

    fn draw(&self, surface: &mut Surface<'_>, fonts: &Fonts) {
        match self {
            Self::Text { at, text, style, .. } => {
                surface.set_fill(Some(shade(style.shade)));
                let (place, font) = (Point::from_xy(at.0, at.1), fonts.of(*style).font.clone());
                let direction = TextDirection::LeftToRight;
                surface.draw_text(place, font, style.size, text, false, direction);
            }
            Self::Rule { y, shade: light } => {
                fill(surface, *light, &[(LEFT, *y - 0.3, WIDTH, 0.6)]);
            }
            Self::Squares { squares, .. } => fill(surface, 0, squares),
        }
    }
}

fn shade(light: u8) -> Fill {
    Fill { paint: luma::Color::new(light).into(), ..Fill::default() }
}

fn fill(surface: &mut Surface<'_>, light: u8, squares: &[(f32, f32, f32, f32)]) {
    surface.set_fill(Some(shade(light)));
    let mut path = PathBuilder::new();
    for (x, y, width, height) in squares {
        if let Some(square) = Rect::from_xywh(*x, *y, *width, *height) {
            path.push_rect(square);
        }
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}
