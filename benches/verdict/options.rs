//! The options of the command line.

use std::path::PathBuf;

use leakdiff::assessment::AssessOptions;

use crate::families::{self, Family};

/// The usage of the program.
pub const USAGE: &str = "\
cargo bench --bench verdict -- [OPTIONS]

  --series N        series of each family and length (default: 1000; 500 beyond 500 points)
  --seed S          seed of all series (default: 3)
  --lengths A,B     lengths (default: 5,8,12,20,40,100,500,2000)
  --family NAME     this family only; may be repeated
  --subject WHAT    process, site or both (default: both)
  --list            also list the reasons of wrong verdicts
  --recordings      show instead how sites are judged that stand beside hundreds of others
  --real            show instead how real recordings are judged
  --programs DIR    recorded programs whose future is known (default: ../shared/corpus)
  --fleet DIR       processes whose growing group is known (default: ../shared/fleet)
  --leave-one-out   show instead what each part of the procedure is worth; with --real on real
                    recordings
  --dump            print the series, a line each, instead of judging them

Without any argument, as cargo test calls it, a few short series show that all works.";

/// The kind of subject that leakdiff takes a series for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// The memory of a process.
    Process,
    /// An allocation site.
    Site,
}

impl Subject {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Site => "site",
        }
    }
}

/// The options.
pub struct Options {
    /// Series of each family and length; `None`: by length.
    series: Option<usize>,
    /// Seed of all series.
    pub seed: u64,
    /// Lengths.
    pub lengths: Vec<usize>,
    /// Families.
    pub families: Vec<&'static Family>,
    /// Subjects.
    pub subjects: Vec<Subject>,
    /// Whether to list the reasons of wrong verdicts.
    pub list: bool,
    /// Whether to print the series instead.
    pub dump: bool,
    /// Whether to show the worth of each part of the procedure.
    pub leave_one_out: bool,
    /// Whether to judge recordings of hundreds of sites instead.
    pub recordings: bool,
    /// Whether to judge real recordings instead.
    pub real: bool,
    /// Recorded programs.
    pub programs: PathBuf,
    /// Processes in groups.
    pub fleet: PathBuf,
    /// The options of an assessment.
    pub question: AssessOptions,
    /// Whether to judge a recording of many sites, which is not made of the families asked for.
    pub many_sites: bool,
}

impl Options {
    /// Reads the arguments.
    ///
    /// # Errors
    /// The arguments that cannot be understood, in words.
    pub fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments = arguments.peekable();
        let mut found = Self {
            series: None,
            seed: 3,
            lengths: vec![5, 8, 12, 20, 40, 100, 500, 2000],
            families: Vec::new(),
            subjects: vec![Subject::Process, Subject::Site],
            list: false,
            dump: false,
            leave_one_out: false,
            recordings: false,
            real: false,
            programs: PathBuf::from("../shared/corpus"),
            fleet: PathBuf::from("../shared/fleet"),
            question: AssessOptions::default(),
            many_sites: true,
        };
        if arguments.peek().is_none() {
            (found.series, found.lengths, found.many_sites) = (Some(3), vec![5, 20], false);
        }
        while let Some(name) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{name} needs a value"));
            match name.as_str() {
                // cargo passes this to every bench.
                "--bench" => {}
                "--series" => found.series = Some(number(&value()?)?),
                "--seed" => found.seed = number(&value()?)?,
                "--lengths" => found.lengths = value()?.split(',').map(number).collect::<Result<_, _>>()?,
                "--family" => {
                    let name = value()?;
                    found.families.push(families::named(&name).ok_or(format!("no family {name:?}"))?);
                    found.many_sites = false;
                }
                "--subject" => {
                    found.subjects = match value()?.as_str() {
                        "process" => vec![Subject::Process],
                        "site" => vec![Subject::Site],
                        "both" => vec![Subject::Process, Subject::Site],
                        other => return Err(format!("no subject {other:?}")),
                    };
                    found.many_sites &= found.subjects.contains(&Subject::Site);
                }
                "--list" => found.list = true,
                "--leave-one-out" => found.leave_one_out = true,
                "--recordings" => found.recordings = true,
                "--real" => found.real = true,
                "--programs" => found.programs = PathBuf::from(value()?),
                "--fleet" => found.fleet = PathBuf::from(value()?),
                "--dump" => found.dump = true,
                other => return Err(format!("no option {other:?}")),
            }
        }
        if found.families.is_empty() {
            found.families = families::ALL.iter().collect();
        }
        if let Some(short) = found.lengths.iter().find(|n| **n < 3) {
            return Err(format!("{short} points are no series"));
        }
        Ok(found)
    }

    /// Number of series of each family at this length.
    pub fn series(&self, n: usize) -> usize {
        self.series.unwrap_or(match n {
            0..=500 => 1000,
            _ => 500,
        })
    }
}

fn number<N: std::str::FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| format!("{text:?} is no number that fits"))
}
