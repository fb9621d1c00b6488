//! Why sockets are closed, and what the client is told.

use std::borrow::Cow;

use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

/// Longest reason, in bytes: a control frame holds 125, two of them the code.
const REASON_BYTES_MAX: usize = 123;

/// Why a socket is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Close {
    /// The service ends.
    GoingAway,
    /// What came is no WebSocket.
    Protocol,
    /// A text that is not UTF-8.
    Encoding,
    /// No sign of life.
    Silent,
    /// A message over the limit.
    TooLarge,
    /// No message of the protocol.
    Malformed(Cow<'static, str>),
    /// Something was asked for before it was acknowledged, or nobody knows who asks.
    Unauthorised,
    /// Whoever connects may not.
    Forbidden,
    /// Another protocol was asked for.
    Subprotocol,
    /// No `connection_init` in time.
    InitLate,
    /// An id that is in use.
    Duplicate(String),
    /// A second `connection_init`.
    InitAgain,
}

impl Close {
    /// The code as clients see it.
    pub(super) fn code(&self) -> u16 {
        match self {
            Self::GoingAway => 1001,
            Self::Protocol => 1002,
            Self::Encoding => 1007,
            Self::Silent => 1008,
            Self::TooLarge => 1009,
            Self::Malformed(_) => 4400,
            Self::Unauthorised => 4401,
            Self::Forbidden => 4403,
            Self::Subprotocol => 4406,
            Self::InitLate => 4408,
            Self::Duplicate(_) => 4409,
            Self::InitAgain => 4429,
        }
    }

    fn reason(&self) -> Cow<'_, str> {
        match self {
            Self::GoingAway => "The service is going away".into(),
            Self::Protocol => "Not a WebSocket message".into(),
            Self::Encoding => "Text that is not UTF-8".into(),
            Self::Silent => "No sign of life".into(),
            Self::TooLarge => "Message too large".into(),
            Self::Malformed(what) => what.as_ref().into(),
            Self::Unauthorised => "Unauthorized".into(),
            Self::Forbidden => "Forbidden".into(),
            Self::Subprotocol => "Subprotocol not acceptable".into(),
            Self::InitLate => "Connection initialisation timeout".into(),
            Self::Duplicate(id) => format!("Subscriber for {id} already exists").into(),
            Self::InitAgain => "Too many initialisation requests".into(),
        }
    }

    /// The frame that says so.
    pub(super) fn frame(&self) -> CloseFrame {
        let reason = self.reason();
        let end = reason.floor_char_boundary(REASON_BYTES_MAX);
        let reason = reason.get(..end).unwrap_or_default().to_owned();
        CloseFrame { code: CloseCode::from(self.code()), reason: reason.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_fits_its_frame_whatever_the_client_wrote() {
        for id in ["x".repeat(1_000), "é".repeat(200), "💥".repeat(100)] {
            let frame = Close::Duplicate(id).frame();
            assert!(frame.reason.len() <= REASON_BYTES_MAX);
            assert!(frame.reason.starts_with("Subscriber for "));
        }
    }
}
