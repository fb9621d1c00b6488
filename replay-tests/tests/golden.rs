//! Frozen event bytes in, expected projections out.
//!
//! After a change of a projection that is meant: `GOLDEN=update cargo test -p soticket-replay-tests --test golden`, and
//! read the difference. Files of events are never changed: logs hold such bytes.

use std::fs;
use std::path::{Path, PathBuf};

use soticket_replay_tests::golden;

fn files() -> std::io::Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "events"));
    files.sort();
    Ok(files)
}

#[test]
fn old_events_give_the_same_projections() {
    let files = files().unwrap();
    assert!(files.len() >= 2, "golden replays are missing");
    for file in files {
        let records = golden::parse(&fs::read_to_string(&file).unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let now = golden::replay(&records, &folder.path().join("data")).unwrap();
        let expected = file.with_extension("projections");
        if std::env::var("GOLDEN").as_deref() == Ok("update") {
            fs::write(&expected, now).unwrap();
            continue;
        }
        let stored = fs::read_to_string(&expected).unwrap_or_default();
        let differs = stored.lines().zip(now.lines()).position(|(stored, now)| stored != now);
        let line = differs.unwrap_or(stored.lines().count().min(now.lines().count()));
        assert!(
            stored == now,
            "{} differs from line {} on:\nstored: {}\nnow:    {}\n(GOLDEN=update takes what is now)",
            expected.display(),
            line + 1,
            stored.lines().nth(line).unwrap_or("its end"),
            now.lines().nth(line).unwrap_or("its end"),
        );
    }
}
