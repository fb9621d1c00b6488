//! A statement as aligned text.

use super::labels::{Label, Language};
use super::{Attendance, Line, Statement, Total, VatLine};
use crate::output::Columns;

impl Statement {
    /// The statement for a terminal or a printer with fixed width.
    pub(crate) fn text(&self, language: Language) -> String {
        let label = |label| language.label(label);
        let mut text = self.head(language);
        text += &format!("\n{} ({})\n", label(Label::Receipts), self.currency);
        text += &self.receipts(language);
        for vat in self.vat.iter().filter(|_| self.vat.len() > 1) {
            text +=
                &format!("  {} {} %: {} = {} + {}\n", label(Label::Vat), vat.rate, vat.ttc, vat.ht, vat.vat);
        }
        text += &self.free_block(language);
        text += &format!(
            "\n{}: {} + {} = {} {} {}\n",
            label(Label::Entries),
            self.paid.net,
            self.free_total.net,
            self.entries,
            label(Label::Of),
            self.authorised_capacity
        );
        text += &format!(
            "{}: {} {} = {} {} + {} {}\n",
            label(Label::Receipts),
            self.paid.ttc,
            label(Label::Ttc),
            self.paid.ht,
            label(Label::Ht),
            self.paid.vat,
            label(Label::Vat)
        );
        text += &self.apart(language);
        if let Some(attendance) = &self.attendance {
            text += &attendance_block(attendance, language);
        }
        text += &format!(
            "\n{}: {}..{}   {}: {}\n",
            label(Label::Events),
            self.log.first,
            self.log.last,
            label(Label::HeadHash),
            self.log.hash
        );
        text
    }

    fn head(&self, language: Language) -> String {
        let label = |label| language.label(label);
        let owner = &self.organisation;
        let numbers = [("SIRET", &owner.siret), ("TVA", &owner.vat_number), ("Licence", &owner.licence)];
        let numbers: Vec<String> = numbers
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        let rounding = match self.rounding {
            "document" => Label::RoundedDocument,
            _ => Label::RoundedPerTicket,
        };
        let mode = if owner.mode == "live" {
            String::new()
        } else {
            format!("   [{} {}]", label(Label::Mode), owner.mode.to_uppercase())
        };
        format!(
            "{}{mode}\n{}   {}\n{} {} (n° {})   {}   {}\n{}: {}\n{}: {}\n",
            label(Label::Statement),
            owner.name,
            numbers.join("   "),
            label(Label::Show),
            self.show.reference,
            self.show.number,
            self.show.title,
            self.show.starts_at,
            label(Label::Hall),
            self.show.hall,
            label(Label::Rounding),
            label(rounding)
        )
    }

    fn receipts(&self, language: Language) -> String {
        let mut table = Columns::new("<<>>>>>>>>>");
        let heads = [
            Label::Tariff,
            Label::Channel,
            Label::Unit,
            Label::Rate,
            Label::Serials,
            Label::Issued,
            Label::Cancelled,
            Label::Net,
            Label::Ttc,
            Label::Ht,
            Label::Vat,
        ];
        table.row(heads.map(|head| language.label(head)));
        for line in &self.lines {
            table.row(receipt(line));
        }
        let names = [language.label(Label::Paid), "", "", "", ""].map(str::to_owned);
        table.row(names.into_iter().chain(counts(&self.paid)));
        table.render()
    }

    fn free_block(&self, language: Language) -> String {
        if self.free.is_empty() {
            return String::new();
        }
        let mut table = Columns::new("<>>>");
        let heads = [Label::FreeTickets, Label::Issued, Label::Cancelled, Label::Net];
        table.row(heads.map(|head| language.label(head)));
        let row = |name: &str, issued: u64, cancelled: u64, net: u64| {
            [name.to_owned(), issued.to_string(), cancelled.to_string(), net.to_string()]
        };
        for free in &self.free {
            table.row(row(language.reason(free.reason), free.issued, free.cancelled, free.net));
        }
        let total = &self.free_total;
        table.row(row(language.label(Label::Free), total.issued, total.cancelled, total.net));
        format!("\n{}", table.render())
    }

    fn commission_block(&self, language: Language) -> String {
        if self.commissions.is_empty() {
            return String::new();
        }
        let label = |label| language.label(label);
        let mut table = Columns::new("<<<<<>>>>>>>");
        let heads = ["", label(Label::Channel), label(Label::Beneficiary), "", ""];
        let figures =
            [Label::Net, Label::Basis, Label::Reversed, Label::Rate, Label::Ttc, Label::Ht, Label::Vat];
        table.row(heads.into_iter().chain(figures.map(label)));
        for line in &self.commissions {
            let kind = [language.reason(line.mode), language.reason(line.payer)].map(str::to_owned);
            let names = [line.name.clone(), line.channel.clone(), line.beneficiary.clone()];
            let net = line.count.saturating_sub(line.reversed_count).to_string();
            let sums = [net, line.basis.clone(), line.reversed.clone()];
            table.row(names.into_iter().chain(kind).chain(sums).chain(amounts(&line.amounts)));
        }
        let mut text = format!("\n{}\n{}", label(Label::Commissions), table.render());
        if self.over_cap > 0 {
            text += &format!("{}: {}\n", label(Label::OverCap), self.over_cap);
        }
        text
    }

