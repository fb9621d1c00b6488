//! The settlement (décompte) of a show by its deal, as it stands.

use serde::Serialize;
use soticket_projections::deals::text::categories;
use soticket_projections::deals::{Draft, EvaluatedLine, EvaluatedStep, LineOf, PartyBalance};
use soticket_projections::{AsOf, OrganisationViews};
use soticket_schema::event::v1::SettledRole;
use soticket_schema::{Amount, Currency, OrganisationId, ShowId};

use super::Language;
use crate::failure::{Exit, Failure};
use crate::open::Opened;
use crate::output::Columns;

/// A settlement. Amounts are decimal strings in the show's currency.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Settlement {
    /// Name of the deal.
    deal: String,
    /// Its version.
    deal_version: u32,
    /// The version that a seal would be.
    version: u32,
    /// BLAKE3 of the canonical statement.
    statement: String,
    /// Code of the currency.
    currency: &'static str,
    /// All lines, in the order of the deal.
    lines: Vec<Line>,
    /// What parties get.
    parties: Vec<Party>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    step: String,
    label: String,
    role: SettledRole,
    /// The channel or category of a line that is part of a step.
    part: String,
    /// Name of the party.
    party: String,
    basis: String,
    /// Percent; empty for what is no share.
    rate: String,
    net: String,
    vat_rate: String,
    vat: String,
    source: String,
}

#[derive(Clone, Debug, Serialize)]
struct Party {
    party: String,
    net: String,
    vat: String,
    gross: String,
    advances: String,
    paid: String,
    due: String,
}

/// The settlement of a show now, or at an earlier moment; none while nothing is agreed.
///
/// # Errors
/// The moment is before the log, or a rate of the deal does not hold at the date of the show.
pub(crate) fn settlement(
    opened: &Opened,
    organisation: OrganisationId,
    show: ShowId,
    as_of: Option<AsOf>,
    language: Language,
) -> Result<Option<Settlement>, Failure> {
    let draft = match as_of {
        None => opened.view(organisation, |views| {
            let deal = views.deals.show(show)?;
            deal.current()?;
            let figures = views.settlement.figures(show)?;
            Some(soticket_projections::deals::draft(deal, &figures, views.deals.rates()))
        })?,
        Some(at) => {
            let view = opened.projections.as_of(organisation, show, at);
            view.map_err(|error| Failure::coded(Exit::Refused, &error.to_string()))?.draft
        }
    };
    let draft = match draft {
        None | Some(Err(soticket_projections::deals::DraftError::NoDeal)) => return Ok(None),
        Some(draft) => draft.map_err(|error| Failure::coded(Exit::Refused, &error.to_string()))?,
    };
    opened.view(organisation, |views| Some(build(views, &draft, language)))
}

fn build(views: &OrganisationViews, draft: &Draft, language: Language) -> Settlement {
    let currency = views.catalogue.organisation().map_or(Currency::EUR, |info| info.currency);
    let names = Names { views, currency, language };
    let deal = views.deals.show(draft.show).and_then(|deal| deal.version(draft.deal_version));
    Settlement {
        deal: deal.map(|version| version.terms.name.clone()).unwrap_or_default(),
        deal_version: draft.deal_version,
        version: draft.version,
        statement: draft.statement.to_string(),
        currency: currency.code(),
        lines: draft.evaluation.lines().map(|(step, line)| names.line(step, line)).collect(),
        parties: draft.parties.iter().map(|party| names.party(party)).collect(),
    }
}

struct Names<'a> {
    views: &'a OrganisationViews,
    currency: Currency,
    language: Language,
}

impl Names<'_> {
    fn money(&self, amount: Amount) -> String {
        amount.display(self.currency)
    }

    fn party_name(&self, party: soticket_schema::PartyId) -> String {
        self.views.deals.party(party).map_or_else(|| party.to_string(), str::to_owned)
    }

    fn line(&self, step: &EvaluatedStep, line: &EvaluatedLine) -> Line {
        let channel = line.channel.and_then(|channel| self.views.catalogue.channel(channel));
        let part = match (&line.of, channel) {
            (LineOf::Category(category), _) => self.category(category),
            (LineOf::Channel, Some(channel)) => channel.opened.name.clone(),
            _ => String::new(),
        };
        Line {
            step: step.step.name.clone(),
            label: step.step.label.clone(),
            role: step.step.role,
            part,
            party: line.party.map(|party| self.party_name(party)).unwrap_or_default(),
            basis: self.money(line.basis),
            rate: if line.rate.0 == 0 { String::new() } else { line.rate.percent() },
            net: self.money(line.net),
            vat_rate: line.vat_rate.percent(),
            vat: self.money(line.vat),
            source: step.step.source.clone(),
        }
    }

    fn category(&self, key: &str) -> String {
        let known = categories().iter().find(|category| category.key == key);
        known.map_or_else(
            || key.to_owned(),
            |category| match self.language {
                Language::Fr => category.fr.clone(),
                Language::En => category.en.clone(),
            },
        )
    }

    fn party(&self, balance: &PartyBalance) -> Party {
        Party {
            party: self.party_name(balance.party),
            net: self.money(balance.net),
            vat: self.money(balance.vat),
            gross: self.money(balance.gross),
            advances: self.money(balance.advances),
            paid: self.money(balance.paid),
            due: self.money(balance.due),
        }
    }
}

impl Settlement {
    /// The settlement for a terminal or a printer with fixed width. What is taken out of the receipts is shown below zero.
    pub(crate) fn text(&self, language: Language) -> String {
        let (title, version, ht, vat) = match language {
            Language::Fr => ("Décompte", "version du contrat", "HT", "TVA"),
            Language::En => ("Settlement", "version of the deal", "without VAT", "VAT"),
        };
        let mut text =
            format!("{title}: {} ({version} {}, {})\n", self.deal, self.deal_version, self.currency);
        let mut columns = Columns::new("<>>>>");
        columns.row(["", "%", ht, vat, ""]);
        for line in &self.lines {
            columns.row([
                line.title(),
                line.rate.clone(),
                line.signed(),
                if line.role == SettledRole::Subtotal { String::new() } else { line.vat.clone() },
                line.party.clone(),
            ]);
        }
        text += &columns.render();
        for party in &self.parties {
            text += &party.text(language);
        }
        text += &format!("BLAKE3: {}\n", self.statement);
        text
    }
}

impl Line {
    fn title(&self) -> String {
        if self.part.is_empty() { self.label.clone() } else { format!("{} - {}", self.label, self.part) }
    }

    fn signed(&self) -> String {
        let outgoing = !matches!(self.role, SettledRole::Receipts | SettledRole::Subtotal | SettledRole::Own);
        match self.net.strip_prefix('-') {
            Some(positive) if outgoing => positive.to_owned(),
            None if outgoing => format!("-{}", self.net),
            _ => self.net.clone(),
        }
    }
}

impl Party {
    fn text(&self, language: Language) -> String {
        let Self { party, net, vat, gross, advances, paid, due } = self;
        match language {
            Language::Fr => format!(
                "{party} : {net} HT + {vat} TVA = {gross} TTC ; acomptes {advances}, réglé {paid}, reste dû {due}\n"
            ),
            Language::En => format!(
                "{party}: {net} + {vat} VAT = {gross} with VAT; advances {advances}, paid {paid}, due {due}\n"
            ),
        }
    }
}
