//! given events, when a command, then events or a rejection.

use soticket_ledger::decide::{Material, decide};
use soticket_ledger::state::State;
use soticket_ledger::vault::EpochNumbers;
use soticket_schema::command::{CommandBody, Person};
use soticket_schema::event::v1::{CodeIssuer, Symbology, TicketCode};
use soticket_schema::{
    ActorId, CodeHash, Command, CommandId, Envelope, Event, Hash, OrganisationId, PublicKey, Rejection,
    RejectionCode, SubjectRef, Timestamp,
};

/// The organisation of every test.
pub(crate) const ORGANISATION: OrganisationId = OrganisationId([7; 16]);
/// The clock of every test, unless it says otherwise: 2026-03-01T12:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp(1_772_366_400_000_000);
/// Who a buyer with an e-mail is.
pub(crate) const SUBJECT: SubjectRef = SubjectRef([3; 16]);

/// The key that the vault makes to sign codes with.
pub(crate) const PUBLIC_KEY: PublicKey = PublicKey([0x9a; 32]);

/// `NOW` and so many seconds.
pub(crate) fn after(seconds: i64) -> Timestamp {
    Timestamp(NOW.0 + seconds * 1_000_000)
}

/// The hash of a code, as the vault would make it.
pub(crate) fn code_hash(text: &str) -> CodeHash {
    let hash = blake3::hash(text.as_bytes());
    CodeHash(*hash.as_bytes().first_chunk().unwrap())
}

/// A log so far, its state and a clock.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) events: Vec<Event>,
    /// When each was recorded and when it happened.
    pub(crate) times: Vec<(Timestamp, Timestamp)>,
    pub(crate) now: Timestamp,
    pub(crate) actor: ActorId,
    /// Somebody whom only the vault knows.
    pub(crate) vault_knows: Option<SubjectRef>,
    /// Whose the e-mail is that a change of profile states.
    pub(crate) email_owner: Option<SubjectRef>,
    pub(crate) epochs: EpochNumbers,
    codes: u32,
    /// How many commands were decided: each has an id of its own.
    commands: u32,
}

/// What a command came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome(pub(crate) Result<Vec<Event>, Rejection>);

/// A world after these events.
pub(crate) fn given(events: impl IntoIterator<Item = Event>) -> World {
    let state = State::new(ORGANISATION);
    let world = World {
        state,
        events: Vec::new(),
        times: Vec::new(),
        now: NOW,
        actor: ActorId(0),
        vault_knows: None,
        email_owner: None,
        epochs: EpochNumbers { next: 2, oldest: 1 },
        codes: 0,
        commands: 0,
    };
    world.and(events)
}

impl World {
    /// After these events too.
    pub(crate) fn and(mut self, events: impl IntoIterator<Item = Event>) -> Self {
        events.into_iter().for_each(|event| self.apply(event, None));
        self
    }

    /// After this live command too, which must be accepted.
    pub(crate) fn after(mut self, body: impl Into<Body>) -> Self {
        self.accept(body, None);
        self
    }

    /// After this fact too, which must be accepted.
    pub(crate) fn after_fact(mut self, at: Timestamp, body: impl Into<Body>) -> Self {
        self.accept(body, Some(at));
        self
    }

    /// At another time.
    pub(crate) fn at(mut self, now: Timestamp) -> Self {
        self.now = now;
        self
    }

    /// By another actor.
    pub(crate) fn by(mut self, actor: u32) -> Self {
        self.actor = ActorId(actor);
        self
    }

    /// Decides a live command.
    pub(crate) fn when(&self, body: impl Into<Body>) -> Outcome {
        Outcome(self.clone().decide(body.into().0, None))
    }

    /// Decides a fact.
    pub(crate) fn when_fact(&self, at: Timestamp, body: impl Into<Body>) -> Outcome {
        Outcome(self.clone().decide(body.into().0, Some(at)))
    }

