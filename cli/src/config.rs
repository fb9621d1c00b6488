//! Settings: a flag wins over the environment, the environment over the file, the file over the default.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde::{Deserialize, Serialize};
use soticket_graphql::{ConfiguredToken, OpenIdSettings, OrganisationToken, Tls, WeakToken, WebhookOptions};
use soticket_ledger::proof::{KeyKind, PublishOptions, VerifierKey};
use soticket_schema::OrganisationId;
use soticket_witness::WitnessAddress;

use crate::failure::{Exit, Failure};

/// The file that is read when none is named and it is there.
const DEFAULT_FILE: &str = "soticket.toml";
/// Longest time that backups are kept.
const BACKUP_DAYS_MAX: u32 = 3_650;
const DAY_SECONDS: u64 = 24 * 60 * 60;

/// Settings as flags and environment variables.
#[derive(Args, Clone, Debug, Default)]
pub struct Flags {
    /// Data folder
    #[arg(long, global = true, env = "SOTICKET_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Folder of the vault's keys, outside the data folder [default: DIR-keys beside it]
    #[arg(long, global = true, env = "SOTICKET_KEYS", value_name = "DIR")]
    pub keys: Option<PathBuf>,
    /// Cache of the store, in MiB [default: 64]
    #[arg(long, global = true, env = "SOTICKET_CACHE_MIB", value_name = "MIB")]
    pub cache_mib: Option<u64>,
    /// Commands that may wait [default: 8192]
    #[arg(long, global = true, env = "SOTICKET_QUEUE", value_name = "COUNT")]
    pub queue: Option<usize>,
    /// Days that backups are kept: the keys of persons who were erased are destroyed after that, and with them what
    /// backups hold [default: 30]
    #[arg(long, global = true, env = "SOTICKET_BACKUP_DAYS", value_name = "DAYS")]
    pub backup_days: Option<u32>,
    /// Whether the service erases persons by itself once their data may be kept no longer; it only tells how many are due
    /// otherwise [default: false]
    #[arg(long, global = true, env = "SOTICKET_RETENTION", value_name = "BOOL")]
    pub retention: Option<bool>,
    /// Log filter, such as warn or soticket_graphql=debug [default: warn, info when serving]
    #[arg(long, global = true, env = "SOTICKET_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// Token of an organisation's closing statements, as ORGANISATION:TOKEN; several in the settings file
    #[arg(
        long,
        global = true,
        env = "SOTICKET_CLOSING_STATEMENTS",
        value_name = "ID:TOKEN",
        hide_env_values = true
    )]
    pub closing_statements: Option<String>,
    /// Folder that logs are published in as plain files [default: published in the data folder]
    #[arg(long, global = true, env = "SOTICKET_PUBLISHED", value_name = "DIR")]
    pub published: Option<PathBuf>,
    /// What the names of published logs begin with: a URL without scheme. A log keeps the name of its first checkpoint
    /// [default: localhost]
    #[arg(long, global = true, env = "SOTICKET_ORIGIN", value_name = "NAME")]
    pub origin: Option<String>,
    /// Token that opens the records of an organisation's published log to an auditor, as ORGANISATION:TOKEN; several in
    /// the settings file
    #[arg(long, global = true, env = "SOTICKET_AUDITORS", value_name = "ID:TOKEN", hide_env_values = true)]
    pub auditors: Option<String>,
    /// Token of an administrator of the cooperative, who opens organisations and reads metrics; several in the settings
    /// file
    #[arg(
        long,
        global = true,
        env = "SOTICKET_ADMINISTRATORS",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    pub administrators: Option<String>,
    /// Points that whoever holds a token may spend in a minute [default: 120000]
    #[arg(long, global = true, env = "SOTICKET_RATE_LIMIT", value_name = "POINTS")]
    pub rate_limit: Option<u32>,
    /// Authority that timestamps checkpoints (RFC 3161), as a URL
    #[arg(long, global = true, env = "SOTICKET_TSA", value_name = "URL")]
    pub tsa: Option<String>,
    /// Certificates that the authority's is issued under, as PEM
    #[arg(long, global = true, env = "SOTICKET_TSA_ROOTS", value_name = "FILE")]
    pub tsa_roots: Option<PathBuf>,
    /// Certificate with its chain, as PEM: serve over TLS. A renewed one is taken without a restart
    #[arg(long, global = true, env = "SOTICKET_TLS_CERTIFICATE", value_name = "FILE")]
    pub tls_certificate: Option<PathBuf>,
    /// Key of the certificate, as PEM
    #[arg(long, global = true, env = "SOTICKET_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// A proxy in front of the service ends TLS: serve to other machines without it, and give cookies only over TLS
    #[arg(long, global = true, env = "SOTICKET_BEHIND_TLS")]
    pub behind_tls: bool,
    /// Documents that clients may name by their SHA-256: a JSON object of texts by hash, as code generators write it
    #[arg(long, global = true, env = "SOTICKET_TRUSTED_DOCUMENTS", value_name = "FILE")]
    pub trusted_documents: Option<PathBuf>,
    /// Run no other documents than those
    #[arg(long, global = true, env = "SOTICKET_TRUSTED_ONLY")]
    pub trusted_only: bool,
    /// Deliver webhooks to addresses of this machine and its networks too: whoever registers one can then reach services
    /// that are not public
    #[arg(long, global = true, env = "SOTICKET_WEBHOOKS_ALLOW_PRIVATE")]
    pub webhooks_allow_private: bool,
    /// Settings file [default: ./soticket.toml if there is one]
    #[arg(long, global = true, env = "SOTICKET_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Settings as the file has them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    data: Option<PathBuf>,
    keys: Option<PathBuf>,
    cache_mib: Option<u64>,
    queue: Option<usize>,
    backup_days: Option<u32>,
    retention: Option<bool>,
    log: Option<String>,
    listen: Option<String>,
    lang: Option<String>,
    published: Option<PathBuf>,
    origin: Option<String>,
    checkpoint_seconds: Option<u64>,
    #[serde(default)]
    auditors: Vec<String>,
    #[serde(default)]
    closing_statements: Vec<String>,
    #[serde(default)]
    administrators: Vec<String>,
    rate_limit: Option<u32>,
    tsa: Option<String>,
    tsa_roots: Option<PathBuf>,
    #[serde(default)]
    witnesses: Vec<WitnessSetting>,
    webhooks_allow_private: Option<bool>,
    webhooks_suspend_hours: Option<u64>,
    tls_certificate: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    behind_tls: Option<bool>,
    trusted_documents: Option<PathBuf>,
    trusted_only: Option<bool>,
    #[serde(default)]
    openid: Vec<OpenIdSetting>,
}

