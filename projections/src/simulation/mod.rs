//! What a season would cost a venue: the cooperative and its payment providers against a distributor that takes
//! commissions. Asks no log: tariffs are dated data, shipped with the program or handed in.

mod data;
mod season;
#[cfg(test)]
mod tests;

pub use data::{Band, Cooperative, DataError, Distributor, Level, Provider, Tariffs, Tranche};
pub use season::{Cost, CostKind, CostLine, Season, Simulation, simulate};
