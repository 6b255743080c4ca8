//! The bounds of what is read: a log must not choose what it costs to read it.
//!
//! Bounds that a recording may need to pass are settings; [`Bounds::default`] has their defaults. The others are
//! constants. docs/hostile.md has a table of all.

use crate::error::Error;

/// Bytes of a document, such as a profile, that is read as a whole. It is held twice: packed and parsed.
pub const DOCUMENT_BYTES: usize = 256 << 20;
/// Members of one archive. Each is an input of its own, and has a name.
pub const ARCHIVE_MEMBERS: usize = 100_000;
/// Bytes of a member of an archive that is held in memory once it is unpacked. A larger one is a temporary file, which
/// costs the system less than its bytes do.
pub const HELD_MEMBER_BYTES: usize = 256 << 10;
/// Bytes that are held of all members of archives of a run, and of all its short files. The members after them are
/// temporary files.
pub const HELD_BYTES: usize = 64 << 20;
/// Notices on single lines that are kept of a source. People read the first few.
pub const NOTICES: u64 = 100;
/// Bytes of a baseline: half a million sites.
pub const BASELINE_BYTES: u64 = 64 << 20;
/// Bytes of a configuration file, which people write.
pub const CONFIGURATION_BYTES: u64 = 4 << 20;
/// Bytes of a report that is compared. A million sites have 2.5 GB of JSON; give their recordings instead.
pub const REPORT_BYTES: u64 = 1 << 30;
/// Bytes of a file of source code.
pub const SOURCE_BYTES: u64 = 4 << 20;
/// The share of its unpacked size that a log may shrink to. Repeated lines shrink to a hundredth.
pub const LEAST_PACKED: u64 = 1000;

/// The bounds that a recording may need to pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of a line. It is held whole, and twice where it is decoded. Longer ones are left out. No log that was read
    /// so far has lines of a megabyte. Default: 16 MiB.
    pub line_bytes: usize,
    /// Sites of a recording, each of which takes up to a kilobyte until it is judged. Default: 1,048,576.
    pub sites: usize,
    /// Processes, containers and their like of a recording. Default: 1,048,576.
    pub subjects: usize,
    /// Records of a recording, which take 24 to 80 bytes: a sample a second for a year. Default: 33,554,432.
    pub records: u64,
    /// Bytes that are unpacked of an archive of files, of which all but [`HELD_BYTES`] lie on the disk; and of a
    /// compressed input that shrank to less than a thousandth. Default: 4 GiB.
    pub unpacked_bytes: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            line_bytes: 16 << 20,
            sites: 1 << 20,
            subjects: 1 << 20,
            records: 1 << 25,
            unpacked_bytes: 4 << 30,
        }
    }
}

/// A bound of the whole recording that was passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Passed {
    /// That of records.
    Records,
    /// That of subjects.
    Subjects,
    /// That of sites.
    Sites,
}

impl Passed {
    /// Returns the error, with the bound and the option that raises it.
    #[must_use]
    pub fn error(self, bounds: &Bounds) -> Error {
        let (most, of, option) = match self {
            Self::Records => (bounds.records, "records", "--max-records"),
            Self::Subjects => (bounds.subjects as u64, "processes or containers", "--max-subjects"),
            Self::Sites => (bounds.sites as u64, "sites", "--max-sites"),
        };
        Error::TooMany { most, of, option }
    }
}
