//! Reports for the tests of the outputs: what real inputs give, and one that means harm.

use super::Report;
use crate::analysis::{Analysis, Options};
use crate::policy::Limits;

const BLOG: &str = include_str!("../../fixtures/rss-report/blog.txt");
const LOG: &str = include_str!("../../fixtures/recordings/openstack-atexit/diff.log");
const ATEXIT: &str = include_str!("../../fixtures/recordings/openstack-atexit/report.txt");
const TEN_LINES: &str = include_str!("../../fixtures/tracemalloc/blog-diff.log");

fn report(sources: &[(&str, &str)]) -> Report {
    let limits = Limits { limit_bytes: Some(1_073_741_824.0), ..Limits::default() };
    let options = Options { limits, plots: true, ..Options::default() };
    let mut analysis = Analysis::new(options).expect("options without globs");
    for (name, text) in sources {
        analysis.add(name, text, text.len() as u64).expect("a readable sample");
    }
    analysis.finish()
}

/// Five samples of a process.
pub fn blog() -> Report {
    report(&[("report.txt", BLOG)])
}

/// A process and its sites.
pub fn mixed() -> Report {
    report(&[("report.txt", ATEXIT), ("service.log", LOG)])
}

/// The same, held against limits.
pub fn checked() -> Report {
    let limits = Limits { least_points: Some(8), ..Limits::default() };
    let mut analysis =
        Analysis::new(Options { limits, check: true, ..Options::default() }).expect("options without globs");
    analysis.add("report.txt", BLOG, BLOG.len() as u64).expect("a readable sample");
    analysis.add("service.log", LOG, LOG.len() as u64).expect("a readable sample");
    analysis.finish()
}

impl Report {
    /// The report as an output that does not draw gets it.
    pub fn without_plots(mut self) -> Self {
        self.processes.iter_mut().for_each(|row| row.plot = None);
        self.sites.iter_mut().for_each(|row| row.plot = None);
        self
    }
}

/// All that each output is shown with, by name.
pub fn all() -> [(&'static str, Report); 5] {
    [
        ("blog", blog()),
        ("mixed", mixed()),
        ("ten_lines", ten_lines()),
        ("checked", checked()),
        ("hostile", hostile()),
    ]
}

/// One difference of ten sites, five of them in lockstep.
pub fn ten_lines() -> Report {
    report(&[("service.log", TEN_LINES)])
}

/// A process that grew, started anew twice, and grows again; at usual widths it has more readings than columns.
pub fn restarts() -> Report {
    let mut text = String::new();
    for minute in 0..90 {
        let step = minute % 30;
        let (hour, rest) = (minute * 10 / 60, minute * 10 % 60);
        // Rises by 2000 kB a reading, now and then by a little more.
        let size = 100_000 + 2000 * step + step * 7 % 5 * 150;
        text += &format!("2024-05-23 {hour:02}:{rest:02}:00\nVmRSS: {size} kB\n");
    }
    report(&[("report.txt", &text)])
}

/// Names that would steer a terminal, a page or a spreadsheet, and a line that cannot be read. The readers take
/// some of that away; the outputs must not rely on it, so it is put into the document itself.
pub fn hostile() -> Report {
    let mut text = String::new();
    for k in 1..=6 {
        for (site, size) in [
            ("a:1", 9000 + 900 * k),
            ("b:2", 5000 + 500 * k),
            ("c:3", 4000),
            ("d:4", 3000 - k),
            ("e:5", 2000),
        ] {
            text += &format!("{site}: size={size} B, count={}, average=10 B\n", size / 10);
        }
        text += "\n";
    }
    text += "/srv/x.py:9: size=4o.0 KiB, count=3, average=1 B\n";
    let mut report = report(&[("=evil.log", &text), ("report.txt", BLOG)]);
    for row in &mut report.sites {
        row.site = match row.site.as_str() {
            "a:1" => "/srv/\u{1b}[31mred\u{7}.py:1".to_owned(),
            "b:2" => "/srv/evil\u{202e}yp.ppa\u{3164}\u{200b}:2".to_owned(),
            "c:3" => "<script>alert(1)</script>:3".to_owned(),
            "d:4" => "@SUM(A1)|x:4".to_owned(),
            _ => "C:\\Program Files\\A very long folder name\\another one\\and one more\\site-packages\\module\\描述器❤\u{fe0f}.py:5"
                .to_owned(),
        };
        row.file = Some(row.site.clone());
        row.source = Some("=a\u{9b}2J worker of a long name".to_owned());
    }
    for row in &mut report.processes {
        row.process = Some("worker\u{1b}[2J\n".to_owned());
        row.source = "\u{202e}report.txt".to_owned();
    }
    for input in &mut report.inputs {
        input.path = format!("\u{1b}]0;title\u{7}/{}", input.path);
    }
    for warning in &mut report.warnings {
        warning.path = Some("a-folder\u{9b}/".repeat(12));
        warning.message += "\u{1b}[2J\r\n";
    }
    report
}

/// Nothing at all.
pub fn empty() -> Report {
    Analysis::new(Options::default()).expect("options without globs").finish()
}
