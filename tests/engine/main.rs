//! Scenarios on a real engine. Each has one sentence of intent, makes a project of its own and takes it away again, also when
//! it fails. Where no engine answers, every test fails: `scripts/test` provides one.

mod arrives;
mod builds;
mod changes;
mod failures;
mod failures_disk;
mod failures_engine;
mod failures_images;
mod failures_interrupt;
mod failures_jobs;
mod failures_ports;
mod failures_report;
mod fresh;
mod gateway;
mod generate;
mod harness;
mod inside;
mod interop;
mod jobs;
mod orphans;
mod output;
mod read_back;
mod redact;
mod repository;
mod running;
mod second;
mod selection;
mod smoke;
mod stops;
mod stores;
mod template;
mod together;
mod views;
mod wire;
