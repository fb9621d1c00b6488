//! A season's costs, line by line.

use soticket_ledger::fees::{Applicable, Cascade, Priced, plan_cost};
use soticket_schema::event::v1::{
    Beneficiary, CommissionBasis, CommissionMode, CommissionTerms, OnFree, OnRefund, Payer, TariffKind,
};
use soticket_schema::limits::{AMOUNT_MAX, PLAN_INCLUDED_MAX};
use soticket_schema::money::{allocate, average, share, share_of};
use soticket_schema::{Amount, CommissionId, Currency, Rate, Rejection, RejectionCode, TariffId, UnitPrice};

use super::data::{Provider, Tariffs};

/// A venue's season as it is foreseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Season {
    /// Currency of every amount.
    pub currency: Currency,
    /// Shows.
    pub shows: u32,
    /// Tickets sold, on line and elsewhere.
    pub tickets: u64,
    /// Average face price, with VAT.
    pub price: Amount,
    /// Share of the tickets that is sold on line.
    pub online: Rate,
    /// How many months it lasts.
    pub months: u32,
    /// Payments on line in a month.
    pub transactions: u64,
    /// The venue's yearly budget: its means.
    pub budget: Amount,
}

/// Most tickets of a season, and most of its shows.
const TICKETS_MAX: u64 = 10_000_000;
const SHOWS_MAX: u32 = 100_000;
/// Longest season, in months.
const MONTHS_MAX: u32 = 36;

impl Season {
    fn check(&self) -> Result<(), Rejection> {
        use RejectionCode::{AmountNegative, AmountTooLarge, QuantityTooLarge, QuantityZero, RateOutOfRange};
        let checks = [
            (self.shows > 0, QuantityZero, "shows"),
            (self.shows <= SHOWS_MAX, QuantityTooLarge, "shows"),
            (self.tickets > 0, QuantityZero, "tickets"),
            (self.tickets <= TICKETS_MAX, QuantityTooLarge, "tickets"),
            (self.price >= Amount::ZERO, AmountNegative, "price"),
            (self.price.0 <= AMOUNT_MAX, AmountTooLarge, "price"),
            ((Rate::ZERO..=Rate::ONE).contains(&self.online), RateOutOfRange, "online"),
            (self.months > 0, QuantityZero, "months"),
            (self.months <= MONTHS_MAX, QuantityTooLarge, "months"),
            (self.transactions <= u64::from(PLAN_INCLUDED_MAX), QuantityTooLarge, "transactions"),
            (self.budget >= Amount::ZERO, AmountNegative, "budget"),
        ];
        let failed = checks.into_iter().find(|(holds, ..)| !holds);
        failed.map_or(Ok(()), |(_, code, field)| Err(Rejection::new(code, field)))
    }

    fn online_tickets(&self) -> u64 {
        let tickets = Amount(i64::try_from(self.tickets).unwrap_or(i64::MAX));
        u64::try_from(share(tickets, self.online).0).unwrap_or(0)
    }
}

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CostKind {
    /// A provider's access fee.
    Access,
    /// A provider's yearly fee, for every year begun.
    Yearly,
    /// A provider's payments beyond those included.
    Transactions,
    /// A provider's share of amounts, and prices beside it.
    Rate,
    /// The cooperative's contribution, for every year begun.
    Contribution,
    /// The cooperative's price of tickets.
    Tickets,
    /// A distributor's commission.
    Commission,
}

/// One line of a cost. Amounts are without VAT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostLine {
    /// What it is for.
    pub kind: CostKind,
    /// Who charges it.
    pub name: String,
    /// Where the figures are from.
    pub source: String,
    /// Whether they are an example.
    pub example: bool,
    /// How it is worked out, such as `10 × (200 - 100) × 0.085`.
    pub rule: String,
    /// What it is worked out on: an amount; none where only numbers count.
    pub basis: Option<Amount>,
    /// What it comes to.
    pub amount: Amount,
}

