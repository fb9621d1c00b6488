//! How deep a document nests, found without recursion: the parser descends once per bracket, and a stack that runs
//! out ends the whole process.

use crate::error::{ErrorCode, RequestError};

/// Deepest nesting of brackets; the deepest query that the depth limit lets through needs less.
const NESTING_MAX: usize = 64;

/// Refuses a document whose brackets nest too deep.
pub(crate) fn check(document: &str) -> Result<(), RequestError> {
    let mut bytes = document.as_bytes();
    let mut depth = 0_usize;
    while let Some((&byte, rest)) = bytes.split_first() {
        bytes = match byte {
            b'"' => after_string(rest),
            b'#' => after_comment(rest),
            _ => rest,
        };
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > NESTING_MAX {
            return Err(RequestError {
                code: ErrorCode::QueryTooDeep,
                message: format!("The document nests more than {NESTING_MAX} levels deep."),
                locations: Vec::new(),
            });
        }
    }
    Ok(())
}

fn after_comment(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len());
    bytes.get(end..).unwrap_or_default()
}

/// The rest after a string whose opening quote has been taken.
fn after_string(mut bytes: &[u8]) -> &[u8] {
    if let Some(mut block) = bytes.strip_prefix(b"\"\"") {
        while !block.is_empty() {
            if let Some(rest) = block.strip_prefix(b"\"\"\"") {
                return rest;
            }
            let step = if block.starts_with(b"\\\"\"\"") { 4 } else { 1 };
            block = block.get(step..).unwrap_or_default();
        }
        return block;
    }
    while let Some((&byte, rest)) = bytes.split_first() {
        match byte {
            b'"' | b'\n' | b'\r' => return rest,
            b'\\' => bytes = rest.get(1..).unwrap_or_default(),
            _ => bytes = rest,
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        let open = "[".repeat(100);
        let allowed = [
            "{ a(b: [[1]]) { c } }".to_owned(),
            format!("{{ a(b: \"{open}\") }}"),
            format!("{{ a(b: \"\\\"{open}\") }}"),
            format!("{{ a(b: \"\"\"{open} \\\"\"\" {open}\"\"\") }}"),
            format!("# {open}\n{{ a }}"),
        ];
        for document in allowed {
            assert!(check(&document).is_ok(), "{document}");
        }
        let refused = [
            format!("{{ a(b: {open}"),
            "{a".repeat(65),
            format!("{{ a(b: \"\" {open}"),
            format!("{{ a(b: \"\\\\\" {open}"),
            format!("#\n{open}"),
        ];
        for document in refused {
            assert!(check(&document).is_err(), "{document}");
        }
    }
}