/// A provider that vouches for who signs in to an organisation.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenIdSetting {
    /// The organisation.
    organisation: String,
    /// The provider's issuer, as a URL.
    issuer: String,
    /// What the service is known to it as.
    client: String,
    /// What the service proves itself with.
    secret: String,
    /// `/session/openid/back` of the service, as browsers reach it.
    redirect: String,
}

/// Secrets are not printed.
impl std::fmt::Debug for OpenIdSetting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenIdSetting").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// A witness that checkpoints are submitted to.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessSetting {
    /// Its verifier key.
    pub key: String,
    /// Where its `add-checkpoint` is.
    pub url: String,
}

/// The settings that apply.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Config {
    /// Data folder; most commands need one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// Folder of the vault's keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<PathBuf>,
    /// Cache of the store, in MiB.
    pub cache_mib: u64,
    /// Commands that may wait.
    pub queue: usize,
    /// Days that backups are kept.
    pub backup_days: u32,
    /// Whether the service erases by itself whose time is over.
    pub retention: bool,
    /// Log filter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// Address to serve on.
    pub listen: String,
    /// Language of statements.
    pub lang: String,
    /// Folder that logs are published in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<PathBuf>,
    /// What the names of published logs begin with.
    pub origin: String,
    /// Seconds between two checkpoints of a service.
    pub checkpoint_seconds: u64,
    /// Tokens of auditors, as `ORGANISATION:TOKEN`: secrets, which are never printed.
    #[serde(skip)]
    pub auditors: Vec<String>,
    /// Tokens of closing statements, as `ORGANISATION:TOKEN`: secrets, which are never printed.
    #[serde(skip)]
    pub closing_statements: Vec<String>,
    /// Tokens of administrators of the cooperative: secrets, which are never printed.
    #[serde(skip)]
    pub administrators: Vec<String>,
    /// Points that whoever holds a token may spend in a minute.
    pub rate_limit: u32,
    /// Authority that timestamps checkpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tsa: Option<String>,
    /// Certificates that the authority's is issued under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tsa_roots: Option<PathBuf>,
    /// Witnesses that checkpoints are submitted to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<WitnessSetting>,
    /// Whether webhooks are delivered to addresses that are not public.
    pub webhooks_allow_private: bool,
    /// Hours that the delivery to a webhook may fail before it is suspended.
    pub webhooks_suspend_hours: u64,
    /// Certificate to serve over TLS with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_certificate: Option<PathBuf>,
    /// Its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_key: Option<PathBuf>,
    /// Whether a proxy ends TLS.
    pub behind_tls: bool,
    /// Documents that clients may name by their hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_documents: Option<PathBuf>,
    /// Whether no others are run.
    pub trusted_only: bool,
    /// Providers that vouch for who signs in: they hold secrets, which are never printed.
    #[serde(skip)]
    pub openid: Vec<OpenIdSetting>,
}

