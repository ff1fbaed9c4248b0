//! What was measured, and the bounds that it is held against; pure.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::requests::Requests;

/// What is measured in turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// From nothing to every service ready.
    Up,
    /// The same once more, with nothing to do.
    Again,
    /// From running to gone.
    Down,
}

impl What {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Again => "nothing to do",
            Self::Down => "down",
        }
    }
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub struct Figures {
    /// What they belong to.
    pub machine: Value,
    /// The contenders: the limit, gw, then Compose; in the order of the table.
    pub names: Vec<String>,
    /// Seconds, round by round.
    pub seconds: BTreeMap<(What, String), Vec<f64>>,
    /// What gw asked the engine, by command.
    pub requests: Vec<(String, Requests)>,
    /// Peak memory of gw in bytes, by command.
    pub memory: Vec<(String, u64)>,
    /// Seconds that rendering took, by number of services.
    pub render: BTreeMap<u32, Vec<f64>>,
}

/// A bound, and how it is met.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// What is compared, in words.
    pub what: String,
    /// What was measured.
    pub value: f64,
    /// What it may be at most.
    pub most: f64,
    /// Why `most` is what it is, where it is not the fixed one.
    pub note: Option<String>,
}

impl Bound {
    fn new(what: impl Into<String>, value: f64, most: f64) -> Self {
        Self { what: what.into(), value, most, note: None }
    }

    /// Whether it is met. A figure that is missing meets nothing.
    pub fn holds(&self) -> bool {
        self.value <= self.most
    }
}

/// How much longer than the limit, and than the floor, gw may take.
const OVER_THE_LIMIT: f64 = 1.3;
/// The peak memory in MB.
const MEMORY: f64 = 40.0;
/// Five times the services in five times the time, and a fifth for noise.
const IN_PROPORTION: f64 = 6.0;

/// The middle of the samples; with an even number the mean of the two in the middle.
pub fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.as_slice() {
        [] => f64::NAN,
        sorted if sorted.len() % 2 == 1 => sorted[sorted.len() / 2],
        sorted => f64::midpoint(sorted[sorted.len() / 2 - 1], sorted[sorted.len() / 2]),
    }
}

impl Figures {
    /// Notes one measurement.
    pub fn note(&mut self, what: What, name: &str, seconds: f64) {
        self.seconds.entry((what, name.to_owned())).or_default().push(seconds);
    }

    /// The median of one contender.
    pub fn median(&self, what: What, name: &str) -> f64 {
        self.seconds.get(&(what, name.to_owned())).map_or(f64::NAN, |samples| median(samples))
    }

    /// The fastest Compose whose name ends so.
    fn compose(&self, what: What, ending: &str) -> f64 {
        let named = self.names.iter().skip(2).filter(|name| name.ends_with(ending));
        named.map(|name| self.median(what, name)).fold(f64::NAN, f64::min)
    }

    /// Every bound that the project has set itself.
    pub fn bounds(&self) -> Vec<Bound> {
        let [limit, gw] = [0, 1].map(|place| self.names.get(place).map_or("", String::as_str));
        let (least, up) = (self.median(What::Up, limit), self.median(What::Up, gw));
        let mut bounds = vec![Bound::new("up, gw to the limit", up / least, OVER_THE_LIMIT)];
        for (ending, most) in [("100 ms", 0.65), ("1 s", 0.35)] {
            let compose = self.compose(What::Up, ending);
            // Nobody is faster than the limit: where even 1.3 of it is more, that is the bound.
            let room = OVER_THE_LIMIT * least / compose;
            let mut bound = Bound::new(
                format!("up, gw to the faster Compose that probes each {ending}"),
                up / compose,
                most,
            );
            if room > most {
                bound.most = room;
                bound.note = Some(format!("the limit leaves no room for {most}"));
            }
            bounds.push(bound);
        }
        let again = self.median(What::Again, gw) / self.compose(What::Again, "");
        bounds.push(Bound::new("nothing to do, gw to the faster Compose", again, 0.15));
        let down = self.median(What::Down, gw) / self.median(What::Down, limit);
        bounds.push(Bound::new("down, gw to the floor", down, OVER_THE_LIMIT));
        let memory = self.memory.iter().map(|(_, bytes)| megabytes(*bytes)).fold(f64::NAN, f64::max);
        bounds.push(Bound::new("peak memory of gw, MB", memory, MEMORY));
        let repeated: usize = self.requests.iter().map(|(_, requests)| requests.repeated.len()).sum();
        let repeated = if self.requests.is_empty() {
            f64::NAN
        } else {
            f64::from(u32::try_from(repeated).unwrap_or(u32::MAX))
        };
        bounds.push(Bound::new("questions that gw asked the engine twice in a run", repeated, 0.0));
        let rendered: Vec<f64> = self.render.values().map(|samples| median(samples)).collect();
        let [small, large] = [0, 1].map(|place| rendered.get(place).copied().unwrap_or(f64::NAN));
        bounds.push(Bound::new("1000 services rendered, seconds", small, 1.0));
        bounds.push(Bound::new("5000 services to 1000", large / small, IN_PROPORTION));
        bounds
    }

    /// All of it as one JSON object.
    pub fn json(&self) -> Value {
        let measured = self.seconds.iter().map(|((what, who), samples)| {
            json!({ "what": what.words(), "who": who, "median": median(samples), "seconds": samples })
        });
        let bounds = self.bounds().into_iter().map(|bound| {
            json!({ "what": bound.what, "value": bound.value, "at_most": bound.most, "holds": bound.holds(), "note": bound.note })
        });
        let requests = self.requests.iter().map(|(command, requests)| {
            json!({ "command": command, "requests": requests.count, "repeated": requests.repeated })
        });
        let render = self.render.iter().map(|(services, samples)| {
            json!({ "services": services, "median": median(samples), "seconds": samples })
        });
        let memory = self.memory.iter().map(|(command, bytes)| json!({ "command": command, "bytes": bytes }));
        json!({
            "version": 1,
            "machine": self.machine,
            "measured": measured.collect::<Vec<_>>(),
            "bounds": bounds.collect::<Vec<_>>(),
            "requests": requests.collect::<Vec<_>>(),
            "memory": memory.collect::<Vec<_>>(),
            "render": render.collect::<Vec<_>>(),
        })
    }
}

/// Bytes in MB.
#[expect(clippy::cast_precision_loss, reason = "no memory is that large")]
pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests;
