//! Makes a statement from what the read models hold.

use std::collections::BTreeMap;

use soticket_projections::attendance::AnomalyKind;
use soticket_projections::catalogue::ShowInfo;
use soticket_projections::settlement::{CommissionTotal, SettlementLine, SettlementTotal, ShowSettlement};
use soticket_projections::{AsOf, OrganisationViews};
use soticket_schema::event::v1::{Beneficiary, CommissionMode, CompReason, FeeKind, ItemKind, Payer};
use soticket_schema::money::Taxed;
use soticket_schema::{Currency, OrganisationId, Rounding, ShowId};

use super::{
    Attendance, CommissionLine, FeeLine, Free, ItemLine, Line, LogRange, MoneyLine, Organisation, Show,
    Statement, Total, VatLine,
};
use crate::failure::{Exit, Failure};
use crate::open::Opened;

/// The statement of a show now, or at an earlier moment.
pub(crate) fn statement(
    opened: &Opened,
    organisation: OrganisationId,
    show: ShowId,
    as_of: Option<AsOf>,
) -> Result<Statement, Failure> {
    let Some(at) = as_of else {
        return opened.view(organisation, |views| {
            let settlement = views.settlement.show(show).ok_or_else(unknown)?;
            let head = (views.position().unwrap_or(0), views.head().to_string());
            let mut statement = build(views, organisation, show, &settlement, head)?;
            statement.attendance = attendance(views, show);
            Ok(statement)
        })?;
    };
    let view = opened
        .projections
        .as_of(organisation, show, at)
        .map_err(|error| Failure::coded(Exit::Refused, &error.to_string()))?;
    let settlement = view.settlement.ok_or_else(|| {
        Failure::new(Exit::Refused, "SHOW_UNKNOWN", "the show was not planned yet at that moment")
    })?;
    let head = (view.position, view.hash.to_string());
    opened.view(organisation, |views| build(views, organisation, show, &settlement, head))?
}

fn unknown() -> Failure {
    Failure::coded(Exit::Refused, "SHOW_UNKNOWN: check the show's number")
}

fn build(
    views: &OrganisationViews,
    organisation: OrganisationId,
    show: ShowId,
    settlement: &ShowSettlement,
    (last, hash): (u64, String),
) -> Result<Statement, Failure> {
    let info = views.catalogue.show(show).ok_or_else(unknown)?;
    let currency = settlement.currency;
    let names = Names { views, currency };
    let first = views.index.positions(show).and_then(|mut positions| positions.next()).unwrap_or(0);
    Ok(Statement {
        organisation: owner(views, organisation),
        show: performance(views, info),
        log: LogRange { first, last, hash },
        rounding: if settlement.rounding == Rounding::Document { "document" } else { "per-ticket" },
        currency: currency.code(),
        lines: settlement.lines.iter().map(|line| names.line(line)).collect(),
        paid: total(&settlement.paid, currency),
        free: names.free(settlement),
        free_total: total(&settlement.free, currency),
        entries: settlement.entries,
        authorised_capacity: settlement.authorised_capacity,
        vat: settlement.vat.iter().map(|vat| vat_line(vat.rate.percent(), vat.taxed, currency)).collect(),
        fees: names.fees(settlement),
        commissions: names.commissions(settlement),
        over_cap: settlement.over_cap,
        items: names.items(settlement),
        money: names.money(settlement),
        attendance: None,
    })
}

fn owner(views: &OrganisationViews, id: OrganisationId) -> Organisation {
    let info = views.catalogue.organisation();
    let parameters = info.map(|info| info.parameters.clone());
    let of = |part: fn(&soticket_schema::event::v1::OrganisationParameters) -> &String| {
        parameters.as_ref().map(|parameters| part(parameters).clone()).unwrap_or_default()
    };
    Organisation {
        id: id.to_string(),
        name: of(|parameters| &parameters.name),
        siret: of(|parameters| &parameters.siret),
        vat_number: of(|parameters| &parameters.vat_number),
        licence: of(|parameters| &parameters.licence),
        mode: info.map(|info| format!("{:?}", info.mode).to_lowercase()).unwrap_or_default(),
    }
}