impl Config {
    /// The settings that apply under these flags.
    ///
    /// # Errors
    /// The file cannot be read or has keys that nobody knows, or a number is out of range.
    pub(crate) fn load(flags: &Flags) -> Result<Self, Failure> {
        let file = match &flags.config {
            Some(file) => Some(read(file)?),
            None if Path::new(DEFAULT_FILE).is_file() => Some(read(Path::new(DEFAULT_FILE))?),
            None => None,
        };
        let stored = file.unwrap_or_default();
        let config = Self {
            data: flags.data.clone().or(stored.data),
            keys: flags.keys.clone().or(stored.keys),
            cache_mib: flags.cache_mib.or(stored.cache_mib).unwrap_or(64),
            queue: flags.queue.or(stored.queue).unwrap_or(8_192),
            backup_days: flags.backup_days.or(stored.backup_days).unwrap_or(30),
            retention: flags.retention.or(stored.retention).unwrap_or(false),
            log: flags.log.clone().or(stored.log),
            listen: stored.listen.unwrap_or_else(|| "127.0.0.1:8080".to_owned()),
            lang: stored.lang.unwrap_or_else(|| "fr".to_owned()),
            published: flags.published.clone().or(stored.published),
            origin: flags.origin.clone().or(stored.origin).unwrap_or_else(|| "localhost".to_owned()),
            checkpoint_seconds: stored.checkpoint_seconds.unwrap_or(10),
            auditors: match &flags.auditors {
                Some(token) => vec![token.clone()],
                None => stored.auditors,
            },
            closing_statements: match &flags.closing_statements {
                Some(token) => vec![token.clone()],
                None => stored.closing_statements,
            },
            administrators: match &flags.administrators {
                Some(token) => vec![token.clone()],
                None => stored.administrators,
            },
            rate_limit: flags.rate_limit.or(stored.rate_limit).unwrap_or(120_000),
            tsa: flags.tsa.clone().or(stored.tsa),
            tsa_roots: flags.tsa_roots.clone().or(stored.tsa_roots),
            witnesses: stored.witnesses,
            webhooks_allow_private: flags.webhooks_allow_private
                || stored.webhooks_allow_private.unwrap_or(false),
            webhooks_suspend_hours: stored.webhooks_suspend_hours.unwrap_or(72),
            tls_certificate: flags.tls_certificate.clone().or(stored.tls_certificate),
            tls_key: flags.tls_key.clone().or(stored.tls_key),
            behind_tls: flags.behind_tls || stored.behind_tls.unwrap_or(false),
            trusted_documents: flags.trusted_documents.clone().or(stored.trusted_documents),
            trusted_only: flags.trusted_only || stored.trusted_only.unwrap_or(false),
            openid: stored.openid,
        };
        config.check()
    }

