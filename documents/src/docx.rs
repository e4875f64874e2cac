//! The text of a DOCX: the body of its main part (ECMA-376, part 1, section 17).

use std::io::{BufReader, Cursor, Read, Write};

use quick_xml::{
    Reader, XmlVersion,
    escape::{escape, resolve_predefined_entity},
    events::Event,
};
use zip::{ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

use crate::{Plain, Unreadable};

/// The most bytes that a part may have once unpacked.
const MOST: u64 = 256 * 1024 * 1024;

pub(crate) fn read(bytes: &[u8]) -> Result<Plain, Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let text = part(&mut archive, "word/document.xml", body)?;
    let pages = match part(&mut archive, "docProps/app.xml", pages) {
        Err(Unreadable::Zip(ZipError::FileNotFound)) => None,
        pages => pages?,
    };
    Ok(Plain { text, pages })
}

type Part<'p> = BufReader<std::io::Take<&'p mut dyn Read>>;

/// What a part of the archive says.
fn part<T>(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    name: &str,
    say: fn(Part<'_>) -> Result<T, quick_xml::Error>,
) -> Result<T, Unreadable> {
    let mut file = archive.by_name(name)?;
    if file.size() > MOST {
        return Err(Unreadable::TooLarge { most: MOST });
    }
    // What the archive says of its size may be a lie.
    let file: &mut dyn Read = &mut file;
    Ok(say(BufReader::new(file.take(MOST)))?)
}

/// The text of the main part: a line a paragraph.
fn body(part: Part<'_>) -> Result<String, quick_xml::Error> {
    let mut text = String::new();
    let mut in_text = false;
    each(part, |event| match event {
        Event::Start(tag) if tag.name().as_ref() == "w:t" => in_text = true,
        Event::End(tag) if tag.name().as_ref() == "w:t" => in_text = false,
        Event::End(tag) if tag.name().as_ref() == "w:p" => text.push('\n'),
        Event::Empty(tag) if matches!(tag.name().as_ref(), "w:tab" | "w:br" | "w:cr") => {
            text.push(' ');
        }
        Event::Text(part) if in_text => {
            text.push_str(&part.xml_content(XmlVersion::Implicit1_0));
        }
        Event::GeneralRef(entity) if in_text => {
            let named = resolve_predefined_entity(&entity).map(str::to_owned);
            let numbered = entity.resolve_char_ref().ok().flatten().map(String::from);
            text.extend(named.or(numbered));
        }
        _ => {}
    })?;
    Ok(text)
}

/// How many pages the program that wrote it counted.
fn pages(part: Part<'_>) -> Result<Option<u32>, quick_xml::Error> {
    let mut within = false;
    let mut pages = None;
    each(part, |event| match event {
        Event::Start(tag) => within = tag.local_name().as_ref() == "Pages",
        Event::End(_) => within = false,
        Event::Text(part) if within => pages = part.trim().parse().ok(),
        _ => {}
    })?;
    Ok(pages)
}

fn each(part: Part<'_>, mut take: impl FnMut(Event<'_>)) -> Result<(), quick_xml::Error> {
    let mut reader = Reader::from_reader(part);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer)? {
            Event::Eof => return Ok(()),
            event => take(event),
        }
        buffer.clear();
    }
}

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>
</Relationships>"#;

pub(crate) fn write(paragraphs: &[String]) -> Result<Vec<u8>, Unreadable> {
    let mut body = String::new();
    for paragraph in paragraphs {
        let text = escape(paragraph.as_str());
        body.push_str(&format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>"));
    }
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<w:document xmlns:w=\"http://schemas.openxmlformats\
         .org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("word/document.xml", &document),
    ] {
        archive.start_file(name, SimpleFileOptions::default())?;
        archive.write_all(part.as_bytes()).map_err(ZipError::from)?;
    }
    Ok(archive.finish()?.into_inner())
}
