//! The executor against a recording fake.
