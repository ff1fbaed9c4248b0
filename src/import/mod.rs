//! A hand-written Compose file as a profile and a services file.
//!
//! [`import`] is pure: text in; two JSON documents and notes out. The text becomes a tree with positions in which anchors and
//! merge keys are resolved (`tree`), `document` reads the top level and `service` one service, each section by a file of its
//! own. What the profile has a key for goes there; what only Compose can say goes, in the long form, into a `compose` patch;
//! what gw does not carry out at all is a note. Variables are never filled in (`variables`).

mod at;
mod build;
mod depends;
mod document;
mod environment;
mod files;
mod health;
mod long_form;
mod mounts;
mod names;
mod networks;
mod ports;
mod resources;
mod scalar;
mod service;
mod tree;
mod variables;
mod words;

use serde_json::Value;

pub use document::import;

/// What is known of a Compose file beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The profile that is written.
    pub profile: &'a str,
    /// The services file, relative to the profile's file.
    pub services_file: &'a str,
    /// The name of the folder that the Compose file is in: the project's name where the file has none.
    pub folder: &'a str,
    /// From the root of the project to that folder: empty, `deploy/` or `../`.
    pub prefix: &'a str,
}

/// What a Compose file became.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The profile.
    pub profile: Value,
    /// The services file.
    pub services: Value,
    /// What is not carried over, and what to know, in the order of the file.
    pub notes: Vec<Note>,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The result does not have it.
    NotCarriedOver,
    /// The result has it, and there is something to know.
    Remark,
}

/// Something to know about the result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Where in the Compose file.
    pub position: Position,
    /// The key there, for example `services.web.ports[0]`; empty for the whole file.
    pub path: String,
    /// What it is about.
    pub kind: Kind,
    /// In words, with what to do.
    pub message: String,
}

/// Something wrong with the Compose file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// Where in the file.
    pub position: Position,
    /// The key there.
    pub path: String,
    /// What is wrong, and what to do.
    pub message: String,
}

/// A place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}
