//! Roles, and sets of them.

use std::ops::BitOr;

use soticket_schema::event::v1::TokenRole;

macro_rules! roles {
    ($($(#[doc = $doc:literal])+ $name:ident $text:literal;)+) => {
        /// What a principal may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role {$($(#[doc = $doc])+ $name,)+}

        impl Role {
            /// Every role, in the order of the table of permissions.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The role as tables and documents name it.
            pub fn text(self) -> &'static str {
                match self {$(Self::$name => $text,)+}
            }

            /// What it may do.
            pub fn meaning(self) -> &'static str {
                match self {$(Self::$name => concat!($($doc),+).trim_ascii(),)+}
            }
        }
    };
}

roles! {
    /// Everything of its organisation.
    Owner "owner";
    /// Sells, takes and gives back at the venue, on the channels of its actor.
    BoxOffice "boxOffice";
    /// Sells for the producer elsewhere, out of its own quotas only.
    RemoteBoxOffice "remoteBoxOffice";
    /// Sells on the producer's own site.
    WebShop "webShop";
    /// Sells, or reports what it sold, out of its own allotment.
    Network "network";
    /// Scans at a gate.
    GateDevice "gateDevice";
    /// Keeps the accounts: closings, settlements, costs, entries.
    Accountant "accountant";
    /// Reads everything but what is known of persons and what opens gates.
    Auditor "auditor";
    /// Reads sums.
    Dashboard "dashboard";
    /// Opens organisations, gives each its first token, sees the heads of their logs and never their customers.
    CooperativeAdministrator "cooperativeAdministrator";
}

impl Role {
    /// Whether it sells on channels that its actor is assigned to, and sees what is of these.
    pub(crate) fn sells(self) -> bool {
        matches!(self, Self::BoxOffice | Self::RemoteBoxOffice | Self::WebShop | Self::Network)
    }

    fn named(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|role| role.text() == text).copied()
    }
}

impl From<TokenRole> for Role {
    fn from(role: TokenRole) -> Self {
        match role {
            TokenRole::Owner => Self::Owner,
            TokenRole::BoxOffice => Self::BoxOffice,
            TokenRole::RemoteBoxOffice => Self::RemoteBoxOffice,
            TokenRole::WebShop => Self::WebShop,
            TokenRole::Network => Self::Network,
            TokenRole::Accountant => Self::Accountant,
            TokenRole::Auditor => Self::Auditor,
            TokenRole::Dashboard => Self::Dashboard,
        }
    }
}

/// A set of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(u16);

impl Roles {
    /// Nobody.
    pub(crate) const NONE: Self = Self(0);
    /// Everybody who has proved who they are.
    pub(crate) const ALL: Self = Self((1 << Role::ALL.len()) - 1);

    /// These roles.
    pub(crate) const fn of(roles: &[Role]) -> Self {
        let (mut set, mut index) = (0, 0);
        while index < roles.len() {
            set |= 1 << roles[index] as u16;
            index += 1;
        }
        Self(set)
    }

    /// The role of this name.
    pub(crate) fn named(text: &str) -> Option<Self> {
        Role::named(text).map(|role| Self::of(&[role]))
    }

    /// Whether a role is one of them.
    pub fn has(self, role: Role) -> bool {
        self.0 & Self::of(&[role]).0 != 0
    }

    /// Those of both sets.
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for Roles {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
