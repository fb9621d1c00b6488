//! X and Z as aligned text, in French and English.

use soticket_schema::Amount;
use soticket_schema::event::v1::{Mode, Period, SaleClass};

use super::{ClosingShown, Letterhead, Report};
use crate::language::Language;
use crate::output::Columns;

/// French and English words, in this order.
type Words = (&'static str, &'static str);

fn say(language: Language, (french, english): Words) -> &'static str {
    match language {
        Language::Fr => french,
        Language::En => english,
    }
}

fn period(period: Period) -> Words {
    match period {
        Period::Day => ("Clôture journalière (Z)", "Daily closing (Z)"),
        Period::Month => ("Clôture mensuelle (Z)", "Monthly closing (Z)"),
        Period::Year => ("Clôture annuelle (Z)", "Yearly closing (Z)"),
    }
}

fn class(class: SaleClass) -> Words {
    match class {
        SaleClass::Face => ("Billets", "Tickets"),
        SaleClass::FeeOnTop => ("Frais en sus", "Fees on top"),
        SaleClass::Item => ("Produits et frais de commande", "Products and fees of orders"),
    }
}

impl Report<'_> {
    /// The report for a terminal or a printer with fixed width.
    pub(crate) fn text(&self, head: &Letterhead, language: Language) -> String {
        let word = |words| say(language, words);
        let mut text = self.title(head, language);
        text += &self.sales(head, language);
        text += &self.money(head, language);
        text += &self.apart(head, language);
        let perpetual = self.perpetual();
        let mut rows = Columns::new("<>");
        rows.row([
            word(("algébrique (ventes - retours)", "algebraic (sales - returns)")).to_owned(),
            head.show(perpetual.algebraic),
        ]);
        rows.row([
            word(("absolu (ventes + retours)", "absolute (sales + returns)")).to_owned(),
            head.show(perpetual.absolute),
        ]);
        text += &format!("\n{}\n{}", word(("Total perpétuel", "Perpetual total")), rows.render());
        text += &self.foot(language);
        text
    }

    fn title(&self, head: &Letterhead, language: Language) -> String {
        let word = |words| say(language, words);
        let mut text = head.name.clone();
        if !head.siret.is_empty() {
            text += &format!(" · SIRET {}", head.siret);
        }
        text += match head.mode {
            Mode::Live => "\n",
            Mode::Training => word(("\nMODE ÉCOLE : sans valeur\n", "\nTRAINING: no real sales\n")),
            Mode::Demo => word(("\nDÉMONSTRATION : sans valeur\n", "\nDEMONSTRATION: no real sales\n")),
        };
        let from_to = word((" au ", " to "));
        match self {
            Self::Reading(reading) => {
                let title = word(("Lecture de la journée ouverte (X)", "Reading of the open day (X)"));
                text +=
                    &format!("{title}: {}\n{}{from_to}{}\n", reading.day, reading.opened_at, reading.ends_at);
            }
            Self::Closing(shown) => {
                let (closing, event) = (shown.closing, &shown.closing.event);
                let days = match event.period {
                    Period::Day => event.from.to_string(),
                    Period::Month | Period::Year => format!("{}{from_to}{}", event.from, event.until),
                };
                text += &format!("{} n° {}: {days}\n", word(period(event.period)), event.number);
                text += &format!("{}{from_to}{} ({})\n", event.opened_at, event.ended_at, event.time_zone);
                text += &format!("{}: {}\n", word(("Clôturée le", "Closed at")), closing.closed_at);
            }
        }
        text
    }

    fn sales(&self, head: &Letterhead, language: Language) -> String {
        let word = |words| say(language, words);
        let totals = self.totals();
        let mut rows = Columns::new("<>>>>>>>>");
        rows.row(
            [
                ("Ventes", "Sales"),
                ("TVA %", "VAT %"),
                ("Vendus", "Sold"),
                ("Annulés", "Cancelled"),
                ("Ventes TTC", "Sales gross"),
                ("Retours TTC", "Returns gross"),
                ("TTC", "Gross"),
                ("HT", "Net of VAT"),
                ("TVA", "VAT"),
            ]
            .map(word),
        );
        for total in &totals.sales {
            rows.row([
                word(class(total.class)).to_owned(),
                total.rate.percent(),
                total.sold.to_string(),
                total.cancelled.to_string(),
                head.show(total.sales),
                head.show(total.returns),
                head.show(total.taxed.gross),
                head.show(total.taxed.net),
                head.show(total.taxed.vat),
            ]);
        }
        let taxed: soticket_schema::money::Taxed = totals.sales.iter().map(|total| total.taxed).sum();
        rows.row([
            "Total".to_owned(),
            String::new(),
            String::new(),
            String::new(),
            head.show(totals.sold()),
            head.show(totals.returned()),
            head.show(taxed.gross),
            head.show(taxed.net),
            head.show(taxed.vat),
        ]);
        format!("\n{}", rows.render())
    }

    fn money(&self, head: &Letterhead, language: Language) -> String {
        let word = |words| say(language, words);
        let mut rows = Columns::new("<>>>>");
        rows.row(
            [
                ("Règlements", "Money"),
                ("Nombre", "Count"),
                ("Reçu", "Received"),
                ("Remboursements", "Refunds"),
                ("Rendu", "Returned"),
            ]
            .map(word),
        );
        for total in &self.totals().money {
            rows.row([
                head.method(total.method),
                total.payments.to_string(),
                head.show(total.received),
                total.refunds.to_string(),
                head.show(total.returned),
            ]);
        }
        format!("\n{}", rows.render())
    }

    /// What is in no sale.
    fn apart(&self, head: &Letterhead, language: Language) -> String {
        let word = |words| say(language, words);
        let (prepaid, floats) = (self.totals().prepaid, self.totals().floats);
        let lines: [(Words, Amount); 9] = [
            (("Cartes cadeaux et bons vendus", "Gift cards and vouchers sold"), prepaid.issued),
            (("  repris", "  taken back"), prepaid.cancelled),
            (("  dépensés", "  spent"), prepaid.spent),
            (("  recrédités", "  restored"), prepaid.restored),
            (("  périmés", "  lapsed"), prepaid.lapsed),
            (("Fonds de caisse à l'ouverture", "Floats of tills opened"), floats.opened),
            (("  entrées d'espèces", "  cash put in"), floats.put_in),
            (("  sorties d'espèces", "  cash taken out"), floats.taken_out),
            (("  écarts de caisse", "  cash differences"), floats.differences),
        ];
        let mut rows = Columns::new("<>");
        for (words, amount) in lines.into_iter().filter(|(_, amount)| *amount != Amount::ZERO) {
            rows.row([word(words).to_owned(), head.show(amount)]);
        }
        let table = rows.render();
        if table.is_empty() {
            return String::new();
        }
        format!("\n{}\n{table}", word(("Hors ventes", "Outside sales")))
    }

    fn foot(&self, language: Language) -> String {
        let word = |words| say(language, words);
        let totals = self.totals();
        let mut text = format!(
            "\n{}: {}   {}: {}",
            word(("Commandes", "Orders")),
            totals.orders,
            word(("Enregistrements", "Records")),
            totals.records
        );
        if let (Some(first), Some(last)) = (totals.first, totals.last) {
            text += &format!(" ({first}..{last})");
        }
        text.push('\n');
        if let Self::Closing(ClosingShown { closing, checkpoint }) = self {
            text += &format!("{}: {}\n", word(("Empreinte", "Hash")), closing.hash);
            text += &format!(
                "{}: {}\n",
                word(("Clôture précédente", "Previous closing")),
                closing.event.previous
            );
            if let Some(checkpoint) = checkpoint {
                text += &format!("{}: {checkpoint}\n", word(("Point de contrôle", "Checkpoint")));
            }
        }
        text
    }
}

impl Letterhead {
    fn show(&self, amount: Amount) -> String {
        amount.display(self.currency)
    }
}
