//! The GraphQL service: queries over the read models, mutations into the ledger, and the HTTP around them.
//!
//! Whoever asks proves who they are by a token; what they may have stands in one table (`access/permissions.txt`).

mod access;
mod accounts_files;
mod closing_statements;
mod cloud_event;
mod core;
mod documents;
mod error;
mod feed;
mod gate;
mod http;
mod ids;
mod input;
mod limits;
mod listed_enum;
mod live;
mod logs;
mod metrics;
mod money;
mod mutation;
mod organisation_token;
mod paging;
mod personal;
mod pretix;
mod published;
mod query;
mod request_id;
mod scalar;
mod schema;
mod serve;
mod service;
mod sign_in;
mod subscription;
mod tls;
mod types;
mod user_error;
mod webhooks;

pub use access::{
    ConfiguredToken, FieldPermission, Guarding, PASSWORDS_FILE, Role, keep_password, permissions, token_text,
};
pub use error::ErrorCode;
pub use http::router;
pub use live::LiveTimes;
pub use logs::install as install_logs;
pub use metrics::install as install_metrics;
pub use organisation_token::{OrganisationToken, WeakToken};
pub use personal::{Reader, Reading, note_blocking};
pub use schema::sdl;
pub use serve::{ServeOptions, serve, serve_routes};
pub use service::Service;
pub use sign_in::OpenIdSettings;
pub use tls::{Tls, TlsError};
pub use webhooks::WebhookOptions;
