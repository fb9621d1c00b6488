//! Commands: what a caller asks for. A decision turns one into events or a rejection.
//!
//! A command that states `occurred_at` reports a fact: it happened elsewhere, so that it is recorded whatever quota,
//! capacity or sale window it breaks. A live command states none and can be refused.

mod access;
mod audit;
mod card;
mod channel;
mod checkpoint_key;
mod closing;
mod commission;
mod comp;
mod deal;
mod entitlement;
mod erasure;
mod gate;
mod hall;
mod hold;
mod journal;
mod late_payment;
mod order;
mod organisation;
mod pack;
mod payment;
mod people;
mod provider;
mod quota;
mod refund;
mod report;
mod scan;
mod season;
mod seller;
mod settlement;
mod show;
mod show_change;
mod stored_value;
mod tariff;
mod ticket;
mod till;
mod webhook;

pub use access::{IssueToken, NoteDenials, RevokeToken};
pub use audit::{NoteTechnicalEvent, RecordArchive};
pub use card::{ChangeCardType, DefineCardType, ExpireRights};
pub use channel::{CloseChannel, OpenChannel};
pub use checkpoint_key::{RegisterCheckpointKey, RetireCheckpointKey};
pub use closing::{CloseDueDays, ClosePeriod, SetFiscalYear};
pub use commission::{ChangeCommission, DefineCommission, EndCommission, RegisterParty, SetCommissionCap};
pub use comp::SetCompLimits;
pub use deal::{
    AgreeDeal, ChangeDeal, RecordAdvance, RecordCost, RegisterWork, SetDatedRate, SetShowWork,
    WithdrawAdvance, WithdrawCost,
};
pub use entitlement::{CardChoice, Entitlements, NewRight, RightToIssue, TicketOnCard, ValueToSpend};
pub use erasure::{BeginVaultEpoch, EraseSubject, RecordVaultEpochsDestroyed};
pub use gate::{
    IssueCredential, RedeemTicket, RegisterCodeKey, ReplaceCredential, RetireCodeKey, RevokeCredential,
    SetEntryRules, SetGateZones,
};
pub use hall::{DefineGate, DefineHall, DrawSeats, NewZone};
pub use hold::{PlaceHold, ReleaseHold};
pub use journal::{LockJournal, RecordRemittance, SetAccountMapping};
pub use late_payment::{AnnouncePayment, ConfirmPayment, FailPayment, ReversePayment};
pub use order::{ItemRequest, PlaceOrder, TicketRequest};
pub use organisation::{ChangeOrganisation, OpenOrganisation, RegisterActor};
pub use pack::{ChangePack, DefinePack, PackChoice, PackRequest};
pub use payment::{DefineMethod, RecordPayment};
pub use people::{
    ChangeProfile, ChangePurpose, NotePersonalDataRead, RecordConsent, RegisterPurpose, SetRetention,
};
pub use provider::{DefineProviderPlan, EndProviderPlan};
pub use quota::{AllocateQuota, CloseQuota, ReturnQuota, SetQuotaDeadline, TransferQuota};
pub use refund::{CancelTickets, ReducePrice, ReturnMoney, TicketToCancel};
pub use report::{ReportCancellation, ReportSale, ReportedTicket};
pub use scan::ReportScan;
pub use season::{ChangeSeason, DefineSeason, SetShowSeason};
pub use seller::AssignActor;
pub use settlement::{KeepSettlementFiles, PaySettlement, SealSettlement, SignOffSettlement};
pub use show::{CloseShow, OpenShow, ScheduleShow};
pub use show_change::{AdvanceShowRefund, BeginShowRefund, CancelShow, PostponeShow, RelocateShow, ZoneMove};
pub use stored_value::{ReturnToStoredValue, SpendStoredValue};
pub use tariff::{ChangeTariff, DefineProduct, DefineTariff, SetTariffRules, SetTariffVat};
pub use ticket::{DuplicateTicket, ExchangeTickets, TransferTicket};
pub use till::{CloseTill, MoveTillCash, OpenTill, TillCount};
pub use webhook::{ChangeWebhook, RegisterWebhook, ReplayWebhook, RetireWebhook, RotateWebhookSecret};

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::{FeeKind, ItemKind, Symbology};
use crate::ids::{ActorId, OrganisationId};
use crate::time::Timestamp;

