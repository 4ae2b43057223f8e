//! The embedded stack.