/// What a season costs one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// Line by line.
    pub lines: Vec<CostLine>,
    /// All lines.
    pub total: Amount,
    /// For each ticket of the season on average.
    pub per_ticket: Amount,
    /// For each show on average.
    pub per_show: Amount,
    /// Share of the season's receipts.
    pub of_receipts: Rate,
}

/// What a season costs with the cooperative, and with a distributor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulation {
    /// The season.
    pub season: Season,
    /// Face prices of all tickets, with VAT.
    pub receipts: Amount,
    /// Tickets sold on line.
    pub online_tickets: u64,
    /// Face prices of these, with VAT.
    pub online_receipts: Amount,
    /// With the cooperative and its payment providers.
    pub cooperative: Cost,
    /// With a distributor that sells on line.
    pub distributor: Cost,
    /// What the distributor costs more; below zero if less.
    pub difference: Amount,
}

/// Works out what a season costs.
///
/// # Errors
/// Which figure makes no sense.
pub fn simulate(season: &Season, tariffs: &Tariffs) -> Result<Simulation, Rejection> {
    season.check()?;
    let online_tickets = season.online_tickets();
    let times = |count: u64| season.price.times(i64::try_from(count).unwrap_or(i64::MAX));
    let (receipts, online_receipts) = (times(season.tickets), times(online_tickets));
    let mut lines: Vec<CostLine> = Vec::new();
    for provider in &tariffs.providers {
        lines.extend(provider_lines(season, provider, online_receipts));
    }
    lines.extend(cooperative_lines(season, tariffs));
    let cooperative = Cost::of(lines, season, receipts);
    let distributor = Cost::of(distributor_lines(season, tariffs, online_tickets), season, receipts);
    Ok(Simulation {
        season: *season,
        receipts,
        online_tickets,
        online_receipts,
        difference: distributor.total - cooperative.total,
        cooperative,
        distributor,
    })
}

impl Cost {
    fn of(lines: Vec<CostLine>, season: &Season, receipts: Amount) -> Self {
        let total = lines.iter().map(|line| line.amount).sum();
        Self {
            lines,
            total,
            per_ticket: average(total, season.tickets),
            per_show: average(total, u64::from(season.shows)),
            of_receipts: share_of(total, receipts),
        }
    }
}

/// A season pays the access once, the yearly fee for every year begun, and the rest month by month.
fn provider_lines(season: &Season, provider: &Provider, receipts: Amount) -> Vec<CostLine> {
    let terms = &provider.terms;
    let currency = season.currency;
    let line = |kind, rule, basis, amount| CostLine {
        kind,
        name: terms.name.clone(),
        source: terms.source.clone(),
        example: provider.example,
        rule,
        basis,
        amount,
    };
    let amounts = allocate(receipts, &vec![1; season.months as usize]);
    let costs = (1..)
        .zip(amounts)
        .map(|(month, amount)| plan_cost(terms, currency, month, season.transactions, amount));
    let (transactions, rate) = costs.fold((Amount::ZERO, Amount::ZERO), |(transactions, rate), cost| {
        (transactions + cost.transactions, rate + cost.rate)
    });
    let years = i64::from(season.months.div_ceil(12));
    let display = |amount: Amount| amount.display(currency);
    let beyond = format!(
        "{} × ({} - {}) × {}",
        season.months,
        season.transactions,
        terms.included,
        terms.per_transaction.display()
    );
    let mut share = format!("{} % × {}", terms.rate.percent(), display(receipts));
    if terms.per_payment != UnitPrice::ZERO {
        share += &format!(" + {} × {} × {}", season.months, season.transactions, terms.per_payment.display());
    }
    let yearly = terms.yearly_fee.times(years);
    let lines = [
        line(CostKind::Access, format!("1 × {}", display(terms.access_fee)), None, terms.access_fee),
        line(CostKind::Yearly, format!("{years} × {}", display(terms.yearly_fee)), None, yearly),
        line(CostKind::Transactions, beyond, None, transactions),
        line(CostKind::Rate, share, Some(receipts), rate),
    ];
    // What a plan does not charge is not listed; payments that are all included are, at nothing.
    let charged = [
        terms.access_fee != Amount::ZERO,
        terms.yearly_fee != Amount::ZERO,
        terms.per_transaction != UnitPrice::ZERO,
        terms.rate != Rate::ZERO || terms.per_payment != UnitPrice::ZERO,
    ];
    lines.into_iter().zip(charged).filter_map(|(line, charged)| charged.then_some(line)).collect()
}

