//! What differs from run to run, replaced by words, so that tests can compare whole texts.

use crate::harness::Project;

/// The text with `PROJECT` for the project's name, `PORT+N` for its ports, `T` for times, `N` for how often something was asked,
/// `REPORT` for the folder of the evidence.
pub(crate) fn redact(project: &Project, text: &str) -> String {
    let mut text = text.replace(&project.name, "PROJECT");
    for offset in (0..20).rev() {
        text = text.replace(&(project.port + offset).to_string(), &format!("PORT+{offset}"));
    }
    text.lines().map(|line| line_without_numbers(line) + "\n").collect()
}

fn line_without_numbers(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let bare = |at: usize| words.get(at).map_or("", |word: &&str| word.trim_matches(['(', ')', ',', ':']));
    let mut result: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let number = !bare(at).is_empty() && bare(at).chars().all(|one| one.is_ascii_digit() || one == '.');
        // A deadline is a whole number and stays; how long something took has a fraction, but for the container's state.
        let state = line.starts_with("  container") && bare(at + 1) == "s";
        let time = (bare(at).contains('.') || state) && bare(at + 1) == "s";
        let count = bare(at + 1) == "times" && word.starts_with('(') || at > 0 && bare(at - 1) == "asked";
        let after_time = at > 0 && bare(at) == "s" && result.last().is_some_and(|last| last.ends_with('T'));
        if number && time {
            result.push(word.replace(bare(at), "T"));
        } else if number && count {
            result.push(word.replace(bare(at), "N"));
        } else if after_time {
            let last = result.pop().unwrap_or_default();
            result.push(word.replacen('s', &last, 1));
        } else if let Some((before, report)) = word.split_once(".gw/reports/") {
            let file = report.split_once('/').map(|(_, file)| format!("/{file}")).unwrap_or_default();
            result.push(format!("{before}REPORT{file}"));
        } else {
            result.push((*word).to_owned());
        }
    }
    result.join(" ")
}
