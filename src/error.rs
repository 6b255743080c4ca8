//! Errors: an input that cannot be used at all, and a place in it that cannot be read.

use std::fmt;
use std::io;

/// An input, a file or a request that cannot be used at all. Ends with exit code 2.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The input could not be opened, read or decompressed.
    Unreadable {
        /// Name of the input.
        path: String,
        /// The error of the system.
        cause: io::Error,
    },
    /// The input holds something else than text.
    NotText {
        /// Name of the input.
        path: String,
        /// Its actual kind, in words.
        found: &'static str,
        /// Whether that kind may hold a recording: an archive, a database.
        may_hold_log: bool,
    },
    /// A file that is read whole is larger than the bound.
    TooLarge {
        /// Name of the file.
        path: String,
        /// Largest size in bytes, after decompression.
        most_bytes: u64,
        /// The role of the file, in words.
        role: &'static str,
    },
    /// A compressed input or an archive unpacks to more than the bound.
    UnpacksToMore {
        /// Name of the input.
        path: String,
        /// Largest size in bytes.
        most_bytes: u64,
    },
    /// The recording has more of something than the bound.
    TooMany {
        /// The bound.
        most: u64,
        /// The things that are counted, in words.
        of: &'static str,
        /// The option that raises the bound.
        option: &'static str,
    },
    /// The input has no bytes.
    Empty {
        /// Name of the input.
        path: String,
    },
    /// No format was recognised.
    UnknownFormat {
        /// Name of the input.
        path: String,
        /// The names of the formats that were looked for.
        looked_for: Vec<&'static str>,
        /// A known kind of file that it resembles and that cannot be read.
        looks_like: Option<&'static str>,
    },
    /// A format was recognised or asked for, but nothing could be read in it.
    NoRecords {
        /// Name of the input.
        path: String,
        /// The format that was tried.
        format: String,
        /// Lines that began like a record and could not be read.
        unreadable_lines: u64,
        /// The first of them.
        first: Option<Notice>,
    },
    /// A setting in a configuration file has a value that it cannot have.
    Setting {
        /// The file.
        path: String,
        /// Line of the value, counted from 1.
        line: usize,
        /// Name of the setting.
        key: String,
        /// The value as it is written there.
        value: String,
        /// The values that the setting takes.
        expected: String,
    },
    /// A configuration file contains something that is no setting.
    Configuration {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// The problem.
        message: String,
    },
    /// A file is not the document of leakdiff (a baseline or a report) that it should be, or has another layout.
    Document {
        /// The file.
        path: String,
        /// Line, counted from 1, where it is known.
        line: Option<usize>,
        /// The expected content, in words.
        expected: String,
        /// The actual content, or the problem with it.
        found: String,
    },
    /// A file, or standard output, could not be written.
    Unwritable {
        /// The file; `-` for standard output.
        path: String,
        /// The error of the system.
        cause: io::Error,
    },
    /// A baseline that is not there.
    NoBaseline {
        /// The file.
        path: String,
    },
    /// An option makes no sense together with the others.
    Usage {
        /// The option, as it is typed.
        option: &'static str,
        /// Its requirement, in words.
        expected: String,
        /// The actual situation.
        found: String,
    },
    /// Nothing was named that could be read.
    NothingToRead,
    /// Standard input was named twice.
    StandardInputTwice,
    /// The output would take the place of a file that is read.
    Overwrites {
        /// The output.
        path: String,
        /// The role of the file, in words.
        role: &'static str,
    },
    /// The request makes no sense, for a reason that has no variant of its own yet.
    Request(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, cause } => write!(f, "{path}: cannot be read: {cause}"),
            Self::NotText { path, found, may_hold_log: _ } => {
                write!(f, "{path}: cannot be read: it is not text but {found}")
            }
            Self::TooLarge { path, most_bytes, role } => {
                write!(f, "{path}: is larger than {}, the bound of {role}", Bytes(*most_bytes))
            }
            Self::UnpacksToMore { path, most_bytes } => write!(
                f,
                "{path}: unpacks to more than {}, a thousand times its size; --max-unpacked raises the bound",
                Bytes(*most_bytes)
            ),
            Self::TooMany { most, of, option } => {
                write!(f, "the recording has more than {most} {of}; {option} raises the bound")
            }
            Self::Empty { path } => write!(f, "{path}: is empty"),
            Self::UnknownFormat { path, looked_for, looks_like } => {
                write!(f, "{path}: no format recognised")?;
                if let Some(kind) = looks_like {
                    write!(f, "; it looks like {kind}, which leakdiff does not read yet")?;
                }
                if let [only] = looked_for.as_slice() {
                    return write!(f, "; looked for {only}");
                }
                let count = looked_for.len();
                write!(
                    f,
                    "\n  docs/formats.md describes the {count} formats; --match reads lines of memory in other words"
                )
            }
            Self::NoRecords { path, format, unreadable_lines, first } => {
                write!(f, "{path}: nothing could be read as {format}")?;
                if let Some(notice) = first {
                    match notice {
                        Notice { line: 0, message } => write!(f, ": {message}")?,
                        Notice { line, message } => write!(
                            f,
                            "; {unreadable_lines} damaged line(s), the first is line {line}: {message}"
                        )?,
                    }
                }
                Ok(())
            }
            Self::Setting { path, line, key, value, expected } => {
                write!(f, "{path}:{line}: {key} = {value}: expected {expected}")
            }
            Self::Document { path, line, expected, found } => {
                write!(f, "{path}")?;
                line.iter().try_for_each(|line| write!(f, ":{line}"))?;
                write!(f, ": expected {expected}, found {found}")
            }
            Self::Unwritable { path, cause } => {
                let path = if path == "-" { "standard output" } else { path };
                write!(f, "{path}: cannot be written: {cause}")
            }
            Self::NoBaseline { path } => {
                write!(f, "{path}: there is no such baseline; --write-baseline creates one")
            }
            Self::Usage { option, expected, found } => {
                write!(f, "{option}: expected {expected}, found {found}")
            }
            Self::NothingToRead => f.write_str(
                "nothing to read: name a report, a log or a folder of snapshots (--help shows examples)",
            ),
            Self::StandardInputTwice => f.write_str("standard input (-) can be read only once"),
            Self::Configuration { path, line, message } => write!(f, "{path}:{line}: {message}"),
            Self::Overwrites { path, role } => {
                write!(f, "{path}: is {role}, which --output would overwrite; expected another file")
            }
            Self::Request(message) => f.write_str(message),
        }
    }
}

/// A number of bytes in the largest unit that divides it.
pub(crate) struct Bytes(pub u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
        match units.iter().find(|(unit, _)| self.0 > 0 && self.0.is_multiple_of(*unit)) {
            Some((unit, name)) => write!(f, "{} {name}", self.0 / unit),
            None => write!(f, "{} bytes", self.0),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { cause, .. } | Self::Unwritable { cause, .. } => Some(cause),
            _ => None,
        }
    }
}

/// A place in one source that was skipped, or read with an assumption. A format knows the line, not the source's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Line, counted from 1; 0 for the source as a whole.
    pub line: u64,
    /// The expected and the actual content, or the assumption.
    pub message: String,
}

impl Notice {
    /// A notice about the source as a whole.
    #[must_use]
    pub fn whole(message: impl Into<String>) -> Self {
        Self { line: 0, message: message.into() }
    }
}
