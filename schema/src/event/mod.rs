//! Events: what has happened. The catalogue numbers every kind once and for ever.

pub mod v1;

use serde::Serialize;

use crate::codec::{self, CodecError};
use crate::ids::Fingerprint;

macro_rules! catalogue {
    ($($number:literal $name:ident $version:literal;)+) => {
        /// An event in its current version. Serialised for people to read, never into a record: see [`Event::encode`].
        #[derive(Clone, PartialEq, Eq, Debug, Serialize)]
        #[serde(untagged)]
        pub enum Event {$(
            #[doc = concat!("See [`v1::", stringify!($name), "`].")]
            $name(v1::$name),
        )+}

        /// Number, name and current version of every event kind, ascending. Numbers are never reused.
        pub const CATALOGUE: &[(u16, &str, u16)] = &[$(($number, stringify!($name), $version)),+];

        impl Event {
            /// Number of the kind.
            pub fn kind(&self) -> u16 {
                match self {$(Self::$name(_) => $number,)+}
            }

            /// Name of the kind.
            pub fn name(&self) -> &'static str {
                match self {$(Self::$name(_) => stringify!($name),)+}
            }

            /// Version that the payload is written in.
            pub fn version(&self) -> u16 {
                match self {$(Self::$name(_) => $version,)+}
            }

            /// Payload bytes: the fingerprint (first event of a command only) and the event.
            ///
            /// # Errors
            /// [`CodecError::TooLong`] when the payload is over its limit.
            pub fn encode(&self, fingerprint: Option<Fingerprint>) -> Result<Vec<u8>, CodecError> {
                match self {$(Self::$name(event) => codec::encode(&(fingerprint, event)),)+}
            }

            /// Whether [`Self::encode`] gives exactly `payload`.
            fn encodes_to(&self, fingerprint: Option<Fingerprint>, payload: &[u8]) -> bool {
                match self {$(Self::$name(event) => codec::encodes_to(&(fingerprint, event), payload),)+}
            }

            /// Reads a payload of any version and upcasts it to the current one.
            ///
            /// # Errors
            /// Unknown kind or version, malformed bytes, or bytes left over.
            pub fn decode(kind: u16, version: u16, payload: &[u8]) -> Result<(Option<Fingerprint>, Self), CodecError> {
                match (kind, version) {
                    $(($number, $version) => {
                        codec::decode(kind, payload).map(|(fingerprint, event)| (fingerprint, Self::$name(event)))
                    })+
                    _ => Err(CodecError::UnknownKind { kind, version }),
                }
            }
        }

        $(impl From<v1::$name> for Event {
            fn from(event: v1::$name) -> Self {
                Self::$name(event)
            }
        })+
    };
}

