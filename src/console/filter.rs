//! What narrows a list of plans: parts of the address, so that a list can be kept and sent.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    asking::ask,
    failure::Failure,
    paging::PageInfo,
    text,
    trail_data::LocalText,
    visit::{Visit, address},
};
use crate::papers::academic_year;

const PROGRAMMES: &str = "query($after: String) { programmes(first: 100, after: $after) {
    nodes { id code localTitle { text } } pageInfo { hasNextPage endCursor } } }";
/// Of how many pages of programmes one can be chosen.
const MOST_PAGES: usize = 10;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Programmes {
    nodes: Vec<Programme>,
    page_info: PageInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Programme {
    id: String,
    code: Option<String>,
    local_title: LocalText,
}

/// What narrows the list, as it was asked for.
pub(super) struct Filter<'v> {
    /// Where the list is.
    path: &'v str,
    /// With what a name begins, family name first.
    name: Option<&'v str>,
    programme: Option<&'v str>,
    /// The calendar year in which the academic year begins.
    year: Option<i32>,
    /// Whether add/drop changed it.
    changed: Option<bool>,
}

impl<'v> Filter<'v> {
    /// Of the address; what a form leaves empty narrows nothing.
    pub fn of(visit: &'v Visit) -> Result<Self, Failure> {
        let asked = |name| visit.asked(name).map(str::trim).filter(|value| !value.is_empty());
        let year = asked("year").map(str::parse).transpose();
        let year = year.map_err(|_| Failure::told("BAD_INPUT"))?;
        let changed = match asked("changed") {
            None => None,
            Some("yes") => Some(true),
            Some("no") => Some(false),
            Some(_) => return Err(Failure::told("BAD_INPUT")),
        };
        let (name, programme) = (asked("name"), asked("programme"));
        Ok(Self { path: visit.path(), name, programme, year, changed })
    }

    /// As the API takes it.
    pub fn variable(&self) -> Value {
        let Self { name, programme, year, changed, .. } = self;
        let all = [
            ("namePrefix", json!(name)),
            ("programmeId", json!(programme)),
            ("academicYear", json!(year)),
            ("changedInAddDrop", json!(changed)),
        ];
        let set = all.into_iter().filter(|(_, value)| !value.is_null());
        Value::Object(set.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
    }

    /// The address of the list that is narrowed so, with more parts.
    pub fn address(&self, more: &[(&str, &str)]) -> String {
        let parts = self.parts();
        let parts = parts.iter().map(|(name, value)| (*name, value.as_str()));
        address(self.path, parts.chain(more.iter().copied()))
    }

    fn parts(&self) -> Vec<(&'static str, String)> {
        let Self { name, programme, year, changed, .. } = self;
        let all = [
            ("name", name.map(str::to_owned)),
            ("programme", programme.map(str::to_owned)),
            ("year", year.map(|year| year.to_string())),
            ("changed", changed.map(|changed| if changed { "yes" } else { "no" }.to_owned())),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// The form that asks for it.
    pub async fn form(&self, visit: &Visit) -> Result<Markup, Failure> {
        let programmes = programmes(visit).await?;
        let this_year = projections::term::academic_year(visit.shared.services.cabinet.today());
        let (before, after) = (this_year.saturating_sub(1), this_year.saturating_add(1));
        let years =
            [before, this_year, after].map(|year| (year.to_string(), academic_year(year.into())));
        let programmes = programmes.into_iter().map(|Programme { id, code, local_title }| {
            (id, code.into_iter().chain([local_title.text]).collect::<Vec<_>>().join(" "))
        });
        let changed = [("yes", "page-changed"), ("no", "page-not-changed")];
        let changed = changed.map(|(value, key)| (value.to_owned(), text(key)));
        let set = self.parts();
        let is = |part: &str| set.iter().find(|(name, _)| *name == part).map(|(_, value)| value);
        Ok(html! {
            form.filter method="get" action=(self.path) role="search" aria-label=(text("page-filter")) {
                div {
                    label for="name" { (text("page-filter-name")) }
                    input #name type="search" name="name" value=[self.name] maxlength="200";
                }
                (choice("programme", "page-programme", programmes, is("programme")))
                (choice("year", "page-year", years.into_iter(), is("year")))
                (choice("changed", "page-cause-of", changed.into_iter(), is("changed")))
                button { (text("page-filter-do")) }
                @if !set.is_empty() { a href=(self.path) { (text("page-filter-clear")) } }
            }
        })
    }
}

/// The programmes that there are.
async fn programmes(visit: &Visit) -> Result<Vec<Programme>, Failure> {
    let (mut programmes, mut after) = (vec![], None);
    for _ in 0..MOST_PAGES {
        let page: Option<Programmes> = ask(visit, PROGRAMMES, json!({"after": after})).await?;
        let Some(Programmes { nodes, page_info }) = page else { break };
        programmes.extend(nodes);
        match page_info.next() {
            Some(cursor) => after = Some(cursor.to_owned()),
            None => break,
        }
    }
    Ok(programmes)
}

/// One of several, or any; what is asked for stays to choose from.
fn choice(
    name: &str,
    label: &str,
    options: impl Iterator<Item = (String, String)>,
    chosen: Option<&String>,
) -> Markup {
    let options: Vec<_> = options.collect();
    let other = chosen.filter(|chosen| options.iter().all(|(value, _)| value != *chosen));
    let other = other.map(|chosen| (chosen.clone(), chosen.clone()));
    html! {
        div {
            label for=(name) { (text(label)) }
            select id=(name) name=(name) {
                option value="" { (text("page-filter-any")) }
                @for (value, title) in options.iter().chain(&other) {
                    option value=(value) selected[Some(value) == chosen] { (title) }
                }
            }
        }
    }
}
