//! A timetable as an iCalendar object (RFC 5545), line by line: a calendar program asks for it again and again,
//! and all it takes of the format are these few lines.

use aggregates::shared::Window;
use jiff::Timestamp;

/// The most octets of a line, its end aside (section 3.1).
const MOST_OCTETS: usize = 75;

/// An event.
pub struct Event {
    /// The same whenever the calendar is made.
    pub uid: String,
    /// What it is.
    pub summary: String,
    /// More of it.
    pub description: Option<String>,
    /// Where.
    pub location: Option<String>,
    /// What kind of thing it is.
    pub category: &'static str,
    /// From when until when.
    pub window: Window,
    /// Whether it takes somebody's time.
    pub busy: bool,
}

/// The calendar as it was made at a time.
pub fn calendar(name: &str, made_at: Timestamp, events: &[Event]) -> String {
    let mut lines = Lines::default();
    for (property, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Oqu//Timetable//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        // How often it is worth asking again (RFC 7986, section 5.7).
        ("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"),
    ] {
        lines.raw(property, value);
    }
    lines.text("X-WR-CALNAME", name);
    for event in events {
        event.write(made_at, &mut lines);
    }
    lines.raw("END", "VCALENDAR");
    lines.0
}

impl Event {
    fn write(&self, made_at: Timestamp, lines: &mut Lines) {
        lines.raw("BEGIN", "VEVENT");
        lines.text("UID", &self.uid);
        lines.raw("DTSTAMP", &utc(made_at));
        lines.raw("DTSTART", &utc(self.window.opens_at));
        lines.raw("DTEND", &utc(self.window.closes_at));
        lines.text("SUMMARY", &self.summary);
        for (property, value) in [("LOCATION", &self.location), ("DESCRIPTION", &self.description)]
        {
            if let Some(value) = value {
                lines.text(property, value);
            }
        }
        lines.text("CATEGORIES", self.category);
        lines.raw("TRANSP", if self.busy { "OPAQUE" } else { "TRANSPARENT" });
        lines.raw("END", "VEVENT");
    }
}

/// Content lines, folded.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A property whose value is written as it is.
    fn raw(&mut self, property: &str, value: &str) {
        let mut octets = 0;
        for letter in property.chars().chain([':']).chain(value.chars()) {
            if octets + letter.len_utf8() > MOST_OCTETS {
                // What goes on begins with a space, which counts.
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(letter);
            octets += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A property whose value is a text (section 3.3.11).
    fn text(&mut self, property: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for letter in value.chars() {
            match letter {
                '\\' | ';' | ',' => escaped.extend(['\\', letter]),
                '\n' => escaped.push_str("\\n"),
                control if control.is_control() => {}
                letter => escaped.push(letter),
            }
        }
        self.raw(property, &escaped);
    }
}

/// A time in UTC (section 3.3.5, form 2): no time zone has to be described.
fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use icalendar::{Calendar, Component, EventLike};

    use super::*;

    fn event(summary: &str) -> Event {
        Event {
            uid: "a-1@oqu".into(),
            summary: summary.into(),
            description: Some("Иванов, Пётр\nСерікбаев Ермек".into()),
            location: Some("Корпус 1; ауд. 101".into()),
            category: "CLASS",
            window: Window {
                opens_at: "2026-09-01T04:00:00.5Z".parse().unwrap(),
                closes_at: "2026-09-01T04:50:00Z".parse().unwrap(),
            },
            busy: true,
        }
    }

    fn written(summary: &str) -> String {
        calendar("Кесте", "2026-08-31T19:00:00Z".parse().unwrap(), &[event(summary)])
    }

    #[test]
    fn an_event_is_written_as_the_rfc_says() {
        let lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Oqu//Timetable//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-WR-CALNAME:Кесте",
            "BEGIN:VEVENT",
            "UID:a-1@oqu",
            "DTSTAMP:20260831T190000Z",
            "DTSTART:20260901T040000Z",
            "DTEND:20260901T045000Z",
            "SUMMARY:C:\\\\ Алгебра\\, 1",
            "LOCATION:Корпус 1\\; ауд. 101",
            "DESCRIPTION:Иванов\\, Пётр\\nСерікбаев Ермек",
            "CATEGORIES:CLASS",
            "TRANSP:OPAQUE",
            "END:VEVENT",
            "END:VCALENDAR",
        ];
        assert_eq!(written("C:\\ Алге\rбра, 1"), lines.join("\r\n") + "\r\n");
    }

    /// Whatever is written, another program's parser reads it back; and no line is too long, though a letter
    /// takes one to four octets.
    #[test]
    fn a_text_of_any_length_is_folded_and_read_back() {
        for length in 0..300 {
            let summary: String = "Ә,бa\\😀; ".chars().cycle().take(length).collect();
            let summary = summary.trim();
            let written = written(summary);
            for line in written.split("\r\n") {
                assert!(line.len() <= MOST_OCTETS, "{} octets: {line}", line.len());
                assert!(!line.contains(['\r', '\n']));
            }
            let read: Calendar = written.parse().unwrap();
            let read = read.events().next().unwrap();
            assert_eq!(read.get_summary().unwrap_or_default(), summary);
            assert_eq!(read.get_location(), Some("Корпус 1; ауд. 101"));
        }
    }
}
