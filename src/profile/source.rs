//! The files that were read for one answer, each once, and where their lines begin.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use super::error::{InputError, Problem};
use super::finding::{Findings, LIMIT, Place};
use super::node::{Node, Value};
use super::read::{Refusal, read};
use super::shape;
use super::syntax;

/// One file.
struct Source {
    /// Its path relative to the root.
    name: String,
    /// What was read, or the part of it that could be.
    text: String,
    /// Byte offset of each line.
    lines: Vec<usize>,
    /// The tree, where the text is JSON.
    tree: Option<Node>,
    /// Whether all mistakes of its shape are known, so that the rest of it can be used.
    bounded: bool,
}

/// All files read so far, and everything wrong with them.
pub(super) struct Sources {
    root: PathBuf,
    files: Vec<Source>,
    by_path: HashMap<(PathBuf, Option<shape::Kind>), usize>,
    /// What is wrong.
    pub(super) findings: Findings,
}

impl Sources {
    /// Starts with no file; names are relative to `root`.
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
            files: Vec::new(),
            by_path: HashMap::new(),
            findings: Findings::default(),
        }
    }

    /// The folder that holds `profiles/`.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// A file that some input names: its path, and how messages call it.
    pub(super) fn resolve(&self, folder: &Path, name: &str) -> (PathBuf, String) {
        let path = normal(&folder.join(name));
        let shown = path.strip_prefix(normal(&self.root)).unwrap_or(&path).to_string_lossy().into_owned();
        (path, shown)
    }

    /// Reads a file once, parses it and checks its shape; `named_at` is where another input names it.
    ///
    /// Gives the file's number, also where it has no tree; `None` where there is no file to talk about.
    pub(super) fn open(
        &mut self,
        path: &Path,
        shown: &str,
        kind: shape::Kind,
        named_at: Option<Place>,
    ) -> Option<usize> {
        self.read(path, shown, Some(kind), named_at)
    }

    /// Reads a text file whose name is relative to the root; gives its number where it can be read.
    pub(super) fn open_text(&mut self, name: &str, named_at: Option<Place>) -> Option<usize> {
        let (path, shown) = self.resolve(&self.root.clone(), name);
        self.read(&path, &shown, None, named_at)
    }

    fn read(
        &mut self,
        path: &Path,
        shown: &str,
        kind: Option<shape::Kind>,
        named_at: Option<Place>,
    ) -> Option<usize> {
        if let Some(known) = self.by_path.get(&(path.to_path_buf(), kind)) {
            return Some(*known);
        }
        let file = self.files.len();
        match read(path) {
            Ok(text) => {
                self.add(path, shown, kind, text);
                if let Some(kind) = kind {
                    self.parse(file, kind);
                }
            }
            Err(Refusal::Content { before, message, hint }) => {
                let offset = before.len();
                self.add(path, shown, kind, before);
                self.findings.push(Place { file, offset }, message, hint);
            }
            Err(Refusal::Access(reason)) => {
                if let Some(place) = named_at {
                    self.findings.add(place, format!("the file {shown} {reason}"));
                    return None;
                }
                self.add(path, shown, kind, String::new());
                self.findings.add(Place { file, offset: 0 }, format!("the file {reason}"));
            }
        }
        Some(file)
    }

    fn add(&mut self, path: &Path, shown: &str, kind: Option<shape::Kind>, text: String) {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.by_path.insert((path.to_path_buf(), kind), self.files.len());
        self.files.push(Source { name: shown.to_owned(), text, lines, tree: None, bounded: true });
    }

    fn parse(&mut self, file: usize, kind: shape::Kind) {
        let source = &self.files[file];
        let describe = |offset| {
            let (line, column) = source.position(offset);
            format!("{}:{line}:{column}", source.name)
        };
        let tree = syntax::parse(file, &source.text, &describe, &mut self.findings);
        let bounded = tree.as_ref().is_none_or(|tree| shape::check(kind, tree, &mut self.findings));
        self.files[file].bounded = bounded;
        self.files[file].tree = tree;
    }

    /// The tree of a file, where it is JSON and not full of mistakes.
    pub(super) fn tree(&self, file: usize) -> Option<&Node> {
        self.files.get(file).filter(|source| source.bounded).and_then(|source| source.tree.as_ref())
    }

    /// The text of a file.
    pub(super) fn text(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |source| source.text.as_str())
    }

    /// `FILE:LINE:COLUMN` of a place.
    pub(super) fn describe(&self, place: Place) -> String {
        let source = &self.files[place.file];
        let (line, column) = source.position(place.offset);
        format!("{}:{line}:{column}", source.name)
    }

    /// Everything that is wrong, or nothing.
    pub(super) fn into_error(self) -> Option<InputError> {
        let findings = self.findings.into_sorted();
        if findings.is_empty() {
            return None;
        }
        let mut counts = vec![0; self.files.len()];
        let problems = findings.into_iter().filter_map(|finding| {
            let source = self.files.get(finding.place.file)?;
            let count = &mut counts[finding.place.file];
            *count += 1;
            if *count > LIMIT {
                return None;
            }
            let (line, column) = source.position(finding.place.offset);
            let path =
                source.tree.as_ref().map(|tree| path_at(tree, finding.place.offset)).unwrap_or_default();
            let (message, hint) = (finding.message, finding.hint);
            Some(Problem { file: source.name.clone(), line, column, path, message, hint })
        });
        let mut problems: Vec<Problem> = problems.collect();
        for (source, count) in self.files.iter().zip(counts) {
            if count > LIMIT || !source.bounded {
                let message = format!("there is more: only the first {LIMIT} mistakes are shown");
                let (file, path) = (source.name.clone(), String::new());
                problems.push(Problem { file, line: 1, column: 1, path, message, hint: None });
            }
        }
        Some(InputError::new(problems))
    }
}

