//! Decisions: a command on a state gives events or a rejection. Nothing here reads a clock, draws randomness or does
//! I/O: time and random material come in with the command.
//!
//! Checks are made in the order of [`RejectionCode`]: the organisation, the shape of the command, what it names, the
//! state of that, the rules of the catalogue, places, money. Idempotency keys are not looked at here.

mod audit;
mod availability;
mod cancellation;
mod card;
mod channel;
mod checkpoint_key;
mod checks;
mod closing;
mod commission;
mod comp;
mod cost;
mod deal;
pub mod erasure;
mod exchange;
mod expiry;
mod gate;
mod hall;
mod hold;
mod journal;
mod late_payment;
mod law;
mod lines;
mod order;
mod organisation;
mod pack;
mod payment;
pub(crate) mod people;
mod provider;
mod quota;
mod redeem;
mod relocation;
mod report;
mod role;
mod scan;
mod season;
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
mod token;
mod webhook;

use soticket_schema::event::v1::TicketCode;
use soticket_schema::{
    Command, CommandBody, Event, PublicKey, Rejection, RejectionCode, SubjectRef, Timestamp,
};

use crate::state::State;
use crate::vault::EpochNumbers;
use checks::{Checks, field, rejection};

/// What a decision needs besides state and command.
#[derive(Debug, Clone, Default)]
pub struct Material {
    /// The ledger's clock.
    pub now: Timestamp,
    /// The person that the command's buyer stands for, as the vault knows them; for [`CommandBody::EraseSubject`] the
    /// person it names, if the vault knows them; for [`CommandBody::ChangeProfile`] likewise or, where it names none, who
    /// has the e-mail or a new reference.
    pub subject: Option<SubjectRef>,
    /// For [`CommandBody::ChangeProfile`], who has the e-mail that it states.
    pub email_owner: Option<SubjectRef>,
    /// Hashes of codes, prepared by the vault. As many of the house as [`CommandBody::house_codes`] says: for
    /// [`CommandBody::PlaceOrder`] one per ticket, in order, those of packs next and those of what it issues last; for [`CommandBody::ReportSale`] per ticket its given codes in order, or one house code when it gives none;
    /// for [`CommandBody::ReportScan`] and [`CommandBody::RedeemTicket`] the code presented.
    pub codes: Vec<TicketCode>,
    /// For [`CommandBody::RegisterCodeKey`] and [`CommandBody::RegisterCheckpointKey`], the public half of the key that
    /// the vault has made.
    pub public_key: Option<PublicKey>,
    /// Where the vault's epochs stand, for commands about them.
    pub epochs: EpochNumbers,
}

/// What a decision on one command sees.
struct Context<'a> {
    state: &'a State,
    now: Timestamp,
    /// When it happened, for a fact.
    occurred_at: Option<Timestamp>,
    subject: Option<SubjectRef>,
    email_owner: Option<SubjectRef>,
    codes: &'a [TicketCode],
    public_key: Option<PublicKey>,
    epochs: EpochNumbers,
}

impl Context<'_> {
    fn is_fact(&self) -> bool {
        self.occurred_at.is_some()
    }
}

/// When a command is decided, and whether it states when it happened.
#[derive(Clone, Copy)]
struct When {
    now: Timestamp,
    fact: bool,
}

/// Whether a command may, must or must not state when it happened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Timing {
    Live,
    Fact,
    Either,
}

/// How one kind of command is decided.
trait Decide {
    /// Live unless said otherwise.
    fn timing(&self) -> Timing {
        Timing::Live
    }

    /// Checks that need nothing but the command; `fact` says whether it states when it happened.
    fn shape(&self, when: When, checks: &mut Checks);

    /// The events, in order.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection>;
}

