//! The command line that `scripts/bench` writes.

use std::path::PathBuf;

use crate::Result;

/// What is to be done, and with what.
#[derive(Debug, PartialEq, Eq)]
pub struct Arguments {
    /// How often everything is measured.
    pub rounds: usize,
    /// Where the figures go as JSON.
    pub json: Option<PathBuf>,
    /// The release build of gw.
    pub gw: PathBuf,
    /// `DOCKER_CONFIG` of the newest Compose.
    pub compose: PathBuf,
    /// The folder `benches/`.
    pub benches: PathBuf,
}

impl Arguments {
    /// Reads `--rounds N --json FILE --gw FILE --compose FOLDER --benches FOLDER`.
    ///
    /// # Errors
    /// Another option, or one without its value.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self> {
        let mut found = Self {
            rounds: 5,
            json: None,
            gw: PathBuf::new(),
            compose: PathBuf::new(),
            benches: PathBuf::new(),
        };
        let mut words = words.into_iter();
        while let Some(option) = words.next() {
            let value = words.next().ok_or_else(|| format!("{option} needs a value"))?;
            match option.as_str() {
                "--rounds" => {
                    found.rounds = value.parse().map_err(|_| format!("--rounds {value}: no number"))?;
                }
                "--json" => found.json = Some(value.into()),
                "--gw" => found.gw = value.into(),
                "--compose" => found.compose = value.into(),
                "--benches" => found.benches = value.into(),
                _ => return Err(format!("{option}: no such option").into()),
            }
        }
        if found.rounds == 0 { Err("--rounds 0: nothing would be measured".into()) } else { Ok(found) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn what_is_not_said_is_five_rounds_without_json() {
        let found = parse("--gw a --compose b --benches c").expect("it is complete");
        assert_eq!((found.rounds, found.json, found.gw), (5, None, PathBuf::from("a")));
        let found = parse("--rounds 2 --json f").expect("it is complete");
        assert_eq!((found.rounds, found.json), (2, Some(PathBuf::from("f"))));
    }

    #[test]
    fn mistakes_are_said() {
        let told = |line: &str| parse(line).expect_err("a mistake").to_string();
        assert_eq!(told("--rounds many"), "--rounds many: no number");
        assert_eq!(told("--rounds 0"), "--rounds 0: nothing would be measured");
        assert_eq!(told("--fast 1"), "--fast: no such option");
        assert_eq!(told("--json"), "--json needs a value");
    }
}
