//! The kept corpus of the fuzz targets, through each of them: inputs that reached code that no other one did, and those
//! that once broke a property.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::path::Path;

/// Bytes of all inputs together, and inputs of one target.
const MOST_BYTES: u64 = 1 << 20;
const MOST_INPUTS: usize = 40;

/// Runs the corpus of a target through it.
fn hold(name: &str) {
    let (_, target) = targets::TARGETS.iter().find(|(other, _)| *other == name).unwrap();
    let inputs = inputs(name);
    assert!((1..=MOST_INPUTS).contains(&inputs.len()), "{} inputs", inputs.len());
    for (path, bytes) in inputs {
        // Names the input where the target panics.
        println!("{path}");
        target(&bytes);
    }
}

fn inputs(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

macro_rules! corpora {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            hold(stringify!($name));
        })*

        #[test]
        fn each_target_is_here_and_the_corpus_is_small() {
            let here = [$(stringify!($name)),*];
            assert_eq!(here.to_vec(), targets::TARGETS.map(|(name, _)| name).to_vec());
            let all = here.iter().flat_map(|name| inputs(name));
            let bytes: u64 = all.map(|(_, bytes)| bytes.len() as u64).sum();
            assert!(bytes <= MOST_BYTES, "{bytes} bytes");
        }
    };
}

corpora! {
    archives baseline comparison configuration document escapes formats outputs pickles profiles site_lines timestamps
}
