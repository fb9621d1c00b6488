//! Sellers, tills, and what happens to shows that were announced.

use soticket_schema::command::*;
use soticket_schema::event::v1::{self, *};
use soticket_schema::*;

use super::Odds;
use crate::harness::Body;

impl Odds {
    /// What sellers and tills do.
    pub(super) fn seller_event(&self, kind: u8) -> Event {
        let (show, zone, channel) = (self.show(), self.zone(), self.channel());
        let session = TillSessionId(self.wide());
        match kind {
            24 => QuotaReturned { show, zone, channel, places: self.places() }.into(),
            25 => {
                let returns_at = (self.few() > 0).then(|| self.time());
                QuotaDeadlineSet { show, zone, channel, returns_at }.into()
            }
            26 => {
                let quota = |_| ExpiredQuota { zone: self.zone(), channel: self.channel() };
                QuotasExpired { show, quotas: (0..self.few()).map(quota).collect() }.into()
            }
            27 => {
                let channels = (0..self.few()).map(|_| self.channel()).collect();
                ActorAssigned { actor: ActorId(0), role: SellerRole::RemoteBoxOffice, channels }.into()
            }
            28 => TillOpened {
                session,
                channel,
                till: String::new(),
                operator: ActorId(self.narrow()),
                cash: MethodId(self.narrow()),
                float: self.amount(),
            }
            .into(),
            29 => {
                let (direction, amount) = (CashDirection::Out, self.amount());
                TillCashMoved { session, direction, reason: CashReason::Other, amount }.into()
            }
            30 => TillClosed { session, lines: Vec::new() }.into(),
            _ => self.closing_event(),
        }
    }

    /// Persons who are erased without being anybody, and epochs out of turn.
    fn erasure_event(&self) -> Event {
        let subject = SubjectRef([self.few() as u8; 16]);
        if self.few() == 0 {
            return self.token_event();
        }
        match self.few() {
            0 => VaultEpochBegun { epoch: self.narrow() }.into(),
            1 => VaultEpochsDestroyed { before: self.narrow() }.into(),
            2 => self.people_event(subject),
            _ => v1::SubjectErased { subject, reason: ErasureReason::Request, waived: false }.into(),
        }
    }

    /// Consents of nobody to nothing, purposes out of turn.
    fn people_event(&self, subject: SubjectRef) -> Event {
        let (purpose, version, source) = (PurposeId(self.narrow()), self.narrow(), ConsentSource::Import);
        let terms = || PurposeTerms { name: String::new(), wording: self.narrow().to_string() };
        match self.few() {
            0 => PurposeRegistered { purpose, key: String::new(), terms: terms() }.into(),
            1 => PurposeChanged { purpose, version, terms: terms(), open: self.few() > 1 }.into(),
            2 => ConsentGiven { subject, purpose, version, source }.into(),
            _ => ProfileChanged { subject, set: vec![], cleared: vec![], by_person: false }.into(),
        }
    }

    /// Tokens out of turn, of actors that nobody registered.
    fn token_event(&self) -> Event {
        let (token, holder) = (TokenId(self.narrow()), ActorId(self.narrow()));
        if self.few() == 0 {
            return TokenRevoked { token, holder }.into();
        }
        let (role, label, hash) = (TokenRole::Owner, String::new(), Hash([self.few() as u8; 32]));
        let proof = if self.few() == 0 { TokenProof::Password } else { TokenProof::Secret };
        TokenIssued { token, holder, role, label, proof, hash, expires_at: Some(self.time()) }.into()
    }

    /// Closings that no sums lead to.
    fn closing_event(&self) -> Event {
        if self.few() == 1 {
            return self.erasure_event();
        }
        if self.few() == 0 {
            return FiscalYearSet { first_month: self.few() as u8 * 9 }.into();
        }
        let (from, until) = (CommercialDay(self.narrow() as i32), CommercialDay(20_513 + self.few() as i32));
        PeriodClosed {
            period: Period::ALL[self.few() % 3],
            number: self.wide(),
            from,
            until,
            opened_at: self.time(),
            ended_at: self.time(),
            time_zone: String::new(),
            cutoff_minutes: 0,
            first: Some(self.wide()),
            last: None,
            records: self.wide(),
            orders: self.wide(),
            sales: Vec::new(),
            money: Vec::new(),
            prepaid: PrepaidTotals::default(),
            floats: FloatTotals { opened: self.amount(), ..FloatTotals::default() },
            perpetual: Perpetual::default(),
            previous: Hash::default(),
        }
        .into()
    }