    fn check(self) -> Result<Self, Failure> {
        let within = |ok: bool, what: &str| {
            if ok { Ok(()) } else { Err(Failure::new(Exit::Usage, "SETTING_INVALID", what)) }
        };
        within((1..=1 << 20).contains(&self.cache_mib), "cache_mib: set 1 to 1048576")?;
        within((1..=1 << 20).contains(&self.queue), "queue: set 1 to 1048576")?;
        within((1..=86_400).contains(&self.checkpoint_seconds), "checkpoint_seconds: set 1 to 86400")?;
        within((100..=1 << 30).contains(&self.rate_limit), "rate_limit: set 100 to 1073741824")?;
        within((1..=8_760).contains(&self.webhooks_suspend_hours), "webhooks_suspend_hours: set 1 to 8760")?;
        within(self.backup_days <= BACKUP_DAYS_MAX, "backup_days: set 0 to 3650")?;
        // The longest name of a log below it must still fit in a note's key name.
        let named = VerifierKey::new(&self.origin, KeyKind::Log, [0; 32]).is_ok() && self.origin.len() <= 200;
        within(named, "origin: set a URL without scheme, such as ledger.venue.example, without spaces or +")?;
        let both = self.tls_certificate.is_some() == self.tls_key.is_some();
        within(both, "tls_key: set it together with tls_certificate")?;
        let named = !self.trusted_only || self.trusted_documents.is_some();
        within(named, "trusted_only: set trusted_documents as well")?;
        within(["fr", "en"].contains(&self.lang.as_str()), "lang: set fr or en")?;
        Ok(self)
    }

    /// Providers that vouch for who signs in.
    ///
    /// # Errors
    /// One is of no organisation, or is not reached over TLS.
    pub(crate) fn openid(&self) -> Result<Vec<OpenIdSettings>, Failure> {
        let invalid = |what: &str| Failure::new(Exit::Usage, "SETTING_INVALID", format!("openid: {what}"));
        // What is vouched for without TLS could be vouched for by anybody on the way; on the machine itself nobody is.
        let safe = |url: &str| {
            let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
            url.starts_with("https://") || local.iter().any(|local| url.starts_with(local))
        };
        let read = |setting: &OpenIdSetting| {
            let OpenIdSetting { organisation, issuer, client, secret, redirect } = setting.clone();
            let organisation = OrganisationId::parse(&organisation)
                .ok_or_else(|| invalid("organisation: set an organisation's UUID"))?;
            if !safe(&issuer) {
                return Err(invalid("issuer: set a URL that begins with https://"));
            }
            if !safe(&redirect) || !redirect.ends_with("/session/openid/back") {
                return Err(invalid("redirect: set https://…/session/openid/back of this service"));
            }
            Ok(OpenIdSettings { organisation, issuer, client, secret, redirect })
        };
        self.openid.iter().map(read).collect()
    }

    /// Certificate and key, if the service is to speak TLS.
    ///
    /// # Errors
    /// They cannot be read or used.
    pub(crate) fn tls(&self) -> Result<Option<Arc<Tls>>, Failure> {
        let (Some(certificate), Some(key)) = (&self.tls_certificate, &self.tls_key) else { return Ok(None) };
        let opened = Tls::open(certificate.clone(), key.clone());
        opened.map(|tls| Some(Arc::new(tls))).map_err(|error| {
            Failure::new(
                Exit::Usage,
                "TLS_REFUSED",
                format!("{error}: check --tls-certificate and --tls-key"),
            )
        })
    }

    /// How long backups are kept.
    pub(crate) fn backup_window(&self) -> Duration {
        Duration::from_secs(u64::from(self.backup_days) * DAY_SECONDS)
    }

    /// The tokens of closing statements.
    ///
    /// # Errors
    /// One is no `ORGANISATION:TOKEN`, or can be guessed.
    pub(crate) fn closing_statements(&self) -> Result<Vec<OrganisationToken>, Failure> {
        tokens("closing_statements", &self.closing_statements)
    }

