//! What the scripts of the ground ask, install and refuse, each on a machine of the test's own.

mod engine;
mod engine_refuses;
mod machine;
mod scripts;
mod stand_ins;
mod terminal;
mod tools;
