//! Names in the order of their file, with a quick answer to "is it one of them".

use std::collections::HashSet;

/// Names in order.
#[derive(Debug, Clone, Default)]
pub(super) struct NameList {
    order: Vec<String>,
    set: HashSet<String>,
}

impl NameList {
    /// Whether a name is one of them.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.set.contains(name)
    }

    /// The names in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(String::as_str)
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}

impl FromIterator<String> for NameList {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        let order: Vec<String> = names.into_iter().collect();
        let set = order.iter().cloned().collect();
        Self { order, set }
    }
}