    /// What happens to a show that was announced.
    pub(super) fn later_event(&self, kind: u8, show: ShowId) -> Event {
        let tariff = TariffId(self.narrow());
        match kind {
            0 => ShowPostponed {
                show,
                starts_at: self.time(),
                doors_at: self.time(),
                sale_from: self.time(),
                sale_until: self.time(),
                refunds_until: Some(self.time()),
            }
            .into(),
            1 => ShowRelocated {
                show,
                hall: HallId(self.narrow()),
                authorised_capacity: self.narrow(),
                zones: self.on_sale(),
                moves: self.moved(),
                refunds_until: None,
            }
            .into(),
            2 => ShowCancelled { show }.into(),
            3 => {
                let (run, orders) = (self.narrow(), self.wide());
                ShowRefundBegun { show, run, fees_kept: self.few() > 1, orders, amount: self.amount() }.into()
            }
            4 => {
                let (run, orders, tickets) = (self.narrow(), self.wide(), self.wide());
                ShowRefundAdvanced { show, run, orders, tickets, amount: self.amount() }.into()
            }
            5 => TariffRulesSet { show, tariff, rules: self.rules() }.into(),
            6 => {
                let rates = (0..self.few()).map(|_| DatedRate { from: self.time(), rate: Rate(self.raw()) });
                TariffVatSet { show, tariff, rates: rates.collect() }.into()
            }
            _ if self.few() > 1 => self.deal_event(show),
            _ => CompLimitsSet { show, limits: self.limits() }.into(),
        }
    }

    fn on_sale(&self) -> Vec<ZoneOnSale> {
        (0..self.few()).map(|_| ZoneOnSale { zone: self.zone(), on_sale: self.narrow() }).collect()
    }

    fn moves(&self) -> Vec<ZoneMove> {
        let moved = |_| ZoneMove {
            from: self.zone(),
            to: self.zone(),
            seats: (0..self.few()).map(|_| SeatId(self.narrow())).collect(),
        };
        (0..self.few()).map(moved).collect()
    }

    fn moved(&self) -> Vec<MovedZone> {
        let moved = |ZoneMove { from, to, seats }| MovedZone { from, to, seats, seat_count: self.narrow() };
        self.moves().into_iter().map(moved).collect()
    }

    fn rules(&self) -> TariffRules {
        TariffRules {
            from: (self.few() > 1).then(|| self.time()),
            until: (self.few() > 1).then(|| self.time()),
            deadline_minutes: (self.few() > 1).then(|| self.narrow()),
            order_max: (self.few() > 1).then(|| self.narrow()),
            eligibility: Eligibility::Group(self.narrow()),
            free_price: (self.few() > 1)
                .then(|| FreePrice { floor: self.amount(), ceiling: Some(self.amount()) }),
        }
    }

    fn limits(&self) -> CompLimits {
        let warning = |_| CompWarning { name: "x".into(), basis: CompBasis::Sold, rate: Rate(self.raw()) };
        CompLimits {
            quotas: vec![CompQuota { reason: CompReason::Press, tickets: self.narrow() }],
            warnings: (0..self.few()).map(warning).collect(),
        }
    }

    pub(super) fn later_command(&self, kind: u8, show: ShowId) -> Body {
        let tariff = TariffId(self.narrow());
        match kind {
            0 => CancelShow { show }.into(),
            1 => BeginShowRefund { show, fees_kept: self.few() > 1 }.into(),
            2 => AdvanceShowRefund { show, orders: self.narrow() }.into(),
            3 => SetTariffRules { tariff, rules: self.rules() }.into(),
            4 => SetCompLimits { show, limits: self.limits() }.into(),
            6 => match self.few() {
                0 => BeginVaultEpoch {}.into(),
                1 => RecordVaultEpochsDestroyed {}.into(),
                3 if self.few() == 0 => RevokeToken { token: TokenId(self.narrow()) }.into(),
                4 => IssueToken {
                    label: "x".into(),
                    role: TokenRole::RemoteBoxOffice,
                    holder: (self.few() == 0).then(|| ActorId(self.narrow())),
                    channels: vec![self.channel()],
                    expires_at: None,
                    first: self.few() == 0,
                    proof: if self.few() == 0 { TokenProof::Password } else { TokenProof::Secret },
                    hash: Hash([self.few() as u8; 32]),
                }
                .into(),
                2 => {
                    let (subject, reason) = (SubjectRef([self.few() as u8; 16]), ErasureReason::Request);
                    EraseSubject { subject, reason, waived: self.few() > 1 }.into()
                }
                3 => self.people_command(),
                _ => CloseDueDays {}.into(),
            },
            7 => {
                ClosePeriod { period: Period::ALL[self.few() % 3], day: CommercialDay(self.narrow() as i32) }
                    .into()
            }
            _ if self.few() > 1 => self.deal_command(show),
            _ => RelocateShow {
                show,
                hall: HallId(self.narrow()),
                zones: self.on_sale(),
                moves: self.moves(),
                refunds_until: None,
            }
            .into(),
        }
    }

