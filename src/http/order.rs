//! Fields in an answer as they were asked: the specification wants a map to have their order
//! (GraphQL, section *Serialized Map Ordering*), and async-graphql gives that in which they were done.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Request, Value,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

/// Brings answers in the order in which their fields were asked.
pub(super) struct AsAsked {
    asked: Option<(ExecutableDocument, Option<String>)>,
    order: Option<Order>,
}

impl AsAsked {
    /// As that request asks.
    pub(super) fn by(request: &mut Request) -> Self {
        let name = request.operation_name.clone();
        let document = request.parsed_query().ok().cloned();
        Self { asked: document.map(|document| (document, name)), order: None }
    }

    /// Brings an answer's fields in that order. Where there are some, the document was found valid and
    /// within its limits, and so is its order.
    pub(super) fn arrange(&mut self, data: &mut Value) {
        if let (Value::Object(_), Some((document, name))) = (&*data, &self.asked) {
            let order = self.order.get_or_insert_with(|| Order::of(document, name.as_deref()));
            order.arrange(data);
        }
    }
}

/// In which order fields were asked, whatever the types are that they are of.
#[derive(Default)]
struct Order(HashMap<Name, (usize, Order)>);

impl Order {
    fn of(document: &ExecutableDocument, name: Option<&str>) -> Self {
        let mut order = Self::default();
        let mut operations = document.operations.iter();
        let named = |known: Option<&Name>| name.is_none() || known.map(Name::as_str) == name;
        if let Some((_, operation)) = operations.find(|(known, _)| named(*known)) {
            order.add(&operation.node.selection_set.node, document, &mut HashSet::new());
        }
        order
    }

    /// Adds a selection's fields; a fragment that was `spread` here before adds nothing.
    fn add<'d>(
        &mut self,
        selection: &'d SelectionSet,
        document: &'d ExecutableDocument,
        spread: &mut HashSet<&'d Name>,
    ) {
        for item in &selection.items {
            match &item.node {
                Selection::Field(field) => {
                    let place = self.0.len();
                    let key = field.node.response_key().node.clone();
                    let (_, below) = self.0.entry(key).or_insert_with(|| (place, Self::default()));
                    below.add(&field.node.selection_set.node, document, &mut HashSet::new());
                }
                Selection::InlineFragment(fragment) => {
                    self.add(&fragment.node.selection_set.node, document, spread);
                }
                Selection::FragmentSpread(fragment) => {
                    let name = &fragment.node.fragment_name.node;
                    if let Some(fragment) =
                        document.fragments.get(name).filter(|_| spread.insert(name))
                    {
                        self.add(&fragment.node.selection_set.node, document, spread);
                    }
                }
            }
        }
    }

    fn arrange(&self, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                let place = |name: &Name| self.0.get(name).map(|(place, _)| *place);
                if !fields.keys().map(place).is_sorted() {
                    fields.sort_by(|a, _, b, _| place(a).cmp(&place(b)));
                }
                for (name, value) in fields {
                    if let Some((_, below)) = self.0.get(name) {
                        below.arrange(value);
                    }
                }
            }
            Value::List(items) => items.iter_mut().for_each(|item| self.arrange(item)),
            _ => {}
        }
    }
}
