//! Global ids: opaque to clients, typed and bound to their organisation.
//!
//! `base64url("Show:<organisation>:<number>")`. Organisations are their own UUID. An id that is malformed, of another
//! type or of another organisation stands for a number that is never assigned: the decision refuses it as unknown, at
//! its place in the precedence, and nobody learns whether it exists elsewhere.

use std::fmt::Write as _;

use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use soticket_schema::ids::{
    ActorId, AdvanceId, CardId, CardTypeId, ChannelId, CheckpointKeyId, CodeKeyId, CommissionId, CostId,
    CredentialId, DealId, GateId, HallId, HoldId, ItemId, MethodId, OrderId, OrganisationId, PackId, PartyId,
    PaymentId, ProductId, ProviderPlanId, PurposeId, SeasonId, SettlementId, ShowId, StoredValueId,
    SubjectRef, TariffId, TicketId, TillSessionId, TokenId, WebhookId, WorkId, ZoneId,
};

/// Longest id that is looked at: the longest type, a UUID and a u64 fit.
const ID_BYTES_MAX: usize = 128;

/// A number that has a global id.
pub(crate) trait Numbered: Sized + Copy {
    /// Name of its GraphQL type.
    const TYPE: &'static str;
    /// What is never assigned.
    const NEVER: Self;
    /// Its number.
    fn number(self) -> u64;
    /// From its number.
    fn from_number(number: u64) -> Option<Self>;
}

macro_rules! numbered {
    ($($name:ident($int:ty) $type:literal;)+) => {$(
        impl Numbered for $name {
            const TYPE: &'static str = $type;
            const NEVER: Self = Self(<$int>::MAX);

            fn number(self) -> u64 {
                u64::from(self.0)
            }

            fn from_number(number: u64) -> Option<Self> {
                <$int>::try_from(number).ok().map(Self)
            }
        }
    )+};
}

numbered! {
    ActorId(u32) "Actor";
    SeasonId(u32) "Season";
    HallId(u32) "Hall";
    ZoneId(u32) "Zone";
    ShowId(u64) "Show";
    TariffId(u32) "Tariff";
    ChannelId(u32) "Channel";
    MethodId(u32) "Method";
    ProductId(u32) "Product";
    PackId(u32) "Pack";
    PartyId(u32) "Party";
    CommissionId(u32) "CommissionRule";
    ProviderPlanId(u32) "ProviderPlan";
    DealId(u32) "Deal";
    CostId(u64) "Cost";
    AdvanceId(u64) "Advance";
    SettlementId(u64) "Settlement";
    WorkId(u32) "Work";
    GateId(u32) "Gate";
    HoldId(u64) "Hold";
    OrderId(u64) "Order";
    TicketId(u64) "Ticket";
    ItemId(u64) "Item";
    PaymentId(u64) "Payment";
    CardTypeId(u32) "CardType";
    CardId(u64) "Card";
    StoredValueId(u64) "StoredValue";
    CodeKeyId(u16) "CodeKey";
    CredentialId(u32) "DeviceCredential";
    CheckpointKeyId(u32) "CheckpointKey";
    WebhookId(u32) "Webhook";
    TillSessionId(u64) "TillSession";
    PurposeId(u32) "Purpose";
    TokenId(u32) "Token";
}

/// Type of the ids of customers.
const CUSTOMER: &str = "Customer";

/// The global id of something numbered.
pub(crate) fn global<T: Numbered>(organisation: OrganisationId, id: T) -> ID {
    // Room for all of it: nearly every object of an answer has an id.
    let mut text = String::with_capacity(ID_BYTES_MAX);
    text.push_str(T::TYPE);
    // Writing to a string cannot fail.
    let _ = write!(text, ":{organisation}:{}", id.number());
    ID(URL_SAFE_NO_PAD.encode(text))
}

/// The global id of a customer.
pub(crate) fn customer(organisation: OrganisationId, subject: SubjectRef) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("{CUSTOMER}:{organisation}:{subject}")))
}

