//! Every maximum, in one place, with the relations between them checked at compile time.

use crate::envelope::HEADER_BYTES;

/// Longest payload of a record, in bytes.
pub const PAYLOAD_BYTES_MAX: usize = 60 * 1024;
/// Longest record: envelope and payload. A transparency-log entry holds at most 65,535 bytes.
pub const RECORD_BYTES_MAX: usize = HEADER_BYTES + PAYLOAD_BYTES_MAX;
/// Most records in one atomic append.
pub const APPEND_RECORDS_MAX: usize = 1_000;
/// Most bytes in one atomic append.
pub const APPEND_BYTES_MAX: usize = 512 * 1024;
/// Most shows that one scan is looked up in.
pub const SCAN_SHOWS_MAX: usize = 100;
/// Longest time before the doors or after the begin within which a show is scanned, in minutes: a week.
pub const SCAN_WINDOW_MINUTES_MAX: u16 = 7 * 24 * 60;
/// Longest time that a ticket may have to wait before it enters again, in seconds: a day.
pub const PASSBACK_SECONDS_MAX: u32 = 24 * 60 * 60;
/// Longest name (hall, show, tariff, channel, product), in bytes of UTF-8.
pub const NAME_BYTES_MAX: usize = 200;
/// Longest reference of a venue's own (show number, till label, seat label), in bytes of UTF-8.
pub const REFERENCE_BYTES_MAX: usize = 64;
/// Longest personal value (e-mail, name, telephone), in bytes of UTF-8.
pub const PERSONAL_BYTES_MAX: usize = 320;
/// Longest wording of what persons agree to, in bytes of UTF-8.
pub const WORDING_BYTES_MAX: usize = 8_000;
/// Longest time that data of a class of persons are kept after their last contact, in months: 20 years.
pub const RETENTION_MONTHS_MAX: u16 = 240;
/// Longest name of a log, in bytes.
pub const ORIGIN_BYTES_MAX: usize = 200;
/// Longest address that events are delivered to, in bytes.
pub const WEBHOOK_URL_BYTES_MAX: usize = 500;
/// Most addresses of an organisation that events are delivered to at once.
pub const WEBHOOKS_MAX: usize = 20;
/// Longest time that deliveries are signed with two secrets, in hours: thirty days.
pub const WEBHOOK_OVERLAP_HOURS_MAX: u32 = 30 * 24;
/// Longest idempotency key, in bytes.
pub const KEY_BYTES_MAX: usize = 255;
/// Longest ticket code, in bytes.
pub const CODE_BYTES_MAX: usize = 255;
/// Most tickets in one order.
pub const ORDER_TICKETS_MAX: usize = 500;
/// Most items (products and fees) in one order.
pub const ORDER_ITEMS_MAX: usize = 500;
/// Most packs in one order.
pub const ORDER_PACKS_MAX: usize = 100;
/// Most shows of a pack.
pub const PACK_SHOWS_MAX: usize = 100;
/// Most cards, gift cards and vouchers that one order issues or pays with.
pub const ORDER_RIGHTS_MAX: usize = 100;
/// Most cards and stored values that one command accounts for when they are past their time.
pub const EXPIRED_RIGHTS_MAX: u32 = 500;
/// Most copies of one ticket.
pub const COPIES_MAX: u16 = 1_000;
/// Most days that a card is valid from date to date: ten years.
pub const CARD_DAYS_MAX: u16 = 3_660;
/// Most dated VAT rates of a tariff.
pub const TARIFF_RATES_MAX: usize = 100;
/// Longest time before a show that a tariff's sale may end, in minutes: a year.
pub const DEADLINE_MINUTES_MAX: u32 = 366 * 24 * 60;
/// Most warnings of a show about its free tickets.
pub const COMP_WARNINGS_MAX: usize = 20;
/// Most orders that one command of a show's refund works off: two events each fit one append.
pub const REFUND_ORDERS_MAX: u32 = 200;
/// Most tickets and items that one command of a show's refund cancels.
pub const REFUND_LINES_MAX: usize = 2_000;
/// Most legs of one payment.
pub const PAYMENT_LEGS_MAX: usize = 20;
/// Most codes of one ticket.
pub const TICKET_CODES_MAX: usize = 10;
/// Most channels that a tariff names.
pub const TARIFF_CHANNELS_MAX: usize = 1_000;
/// Most points of sale that a commission names.
pub const COMMISSION_SELLERS_MAX: usize = 100;
/// Most tariffs that a commission names.
pub const COMMISSION_TARIFFS_MAX: usize = 1_000;
/// Most tiers of a commission.
pub const COMMISSION_TIERS_MAX: usize = 20;
/// Most ways of paying that a provider's plan names.
pub const PLAN_METHODS_MAX: usize = 100;
/// Most payments a month that a provider's plan includes.
pub const PLAN_INCLUDED_MAX: u32 = 100_000_000;
/// Most shows that one command agrees on a deal for.
pub const DEAL_SHOWS_MAX: usize = 100;
/// Most steps of a deal.
pub const DEAL_STEPS_MAX: usize = 100;
/// Most steps, channels, kinds or categories that a step of a deal names in one list.
pub const DEAL_NAMES_MAX: usize = 100;
/// Most tiers or thresholds of a step of a deal.
pub const DEAL_TIERS_MAX: usize = 20;
/// Most lines of a settlement.
pub const SETTLED_LINES_MAX: usize = 300;
/// Most files of a settlement that one command keeps.
pub const SETTLEMENT_FILES_MAX: usize = 50;
/// Longest file that is kept, in bytes.
pub const FILE_BYTES_MAX: u64 = 16 << 20;
/// Most paid performances of a work before those that a log knows.
pub const PERFORMANCES_MAX: u32 = 1_000_000;
/// Most accounts of a mapping.
pub const ACCOUNTS_MAX: usize = 300;
/// Longest number of an account, in bytes.
pub const ACCOUNT_BYTES_MAX: usize = 32;
/// Most channels that an actor is assigned to.
pub const ACTOR_CHANNELS_MAX: usize = 1_000;
/// Most ways of paying that are counted when a till closes.
pub const TILL_COUNTS_MAX: usize = 100;
/// Most days that one command closes because they are over.
pub const CLOSING_DAYS_MAX: usize = 100;
/// Months of a fiscal year.
pub const YEAR_MONTHS: u8 = 12;
/// Most places of a zone or hall.
pub const CAPACITY_MAX: u32 = 1_000_000;
/// Most numbered seats of a zone: their labels must fit one record.
pub const SEATS_MAX: usize = 5_000;
/// Most zones of a hall.
pub const ZONES_MAX: usize = 100;
/// Largest amount on one line, in minor units: ten million euros.
pub const AMOUNT_MAX: i64 = 1_000_000_000;

const _: () = assert!(RECORD_BYTES_MAX <= u16::MAX as usize);
const _: () = assert!(RECORD_BYTES_MAX <= APPEND_BYTES_MAX);
const _: () = assert!(4 * REFUND_ORDERS_MAX as usize + 2 <= APPEND_RECORDS_MAX);
const _: () = assert!(REFUND_LINES_MAX * 16 * 2 <= APPEND_BYTES_MAX);
const _: () = assert!(ORDER_TICKETS_MAX * 100 <= PAYLOAD_BYTES_MAX);