impl Source {
    /// Line and column of a byte, both from 1, columns in characters.
    fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let end = offset.min(self.text.len());
        let column = self.text.get(start..end).map_or(0, |before| before.chars().count());
        (line, column + 1)
    }
}

/// The field path of the value or key that was written at a byte.
fn path_at(tree: &Node, offset: usize) -> String {
    let mut path = String::new();
    let mut node = tree;
    loop {
        let inner = match &node.value {
            Value::Object(members) => members
                .iter()
                .find(|member| (member.key_place.offset..member.node.end).contains(&offset))
                .map(|member| {
                    push_key(&mut path, &member.key);
                    &member.node
                }),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .find(|(_, item)| (item.place.offset..item.end).contains(&offset))
                .map(|(index, item)| {
                    push_index(&mut path, &index.to_string());
                    item
                }),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => return path,
        }
    }
}

fn push_key(path: &mut String, key: &str) {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$');
    if key.len() <= 60 && !key.is_empty() && key.chars().all(plain) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    } else {
        let start: String = key.chars().take(57).collect();
        let rest = if start.len() < key.len() { "..." } else { "" };
        push_index(path, &format!("{:?}", start + rest));
    }
}

fn push_index(path: &mut String, index: &str) {
    path.push('[');
    path.push_str(index);
    path.push(']');
}

/// Takes `.` and `..` out of a path without asking the file system.
fn normal(path: &Path) -> PathBuf {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) | (Component::ParentDir, Some(Component::RootDir)) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_takes_dots_out() {
        assert_eq!(normal(Path::new("/a/profiles/../b.json")), Path::new("/a/b.json"));
        assert_eq!(normal(Path::new("./profiles/../b.json")), Path::new("b.json"));
        assert_eq!(normal(Path::new("../x/../../b.json")), Path::new("../../b.json"));
    }

    #[test]
    fn columns_count_characters() {
        let source = Source {
            name: String::new(),
            text: "äö\nüx".into(),
            lines: vec![0, 5],
            tree: None,
            bounded: true,
        };
        assert_eq!(source.position(7), (2, 2));
        assert_eq!(source.position(4), (1, 3));
    }
}
