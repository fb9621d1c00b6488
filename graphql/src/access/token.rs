//! How a token is written: `soticket_` and 32 random bytes, so that it is recognised where it should not be.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const PREFIX: &str = "soticket_";
const SECRET_BYTES: usize = 32;

/// A token as whoever holds it sends it.
pub fn text(secret: &[u8; SECRET_BYTES]) -> String {
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret))
}

/// The secret of a token; none for what is written otherwise.
pub(super) fn secret(text: &str) -> Option<[u8; SECRET_BYTES]> {
    // Room for whole groups: the decoder may demand it.
    let mut bytes = [0; SECRET_BYTES + 1];
    let length = URL_SAFE_NO_PAD.decode_slice(text.strip_prefix(PREFIX)?, &mut bytes).ok()?;
    bytes.get(..length)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_nothing_else_is_one() {
        let token = text(&[9; 32]);
        assert_eq!((token.len(), secret(&token)), (52, Some([9; 32])));
        for other in
            ["", "soticket_", &token[1..], &token[..51], &format!("{token}A"), "é", &"A".repeat(9_999)]
        {
            assert_eq!(secret(other), None, "{other}");
        }
    }
}
