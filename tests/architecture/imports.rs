//! The modules of a crate, and the imports between them, as its source text has them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, UseTree, Visibility};

/// The path of a module from the root of the crate.
pub type Module = Vec<String>;

/// Returns the imports of each module, those of its tests aside. What is imported by way of a `pub use` is imported from
/// the module that defines it, so that a module which collects the items of its children does not import them.
pub fn imports(src: &Path) -> BTreeMap<Module, BTreeSet<Module>> {
    let mut files = BTreeMap::new();
    collect(src, &mut Vec::new(), &mut files);
    let modules: BTreeSet<Module> = files.keys().cloned().collect();
    let mut exports = BTreeMap::new();
    for (module, file) in &files {
        for item in file.items.iter().filter(|item| !is_for_tests(attributes(item))) {
            if let Item::Use(item) = item
                && !matches!(item.vis, Visibility::Inherited)
            {
                for (name, path) in names(&item.tree, &[]) {
                    exports.insert([&module[..], &[name]].concat(), absolute(module, &path, &modules));
                }
            }
        }
    }
    let resolve = |mut path: Module| {
        // A re-export may be of a re-export.
        for _ in 0..8 {
            let end = (0..path.len()).rev().find(|end| modules.contains(&path[..*end])).unwrap_or(0);
            match path.get(..=end).filter(|name| !modules.contains(*name)).and_then(|name| exports.get(name))
            {
                Some(Some(target)) => path = [&target[..], &path[end + 1..]].concat(),
                _ => break,
            }
        }
        (0..=path.len()).rev().map(|end| path[..end].to_vec()).find(|path| modules.contains(path))
    };
    let of_module = |(module, file): (&Module, &syn::File)| {
        let mut paths = Paths::default();
        paths.visit_file(file);
        let targets = paths.0.iter().filter_map(|path| absolute(module, path, &modules));
        (module.clone(), targets.filter_map(resolve).filter(|target| target != module).collect())
    };
    files.iter().map(of_module).collect()
}

/// Parses the files of a folder, by the modules that they are.
fn collect(folder: &Path, module: &mut Module, files: &mut BTreeMap<Module, syn::File>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        module.push(name.clone());
        if path.is_dir() {
            collect(&path, module, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let is_folder = ["mod", "lib"].contains(&name.as_str());
            let length = module.len() - usize::from(is_folder);
            let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
            files.insert(module[..length].to_vec(), file);
        }
        module.pop();
    }
}

/// Paths that code outside of tests names.
#[derive(Default)]
struct Paths(Vec<Vec<String>>);

impl<'a> Visit<'a> for Paths {
    fn visit_item(&mut self, item: &'a Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        if matches!(item.vis, Visibility::Inherited) {
            self.0.extend(names(&item.tree, &[]).into_iter().map(|(_, path)| path));
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        if path.segments.len() > 1 {
            self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }
}

/// Returns the names that a `use` brings in, with the path of each.
fn names(tree: &UseTree, before: &[String]) -> Vec<(String, Vec<String>)> {
    let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
    match tree {
        UseTree::Path(path) => names(&path.tree, &with(&path.ident)),
        UseTree::Group(group) => group.items.iter().flat_map(|item| names(item, before)).collect(),
        UseTree::Name(name) if name.ident == "self" => {
            vec![(before.last().cloned().unwrap_or_default(), before.to_vec())]
        }
        UseTree::Name(name) => vec![(name.ident.to_string(), with(&name.ident))],
        UseTree::Rename(rename) => vec![(rename.rename.to_string(), with(&rename.ident))],
        UseTree::Glob(_) => vec![("*".to_owned(), before.to_vec())],
    }
}

/// Returns a path from the root of the crate; `None` for one that leads to another crate, or to an item of the module.
fn absolute(module: &[String], path: &[String], modules: &BTreeSet<Module>) -> Option<Module> {
    let supers = path.iter().take_while(|name| *name == "super").count();
    match path.first()?.as_str() {
        "crate" => Some(path[1..].to_vec()),
        "self" => Some([module, &path[1..]].concat()),
        "super" => Some([module.get(..module.len() - supers)?, &path[supers..]].concat()),
        _ => {
            let child = [module, &path[..1]].concat();
            modules.contains(&child).then(|| [module, path].concat())
        }
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        _ => &[],
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}