/// The id of an organisation, from its UUID.
pub(crate) fn organisation(id: &ID) -> Option<OrganisationId> {
    (id.len() <= ID_BYTES_MAX).then(|| OrganisationId::parse(id)).flatten()
}

/// What an id says, whatever its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    /// Name of the GraphQL type.
    pub(crate) kind: String,
    /// Its organisation.
    pub(crate) organisation: OrganisationId,
    /// Its number, or a customer's reference.
    pub(crate) key: String,
}

/// Takes an id apart.
pub(crate) fn parts(id: &ID) -> Option<Parts> {
    if id.len() > ID_BYTES_MAX {
        return None;
    }
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id.as_bytes()).ok()?).ok()?;
    let mut parts = text.splitn(3, ':');
    let (kind, organisation, key) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Parts {
        kind: kind.to_owned(),
        organisation: OrganisationId::parse(organisation)?,
        key: key.to_owned(),
    })
}

/// The number behind an id of this organisation.
pub(crate) fn local<T: Numbered>(organisation: OrganisationId, id: &ID) -> Option<T> {
    if id.len() > ID_BYTES_MAX {
        return None;
    }
    let mut buffer = [0_u8; ID_BYTES_MAX];
    let length = URL_SAFE_NO_PAD.decode_slice(id.as_bytes(), &mut buffer).ok()?;
    let text = std::str::from_utf8(buffer.get(..length)?).ok()?;
    let mut parts = text.splitn(3, ':');
    let typed = parts.next() == Some(T::TYPE);
    let ours = parts.next().and_then(OrganisationId::parse) == Some(organisation);
    let number = parts.next().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    if typed && ours { T::from_number(number.parse().ok()?) } else { None }
}

/// As [`local`], with the number that is never assigned for any other id.
pub(crate) fn local_or_never<T: Numbered>(organisation: OrganisationId, id: &ID) -> T {
    local(organisation, id).unwrap_or(T::NEVER)
}

/// The customer behind an id of this organisation.
pub(crate) fn local_customer(organisation: OrganisationId, id: &ID) -> Option<SubjectRef> {
    parts(id)
        .filter(|parts| parts.kind == CUSTOMER && parts.organisation == organisation)
        .and_then(|parts| SubjectRef::parse(&parts.key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: OrganisationId = OrganisationId([1; 16]);
    const THEIRS: OrganisationId = OrganisationId([2; 16]);

    #[test]
    fn an_id_is_bound_to_its_type_and_organisation() {
        let id = global(OURS, ShowId(7));
        assert_eq!(local::<ShowId>(OURS, &id), Some(ShowId(7)));
        assert_eq!(local::<ShowId>(THEIRS, &id), None);
        assert_eq!(local::<OrderId>(OURS, &id), None);
        assert_eq!(local_or_never::<OrderId>(OURS, &id), OrderId(u64::MAX));
        let parts = parts(&id).unwrap();
        assert_eq!((parts.kind.as_str(), parts.organisation, parts.key.as_str()), ("Show", OURS, "7"));
        let subject = SubjectRef([3; 16]);
        assert_eq!(local_customer(OURS, &customer(OURS, subject)), Some(subject));
        assert_eq!(local_customer(THEIRS, &customer(OURS, subject)), None);
    }

    #[test]
    fn what_is_no_id_is_nothing() {
        let long = "A".repeat(1_000_000);
        for text in ["", "7", "Show:7", "U2hvdw", "💥", &long] {
            assert_eq!(local::<ShowId>(OURS, &ID(text.to_owned())), None);
            assert_eq!(parts(&ID(text.to_owned())), None);
        }
        let signed = ID(URL_SAFE_NO_PAD.encode(format!("Show:{OURS}:+7")));
        assert_eq!(local::<ShowId>(OURS, &signed), None);
        let large = ID(URL_SAFE_NO_PAD.encode(format!("Zone:{OURS}:4294967296")));
        assert_eq!(local::<ZoneId>(OURS, &large), None);
    }
}
