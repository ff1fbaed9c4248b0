//! The binary: hands its arguments to the library and returns its exit code.

fn main() {}
