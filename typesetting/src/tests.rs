use krilla::configure::{Accessibility, ConfigurationBuilder};

use super::*;

const KAZAKH: &str = "Ә ә Ғ ғ Қ қ Ң ң Ө ө Ұ ұ Ү ү Һ һ І і";

fn text(value: &str) -> String {
    value.to_owned()
}

fn columns(titles: &[(&str, u16, bool)]) -> Vec<Column> {
    let column = |(title, share, numbers): &(&str, u16, bool)| Column {
        title: text(title),
        share: *share,
        numbers: *numbers,
    };
    titles.iter().map(column).collect()
}

fn plan(subjects: usize) -> Paper {
    let fact = |(label, value): &(&str, &str)| Fact { label: text(label), value: text(value) };
    let facts = [
        ("Білім алушы", "Әбдірахманқызы Гүлнұр Ізтөлеуқызы"),
        ("Білім беру бағдарламасы", "6B06102 Ақпараттық жүйелер және олардың қауіпсіздігі"),
        ("Эдвайзер", "Қожахметов Һамит"),
        ("Оқу жылы", "2026/2027"),
    ];
    let subject = |number: usize| {
        let title = if number.is_multiple_of(4) {
            "Үздіксіз дамитын ақпараттық-коммуникациялық технологиялар, олардың қауіпсіздігі мен құқықтық негіздері"
        } else {
            "Математикалық талдау"
        };
        vec![format!("CSC {number:04}"), text(title), text("5")]
    };
    let section = |heading: &str| Section {
        heading: text(heading),
        columns: columns(&[("Коды", 16, false), ("Пән", 68, false), ("Кредиттер", 16, true)]),
        rows: (1..=subjects).map(subject).collect(),
        total: Some(vec![text(""), text("Барлығы"), format!("{}", subjects * 5)]),
        note: None,
    };
    let signature = |role: &str, name: &str, at: &str| vec![text(role), text(name), text(at)];
    let trail = Section {
        heading: text("Қолтаңбалар"),
        columns: columns(&[("Рөлі", 20, false), ("Кім", 52, false), ("Қашан", 28, false)]),
        rows: vec![
            signature("студент", "Әбдірахманқызы Гүлнұр Ізтөлеуқызы", "21.08.2026 10:02"),
            signature("эдвайзер", "Қожахметов Һамит", "21.08.2026 12:40"),
            signature("тіркеуші", "Өтегенова Үміт", "22.08.2026 09:15"),
        ],
        total: None,
        note: Some(format!("SHA-256: {}", "3fa9c1d05b7e".repeat(5))),
    };
    Paper {
        language: text("kk"),
        issuer: Some(text("Қазақстан университеті")),
        title: text("Жеке оқу жоспары"),
        facts: facts.iter().map(fact).collect(),
        sections: vec![
            section("2026 жылғы күзгі семестр"),
            section("2027 жылғы көктемгі семестр"),
            trail,
        ],
        check: Check {
            heading: text("Құжатты тексеру"),
            explanation: text(
                "Осы құжаттың жоспардың ең жаңа жарамды редакциясы екенін мына мекенжайдан немесе QR-код арқылы тексеруге болады.",
            ),
            code: text("7ZQK-M2XD-09TF-W4HE"),
            address: text("https://cabinet.university.example/check/7ZQK-M2XD-09TF-W4HE"),
            picture: text("Тексеру мекенжайы бар QR-код"),
        },
        foot: text("Жеке оқу жоспары 2026/2027, 2-редакция"),
        dated: "2026-08-22T04:15:00Z".parse().unwrap(),
    }
}

fn read(paper: &Paper) -> documents::Plain {
    documents::pdf(&pdf(paper).unwrap()).unwrap()
}

#[test]
fn the_text_of_a_paper_can_be_read_back_with_every_kazakh_letter() {
    let mut paper = plan(3);
    paper.title = text(KAZAKH);
    let plain = read(&paper);
    for letter in KAZAKH.split(' ') {
        assert!(plain.text.contains(letter), "{letter} in {}", plain.text);
    }
    assert!(plain.text.contains("Әбдірахманқызы Гүлнұр Ізтөлеуқызы"), "{}", plain.text);
    assert!(plain.text.contains("7ZQK-M2XD-09TF-W4HE"), "{}", plain.text);
    assert_eq!(plain.pages, Some(1));
}

#[test]
fn a_line_break_in_a_text_is_a_space() {
    let fonts = fonts::Fonts::built_in().unwrap();
    let style = fonts::Style { size: 10.0, bold: false, shade: 0 };
    assert_eq!(fonts.lines("Алгебра\nжәне\tгеометрия", style, 500.0), ["Алгебра және геометрия"]);
}

