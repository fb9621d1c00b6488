//! The GraphQL service: queries over the read models, mutations into the ledger, and the HTTP around them.
//!
//! There is no authentication yet: whoever reaches the service may do everything, so that [`serve`] takes loopback
//! listeners only unless it is told otherwise.

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
mod logs;
mod metrics;
mod money;
mod mutation;
mod organisation_token;
mod paging;
mod pretix;
mod published;
mod query;
mod request_id;
mod scalar;
mod schema;
mod serve;
mod service;
mod types;
mod user_error;
mod webhooks;

pub use error::ErrorCode;
pub use http::router;
pub use logs::install as install_logs;
pub use metrics::install as install_metrics;
pub use organisation_token::{OrganisationToken, WeakToken};
pub use schema::sdl;
pub use serve::{ServeOptions, serve, serve_routes};
pub use service::Service;
pub use webhooks::WebhookOptions;
