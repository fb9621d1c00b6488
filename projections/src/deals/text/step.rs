//! One step of a deal as it is written.

use serde::Deserialize;
use soticket_schema::event::v1::{
    BonusBasis, BonusThreshold, ChannelKind, DealRate, DealRule, DealStep, DealTier, DealUnit, Measure,
    MethodKind, SettledRole, StepRounding, Takings, TariffKind,
};
use soticket_schema::{Amount, ChannelId, PartyId, Rate, UnitPrice};

use super::{DealTextError, Names};

/// A step as it is written: its rule is the one field of the second group that is there.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct StepText {
    name: String,
    label: String,
    role: String,
    #[serde(default)]
    party: Option<String>,
    #[serde(default)]
    vat: Option<String>,
    #[serde(default)]
    rounding: Option<String>,
    #[serde(default)]
    source: String,

    receipts: Option<TakingsText>,
    share: Option<ShareText>,
    commissions: Option<ChannelsText>,
    units: Option<UnitsText>,
    costs: Option<CostsText>,
    fixed: Option<FixedText>,
    sum: Option<SumText>,
    excess: Option<ExcessText>,
    greatest: Option<NamesText>,
    least: Option<NamesText>,
    tiers: Option<TiersText>,
    bonus: Option<BonusText>,
    difference: Option<DifferenceText>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct TakingsText {
    #[serde(default)]
    measure: Option<String>,
    #[serde(default)]
    channels: Vec<String>,
    #[serde(default)]
    channel_kinds: Vec<String>,
    #[serde(default)]
    tariff_kinds: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShareText {
    of: String,
    rate: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelsText {
    #[serde(default)]
    channels: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct UnitsText {
    unit: String,
    price: String,
    #[serde(default)]
    methods: Vec<String>,
    #[serde(default)]
    channel_kinds: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct CostsText {
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    borne_by: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FixedText {
    amount: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SumText {
    add: Vec<String>,
    #[serde(default)]
    less: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExcessText {
    of: String,
    over: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamesText {
    of: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TiersText {
    of: String,
    tiers: Vec<TierText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TierText {
    from: String,
    rate: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BonusText {
    on: String,
    thresholds: Vec<ThresholdText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThresholdText {
    from: String,
    amount: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DifferenceText {
    of: String,
    #[serde(default)]
    less: Vec<String>,
}

const ROLES: [(&str, SettledRole); 10] = [
    ("receipts", SettledRole::Receipts),
    ("levy", SettledRole::Levy),
    ("royalty", SettledRole::Royalty),
    ("contribution", SettledRole::Contribution),
    ("commission", SettledRole::Commission),
    ("payment-cost", SettledRole::PaymentCost),
    ("cost", SettledRole::Cost),
    ("share", SettledRole::Share),
    ("own", SettledRole::Own),
    ("subtotal", SettledRole::Subtotal),
];
const MEASURES: [(&str, Measure); 3] =
    [("without-vat", Measure::WithoutVat), ("with-vat", Measure::WithVat), ("vat", Measure::Vat)];
const ROUNDINGS: [(&str, StepRounding); 3] =
    [("minor", StepRounding::Minor), ("minor-down", StepRounding::MinorDown), ("major", StepRounding::Major)];
const CHANNEL_KINDS: [(&str, ChannelKind); 4] = [
    ("own-site", ChannelKind::OwnSite),
    ("box-office", ChannelKind::BoxOffice),
    ("remote-box-office", ChannelKind::RemoteBoxOffice),
    ("network", ChannelKind::Network),
];
const TARIFF_KINDS: [(&str, TariffKind); 5] = [
    ("full", TariffKind::Full),
    ("reduced", TariffKind::Reduced),
    ("subscriber", TariffKind::Subscriber),
    ("pack", TariffKind::Pack),
    ("free", TariffKind::Free),
];
const METHOD_KINDS: [(&str, MethodKind); 10] = [
    ("card", MethodKind::Card),
    ("cash", MethodKind::Cash),
    ("cheque", MethodKind::Cheque),
    ("transfer", MethodKind::Transfer),
    ("direct-debit", MethodKind::DirectDebit),
    ("gift-card", MethodKind::GiftCard),
    ("voucher", MethodKind::Voucher),
    ("network", MethodKind::Network),
    ("pack", MethodKind::Pack),
    ("other", MethodKind::Other),
];

/// Finds the party that a step calls so.
type FindParty<'a> = &'a dyn Fn(&str) -> Result<Option<PartyId>, DealTextError>;

impl StepText {
    pub(super) fn read(&self, names: &Names<'_>, party: FindParty<'_>) -> Result<DealStep, DealTextError> {
        let rounding = self.rounding.as_deref();
        Ok(DealStep {
            name: self.name.clone(),
            label: self.label.clone(),
            role: self.word("role", &self.role, &ROLES)?,
            rule: self.rule(names, party)?,
            rounding: match rounding {
                Some(text) => self.word("rounding", text, &ROUNDINGS)?,
                None => StepRounding::Minor,
            },
            vat: self.vat.as_deref().map(|text| self.rate_or_key("vat", text)).transpose()?,
            party: self.party.as_deref().map(party).transpose()?.flatten(),
            source: self.source.clone(),
        })
    }

    fn rule(&self, names: &Names<'_>, party: FindParty<'_>) -> Result<DealRule, DealTextError> {
        let mut rules = [
            self.receipts.as_ref().map(|text| self.receipts(text, names)),
            self.share.as_ref().map(|text| {
                Ok(DealRule::Share { of: text.of.clone(), rate: self.rate_or_key("rate", &text.rate)? })
            }),
            self.commissions
                .as_ref()
                .map(|text| Ok(DealRule::Commissions { channels: channels(&text.channels, names)? })),
            self.units.as_ref().map(|text| self.units(text)),
            self.costs.as_ref().map(|text| {
                let borne_by = text.borne_by.as_deref().map(party).transpose()?.flatten();
                Ok(DealRule::Costs { categories: text.categories.clone(), borne_by })
            }),
            self.fixed
                .as_ref()
                .map(|text| Ok(DealRule::Fixed { amount: self.amount("amount", &text.amount, names)? })),
            self.sum
                .as_ref()
                .map(|text| Ok(DealRule::Sum { add: text.add.clone(), less: text.less.clone() })),
            self.excess
                .as_ref()
                .map(|text| Ok(DealRule::Excess { of: text.of.clone(), over: text.over.clone() })),
            self.greatest.as_ref().map(|text| Ok(DealRule::Greatest { of: text.of.clone() })),
            self.least.as_ref().map(|text| Ok(DealRule::Least { of: text.of.clone() })),
            self.tiers.as_ref().map(|text| self.tiers(text, names)),
            self.bonus.as_ref().map(|text| self.bonus(text, names)),
            self.difference
                .as_ref()
                .map(|text| Ok(DealRule::Difference { of: text.of.clone(), less: text.less.clone() })),
        ]
        .into_iter()
        .flatten();
        match (rules.next(), rules.next()) {
            (Some(rule), None) => rule,
            _ => Err(DealTextError::Rules(self.name.clone())),
        }
    }

    fn receipts(&self, text: &TakingsText, names: &Names<'_>) -> Result<DealRule, DealTextError> {
        Ok(DealRule::Receipts(Takings {
            measure: match &text.measure {
                Some(measure) => self.word("measure", measure, &MEASURES)?,
                None => Measure::WithoutVat,
            },
            channels: channels(&text.channels, names)?,
            channel_kinds: self.words("channel-kinds", &text.channel_kinds, &CHANNEL_KINDS)?,
            tariff_kinds: self.words("tariff-kinds", &text.tariff_kinds, &TARIFF_KINDS)?,
        }))
    }

    fn units(&self, text: &UnitsText) -> Result<DealRule, DealTextError> {
        let unit = match text.unit.as_str() {
            "payments" => DealUnit::Payments {
                methods: self.words("methods", &text.methods, &METHOD_KINDS)?,
                channel_kinds: self.words("channel-kinds", &text.channel_kinds, &CHANNEL_KINDS)?,
            },
            "paid-tickets" => DealUnit::PaidTickets,
            "free-tickets" => DealUnit::FreeTickets,
            "entries" => DealUnit::Entries,
            other => return Err(self.wrong("unit", other, "unit such as payments or entries")),
        };
        let price = UnitPrice::parse(&text.price);
        let price = price.map_err(|_| self.wrong("price", &text.price, "price such as 0.085"))?;
        Ok(DealRule::Units { unit, price })
    }

    fn tiers(&self, text: &TiersText, names: &Names<'_>) -> Result<DealRule, DealTextError> {
        let tiers = text.tiers.iter().map(|tier| {
            Ok(DealTier {
                from: self.amount("from", &tier.from, names)?,
                rate: self.rate("rate", &tier.rate)?,
            })
        });
        let tiers = tiers.collect::<Result<Vec<_>, DealTextError>>()?;
        Ok(DealRule::Tiers { of: text.of.clone(), tiers })
    }

    /// Thresholds are numbers of tickets, or amounts where the bonus is on a step.
    fn bonus(&self, text: &BonusText, names: &Names<'_>) -> Result<DealRule, DealTextError> {
        let on = match text.on.as_str() {
            "entries" => BonusBasis::Entries,
            "paid-tickets" => BonusBasis::PaidTickets,
            step => BonusBasis::Step(step.to_owned()),
        };
        let thresholds = text.thresholds.iter().map(|threshold| {
            let from = match on {
                BonusBasis::Step(_) => self.amount("from", &threshold.from, names)?.0,
                BonusBasis::Entries | BonusBasis::PaidTickets => {
                    let count = threshold.from.parse();
                    count.map_err(|_| self.wrong("from", &threshold.from, "number"))?
                }
            };
            Ok(BonusThreshold { from, amount: self.amount("amount", &threshold.amount, names)? })
        });
        let thresholds = thresholds.collect::<Result<Vec<_>, DealTextError>>()?;
        Ok(DealRule::Bonus { on, thresholds })
    }

    fn amount(&self, field: &'static str, text: &str, names: &Names<'_>) -> Result<Amount, DealTextError> {
        Amount::parse(text, names.currency).map_err(|_| self.wrong(field, text, "amount such as 3200.00"))
    }

    fn rate(&self, field: &'static str, text: &str) -> Result<Rate, DealTextError> {
        Rate::parse_percent(text).map_err(|_| self.wrong(field, text, "percentage such as 70"))
    }

    /// A number is a rate as agreed, anything that begins with a letter the key of a dated one.
    fn rate_or_key(&self, field: &'static str, text: &str) -> Result<DealRate, DealTextError> {
        if text.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return Ok(DealRate::Dated(text.to_owned()));
        }
        self.rate(field, text).map(DealRate::Stated)
    }

    fn word<T: Copy>(
        &self,
        field: &'static str,
        text: &str,
        words: &[(&str, T)],
    ) -> Result<T, DealTextError> {
        let found = words.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| *value).ok_or_else(|| self.wrong(field, text, "word that is known here"))
    }

    fn words<T: Copy>(
        &self,
        field: &'static str,
        texts: &[String],
        words: &[(&str, T)],
    ) -> Result<Vec<T>, DealTextError> {
        texts.iter().map(|text| self.word(field, text, words)).collect()
    }

    fn wrong(&self, field: &'static str, value: &str, what: &'static str) -> DealTextError {
        DealTextError::Value { step: self.name.clone(), field, value: value.to_owned(), what }
    }
}

fn channels(texts: &[String], names: &Names<'_>) -> Result<Vec<ChannelId>, DealTextError> {
    let found =
        texts.iter().map(|name| (names.channel)(name).ok_or_else(|| DealTextError::Channel(name.clone())));
    found.collect()
}
