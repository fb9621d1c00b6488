//! Identifiers. Counters are assigned by decisions and never reused; only organisations, subjects and ticket codes
//! are random.

use std::fmt;

use bincode::{Decode, Encode};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! counter_ids {
    ($($(#[doc = $doc:literal])+ $name:ident($int:ty);)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize, Encode, Decode)]
        pub struct $name(pub $int);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

counter_ids! {
    /// Who acts: a token, user, device or importer, by the number that an event registered. 0 is the system itself.
    ActorId(u32);
    /// A season.
    SeasonId(u32);
    /// A hall (salle).
    HallId(u32);
    /// A zone (catégorie de places) of a hall; unique within the organisation.
    ZoneId(u32);
    /// A numbered seat: its index in the zone's seat list.
    SeatId(u32);
    /// A show: one dated performance (séance).
    ShowId(u64);
    /// A tariff of a show.
    TariffId(u32);
    /// A sales channel (canal).
    ChannelId(u32);
    /// A way of paying, by the number that an event defined.
    MethodId(u32);
    /// A product that is no ticket: card, gift card, voucher, merchandise.
    ProductId(u32);
    /// A pack (pass) as it is offered.
    PackId(u32);
    /// One pack that was sold.
    PackSaleId(u64);
    /// A kind of subscriber card as it is offered.
    CardTypeId(u32);
    /// One subscriber card (carte d'abonné).
    CardId(u64);
    /// One gift card or voucher.
    StoredValueId(u64);
    /// A company, association or public body that may earn commissions.
    PartyId(u32);
    /// A commission, by the rule that defines it.
    CommissionId(u32);
    /// What a payment provider charges, as a plan.
    ProviderPlanId(u32);
    /// A deal (contrat): how a show's money is shared, as a list of steps.
    DealId(u32);
    /// The settlement (décompte) of one show under one deal, in all its versions.
    SettlementId(u64);
    /// A cost of a show.
    CostId(u64);
    /// Money paid to a party on account of a settlement.
    AdvanceId(u64);
    /// A work (oeuvre) in one staging, whose paid performances are counted.
    WorkId(u32);
    /// A gate of a venue.
    GateId(u32);
    /// A hold (panier, option).
    HoldId(u64);
    /// An order.
    OrderId(u64);
    /// A ticket; unique within the organisation.
    TicketId(u64);
    /// A line of an order that is no ticket: a product or a fee.
    ItemId(u64);
    /// A payment within the organisation.
    PaymentId(u64);
    /// A key that ticket codes are signed with.
    CodeKeyId(u16);
    /// A device's credential.
    CredentialId(u32);
    /// A key that checkpoints of a log are signed with.
    CheckpointKeyId(u32);
    /// A purpose that persons can agree to.
    PurposeId(u32);
    /// An address that events are delivered to.
    WebhookId(u32);
    /// A till session: from the opening of a till to its closing.
    TillSessionId(u64);
    /// A token that a program or a person asks the service with.
    TokenId(u32);
}

macro_rules! random_ids {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
        pub struct $name(pub [u8; 16]);

        /// 16 bytes in records, a UUID where a person may read it.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if !deserializer.is_human_readable() {
                    return <[u8; 16]>::deserialize(deserializer).map(Self);
                }
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| D::Error::custom("not a UUID"))
            }
        }

        impl $name {
            /// Reads a UUID, with or without hyphens.
            pub fn parse(text: &str) -> Option<Self> {
                uuid::Uuid::try_parse(text).ok().map(|uuid| Self(uuid.into_bytes()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                uuid::Uuid::from_bytes(self.0).fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    )+};
}

random_ids! {
    /// An organisation (exploitant, producteur): the owner of one log.
    OrganisationId;
    /// A person, by a random reference; what is known of them is in the vault.
    SubjectRef;
    /// First 16 bytes of keyed BLAKE3 over the caller's idempotency key.
    CommandId;
    /// First 16 bytes of keyed BLAKE3 over the caller's versioned parameters, without time or generated ids.
    Fingerprint;
    /// First 16 bytes of keyed BLAKE3 over a ticket code.
    CodeHash;
    /// First 16 bytes of keyed BLAKE3 over a device's secret.
    CredentialHash;
}
