//! Scenarios on a real engine. Each has one sentence of intent, makes a project of its own and takes it away again, also when
//! it fails. Where no engine answers, every test fails: `scripts/test` provides one.

mod arrives;
mod builds;
mod changes;
mod fresh;
mod harness;
mod jobs;
mod orphans;
mod output;
mod selection;
mod smoke;
mod stops;
mod stores;
mod together;
mod views;
