//! A QR code as an SVG of one path: it prints sharp at any size.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// Modules of white around the code, which readers need.
const QUIET: usize = 4;

/// The code of a text; an empty picture for one that no code holds, which is longer than any address.
pub(super) fn svg(text: &str) -> String {
    let code = QrCode::with_error_correction_level(text, EcLevel::M);
    let (width, dark) = match &code {
        Ok(code) => (code.width(), path(code)),
        Err(_) => (1, String::new()),
    };
    let side = width + 2 * QUIET;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#000\" d=\"{dark}\"/></svg>"
    )
}

/// The dark modules, row by row, neighbours as one rectangle.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    let colors = code.to_colors();
    for (row, line) in colors.chunks(code.width()).enumerate() {
        let mut column = 0;
        for run in line.chunk_by(|left, right| left == right) {
            if run.first() == Some(&Color::Dark) {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h{}v1h-{}z", column + QUIET, row + QUIET, run.len(), run.len());
            }
            column += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_once() {
        let text = "https://example.org/documents";
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let dark = code.to_colors().iter().filter(|color| **color == Color::Dark).count();
        let widths = svg(text)
            .split('h')
            .filter_map(|part| part.split('v').next()?.parse::<usize>().ok())
            .sum::<usize>();
        assert_eq!(widths, dark);
        assert!(svg(&"x".repeat(10_000)).contains("d=\"\""));
    }
}
