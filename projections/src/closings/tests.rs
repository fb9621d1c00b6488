//! Given events, then closings.