    /// Decides and, if accepted, applies; tells what came of it.
    pub(crate) fn submit(
        &mut self,
        body: CommandBody,
        occurred_at: Option<Timestamp>,
    ) -> Result<Vec<Event>, Rejection> {
        let events = self.decide(body, occurred_at)?;
        events.iter().cloned().for_each(|event| self.apply(event, occurred_at));
        Ok(events)
    }

    fn accept(&mut self, body: impl Into<Body>, occurred_at: Option<Timestamp>) {
        self.submit(body.into().0, occurred_at).unwrap();
    }

    fn decide(&mut self, body: CommandBody, occurred_at: Option<Timestamp>) -> Result<Vec<Event>, Rejection> {
        self.commands += 1;
        let codes = self.codes_for(&body);
        let subject = match &body {
            CommandBody::EraseSubject(erase) => self.known(erase.subject),
            CommandBody::RecordConsent(consent) => self.known(consent.subject),
            CommandBody::ChangeProfile(change) => match change.subject {
                Some(subject) => self.known(subject),
                None => self.email_owner.or(Some(SUBJECT)),
            },
            body => body.buyer().map(|_| SUBJECT),
        };
        let command =
            Command { organisation: ORGANISATION, actor: self.actor, key: "key".into(), occurred_at, body };
        let public_key = Some(PUBLIC_KEY);
        let (email_owner, epochs) = (self.email_owner, self.epochs);
        let material = Material { now: self.now, subject, email_owner, codes, public_key, epochs };
        decide(&self.state, &command, &material)
    }

    fn known(&self, subject: SubjectRef) -> Option<SubjectRef> {
        (self.vault_knows == Some(subject)).then_some(subject)
    }

    fn codes_for(&mut self, body: &CommandBody) -> Vec<TicketCode> {
        match body {
            CommandBody::ReportSale(sale) => {
                let codes = sale.tickets.iter().map(|ticket| match ticket.codes.as_slice() {
                    [] => vec![self.house_code()],
                    codes => codes.iter().map(|code| ticket_code(&code.text)).collect(),
                });
                codes.collect::<Vec<_>>().concat()
            }
            CommandBody::ReportScan(scan) => vec![ticket_code(&scan.code)],
            CommandBody::RedeemTicket(scan) => vec![ticket_code(&scan.code)],
            body => (0..body.house_codes()).map(|_| self.house_code()).collect(),
        }
    }

    fn house_code(&mut self) -> TicketCode {
        self.codes += 1;
        ticket_code(&format!("house {}", self.codes))
    }

    fn apply(&mut self, event: Event, occurred_at: Option<Timestamp>) {
        let mut command = CommandId::default();
        command.0[..4].copy_from_slice(&self.commands.to_be_bytes());
        let envelope = Envelope {
            organisation: ORGANISATION,
            position: self.events.len() as u64,
            previous: Hash::default(),
            kind: event.kind(),
            version: event.version(),
            recorded_at: self.now,
            occurred_at: occurred_at.unwrap_or(self.now),
            actor: self.actor,
            command,
            part: 0,
            parts: 1,
        };
        self.state.apply(&envelope, &event);
        self.times.push((envelope.recorded_at, envelope.occurred_at));
        self.events.push(event);
    }
}

impl Outcome {
    /// These events and no others.
    #[track_caller]
    pub(crate) fn then(self, events: impl IntoIterator<Item = Event>) {
        assert_eq!(self.0, Ok(events.into_iter().collect()));
    }

    /// Exactly this rejection.
    #[track_caller]
    pub(crate) fn then_rejected(self, code: RejectionCode, field: &str) {
        assert_eq!(self.0, Err(Rejection::new(code, field)));
    }

    /// The events.
    #[track_caller]
    pub(crate) fn events(self) -> Vec<Event> {
        self.0.unwrap()
    }
}

/// A code as the vault hands it over.
pub(crate) fn ticket_code(text: &str) -> TicketCode {
    TicketCode { hash: code_hash(text), issuer: CodeIssuer::House, symbology: Symbology::Qr }
}