    /// What is asked of persons who may be nobody.
    fn people_command(&self) -> Body {
        let (subject, purpose) = (SubjectRef([self.few() as u8; 16]), PurposeId(self.narrow()));
        let terms = PurposeTerms { name: "x".into(), wording: "x".into() };
        match self.few() {
            0 => RegisterPurpose { key: "x".into(), terms }.into(),
            1 => ChangePurpose { purpose, terms, open: self.few() > 1 }.into(),
            2 => {
                let (given, source) = (self.few() > 1, ConsentSource::Link);
                RecordConsent { subject, purpose, given, version: Some(self.narrow()), source }.into()
            }
            _ => {
                let email = Some("ana@example.org".to_owned());
                ChangeProfile { subject: Some(subject), email, ..ChangeProfile::default() }.into()
            }
        }
    }

    /// What becomes of a show's money.
    fn deal_event(&self, show: ShowId) -> Event {
        let (deal, settlement, version) = (DealId(self.narrow()), SettlementId(self.wide()), self.narrow());
        let party = PartyId(self.narrow());
        match self.wide() % 6 {
            0 => DealAgreed { deal, show, terms: self.deal_terms() }.into(),
            1 => DealChanged { deal, show, version, terms: self.deal_terms() }.into(),
            2 => v1::CostWithdrawn { cost: CostId(self.wide()), show }.into(),
            3 => v1::SettlementSealed {
                settlement,
                version,
                show,
                deal,
                deal_version: self.narrow(),
                calculation: 1,
                position: self.wide(),
                head: Hash::default(),
                statement: Hash::default(),
                lines: self.settled(),
            }
            .into(),
            4 => SettlementSignedOff { settlement, version, show, party: Some(party), document: None }.into(),
            _ => DatedRateSet {
                key: "fr.cnm".into(),
                territory: String::new(),
                rate: Rate(self.raw()),
                valid_from: self.time(),
                valid_until: Some(self.time()),
                source: String::new(),
            }
            .into(),
        }
    }

    fn deal_command(&self, show: ShowId) -> Body {
        let (settlement, version) = (SettlementId(self.wide()), self.narrow());
        match self.wide() % 4 {
            0 => AgreeDeal { shows: vec![show; self.few()], terms: self.deal_terms() }.into(),
            1 => SignOffSettlement { settlement, version, party: None, document: None }.into(),
            2 => SealSettlement {
                show,
                version,
                deal_version: self.narrow(),
                calculation: 1,
                position: self.wide(),
                head: Hash::default(),
                statement: Hash([self.wide() as u8; 32]),
                lines: self.settled(),
                files: Vec::new(),
                language: String::new(),
            }
            .into(),
            _ => WithdrawCost { cost: CostId(self.wide()) }.into(),
        }
    }

    /// Steps that name themselves, later ones and none.
    fn deal_terms(&self) -> DealTerms {
        let name = |number: u64| format!("s{}", number % 6);
        let step = |place: usize| DealStep {
            name: name(place as u64),
            label: "x".into(),
            role: [SettledRole::Receipts, SettledRole::Subtotal, SettledRole::Share][place % 3],
            rule: match self.wide() % 4 {
                0 => DealRule::Share { of: name(self.wide()), rate: DealRate::Stated(Rate(self.raw())) },
                1 => DealRule::Sum {
                    add: vec![name(self.wide()), name(self.wide())],
                    less: vec![name(self.wide())],
                },
                2 => DealRule::Difference { of: name(self.wide()), less: vec![name(self.wide())] },
                _ => DealRule::Fixed { amount: self.amount() },
            },
            rounding: StepRounding::Major,
            vat: None,
            party: None,
            source: String::new(),
        };
        DealTerms {
            name: "x".into(),
            template: String::new(),
            steps: (0..self.few() * 2).map(step).collect(),
        }
    }

    fn settled(&self) -> Vec<SettledLine> {
        let line = |_| SettledLine {
            step: "x".into(),
            role: SettledRole::Share,
            party: Some(PartyId(self.narrow())),
            channel: None,
            basis: self.amount(),
            rate: Rate(self.raw()),
            net: self.amount(),
            vat_rate: Rate(self.raw()),
            vat: self.amount(),
        };
        (0..self.few()).map(line).collect()
    }
}
