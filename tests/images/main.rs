//! Images, logs and exec on the engine of this machine, and on a registry of their own.

mod build;
mod credentials;
mod engine;
mod exec;
mod logs;
mod name_taken;
mod pull;
mod pull_by_gw;
mod registry;
