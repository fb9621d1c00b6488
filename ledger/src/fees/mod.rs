//! What selling costs: commissions in cascade, and what payment providers charge. Pure sums over dated rules: decisions,
//! read models and simulations ask the same ones.

mod cascade;
mod provider;
mod rules;
#[cfg(test)]
mod tests;

pub use cascade::{Cascade, Charge, Priced};
pub(crate) use cascade::{charge, charged_on};
pub use provider::{PlanCost, plan_cost};
pub use rules::{Applicable, DEFAULT_CAP, Rule, Rules, Selling, Version};
