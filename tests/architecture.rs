//! Holds the arrows of docs/architecture.md against the imports in the code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod architecture {
    pub mod imports;
}

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use architecture::imports::{Module, imports};

/// Room → rooms that it may import from, as the page draws them: lines such as `verdict -> stats, model`.
fn drawn() -> BTreeMap<String, BTreeSet<String>> {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/architecture.md")).unwrap();
    let (_, block) =
        page.split_once("```dependencies\n").expect("docs/architecture.md has a block of arrows");
    let (block, _) = block.split_once("```").unwrap();
    block
        .lines()
        .map(|line| {
            let (from, to) = line.split_once("->").unwrap_or_else(|| panic!("no arrow in {line:?}"));
            let to = to.split(',').map(|t| t.trim().to_owned()).filter(|t| t != "nothing of ours").collect();
            (from.trim().to_owned(), to)
        })
        .collect()
}

fn source_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Names behind `crate::` in the part of a file that is not its tests.
fn imported_modules(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]\n#[allow").next().unwrap_or(text);
    let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or(code);
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
        .collect()
}

/// Files that hold nothing but tests and what tests need.
fn is_for_tests(path: &Path) -> bool {
    matches!(path.file_name().and_then(|n| n.to_str()), Some("tests.rs" | "sample.rs"))
}

#[test]
fn every_import_is_an_arrow_and_every_arrow_an_import() {
    let src = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let drawn = drawn();
    let mut files = Vec::new();
    source_files(src, &mut files);
    assert!(files.len() > 30, "{} files", files.len());
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files.iter().filter(|p| !is_for_tests(p)) {
        let inside = path.strip_prefix(src).unwrap();
        let module = inside
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        if module == "lib" {
            continue;
        }
        let text = fs::read_to_string(path).unwrap().replace("leakdiff::cli", "crate::cli");
        let used_here = used.entry(module.clone()).or_default();
        for name in imported_modules(&text) {
            if name == module {
                continue;
            }
            let allowed =
                drawn.get(&module).unwrap_or_else(|| panic!("docs/architecture.md does not draw {module}"));
            assert!(allowed.contains(&name), "{}: {module} may not import from {name}", inside.display());
            used_here.insert(name);
        }
    }
    assert_eq!(used, drawn, "arrows that no import needs, or modules that are not drawn");
}

#[test]
fn no_file_is_a_catch_all_and_none_grows_beyond_measure() {
    let mut files = Vec::new();
    source_files(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    for path in files {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(!["util", "utils", "helpers", "helper", "common", "misc"].contains(&name.as_str()), "{name}");
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        let most = if name == "tests" { 600 } else { 450 };
        assert!(lines <= most, "{}: {lines} lines", path.display());
    }
}

#[test]
fn no_module_imports_its_own_importer() {
    let drawn = drawn();
    for start in drawn.keys() {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&String> = drawn[start].iter().collect();
        while let Some(module) = open.pop() {
            assert!(module != start, "{start} imports itself by way of others");
            if reached.insert(module) {
                open.extend(drawn.get(module).into_iter().flatten());
            }
        }
    }
}

/// Modules that hold nothing but tests, and what tests need.
fn is_module_for_tests(module: &[String]) -> bool {
    module.iter().any(|name| name == "tests" || name == "sample")
}

#[test]
fn no_file_imports_its_own_importer() {
    let mut imports = imports(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")));
    imports.retain(|module, _| !is_module_for_tests(module));
    assert!(imports.len() > 100 && imports.values().any(|of| of.len() > 5), "{} modules", imports.len());
    // Modules that import nothing but modules without a circle have none; what is left in the end has one.
    loop {
        let free: Vec<Module> = imports
            .iter()
            .filter(|(_, imported)| imported.iter().all(|module| !imports.contains_key(module)))
            .map(|(module, _)| module.clone())
            .collect();
        if free.is_empty() {
            break;
        }
        free.iter().for_each(|module| drop(imports.remove(module)));
    }
    // Of those that are left, some only import a circle.
    let imported: BTreeSet<&Module> = imports.values().flatten().collect();
    let circles: Vec<String> = imports
        .iter()
        .filter(|(module, _)| imported.contains(module))
        .map(|(module, of)| {
            let of = of.iter().filter(|of| imports.contains_key(*of)).map(|of| of.join("::"));
            format!("{} imports {}", module.join("::"), of.collect::<Vec<_>>().join(", "))
        })
        .collect();
    assert!(circles.is_empty(), "modules in or between circles:\n{}", circles.join("\n"));
}

#[test]
fn nothing_but_input_and_cli_touches_a_disk() {
    let src = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let mut files = Vec::new();
    source_files(src, &mut files);
    for path in files.iter().filter(|path| !is_for_tests(path)) {
        let inside = path.strip_prefix(src).unwrap();
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let may = inside.starts_with("input") || inside.starts_with("cli");
        assert!(may || !code.contains("std::fs") && !code.contains("File::open"), "{}", inside.display());
    }
}
