//! Log lines of several containers: whole lines, each with its container's name, or as JSON.

use std::collections::BTreeMap;
use std::io;

use anstyle::{AnsiColor, Style};
use serde_json::Value;

use super::json;
use super::mode::Output;
use super::paint::Paint;
use super::streams::Stream;

/// Longest part of a line that is kept until its end comes.
const LONGEST: usize = 1 << 20;

/// Colours of prefixes; red is left to failures.
const COLOURS: [AnsiColor; 10] = [
    AnsiColor::Cyan,
    AnsiColor::Yellow,
    AnsiColor::Green,
    AnsiColor::Magenta,
    AnsiColor::Blue,
    AnsiColor::BrightCyan,
    AnsiColor::BrightYellow,
    AnsiColor::BrightGreen,
    AnsiColor::BrightMagenta,
    AnsiColor::BrightBlue,
];

/// Where a line comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The component.
    pub component: String,
    /// Which of its containers, from 1.
    pub number: u32,
    /// Where inside.
    pub channel: Channel,
}

/// One of a container's two streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// Standard output, or a terminal's.
    Out,
    /// Standard error.
    Err,
}

/// How lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// As text or as JSON.
    pub output: Output,
    /// Text lines begin with the container's name.
    pub prefix: bool,
    /// Lines begin with the engine's time, which is a field of its own in JSON.
    pub timestamps: bool,
}

/// Puts whole lines with their prefixes onto a stream.
#[derive(Debug)]
pub struct Prefixer {
    stream: Stream,
    options: Options,
    width: usize,
    colours: BTreeMap<String, AnsiColor>,
    partial: BTreeMap<Source, Vec<u8>>,
}

impl Prefixer {
    /// One for a project; `components` are all of its keys and not only those that are shown, so that each has the same
    /// colour every time, and `shown` are the containers whose prefixes are aligned from the start.
    pub fn new(stream: Stream, options: Options, components: &[&str], shown: &[(&str, u32)]) -> Self {
        let width = shown.iter().map(|(component, number)| name(component, *number).len()).max().unwrap_or(0);
        let mut prefixer =
            Self { stream, options, width, colours: BTreeMap::new(), partial: BTreeMap::new() };
        let mut components = components.to_vec();
        components.sort_unstable();
        for component in components {
            prefixer.colour(component);
        }
        prefixer
    }

    /// Takes bytes as they come; prints the lines that are complete.
    ///
    /// # Errors
    /// The stream takes no more.
    pub fn push(&mut self, source: &Source, bytes: &[u8]) -> io::Result<()> {
        let mut buffer = self.partial.remove(source).unwrap_or_default();
        buffer.extend_from_slice(bytes);
        let mut text = Vec::new();
        let mut rest = buffer.as_slice();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            self.line(source, &rest[..end], &mut text)?;
            rest = &rest[end + 1..];
        }
        if rest.len() >= LONGEST {
            self.line(source, rest, &mut text)?;
            rest = &[];
        }
        if !rest.is_empty() {
            self.partial.insert(source.clone(), rest.to_vec());
        }
        self.stream.print_bytes(&text)
    }

    /// Prints what came of a line whose end will not come, because its container ended or was replaced.
    ///
    /// # Errors
    /// The stream takes no more.
    pub fn end(&mut self, source: &Source) -> io::Result<()> {
        let Some(rest) = self.partial.remove(source) else { return Ok(()) };
        let mut text = Vec::new();
        self.line(source, &rest, &mut text)?;
        self.stream.print_bytes(&text)
    }

    /// Prints all unfinished lines.
    ///
    /// # Errors
    /// The stream takes no more.
    pub fn end_all(&mut self) -> io::Result<()> {
        let sources: Vec<Source> = self.partial.keys().cloned().collect();
        sources.iter().try_for_each(|source| self.end(source))
    }

    fn line(&mut self, source: &Source, line: &[u8], text: &mut Vec<u8>) -> io::Result<()> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if self.options.output == Output::Json {
            text.extend_from_slice(self.json(source, line)?.as_bytes());
            return Ok(());
        }
        if self.options.prefix {
            let name = name(&source.component, source.number);
            self.width = self.width.max(name.len());
            let style = Style::new().fg_color(Some(self.colour(&source.component).into()));
            let prefix = format!("{name:<width$} |", width = self.width);
            text.extend_from_slice(Paint(self.stream.colour).style(style, &prefix).as_bytes());
            text.push(b' ');
        }
        text.extend_from_slice(line);
        // A line that leaves its colour on must not colour the next prefix.
        if self.stream.colour && line.contains(&0x1b) {
            text.extend_from_slice(b"\x1b[0m");
        }
        text.push(b'\n');
        Ok(())
    }

    fn json(&self, source: &Source, line: &[u8]) -> io::Result<String> {
        let line = String::from_utf8_lossy(line);
        let (time, line) = match line.split_once(' ') {
            Some((time, rest)) if self.options.timestamps => (Some(time), rest),
            _ => (None, line.as_ref()),
        };
        let channel = if source.channel == Channel::Out { "stdout" } else { "stderr" };
        let mut fields: Vec<(&str, Value)> = vec![
            ("event", "log".into()),
            ("component", source.component.as_str().into()),
            ("number", source.number.into()),
            ("stream", channel.into()),
        ];
        fields.extend(time.map(|time| ("time", time.into())));
        fields.push(("line", line.into()));
        json::line(&fields, &serde_json::Map::new())
    }

    /// The component's colour: chosen by its name; the next free one where another component has that.
    fn colour(&mut self, component: &str) -> AnsiColor {
        if let Some(colour) = self.colours.get(component) {
            return *colour;
        }
        let hash = component.bytes().fold(5381_usize, |hash, byte| hash.wrapping_mul(33) ^ usize::from(byte));
        let free = (0..COLOURS.len())
            .map(|step| COLOURS[(hash + step) % COLOURS.len()])
            .find(|colour| !self.colours.values().any(|used| used == colour));
        let colour = free.unwrap_or(COLOURS[hash % COLOURS.len()]);
        self.colours.insert(component.to_owned(), colour);
        colour
    }
}

fn name(component: &str, number: u32) -> String {
    format!("{component}-{number}")
}
