//! What several test programs need.

#![allow(dead_code, reason = "each test program uses a part")]

pub(crate) mod peer;
pub(crate) mod session;
