//! An isolated run of a stack: ports that nobody else can have.

use super::model::Stack;

impl Stack {
    /// Publishes what is published on a port that the engine chooses.
    pub fn on_free_ports(&mut self) {
        let ports = self.components.iter_mut().flat_map(|component| &mut component.ports);
        for host in ports.filter_map(|port| port.host.as_mut()) {
            *host = 0;
        }
    }
}
