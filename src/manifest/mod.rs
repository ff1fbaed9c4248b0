//! Reads rendered files back into [`crate::plan::desired::Desired`].