/// One request to one organisation's log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Command {
    /// The log.
    pub organisation: OrganisationId,
    /// Who asks.
    pub actor: ActorId,
    /// The caller's idempotency key, 1 to 255 bytes; kept for ever as a keyed hash.
    pub key: String,
    /// When it happened, for a fact; none for a live command.
    pub occurred_at: Option<Timestamp>,
    /// What is asked.
    pub body: CommandBody,
}

/// A person as the caller knows them. Goes to the vault, never into a record.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode)]
pub struct Person {
    /// E-mail: what the same person is found by. Compared in lower case without outer spaces.
    pub email: String,
    /// Name, or empty.
    pub name: String,
    /// Telephone, or empty.
    pub telephone: String,
}

/// A ticket code in clear. Goes to the vault, never into a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct CodeText {
    /// The code as it is read from the ticket.
    pub text: String,
    /// How it is drawn.
    pub symbology: Symbology,
}

/// What can be asked. The order of variants is part of the fingerprint: new ones go to the end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub enum CommandBody {
    /// Opens the organisation's log.
    OpenOrganisation(OpenOrganisation),
    /// Replaces the organisation's parameters.
    ChangeOrganisation(ChangeOrganisation),
    /// Gives an actor a number.
    RegisterActor(RegisterActor),
    /// Defines a hall and its zones.
    DefineHall(DefineHall),
    /// Gives a gate a number.
    DefineGate(DefineGate),
    /// Plans a show.
    ScheduleShow(ScheduleShow),
    /// Opens a show for sale.
    OpenShow(OpenShow),
    /// Closes a show.
    CloseShow(CloseShow),
    /// Defines a tariff of a show.
    DefineTariff(DefineTariff),
    /// Changes a tariff for later sales.
    ChangeTariff(ChangeTariff),
    /// Defines a product.
    DefineProduct(DefineProduct),
    /// Opens a channel.
    OpenChannel(OpenChannel),
    /// Closes a channel.
    CloseChannel(CloseChannel),
    /// Defines a way of paying.
    DefineMethod(DefineMethod),
    /// Adds places to a channel's quota. Live or fact.
    AllocateQuota(AllocateQuota),
    /// Moves places between two channels' quotas. Live or fact.
    TransferQuota(TransferQuota),
    /// Ends a channel's quota.
    CloseQuota(CloseQuota),
    /// Keeps places.
    PlaceHold(PlaceHold),
    /// Gives a hold back.
    ReleaseHold(ReleaseHold),
    /// Sells.
    PlaceOrder(PlaceOrder),
    /// Records money that came in. Live or fact.
    RecordPayment(RecordPayment),
    /// Cancels tickets and items, and may return money in the same command.
    CancelTickets(CancelTickets),
    /// Reduces a ticket's price. Live or fact.
    ReducePrice(ReducePrice),
    /// Records money that went back. Live or fact.
    ReturnMoney(ReturnMoney),
    /// Records a sale that happened elsewhere. Fact.
    ReportSale(ReportSale),
    /// Records a cancellation that happened elsewhere. Fact.
    ReportCancellation(ReportCancellation),
    /// Records what a gate reports. Fact.
    ReportScan(ReportScan),
    /// Offers a pack.
    DefinePack(DefinePack),
    /// Changes a pack for later sales.
    ChangePack(ChangePack),
    /// Gives tickets of an order back for others, in one step.
    ExchangeTickets(ExchangeTickets),
    /// Prints a ticket again.
    DuplicateTicket(DuplicateTicket),
    /// Hands a ticket to another person.
    TransferTicket(TransferTicket),
    /// Offers a kind of subscriber card.
    DefineCardType(DefineCardType),
    /// Changes a kind of subscriber card for later sales.
    ChangeCardType(ChangeCardType),
    /// Accounts for cards and stored values past their time.
    ExpireRights(ExpireRights),
    /// Tells of a payment on its way.
    AnnouncePayment(AnnouncePayment),
    /// Records that a payment on its way has come in. Live or fact.
    ConfirmPayment(ConfirmPayment),
    /// Records that a payment on its way does not come. Live or fact.
    FailPayment(FailPayment),
    /// Records that money which had come in went away again. Live or fact.
    ReversePayment(ReversePayment),
    /// Pays an order from gift cards or vouchers.
    SpendStoredValue(SpendStoredValue),
    /// Returns money of an order to a gift card.
    ReturnToStoredValue(ReturnToStoredValue),
    /// Makes a key that ticket codes are signed with from here on.
    RegisterCodeKey(RegisterCodeKey),
    /// Signs no more codes with a key.
    RetireCodeKey(RetireCodeKey),
    /// Says which zones a gate admits to.
    SetGateZones(SetGateZones),
    /// Says when and how often tickets enter.
    SetEntryRules(SetEntryRules),
    /// Gives a device a credential.
    IssueCredential(IssueCredential),
    /// Ends a device's credential.
    RevokeCredential(RevokeCredential),
    /// Ends a device's credential and gives it another.
    ReplaceCredential(ReplaceCredential),
    /// Decides at a gate whether a ticket passes, and records it. Live, or at the device's time.
    RedeemTicket(RedeemTicket),
    /// Gives a party that may earn commissions a number.
    RegisterParty(RegisterParty),
    /// Charges a commission on later sales.
    DefineCommission(DefineCommission),
    /// Changes a commission for later sales.
    ChangeCommission(ChangeCommission),
    /// Ends a commission.
    EndCommission(EndCommission),
    /// Sets the share of the face price above which commissions are flagged.
    SetCommissionCap(SetCommissionCap),
    /// Adds a plan that a payment provider charges by.
    DefineProviderPlan(DefineProviderPlan),
    /// Ends a payment provider's plan.
    EndProviderPlan(EndProviderPlan),
    /// Gives places of a channel's quota back. Live or fact.
    ReturnQuota(ReturnQuota),
    /// Says when a channel's quota goes back by itself.
    SetQuotaDeadline(SetQuotaDeadline),
    /// Binds an actor to channels.
    AssignActor(AssignActor),
    /// Opens a till.
    OpenTill(OpenTill),
    /// Puts cash into a till or takes it out. Live or fact.
    MoveTillCash(MoveTillCash),
    /// Closes a till.
    CloseTill(CloseTill),
    /// Sets the rules of a tariff for later sales.
    SetTariffRules(SetTariffRules),
    /// Sets the dated VAT rates of a tariff for later sales.
    SetTariffVat(SetTariffVat),
    /// Moves a show to another time. Live or fact.
    PostponeShow(PostponeShow),
    /// Moves a show to another hall or to other zones. Live or fact.
    RelocateShow(RelocateShow),
    /// Calls a show off. Live or fact.
    CancelShow(CancelShow),
    /// Begins to return the money of a cancelled show.
    BeginShowRefund(BeginShowRefund),
    /// Works off a number of orders of a refund that was begun.
    AdvanceShowRefund(AdvanceShowRefund),
    /// Sets the limits on a show's free tickets.
    SetCompLimits(SetCompLimits),
    /// Defines a season.
    DefineSeason(DefineSeason),
    /// Changes a season.
    ChangeSeason(ChangeSeason),
    /// Puts a show into a season, or into none.
    SetShowSeason(SetShowSeason),
    /// States rows and places of a zone's numbered seats.
    DrawSeats(DrawSeats),
    /// Agrees on how the money of shows is shared.
    AgreeDeal(AgreeDeal),
    /// Changes a deal for settlements to come.
    ChangeDeal(ChangeDeal),
    /// Records a cost of a show. Live or fact.
    RecordCost(RecordCost),
    /// Takes a recorded cost out of account. Live or fact.
    WithdrawCost(WithdrawCost),
    /// Records money paid to a party on account of its settlement. Live or fact.
    RecordAdvance(RecordAdvance),
    /// Takes a recorded advance out of account. Live or fact.
    WithdrawAdvance(WithdrawAdvance),
    /// Sets a rate of law or of a society from a date on.
    SetDatedRate(SetDatedRate),
    /// Registers a work whose paid performances are counted.
    RegisterWork(RegisterWork),
    /// Says which work a show performs.
    SetShowWork(SetShowWork),
    /// Fixes a settlement, or its next version.
    SealSettlement(SealSettlement),
    /// Records files of a sealed settlement that are kept.
    KeepSettlementFiles(KeepSettlementFiles),
    /// Records that a party agrees to a sealed settlement. Live or fact.
    SignOffSettlement(SignOffSettlement),
    /// Records money of a sealed settlement that was paid. Live or fact.
    PaySettlement(PaySettlement),
    /// Sets the accounts that entries are made on.
    SetAccountMapping(SetAccountMapping),
    /// Records what a third party that sells remitted. Live or fact.
    RecordRemittance(RecordRemittance),
    /// Keeps the entries up to a day as they are.
    LockJournal(LockJournal),
    /// Closes the days of a period, and months and years with them.
    ClosePeriod(ClosePeriod),
    /// Closes the days that are over.
    CloseDueDays(CloseDueDays),
    /// Says in which month the fiscal year begins.
    SetFiscalYear(SetFiscalYear),
    /// Notes a technical event in the audit journal. Live or fact.
    NoteTechnicalEvent(NoteTechnicalEvent),
    /// Records that the archive of a closed year was made.
    RecordArchive(RecordArchive),
    /// Makes a key that checkpoints are signed with from here on.
    RegisterCheckpointKey(RegisterCheckpointKey),
    /// Signs no more checkpoints with a key.
    RetireCheckpointKey(RetireCheckpointKey),
    /// Forgets a person.
    EraseSubject(EraseSubject),
    /// Begins the next epoch of the vault, so that the keys of those who were erased are in copies only.
    BeginVaultEpoch(BeginVaultEpoch),
    /// Records that keys of earlier epochs are destroyed, and copies of what they wrapped with them.
    RecordVaultEpochsDestroyed(RecordVaultEpochsDestroyed),
    /// Changes what the vault knows of a person.
    ChangeProfile(ChangeProfile),
    /// Registers a purpose that persons can agree to.
    RegisterPurpose(RegisterPurpose),
    /// Changes a purpose for later consents.
    ChangePurpose(ChangePurpose),
    /// Records that a person agrees to a purpose, or does not. Live or fact.
    RecordConsent(RecordConsent),
    /// Notes in the audit journal that personal data were read.
    NotePersonalDataRead(NotePersonalDataRead),
    /// Says how long data of a class of persons are kept.
    SetRetention(SetRetention),
    /// Gives out a token, to an actor that is there or a new one.
    IssueToken(IssueToken),
    /// Ends a token.
    RevokeToken(RevokeToken),
    /// Notes in the audit journal what the service refused.
    NoteDenials(NoteDenials),
    /// Has events delivered to an address.
    RegisterWebhook(RegisterWebhook),
    /// Has events delivered elsewhere, or others.
    ChangeWebhook(ChangeWebhook),
    /// Delivers nothing more to an address.
    RetireWebhook(RetireWebhook),
    /// Makes another secret that deliveries are signed with.
    RotateWebhookSecret(RotateWebhookSecret),
    /// Delivers events again, or goes on with a suspended delivery.
    ReplayWebhook(ReplayWebhook),
}

