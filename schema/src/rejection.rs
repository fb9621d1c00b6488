//! Rejections: why a command changed nothing.

mod code;

use std::fmt;

pub use code::RejectionCode;

/// Why a command changed nothing: a code, the field and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejection {
    /// The stable code.
    pub code: RejectionCode,
    /// The field of the command, as a path such as `tickets.2.price`; empty for the whole command.
    pub field: String,
}

impl Rejection {
    /// A rejection of one field.
    pub fn new(code: RejectionCode, field: impl Into<String>) -> Self {
        Self { code, field: field.into() }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code.code())?;
        if !self.field.is_empty() {
            write!(f, " ({})", self.field)?;
        }
        write!(f, ": {}", self.code.advice())
    }
}

impl std::error::Error for Rejection {}