fn performance(views: &OrganisationViews, info: &ShowInfo) -> Show {
    let scheduled = &info.scheduled;
    let zone =
        views.catalogue.organisation().map(|info| info.parameters.time_zone.clone()).unwrap_or_default();
    let local = jiff::Timestamp::from_microsecond(scheduled.starts_at.0)
        .ok()
        .and_then(|instant| instant.in_tz(&zone).ok())
        .map(|zoned| zoned.strftime("%Y-%m-%d %H:%M %:z").to_string());
    Show {
        number: scheduled.show.0,
        reference: scheduled.reference.clone(),
        title: scheduled.title.clone(),
        hall: views.catalogue.hall(scheduled.hall).map(|hall| hall.name.clone()).unwrap_or_default(),
        starts_at: local.unwrap_or_else(|| scheduled.starts_at.to_string()),
    }
}

/// Names of what a settlement numbers.
struct Names<'a> {
    views: &'a OrganisationViews,
    currency: Currency,
}

impl Names<'_> {
    fn channel(&self, channel: soticket_schema::ChannelId) -> String {
        let info = self.views.catalogue.channel(channel);
        info.map_or_else(|| channel.to_string(), |info| info.opened.name.clone())
    }

    fn line(&self, line: &SettlementLine) -> Line {
        let zone = self.views.catalogue.zone(line.zone);
        let sums = SettlementTotal {
            issued: line.issued,
            cancelled: line.cancelled,
            net: line.net,
            taxed: line.taxed,
        };
        Line {
            tariff: line.tariff_name.clone(),
            zone: zone.map_or_else(|| line.zone.to_string(), |zone| zone.name.clone()),
            channel: self.channel(line.channel),
            price: line.price.display(self.currency),
            rate: line.rate.percent(),
            first_serial: line.first_serial,
            last_serial: line.last_serial,
            total: total(&sums, self.currency),
        }
    }

    fn free(&self, settlement: &ShowSettlement) -> Vec<Free> {
        let lines = settlement.free_by_reason.iter().map(|free| Free {
            reason: free.reason.map_or("none", reason_name),
            issued: free.issued,
            cancelled: free.cancelled,
            net: free.net,
        });
        lines.collect()
    }

    fn fees(&self, settlement: &ShowSettlement) -> Vec<FeeLine> {
        let lines = settlement.fees.iter().map(|fee| FeeLine {
            channel: self.channel(fee.channel),
            tickets: fee.tickets,
            amounts: vat_line(fee.rate.percent(), fee.taxed, self.currency),
        });
        lines.collect()
    }

    fn commissions(&self, settlement: &ShowSettlement) -> Vec<CommissionLine> {
        let lines = settlement.commissions.iter().map(|row| CommissionLine {
            name: self.commission(row),
            channel: self.channel(row.channel),
            beneficiary: self.beneficiary(row),
            mode: match row.mode {
                CommissionMode::Inside => "inside",
                CommissionMode::OnTop => "on-top",
            },
            payer: match row.payer {
                Payer::Buyer => "buyer",
                Payer::Organiser => "organiser",
            },
            count: row.count,
            reversed_count: row.reversed_count,
            basis: row.basis.display(self.currency),
            reversed: row.reversed.display(self.currency),
            amounts: vat_line(row.rate.percent(), row.taxed, self.currency),
        });
        lines.collect()
    }

    /// Name of a commission in the version that was charged.
    fn commission(&self, row: &CommissionTotal) -> String {
        let rule = self.views.catalogue.commissions().get(row.commission);
        let versions = rule.map(|rule| rule.versions.as_slice()).unwrap_or_default();
        let version = versions.iter().find(|version| version.version == row.version);
        let name = version.map_or_else(|| row.commission.to_string(), |version| version.terms.name.clone());
        if row.version > 1 { format!("{name} (v{})", row.version) } else { name }
    }

    fn beneficiary(&self, row: &CommissionTotal) -> String {
        let catalogue = &self.views.catalogue;
        match row.beneficiary {
            Beneficiary::Organisation => {
                catalogue.organisation().map(|info| info.parameters.name.clone()).unwrap_or_default()
            }
            Beneficiary::Channel => self.channel(row.channel),
            Beneficiary::Party(party) => {
                catalogue.party(party).map_or_else(|| party.to_string(), |party| party.name.clone())
            }
        }
    }

    fn items(&self, settlement: &ShowSettlement) -> Vec<ItemLine> {
        let lines = settlement.items.iter().map(|item| ItemLine {
            name: match item.kind {
                ItemKind::Product(_) => item.name.clone(),
                ItemKind::Fee(kind) => fee_name(kind).to_owned(),
            },
            price: item.price.display(self.currency),
            net: item.net,
            amounts: vat_line(item.rate.percent(), item.taxed, self.currency),
        });
        lines.collect()
    }

    fn money(&self, settlement: &ShowSettlement) -> Vec<MoneyLine> {
        let lines = settlement.money.iter().map(|money| MoneyLine {
            method: self
                .views
                .catalogue
                .method(money.method)
                .map_or_else(|| money.method.to_string(), |method| method.name.clone()),
            paid: money.paid.display(self.currency),
            returned: money.returned.display(self.currency),
            net: money.net.display(self.currency),
        });
        lines.collect()
    }
}