catalogue! {
    1 OrganisationOpened 1;
    2 OrganisationChanged 1;
    3 ActorRegistered 1;
    4 SeasonDefined 1;
    5 SeasonChanged 1;
    6 SeatsDrawn 1;
    10 HallDefined 1;
    11 ZoneDefined 1;
    12 GateDefined 1;
    13 CodeKeyRegistered 1;
    14 CodeKeyRetired 1;
    15 GateZonesSet 1;
    16 CredentialIssued 1;
    17 CredentialRevoked 1;
    20 ShowScheduled 1;
    21 ShowOpened 1;
    22 ShowClosed 1;
    23 ShowPostponed 1;
    24 ShowRelocated 1;
    25 ShowCancelled 1;
    26 ShowRefundBegun 1;
    27 ShowRefundAdvanced 1;
    28 ShowRefundFinished 1;
    29 ShowSeasonSet 1;
    30 TariffDefined 1;
    31 TariffChanged 1;
    32 ProductDefined 1;
    33 PackDefined 1;
    34 PackChanged 1;
    35 TariffRulesSet 1;
    36 TariffVatSet 1;
    37 CompLimitsSet 1;
    38 CompLimitsPassed 1;
    40 ChannelOpened 1;
    41 ChannelClosed 1;
    42 MethodDefined 1;
    43 PartyRegistered 1;
    44 CommissionDefined 1;
    45 CommissionChanged 1;
    46 CommissionEnded 1;
    47 CommissionCapSet 1;
    48 ProviderPlanDefined 1;
    49 ProviderPlanEnded 1;
    50 QuotaAllocated 1;
    51 QuotaTransferred 1;
    52 QuotaClosed 1;
    53 QuotaReturned 1;
    54 QuotaDeadlineSet 1;
    55 QuotasExpired 1;
    60 HoldPlaced 1;
    61 HoldReleased 1;
    62 HoldExpired 1;
    63 CardTypeDefined 1;
    64 CardTypeChanged 1;
    65 CardIssued 1;
    66 CardRightsUsed 1;
    67 CardRightsRestored 1;
    68 CardRevoked 1;
    69 CardsExpired 1;
    70 OrderPlaced 1;
    71 PaymentRecorded 1;
    72 PacksSold 1;
    73 TicketDuplicated 1;
    74 TicketTransferred 1;
    75 PaymentAnnounced 1;
    76 PaymentFailed 1;
    77 PaymentReversed 1;
    80 TicketsCancelled 1;
    81 PriceReduced 1;
    82 MoneyReturned 1;
    83 StoredValueIssued 1;
    84 StoredValueUsed 1;
    85 StoredValueRestored 1;
    86 StoredValueRevoked 1;
    87 StoredValuesExpired 1;
    90 ExternalSaleReported 1;
    91 ExternalSaleCancelled 1;
    100 TicketScanned 1;
    101 ScanJudged 1;
    102 EntryRulesSet 1;
    130 CommissionsCharged 1;
    131 CommissionsReversed 1;
    120 ActorAssigned 1;
    121 TillOpened 1;
    122 TillCashMoved 1;
    123 TillClosed 1;
    140 DealAgreed 1;
    141 DealChanged 1;
    142 CostRecorded 1;
    143 CostWithdrawn 1;
    144 AdvanceRecorded 1;
    145 SettlementSealed 1;
    146 SettlementFilesKept 1;
    147 SettlementSignedOff 1;
    148 SettlementPaid 1;
    149 AdvanceWithdrawn 1;
    160 DatedRateSet 1;
    161 WorkRegistered 1;
    162 ShowWorkSet 1;
    165 AccountMappingSet 1;
    166 RemittanceRecorded 1;
    167 JournalLocked 1;
    150 PeriodClosed 1;
    151 TechnicalEventNoted 1;
    152 ArchiveMade 1;
    153 FiscalYearSet 1;
    170 CheckpointKeyRegistered 1;
    171 CheckpointKeyRetired 1;
    180 SubjectErased 1;
    181 VaultEpochBegun 1;
    182 VaultEpochsDestroyed 1;
    190 TokenIssued 1;
    191 TokenRevoked 1;
    192 AccessDenied 1;
    200 ProfileChanged 1;
    201 PurposeRegistered 1;
    202 PurposeChanged 1;
    203 ConsentGiven 1;
    204 ConsentWithdrawn 1;
    205 PersonalDataRead 1;
    206 RetentionSet 1;
    210 WebhookRegistered 1;
    211 WebhookChanged 1;
    212 WebhookRetired 1;
    213 WebhookSecretRotated 1;
    214 WebhookReplayed 1;
}

impl Event {
    /// As [`Self::decode`], and demands that encoding the event again gives the same bytes.
    ///
    /// # Errors
    /// As [`Self::decode`], or [`CodecError::NotCanonical`].
    pub fn decode_canonical(
        kind: u16,
        version: u16,
        payload: &[u8],
    ) -> Result<(Option<Fingerprint>, Self), CodecError> {
        let (fingerprint, event) = Self::decode(kind, version, payload)?;
        // Every version so far is the current one; an older one is compared in its own module when there is one.
        if event.encodes_to(fingerprint, payload) {
            Ok((fingerprint, event))
        } else {
            Err(CodecError::NotCanonical { kind })
        }
    }
}
