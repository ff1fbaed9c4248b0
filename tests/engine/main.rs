//! Scenarios on a real engine. Each has one sentence of intent, makes a project of its own and takes it away again, also when
//! it fails. Where no engine answers, every test fails: `scripts/test` provides one.

mod gateway;
mod generate;
mod harness;
mod interop;
mod read_back;
mod repository;
mod smoke;
mod template;
mod wire;
