//! The pages: lists that are made from the code, links that lead somewhere, and a table of contents.
//!
//! `UPDATE_DOCS=1 cargo test --test documented` writes the lists anew.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use leakdiff::formats::FORMATS;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Replaces the lines between `<!-- NAME -->` and `<!-- /NAME -->` of a page, or fails if they differ.
fn hold(page: &str, name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{page} has no {begin}"));
    let (found, after) = rest.split_once(&end).unwrap_or_else(|| panic!("{page} has no {end}"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, format!("{before}{begin}{expected}{end}{after}")).unwrap();
    } else {
        assert_eq!(found, expected, "{page}: write it anew with UPDATE_DOCS=1 cargo test --test documented");
    }
}

#[test]
fn the_formats_are_listed() {
    let rows: String = FORMATS
        .iter()
        .map(|format| {
            format!("| `{}` | {} |\n", format.name, format.reads.replace('"', "`").replace('|', "\\|"))
        })
        .collect();
    hold("docs/formats.md", "formats", &format!("\n| `--input-format` | reads |\n| --- | --- |\n{rows}\n"));

    // Names in lines of at most 120 columns.
    let mut lines = vec![String::new()];
    for (place, format) in FORMATS.iter().enumerate() {
        let sign = if place + 1 == FORMATS.len() { "." } else { "," };
        let name = format!("`{}`{sign}", format.name);
        match lines.last_mut().filter(|line| line.len() + 1 + name.len() <= 120) {
            Some(line) if line.is_empty() => *line = name,
            Some(line) => *line += &format!(" {name}"),
            None => lines.push(name),
        }
    }
    hold("README.md", "formats", &format!("{}\n", lines.join("\n")));
}

/// The links of a page, and the anchors of its headings.
#[derive(Default)]
struct Page {
    links: Vec<(usize, String)>,
    anchors: BTreeSet<String>,
}

impl Page {
    fn of(text: &str) -> Self {
        let mut page = Self::default();
        let mut heading: Option<String> = None;
        for (event, at) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push((1 + text[..at.start].matches('\n').count(), dest_url.to_string()));
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => page.anchor(&heading.take().unwrap_or_default()),
                Event::Text(piece) | Event::Code(piece) => {
                    heading = heading.map(|heading| heading + &piece);
                }
                _ => {}
            }
        }
        page
    }

    /// Adds the anchor that GitHub and mdBook give a heading; a second one of the same text ends in `-1`.
    fn anchor(&mut self, heading: &str) {
        let slug: String = heading
            .to_lowercase()
            .chars()
            .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
            .map(|letter| if letter == ' ' { '-' } else { letter })
            .collect();
        let mut free = slug.clone();
        for number in 1.. {
            if self.anchors.insert(free) {
                break;
            }
            free = format!("{slug}-{number}");
        }
    }
}

/// Returns the Markdown files of the repository, by their paths from its root.
fn pages() -> BTreeMap<PathBuf, Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = vec![PathBuf::new()];
    let mut found = BTreeMap::new();
    while let Some(path) = open.pop() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if root.join(&path).is_dir() {
            if name != "target" && !name.starts_with('.') {
                let entries = fs::read_dir(root.join(&path)).unwrap();
                open.extend(entries.map(|entry| path.join(entry.unwrap().file_name())));
            }
        } else if name.ends_with(".md") {
            let page = Page::of(&fs::read_to_string(root.join(&path)).unwrap());
            found.insert(path, page);
        }
    }
    found
}

/// Returns a link's path from the root of the repository, without `.` and `..`.
fn resolved(page: &Path, link: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in page.parent().unwrap_or(page).join(link).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::CurDir => {}
            part => path.push(part),
        }
    }
    path
}

#[test]
fn links_lead_somewhere() {
    let pages = pages();
    let (mut checked, mut broken) = (0, Vec::new());
    for (name, page) in &pages {
        for (line, link) in page.links.iter().filter(|(_, link)| !link.contains("://")) {
            checked += 1;
            let (path, anchor) =
                link.split_once('#').map_or((link.as_str(), None), |(path, anchor)| (path, Some(anchor)));
            let target = if path.is_empty() { name.clone() } else { resolved(name, path) };
            let is_there = match (anchor, pages.get(&target)) {
                (Some(anchor), Some(page)) => page.anchors.contains(anchor),
                (Some(_), None) => false,
                (None, _) => Path::new(env!("CARGO_MANIFEST_DIR")).join(&target).exists(),
            };
            if !is_there {
                broken.push(format!("{}:{line}: {link}", name.display()));
            }
        }
    }
    assert!(checked > 50, "{checked} links");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_page_stands_in_the_table_of_contents() {
    let pages = pages();
    let contents: BTreeSet<_> = pages[Path::new("docs/SUMMARY.md")]
        .links
        .iter()
        .map(|(_, link)| Path::new("docs").join(link))
        .collect();
    let all: BTreeSet<_> = pages
        .keys()
        .filter(|name| name.parent() == Some(Path::new("docs")) && !name.ends_with("SUMMARY.md"))
        .cloned()
        .collect();
    assert_eq!(contents, all);
}

#[test]
fn anchors_are_those_of_the_site() {
    let page = Page::of(
        "# `--per` and *rates*\n\n## Go's `pprof`, 1.2\n\n## Go's `pprof`, 1.2\n\n[a](b.md#c) ![d](e.png)\n",
    );
    assert_eq!(Vec::from_iter(&page.anchors), ["--per-and-rates", "gos-pprof-12", "gos-pprof-12-1"]);
    assert_eq!(page.links, [(7, "b.md#c".to_owned()), (7, "e.png".to_owned())]);
    assert_eq!(resolved(Path::new("docs/a.md"), "../recorder/./x.py"), Path::new("recorder/x.py"));
}
