//! Numbers that the interface has for symbologies, and what its status numbers mean.

use soticket_schema::event::v1::{GateDecision, Symbology};

/// The number of a symbology; QR for one that is not known, which readers try first.
pub(super) fn coding(symbology: Symbology) -> u32 {
    match symbology {
        Symbology::Interleaved2of5 => 0,
        Symbology::Pdf417 => 259,
        Symbology::Ean13 => 260,
        Symbology::Code128 => 262,
        Symbology::DataMatrix => 267,
        Symbology::Qr | Symbology::Unknown => 270,
        Symbology::Aztec => 274,
    }
}

/// What a transaction's status says of the person: 0 went through, anything else was turned back.
pub(super) fn decision(status: u32) -> GateDecision {
    match status {
        0 => GateDecision::Admitted,
        _ => GateDecision::Refused,
    }
}

/// What a status means, as far as it is known.
pub(super) fn meaning(status: u32) -> &'static str {
    match status {
        0 => "passed",
        103 => "not allowed",
        105 | 109 => "expired",
        106 => "no whitelist record",
        107 => "checkpoint offline",
        110 | 115 | 120 => "too many entries",
        111..=114 | 116..=119 | 121..=124 => "entered again too soon",
        128 => "blocked",
        133 => "entry without exit",
        142 => "cancelled before",
        _ => "turned back for another reason",
    }
}
