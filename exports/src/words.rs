//! Words that every document uses.

use soticket_schema::event::v1::Mode;

use crate::document::State;
use crate::language::Term;

crate::terms! {
    /// Over the state of a document.
    STATE = "state": "État" / "State";
    /// A state.
    PROVISIONAL = "provisional": "Provisoire" / "Provisional";
    /// A state.
    DRAFT = "draft": "Projet" / "Draft";
    /// A state.
    CLOSED = "closed": "Clos" / "Closed";
    /// A state.
    SEALED = "sealed": "Scellé" / "Sealed";
    /// A state.
    SIGNED_OFF = "signed-off": "Validé par les parties" / "Signed off by the parties";
    /// A state.
    PAID = "paid": "Payé" / "Paid";
    /// Mark of a training organisation.
    TRAINING = "training": "Mode école" / "Training";
    /// Mark of a demonstration.
    DEMO = "demo": "Démonstration" / "Demonstration";
    /// Of a live organisation.
    LIVE = "live": "Exploitation réelle" / "Live";
    /// Number of a document.
    NUMBER = "number": "N°" / "No.";
    /// Version of a document.
    VERSION = "version": "Version" / "Version";
    /// Heading of the identification block.
    DOCUMENT = "document": "Document" / "Document";
    /// The issuer.
    ORGANISATION = "organisation": "Exploitant" / "Organiser (exploitant)";
    /// French company register number.
    SIRET = "siret": "SIRET" / "SIRET";
    /// VAT number.
    VAT_NUMBER = "vat-number": "N° TVA" / "VAT No.";
    /// Licence number.
    LICENCE = "licence": "Licence" / "Licence";
    /// Positions that a document rests on.
    LOG_RANGE = "log-range": "Événements" / "Events";
    /// First and last position.
    POSITIONS = "positions": "n° {0} à {1}" / "no. {0} to {1}";
    /// The checkpoint over what a document rests on.
    CHECKPOINT = "checkpoint": "Point de contrôle" / "Checkpoint";
    /// Date of a document.
    RECORDED_AT = "recorded-at": "Arrêté au" / "As of";
    /// Hash of the last event.
    HEAD_HASH = "head-hash": "Empreinte du journal" / "Log head hash";
    /// BLAKE3 of the canonical JSON.
    DOCUMENT_HASH = "document-hash": "Empreinte du document" / "Document hash";
    /// Position of the last event.
    POSITION = "position": "Position" / "Position";
    /// Page n of m.
    PAGE = "page": "Page {0}/{1}" / "Page {0}/{1}";
    /// Where amounts state their currency.
    AMOUNTS_IN = "amounts-in": "montants en {0}" / "amounts in {0}";
    /// Heading of remarks.
    NOTES = "notes": "Notes" / "Notes";
    /// Heading of signatures.
    SIGNATURES = "signatures": "Signatures" / "Signatures";
    /// Where a party signs.
    SIGN_HERE = "sign-here": "Fait à, le, nom, qualité et signature" / "Place, date, name, capacity and signature";
    /// Over the QR code.
    VERIFY = "verify": "Vérifier ce document" / "Verify this document";
    /// What is inside the PDF.
    ATTACHMENT = "attachment": "Le document en données (JSON canonique)" / "The document as data (canonical JSON)";
    /// How a row came about, of one event.
    EVENT_BEHIND = "event-behind": "événement" / "event";
    /// How a row came about.
    EVENTS_BEHIND = "events-behind": "événements" / "events";
    /// Heading of the column that says how rows came about.
    EXPLANATION = "explanation": "Explication" / "Explanation";
    /// Over the mode of an organisation.
    MODE = "mode": "Mode" / "Mode";
    /// More events than are shown.
    AND_MORE = "and-more": "et {0} autres" / "and {0} more";
    /// Role of a row in flat files.
    ROW = "row": "Ligne" / "Row";
    /// Key of a table in flat files.
    TABLE = "table": "Tableau" / "Table";
}

/// The word for a state.
pub(crate) fn state(state: State) -> Term {
    match state {
        State::Provisional => PROVISIONAL,
        State::Draft => DRAFT,
        State::Closed => CLOSED,
        State::Sealed => SEALED,
        State::SignedOff => SIGNED_OFF,
        State::Paid => PAID,
    }
}

/// The word for what an organisation is for.
pub(crate) fn mode(mode: Mode) -> Term {
    match mode {
        Mode::Live => LIVE,
        Mode::Training => TRAINING,
        Mode::Demo => DEMO,
    }
}
