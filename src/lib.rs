//! Innkeeper.
