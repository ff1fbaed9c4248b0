//! The figures as a text for people, ready to be put into `docs/performance.md`.

use std::fmt::Write;

use crate::figures::{Figures, What, median, megabytes};

/// Tables of medians, of bounds, and of what gw asked and took.
pub fn text(figures: &Figures) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = tables(figures, &mut text);
    text
}

fn tables(figures: &Figures, out: &mut String) -> std::fmt::Result {
    let machine = &figures.machine;
    let word = |key: &str| machine[key].as_str().unwrap_or_default().to_owned();
    let rounds = figures.seconds.values().map(Vec::len).max().unwrap_or_default();
    writeln!(
        out,
        "{}: {} cores ({}), {} MiB, {}, Linux {}, engine {}, load {} before; medians of {rounds} rounds, lowest and \
         highest\n",
        word("date"),
        machine["cores"],
        word("processor"),
        machine["memory_mib"],
        word("os"),
        word("kernel"),
        word("engine"),
        word("load_before")
    )?;
    writeln!(out, "| | up | nothing to do | down |\n|---|---|---|---|")?;
    for name in &figures.names {
        let cells = [What::Up, What::Again, What::Down].map(|what| cell(figures, what, name));
        writeln!(out, "| {name} | {} |", cells.join(" | "))?;
    }
    writeln!(out, "\n| bound | measured | at most | |\n|---|---|---|---|")?;
    for bound in figures.bounds() {
        let verdict = if bound.holds() { "holds" } else { "MISSED" };
        let note = bound.note.map(|note| format!(", {note}")).unwrap_or_default();
        writeln!(out, "| {} | {:.2} | {:.2} | {verdict}{note} |", bound.what, bound.value, bound.most)?;
    }
    writeln!(out, "\n| gw | requests to the engine | peak memory |\n|---|---|---|")?;
    for ((command, requests), (_, bytes)) in figures.requests.iter().zip(&figures.memory) {
        writeln!(out, "| {command} | {} | {:.1} MB |", requests.count, megabytes(*bytes))?;
    }
    writeln!(out, "\n| services rendered | seconds |\n|---|---|")?;
    for (services, samples) in &figures.render {
        writeln!(out, "| {services} | {:.2} |", median(samples))?;
    }
    for (command, requests) in &figures.requests {
        for (question, times) in &requests.repeated {
            writeln!(out, "\ngw {command} asked {times} times: {question}")?;
        }
    }
    Ok(())
}

/// `1.23 s (1.20 to 1.31)`; empty where it was not measured.
fn cell(figures: &Figures, what: What, name: &str) -> String {
    let Some(samples) = figures.seconds.get(&(what, name.to_owned())) else { return String::new() };
    let low = samples.iter().copied().fold(f64::NAN, f64::min);
    let high = samples.iter().copied().fold(f64::NAN, f64::max);
    format!("{:.2} s ({low:.2} to {high:.2})", median(samples))
}
