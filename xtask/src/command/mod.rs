//! One file per command.

pub(crate) mod assets;
pub(crate) mod bench;
pub(crate) mod campaign;
pub(crate) mod demo;
pub(crate) mod docs;
pub(crate) mod test;
