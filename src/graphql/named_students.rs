//! Students whom a list in the input names: what is refused because of one of them is told as theirs.

use std::collections::BTreeMap;

use super::errors::{Fault, UserError};

/// They, by the ids of what of theirs is asked something.
pub type NamedStudents = BTreeMap<String, NamedStudent>;

/// A student whom a list in the input names.
#[derive(Debug, Clone)]
pub struct NamedStudent {
    /// The list.
    pub list: &'static str,
    /// Where in it, from 0.
    pub place: usize,
    /// What the student is called.
    pub name: String,
}

impl NamedStudent {
    /// An error that is about this student.
    pub fn told(&self, error: UserError) -> Fault {
        Fault::User(vec![error.of_student(&self.name).of_item(self.list, self.place)])
    }
}
