//! The bytes of payloads are those of bincode through serde, and the long ones that are written can be read.

#[path = "golden/samples.rs"]
mod samples;

use bincode::config::standard;
use proptest::prelude::*;
use soticket_schema::event::v1::*;
use soticket_schema::event::{CATALOGUE, Event};
use soticket_schema::ids::{Fingerprint, HallId, ZoneId};
use soticket_schema::limits::{ORDER_TICKETS_MAX, SEATS_MAX};

/// Reads a payload through serde.
fn through_serde(kind: u16, bytes: &[u8]) -> Option<(Option<Fingerprint>, Event)> {
    macro_rules! kinds {
        ($($number:literal $name:ident)+) => {
            match kind {
                $($number => {
                    let (read, length) = bincode::serde::decode_from_slice::<(Option<Fingerprint>, $name), _>(
                        bytes,
                        standard().with_limit::<{ 1 << 20 }>(),
                    ).ok()?;
                    (length == bytes.len()).then(|| (read.0, Event::from(read.1)))
                })+
                _ => panic!("add the missing kind {kind}"),
            }
        };
    }
    kinds! {
        1 OrganisationOpened 2 OrganisationChanged 3 ActorRegistered
        10 HallDefined 11 ZoneDefined 12 GateDefined 13 CodeKeyRegistered 14 CodeKeyRetired 15 GateZonesSet
        16 CredentialIssued 17 CredentialRevoked 4 SeasonDefined 5 SeasonChanged 6 SeatsDrawn
        20 ShowScheduled 21 ShowOpened 22 ShowClosed
        23 ShowPostponed 24 ShowRelocated 25 ShowCancelled 26 ShowRefundBegun 27 ShowRefundAdvanced
        28 ShowRefundFinished 29 ShowSeasonSet
        30 TariffDefined 31 TariffChanged 32 ProductDefined 33 PackDefined 34 PackChanged
        40 ChannelOpened 41 ChannelClosed 42 MethodDefined 43 PartyRegistered 44 CommissionDefined 45
        CommissionChanged 46 CommissionEnded 47 CommissionCapSet 48 ProviderPlanDefined 49
        ProviderPlanEnded 50 QuotaAllocated 51 QuotaTransferred 52 QuotaClosed 53 QuotaReturned 54
        QuotaDeadlineSet 55 QuotasExpired 35 TariffRulesSet 36 TariffVatSet 37 CompLimitsSet 38
        CompLimitsPassed
        60 HoldPlaced 61 HoldReleased 62 HoldExpired
        63 CardTypeDefined 64 CardTypeChanged 65 CardIssued 66 CardRightsUsed 67 CardRightsRestored 68 CardRevoked
        69 CardsExpired
        70 OrderPlaced 71 PaymentRecorded 72 PacksSold 73 TicketDuplicated 74 TicketTransferred 75 PaymentAnnounced
        76 PaymentFailed 77 PaymentReversed
        80 TicketsCancelled 81 PriceReduced 82 MoneyReturned 83 StoredValueIssued 84 StoredValueUsed
        85 StoredValueRestored 86 StoredValueRevoked 87 StoredValuesExpired
        90 ExternalSaleReported 91 ExternalSaleCancelled
        100 TicketScanned 101 ScanJudged 102 EntryRulesSet 130 CommissionsCharged 131 CommissionsReversed
        140 DealAgreed 141 DealChanged 142 CostRecorded 143 CostWithdrawn 144 AdvanceRecorded 145
        SettlementSealed 146 SettlementFilesKept 147 SettlementSignedOff 148 SettlementPaid 149
        AdvanceWithdrawn 160 DatedRateSet 161 WorkRegistered 162 ShowWorkSet 165 AccountMappingSet 166
        RemittanceRecorded 167 JournalLocked
        120 ActorAssigned 121 TillOpened 122 TillCashMoved 123 TillClosed
        150 PeriodClosed 151 TechnicalEventNoted 152 ArchiveMade 153 FiscalYearSet
        170 CheckpointKeyRegistered 171 CheckpointKeyRetired
        180 SubjectErased 181 VaultEpochBegun 182 VaultEpochsDestroyed
        190 TokenIssued 191 TokenRevoked 192 AccessDenied
        200 ProfileChanged 201 PurposeRegistered 202 PurposeChanged 203 ConsentGiven 204 ConsentWithdrawn
        205 PersonalDataRead 206 RetentionSet
        210 WebhookRegistered 211 WebhookChanged 212 WebhookRetired 213 WebhookSecretRotated 214 WebhookReplayed
    }
}

fn longest() -> Vec<Event> {
    let seats = (0..SEATS_MAX).map(|seat| format!("A{seat}")).collect();
    let zone =
        ZoneDefined { hall: HallId(1), zone: ZoneId(1), name: "Balcon".into(), capacity: 5_000, seats };
    let mut events = vec![Event::from(zone)];
    for sample in samples::samples() {
        if let Event::OrderPlaced(mut order) = sample {
            let line = order.lines.tickets[0].clone();
            order.lines.tickets = (0..ORDER_TICKETS_MAX)
                .map(|_| TicketLine { codes: line.codes.iter().copied().take(1).collect(), ..line.clone() })
                .collect();
            events.push(Event::from(order));
        }
    }
    // The most memory for a stored byte: labels without a character.
    let seats = vec![String::new(); 61_000];
    events.push(Event::from(ZoneDefined {
        hall: HallId(1),
        zone: ZoneId(1),
        name: String::new(),
        capacity: 0,
        seats,
    }));
    events
}

#[test]
fn serde_gives_the_same_bytes() {
    for event in samples::samples().into_iter().chain(longest()) {
        for fingerprint in [None, Some(Fingerprint([0xf1; 16]))] {
            let bytes = event.encode(fingerprint).unwrap();
            assert_eq!(bincode::serde::encode_to_vec((fingerprint, &event), standard()).unwrap(), bytes);
        }
    }
}

#[test]
fn everything_that_is_written_can_be_read() {
    for event in longest() {
        let bytes = event.encode(None).unwrap();
        let read = Event::decode_canonical(event.kind(), event.version(), &bytes);
        assert!(read.is_ok_and(|(_, read)| read == event), "{} of {} bytes", event.name(), bytes.len());
    }
}

proptest! {
    #[test]
    fn serde_reads_the_same(
        index in 0..CATALOGUE.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let event = &samples::samples()[index];
        let mut bytes = event.encode(Some(Fingerprint([7; 16]))).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let read = Event::decode(event.kind(), event.version(), &bytes).ok();
        prop_assert_eq!(read, through_serde(event.kind(), &bytes));
    }
}
