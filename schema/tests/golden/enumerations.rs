//! The number that each variant of an enumeration has in a payload. Variants are only ever added at the end.

use std::fmt::Write as _;
use std::fs;

use bincode::Encode;
use soticket_schema::codec;
use soticket_schema::event::v1::*;
use soticket_schema::ids::{ChannelId, PartyId, ProductId};
use soticket_schema::money::Rounding;

/// Lists the variants of enumerations and fails to compile when one is forgotten.
macro_rules! enumerations {
    ($($name:ident { $($variant:ident $(($($field:expr),+))?),+ $(,)? })+) => {{
        let mut text = String::new();
        $(
            let _exhaustive = |value: $name| match value {$($name::$variant { .. } => {})+};
            $(number(&mut text, stringify!($name), stringify!($variant), &$name::$variant $(($($field),+))?);)+
        )+
        text
    }};
}

fn number<T: Encode>(text: &mut String, name: &str, variant: &str, value: &T) {
    let bytes = codec::encode(value).unwrap();
    let _ = writeln!(text, "{name} {} {variant}", bytes[0]);
}

fn numbers() -> String {
    enumerations! {
        Mode { Live, Training, Demo }
        SerialScope { Organisation, Show, ShowTariffZone }
        Rounding { Document, PerTicket }
        ActorKind { Token, User, Device, Importer }
        TariffKind { Full, Reduced, Subscriber, Pack, Free }
        CompReason {
            Artist, Production, Press, Professional, Partner, Staff, School, Prize, Goodwill, Prepaid,
        }
        ChannelKind { OwnSite, BoxOffice, RemoteBoxOffice, Network }
        MethodKind {
            Card, Cash, Cheque, Transfer, DirectDebit, GiftCard, Voucher, Network, Pack, Other,
        }
        ProductKind { Card, Pack, GiftCard, Voucher, Merchandise, Donation, Other }
        Places { Count(0), Seats(Vec::new()) }
        CodeIssuer { House, Channel(ChannelId(0)), Import }
        Symbology { Qr, Code128, Ean13, Interleaved2of5, Aztec, Pdf417, DataMatrix, Unknown }
        FeeKind { Service, Shipping, Payment, Cancellation, Insurance, GiftCard, Other }
        ItemKind { Product(ProductId(0)), Fee(FeeKind::Service) }
        CancelReason { Customer, Exchange, ShowCancelled, Unpaid, Mistake, Reported, ShowChanged }
        ReportSource { Network, Import }
        Flag {
            OverQuota, OverCapacity, SeatTaken, OutsideSale, OtherPrice, ChannelClosed, ClockAhead, CodeTaken,
            TariffRule, OverCompQuota,
        }
        Eligibility { Anyone, Card, Proof(String::new()), Group(0) }
        CompBasis { Capacity, Sold }
        Direction { Entry, Exit }
        GateDecision { Admitted, Refused, Unstated }
        ReEntry { Never, AfterExit, Free }
        ScanReason {
            Valid, UnknownCode, Forged, WrongShow, Ambiguous, Cancelled, Unpaid, TooEarly, TooLate, WrongZone,
            AlreadyInside, AlreadyUsed, TooSoon, NotInside, CodeReplaced,
        }
        Beneficiary { Organisation, Channel, Party(PartyId(0)) }
        Payer { Buyer, Organiser }
        CommissionMode { Inside, OnTop }
        CommissionBasis { Face, FaceWithoutVat, Paid, PerTicket, PerOrder, Residual }
        OnRefund { Kept, Reversed }
        OnFree { Exempt, Charged }
        SellerRole { WebShop, BoxOffice, RemoteBoxOffice, Network }
        CashDirection { In, Out }
        CashReason { Change, Deposit, Expense, Correction, Other }
        Period { Day, Month, Year }
        SaleClass { Face, FeeOnTop, Item }
        TechnicalKind {
            Started, Stopped, SignedIn, SignedOut, SignInRefused, Exported, ArchiveChecked, Purged, Restored,
            IntegrityFault, ClockWentBack, Imported, TrainingBegun, TrainingEnded, OfflineBegun, OfflineEnded,
            Updated, Maintained
        }
    }
}

#[test]
fn variants_keep_their_numbers() {
    let path = crate::file::folder().join("enumerations.txt");
    let now = numbers();
    match fs::read_to_string(&path) {
        Ok(stored) => {
            for line in stored.lines() {
                assert!(
                    now.lines().any(|present| present == line),
                    "`{line}` changed: logs hold these numbers"
                );
            }
            assert!(stored == now, "add the new variants to {}:\n{now}", path.display());
        }
        Err(_) if std::env::var("GOLDEN").as_deref() == Ok("write") => fs::write(&path, now).unwrap(),
        Err(_) => panic!("{} is missing: run with GOLDEN=write once", path.display()),
    }
}
