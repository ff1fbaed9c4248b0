//! What depends on the operating system: who listens on which port of this host.

mod listening;
mod process;
mod sockets;

pub use listening::listeners;
