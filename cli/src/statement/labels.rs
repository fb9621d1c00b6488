//! The words of a printed statement, in French and English.

use clap::ValueEnum;

/// Language of a printed statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Language {
    /// French.
    Fr,
    /// English.
    En,
}

/// A word of a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Label {
    Statement,
    Mode,
    Show,
    Hall,
    Rounding,
    RoundedDocument,
    RoundedPerTicket,
    Receipts,
    Tariff,
    Channel,
    Unit,
    Rate,
    Serials,
    Issued,
    Cancelled,
    Net,
    Ttc,
    Ht,
    Vat,
    Paid,
    Free,
    FreeTickets,
    Entries,
    Fees,
    Commissions,
    Beneficiary,
    Basis,
    Reversed,
    OverCap,
    Items,
    Money,
    In,
    Out,
    Scanned,
    NoShow,
    Anomalies,
    Events,
    HeadHash,
    Of,
}

impl Language {
    /// The language of a setting; French unless it says English.
    pub(crate) fn of(setting: &str) -> Self {
        if setting == "en" { Self::En } else { Self::Fr }
    }

    pub(super) fn label(self, label: Label) -> &'static str {
        let (french, english) = words(label);
        match self {
            Self::Fr => french,
            Self::En => english,
        }
    }

    /// The word for why a ticket is free, or for what was not in order at a gate.
    pub(super) fn reason(self, code: &'static str) -> &'static str {
        match self {
            Self::En => code,
            Self::Fr => FRENCH.iter().find(|(known, _)| *known == code).map_or(code, |(_, french)| french),
        }
    }
}

fn words(label: Label) -> (&'static str, &'static str) {
    match label {
        Label::Statement => ("Bordereau de recettes", "Box-office statement"),
        Label::Mode => ("mode", "mode"),
        Label::Show => ("Séance", "Show"),
        Label::Hall => ("Salle", "Hall"),
        Label::Rounding => ("TVA arrondie", "VAT rounded"),
        Label::RoundedDocument => {
            ("sur le total du document (document)", "on the document's total (document)")
        }
        Label::RoundedPerTicket => ("billet par billet (per-ticket)", "ticket by ticket (per-ticket)"),
        Label::Receipts => ("Recettes", "Receipts"),
        Label::Tariff => ("Tarif", "Tariff"),
        Label::Channel => ("Canal", "Channel"),
        Label::Unit => ("Prix", "Price"),
        Label::Rate => ("TVA %", "VAT %"),
        Label::Serials => ("Numéros", "Serials"),
        Label::Issued => ("Émis", "Issued"),
        Label::Cancelled => ("Annulés", "Cancelled"),
        Label::Net => ("Net", "Net"),
        Label::Ttc => ("TTC", "Gross"),
        Label::Ht => ("HT", "Net of VAT"),
        Label::Vat => ("TVA", "VAT"),
        Label::Paid => ("Total payant", "Paid total"),
        Label::Free => ("Total exonéré", "Free total"),
        Label::FreeTickets => ("Billets exonérés", "Free tickets"),
        Label::Entries => ("Entrées", "Entries"),
        Label::Fees => ("Frais en sus (hors recettes)", "Fees on top (outside the receipts)"),
        Label::Commissions => (
            "Commissions (hors TVA à l'organisateur, TTC à l'acheteur)",
            "Commissions (without VAT for the organiser, with VAT for the buyer)",
        ),
        Label::Beneficiary => ("Bénéficiaire", "Earned by"),
        Label::Basis => ("Assiette", "Basis"),
        Label::Reversed => ("Rendu", "Given back"),
        Label::OverCap => {
            ("Billets dont les commissions dépassent le plafond", "Tickets whose commissions exceed the cap")
        }
        Label::Items => (
            "Produits et frais de commande (hors recettes)",
            "Products and order fees (outside the receipts)",
        ),
        Label::Money => ("Encaissements", "Money"),
        Label::In => ("Encaissé", "In"),
        Label::Out => ("Remboursé", "Out"),
        Label::Scanned => ("Billets contrôlés", "Tickets scanned"),
        Label::NoShow => ("Absents", "No-show"),
        Label::Anomalies => ("Anomalies", "Anomalies"),
        Label::Events => ("Événements", "Events"),
        Label::HeadHash => ("Empreinte du dernier", "Hash of the last"),
        Label::Of => ("sur", "of"),
    }
}

/// French words of codes.
const FRENCH: &[(&str, &str)] = &[
    ("inside", "incluse"),
    ("on-top", "en sus"),
    ("buyer", "acheteur"),
    ("organiser", "organisateur"),
    ("artist", "artistes"),
    ("production", "production"),
    ("press", "presse"),
    ("professional", "professionnels"),
    ("partner", "partenaires"),
    ("staff", "personnel"),
    ("school", "scolaires"),
    ("prize", "concours"),
    ("goodwill", "geste commercial"),
    ("prepaid", "prépayés"),
    ("none", "sans motif"),
    ("second-entry", "seconde entrée"),
    ("exit-without-entry", "sortie sans entrée"),
    ("cancelled-ticket", "billet annulé"),
    ("unknown-code", "code inconnu"),
    ("wrong-show", "autre séance"),
    ("refused", "refus"),
    ("admitted-after-refusal", "admis après refus"),
    ("wrong-zone", "autre zone"),
    ("outside-window", "hors des heures de contrôle"),
    ("entered-again", "entré à nouveau"),
    ("entered-too-soon", "entré à nouveau trop tôt"),
    ("replaced-code", "code remplacé"),
];