#[test]
fn both_fonts_have_the_letters_of_all_three_languages() {
    let fonts = fonts::Fonts::built_in().unwrap();
    let russian = ('А'..='я').chain(['Ё', 'ё', '№', '«', '»', '–', '—', '/', '·', '…']);
    let letters = russian.chain(' '..='~').chain(KAZAKH.chars());
    for letter in letters {
        assert!(fonts.regular.has(letter) && fonts.bold.has(letter), "{letter}");
    }
}

#[test]
fn the_same_paper_gives_the_same_bytes_and_another_gives_others() {
    let paper = plan(12);
    assert_eq!(pdf(&paper).unwrap(), pdf(&paper).unwrap());
    let other = Paper { foot: text("3-редакция"), ..paper.clone() };
    assert_ne!(pdf(&paper).unwrap(), pdf(&other).unwrap());
}

#[test]
fn a_long_table_goes_on_with_its_titles_and_every_page_has_its_number() {
    let plain = read(&plan(40));
    let pages = plain.pages.unwrap();
    assert!(pages >= 3, "{pages}");
    for page in 1..=pages {
        assert!(plain.text.contains(&format!("{page} / {pages}")), "{page} in {}", plain.text);
    }
    // Once for each of the two tables, and once more for each page that a table goes on to.
    let titles = plain.text.matches("Кредиттер").count();
    assert!(titles > 2, "{titles}");
    for number in 1..=40 {
        let code = format!("CSC {number:04}");
        assert_eq!(plain.text.matches(&code).count(), 2, "{code}");
    }
}

#[test]
fn nothing_stands_outside_the_margins() {
    let mut paper = plan(40);
    paper.title = text("Оқу жоспары ").repeat(20);
    paper.check.address = format!("https://cabinet.example/{}", "x".repeat(120));
    paper.facts.push(Fact { label: text("Ұ").repeat(90), value: text("ү").repeat(200) });
    let fonts = fonts::Fonts::built_in().unwrap();
    let layout = layout::Layout::of(&paper, &fonts).unwrap();
    for item in layout.pages.iter().flat_map(|page| &page.items) {
        if let layout::Item::Text { at: (x, y), text, style, .. } = item {
            let ends = x + fonts.width(text.trim_end(), *style);
            let right = layout::LEFT + layout::WIDTH + 0.1;
            assert!(*x >= layout::LEFT - 0.1 && ends <= right, "{x} to {ends}: {text}");
            assert!(*y > 40.0 && *y < layout::PAGE.1 - 40.0, "{y}: {text}");
        }
    }
}

#[test]
fn a_paper_is_one_that_reading_programs_can_read_aloud() {
    let accessible =
        ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    draw::written(&plan(40), accessible.unwrap()).unwrap();
}

#[test]
fn letters_that_the_fonts_lack_spoil_no_paper() {
    let mut paper = plan(1);
    paper.facts.push(Fact { label: text("名前"), value: text("山田 \u{202e}محمد 🎓") });
    assert!(pdf(&paper).unwrap().starts_with(b"%PDF-"));
}

/// What a camera reads from a paper's picture: its squares, and white paper around them.
fn photographed(paper: &Paper) -> String {
    let fonts = fonts::Fonts::built_in().unwrap();
    let layout = layout::Layout::of(paper, &fonts).unwrap();
    let items = layout.pages.into_iter().flat_map(|page| page.items);
    let squares: Vec<_> = items
        .filter_map(|item| match item {
            layout::Item::Squares { squares, .. } => Some(squares),
            _ => None,
        })
        .flatten()
        .collect();
    // Only where it lies, four points a square's side: a whole page takes long.
    let (left, top) = squares.first().map(|(x, y, ..)| (x - 16.0, y - 16.0)).unwrap();
    let at = |place: usize| f32::from(u16::try_from(place).unwrap()) / 4.0;
    let mut seen = rqrr::PreparedImage::prepare_from_greyscale(500, 500, |x, y| {
        let (x, y) = (left + at(x), top + at(y));
        let dark = squares.iter().any(|(left, top, wide, high)| {
            (*left..left + wide).contains(&x) && (*top..top + high).contains(&y)
        });
        if dark { 0 } else { 255 }
    });
    let grids = seen.detect_grids();
    let [grid] = &grids[..] else { panic!("{} codes", grids.len()) };
    grid.decode().unwrap().1
}

#[test]
fn the_picture_is_the_address() {
    let paper = plan(2);
    assert_eq!(photographed(&paper), paper.check.address);
}

/// The paper for a look at it, where a folder for it is named.
#[test]
fn a_paper_of_each_length_can_be_made() {
    for subjects in [0, 1, 5, 17, 40] {
        let bytes = pdf(&plan(subjects)).unwrap();
        if let Ok(folder) = std::env::var("TYPESETTING_LOOK") {
            std::fs::write(format!("{folder}/plan-{subjects}.pdf"), bytes).unwrap();
        }
    }
}
