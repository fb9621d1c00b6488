//! What a record says, field by field.

use async_graphql::{InputValueError, InputValueResult, Number, Scalar, ScalarType, Value, to_value};
use serde::Serialize;
use soticket_schema::Event;
use soticket_schema::ids::SubjectRef;

/// See the scalar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct EventPayload(Value);

/// The payload of an event as a JSON object with the field names of the event catalogue. Numbers name things of the
/// organisation, amounts are whole minor units, rates millionths, instants microseconds since 1970 in UTC; random
/// references and keyed hashes are UUIDs.
#[Scalar]
impl ScalarType for EventPayload {
    fn parse(value: Value) -> InputValueResult<Self> {
        Err(InputValueError::expected_type(value))
    }

    fn is_valid(_: &Value) -> bool {
        false
    }

    fn to_value(&self) -> Value {
        self.0.clone()
    }
}

macro_rules! values {
    ($event:expr => $($name:ident)+) => {
        match $event {$(Event::$name(payload) => to_value(payload),)+}
    };
}

impl EventPayload {
    /// The payload of an event.
    pub(crate) fn of(event: &Event) -> Self {
        let value = values! { event =>
            OrganisationOpened OrganisationChanged ActorRegistered HallDefined ZoneDefined GateDefined ShowScheduled
            ShowOpened ShowClosed TariffDefined TariffChanged ProductDefined PackDefined PackChanged ChannelOpened
            ChannelClosed MethodDefined PacksSold CodeKeyRegistered CodeKeyRetired GateZonesSet
            CredentialIssued CredentialRevoked ScanJudged EntryRulesSet PartyRegistered CommissionDefined
            CommissionChanged CommissionEnded CommissionCapSet CommissionsCharged CommissionsReversed
            ProviderPlanDefined ProviderPlanEnded SeasonDefined SeasonChanged SeatsDrawn ShowPostponed
            ShowRelocated ShowCancelled ShowRefundBegun ShowRefundAdvanced ShowRefundFinished ShowSeasonSet
            TariffRulesSet TariffVatSet CompLimitsSet CompLimitsPassed
            QuotaAllocated QuotaTransferred QuotaClosed HoldPlaced HoldReleased HoldExpired OrderPlaced PaymentRecorded
            CardTypeDefined CardTypeChanged CardIssued CardRightsUsed CardRightsRestored CardRevoked CardsExpired
            TicketDuplicated TicketTransferred PaymentAnnounced PaymentFailed PaymentReversed StoredValueIssued
            StoredValueUsed StoredValueRestored StoredValueRevoked StoredValuesExpired
            QuotaReturned QuotaDeadlineSet QuotasExpired ActorAssigned TillOpened TillCashMoved TillClosed
            DealAgreed DealChanged CostRecorded CostWithdrawn AdvanceRecorded AdvanceWithdrawn DatedRateSet
            WorkRegistered ShowWorkSet SettlementSealed SettlementFilesKept SettlementSignedOff
            SettlementPaid AccountMappingSet RemittanceRecorded JournalLocked PeriodClosed
            TechnicalEventNoted ArchiveMade FiscalYearSet CheckpointKeyRegistered CheckpointKeyRetired
            SubjectErased VaultEpochBegun VaultEpochsDestroyed TokenIssued TokenRevoked AccessDenied
            ProfileChanged PurposeRegistered PurposeChanged ConsentGiven ConsentWithdrawn PersonalDataRead RetentionSet
            WebhookRegistered WebhookChanged WebhookRetired WebhookSecretRotated WebhookReplayed
            TicketsCancelled PriceReduced MoneyReturned ExternalSaleReported ExternalSaleCancelled TicketScanned
        };
        // Payloads are plain structs, which always serialise.
        Self(readable(value.unwrap_or_default()))
    }
}

/// Writes 16-byte references, which serialise as lists of bytes, as UUIDs.
fn readable(value: Value) -> Value {
    match value {
        Value::List(items) => match reference(&items) {
            Some(bytes) => Value::String(SubjectRef(bytes).to_string()),
            None => Value::List(items.into_iter().map(readable).collect()),
        },
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| {
                    let value = if is_list_of_numbers(&name, &value) { value } else { readable(value) };
                    (name, value)
                })
                .collect(),
        ),
        other => other,
    }
}

/// Fields that hold lists of numbers of things: sixteen of them are no reference.
fn is_list_of_numbers(name: &str, value: &Value) -> bool {
    let Value::List(items) = value else { return false };
    let lists = [
        "shows",
        "holds",
        "channels",
        "Seats",
        "tickets",
        "tariffs",
        "methods",
        "over_cap",
        "other_fee",
        "zones",
        "seats",
        "kinds",
    ];
    lists.contains(&name) && items.iter().all(|item| matches!(item, Value::Number(_)))
}

fn reference(items: &[Value]) -> Option<[u8; 16]> {
    let byte = |item: &Value| match item {
        Value::Number(number) => Number::as_u64(number).and_then(|number| u8::try_from(number).ok()),
        _ => None,
    };
    items.iter().map(byte).collect::<Option<Vec<u8>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use soticket_schema::Timestamp;
    use soticket_schema::event::v1::{HoldPlaced, Places};
    use soticket_schema::ids::{ChannelId, HoldId, SeatId, ShowId, ZoneId};

    #[test]
    fn references_read_as_uuids_and_lists_of_sixteen_numbers_stay() {
        let event = Event::from(HoldPlaced {
            hold: HoldId(1),
            show: ShowId(2),
            zone: ZoneId(3),
            channel: ChannelId(4),
            places: Places::Seats((0..16).map(SeatId).collect()),
            expires_at: Timestamp(5),
            subject: Some(SubjectRef([7; 16])),
        });
        let Value::Object(fields) = EventPayload::of(&event).0 else { panic!("no object") };
        assert_eq!(fields["subject"], Value::from("07070707-0707-0707-0707-070707070707"));
        assert_eq!(fields["show"], Value::from(2));
        let Value::Object(places) = &fields["places"] else { panic!("no object") };
        let Value::List(seats) = &places["Seats"] else { panic!("no list") };
        assert_eq!(seats.len(), 16);
    }
}
