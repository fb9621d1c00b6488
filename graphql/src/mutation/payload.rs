//! Payloads: what a mutation changed, and the receipt.

mod load;

use async_graphql::{Context, Object, Result};

use self::load::*;
use super::outcome::Outcome;
use crate::scalar::{Hash, LogPosition};
use crate::types::{
    Actor, CardType, Channel, CheckpointKey, Closing, CodeKey, CommissionRule, CompLimitsWarning, Customer,
    DeviceCredential, EntryRules, Gate, Hall, Hold, LogEvent, Method, Order, Organisation, Pack, Party,
    Product, ProviderPlan, Purpose, Scan, Season, Show, Tariff, Ticket, TillSession, Token, Webhook, Zone,
};
use crate::user_error::UserError;

macro_rules! payloads {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident { $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty = $load:expr),+ }
    )+) => {$(
        $(#[doc = $doc])+
        pub(super) struct $name(Outcome);

        impl From<Outcome> for $name {
            fn from(outcome: Outcome) -> Self {
                Self(outcome)
            }
        }

        $(#[doc = $doc])+
        #[Object(serial)]
        impl $name {
            $($(#[doc = $field_doc])+
            async fn $field(&self, context: &Context<'_>) -> Option<Result<$type>> {
                $load(context, &self.0).await
            })+

            /// Why nothing changed; empty if the command is in the log.
            async fn user_errors(&self) -> &[UserError] {
                self.0.errors()
            }

            /// Position of the command's last event; null if nothing changed. Pass it as `minPosition` to read what
            /// the command did.
            async fn position(&self) -> Option<LogPosition> {
                self.0.position()
            }

            /// Hash of the command's last event; null if nothing changed.
            async fn hash(&self) -> Option<Hash> {
                self.0.hash()
            }

            /// Whether the command had been recorded before: nothing was added now.
            async fn replayed(&self) -> bool {
                self.0.replayed()
            }

            /// The command's events; empty if nothing changed.
            async fn events(&self) -> Vec<LogEvent> {
                let scope = self.0.scope();
                self.0.entries().iter().map(|entry| LogEvent::new(scope, entry.clone())).collect()
            }
        }
    )+};
}

payloads! {
    /// What `accountMappingSet` did.
    AccountMappingSetPayload { /// The organisation.
        organisation: Organisation = organisation }
    /// What `remittanceRecord` did.
    RemittanceRecordPayload { /// The channel.
        channel: Channel = channel }
    /// What `journalLock` did.
    JournalLockPayload { /// The organisation.
        organisation: Organisation = organisation }
    /// What `organisationOpen` did.
    OrganisationOpenPayload { /// The organisation.
        organisation: Organisation = organisation }
    /// What `organisationChange` did.
    OrganisationChangePayload { /// The organisation.
        organisation: Organisation = organisation }
    /// What `actorRegister` did.
    ActorRegisterPayload { /// The actor.
        actor: Actor = actor }
    /// What `hallDefine` did.
    HallDefinePayload { /// The hall.
        hall: Hall = hall }
    /// What `gateDefine` did.
    GateDefinePayload { /// The gate.
        gate: Gate = gate }
    /// What `showSchedule` did.
    ShowSchedulePayload { /// The show.
        show: Show = show }
    /// What `showOpen` did.
    ShowOpenPayload { /// The show.
        show: Show = show }
    /// What `showClose` did.
    ShowClosePayload { /// The show.
        show: Show = show }
    /// What `tariffDefine` did.
    TariffDefinePayload { /// The tariff.
        tariff: Tariff = tariff }
    /// What `tariffChange` did.
    TariffChangePayload { /// The tariff.
        tariff: Tariff = tariff }
    /// What `tariffRulesSet` did.
    TariffRulesSetPayload { /// The tariff.
        tariff: Tariff = tariff }
    /// What `tariffVatSet` did.
    TariffVatSetPayload { /// The tariff.
        tariff: Tariff = tariff }
    /// What `compLimitsSet` did.
    CompLimitsSetPayload { /// The show, with its availability.
        show: Show = show }
    /// What `seasonDefine` did.
    SeasonDefinePayload { /// The season.
        season: Season = season }
    /// What `seasonChange` did.
    SeasonChangePayload { /// The season.
        season: Season = season }
    /// What `showSeasonSet` did.
    ShowSeasonSetPayload { /// The show.
        show: Show = show }
    /// What `seatsDraw` did.
    SeatsDrawPayload { /// The zone.
        zone: Zone = zone }
    /// What `showPostpone` did.
    ShowPostponePayload { /// The show.
        show: Show = show }
    /// What `showRelocate` did.
    ShowRelocatePayload { /// The show.
        show: Show = show }
    /// What `showCancel` did.
    ShowCancelPayload { /// The show.
        show: Show = show }
    /// What `showRefundBegin` did.
    ShowRefundBeginPayload { /// The show, with the progress of its refund.
        show: Show = show }
    /// What `showRefundAdvance` did.
    ShowRefundAdvancePayload { /// The show, with the progress of its refund.
        show: Show = refunded_show }
    /// What `productDefine` did.
    ProductDefinePayload { /// The product.
        product: Product = product }
    /// What `packDefine` did.
    PackDefinePayload { /// The pack.
        pack: Pack = pack }
    /// What `packChange` did.
    PackChangePayload { /// The pack.
        pack: Pack = pack }
    /// What `channelOpen` did.
    ChannelOpenPayload { /// The channel.
        channel: Channel = channel }
    /// What `channelClose` did.
    ChannelClosePayload { /// The channel.
        channel: Channel = channel }
    /// What `methodDefine` did.
    MethodDefinePayload { /// The way of paying.
        method: Method = method }
    /// What `partyRegister` did.
    PartyRegisterPayload { /// The party.
        party: Party = party }
    /// What `commissionDefine` did.
    CommissionDefinePayload { /// The commission, with its warnings.
        commission: CommissionRule = commission }
    /// What `commissionChange` did.
    CommissionChangePayload { /// The commission, with its warnings.
        commission: CommissionRule = commission }
    /// What `commissionEnd` did.
    CommissionEndPayload { /// The commission.
        commission: CommissionRule = commission }
    /// What `commissionCapSet` did.
    CommissionCapSetPayload { /// The organisation, with its cap.
        organisation: Organisation = organisation }
    /// What `providerPlanDefine` did.
    ProviderPlanDefinePayload { /// The plan.
        plan: ProviderPlan = plan }
    /// What `providerPlanEnd` did.
    ProviderPlanEndPayload { /// The plan.
        plan: ProviderPlan = plan }
    /// What `dealAgree` did.
    DealAgreePayload { /// The first of the shows, with its deal.
        show: Show = show }
    /// What `dealChange` did.
    DealChangePayload { /// The show, with its deal.
        show: Show = show }
    /// What `costRecord` did.
    CostRecordPayload { /// The show, with its costs.
        show: Show = show }
    /// What `costWithdraw` did.
    CostWithdrawPayload { /// The show, with its costs.
        show: Show = show }
    /// What `advanceRecord` did.
    AdvanceRecordPayload { /// The show, with its advances.
        show: Show = show }
    /// What `advanceWithdraw` did.
    AdvanceWithdrawPayload { /// The show, with its advances.
        show: Show = show }
    /// What `showWorkSet` did.
    ShowWorkSetPayload { /// The show.
        show: Show = show }
    /// What `settlementSeal` did.
    SettlementSealPayload { /// The show, with its settlements.
        show: Show = show }
    /// What `settlementFilesKeep` did.
    SettlementFilesKeepPayload { /// The show, with its settlements.
        show: Show = show }
    /// What `settlementSignOff` did.
    SettlementSignOffPayload { /// The show, with its settlements.
        show: Show = show }
    /// What `settlementPay` did.
    SettlementPayPayload { /// The show, with its settlements.
        show: Show = show }
    /// What `datedRateSet` did.
    DatedRateSetPayload { /// The organisation, with its rates.
        organisation: Organisation = organisation }
    /// What `workRegister` did.
    WorkRegisterPayload { /// The organisation, with its works.
        organisation: Organisation = organisation }
    /// What `quotaAllocate` did.
    QuotaAllocatePayload { /// The show, with its availability.
        show: Show = show }
    /// What `quotaTransfer` did.
    QuotaTransferPayload { /// The show, with its availability.
        show: Show = show }
    /// What `quotaClose` did.
    QuotaClosePayload { /// The show, with its availability.
        show: Show = show }
    /// What `quotaReturn` did.
    QuotaReturnPayload { /// The show, with its availability.
        show: Show = show }
    /// What `quotaDeadlineSet` did.
    QuotaDeadlineSetPayload { /// The show, with its availability.
        show: Show = show }
    /// What `actorAssign` did.
    ActorAssignPayload { /// The actor.
        actor: Actor = actor }
    /// What `tillOpen` did.
    TillOpenPayload { /// The till session.
        session: TillSession = till_session }
    /// What `tillCashMove` did.
    TillCashMovePayload { /// The till session.
        session: TillSession = till_session }
    /// What `tillClose` did.
    TillClosePayload { /// The till session.
        session: TillSession = till_session }
    /// What `periodClose` did.
    PeriodClosePayload { /// The closings that it made, in order.
        closings: Vec<Closing> = closings }
    /// What `dueDaysClose` did.
    DueDaysClosePayload { /// The closings that it made, in order.
        closings: Vec<Closing> = closings }
    /// What `fiscalYearSet` did.
    FiscalYearSetPayload { /// The organisation.
        organisation: Organisation = organisation }
    /// What `technicalEventNote` did.
    TechnicalEventNotePayload { /// The organisation.
        organisation: Organisation = organisation }
    /// What `archiveRecord` did.
    ArchiveRecordPayload { /// The organisation.
        organisation: Organisation = organisation }
    /// What `holdPlace` did.
    HoldPlacePayload { /// The hold as the command left it.
        hold: Hold = placed_hold }
    /// What `holdRelease` did.
    HoldReleasePayload { /// The show, with its availability.
        show: Show = show }
    /// What `orderPlace` did.
    OrderPlacePayload { /// The order as the command left it.
        order: Order = placed_order,
        /// What its seller is warned of; null if nothing changed.
        comp_warnings: Vec<CompLimitsWarning> = comp_warnings }
    /// What `paymentRecord` did.
    PaymentRecordPayload { /// The order.
        order: Order = order }
    /// What `moneyReturn` did.
    MoneyReturnPayload { /// The order.
        order: Order = order }
    /// What `ticketsCancel` did.
    TicketsCancelPayload { /// The order.
        order: Order = order }
    /// What `priceReduce` did.
    PriceReducePayload { /// The ticket.
        ticket: Ticket = ticket }
    /// What `saleReport` did.
    SaleReportPayload { /// The order.
        order: Order = order,
        /// What there is to be warned of; null if nothing changed.
        comp_warnings: Vec<CompLimitsWarning> = comp_warnings }
    /// What `cancellationReport` did.
    CancellationReportPayload { /// The order.
        order: Order = order }
    /// What `ticketsExchange` did.
    TicketsExchangePayload { /// The order.
        order: Order = order }
    /// What `ticketDuplicate` did.
    TicketDuplicatePayload { /// The ticket.
        ticket: Ticket = ticket }
    /// What `ticketTransfer` did.
    TicketTransferPayload { /// The ticket.
        ticket: Ticket = ticket }
    /// What `paymentAnnounce` did.
    PaymentAnnouncePayload { /// The order.
        order: Order = order }
    /// What `paymentConfirm` did.
    PaymentConfirmPayload { /// The order.
        order: Order = order }
    /// What `paymentFail` did.
    PaymentFailPayload { /// The order.
        order: Order = order }
    /// What `paymentReverse` did.
    PaymentReversePayload { /// The order.
        order: Order = order }
    /// What `cardTypeDefine` did.
    CardTypeDefinePayload { /// The kind of card.
        card_type: CardType = card_type }
    /// What `cardTypeChange` did.
    CardTypeChangePayload { /// The kind of card.
        card_type: CardType = card_type }
    /// What `rightsExpire` did.
    RightsExpirePayload { /// The organisation.
        organisation: Organisation = organisation }
    /// What `storedValueSpend` did.
    StoredValueSpendPayload { /// The order.
        order: Order = order }
    /// What `storedValueReturn` did.
    StoredValueReturnPayload { /// The order.
        order: Order = order }
    /// What `scanReport` did.
    ScanReportPayload { /// The scan.
        scan: Scan = scan }
    /// What `subjectErase` did.
    SubjectErasePayload { /// What is left of the customer.
        customer: Customer = customer }
    /// What `profileChange` did.
    ProfileChangePayload { /// The customer.
        customer: Customer = customer }
    /// What `purposeRegister` did.
    PurposeRegisterPayload { /// The purpose.
        purpose: Purpose = purpose }
    /// What `purposeChange` did.
    PurposeChangePayload { /// The purpose.
        purpose: Purpose = purpose }
    /// What `consentRecord` did.
    ConsentRecordPayload { /// The customer.
        customer: Customer = customer }
    /// What `retentionSet` did.
    RetentionSetPayload { /// The organisation.
        organisation: Organisation = organisation }
    /// What `codeKeyRegister` did.
    CodeKeyRegisterPayload { /// The key.
        key: CodeKey = code_key }
    /// What `codeKeyRetire` did.
    CodeKeyRetirePayload { /// The key.
        key: CodeKey = code_key }
    /// What `checkpointKeyRegister` did.
    CheckpointKeyRegisterPayload { /// The key.
        key: CheckpointKey = checkpoint_key }
    /// What `checkpointKeyRetire` did.
    CheckpointKeyRetirePayload { /// The key.
        key: CheckpointKey = checkpoint_key }
    /// What `webhookRegister` did.
    WebhookRegisterPayload { /// The webhook, with its secret.
        webhook: Webhook = webhook_with_secret }
    /// What `webhookChange` did.
    WebhookChangePayload { /// The webhook.
        webhook: Webhook = webhook }
    /// What `webhookRetire` did.
    WebhookRetirePayload { /// The webhook.
        webhook: Webhook = webhook }
    /// What `webhookRotateSecret` did.
    WebhookRotateSecretPayload { /// The webhook, with its new secret.
        webhook: Webhook = webhook_with_secret }
    /// What `webhookReplay` did.
    WebhookReplayPayload { /// The webhook.
        webhook: Webhook = webhook }
    /// What `gateZonesSet` did.
    GateZonesSetPayload { /// The gate.
        gate: Gate = gate }
    /// What `entryRulesSet` did.
    EntryRulesSetPayload { /// The rules that hold now, for the show or for all shows.
        rules: EntryRules = entry_rules }
    /// What `deviceCredentialIssue` did.
    DeviceCredentialIssuePayload { /// The credential, with its token.
        credential: DeviceCredential = issued_credential }
    /// What `deviceCredentialRevoke` did.
    DeviceCredentialRevokePayload { /// The credential.
        credential: DeviceCredential = credential }
    /// What `deviceCredentialReplace` did.
    DeviceCredentialReplacePayload { /// The new credential, with its token.
        credential: DeviceCredential = issued_credential }
    /// What `tokenIssue` did.
    TokenIssuePayload { /// The token, with its secret.
        token: Token = issued_token }
    /// What `loginIssue` did.
    LoginIssuePayload { /// The login.
        token: Token = issued_login }
    /// What `loginPasswordSet` did.
    LoginPasswordSetPayload { /// The organisation.
        organisation: Organisation = organisation }
    /// What `tokenRevoke` did.
    TokenRevokePayload { /// The token.
        token: Token = token }
    /// What `ticketRedeem` decided.
    TicketRedeemPayload { /// The scan, with the reason.
        scan: Scan = redeemed }
}
