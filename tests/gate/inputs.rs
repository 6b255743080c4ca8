//! Inputs of checks, and the program run on them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// A folder of inputs.
pub struct Inputs(tempfile::TempDir);

impl Inputs {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Runs leakdiff in the folder; returns its exit code, standard output and standard error.
    pub fn run(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::cargo_bin("leakdiff").unwrap();
        let output =
            command.current_dir(self.path()).args(args).env_remove("CLICOLOR_FORCE").output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

/// Samples ten minutes apart, of a process that gains so many kilobytes in each, with some pages of noise.
pub fn samples(count: usize, gain: usize) -> String {
    samples_of("", 100_000, count, gain)
}

/// The same, after some lines and from a size on.
pub fn samples_of(above: &str, kilobytes: usize, count: usize, gain: usize) -> String {
    let sample = |k: usize| {
        let size = kilobytes + gain * k + 4 * (k * 7 % 5);
        format!("{}\n{above}VmRSS:\t{size} kB\n", 1_716_465_395 + 600 * k)
    };
    (0..count).map(sample).collect()
}

/// Snapshots of a heap with one site that gains so many blocks of a kilobyte in each, and another that gains none.
pub fn snapshots(count: usize, gain: usize) -> String {
    let snapshot = |k: usize| {
        let blocks = 100 + gain * k + k * 7 % 3;
        let size = 1024 * blocks;
        format!(
            "/srv/app/cache.py:31: size={size} B, count={blocks}, average=1024 B\n/srv/app/main.py:9: size=9000 B, count=9, average=1000 B\n\n"
        )
    };
    (0..count).map(snapshot).collect()
}

/// Packs a text.
pub fn gzip(text: &str) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut writer =
        niffler::get_writer(Box::new(&mut packed), niffler::compression::Format::Gzip, niffler::Level::One)
            .unwrap();
    std::io::Write::write_all(&mut writer, text.as_bytes()).unwrap();
    drop(writer);
    packed
}

/// Encodes a text as UTF-32 with a byte order mark.
pub fn utf32(text: &str) -> Vec<u8> {
    std::iter::once('\u{feff}').chain(text.chars()).flat_map(|sign| u32::from(sign).to_le_bytes()).collect()
}

/// Samples with lines between them that no packer makes smaller, so that an archive of them has several blocks.
pub fn noisy_samples() -> String {
    let mut noise = 1_u64;
    let mut text = String::new();
    for line in samples(400, 0).lines() {
        text += line;
        text += "\n# ";
        for _ in 0..20 {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            write!(text, "{:x} ", noise >> 20).unwrap();
        }
        text += "\n";
    }
    text
}

/// Steady samples of which so many cannot be read.
pub fn partly_unreadable(readable: usize, unreadable: usize) -> String {
    samples(readable, 0) + &"VmRSS:\t1o0000 kB\n".repeat(unreadable)
}

/// Returns the rules of the findings of a document.
pub fn rules(document: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(document).unwrap();
    let findings = document["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}
