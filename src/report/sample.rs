//! Reports for the tests of the outputs: some of real inputs, and a hostile one.

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
    analysis.finish().expect("sources that join")
}

/// A process and three sites over two hours, held against limits: one of everything that a report holds, and a line
/// that cannot be read. It is the golden output of each format, small enough to be read.
pub fn small() -> Report {
    let (mut memory, mut dump) = (String::new(), String::new());
    for k in 0..12 {
        let at = format!("2024-05-23 {:02}:{:02}:00", 9 + k / 6, k % 6 * 10);
        memory += &format!("{at}\nVmRSS: {} kB\n", 90_000 + 1000 * k);
        for (site, size, count) in [
            ("/srv/app/cache.py:31", 500_000 + 800 * 1024 * k, 300 + 40 * k),
            ("/usr/lib/python3.12/json/decoder.py:353", 90_000, 120),
            ("/usr/lib/python3.12/tracemalloc.py:560", 4000 + 640 * k, 5 + k),
        ] {
            dump += &format!("{at} {site}: size={size} B, count={count}, average={} B\n", size / count);
        }
    }
    dump += "/srv/app/cache.py:31: size=4o.0 KiB, count=3, average=1 B\n";
    let limits = Limits { limit_bytes: Some(268_435_456.0), ..Limits::default() };
    let options = Options { limits, check: true, ..Options::default() };
    let mut analysis = Analysis::new(options).expect("options without globs");
    analysis.add("report.txt", &memory, memory.len() as u64).expect("a readable sample");
    analysis.add("service.log", &dump, dump.len() as u64).expect("a readable sample");
    analysis.finish().expect("sources that join")
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
    analysis.finish().expect("sources that join")
}

/// All samples, by name.
pub fn all() -> [(&'static str, Report); 7] {
    [
        ("small", small()),
        ("blog", blog()),
        ("mixed", mixed()),
        ("ten_lines", ten_lines()),
        ("checked", checked()),
        ("hostile", hostile()),
        ("empty", empty()),
    ]
}

/// One difference of ten sites, five of them in lockstep.
pub fn ten_lines() -> Report {
    report(&[("service.log", TEN_LINES)])
}

/// A process that grew, restarted twice, and grows again; at usual widths it has more readings than columns.
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
    Analysis::new(Options::default()).expect("options without globs").finish().expect("no sources")
}