    /// The tokens of administrators of the cooperative.
    ///
    /// # Errors
    /// One can be guessed.
    pub(crate) fn administrators(&self) -> Result<Vec<ConfiguredToken>, Failure> {
        let read = |token: &String| {
            let refused = |error: WeakToken| {
                Failure::new(Exit::Usage, "SETTING_INVALID", format!("administrators: {error}"))
            };
            ConfiguredToken::administrator(token).map_err(refused)
        };
        self.administrators.iter().map(read).collect()
    }

    /// The tokens of auditors.
    ///
    /// # Errors
    /// As [`Self::closing_statements`].
    pub(crate) fn auditors(&self) -> Result<Vec<OrganisationToken>, Failure> {
        tokens("auditors", &self.auditors)
    }

    /// Where and under which name logs are published.
    ///
    /// # Errors
    /// There is no data folder.
    pub(crate) fn publishing(&self) -> Result<PublishOptions, Failure> {
        let data = self.data()?;
        let keys = self.keys.clone().unwrap_or_else(|| soticket_ledger::keys_beside(data));
        Ok(PublishOptions {
            folder: self.published_folder()?,
            promises: keys.join("promises"),
            origin: self.origin.clone(),
        })
    }

    /// The folder of published logs, which needs no ledger.
    ///
    /// # Errors
    /// Neither it nor a data folder is named.
    pub(crate) fn published_folder(&self) -> Result<PathBuf, Failure> {
        match &self.published {
            Some(folder) => Ok(folder.clone()),
            None => Ok(self.data()?.join("published")),
        }
    }

    /// How webhooks are delivered.
    ///
    /// # Errors
    /// There is no data folder.
    pub(crate) fn webhooks(&self) -> Result<WebhookOptions, Failure> {
        Ok(WebhookOptions {
            allow_private: self.webhooks_allow_private,
            suspend_after: Duration::from_secs(self.webhooks_suspend_hours * 60 * 60),
            ..WebhookOptions::new(self.data()?.join("webhooks"))
        })
    }

    /// The witnesses that checkpoints are submitted to.
    ///
    /// # Errors
    /// A key is none of a witness, or one member stands twice.
    pub(crate) fn witnesses(&self) -> Result<Vec<WitnessAddress>, Failure> {
        let invalid =
            |message: String| Failure::new(Exit::Usage, "SETTING_INVALID", format!("witnesses: {message}"));
        let mut witnesses: Vec<WitnessAddress> = Vec::new();
        for WitnessSetting { key, url } in &self.witnesses {
            let key: VerifierKey = key.parse().map_err(|error| invalid(format!("{key}: {error}")))?;
            if key.kind() != KeyKind::Cosignature {
                return Err(invalid(format!("{key} is the key of a log, not of a witness")));
            }
            if witnesses
                .iter()
                .any(|known| known.key.public() == key.public() || known.key.name() == key.name())
            {
                return Err(invalid(format!("{} stands twice: one member is one witness", key.name())));
            }
            witnesses.push(WitnessAddress { key, url: url.clone() });
        }
        Ok(witnesses)
    }

    /// The data folder.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn data(&self) -> Result<&Path, Failure> {
        self.data.as_deref().ok_or_else(|| {
            Failure::new(Exit::Usage, "DATA_MISSING", "name the data folder with --data DIR or SOTICKET_DATA")
        })
    }
}

fn tokens(setting: &str, texts: &[String]) -> Result<Vec<OrganisationToken>, Failure> {
    let read = |text: &String| {
        let (organisation, token) = text.split_once(':')?;
        OrganisationToken::new(OrganisationId::parse(organisation)?, token).ok()
    };
    let invalid = || {
        let message = format!("{setting}: set ORGANISATION:TOKEN, the token with at least 32 characters");
        Failure::new(Exit::Usage, "SETTING_INVALID", message)
    };
    texts.iter().map(|text| read(text).ok_or_else(invalid)).collect()
}

fn read(file: &Path) -> Result<Stored, Failure> {
    let invalid = |reason: String| {
        let message = format!("{}: {reason}", file.display());
        Failure::new(Exit::Usage, "SETTINGS_FILE_INVALID", message.trim_end())
    };
    let text = fs::read_to_string(file).map_err(|error| invalid(error.to_string()))?;
    toml::from_str(&text).map_err(|error| invalid(error.to_string()))
}
