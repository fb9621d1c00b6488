//! What is asked of limits on free tickets.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::CompLimits;
use crate::ids::ShowId;

/// See [`super::CommandBody::SetCompLimits`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SetCompLimits {
    /// The show.
    pub show: ShowId,
    /// All limits, changed or not.
    pub limits: CompLimits,
}
