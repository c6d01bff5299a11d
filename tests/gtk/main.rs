//! Tests of windows and widgets, on a display: `build-aux/test` gives them one, and makes every warning fatal.

mod guest;
mod support;
