//! The RSS report: what a loop of `date` and `grep Rss /proc/PID/status` leaves behind, in all its variants.
//!
//! Nothing of it is fixed: values stand alone or after a log's prefix, and processes are named in many ways or not at
//! all. So the lines are read one by one into samples with the candidates for their names (`reader`), and only when all
//! are known it is decided which of them are names (`naming`), and which lines belong to one sample (`joining`).

mod amount;
mod current;
mod diff;
mod joining;
mod lines;
mod naming;
mod reader;
mod samples;
mod values;

use super::contract::{Detect, Format, Parser};

/// The RSS report.
pub static FORMAT: Format = Format {
    name: "rss-report",
    reads: "values of a process's memory (\"RssAnon:  941804 kB\", VmRSS, a /proc/PID/status or smaps_rollup)",
    example: "Thu May 23 11:56:35 UTC 2024\nRssAnon:\t  941804 kB\n",
    detect: Detect::Needles(&["Rss", "Pss", "VmRSS", "VmSize", "VmHWM", "VmSwap", "Private_Dirty"]),
    parser: |_| Parser::Lines(Box::<reader::Reader>::default()),
};

#[cfg(test)]
mod tests {
    use crate::formats::Dispatcher;
    use crate::model::Metric;

    #[test]
    fn huge_pages_of_the_machine_are_not_those_of_a_process() {
        for (between, huge) in [("", Some(2_097_152.0)), ("MemFree:  900000 kB\nAnonPages:  9000 kB\n", None)]
        {
            let mut dispatcher = Dispatcher::new(None);
            dispatcher.read(&format!("Rss:  9000 kB\n{between}AnonHugePages:  2048 kB\n"));
            let samples = dispatcher.finish().records.samples;
            let rows = 0..samples.len();
            let found = rows.filter_map(|row| samples.value(Metric::ANON_HUGE_PAGES, row)).next();
            assert_eq!(found.map(|value| value.value), huge, "{between}");
        }
    }
}