fn cooperative_lines(season: &Season, tariffs: &Tariffs) -> Vec<CostLine> {
    let cooperative = &tariffs.cooperative;
    let Some(band) = cooperative.band(season.budget) else { return Vec::new() };
    let line = |kind, rule, basis, amount| CostLine {
        kind,
        name: cooperative.name.clone(),
        source: cooperative.source.clone(),
        example: cooperative.example,
        rule,
        basis,
        amount,
    };
    let years = i64::from(season.months.div_ceil(12));
    let rule = format!("{years} × {}", band.yearly.display(season.currency));
    let mut lines = vec![line(CostKind::Contribution, rule, Some(season.budget), band.yearly.times(years))];
    let ends = band.tranches.iter().skip(1).map(|tranche| tranche.from).chain(std::iter::once(u64::MAX));
    for (tranche, end) in band.tranches.iter().zip(ends) {
        let count = season.tickets.min(end).saturating_sub(tranche.from);
        if count > 0 {
            let rule = format!("{count} × {}", tranche.price.display());
            let amount = tranche.price.times(count, season.currency);
            lines.push(line(CostKind::Tickets, rule, None, amount));
        }
    }
    lines
}

/// The distributor sells on line, and carries what payments cost there.
fn distributor_lines(season: &Season, tariffs: &Tariffs, tickets: u64) -> Vec<CostLine> {
    let distributor = &tariffs.distributor;
    let terms: Vec<CommissionTerms> =
        (0..).zip(&distributor.levels).map(|(level, one)| of_face(level, one.rate, one.fixed)).collect();
    let applicable: Vec<Applicable<'_>> = (1..)
        .zip(&terms)
        .map(|(number, terms)| Applicable { commission: CommissionId(number), version: 1, terms })
        .collect();
    let ticket = Priced {
        tariff: TariffId(0),
        kind: TariffKind::Full,
        face: season.price,
        vat: Rate::ZERO,
        channel_fee: Amount::ZERO,
    };
    let count = i64::try_from(tickets).unwrap_or(i64::MAX);
    let cascade = Cascade::of(&applicable, &ticket);
    let lines = cascade.charges.iter().filter_map(|charge| {
        let level = distributor.levels.get(charge.index)?;
        let (each, fixed) = (charge.amount, level.fixed.display(season.currency));
        let price = season.price.display(season.currency);
        let percent = level.rate.percent();
        Some(CostLine {
            kind: CostKind::Commission,
            name: level.name.clone(),
            source: distributor.source.clone(),
            example: distributor.example,
            rule: format!(
                "{tickets} × ({percent} % × {price} + {fixed} = {})",
                each.display(season.currency)
            ),
            basis: Some(season.price.times(count)),
            amount: each.times(count),
        })
    });
    lines.collect()
}

fn of_face(level: u8, rate: Rate, fixed: Amount) -> CommissionTerms {
    CommissionTerms {
        name: String::new(),
        beneficiary: Beneficiary::Channel,
        payer: Payer::Organiser,
        mode: CommissionMode::Inside,
        basis: CommissionBasis::Face,
        rate,
        fixed,
        minimum: None,
        maximum: None,
        tiers: Vec::new(),
        level,
        vat: Rate::ZERO,
        channels: Vec::new(),
        sellers: Vec::new(),
        tariffs: Vec::new(),
        kinds: Vec::new(),
        on_refund: OnRefund::Reversed,
        on_free: OnFree::Exempt,
    }
}
