//! A document as PDF/A-3a: tagged, fonts embedded, its canonical JSON attached, the same bytes for the same document.

mod layout;
mod qr;
mod world;

use serde_json::Value;
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

pub(crate) use self::layout::SOFTWARE;
use self::world::Inputs;
use crate::document::Document;
use crate::language::Language;

/// Compilations that what typst remembers survives unused: repeated parts of documents are laid out once, and memory
/// stays bounded.
const REMEMBERED: usize = 4;

/// What stands for a sign that our fonts do not have.
const MISSING: char = '\u{25A1}';

/// A document could not be laid out. The template ships with the program, so that this is a fault of the program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("PDF_FAILED: {0}")]
pub struct PdfError(String);

impl Document {
    /// The PDF.
    ///
    /// # Errors
    /// The template does not lay it out, or the result does not conform to PDF/A-3a.
    pub fn pdf(&self, language: Language) -> Result<Vec<u8>, PdfError> {
        let standards =
            PdfStandards::new(&[PdfStandard::A_3a]).map_err(|error| PdfError(error.message().to_string()))?;
        let options = PdfOptions {
            ident: Smart::Custom(format!("{} {}", self.hash(), language.code())),
            creator: Smart::Custom(Some(SOFTWARE.to_owned())),
            standards,
            ..PdfOptions::default()
        };
        let pages = self.pages(language)?;
        let bytes = typst_pdf::pdf(&pages, &options).map_err(|faults| fault(&faults));
        typst::comemo::evict(REMEMBERED);
        bytes
    }

    fn pages(&self, language: Language) -> Result<PagedDocument, PdfError> {
        let mut data = layout::data(self, language);
        printable(&mut data);
        let inputs = Inputs::new(&data, self.json());
        typst::compile::<PagedDocument>(&inputs).output.map_err(|faults| fault(&faults))
    }
}

/// Replaces signs that our fonts do not have, such as emoji in a show's title. The attached JSON keeps them.
fn printable(value: &mut Value) {
    match value {
        Value::String(text) => {
            if !text.chars().all(world::has_glyph) {
                *text = text.chars().map(printed).collect();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(printable),
        Value::Object(map) => map.values_mut().for_each(printable),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn printed(sign: char) -> char {
    match sign {
        sign if world::has_glyph(sign) => sign,
        sign if sign.is_whitespace() || sign.is_control() => ' ',
        _ => MISSING,
    }
}

fn fault(faults: &[SourceDiagnostic]) -> PdfError {
    let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    PdfError(messages.join("; "))
}