    /// What is outside the receipts: fees, products, money.
    fn apart(&self, language: Language) -> String {
        let label = |label| language.label(label);
        let mut text = String::new();
        if !self.fees.is_empty() {
            let mut table = Columns::new("<>>>>>");
            table.row([
                label(Label::Channel),
                label(Label::Net),
                label(Label::Rate),
                label(Label::Ttc),
                label(Label::Ht),
                label(Label::Vat),
            ]);
            for fee in &self.fees {
                table.row(
                    [fee.channel.clone(), fee.tickets.to_string()].into_iter().chain(amounts(&fee.amounts)),
                );
            }
            text += &format!("\n{}\n{}", label(Label::Fees), table.render());
        }
        text += &self.commission_block(language);
        if !self.items.is_empty() {
            let mut table = Columns::new("<>>>>>>");
            table.row([
                "",
                label(Label::Unit),
                label(Label::Net),
                label(Label::Rate),
                label(Label::Ttc),
                label(Label::Ht),
                label(Label::Vat),
            ]);
            for item in &self.items {
                let names = [item.name.clone(), item.price.clone(), item.net.to_string()];
                table.row(names.into_iter().chain(amounts(&item.amounts)));
            }
            text += &format!("\n{}\n{}", label(Label::Items), table.render());
        }
        if !self.money.is_empty() {
            let mut table = Columns::new("<>>>");
            table.row(["", label(Label::In), label(Label::Out), label(Label::Net)]);
            for money in &self.money {
                table.row([&money.method, &money.paid, &money.returned, &money.net].map(String::as_str));
            }
            text += &format!("\n{}\n{}", label(Label::Money), table.render());
        }
        text
    }
}

fn receipt(line: &Line) -> Vec<String> {
    let serials = format!("{}-{}", line.first_serial, line.last_serial);
    let names = [line.tariff.clone(), line.channel.clone(), line.price.clone(), line.rate.clone(), serials];
    names.into_iter().chain(counts(&line.total)).collect()
}

fn counts(total: &Total) -> [String; 6] {
    [
        total.issued.to_string(),
        total.cancelled.to_string(),
        total.net.to_string(),
        total.ttc.clone(),
        total.ht.clone(),
        total.vat.clone(),
    ]
}

fn amounts(vat: &VatLine) -> [String; 4] {
    [vat.rate.clone(), vat.ttc.clone(), vat.ht.clone(), vat.vat.clone()]
}

fn attendance_block(attendance: &Attendance, language: Language) -> String {
    let anomalies: Vec<String> = attendance
        .anomalies
        .iter()
        .map(|(kind, count)| format!("{count} × {}", language.reason(kind)))
        .collect();
    let anomalies = if anomalies.is_empty() { "0".to_owned() } else { anomalies.join(", ") };
    format!(
        "\n{}: {}   {}: {}   {}: {anomalies}\n",
        language.label(Label::Scanned),
        attendance.scanned,
        language.label(Label::NoShow),
        attendance.no_show,
        language.label(Label::Anomalies),
    )
}

#[cfg(test)]
mod tests {
    use super::super::{CommissionLine, LogRange, Organisation, Show};
    use super::*;

    fn total() -> Total {
        let zero = || "0.00".to_owned();
        Total { issued: 0, cancelled: 0, net: 0, ttc: zero(), ht: zero(), vat: zero() }
    }

    fn statement(commissions: Vec<CommissionLine>) -> Statement {
        let none = String::new;
        Statement {
            organisation: Organisation {
                id: none(),
                name: none(),
                siret: none(),
                vat_number: none(),
                licence: none(),
                mode: "live".into(),
            },
            show: Show { number: 1, reference: none(), title: none(), hall: none(), starts_at: none() },
            log: LogRange { first: 0, last: 9, hash: none() },
            rounding: "document",
            currency: "EUR",
            lines: Vec::new(),
            paid: total(),
            free: Vec::new(),
            free_total: total(),
            entries: 0,
            authorised_capacity: 0,
            vat: Vec::new(),
            fees: Vec::new(),
            over_cap: commissions.len() as u64,
            commissions,
            items: Vec::new(),
            money: Vec::new(),
            attendance: None,
        }
    }

    #[test]
    fn commissions_are_listed_when_there_are_any() {
        let amounts =
            VatLine { rate: "20".into(), ttc: "48.96".into(), ht: "40.80".into(), vat: "8.16".into() };
        let line = CommissionLine {
            name: "Distribution".into(),
            channel: "fnac".into(),
            beneficiary: "Fnac".into(),
            mode: "inside",
            payer: "organiser",
            count: 70,
            reversed_count: 2,
            basis: "1632.00".into(),
            reversed: "1.20".into(),
            amounts,
        };
        let text = statement(vec![line]).text(Language::Fr);
        let squeezed = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let row = "Distribution fnac Fnac incluse organisateur 68 1632.00 1.20 20 48.96 40.80 8.16 Billets dont les";
        assert!(squeezed.contains(row), "{text}");
        assert!(squeezed.contains("dépassent le plafond: 1"), "{text}");
        assert!(
            squeezed.contains("Canal Bénéficiaire Net Assiette Rendu TVA % TTC HT TVA Distribution"),
            "{text}"
        );
        assert!(!statement(Vec::new()).text(Language::Fr).contains("Commissions"));
    }
}
