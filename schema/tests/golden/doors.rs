//! Samples of gates and their devices, of webhooks, sellers, tills and the end of quotas.

use soticket_schema::event::Event;
use soticket_schema::event::v1::*;
use soticket_schema::hash::Hash;
use soticket_schema::ids::*;
use soticket_schema::money::Amount;
use soticket_schema::ticket_code::PublicKey;
use soticket_schema::time::Timestamp;

pub(crate) fn gate() -> Vec<Event> {
    let (device, credential) = (ActorId(7), CredentialId(4));
    vec![
        CodeKeyRegistered { key: CodeKeyId(2), public: PublicKey([0x9a; 32]) }.into(),
        CodeKeyRetired { key: CodeKeyId(1), trusted: true }.into(),
        GateZonesSet { gate: GateId(1), show: Some(ShowId(1)), zones: vec![ZoneId(1), ZoneId(2)] }.into(),
        CredentialIssued {
            credential,
            device,
            hash: CredentialHash([0xcd; 16]),
            gate: GateId(1),
            expires_at: Some(Timestamp(1_781_000_000_000_000)),
        }
        .into(),
        CredentialRevoked { credential, device }.into(),
    ]
}

/// Samples of tokens, and of what is noted of those who ask.
pub(crate) fn tokens() -> Vec<Event> {
    let (token, holder, minute) = (TokenId(3), ActorId(7), Timestamp(1_773_511_020_000_000));
    vec![
        TokenIssued {
            token,
            holder,
            role: TokenRole::Accountant,
            label: "comptabilite".into(),
            proof: TokenProof::Password,
            hash: Hash([0x4d; 32]),
            expires_at: Some(Timestamp(1_781_000_000_000_000)),
        }
        .into(),
        TokenRevoked { token, holder }.into(),
        AccessDenied {
            asker: holder,
            token: Some(token),
            reason: DenialReason::RoleNotAllowed,
            minute,
            count: 12,
        }
        .into(),
    ]
}

pub(crate) fn checkpoint_keys() -> Vec<Event> {
    vec![
        CheckpointKeyRegistered {
            key: CheckpointKeyId(1),
            origin: "ledger.example.org/0b5e".into(),
            public: PublicKey([0x3c; 32]),
        }
        .into(),
        CheckpointKeyRetired { key: CheckpointKeyId(1) }.into(),
    ]
}

pub(crate) fn webhooks() -> Vec<Event> {
    let webhook = WebhookId(3);
    let terms = WebhookTerms { url: "https://erp.example.org/hooks".into(), kinds: vec![70, 71, 300] };
    vec![
        WebhookRegistered { webhook, terms: terms.clone(), from: 70_000 }.into(),
        WebhookChanged { webhook, terms: WebhookTerms { kinds: Vec::new(), ..terms } }.into(),
        WebhookRetired { webhook }.into(),
        WebhookSecretRotated { webhook, secret: 2, previous_until: Timestamp(1_781_000_000_000_000) }.into(),
        WebhookReplayed { webhook, from: Some(12), to: Some(70_000) }.into(),
    ]
}

pub(crate) fn entry() -> Vec<Event> {
    let rules = EntryRules {
        lead_minutes: 60,
        tail_minutes: 360,
        from: Some(Timestamp(1_773_511_000_000_000)),
        until: Some(Timestamp(1_773_525_000_000_000)),
        re_entry: ReEntry::Free,
        passback_seconds: 300,
        admit_unpaid: true,
    };
    vec![
        ScanJudged {
            show: ShowId(1),
            device: ActorId(7),
            nonce: 100_000,
            ticket: Some(TicketId(40)),
            reason: ScanReason::WrongZone,
        }
        .into(),
        EntryRulesSet { show: Some(ShowId(1)), rules }.into(),
    ]
}

pub(crate) fn quota_end() -> Vec<Event> {
    let (show, zone, channel) = (ShowId(1), ZoneId(2), ChannelId(3));
    vec![
        QuotaReturned { show, zone, channel, places: Places::Seats(vec![SeatId(0), SeatId(300)]) }.into(),
        QuotaDeadlineSet { show, zone, channel, returns_at: Some(Timestamp(1_773_500_000_000_000)) }.into(),
        QuotasExpired { show, quotas: vec![ExpiredQuota { zone, channel }] }.into(),
    ]
}

pub(crate) fn seller() -> Vec<Event> {
    let channels = vec![ChannelId(1), ChannelId(300)];
    vec![ActorAssigned { actor: ActorId(7), role: SellerRole::RemoteBoxOffice, channels }.into()]
}

pub(crate) fn till() -> Vec<Event> {
    let session = TillSessionId(5);
    let opened = TillOpened {
        session,
        channel: ChannelId(2),
        till: "guichet 1".into(),
        operator: ActorId(7),
        cash: MethodId(2),
        float: Amount(15_000),
    };
    let moved = TillCashMoved {
        session,
        direction: CashDirection::Out,
        reason: CashReason::Deposit,
        amount: Amount(50_000),
    };
    let line = TillLine {
        method: MethodId(2),
        payments: Amount(62_400),
        returns: Amount(2_400),
        expected: Amount(25_000),
        counted: Some(Amount(24_980)),
    };
    vec![opened.into(), moved.into(), TillClosed { session, lines: vec![line] }.into()]
}
