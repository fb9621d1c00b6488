//! The command line.

use clap::{Parser, Subcommand};

use crate::command::{
    archive, check, close, closings, code, commissioning, config, deal, demo, erase, export, file, gate,
    import, person, publish, receipt, refund_show, retention, seal, serve, settle, simulate, token, verify,
    witness,
};
use crate::config::Flags;

/// SoTicket Ledger: every sale, refund, scan and quota transfer in a hash-chained log, and the settlement out of it.
#[derive(Parser, Debug)]
#[command(
    name = "soticket",
    version,
    after_help = "Exit codes: 0 done; 1 content refused (lines of an import, a violation, an unknown show); 2 usage; \
                  3 data folder refused; 4 unexpected.\n\
                  Settings: flag, else environment (SOTICKET_*), else file (--config, ./soticket.toml), else default."
)]
pub struct Arguments {
    /// Settings.
    #[command(flatten)]
    pub flags: Flags,
    /// Print for programs: results as JSON on standard output, failures as JSON on standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands, one file each.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Load the sample show, print its statement, verify the log, then serve it
    Demo(demo::Arguments),
    /// Fill an organisation of its own with a demonstration season: three halls, 24 shows, some 30,000 tickets
    Season,
    /// Serve GraphQL until a signal to end
    Serve(serve::Arguments),
    /// Import a show's dossier (show.json) or a pretix export (orders.json) from a folder, or a hall's seat map
    Import(import::Arguments),
    /// Verify logs from their stored bytes: a data folder, a published copy, or a server; says what is proved
    Verify(verify::Arguments),
    /// Publish logs as plain files with signed checkpoints, for auditors and as a second copy
    Publish(publish::Arguments),
    /// Write the proof that a sale is in the log, to give away
    Receipt(receipt::Arguments),
    /// Return all money of a cancelled show, from wherever an earlier run stopped
    RefundShow(refund_show::Arguments),
    /// Print the box-office statement of a show, its settlement by the show's deal, or a return to a society
    Settle(settle::Arguments),
    /// List templates of deals, or agree on the deal of a show
    #[command(subcommand)]
    Deal(deal::Arguments),
    /// Seal the settlement of a show as it stands, and keep the files that are given out
    Seal(seal::Arguments),
    /// Give back a kept file of a settlement, or keep what a party sent back
    #[command(subcommand)]
    File(file::Arguments),
    /// Close the days that are over, or a day, month or fiscal year
    Close(close::Arguments),
    /// List the closings, or print one of them (Z) or the open day (X)
    Closings(closings::Arguments),
    /// Forget persons, and destroy the keys of backups whose window is over
    Erase(erase::Arguments),
    /// Write everything that is kept about a person, for them to take along
    #[command(subcommand)]
    Person(person::Arguments),
    /// Erase persons whose data may be kept no longer, or say whom it would erase
    Retention(retention::Arguments),
    /// Write the archive of a closed fiscal year, readable without this program, or check one
    Archive(archive::Arguments),
    /// Write the dossier that the tax office is given when ticketing software is put to use
    Commissioning(commissioning::Arguments),
    /// Work out what a season would cost, with the cooperative and with a distributor that takes commissions
    Simulate(simulate::Arguments),
    /// Write parts of the log for other programs
    #[command(subcommand)]
    Export(export::Arguments),
    /// Check files of accounts without a ledger
    #[command(subcommand)]
    Check(check::Arguments),
    /// Look at ticket codes without a ledger
    #[command(subcommand)]
    Code(code::Arguments),
    /// Exchange files with gates of other makers
    #[command(subcommand)]
    Gate(gate::Arguments),
    /// Give out, list and end the tokens that the service is asked with
    #[command(subcommand)]
    Token(token::Arguments),
    /// Cosign checkpoints of other logs, or have one's own cosigned and timestamped
    Witness(witness::Arguments),
    /// Show the settings that apply
    #[command(subcommand)]
    Config(config::Arguments),
}
