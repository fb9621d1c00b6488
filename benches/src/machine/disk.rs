//! How often a second the disk makes something durable.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use crate::stats::repeat;

const BLOCK: [u8; 4096] = [0x5a; 4096];
/// Blocks of the file that is overwritten.
const BLOCKS: u64 = 256;

/// Overwrites blocks of a file that is allocated already: nothing but the data has to reach the disk.
pub(super) fn overwrite(folder: &Path, limit: Duration) -> Result<(u64, Duration)> {
    let path = folder.join("overwrite");
    let mut file = File::create(&path)?;
    for _ in 0..BLOCKS {
        file.write_all(&BLOCK)?;
    }
    file.sync_all()?;
    let done = repeat(limit, |count| {
        file.write_all_at(&BLOCK, count % BLOCKS * BLOCK.len() as u64)?;
        Ok(file.sync_data()?)
    })?;
    std::fs::remove_file(path)?;
    Ok(done)
}

/// Appends blocks to a file that grows: its new size has to reach the disk too.
pub(super) fn append(folder: &Path, limit: Duration) -> Result<(u64, Duration)> {
    let path = folder.join("append");
    let mut file = File::create(&path)?;
    file.sync_all()?;
    let done = repeat(limit, |_| {
        file.write_all(&BLOCK)?;
        Ok(file.sync_data()?)
    })?;
    std::fs::remove_file(path)?;
    Ok(done)
}

/// Inserts `value` into sled, flushes, and syncs our own handle of its file, as the log must for every commit.
pub(super) fn sled(folder: &Path, value: &[u8], limit: Duration) -> Result<(u64, Duration)> {
    let path = folder.join("sled");
    let database = sled::Config::new().path(&path).flush_every_ms(None).open()?;
    let file = File::options().read(true).write(true).open(path.join("db"))?;
    let done = repeat(limit, |count| {
        database.insert(count.to_be_bytes(), value)?;
        database.flush()?;
        Ok(file.sync_data()?)
    })?;
    drop(database);
    std::fs::remove_dir_all(path)?;
    Ok(done)
}
