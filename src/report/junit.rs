//! `junit.xml`: the components of a run as test cases, in the form that CI systems read.
//!
//! There is no standard for it; these are the elements and attributes that Jenkins, GitLab and the reporters of GitHub Actions
//! have in common. Written by hand, because quick-junit brings ten crates for these few lines.

use std::fmt::Write as _;
use std::time::Duration;

use super::xml::escape;

/// The components of one profile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suite {
    /// The profile.
    pub name: String,
    /// One for each component.
    pub cases: Vec<Case>,
}

/// A component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// From its start until it was ready.
    pub took: Duration,
    /// How it went.
    pub verdict: Verdict,
}

/// How it went with a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It became ready.
    Passed,
    /// It did not, or did not stay so.
    Failed {
        /// Why, in one line.
        message: String,
        /// All that is known.
        text: String,
    },
    /// Nobody got to know.
    Skipped {
        /// Why, in one line.
        message: String,
    },
}

impl Suite {
    fn failed(&self) -> usize {
        self.cases.iter().filter(|case| matches!(case.verdict, Verdict::Failed { .. })).count()
    }

    fn skipped(&self) -> usize {
        self.cases.iter().filter(|case| matches!(case.verdict, Verdict::Skipped { .. })).count()
    }

    fn took(&self) -> Duration {
        self.cases.iter().map(|case| case.took).sum()
    }
}

/// The file.
pub fn junit(suites: &[Suite]) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    let (tests, failed, skipped) = (sum(|suite| suite.cases.len()), sum(Suite::failed), sum(Suite::skipped));
    let took = suites.iter().map(Suite::took).sum();
    line(&mut text, &open("testsuites", "gw", [tests, failed, skipped], took));
    for suite in suites {
        let counts = [suite.cases.len(), suite.failed(), suite.skipped()];
        line(&mut text, &format!("  {}", open("testsuite", &suite.name, counts, suite.took())));
        suite.cases.iter().for_each(|case| write_case(&mut text, &suite.name, case));
        line(&mut text, "  </testsuite>");
    }
    line(&mut text, "</testsuites>");
    text
}

fn open(element: &str, name: &str, [tests, failed, skipped]: [usize; 3], took: Duration) -> String {
    let (name, took) = (escape(name), seconds(took));
    format!(
        "<{element} name=\"{name}\" tests=\"{tests}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\" time=\"{took}\">"
    )
}

fn write_case(text: &mut String, suite: &str, case: &Case) {
    let (class, name, took) = (escape(suite), escape(&case.name), seconds(case.took));
    let open = format!("    <testcase classname=\"{class}\" name=\"{name}\" time=\"{took}\"");
    match &case.verdict {
        Verdict::Passed => line(text, &format!("{open}/>")),
        Verdict::Failed { message, text: known } => {
            line(text, &format!("{open}>"));
            let known: Vec<String> = known.lines().map(escape).collect();
            let message = escape(message);
            line(text, &format!("      <failure message=\"{message}\">{}</failure>", known.join("\n")));
            line(text, "    </testcase>");
        }
        Verdict::Skipped { message } => {
            line(text, &format!("{open}>"));
            line(text, &format!("      <skipped message=\"{}\"/>", escape(message)));
            line(text, "    </testcase>");
        }
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}

fn line(text: &mut String, line: &str) {
    // Writing into a `String` cannot fail.
    let _ = writeln!(text, "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(name: &str, milliseconds: u64, verdict: Verdict) -> Case {
        Case { name: name.to_owned(), took: Duration::from_millis(milliseconds), verdict }
    }

    #[test]
    fn components_are_test_cases() {
        let failed = Verdict::Failed {
            message: "not ready after 5 s".to_owned(),
            text: "kyc failed\n  log | <html> & \u{1b}[31mred\n".to_owned(),
        };
        let skipped = Verdict::Skipped { message: "it was never started".to_owned() };
        let cases =
            vec![case("auth", 1234, Verdict::Passed), case("kyc", 0, failed), case("a\"b", 0, skipped)];
        let suites = [Suite { name: "default".to_owned(), cases }, Suite::default()];
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="gw" tests="3" failures="1" errors="0" skipped="1" time="1.234">
  <testsuite name="default" tests="3" failures="1" errors="0" skipped="1" time="1.234">
    <testcase classname="default" name="auth" time="1.234"/>
    <testcase classname="default" name="kyc" time="0.000">
      <failure message="not ready after 5 s">kyc failed
  log | &lt;html&gt; &amp; red</failure>
    </testcase>
    <testcase classname="default" name="a&quot;b" time="0.000">
      <skipped message="it was never started"/>
    </testcase>
  </testsuite>
  <testsuite name="" tests="0" failures="0" errors="0" skipped="0" time="0.000">
  </testsuite>
</testsuites>
"#;
        assert_eq!(junit(&suites), expected);
    }
}
