//! What should be, what is, and the operations between them; pure, and free of any engine.

pub mod desired;
