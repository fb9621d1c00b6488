//! Commissions of every kind, changed and ended again, and the cap above which they are flagged.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::super::house::{CHANNELS, PARTIES, tariff};
use super::Chooser;

impl Chooser<'_> {
    pub(super) fn commission(&mut self) -> CommandBody {
        let known = u64::from(self.books.commissions());
        let commission = CommissionId(u32::try_from(self.recent(known, 20)).unwrap_or(0));
        match self.random.below(20) {
            0 => CommandBody::SetCommissionCap(SetCommissionCap { cap: Rate(50_000 + self.up_to(200_000)) }),
            1..7 => {
                let (terms, valid_from, valid_until) = (self.terms(), self.begin(), self.end());
                CommandBody::DefineCommission(DefineCommission { terms, valid_from, valid_until })
            }
            7..11 => {
                let (terms, valid_from, valid_until) = (self.terms(), self.begin(), self.end());
                CommandBody::ChangeCommission(ChangeCommission { commission, terms, valid_from, valid_until })
            }
            _ => {
                let valid_until = self.random.chance(30).then(|| self.after(60));
                CommandBody::EndCommission(EndCommission { commission, valid_until })
            }
        }
    }

    fn begin(&mut self) -> Option<Timestamp> {
        let shift = self.up_to(120) - 60;
        self.random.chance(30).then_some(Timestamp(self.now.0 + shift * super::MINUTE))
    }

    fn end(&mut self) -> Option<Timestamp> {
        self.random.chance(30).then(|| self.after(600))
    }

    fn terms(&mut self) -> CommissionTerms {
        let mode = if self.random.chance(45) { CommissionMode::Inside } else { CommissionMode::OnTop };
        let inside = mode == CommissionMode::Inside;
        let payer = if inside || self.random.chance(30) { Payer::Organiser } else { Payer::Buyer };
        let basis = [
            CommissionBasis::Face,
            CommissionBasis::FaceWithoutVat,
            CommissionBasis::Paid,
            CommissionBasis::PerTicket,
            CommissionBasis::PerOrder,
            CommissionBasis::Residual,
        ];
        let basis = self.random.pick(&basis).copied().unwrap_or(CommissionBasis::Face);
        let of_ticket = basis == CommissionBasis::PerTicket;
        let rate = Rate(if of_ticket { 0 } else { 1_000 + self.up_to(90_000) });
        let minimum = self.random.chance(30).then(|| Amount(self.up_to(150)));
        let maximum = self.random.chance(30).then(|| Amount(150 + self.up_to(250)));
        CommissionTerms {
            name: "Commission".into(),
            beneficiary: self.beneficiary(),
            payer,
            mode,
            basis,
            rate,
            fixed: Amount(if of_ticket { 1 + self.up_to(150) } else { self.up_to(60) }),
            minimum,
            maximum,
            tiers: self.tiers(of_ticket),
            level: u8::try_from(self.random.below(4)).unwrap_or(0),
            vat: Rate(200_000),
            channels: self.charged_channels(payer),
            sellers: if self.random.chance(10) { vec!["till 0".into()] } else { Vec::new() },
            tariffs: self.charged_tariffs(),
            kinds: if self.random.chance(15) { vec![TariffKind::Full, TariffKind::Pack] } else { Vec::new() },
            on_refund: if self.random.chance(50) { OnRefund::Kept } else { OnRefund::Reversed },
            on_free: if !inside && self.random.chance(20) { OnFree::Charged } else { OnFree::Exempt },
        }
    }

    fn beneficiary(&mut self) -> Beneficiary {
        match self.random.below(3) {
            0 => Beneficiary::Organisation,
            1 => Beneficiary::Channel,
            _ => {
                let party = 1 + u32::try_from(self.random.below(u64::from(PARTIES) + 1)).unwrap_or(0);
                Beneficiary::Party(PartyId(if self.random.chance(95) { party.min(PARTIES) } else { party }))
            }
        }
    }

    fn tiers(&mut self, of_ticket: bool) -> Vec<CommissionTier> {
        if of_ticket || self.random.chance(70) {
            return Vec::new();
        }
        let first = 1_000 + self.up_to(1_500);
        let second = first + 1 + self.up_to(3_000);
        [first, second]
            .map(|from| CommissionTier {
                from: Amount(from),
                rate: Rate(self.up_to(60_000)),
                fixed: Amount(self.up_to(90)),
            })
            .to_vec()
    }

    /// What buyers pay comes on top everywhere but at the box office, where some pay at once what is printed.
    fn charged_channels(&mut self, payer: Payer) -> Vec<ChannelId> {
        let on_top = payer == Payer::Buyer;
        let elsewhere = CHANNELS.iter().copied().filter(|channel| !on_top || *channel != CHANNELS[1]);
        let mut channels: Vec<ChannelId> = elsewhere.filter(|_| self.random.chance(60)).collect();
        if on_top && channels.is_empty() {
            channels.push(CHANNELS[0]);
        }
        channels
    }

    fn charged_tariffs(&mut self) -> Vec<TariffId> {
        if self.random.chance(85) {
            return Vec::new();
        }
        let show = ShowId(self.books.last_show());
        vec![tariff(show, TariffKind::Full), tariff(show, TariffKind::Reduced)]
    }
}
