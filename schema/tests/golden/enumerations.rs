//! The number that each variant of an enumeration has in a payload. Variants are only ever added at the end.

use std::fmt::Write as _;
use std::fs;

use bincode::Encode;
use soticket_schema::codec;
use soticket_schema::event::v1::*;
use soticket_schema::ids::{ChannelId, MethodId, PartyId, ProductId};
use soticket_schema::money::{Amount, Rate, Rounding, UnitPrice};

/// Lists the variants of enumerations and fails to compile when one is forgotten.
macro_rules! enumerations {
    ($($name:ident { $($variant:ident $(($($field:expr),+))? $([$($part:ident: $value:expr),+])?),+ $(,)? })+) => {{
        let mut text = String::new();
        $(
            let _exhaustive = |value: $name| match value {$($name::$variant { .. } => {})+};
            $(number(&mut text, stringify!($name), stringify!($variant), &$name::$variant $(($($field),+))? $({ $($part: $value),+ })?);)+
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
        SettledRole {
            Receipts, Levy, Royalty, Contribution, Commission, PaymentCost, Cost, Share, Own, Subtotal,
        }
        DealRule {
            Receipts(Takings {
                measure: Measure::WithVat,
                channels: Vec::new(),
                channel_kinds: Vec::new(),
                tariff_kinds: Vec::new(),
            }),
            Share[of: String::new(), rate: DealRate::Stated(Rate(0))],
            Commissions[channels: Vec::new()],
            Units[unit: DealUnit::Entries, price: UnitPrice(0)],
            Costs[categories: Vec::new(), borne_by: None],
            Fixed[amount: Amount(0)],
            Sum[add: Vec::new(), less: Vec::new()],
            Excess[of: String::new(), over: String::new()],
            Greatest[of: Vec::new()],
            Least[of: Vec::new()],
            Tiers[of: String::new(), tiers: Vec::new()],
            Bonus[on: BonusBasis::Entries, thresholds: Vec::new()],
            Difference[of: String::new(), less: Vec::new()],
        }
        Measure { WithoutVat, WithVat, Vat }
        DealRate { Stated(Rate(0)), Dated(String::new()) }
        DealUnit {
            Payments[methods: Vec::new(), channel_kinds: Vec::new()], PaidTickets, FreeTickets, Entries,
        }
        BonusBasis { Entries, PaidTickets, Step(String::new()) }
        StepRounding { Minor, MinorDown, Major }
        SettlementFileKind { Json, Pdf, Xlsx, Csv, Signed }
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
        SettledRole {
            Receipts, Levy, Royalty, Contribution, Commission, PaymentCost, Cost, Share, Own, Subtotal,
        }
        AccountRole {
            Receipts, Advances, VatCollected, VatPending, VatDeductible, Customers, Clearing, ChannelCurrent,
            PartyCurrent, PassClearing, OwnFees, CardAdvances, CardRevenue, StoredValues, Breakage, Merchandise,
            Donations, OtherRevenue, Commissions, Royalties, Contributions, Levies, LevyPayable, Costs, Shares,
            PaymentCosts, Payables, Bank, CashGains, CashLosses, InternalTransfers, Suspense,
        }
        AccountKey {
            Any, Rate(Rate(0)), Kind(MethodKind::Card), Method(MethodId(0)), Channel(ChannelId(0)),
            Party(PartyId(0)),
        }
        Book { Sales, Purchases, Bank, Cash, General }
        VatDue { OnSale, OnPerformance }
        Period { Day, Month, Year }
        SaleClass { Face, FeeOnTop, Item }
        TechnicalKind {
            Started, Stopped, SignedIn, SignedOut, SignInRefused, Exported, ArchiveChecked, Purged, Restored,
            IntegrityFault, ClockWentBack, Imported, TrainingBegun, TrainingEnded, OfflineBegun, OfflineEnded,
            Updated, Maintained, PasswordChanged
        }
        ErasureReason { Request, RetentionOver, ConsentWithdrawn, TakenInError }
        ProfileField { Email, Name, Telephone, Language, PostalCode, Country }
        ConsentSource { WebForm, BoxOffice, Telephone, Paper, Link, Import }
        PersonalAccess { Viewed, Segment, Portability }
        RetentionClass { Prospect, Customer }
        TokenRole {
            Owner, BoxOffice, RemoteBoxOffice, WebShop, Network, Accountant, Auditor, Dashboard,
        }
        TokenProof { Secret, Password }
        DenialReason {
            TokenEnded, RoleNotAllowed, ActorNotAllowed, OrganisationNotAllowed, RateExceeded, PasswordWrong,
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
