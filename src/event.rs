//! What happens while a plan is carried out; the only thing that reporters see.
