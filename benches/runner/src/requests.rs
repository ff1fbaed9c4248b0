//! What gw asks the engine in one run: how often, and whether anything twice.

use std::collections::BTreeMap;

use crate::recorder::Request;

/// The requests of one command.
#[derive(Debug, Clone, Default)]
pub struct Requests {
    /// All of them.
    pub count: usize,
    /// Questions that were asked more than once, with how often: waiting by asking again would show here.
    pub repeated: BTreeMap<String, usize>,
}

impl Requests {
    /// Counts.
    pub fn of(requests: &[Request]) -> Self {
        let mut times = BTreeMap::new();
        for request in requests {
            *times.entry(request.question()).or_insert(0) += 1;
        }
        times.retain(|_, count| *count > 1);
        Self { count: requests.len(), repeated: times }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_twice_is_a_repetition_whatever_the_version() {
        let request = |target: &str| Request {
            method: "GET".into(),
            target: target.into(),
            kind: String::new(),
            body: Vec::new(),
        };
        let requests = Requests::of(&[request("/v1.45/info"), request("/v1.44/info"), request("/events")]);
        assert_eq!(requests.count, 3);
        assert_eq!(requests.repeated, BTreeMap::from([("GET /info".to_owned(), 2)]));
    }
}
