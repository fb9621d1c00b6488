//! Statements and lists as documents: one model, rendered as PDF, XLSX, CSV, JSON and text.
//!
//! A [`Document`] is data: names, counts, amounts in minor units, and which rows a total adds up. It holds no word of a
//! language and no formatted figure, so that every rendering shows the same figures and its canonical JSON, whose
//! BLAKE3 is the statement's hash, is the same whatever language it is printed in.
//!
//! Lists (orders, tickets) are written row by row: their memory does not grow with their length.

mod compare;
mod csv;
mod document;
mod json;
mod language;
pub mod list;
mod number;
mod pdf;
mod person;
mod seal;
pub mod statement;
mod text;
pub mod words;
mod xlsx;

pub use compare::{Change, compare};
pub use csv::CsvOptions;
pub use document::{
    Block, Cell, Checkpoints, Column, ColumnKind, Document, Explanation, Fact, Inconsistent, Issuer,
    LogRange, NamedCheckpoint, Role, Row, Section, Signatory, State, Sum, Table, Text,
};
pub use language::{Language, Term};
pub use list::{Chosen, List, ListKind};
pub use number::Style;
pub use pdf::PdfError;
pub use person::{PersonError, person};
pub use seal::{SealError, Sealing, prepare_seal};
pub use statement::returns::{Declared, DeclaredError, Period, PeriodInvalid, PeriodStatement};
pub use statement::{Ask, ShowStatement, StatementError, sealed_settlement};
pub use xlsx::XlsxFault;
