//! Inputs of mutations and how they become commands.
//!
//! Inputs are shaped like the commands behind them, so that a rejection's path needs translating by name only.

mod access;
mod accounts;
mod bulk;
mod channel;
mod checkpoint_key;
mod closing;
mod commission;
mod comp;
mod deal;
mod erasure;
mod gate;
mod hall;
mod late_payment;
mod order;
mod organisation;
mod pack;
mod payment;
mod people;
mod places;
mod provider;
mod refund;
mod report;
mod rights;
mod scan;
mod scope;
mod season;
mod segment;
mod seller;
mod settlement;
mod show;
mod show_change;
mod simulation;
mod tariff;
mod tariff_rules;
mod ticket;
mod till;
mod webhook;

use async_graphql::{ID, InputObject};
use soticket_schema::{CommandBody, Rejection, Timestamp};

pub(crate) use access::{LoginIssueInput, LoginPasswordSetInput, TokenIssueInput, TokenRevokeInput};
pub(crate) use accounts::{AccountMappingSetInput, JournalLockInput, RemittanceRecordInput};
pub(crate) use bulk::{LINES_MAX, OrdersPlaceInput, line_path};
pub(crate) use channel::{ChannelCloseInput, ChannelOpenInput, MethodDefineInput};
pub(crate) use checkpoint_key::{CheckpointKeyRegisterInput, CheckpointKeyRetireInput};
pub(crate) use closing::{
    ArchiveRecordInput, DueDaysCloseInput, FiscalYearSetInput, PeriodCloseInput, TechnicalEventNoteInput,
};
pub(crate) use commission::{
    CommissionCapSetInput, CommissionChangeInput, CommissionDefineInput, CommissionEndInput,
    PartyRegisterInput,
};
pub(crate) use comp::CompLimitsSetInput;
pub(crate) use deal::{
    AdvanceRecordInput, AdvanceWithdrawInput, CostRecordInput, CostWithdrawInput, DatedRateSetInput,
    DealAgreeInput, DealChangeInput, ShowWorkSetInput, WorkRegisterInput,
};
pub(crate) use erasure::SubjectEraseInput;
pub(crate) use gate::{
    CodeKeyRegisterInput, CodeKeyRetireInput, DeviceCredentialIssueInput, DeviceCredentialReplaceInput,
    DeviceCredentialRevokeInput, EntryRulesSetInput, GateZonesSetInput, TicketRedeemInput,
};
pub(crate) use hall::{GateDefineInput, HallDefineInput, SeatsDrawInput};
pub(crate) use late_payment::{
    PaymentAnnounceInput, PaymentConfirmInput, PaymentFailInput, PaymentReverseInput,
};
pub(crate) use order::OrderPlaceInput;
pub(crate) use organisation::{ActorRegisterInput, OrganisationChangeInput, OrganisationOpenInput};
pub(crate) use pack::{PackChangeInput, PackDefineInput};
pub(crate) use payment::{MoneyReturnInput, PaymentRecordInput};
pub(crate) use people::{
    ConsentRecordInput, ProfileChangeInput, PurposeChangeInput, PurposeRegisterInput, RetentionSetInput,
};
pub(crate) use places::{
    HoldPlaceInput, HoldReleaseInput, QuotaAllocateInput, QuotaCloseInput, QuotaDeadlineSetInput,
    QuotaReturnInput, QuotaTransferInput,
};
pub(crate) use provider::{ProviderPlanDefineInput, ProviderPlanEndInput};
pub(crate) use refund::{PriceReduceInput, TicketsCancelInput};
pub(crate) use report::{CancellationReportInput, SaleReportInput};
pub(crate) use rights::{
    CardTypeChangeInput, CardTypeDefineInput, RightsExpireInput, StoredValueReturnInput,
    StoredValueSpendInput,
};
pub(crate) use scan::ScanReportInput;
pub(crate) use scope::Scope;
pub(crate) use season::{SeasonChangeInput, SeasonDefineInput, ShowSeasonSetInput};
pub(crate) use segment::CustomerCriteria;
pub(crate) use seller::ActorAssignInput;
pub(crate) use settlement::{
    CheckedFiles, PreparedSeal, SettlementFilesKeepInput, SettlementPayInput, SettlementSealInput,
    SettlementSignOffInput,
};
pub(crate) use show::{ShowCloseInput, ShowOpenInput, ShowScheduleInput};
pub(crate) use show_change::{
    ShowCancelInput, ShowPostponeInput, ShowRefundAdvanceInput, ShowRefundBeginInput, ShowRelocateInput,
};
pub(crate) use simulation::{CostSimulationInput, SimulationError};
pub(crate) use tariff::{ProductDefineInput, TariffChangeInput, TariffDefineInput};
pub(crate) use tariff_rules::{TariffRulesSetInput, TariffVatSetInput};
pub(crate) use ticket::{TicketDuplicateInput, TicketTransferInput, TicketsExchangeInput};
pub(crate) use till::{TillCashMoveInput, TillCloseInput, TillOpenInput};
pub(crate) use webhook::{
    WebhookChangeInput, WebhookRegisterInput, WebhookReplayInput, WebhookRetireInput,
    WebhookRotateSecretInput, WebhookTestInput,
};

/// Who asks, and how a repetition is told from a second request.
#[derive(InputObject)]
pub(crate) struct Caller {
    /// The organisation whose log records it: a UUID.
    pub(crate) organisation: ID,
    /// A name of your choice for this command, 1 to 255 bytes, kept for ever. The same key with the same input gives
    /// the first receipt again; with another input it is refused.
    pub(crate) idempotency_key: ID,
    /// Who acts: whoever the request comes from if absent. Only owners may name another actor.
    pub(crate) actor: Option<ID>,
}

/// An input that asks for a command.
pub(crate) trait CommandInput {
    /// Who asks.
    fn caller(&self) -> &Caller;

    /// The device that the input names, which a gate must be itself.
    fn device(&self) -> Option<&ID> {
        None
    }

    /// When it happened, if the input reports a fact.
    fn occurred_at(&self) -> Option<Timestamp> {
        None
    }

    /// What is asked. The rejection is of a value that cannot be expressed in a command; all others are the ledger's.
    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection>;
}
