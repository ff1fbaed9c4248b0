//! Each probe against a small server on loopback.
