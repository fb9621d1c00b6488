//! Names that a source gives to things, made into ids and keys that a second run finds again.

use soticket_schema::OrganisationId;
use soticket_schema::limits::KEY_BYTES_MAX;

/// Domain of organisation ids that are derived from a source. Frozen: a second run must find the same log.
const ORGANISATION_CONTEXT: &str = "soticket-ledger 2026 imported organisation v1";
/// Domain of scan numbers that are derived from a source. Frozen: a second run must give the same numbers.
const NONCE_CONTEXT: &str = "soticket-ledger 2026 imported scan number v1";
/// Domain of keys that are too long to be written out. Frozen: a second run must give the same keys.
const KEY_CONTEXT: &str = "soticket-ledger 2026 imported key v1";

/// The organisation that a source describes: a version 8 UUID of the names that identify it.
pub(crate) fn organisation(names: &[&str]) -> OrganisationId {
    let digest = derived(ORGANISATION_CONTEXT, names);
    let mut id = [0_u8; 16];
    id.copy_from_slice(&digest[..16]);
    id[6] = 0x80 | (id[6] & 0x0f);
    id[8] = 0x80 | (id[8] & 0x3f);
    OrganisationId(id)
}

/// A number for what has none in the source.
pub(crate) fn nonce(names: &[&str]) -> u64 {
    let digest = derived(NONCE_CONTEXT, names);
    let mut number = [0_u8; 8];
    number.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(number)
}

/// The idempotency key of what `names` name within an organisation: readable unless it would be too long.
pub(crate) fn key(names: &[&str]) -> String {
    let plain = names.join("/");
    let unambiguous = names.iter().all(|name| !name.contains('/') && !name.chars().any(char::is_control));
    if unambiguous && plain.len() <= KEY_BYTES_MAX {
        plain
    } else {
        let digest = blake3::Hash::from_bytes(derived(KEY_CONTEXT, names));
        format!(
            "{}:{}",
            names.first().map_or("", |first| first.get(..20).unwrap_or("import")),
            digest.to_hex()
        )
    }
}

/// A digest in which the borders between the names count.
fn derived(context: &str, names: &[&str]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key(context);
    for name in names {
        hasher.update(&(name.len() as u64).to_be_bytes());
        hasher.update(name.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_names_give_the_same_ids_and_borders_count() {
        assert_eq!(organisation(&["Club", "123"]), organisation(&["Club", "123"]));
        assert_ne!(organisation(&["Club", "123"]), organisation(&["Club1", "23"]));
        assert_eq!(organisation(&["Club", "123"]).to_string(), "2098bdc6-d693-834f-931b-0a2d9bc93704");
        assert_eq!(key(&["sale", "S-1", "G0043"]), "sale/S-1/G0043");
        assert_ne!(key(&["sale", "a/b", "c"]), key(&["sale", "a", "b/c"]));
        assert!(key(&["sale", &"x".repeat(1_000)]).len() <= KEY_BYTES_MAX);
    }
}
