//! Reports for the tests of the outputs: what real inputs give, and one that means harm.

use super::Report;
use crate::analysis::{Analysis, Options};

const BLOG: &str = include_str!("../../fixtures/rss-report/blog.txt");
const LOG: &str = include_str!("../../fixtures/recordings/openstack-atexit/diff.log");
const ATEXIT: &str = include_str!("../../fixtures/recordings/openstack-atexit/report.txt");
const TEN_LINES: &str = include_str!("../../fixtures/tracemalloc/blog-diff.log");

fn report(sources: &[(&str, &str)]) -> Report {
    let options = Options { limit_bytes: Some(1_073_741_824.0), ..Options::default() };
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

/// One difference of ten sites, five of them in lockstep.
pub fn ten_lines() -> Report {
    report(&[("service.log", TEN_LINES)])
}

/// Names that would steer a terminal, a page or a spreadsheet, and a line that cannot be read.
pub fn hostile() -> Report {
    let mut text = String::new();
    for k in 1..=6 {
        for (site, size) in [
            ("/srv/\u{1b}[31mred\u{7}.py:1", 9000 + 900 * k),
            ("/srv/evil\u{202e}yp.ppa:2", 5000 + 500 * k),
            ("<script>alert(1)</script>:3", 4000),
            ("@SUM.py:4", 3000 - k),
            (
                "C:\\Program Files\\A very long folder name\\another one\\and one more\\site-packages\\module\\file.py:5",
                2000,
            ),
        ] {
            text += &format!("{site}: size={size} B, count={}, average=10 B\n", size / 10);
        }
        text += "\n";
    }
    text += "/srv/x.py:9: size=4o.0 KiB, count=3, average=1 B\n";
    report(&[("=evil\u{1b}[2J.log", &text)])
}

/// Nothing at all.
pub fn empty() -> Report {
    Analysis::new(Options::default()).expect("options without globs").finish()
}
