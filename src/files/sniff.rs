//! What a file is, by its bytes and never by its name.

use aggregates::shared::FileKind;

/// How many of a file's first and last bytes tell what it is.
pub(super) const LOOKED_AT: usize = 64 * 1024;

/// Signatures in the directory at the end of a ZIP that make it a text of Office Open XML.
const OF_DOCX: [&[u8]; 2] = [b"[Content_Types].xml", b"word/document.xml"];

/// What a file is whose first and last bytes these are; none where it is not on the list.
pub(super) fn kind(first: &[u8], last: &[u8]) -> Option<FileKind> {
    match infer::get(first)?.mime_type() {
        "application/pdf" => Some(FileKind::Pdf),
        "image/png" => Some(FileKind::Png),
        "image/jpeg" => Some(FileKind::Jpeg),
        // A ZIP's directory stands at its end, whatever the order of what it holds.
        _ if first.starts_with(b"PK\x03\x04") => {
            OF_DOCX.iter().all(|name| holds(last, name)).then_some(FileKind::Docx)
        }
        _ => None,
    }
}

fn holds(bytes: &[u8], sought: &[u8]) -> bool {
    bytes.windows(sought.len()).any(|window| window == sought)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_their_bytes() {
        assert_eq!(kind(b"%PDF-1.7\n", b"%%EOF"), Some(FileKind::Pdf));
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n", b""), Some(FileKind::Png));
        assert_eq!(kind(b"\xff\xd8\xff\xe0", b""), Some(FileKind::Jpeg));
        let directory = b"PK\x01\x02 word/document.xml PK\x01\x02 [Content_Types].xml";
        assert_eq!(kind(b"PK\x03\x04 word/document.xml", directory), Some(FileKind::Docx));
    }

    #[test]
    fn what_is_not_on_the_list_is_nothing() {
        assert_eq!(kind(b"MZ\x90\x00 an executable", b""), None);
        assert_eq!(kind(b"PK\x03\x04 an archive", b"PK\x01\x02 evil.exe"), None);
        assert_eq!(kind(b"just text", b""), None);
        assert_eq!(kind(b"", b""), None);
    }
}
