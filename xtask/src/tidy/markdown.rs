//! Markdown files: one title each, and links that lead somewhere.

use std::path::Path;

use super::files::File;

pub(crate) fn check(root: &Path, file: &File) -> Vec<String> {
    let mut broken = Vec::new();
    let mut titles = 0;
    for (number, line) in prose(&file.text) {
        titles += usize::from(line.starts_with("# "));
        let place = format!("{}:{number}", file.path);
        if line.contains('\u{2014}') {
            broken.push(format!("{place}: an em dash"));
        }
        for target in links(line) {
            if !resolves(root, &file.path, target) {
                broken.push(format!("{place}: the link to {target} leads nowhere"));
            }
        }
    }
    if titles != 1 {
        broken.push(format!("{}: {titles} titles instead of one", file.path));
    }
    broken
}

/// Lines outside code blocks, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_code = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        (!in_code && !fence).then_some((index + 1, line))
    })
}

/// Targets of `[text](target)`.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|after| after.split(')').next())
}

/// Whether a link within the repository names a file or folder; links to elsewhere are not followed.
fn resolves(root: &Path, from: &str, target: &str) -> bool {
    let path = target.split('#').next().unwrap_or_default();
    if path.is_empty() || path.contains(':') {
        return true;
    }
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    root.join(folder).join(path).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_links_are_checked() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("docs")).unwrap();
        std::fs::write(root.path().join("README.md"), "").unwrap();
        let broken =
            |text: &str| check(root.path(), &File { path: "docs/a.md".into(), text: text.into() }).len();
        assert_eq!(broken("# A\n[b](../README.md#part), [c](https://example.org), [d](#here)\n"), 0);
        assert_eq!(broken("# A\n```\n# no title\n[x](nowhere.md)\n```\n"), 0);
        assert_eq!(broken("# A\n[b](README.md)\n"), 1);
        assert_eq!(broken("# A\n# B\n"), 1);
        assert_eq!(broken("text\n"), 1);
    }
}
