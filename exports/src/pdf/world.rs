//! What a compilation can see: the template, the data, our fonts. No file system, no network, no clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

const TEMPLATE: &str = include_str!("document.typ");

/// Source Sans 3, under the SIL Open Font License (`exports/fonts/OFL.txt`). Its figures all have one width.
const FONTS: [&[u8]; 3] = [
    include_bytes!("../../fonts/SourceSans3-Regular.otf"),
    include_bytes!("../../fonts/SourceSans3-Semibold.otf"),
    include_bytes!("../../fonts/SourceSans3-It.otf"),
];

/// What all compilations share.
struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    data: FileId,
    attachment: FileId,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let fonts: Vec<Font> = FONTS.iter().flat_map(|bytes| Font::iter(Bytes::new(*bytes))).collect();
    Shared {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        template: Source::new(id("document.typ"), TEMPLATE.to_owned()),
        data: id("data.json"),
        attachment: id("statement.json"),
    }
});

fn id(name: &str) -> FileId {
    #[expect(clippy::expect_used, reason = "the three names are constants without a path")]
    let path = VirtualPath::new(name).expect("a plain name");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// Whether all our fonts have a sign: a PDF/A may not show one that is missing.
pub(super) fn has_glyph(sign: char) -> bool {
    SHARED.fonts.iter().all(|font| font.info().coverage.contains(u32::from(sign)))
}

/// The files of one compilation.
pub(super) struct Inputs {
    data: Bytes,
    attachment: Bytes,
}

impl Inputs {
    /// Formatted data for the template, and the JSON that goes into the PDF.
    pub(super) fn new(data: &serde_json::Value, attachment: Vec<u8>) -> Self {
        LazyLock::force(&SHARED);
        Self { data: Bytes::from_string(data.to_string()), attachment: Bytes::new(attachment) }
    }
}

impl World for Inputs {
    fn library(&self) -> &LazyHash<Library> {
        &SHARED.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &SHARED.book
    }

    fn main(&self) -> FileId {
        SHARED.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == SHARED.template.id() { Ok(SHARED.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match id {
            id if id == SHARED.data => Ok(self.data.clone()),
            id if id == SHARED.attachment => Ok(self.attachment.clone()),
            _ => Err(FileError::AccessDenied),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        SHARED.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
