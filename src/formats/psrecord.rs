//! Logs of `psrecord`: a table of elapsed seconds, CPU, real and virtual memory. `MB` means MiB.

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::sink::Sink;
use super::size::{Multiples, size};
use crate::model::{Measured, Metric, Role, Subject};

const REAL: Metric = Metric::bytes("Real", Role::Resident);
const VIRTUAL: Metric = Metric::bytes("Virtual", Role::Virtual);

/// Logs of `psrecord`.
pub static FORMAT: Format = Format {
    name: "psrecord",
    reads: "logs of psrecord (\"# Elapsed time   CPU (%)     Real (MB)   Virtual (MB)\")",
    example: "# Elapsed time   CPU (%)     Real (MB)   Virtual (MB)\n       1.001        2.000       10.160       13.016\n",
    detect: Detect::Needles(&["Elapsed time ", "elapsed_time,"]),
    parser: |_| Parser::Lines(Box::new(Psrecord::default())),
};

const MIB: f64 = 1_048_576.0;

/// The meaning of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Elapsed,
    Memory(Metric),
    Other,
}

/// The titles of the columns: of the plain log, and of `--log-format csv`.
const TITLES: [(&str, &str, Column); 9] = [
    ("Elapsed time", "elapsed_time", Column::Elapsed),
    ("CPU (%)", "cpu", Column::Other),
    ("Real (MB)", "mem_real", Column::Memory(REAL)),
    ("Virtual (MB)", "mem_virtual", Column::Memory(VIRTUAL)),
    ("# Proc", "nproc", Column::Other),
    ("Read count", "read_count", Column::Other),
    ("Write count", "write_count", Column::Other),
    ("Read bytes", "read_bytes", Column::Other),
    ("Write bytes", "write_bytes", Column::Other),
];

/// The columns of a log, and what stands between them.
#[derive(Debug)]
struct Header {
    columns: Vec<Column>,
    is_csv: bool,
}

impl Header {
    fn parse(line: &str) -> Option<Self> {
        let is_csv = line.trim().starts_with("elapsed_time,");
        let columns: Vec<Column> = if is_csv {
            let column = |title: &str| TITLES.iter().find(|known| known.1 == title.trim());
            line.split(',').map(|title| column(title).map_or(Column::Other, |known| known.2)).collect()
        } else {
            // The mark of a comment may be lost.
            let rest = line.trim();
            let mut rest =
                rest.strip_prefix('#').filter(|rest| !rest.starts_with(" Proc")).unwrap_or(rest).trim();
            let mut columns = Vec::new();
            while !rest.is_empty() {
                let known = TITLES.iter().find(|known| rest.starts_with(known.0));
                // Titles are centred in their columns: two blanks part them.
                let end = known.map_or_else(|| rest.find("  ").unwrap_or(rest.len()), |known| known.0.len());
                columns.push(known.map_or(Column::Other, |known| known.2));
                rest = rest.get(end..)?.trim_start();
            }
            columns
        };
        let has_all = columns.contains(&Column::Elapsed) && columns.contains(&Column::Memory(REAL));
        has_all.then_some(Self { columns, is_csv })
    }

    fn split<'r>(&self, row: &'r str) -> Vec<&'r str> {
        if self.is_csv {
            row.split(',').map(str::trim).collect()
        } else {
            row.split_ascii_whitespace().collect()
        }
    }
}

/// Resident memory below which a process that never changes is most likely a shell.
const SHELL_BYTES: f64 = 4.0 * MIB;
/// Samples that must agree.
const ENOUGH_SAMPLES: usize = 5;

/// Reads the logs of one source.
#[derive(Debug, Default)]
struct Psrecord {
    header: Option<Header>,
    /// Number of logs that began.
    runs: usize,
    /// The file whose log is below: `==> app.log <==`.
    file: Option<String>,
    samples: usize,
    /// The resident memory, as long as it is the same in all samples.
    constant: Option<Measured>,
}

impl Psrecord {
    fn row(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        let Some(header) = &self.header else { return Ok(Claim::NotMine) };
        let fields = header.split(line.text);
        // Decimals stand after a comma where a table program wrote the log.
        let number = |field: &str| field.replace(',', ".").parse::<f64>().ok();
        if fields.is_empty() || !fields.iter().all(|field| number(field).is_some()) {
            return Ok(Claim::NotMine);
        }
        let wrong = || Damage { column: None, message: format!("expected {} numbers", header.columns.len()) };
        if fields.len() != header.columns.len() {
            return Err(wrong());
        }
        let mut elapsed = None;
        let mut values: Vec<(Metric, Measured)> = Vec::new();
        for (column, field) in header.columns.iter().zip(fields) {
            match column {
                Column::Elapsed => elapsed = number(field),
                Column::Memory(metric) => {
                    let size = size(field, MIB, Multiples::Binary).ok_or_else(wrong)?;
                    values.push((*metric, size.rounded()));
                }
                Column::Other => {}
            }
        }
        let real = values.iter().find(|(metric, _)| *metric == REAL).map(|(_, real)| *real);
        // A process that has ended and waits for its parent has no memory.
        if real.is_some_and(|real| real.value == 0.0) {
            return Ok(Claim::Mine);
        }
        self.constant =
            if self.samples == 0 { real } else { self.constant.filter(|known| Some(*known) == real) };
        self.samples += 1;
        let id = (self.runs > 1).then(|| format!("run {}", self.runs));
        let time = elapsed.and_then(|elapsed| out.elapsed_seconds(elapsed));
        let name = self.file.clone();
        let id = id.filter(|_| name.is_none());
        let sample = out.sample_at(line, Subject { name, id, ..Subject::process() }, time);
        sample.set_all(values).push();
        Ok(Claim::Mine)
    }

    /// Says so if the log is most likely that of a shell.
    fn note_shell(&self, out: &mut Sink<'_>) {
        if let Some(real) = self.constant.filter(|real| real.value < SHELL_BYTES)
            && self.samples >= ENOUGH_SAMPLES
        {
            let mebibytes = real.value / MIB;
            out.note(format!(
                "psrecord measured a process of {mebibytes:.1} MiB that never changes: most likely the shell that \
                 runs the command, and not the program (record its pid, or with --include-children)"
            ));
        }
    }
}

impl LineParser for Psrecord {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(header) = Header::parse(line.text) {
            self.note_shell(out);
            let above = out.take_above();
            let file = |text: &str| Some(text.strip_prefix("==> ")?.strip_suffix(" <==")?.to_owned());
            self.file = above.lines().last().and_then(|(_, text)| file(text));
            out.recycle(above);
            (self.header, self.samples, self.constant) = (Some(header), 0, None);
            self.runs += 1;
            return Ok(Claim::Mine);
        }
        self.row(line, out)
    }

    fn follows(&self) -> bool {
        self.header.is_some()
    }

    fn finish(&mut self, out: &mut Sink<'_>) {
        self.note_shell(out);
        *self = Self::default();
    }
}