fn reason_name(reason: CompReason) -> &'static str {
    match reason {
        CompReason::Artist => "artist",
        CompReason::Production => "production",
        CompReason::Press => "press",
        CompReason::Professional => "professional",
        CompReason::Partner => "partner",
        CompReason::Staff => "staff",
        CompReason::School => "school",
        CompReason::Prize => "prize",
        CompReason::Goodwill => "goodwill",
        CompReason::Prepaid => "prepaid",
    }
}

fn fee_name(kind: FeeKind) -> &'static str {
    match kind {
        FeeKind::Service => "service",
        FeeKind::Shipping => "shipping",
        FeeKind::Payment => "payment",
        FeeKind::Cancellation => "cancellation",
        FeeKind::Insurance => "insurance",
        FeeKind::GiftCard => "gift-card",
        FeeKind::Other => "other",
    }
}

fn attendance(views: &OrganisationViews, show: ShowId) -> Option<Attendance> {
    let attendance = views.attendance.show(show)?;
    let mut anomalies = BTreeMap::new();
    for anomaly in &attendance.anomalies {
        *anomalies.entry(anomaly_name(anomaly.kind)).or_default() += 1;
    }
    Some(Attendance { scanned: attendance.scanned, no_show: attendance.no_show, anomalies })
}

fn anomaly_name(kind: AnomalyKind) -> &'static str {
    match kind {
        AnomalyKind::SecondEntry => "second-entry",
        AnomalyKind::ExitWithoutEntry => "exit-without-entry",
        AnomalyKind::CancelledTicket => "cancelled-ticket",
        AnomalyKind::UnknownCode => "unknown-code",
        AnomalyKind::WrongShow => "wrong-show",
        AnomalyKind::Refused => "refused",
        AnomalyKind::AdmittedAfterRefusal => "admitted-after-refusal",
        AnomalyKind::WrongZone => "wrong-zone",
        AnomalyKind::OutsideWindow => "outside-window",
        AnomalyKind::EnteredAgain => "entered-again",
        AnomalyKind::EnteredTooSoon => "entered-too-soon",
        AnomalyKind::ReplacedCode => "replaced-code",
    }
}

fn total(sums: &SettlementTotal, currency: Currency) -> Total {
    Total {
        issued: sums.issued,
        cancelled: sums.cancelled,
        net: sums.net,
        ttc: sums.taxed.gross.display(currency),
        ht: sums.taxed.net.display(currency),
        vat: sums.taxed.vat.display(currency),
    }
}

fn vat_line(rate: String, taxed: Taxed, currency: Currency) -> VatLine {
    VatLine {
        rate,
        ttc: taxed.gross.display(currency),
        ht: taxed.net.display(currency),
        vat: taxed.vat.display(currency),
    }
}