/// Version of the parameters that fingerprints are made over; raised when a command's fields change.
const PARAMETERS_VERSION: u16 = 1;

impl Command {
    /// The caller's parameters as canonical bytes: what the fingerprint is made over. They hold no server time and no
    /// generated id; the stated time of a fact is the caller's and is in them.
    ///
    /// # Errors
    /// The command is longer than a payload may be.
    pub fn parameters(&self) -> Result<Vec<u8>, crate::codec::CodecError> {
        crate::codec::encode(&(PARAMETERS_VERSION, self.actor, self.occurred_at, &self.body))
    }

    /// Whether the command reports a fact.
    pub fn is_fact(&self) -> bool {
        self.occurred_at.is_some()
    }
}

impl CommandBody {
    /// The buyer that the command names, if any.
    pub fn buyer(&self) -> Option<&Person> {
        match self {
            Self::PlaceHold(command) => command.buyer.as_ref(),
            Self::PlaceOrder(command) => command.buyer.as_ref(),
            Self::ReportSale(command) => command.buyer.as_ref(),
            Self::TransferTicket(command) => Some(&command.to),
            _ => None,
        }
    }

    /// How many new codes of the house the command takes; those of tickets come first.
    pub fn house_codes(&self) -> usize {
        match self {
            Self::PlaceOrder(command) => command.ticket_count() + command.entitlements.issues.len(),
            Self::ExchangeTickets(command) => command.tickets.len(),
            Self::TransferTicket(_) => 1,
            _ => 0,
        }
    }
}

/// Fees by name are used by importers and the API alike.
impl From<FeeKind> for ItemKind {
    fn from(kind: FeeKind) -> Self {
        Self::Fee(kind)
    }
}
