//! Rules and VAT rates of tariffs, and limits on free tickets.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::super::house::tariff;
use super::{Chooser, MINUTE};

impl Chooser<'_> {
    pub(super) fn tariff_rules(&mut self) -> CommandBody {
        let show = self.show();
        let kinds = [TariffKind::Full, TariffKind::Reduced, TariffKind::Subscriber, TariffKind::Free];
        let kind = self.random.pick(&kinds).copied().unwrap_or(TariffKind::Full);
        let tariff = tariff(show, kind);
        if self.random.chance(35) {
            return CommandBody::SetTariffVat(SetTariffVat { tariff, rates: self.rates() });
        }
        let rules = if self.random.chance(30) { TariffRules::default() } else { self.rules(kind) };
        CommandBody::SetTariffRules(SetTariffRules { tariff, rules })
    }

    fn near(&mut self) -> Timestamp {
        let minutes = self.up_to(240) - 120;
        Timestamp(self.now.0 + minutes * MINUTE)
    }

    fn rates(&mut self) -> Vec<DatedRate> {
        let mut from = self.near().0;
        let mut rates = Vec::new();
        for _ in 0..self.random.below(4) {
            let rate = self.random.pick(&[21_000, 55_000, 100_000, 200_000]).copied().unwrap_or(55_000);
            rates.push(DatedRate { from: Timestamp(from), rate: Rate(rate) });
            from += (1 + self.up_to(90)) * MINUTE;
        }
        rates
    }

    fn rules(&mut self, kind: TariffKind) -> TariffRules {
        let small = |random: &mut crate::random::Random| u32::try_from(1 + random.below(5)).unwrap_or(1);
        let eligibility = match self.random.below(6) {
            0 if kind == TariffKind::Subscriber => Eligibility::Card,
            1 => Eligibility::Group(small(self.random).min(3)),
            2 => Eligibility::Proof("student card".into()),
            _ => Eligibility::Anyone,
        };
        let floor = Amount(self.up_to(1_500));
        let ceiling = self.random.chance(40).then(|| Amount(floor.0 + self.up_to(1_500)));
        let free = kind == TariffKind::Reduced && self.random.chance(60);
        TariffRules {
            from: self.random.chance(15).then(|| self.near()),
            until: self.random.chance(15).then(|| Timestamp(self.near().0 + 300 * MINUTE)),
            deadline_minutes: self
                .random
                .chance(20)
                .then(|| u32::try_from(self.random.below(500)).unwrap_or(0)),
            order_max: self.random.chance(25).then(|| small(self.random)),
            eligibility,
            free_price: free.then_some(FreePrice { floor, ceiling }),
        }
    }

    pub(super) fn comp_limits(&mut self) -> CommandBody {
        let show = self.show();
        let mut quotas = Vec::new();
        for reason in [CompReason::Press, CompReason::Artist] {
            if self.random.chance(60) {
                let tickets = u32::try_from(self.random.below(8)).unwrap_or(0);
                quotas.push(CompQuota { reason, tickets });
            }
        }
        let mut warnings = Vec::new();
        for basis in [CompBasis::Capacity, CompBasis::Sold] {
            if self.random.chance(60) {
                warnings.push(CompWarning { name: "Society".into(), basis, rate: Rate(self.up_to(60_000)) });
            }
        }
        CommandBody::SetCompLimits(SetCompLimits { show, limits: CompLimits { quotas, warnings } })
    }
}
