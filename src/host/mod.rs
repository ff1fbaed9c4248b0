//! What depends on the operating system: who listens on which port of this host, and commands that are run on it.

mod child;
mod listening;
mod process;
mod sockets;

pub use child::{Child, ignores_hangup, not_started};
pub use listening::listeners;
