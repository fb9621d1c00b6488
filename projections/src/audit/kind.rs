//! Kinds of entries of the audit journal.

use serde::{Deserialize, Serialize};
use soticket_schema::Event;
use soticket_schema::event::v1::{Period, TechnicalKind};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident $text:literal;)+) => {
        /// What an entry of the audit journal is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum AuditKind {$(
            $(#[doc = $doc])+
            $name,
        )+}

        impl AuditKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The kind as data files name it.
            pub fn text(self) -> &'static str {
                match self {$(Self::$name => $text,)+}
            }

            /// What it means.
            pub fn meaning(self) -> &'static str {
                match self {$(Self::$name => concat!($($doc),+).trim_ascii(),)+}
            }
        }
    };
}

kinds! {
    /// The log began.
    FirstUse "FIRST_USE";
    /// The service started.
    Started "STARTED";
    /// The service stopped.
    Stopped "STOPPED";
    /// Somebody signed in.
    SignedIn "SIGNED_IN";
    /// Somebody signed out.
    SignedOut "SIGNED_OUT";
    /// Somebody was not let in.
    SignInRefused "SIGN_IN_REFUSED";
    /// The service refused somebody what they asked, once or more within a minute.
    AccessDenied "ACCESS_DENIED";
    /// An actor, a credential, a token, a key or what they may do changed.
    AccessChanged "ACCESS_CHANGED";
    /// A parameter of the organisation or of its commissions changed.
    ParametersChanged "PARAMETERS_CHANGED";
    /// A price on offer changed.
    PriceChanged "PRICE_CHANGED";
    /// A VAT rate changed.
    VatChanged "VAT_CHANGED";
    /// A ticket was printed again.
    Duplicated "DUPLICATED";
    /// A till opened.
    TillOpened "TILL_OPENED";
    /// A till closed.
    TillClosed "TILL_CLOSED";
    /// A day or month was closed.
    PeriodClosed "PERIOD_CLOSED";
    /// A fiscal year was closed.
    YearClosed "YEAR_CLOSED";
    /// The archive of a fiscal year was made.
    Archived "ARCHIVED";
    /// An archive was checked.
    ArchiveChecked "ARCHIVE_CHECKED";
    /// Data were exported.
    Exported "EXPORTED";
    /// Data of another system were imported.
    Imported "IMPORTED";
    /// Data were purged after they were archived.
    Purged "PURGED";
    /// The data folder was restored from a backup.
    Restored "RESTORED";
    /// Stored data were not what they should be.
    IntegrityFault "INTEGRITY_FAULT";
    /// The clock went backwards.
    ClockWentBack "CLOCK_WENT_BACK";
    /// Training of staff began.
    TrainingBegun "TRAINING_BEGUN";
    /// Training of staff ended.
    TrainingEnded "TRAINING_ENDED";
    /// A point of sale lost its connection.
    OfflineBegun "OFFLINE_BEGUN";
    /// A point of sale is connected again.
    OfflineEnded "OFFLINE_ENDED";
    /// Another version of the program was installed.
    Updated "UPDATED";
    /// Maintenance by the publisher or an operator.
    Maintained "MAINTAINED";
    /// A password was changed.
    PasswordChanged "PASSWORD_CHANGED";
    /// A person was erased.
    SubjectErased "SUBJECT_ERASED";
    /// The keys of the vault changed.
    VaultKeysChanged "VAULT_KEYS_CHANGED";
    /// Personal data were read.
    PersonalDataRead "PERSONAL_DATA_READ";
    /// A purpose, or how long personal data are kept, changed.
    PrivacyChanged "PRIVACY_CHANGED";
}

impl From<TechnicalKind> for AuditKind {
    fn from(kind: TechnicalKind) -> Self {
        match kind {
            TechnicalKind::Started => Self::Started,
            TechnicalKind::Stopped => Self::Stopped,
            TechnicalKind::SignedIn => Self::SignedIn,
            TechnicalKind::SignedOut => Self::SignedOut,
            TechnicalKind::SignInRefused => Self::SignInRefused,
            TechnicalKind::Exported => Self::Exported,
            TechnicalKind::ArchiveChecked => Self::ArchiveChecked,
            TechnicalKind::Purged => Self::Purged,
            TechnicalKind::Restored => Self::Restored,
            TechnicalKind::IntegrityFault => Self::IntegrityFault,
            TechnicalKind::ClockWentBack => Self::ClockWentBack,
            TechnicalKind::Imported => Self::Imported,
            TechnicalKind::TrainingBegun => Self::TrainingBegun,
            TechnicalKind::TrainingEnded => Self::TrainingEnded,
            TechnicalKind::OfflineBegun => Self::OfflineBegun,
            TechnicalKind::OfflineEnded => Self::OfflineEnded,
            TechnicalKind::Updated => Self::Updated,
            TechnicalKind::Maintained => Self::Maintained,
            TechnicalKind::PasswordChanged => Self::PasswordChanged,
        }
    }
}

impl AuditKind {
    /// What an event is in the journal; none for those that are no entry of it.
    pub fn of(event: &Event) -> Option<Self> {
        let kind = match event {
            Event::TechnicalEventNoted(event) => event.what.into(),
            Event::OrganisationOpened(_) => Self::FirstUse,
            Event::OrganisationChanged(_)
            | Event::FiscalYearSet(_)
            | Event::CommissionChanged(_)
            | Event::CommissionEnded(_)
            | Event::CommissionCapSet(_)
            | Event::ProviderPlanEnded(_)
            | Event::ChannelClosed(_)
            | Event::EntryRulesSet(_) => Self::ParametersChanged,
            Event::TariffChanged(_)
            | Event::TariffRulesSet(_)
            | Event::PackChanged(_)
            | Event::CardTypeChanged(_) => Self::PriceChanged,
            Event::TariffVatSet(_) => Self::VatChanged,
            Event::ActorRegistered(_)
            | Event::ActorAssigned(_)
            | Event::CredentialIssued(_)
            | Event::CredentialRevoked(_)
            | Event::TokenIssued(_)
            | Event::TokenRevoked(_)
            | Event::CodeKeyRegistered(_)
            | Event::CodeKeyRetired(_)
            | Event::CheckpointKeyRegistered(_)
            | Event::CheckpointKeyRetired(_)
            | Event::WebhookRegistered(_)
            | Event::WebhookChanged(_)
            | Event::WebhookRetired(_)
            | Event::WebhookSecretRotated(_) => Self::AccessChanged,
            Event::AccessDenied(_) => Self::AccessDenied,
            Event::TicketDuplicated(_) => Self::Duplicated,
            Event::TillOpened(_) => Self::TillOpened,
            Event::TillClosed(_) => Self::TillClosed,
            Event::PeriodClosed(event) if event.period == Period::Year => Self::YearClosed,
            Event::PeriodClosed(_) => Self::PeriodClosed,
            Event::ArchiveMade(_) => Self::Archived,
            Event::SubjectErased(_) => Self::SubjectErased,
            Event::VaultEpochBegun(_) | Event::VaultEpochsDestroyed(_) => Self::VaultKeysChanged,
            Event::PersonalDataRead(_) => Self::PersonalDataRead,
            Event::PurposeRegistered(_) | Event::PurposeChanged(_) | Event::RetentionSet(_) => {
                Self::PrivacyChanged
            }
            _ => return None,
        };
        Some(kind)
    }
}
