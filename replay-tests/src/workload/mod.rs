//! A venue at work: sales, holds, refunds and scans at random, over several organisations.

mod load;
mod venue;

pub use load::Load;
pub use venue::{FEE, PRICE, Size, Venue};
