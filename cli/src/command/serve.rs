//! `soticket serve`: GraphQL over HTTP until a signal to end.

use std::path::PathBuf;

use clap::Args;
use soticket_exports::Declared;
use soticket_graphql::{ConfiguredToken, PASSWORDS_FILE, ServeOptions, Service};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::publish::publisher;
use super::witness;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::upkeep::{self, Upkeep};

/// Where to serve.
#[derive(Args, Clone, Debug)]
#[group(id = "serving")]
pub struct Arguments {
    /// Address and port [default: 127.0.0.1:8080]
    #[arg(long, env = "SOTICKET_LISTEN", value_name = "ADDR")]
    pub listen: Option<String>,
    /// Serve the query editor also where other machines can reach it
    #[arg(long)]
    pub graphiql: bool,
    /// Be a witness of other logs as well, with this folder (see `soticket witness`)
    #[arg(long, env = "SOTICKET_WITNESS_FOLDER", value_name = "DIR")]
    pub witness_folder: Option<PathBuf>,
    /// Address and port of the witness, which may be reached from other machines [default: 127.0.0.1:8081]
    #[arg(long, env = "SOTICKET_WITNESS_LISTEN", value_name = "ADDR")]
    pub witness_listen: Option<String>,
}

/// Opens the data folder and serves it.
pub(crate) fn run(config: &Config, arguments: &Arguments) -> Result<Exit, Failure> {
    soticket_graphql::install_metrics();
    let opened = Opened::new(config, IfAbsent::Create).inspect_err(|failure| {
        if let (Exit::Data, Ok(data)) = (failure.exit, config.data()) {
            upkeep::keep_fault(data, &failure.code);
        }
    })?;
    serve(config, arguments, opened, &[])
}

/// Serves an open data folder until the process is told to end, then closes it. These tokens are let in besides those that
/// the log and the settings have.
pub(crate) fn serve(
    config: &Config,
    arguments: &Arguments,
    opened: Opened,
    tokens: &[ConfiguredToken],
) -> Result<Exit, Failure> {
    let address = arguments.listen.as_deref().unwrap_or(&config.listen);
    let tls = config.tls()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let options = ServeOptions { graphiql: arguments.graphiql, tls, behind_tls: config.behind_tls };
    let closing_statements = config.closing_statements()?;
    let (ledger, projections) = (opened.ledger.clone(), opened.projections.clone());
    let service = Service::with_closing_statements(ledger, projections, closing_statements);
    config.administrators()?.iter().chain(tokens).for_each(|token| service.admit(token));
    service.limit_rate(config.rate_limit);
    service.keep_token_use_in(config.data()?.join("tokens-used"));
    service.keep_passwords_in(config.data()?.join(PASSWORDS_FILE)).map_err(|error| {
        Failure::new(Exit::Data, "PASSWORDS_DAMAGED", format!("{error}: bring the file back from a backup"))
    })?;
    if let Some(manifest) = &config.trusted_documents {
        service.trust_documents(manifest, config.trusted_only).map_err(|error| {
            Failure::new(Exit::Usage, "DOCUMENTS_REFUSED", format!("{error}: check --trusted-documents"))
        })?;
    }
    service.sign_in_with(config.openid()?);
    let mut failure = opened.ledger.failure();
    let data = config.data()?;
    // Before anything is served: a member whose witness cannot open should not believe that it has one.
    let witness = match &arguments.witness_folder {
        Some(folder) => Some(witness::open(folder, None, &[])?),
        None => None,
    };
    let witness_address = arguments.witness_listen.as_deref().unwrap_or(witness::LISTEN);
    service.read_declared_from(data.join(Declared::FOLDER));
    let publisher = publisher(config, &opened)?;
    service.publish_with(publisher.clone(), config.auditors()?);
    let deliveries = std::sync::Arc::clone(&service);
    deliveries.deliver_webhooks(config.webhooks()?).map_err(|error| {
        Failure::new(Exit::Data, "WEBHOOKS_REFUSED", format!("where webhooks stand cannot be kept: {error}"))
    })?;
    let mut upkeep = Upkeep::new(&opened, publisher, config)?;
    let served = super::block_on(async {
        let listener = TcpListener::bind(address).await.map_err(|error| {
            Failure::new(
                Exit::Usage,
                "LISTEN_REFUSED",
                format!("{address}: {error}: name another with --listen"),
            )
        })?;
        let local = listener.local_addr()?;
        if scheme == "http" && !options.behind_tls && !local.ip().is_loopback() {
            let message = "tokens and passwords would go over the network as they are: state --tls-certificate and \
                           --tls-key, or --behind-tls if a proxy in front ends TLS";
            return Err(Failure::new(Exit::Usage, "TLS_MISSING", message));
        }
        upkeep.begin().await;
        eprintln!(
            "GraphQL on {scheme}://{local}/graphql, GraphiQL on {scheme}://{local}/graphiql; end with Ctrl-C"
        );
        // A ledger that stopped for good takes nothing any more: the process ends, so that somebody notices.
        let stopped = async { drop(failure.wait_for(Option::is_some).await) };
        let (over, is_over) = watch::channel(false);
        let (mut service_over, mut witness_over) = (is_over.clone(), is_over);
        let witnessing = async {
            let Some(witness) = witness else { return Ok(()) };
            let end = async { drop(witness_over.wait_for(|over| *over).await) };
            let witnessed = witness::answer(witness, witness_address, end).await;
            // A witness that has stopped ends the process, as a ledger does.
            over.send_replace(true);
            witnessed
        };
        let end = async {
            tokio::select! {
                () = signalled() => {}
                () = stopped => {}
                _ = service_over.wait_for(|over| *over) => {}
                // Never ends by itself.
                () = upkeep.run() => {}
            }
        };
        let serving = async {
            let served = soticket_graphql::serve(listener, service, options, end).await;
            over.send_replace(true);
            served.map_err(|error| Failure::new(Exit::Usage, "LISTEN_REFUSED", error.to_string()))
        };
        let (served, witnessed) = tokio::join!(serving, witnessing);
        upkeep.end().await;
        served.and(witnessed)
    });
    deliveries.stop_webhooks();
    let stopped = opened.ledger.failure().borrow().clone();
    if let Some(reason) = &stopped {
        upkeep::keep_fault(data, reason);
    }
    opened.close();
    served??;
    match stopped {
        Some(reason) => Err(Failure::new(Exit::Unexpected, "LEDGER_STOPPED", reason)),
        None => Ok(Exit::Done),
    }
}

/// Resolves at SIGINT or SIGTERM.
pub(super) async fn signalled() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
