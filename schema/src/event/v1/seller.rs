//! Who may sell where.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{ActorId, ChannelId};

/// As what an actor sells.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum SellerRole {
    /// The producer's own site: holds, sells, is paid, refunds.
    WebShop,
    /// The venue's box office: that, tills, sales that it reports later, and places that it gives back.
    BoxOffice,
    /// A third party selling for the producer: as a box office, out of its own quotas only, and reports nothing.
    RemoteBoxOffice,
    /// A network: sells or reports its sales, and gives places back.
    Network,
}

/// An actor acts on these channels only, as what its role allows, from here on. An actor that was never assigned is
/// bound to nothing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ActorAssigned {
    /// The actor.
    pub actor: ActorId,
    /// What it sells as.
    pub role: SellerRole,
    /// Where, ascending, in place of where it did before; empty for nowhere.
    pub channels: Vec<ChannelId>,
}
