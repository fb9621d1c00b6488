//! Version 1 of every event payload. Frozen: a change is a new version in a file of its own, with an upcaster.
//!
//! Amounts are minor units of the show's (or the organisation's) currency, with VAT (TTC) unless said otherwise.
//! Every event names each show that it touches, so that a fold reaches its partitions without looking anything up.

mod access;
mod audit;
mod card;
mod channel;
mod checkpoint_key;
mod closing;
mod commission;
mod comp;
mod cost;
mod deal;
mod erasure;
mod gate;
mod hall;
mod hold;
mod journal;
mod late_payment;
mod law;
mod order;
mod organisation;
mod pack;
mod payment;
mod people;
mod provider;
mod quota;
mod quota_end;
mod refund;
mod report;
mod scan;
mod season;
mod seats;
mod seller;
mod settlement;
mod show;
mod show_change;
mod show_refund;
mod stored_value;
mod tariff;
mod tariff_rules;
mod ticket;
mod till;
mod webhook;

pub use access::{AccessDenied, DenialReason, TokenIssued, TokenProof, TokenRevoked, TokenRole};
pub use audit::{ArchiveMade, TechnicalEventNoted, TechnicalKind};
pub use card::{
    CardIssued, CardRevoked, CardRightsRestored, CardRightsUsed, CardTerms, CardTypeChanged, CardTypeDefined,
    CardUse, CardValidity, CardsExpired, ExpiredCard,
};
pub use channel::{ChannelClosed, ChannelKind, ChannelOpened, InsideCommission};
pub use checkpoint_key::{CheckpointKeyRegistered, CheckpointKeyRetired};
pub use closing::{
    CLOSING_CONTEXT, CLOSING_GENESIS_CONTEXT, FiscalYearSet, FloatTotals, MoneyTotal, Period, PeriodClosed,
    Perpetual, PrepaidTotals, SaleClass, SalesTotal,
};
pub use commission::{
    Beneficiary, CommissionBasis, CommissionCapSet, CommissionChanged, CommissionDefined, CommissionEnded,
    CommissionLine, CommissionMode, CommissionTerms, CommissionTier, CommissionsCharged, CommissionsReversed,
    KeptFee, OnFree, OnRefund, PartyRegistered, Payer,
};
pub use comp::{CompBasis, CompLimits, CompLimitsPassed, CompLimitsSet, CompQuota, CompWarning, PassedLimit};
pub use cost::{AdvanceRecorded, AdvanceWithdrawn, CostRecorded, CostTerms, CostWithdrawn, Voucher};
pub use deal::{
    BonusBasis, BonusThreshold, DealAgreed, DealChanged, DealRate, DealRule, DealStep, DealTerms, DealTier,
    DealUnit, Measure, StepRounding, Takings,
};
pub use erasure::{ErasureReason, SubjectErased, VaultEpochBegun, VaultEpochsDestroyed};
pub use gate::{
    CodeKeyRegistered, CodeKeyRetired, CredentialIssued, CredentialRevoked, EntryRules, EntryRulesSet,
    GateZonesSet, ReEntry, ScanJudged, ScanReason,
};
pub use hall::{GateDefined, HallDefined, ZoneDefined};
pub use hold::{HoldExpired, HoldPlaced, HoldReleased};
pub use journal::{
    AccountKey, AccountMapping, AccountMappingSet, AccountRole, Book, BookCode, JournalLocked, MappedAccount,
    RemittanceRecorded, VatDue,
};
pub use late_payment::{PaymentAnnounced, PaymentFailed, PaymentFailure, PaymentReversed};
pub use law::{DatedRateSet, ShowWorkSet, WorkRegistered};
pub use order::{
    CodeIssuer, FeeKind, ItemKind, ItemLine, OrderLines, OrderPlaced, PackShare, Symbology, TicketCode,
    TicketLine,
};
pub use organisation::{
    ActorKind, ActorRegistered, Mode, OrganisationChanged, OrganisationOpened, OrganisationParameters,
    SerialScope,
};
pub use pack::{PackChanged, PackDefined, PackShow, PackTerms, PacksSold, SoldPack};
pub use payment::{Leg, MethodDefined, MethodKind, PaymentRecorded};
pub use people::{
    ConsentGiven, ConsentSource, ConsentWithdrawn, PersonalAccess, PersonalDataRead, ProfileChanged,
    ProfileField, PurposeChanged, PurposeRegistered, PurposeTerms, RetentionClass, RetentionSet,
};
pub use provider::{ProviderPlanDefined, ProviderPlanEnded, ProviderPlanTerms};
pub use quota::{Places, QuotaAllocated, QuotaClosed, QuotaTransferred};
pub use quota_end::{ExpiredQuota, QuotaDeadlineSet, QuotaReturned, QuotasExpired};
pub use refund::{
    CancelReason, Cancellation, CancelledItem, CancelledTicket, MoneyReturned, PriceReduced, TicketsCancelled,
};
pub use report::{ExternalSaleCancelled, ExternalSaleReported, Flag, ReportSource};
pub use scan::{Direction, GateDecision, TicketScanned};
pub use season::{SeasonChanged, SeasonDefined, SeasonTerms, ShowSeasonSet};
pub use seats::{SeatOfRow, SeatPoint, SeatRow, SeatsDrawn};
pub use seller::{ActorAssigned, SellerRole};
pub use settlement::{
    SettledLine, SettledRole, SettlementFile, SettlementFileKind, SettlementFilesKept, SettlementPaid,
    SettlementSealed, SettlementSignedOff,
};
pub use show::{ShowClosed, ShowOpened, ShowScheduled, ZoneOnSale};
pub use show_change::{MovedZone, ShowCancelled, ShowPostponed, ShowRelocated};
pub use show_refund::{ShowRefundAdvanced, ShowRefundBegun, ShowRefundFinished};
pub use stored_value::{
    ExpiredValue, StoredValueIssued, StoredValueKind, StoredValueRestored, StoredValueRevoked,
    StoredValueUsed, StoredValuesExpired, ValueSpent,
};
pub use tariff::{
    CompReason, ProductDefined, ProductKind, TariffChanged, TariffDefined, TariffKind, TariffTerms, ZonePrice,
};
pub use tariff_rules::{DatedRate, Eligibility, FreePrice, TariffRules, TariffRulesSet, TariffVatSet};
pub use ticket::{DuplicateReason, TicketDuplicated, TicketTransferred};
pub use till::{CashDirection, CashReason, TillCashMoved, TillClosed, TillLine, TillOpened};
pub use webhook::{
    WebhookChanged, WebhookRegistered, WebhookReplayed, WebhookRetired, WebhookSecretRotated, WebhookTerms,
};
