//! Subscriptions under load: one that is cut and resumed again and again, and thousands of sockets at once.

mod client;
mod crowd;
mod resume;
mod served;

pub use crowd::{Crowd, Measured, crowd};
pub use resume::{Plan, Report, resume};
pub use served::serve;