/// Decides a command. Holds past their time in the shows that its events name are expired first, by events of the
/// same command.
///
/// # Errors
/// Why the command changes nothing, by the precedence of [`RejectionCode`].
pub fn decide(state: &State, command: &Command, material: &Material) -> Result<Vec<Event>, Rejection> {
    let body = decidable(&command.body);
    addressed_to(state, command)?;

    let mut checks = Checks::default();
    check_time(body.timing(), command, &mut checks);
    body.shape(When { now: material.now, fact: command.is_fact() }, &mut checks);
    checks.ensure(state.knows_actor(command.actor), RejectionCode::ActorUnknown, field("actor"));
    role::check(state, command, material.now, &mut checks);
    checks.done_up_to(RejectionCode::ChannelNotAllowed)?;

    let context = Context {
        state,
        now: material.now,
        occurred_at: command.occurred_at,
        subject: material.subject,
        email_owner: material.email_owner,
        codes: &material.codes,
        public_key: material.public_key,
        epochs: material.epochs,
    };
    let events = body.decide(&context, &mut checks)?;
    checks.done()?;
    Ok(expiry::expire_first(state, material.now, events))
}

/// A log begins with its opening, once.
fn addressed_to(state: &State, command: &Command) -> Result<(), Rejection> {
    let opening = matches!(command.body, CommandBody::OpenOrganisation(_));
    if command.organisation != state.organisation() || (!opening && !state.opened()) {
        return Err(rejection(RejectionCode::OrganisationUnknown, field("organisation")));
    }
    if opening && state.opened() {
        return Err(rejection(RejectionCode::OrganisationExists, field("organisation")));
    }
    Ok(())
}

fn check_time(timing: Timing, command: &Command, checks: &mut Checks) {
    let at = field("occurred_at");
    let fits = match timing {
        Timing::Live => !command.is_fact(),
        Timing::Fact => command.is_fact(),
        Timing::Either => true,
    };
    checks.ensure(fits, RejectionCode::TimeNotAllowed, at);
    if let Some(instant) = command.occurred_at {
        checks.instant(instant, at);
    }
}