/// A buyer.
pub(crate) fn person(email: &str) -> Person {
    Person { email: email.into(), ..Person::default() }
}

/// Anything that is the body of a command.
pub(crate) struct Body(pub(crate) CommandBody);

impl From<CommandBody> for Body {
    fn from(body: CommandBody) -> Self {
        Self(body)
    }
}

macro_rules! bodies {
    ($($name:ident)+) => {$(
        impl From<soticket_schema::command::$name> for Body {
            fn from(command: soticket_schema::command::$name) -> Self {
                Self(CommandBody::$name(command))
            }
        }
    )+};
}

bodies! {
    OpenOrganisation ChangeOrganisation RegisterActor DefineHall DefineGate ScheduleShow OpenShow CloseShow
    DefineTariff ChangeTariff DefineProduct OpenChannel CloseChannel DefineMethod AllocateQuota TransferQuota
    CloseQuota PlaceHold ReleaseHold PlaceOrder RecordPayment CancelTickets ReducePrice ReturnMoney ReportSale
    ReportCancellation ReportScan DefinePack ChangePack ExchangeTickets DuplicateTicket TransferTicket
    DefineCardType ChangeCardType ExpireRights AnnouncePayment ConfirmPayment FailPayment ReversePayment
    SpendStoredValue ReturnToStoredValue RegisterCodeKey RetireCodeKey SetGateZones SetEntryRules
    IssueCredential RevokeCredential ReplaceCredential RedeemTicket RegisterParty DefineCommission
    ChangeCommission EndCommission SetCommissionCap DefineProviderPlan EndProviderPlan ReturnQuota
    SetQuotaDeadline AssignActor OpenTill MoveTillCash CloseTill SetTariffRules SetTariffVat PostponeShow
    RelocateShow CancelShow BeginShowRefund AdvanceShowRefund SetCompLimits DefineSeason ChangeSeason
    SetShowSeason DrawSeats AgreeDeal ChangeDeal RecordCost WithdrawCost RecordAdvance WithdrawAdvance
    SetDatedRate RegisterWork SetShowWork SealSettlement KeepSettlementFiles SignOffSettlement
    PaySettlement SetAccountMapping RecordRemittance LockJournal ClosePeriod CloseDueDays SetFiscalYear
    NoteTechnicalEvent RecordArchive RegisterCheckpointKey RetireCheckpointKey EraseSubject BeginVaultEpoch
    RecordVaultEpochsDestroyed ChangeProfile RegisterPurpose ChangePurpose RecordConsent NotePersonalDataRead
    SetRetention IssueToken RevokeToken NoteDenials RegisterWebhook ChangeWebhook RetireWebhook RotateWebhookSecret
    ReplayWebhook
}

/// One line of a table of rejections: in this world, this command is refused with this code at this field.
pub(crate) struct Refused {
    pub(crate) world: World,
    pub(crate) body: CommandBody,
    pub(crate) occurred_at: Option<Timestamp>,
    pub(crate) code: RejectionCode,
    pub(crate) field: &'static str,
}

/// A live command that is refused.
pub(crate) fn refused(
    world: &World,
    body: impl Into<Body>,
    code: RejectionCode,
    field: &'static str,
) -> Refused {
    Refused { world: world.clone(), body: body.into().0, occurred_at: None, code, field }
}

/// A fact that is refused.
pub(crate) fn refused_fact(
    world: &World,
    body: impl Into<Body>,
    code: RejectionCode,
    field: &'static str,
) -> Refused {
    Refused { occurred_at: Some(after(-60)), ..refused(world, body, code, field) }
}

/// Runs a table of rejections.
#[track_caller]
pub(crate) fn check(table: Vec<Refused>) {
    for (line, Refused { mut world, body, occurred_at, code, field }) in table.into_iter().enumerate() {
        let outcome = world.submit(body.clone(), occurred_at);
        assert_eq!(outcome, Err(Rejection::new(code, field)), "line {line}: {body:?}");
    }
}
