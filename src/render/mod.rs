//! From a stack to files: templates, their variables, writing.
