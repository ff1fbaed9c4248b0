//! What one server of a store, or a sentinel, says of its place among the others.

use serde::Serialize;

/// The place that one says it has; empty where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Standing {
    /// What it says it is: `standalone`, `primary`, `secondary`, `master`, `replica`, `sentinel`.
    pub role: Option<String>,
    /// Whom it takes for the primary or the master, as `HOST:PORT`; a replica's own master is no opinion.
    pub names: Option<String>,
    /// How far its data reaches.
    pub position: Option<Position>,
}

/// How far the data of a server reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Bytes of Redis's stream of changes.
    Bytes(u64),
    /// Milliseconds since the epoch: when MongoDB's primary took the last write that this member has.
    Milliseconds(u64),
}

/// How far a server is behind the leader: bytes of changes, or milliseconds between last writes.
pub type Lag = Position;

impl Position {
    /// How far this position is behind the leader's; nothing, where it was asked after the leader and is ahead.
    pub fn behind(self, leader: Self) -> Option<Lag> {
        match (self, leader) {
            (Self::Bytes(own), Self::Bytes(first)) => Some(Self::Bytes(first.saturating_sub(own))),
            (Self::Milliseconds(own), Self::Milliseconds(first)) => {
                Some(Self::Milliseconds(first.saturating_sub(own)))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_is_never_negative_and_only_between_equals() {
        assert_eq!(Position::Bytes(7).behind(Position::Bytes(10)), Some(Position::Bytes(3)));
        assert_eq!(Position::Bytes(12).behind(Position::Bytes(10)), Some(Position::Bytes(0)));
        let (early, late) = (Position::Milliseconds(1_000), Position::Milliseconds(3_500));
        assert_eq!(early.behind(late), Some(Position::Milliseconds(2_500)));
        assert_eq!(early.behind(Position::Bytes(1)), None);
    }
}
