//! Tests of the whole program that need no engine: its command line, its structure, its documents.

mod architecture;
mod cli;
mod docs;
mod ground;
mod layout;
mod mistakes;
mod project;
