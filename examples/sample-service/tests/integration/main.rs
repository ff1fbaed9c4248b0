//! Tests of the real binary on free ports of this machine, without real stores.

// The binary under test, its output and plain HTTP.
mod harness;
// A Redis that knows three commands.
mod fake_redis;

// What each endpoint answers.
mod answers;
// Arguments, wrong environments and `--health`.
mod command_line;
// Signals.
mod ending;
// Stores that are absent, silent, wrong, and back again.
mod stores;
// Each switch.
mod switches;
