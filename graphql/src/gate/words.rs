//! What the person at the gate is told to do.

use soticket_schema::event::v1::{Direction, ScanReason};

/// An instruction in French and in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Instruction {
    fr: &'static str,
    en: &'static str,
}

/// What to do with a person whose scan was decided like this.
pub(crate) fn instruction(reason: ScanReason, direction: Direction) -> Instruction {
    let (fr, en) = match (reason, direction) {
        (ScanReason::Valid, Direction::Entry) => ("Billet valable : laisser entrer.", "Valid: let in."),
        (ScanReason::Valid, Direction::Exit) => ("Sortie notée.", "Exit noted."),
        (ScanReason::NotInside, _) => {
            ("Sortie sans entrée notée : laisser sortir.", "Left without having entered: let out.")
        }
        (ScanReason::UnknownCode, _) => (
            "Code inconnu : vérifier le billet, envoyer au guichet.",
            "Unknown code: look at the ticket, send to the box office.",
        ),
        (ScanReason::Forged, _) => (
            "Signature fausse : refuser et appeler le responsable.",
            "False signature: refuse and call the manager.",
        ),
        (ScanReason::WrongShow, _) => (
            "Billet d'une autre séance : vérifier la date, refuser.",
            "Ticket for another show: look at the date, refuse.",
        ),
        (ScanReason::Ambiguous, _) => (
            "Code de plusieurs séances : choisir une seule séance et recommencer.",
            "Code of several shows: choose one show and scan again.",
        ),
        (ScanReason::Cancelled, _) => {
            ("Billet annulé : refuser, envoyer au guichet.", "Cancelled: refuse, send to the box office.")
        }
        (ScanReason::Unpaid, _) => {
            ("Commande impayée : envoyer au guichet pour régler.", "Not paid: send to the box office to pay.")
        }
        (ScanReason::CodeReplaced, _) => (
            "Billet cédé à une autre personne : refuser ce code.",
            "Handed to another person: refuse this code.",
        ),
        (ScanReason::TooEarly, _) => {
            ("Contrôle pas encore ouvert : faire patienter.", "Too early: ask to wait.")
        }
        (ScanReason::TooLate, _) => ("Contrôle terminé : refuser.", "Too late: refuse."),
        (ScanReason::WrongZone, _) => {
            ("Autre zone : indiquer la porte de cette zone.", "Another zone: show the way to its gate.")
        }
        (ScanReason::AlreadyInside, _) => (
            "Billet déjà entré : refuser, comparer l'heure du premier passage.",
            "Already inside: refuse, compare the time of the first entry.",
        ),
        (ScanReason::AlreadyUsed, _) => {
            ("Billet déjà utilisé, sans retour possible : refuser.", "Already used, no re-entry: refuse.")
        }
        (ScanReason::TooSoon, _) => (
            "Entré il y a un instant : attendre ou appeler le responsable.",
            "Entered a moment ago: wait, or call the manager.",
        ),
    };
    Instruction { fr, en }
}
