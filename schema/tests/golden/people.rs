//! Samples of profiles, consents, reads of personal data and periods of retention.

use soticket_schema::event::Event;
use soticket_schema::event::v1::*;
use soticket_schema::ids::{PurposeId, SubjectRef, TokenId};

pub(crate) fn people() -> Vec<Event> {
    let subject = SubjectRef([0x52; 16]);
    let purpose = PurposeId(2);
    let terms = PurposeTerms {
        name: "Lettre d'information".into(),
        wording: "J'accepte de recevoir la lettre d'information de la salle par courriel.".into(),
    };
    vec![
        ProfileChanged {
            subject,
            set: vec![ProfileField::Email, ProfileField::Country],
            cleared: vec![ProfileField::Telephone],
            by_person: true,
        }
        .into(),
        PurposeRegistered { purpose, key: "newsletter".into(), terms: terms.clone() }.into(),
        PurposeChanged { purpose, version: 2, terms, open: false }.into(),
        ConsentGiven { subject, purpose, version: 2, source: ConsentSource::WebForm }.into(),
        ConsentWithdrawn { subject, purpose, source: ConsentSource::Link }.into(),
        PersonalDataRead {
            access: PersonalAccess::Segment,
            purpose: Some(purpose),
            subject: None,
            subjects: 1_000,
            token: Some(TokenId(3)),
        }
        .into(),
        RetentionSet {
            class: RetentionClass::Prospect,
            months: 24,
            source: "Advice of the data protection officer, 2026-05-04".into(),
        }
        .into(),
    ]
}
