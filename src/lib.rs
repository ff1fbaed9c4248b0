//! `gw`: one profile, two engines.
