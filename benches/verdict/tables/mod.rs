//! The results, as Markdown.

mod by_family;
mod calibration;
mod clarity;
mod coverage;
mod leave_one_out;
mod many;
mod methods;
mod processes;
mod ranking;
mod real;
mod reasons;
mod recordings;
mod requirement;

use std::fmt::Write as _;

use crate::bench::Bench;
use crate::options::Options;

/// All tables of a run.
pub fn of(bench: &Bench<'_>) -> String {
    let mut page = Page::default();
    page.say(&summary(bench.options));
    methods::add(&mut page, bench);
    by_family::add(&mut page, bench);
    requirement::add(&mut page, bench);
    clarity::add(&mut page, bench);
    calibration::add(&mut page, bench);
    coverage::add(&mut page, bench);
    if bench.options.list {
        reasons::add(&mut page, bench);
    }
    page.text
}

/// The summary of a run.
fn summary(options: &Options) -> String {
    let by_length: Vec<String> =
        options.lengths.iter().map(|&n| format!("{} of {n} points", options.series(n))).collect();
    format!(
        "{} families, seed {}; of each family series of these lengths: {}.",
        options.families.len(),
        options.seed,
        by_length.join(", ")
    )
}

/// The worth of each part of the procedure.
pub fn of_parts(options: &mut Options) -> String {
    let mut page = Page::default();
    page.say(&summary(options));
    leave_one_out::add(&mut page, options);
    page.text
}

/// Many sites in one recording.
pub fn of_many_sites(options: &Options) -> String {
    let mut page = Page::default();
    many::add(&mut page, options);
    page.text
}

/// Leaks among healthy sites, judged together; and processes of the same kinds.
pub fn of_recordings(options: &Options) -> String {
    let mut page = Page::default();
    recordings::add(&mut page, options);
    processes::add(&mut page, options);
    page.text
}

/// Real recordings.
pub fn of_real(options: &Options) -> String {
    let mut page = Page::default();
    if options.leave_one_out {
        real::add_leave_one_out(&mut page, options);
    } else {
        real::add(&mut page, options);
    }
    page.text
}

/// Markdown in the making.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    /// A heading.
    fn heading(&mut self, text: &str) {
        let _ = writeln!(self.text, "## {text}\n");
    }

    /// A paragraph.
    fn say(&mut self, text: &str) {
        let _ = writeln!(self.text, "{text}\n");
    }

    /// The head of a table: these columns, then one for each length.
    fn head(&mut self, columns: &[&str], lengths: &[usize]) {
        let names = columns.iter().map(|c| (*c).to_owned()).chain(lengths.iter().map(|n| format!("n = {n}")));
        let cells: Vec<String> = names.collect();
        self.row(&cells);
        self.row(&vec!["---"; cells.len()]);
    }

    /// A row of a table.
    fn row(&mut self, cells: &[impl AsRef<str>]) {
        for cell in cells {
            let _ = write!(self.text, "| {} ", cell.as_ref());
        }
        self.text.push_str("|\n");
    }

    /// The end of a table.
    fn end(&mut self) {
        self.text.push('\n');
    }
}

/// A share in per cent without decimals; a dash where there is none.
fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.0}", 100.0 * share))
}

/// A share in per cent with one decimal.
fn percent_to_a_tenth(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.1}", 100.0 * share))
}