fn decidable(body: &CommandBody) -> &dyn Decide {
    match body {
        CommandBody::OpenOrganisation(command) => command,
        CommandBody::ChangeOrganisation(command) => command,
        CommandBody::RegisterActor(command) => command,
        CommandBody::DefineHall(command) => command,
        CommandBody::DefineGate(command) => command,
        CommandBody::ScheduleShow(command) => command,
        CommandBody::OpenShow(command) => command,
        CommandBody::CloseShow(command) => command,
        CommandBody::DefineTariff(command) => command,
        CommandBody::ChangeTariff(command) => command,
        CommandBody::DefineProduct(command) => command,
        CommandBody::OpenChannel(command) => command,
        CommandBody::CloseChannel(command) => command,
        CommandBody::DefineMethod(command) => command,
        CommandBody::AllocateQuota(command) => command,
        CommandBody::TransferQuota(command) => command,
        CommandBody::CloseQuota(command) => command,
        CommandBody::PlaceHold(command) => command,
        CommandBody::ReleaseHold(command) => command,
        CommandBody::PlaceOrder(command) => command,
        CommandBody::RecordPayment(command) => command,
        CommandBody::CancelTickets(command) => command,
        CommandBody::ReducePrice(command) => command,
        CommandBody::ReturnMoney(command) => command,
        CommandBody::ReportSale(command) => command,
        CommandBody::ReportCancellation(command) => command,
        CommandBody::ReportScan(command) => command,
        CommandBody::DefinePack(command) => command,
        CommandBody::ChangePack(command) => command,
        CommandBody::ExchangeTickets(command) => command,
        CommandBody::DuplicateTicket(command) => command,
        CommandBody::TransferTicket(command) => command,
        CommandBody::DefineCardType(command) => command,
        CommandBody::ChangeCardType(command) => command,
        CommandBody::ExpireRights(command) => command,
        CommandBody::AnnouncePayment(command) => command,
        CommandBody::ConfirmPayment(command) => command,
        CommandBody::FailPayment(command) => command,
        CommandBody::ReversePayment(command) => command,
        CommandBody::SpendStoredValue(command) => command,
        CommandBody::ReturnToStoredValue(command) => command,
        CommandBody::RegisterCodeKey(command) => command,
        CommandBody::RetireCodeKey(command) => command,
        CommandBody::SetGateZones(command) => command,
        CommandBody::SetEntryRules(command) => command,
        CommandBody::IssueCredential(command) => command,
        CommandBody::RevokeCredential(command) => command,
        CommandBody::ReplaceCredential(command) => command,
        CommandBody::RedeemTicket(command) => command,
        CommandBody::RegisterParty(command) => command,
        CommandBody::DefineCommission(command) => command,
        CommandBody::ChangeCommission(command) => command,
        CommandBody::EndCommission(command) => command,
        CommandBody::SetCommissionCap(command) => command,
        CommandBody::DefineProviderPlan(command) => command,
        CommandBody::EndProviderPlan(command) => command,
        CommandBody::ReturnQuota(command) => command,
        CommandBody::SetQuotaDeadline(command) => command,
        CommandBody::AssignActor(command) => command,
        CommandBody::OpenTill(command) => command,
        CommandBody::MoveTillCash(command) => command,
        CommandBody::CloseTill(command) => command,
        CommandBody::SetTariffRules(command) => command,
        CommandBody::SetTariffVat(command) => command,
        CommandBody::PostponeShow(command) => command,
        CommandBody::RelocateShow(command) => command,
        CommandBody::CancelShow(command) => command,
        CommandBody::BeginShowRefund(command) => command,
        CommandBody::AdvanceShowRefund(command) => command,
        CommandBody::SetCompLimits(command) => command,
        CommandBody::DefineSeason(command) => command,
        CommandBody::ChangeSeason(command) => command,
        CommandBody::SetShowSeason(command) => command,
        CommandBody::DrawSeats(command) => command,
        CommandBody::AgreeDeal(command) => command,
        CommandBody::ChangeDeal(command) => command,
        CommandBody::RecordCost(command) => command,
        CommandBody::WithdrawCost(command) => command,
        CommandBody::RecordAdvance(command) => command,
        CommandBody::WithdrawAdvance(command) => command,
        CommandBody::SetDatedRate(command) => command,
        CommandBody::RegisterWork(command) => command,
        CommandBody::SetShowWork(command) => command,
        CommandBody::SealSettlement(command) => command,
        CommandBody::KeepSettlementFiles(command) => command,
        CommandBody::SignOffSettlement(command) => command,
        CommandBody::PaySettlement(command) => command,
        CommandBody::SetAccountMapping(command) => command,
        CommandBody::RecordRemittance(command) => command,
        CommandBody::LockJournal(command) => command,
        CommandBody::ClosePeriod(command) => command,
        CommandBody::CloseDueDays(command) => command,
        CommandBody::SetFiscalYear(command) => command,
        CommandBody::NoteTechnicalEvent(command) => command,
        CommandBody::RecordArchive(command) => command,
        CommandBody::RegisterCheckpointKey(command) => command,
        CommandBody::RetireCheckpointKey(command) => command,
        CommandBody::EraseSubject(command) => command,
        CommandBody::BeginVaultEpoch(command) => command,
        CommandBody::RecordVaultEpochsDestroyed(command) => command,
        CommandBody::ChangeProfile(command) => command,
        CommandBody::RegisterPurpose(command) => command,
        CommandBody::ChangePurpose(command) => command,
        CommandBody::RecordConsent(command) => command,
        CommandBody::NotePersonalDataRead(command) => command,
        CommandBody::SetRetention(command) => command,
        CommandBody::IssueToken(command) => command,
        CommandBody::RevokeToken(command) => command,
        CommandBody::NoteDenials(command) => command,
        CommandBody::RegisterWebhook(command) => command,
        CommandBody::ChangeWebhook(command) => command,
        CommandBody::RetireWebhook(command) => command,
        CommandBody::RotateWebhookSecret(command) => command,
        CommandBody::ReplayWebhook(command) => command,
    }
}
