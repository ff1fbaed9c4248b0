//! Why an image was not built, with what helps to find out.

use std::fmt;

use super::context::ContextError;

/// A build that ended without an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildFailure {
    /// The tag it would have got.
    pub image: String,
    /// What went wrong.
    pub problem: BuildProblem,
    /// The instruction that failed, `[2/3] RUN make`.
    pub step: Option<String>,
    /// The last lines that the build printed.
    pub output: Vec<String>,
    /// What the profile says to do.
    pub hint: Option<String>,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildProblem {
    /// The folder is not as it has to be; nothing was sent.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// An instruction failed, in the builder's words.
    #[error("{0}")]
    Step(String),
    /// The engine did not answer or said no, in its words.
    #[error("the engine did not build: {0}")]
    Engine(String),
}

impl std::error::Error for BuildFailure {}

impl fmt::Display for BuildFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "building {} failed: {}", self.image, self.problem)?;
        if let Some(step) = &self.step {
            write!(formatter, "\n  in {step}")?;
        }
        for line in &self.output {
            write!(formatter, "\n  | {line}")?;
        }
        if let Some(hint) = &self.hint {
            write!(formatter, "\n  {hint}")?;
        }
        Ok(())
    }
}

/// Takes out of BuildKit's words what only BuildKit can use: nested prefixes and internal references.
pub(super) fn plain_words(message: &str) -> String {
    let mut words = message.trim();
    loop {
        let shorter = PREFIXES.iter().find_map(|prefix| words.strip_prefix(prefix)).or_else(|| {
            let (_, rest) = words.strip_prefix("failed to calculate checksum of ref ")?.split_once(": ")?;
            Some(rest)
        });
        match shorter {
            Some(shorter) => words = shorter,
            None => return missing_folder(words).unwrap_or_else(|| words.to_owned()),
        }
    }
}

const PREFIXES: [&str; 3] =
    ["failed to solve: ", "failed to compute cache key: ", "rpc error: code = Unknown desc = "];

/// `failed to walk /.../buildkit-mount123/bin: lstat ...: no such file or directory`: a source's folder is not there.
fn missing_folder(words: &str) -> Option<String> {
    let path = words.strip_prefix("failed to walk ")?.strip_suffix(": no such file or directory")?;
    let (_, path) = path.split_once(": lstat ")?.0.split_once("/buildkit-mount")?;
    let (_, path) = path.split_once('/')?;
    Some(format!("\"/{path}\": not found"))
}

#[cfg(test)]
mod tests {
    use super::{BuildFailure, BuildProblem, plain_words};

    #[test]
    fn words_lose_what_helps_nobody() {
        for (message, plain) in [
            (
                "failed to solve: failed to compute cache key: failed to calculate checksum of ref \
                 abc::def: \"/bin/x\": not found",
                "\"/bin/x\": not found",
            ),
            (
                "failed to solve: process \"/bin/sh -c false\" did not complete successfully: exit code: 1",
                "process \"/bin/sh -c false\" did not complete successfully: exit code: 1",
            ),
            (
                "failed to walk /x/tmp/buildkit-mount547309771/bin: lstat /x/tmp/buildkit-mount547309771/bin: no such \
                 file or directory",
                "\"/bin\": not found",
            ),
            (
                "dockerfile parse error on line 2: unknown instruction: FOO",
                "dockerfile parse error on line 2: unknown instruction: FOO",
            ),
        ] {
            assert_eq!(plain_words(message), plain);
        }
    }

    #[test]
    fn text_has_step_output_and_hint() {
        let failure = BuildFailure {
            image: "ms-auth".to_owned(),
            problem: BuildProblem::Step("exit code: 1".to_owned()),
            step: Some("[2/2] RUN make".to_owned()),
            output: vec!["make: no rule".to_owned()],
            hint: Some("run ./build first".to_owned()),
        };
        assert_eq!(
            failure.to_string(),
            "building ms-auth failed: exit code: 1\n  in [2/2] RUN make\n  | make: no rule\n  run ./build first"
        );
    }
}
