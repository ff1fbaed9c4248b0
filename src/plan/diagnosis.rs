//! Why a component failed, with the evidence; what the failure screen and `--output json` show.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// Why a component did not become what it should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// It ended, and nothing starts it again.
    Exited {
        /// Its exit code.
        exit_code: Option<i64>,
        /// The kernel ended it.
        out_of_memory: bool,
    },
    /// It ended again and again.
    CrashLoop {
        /// How often.
        times: u32,
        /// The last exit code.
        exit_code: Option<i64>,
        /// The kernel ended it.
        out_of_memory: bool,
    },
    /// A job ended with another code than 0.
    JobFailed {
        /// Its exit code.
        exit_code: Option<i64>,
        /// The kernel ended it.
        out_of_memory: bool,
    },
    /// It was not ready by its deadline.
    NotReady {
        /// The deadline.
        #[serde(serialize_with = "seconds")]
        deadline: Duration,
    },
    /// Somebody removed its container.
    Removed,
    /// The engine refused to make or start it.
    Refused {
        /// The engine's words.
        message: String,
    },
}

fn seconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let memory = |flag: bool| if flag { ", out of memory" } else { "" };
        let code = |code: Option<i64>| code.map_or_else(|| "unknown".to_owned(), |code| code.to_string());
        match self {
            Self::Exited { exit_code, out_of_memory } => {
                write!(formatter, "ended with exit code {}{}", code(*exit_code), memory(*out_of_memory))
            }
            Self::CrashLoop { times, exit_code, out_of_memory } => write!(
                formatter,
                "crashes in a loop: ended {times} times, last with exit code {}{}",
                code(*exit_code),
                memory(*out_of_memory)
            ),
            Self::JobFailed { exit_code, out_of_memory } => {
                write!(
                    formatter,
                    "the job failed with exit code {}{}",
                    code(*exit_code),
                    memory(*out_of_memory)
                )
            }
            Self::NotReady { deadline } => write!(formatter, "not ready after {} s", deadline.as_secs_f64()),
            Self::Removed => formatter.write_str("its container was removed while gw waited"),
            Self::Refused { message } => formatter.write_str(message),
        }
    }
}

/// A failed component with the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// The component's key.
    pub component: String,
    /// Its container's name.
    pub container: String,
    /// Why.
    #[serde(flatten)]
    pub reason: Reason,
    /// The question that was asked, in words: `GET http://auth:9001/health`.
    pub probe: Option<String>,
    /// The last answers, oldest first; a repeated answer once with its count.
    pub answers: Vec<Answer>,
    /// The container's state in the engine's words.
    pub state: String,
    /// Its last exit code.
    pub exit_code: Option<i64>,
    /// The kernel ended it because memory was short.
    pub out_of_memory: bool,
    /// Its last log lines, oldest first.
    pub logs: Vec<String>,
    /// Keys of the components that waited for it.
    pub waiting: Vec<String>,
}

/// An answer of a probe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The answer, in one line.
    pub text: String,
    /// How often in a row.
    pub times: u32,
}
