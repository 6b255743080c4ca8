#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::lines::{self, Heading};
use super::{RssReport, is_record_line};
use crate::formats::{InputFormat, Parsed, Recognition, without_escapes};
use crate::model::ProcessReading;
use crate::model::process::distinct_times;
use proptest::prelude::*;

/// A reading as text: `name#pid@11:56:35 RssAnon=1 RssFile=2`, values in kB, without what is not known.
fn brief(reading: &ProcessReading) -> String {
    let mut text = reading.process.clone().unwrap_or_default();
    if let Some(pid) = reading.pid {
        text += &format!("#{pid}");
    }
    if let Some(at) = reading.at {
        let millis = (at.seconds * 1e3).round() as i64;
        let time = jiff::Timestamp::from_millisecond(millis).unwrap().to_string();
        text += &format!("@{}", time.split_once('T').unwrap().1.trim_end_matches('Z'));
    }
    for (metric, bytes) in &reading.values {
        text += &format!(" {}={}", metric.name(), bytes / 1024);
    }
    text.trim().to_owned()
}

fn read(report: &str) -> (Vec<String>, Parsed) {
    let parsed = RssReport.parse(&without_escapes(report));
    (parsed.processes.iter().map(brief).collect(), parsed)
}

/// A date line of the C locale at a minute and second past eleven.
fn date(minute: u32, second: u32) -> String {
    format!("Thu May 23 11:{minute:02}:{second:02} UTC 2024")
}

/// Reports are written with `D1` … `D9` for the date lines of 11:01:00 … 11:09:00, and `|` for the end of a
/// line.
fn expand(report: &str) -> String {
    (1..=9).fold(report.replace(" | ", "\n").replace('¦', "|"), |text, minute| {
        text.replace(&format!("D{minute}"), &date(minute, 0))
    })
}

#[test]
fn reports_are_read_in_all_their_variants() {
    for (report, expected, times) in [
        // the loop itself
        (
            "D1 | RssAnon:\t  941804 kB | RssFile:\t   11248 kB | RssShmem:\t       0 kB | ",
            "@11:01:00 RssAnon=941804 RssFile=11248 RssShmem=0",
            1,
        ),
        ("D1 | RssAnon: 1 kB | D2 | RssAnon: 2 kB | ", "@11:01:00 RssAnon=1; @11:02:00 RssAnon=2", 2),
        (
            "D1\r | RssAnon:\t 1 kB\r | D2\r | RssAnon: 2 kB\r | ",
            "@11:01:00 RssAnon=1; @11:02:00 RssAnon=2",
            2,
        ),
        (
            "D1 | VmRSS: 3 KB | VmSize: 9 kb | VmHWM: 4 kB | VmSwap: 0 kB | ",
            "@11:01:00 VmRSS=3 VmSize=9 VmHWM=4 VmSwap=0",
            1,
        ),
        ("D1 | RssAnon: 1 kB RssFile: 2 kB RssShmem: 0 kB | ", "@11:01:00 RssAnon=1 RssFile=2 RssShmem=0", 1),
        ("1716462060 | RssAnon: 1 kB | ", "@11:01:00 RssAnon=1", 1),
        ("2024-05-23T13:01:00+02:00 | RssAnon: 1 kB | ", "@11:01:00 RssAnon=1", 1),
        (
            "=== D1 === | RssAnon: 1 kB | [D2] | RssAnon: 2 kB | Time: D3 | RssAnon: 3 kB | ",
            "@11:01:00 RssAnon=1; @11:02:00 RssAnon=2; @11:03:00 RssAnon=3",
            3,
        ),
        // times that repeat, are missing, go back
        ("D1 | RssAnon: 1 kB | D1 | RssAnon: 2 kB | ", "@11:01:00 RssAnon=1; @11:01:00 RssAnon=2", 2),
        ("D1 | RssAnon: 1 kB | D2 | D3 | RssAnon: 3 kB | ", "@11:01:00 RssAnon=1; @11:03:00 RssAnon=3", 2),
        ("D2 | RssAnon: 1 kB | D1 | RssAnon: 2 kB | ", "@11:02:00 RssAnon=1; @11:01:00 RssAnon=2", 2),
        (
            "D1 | RssAnon: 1 kB | RssAnon: 2 kB | D2 | RssAnon: 3 kB | ",
            "@11:01:00 RssAnon=1; RssAnon=2; @11:02:00 RssAnon=3",
            3,
        ),
        ("RssAnon: 1 kB | RssFile: 2 kB | RssAnon: 3 kB | ", "RssAnon=1 RssFile=2; RssAnon=3", 2),
        ("RssAnon: 1 kB |  | RssFile: 2 kB", "RssAnon=1 RssFile=2", 1),
        // errors between
        (
            "D1 | error: unable to upgrade connection: pod does not exist | D2 | RssAnon: 2 kB | ",
            "@11:02:00 RssAnon=2",
            1,
        ),
        (
            "D1 | RssAnon: 1 kB | command terminated with exit code 1 | D2 | RssAnon: 2 kB | Error from server (NotFound): pods \"a\" not found | ",
            "@11:01:00 RssAnon=1; @11:02:00 RssAnon=2",
            2,
        ),
        (
            "D1 | Defaulted container \"app\" out of: app, proxy | RssAnon: 1 kB | D2 | Defaulted container \"app\" out of: app, proxy | RssAnon: 2 kB | ",
            "@11:01:00 RssAnon=1; @11:02:00 RssAnon=2",
            2,
        ),
        // colours, quotes, prefixes
        ("D1 | \u{1b}[01;31m\u{1b}[KRssAnon\u{1b}[m\u{1b}[K:\t  5 kB | ", "@11:01:00 RssAnon=5", 1),
        (" > > D1 |  > > VmRSS:\t 1604 kB | ", "@11:01:00 VmRSS=1604", 1),
        ("# VmRSS:\t 1604 kB | ", "VmRSS=1604", 1),
        (
            "2024-05-23 11:01:00.500 1 INFO mem [-] VmRSS:  123 kB | 2024-05-23 11:02:00.500 1 INFO mem [-] VmRSS:  124 kB | ",
            "@11:01:00.5 VmRSS=123; @11:02:00.5 VmRSS=124",
            2,
        ),
        (
            "2024-05-23 11:01:00 VmRSS: 1 kB | 2024-05-23 11:01:00 RssAnon: 2 kB | 2024-05-23 11:02:00 VmRSS: 3 kB | ",
            "@11:01:00 VmRSS=1 RssAnon=2; @11:02:00 VmRSS=3",
            2,
        ),
        (
            "2024-05-23 11:01:00 INFO memory of the worker is now | VmRSS: 1 kB | 2024-05-23 11:02:00 INFO memory of the worker is now | VmRSS: 2 kB | ",
            "@11:01:00 VmRSS=1; @11:02:00 VmRSS=2",
            2,
        ),
        ("{\"ts\": \"2024-05-23T11:01:00Z\", \"msg\": \"VmRSS: 12 kB\"} | ", "@11:01:00 VmRSS=12", 1),
        (
            "22:VmRSS:\t 1 kB | 23:RssAnon:\t 2 kB | 22:VmRSS:\t 3 kB | 23:RssAnon:\t 4 kB | ",
            "VmRSS=1 RssAnon=2; VmRSS=3 RssAnon=4",
            2,
        ),
        ("DEBUG:root:VmRSS: 1 kB | DEBUG:root:VmRSS: 2 kB | ", "VmRSS=1; VmRSS=2", 2),
        // the whole status, smaps_rollup, smaps
        (
            "D1 | Name:\tpython3 | Umask:\t0022 | Pid:\t7 | Groups:\t | VmPeak:\t 9 kB | VmRSS:\t 5 kB | Threads:\t1 | D2 | Name:\tpython3 | Pid:\t8 | VmRSS:\t 6 kB | ",
            "python3#7@11:01:00 VmRSS=5; python3#8@11:02:00 VmRSS=6",
            2,
        ),
        (
            "Name:\tpython3 | Pid:\t7 | VmRSS:\t 5 kB | Name:\tpython3 | Pid:\t8 | VmRSS:\t 6 kB | Name:\tpython3 | Pid:\t7 | VmRSS:\t 7 kB | ",
            "python3 (7)#7 VmRSS=5; python3 (8)#8 VmRSS=6; python3 (7)#7 VmRSS=7",
            2,
        ),
        (
            "D1 | 55d0a0000000-7ffc00000000 ---p 00000000 00:00 0                  [rollup] | Rss:  31 kB | Pss:  9 kB | Pss_Anon: 4 kB | SwapPss: 3 kB | ",
            "@11:01:00 Rss=31 Pss=9",
            1,
        ),
        (
            "D1 | 1000-2000 r-xp 00000000 fd:01 123   /usr/bin/x | Rss: 4 kB | Pss: 1 kB | 2000-3000 rw-p 00000000 00:00 0 | Rss: 8 kB | Pss: 8 kB | D2 | 1000-2000 r-xp 00000000 fd:01 123 /usr/bin/x | Rss: 5 kB | ",
            "@11:01:00 Rss=12 Pss=9; @11:02:00 Rss=5",
            2,
        ),
        (
            "1000-2000 r-xp 00000000 fd:01 123 /x | Rss: 4 kB | 3000-4000 rw-p 0000 00:00 0 [heap] | Rss: 8 kB | 1000-2000 r-xp 00000000 fd:01 123 /x | Rss: 5 kB | ",
            "Rss=12; Rss=5",
            2,
        ),
        ("$ grep Rss /proc/7/smaps | Rss: 4 kB | Rss: 5 kB | ", "7#7 Rss=9", 1),
        // names by path, command, file
        (
            "D1 | /proc/12/status:VmRSS:\t 1 kB | /proc/13/status:VmRSS:\t 2 kB | D2 | /proc/12/status:VmRSS:\t 3 kB | /proc/13/status:VmRSS:\t 4 kB | ",
            "12#12@11:01:00 VmRSS=1; 13#13@11:01:00 VmRSS=2; 12#12@11:02:00 VmRSS=3; 13#13@11:02:00 VmRSS=4",
            2,
        ),
        (
            "/proc/12/status:22:VmRSS:\t 1 kB | /proc/12/status:23:RssAnon:\t 2 kB | ",
            "12#12 VmRSS=1 RssAnon=2",
            1,
        ),
        (
            "==> /proc/12/status <== | VmRSS:\t 1 kB |  | ==> /proc/13/status <== | VmRSS:\t 2 kB | ",
            "12#12 VmRSS=1; 13#13 VmRSS=2",
            1,
        ),
        (
            "# grep Rss /proc/7/smaps_rollup | Rss: 3 kB | # grep Rss /proc/8/smaps_rollup | Rss: 4 kB | ",
            "7#7 Rss=3; 8#8 Rss=4",
            1,
        ),
        (
            "user@host:~$ while true; do date; cat /proc/7/status ¦ grep Rss; done | D1 | RssAnon: 1 kB | D2 | RssAnon: 2 kB | ",
            "7#7@11:01:00 RssAnon=1; 7#7@11:02:00 RssAnon=2",
            2,
        ),
        (
            "$ kubectl exec -n shop pod-a -- grep Rss /proc/1/status | RssAnon: 1 kB | $ kubectl exec -n shop pod-b -- grep Rss /proc/1/status | RssAnon: 2 kB | ",
            "pod-a#1 RssAnon=1; pod-b#1 RssAnon=2",
            1,
        ),
        (
            "# grep RSS /proc/109[0-9]/status | VmRSS: 1 kB | VmRSS: 2 kB | VmRSS: 3 kB | ",
            "process 1 VmRSS=1; process 2 VmRSS=2; process 3 VmRSS=3",
            1,
        ),
        (
            "$ while :; do date; grep -h RSS /proc/*/status; done | D1 | VmRSS: 1 kB | VmRSS: 2 kB | D2 | VmRSS: 3 kB | VmRSS: 4 kB | ",
            "process 1@11:01:00 VmRSS=1; process 2@11:01:00 VmRSS=2; process 1@11:02:00 VmRSS=3; process 2@11:02:00 VmRSS=4",
            2,
        ),
        (
            "Every 2.0s: cat /proc/7/status ¦ grep -i rss        titan: Thu May 23 11:01:00 2024 |  | VmRSS: 3 kB | RssAnon: 1 kB | Every 2.0s: cat /proc/7/status ¦ grep -i rss        titan: Thu May  2 11:01:02 2024 | VmRSS: 4 kB | ",
            "7#7@11:01:00 VmRSS=3 RssAnon=1; 7#7@11:01:02 VmRSS=4",
            2,
        ),
        // a heading tells more than the command above all of them, or the status below it
        (
            "$ for p in pod-a pod-b; do echo $p; kubectl exec $p -- grep Rss /proc/1/status; done | pod-a | RssAnon: 1 kB | pod-b | RssAnon: 2 kB | pod-a | RssAnon: 3 kB | pod-b | RssAnon: 4 kB | ",
            "pod-a RssAnon=1; pod-b RssAnon=2; pod-a RssAnon=3; pod-b RssAnon=4",
            2,
        ),
        (
            "D1 | pod-a | Name:\tpython3 | Pid:\t1 | Groups:\t | VmRSS: 1 kB | pod-b | Name:\tpython3 | Pid:\t1 | Groups: | VmRSS: 2 kB | ",
            "pod-a#1@11:01:00 VmRSS=1; pod-b#1@11:01:00 VmRSS=2",
            1,
        ),
        (
            "Name: a | VmRSS: 1 kB | x86_Thread_features: | Name: a | VmRSS: 2 kB | x86_Thread_features: | Name: a | VmRSS: 3 kB | x86_Thread_features: | ",
            "a VmRSS=1; a VmRSS=2; a VmRSS=3",
            3,
        ),
        (
            "retrying | $ cat /proc/7/status | noise | VmRSS: 1 kB | VmRSS: 2 kB | ",
            "7#7 VmRSS=1; 7#7 VmRSS=2",
            2,
        ),
        (
            "$ for p in 7 8; do grep RSS /proc/$p/status; done | VmRSS: 1 kB | VmRSS: 2 kB | ",
            "process 1 VmRSS=1; process 2 VmRSS=2",
            1,
        ),
        (
            "$ for i in 1 2; do grep RSS /proc/$PID/status; done | VmRSS: 1 kB | VmRSS: 2 kB | ",
            "VmRSS=1; VmRSS=2",
            2,
        ),
        // names by headings and words
        (
            "D1 | pod-a | RssAnon: 1 kB | pod-b | RssAnon: 2 kB | D2 | pod-a | RssAnon: 3 kB | pod-b | RssAnon: 4 kB | ",
            "pod-a@11:01:00 RssAnon=1; pod-b@11:01:00 RssAnon=2; pod-a@11:02:00 RssAnon=3; pod-b@11:02:00 RssAnon=4",
            2,
        ),
        (
            "D1 | === pod-a === | RssAnon: 1 kB | === pod-b === | RssAnon: 2 kB | ",
            "pod-a@11:01:00 RssAnon=1; pod-b@11:01:00 RssAnon=2",
            1,
        ),
        (
            "pod-a: | D1 | RssAnon: 1 kB | pod-b: | D1 | RssAnon: 2 kB | pod-a: | D2 | RssAnon: 3 kB | pod-b: | D2 | RssAnon: 4 kB | ",
            "pod-a@11:01:00 RssAnon=1; pod-b@11:01:00 RssAnon=2; pod-a@11:02:00 RssAnon=3; pod-b@11:02:00 RssAnon=4",
            2,
        ),
        (
            "D1 | [pod-a] | RssAnon: 1 kB | D2 | [pod-a] | RssAnon: 2 kB | ",
            "pod-a@11:01:00 RssAnon=1; pod-a@11:02:00 RssAnon=2",
            2,
        ),
        (
            "D1 pod-a | RssAnon: 1 kB | D1 pod-b | RssAnon: 2 kB | D2 pod-a | RssAnon: 3 kB | D2 pod-b | RssAnon: 4 kB | ",
            "pod-a@11:01:00 RssAnon=1; pod-b@11:01:00 RssAnon=2; pod-a@11:02:00 RssAnon=3; pod-b@11:02:00 RssAnon=4",
            2,
        ),
        (
            "D1 | pod: pod-a | RssAnon: 1 kB | D2 | pod: pod-a | RssAnon: 2 kB | ",
            "pod-a@11:01:00 RssAnon=1; pod-a@11:02:00 RssAnon=2",
            2,
        ),
        (
            "report | D1 | RssAnon: 1 kB | D2 | RssAnon: 2 kB | ",
            "@11:01:00 RssAnon=1; @11:02:00 RssAnon=2",
            2,
        ),
        (
            "my-service | D1 | RssAnon: 1 kB | D2 | RssAnon: 2 kB | ",
            "@11:01:00 RssAnon=1; @11:02:00 RssAnon=2",
            2,
        ),
        (
            "Sample-1 | D1 | RssAnon: 1 kB | Sample-2 | D2 | RssAnon: 2 kB | ",
            "@11:01:00 RssAnon=1; @11:02:00 RssAnon=2",
            2,
        ),
        ("sample-1 | RssAnon: 1 kB | sample-2 | RssAnon: 2 kB | ", "RssAnon=1; RssAnon=2", 2),
        ("pod-a | RssAnon: 1 kB | pod-b | RssAnon: 2 kB | ", "pod-a RssAnon=1; pod-b RssAnon=2", 1),
        (
            "=== pod-a === | D1 | RssAnon: 1 kB | D2 | RssAnon: 2 kB | === pod-b === | D1 | RssAnon: 3 kB | D2 | RssAnon: 4 kB | ",
            "pod-a@11:01:00 RssAnon=1; pod-a@11:02:00 RssAnon=2; pod-b@11:01:00 RssAnon=3; pod-b@11:02:00 RssAnon=4",
            2,
        ),
        (
            "D1 | --- | RssAnon: 1 kB | D2 | --- | RssAnon: 2 kB | ",
            "@11:01:00 RssAnon=1; @11:02:00 RssAnon=2",
            2,
        ),
        (
            "D1 | pod-a RssAnon: 1 kB | pod-a RssFile: 2 kB | pod-b RssAnon: 3 kB | ",
            "pod-a@11:01:00 RssAnon=1 RssFile=2; pod-b@11:01:00 RssAnon=3",
            1,
        ),
        ("pod-a RssAnon: 941804 kB | ", "pod-a RssAnon=941804", 1),
        ("0.5 VmRSS: 1 kB | 1.0 VmRSS: 2 kB | ", "VmRSS=1; VmRSS=2", 2),
        (
            "D1 | VmRSS: 1 kB | VmRSS: 2 kB | D2 | VmRSS: 3 kB | VmRSS: 4 kB | D3 | VmRSS: 5 kB",
            "process 1@11:01:00 VmRSS=1; process 2@11:01:00 VmRSS=2; process 1@11:02:00 VmRSS=3; process 2@11:02:00 VmRSS=4; process 1@11:03:00 VmRSS=5",
            3,
        ),
        // what is no value of a process
        ("MemTotal: 489992 KB | MemAvailable: 3 kB | VmPeak: 9 kB | VmRSS: 1 kB | 3144 kB | ", "VmRSS=1", 1),
        ("The key VmRSS: means resident memory | ", "", 0),
        ("D1 | RssAnon: 1 kB | RssFile:\t  94", "@11:01:00 RssAnon=1", 1),
        ("D1 | RssAnon: 1 MB | RssFile: 2 kB | ", "@11:01:00 RssFile=2", 1),
        ("", "", 0),
    ] {
        let (readings, parsed) = read(&expand(report));
        assert_eq!(readings.join("; "), expected, "{report}");
        assert_eq!(distinct_times(&parsed.processes), times, "{report}");
        assert!(parsed.calendar, "{report}");
    }
}

#[test]
fn what_was_skipped_or_assumed_is_said() {
    for (report, unreadable, said) in [
        ("D1 | RssAnon: 1 kB | ", 0, vec![]),
        (
            "D1 | RssAnon:\t  9418",
            1,
            vec![
                "2: expected kB behind RssAnon: 9418, found nothing, where the input ends; the number may be cut",
            ],
        ),
        (
            "D1 | RssAnon:\t  9418 k",
            1,
            vec!["2: expected kB behind the number of RssAnon:, found \"k\", where the input ends"],
        ),
        (
            "D1 | RssAnon: 1 kB | RssFile:",
            1,
            vec!["3: expected a number of kB behind RssFile:, found nothing, where the input ends"],
        ),
        (
            "RssAnon: 12 | RssAnon: 1 kB | ",
            1,
            vec!["1: expected kB behind RssAnon: 12, found nothing; the number may be cut"],
        ),
        ("RssAnon: 12 MB | ", 1, vec!["1: expected kB behind the number of RssAnon:, found \"MB\""]),
        ("RssAnon: -5 kB | ", 1, vec!["1: expected a number of kB behind RssAnon:, found \"-5 kB\""]),
        (
            "RssAnon: 99999999999999999999 kB | ",
            1,
            vec!["1: RssAnon: 99999999999999999999 kB is more than any machine has"],
        ),
        (
            "RssAnon: 1 RssFile: 2 kB RssShmem: 3 | ",
            1,
            vec!["1: expected kB behind RssAnon: 1, found nothing; the number may be cut"],
        ),
        (
            "D1 | D2 | RssAnon: 1 kB | D3 | ",
            0,
            vec!["0: 2 times without values: the process was away or could not be read"],
        ),
        (
            "D2 | RssAnon: 1 kB | D1 | RssAnon: 2 kB | D3 | RssAnon: 1 kB | ",
            0,
            vec!["4: the time goes backward here; the order of the report was kept"],
        ),
        (
            "D1 | VmRSS: 1 kB | VmRSS: 2 kB | D2 | VmRSS: 3 kB | VmRSS: 4 kB | ",
            0,
            vec!["0: each time has 2 readings without a name; they were taken as 2 processes"],
        ),
        (
            "Thu May 23 11:56:35 XYZT 2024 | RssAnon: 1 kB | ",
            0,
            vec!["0: the zone XYZT is not known and was taken as UTC"],
        ),
        ("D1 | RssAnon: 1 kB | Thu May 23 11:0", 0, vec![]),
    ] {
        let (_, parsed) = read(&expand(report));
        let notices: Vec<String> =
            parsed.notices.iter().map(|n| format!("{}: {}", n.line, n.message)).collect();
        assert_eq!(
            (parsed.unreadable_lines, notices.iter().map(String::as_str).collect()),
            (unreadable, said),
            "{report}"
        );
    }
}

#[test]
fn a_thousand_broken_lines_need_no_thousand_notices() {
    let (_, parsed) = read(&"RssAnon: 1\n".repeat(1000));
    assert_eq!((parsed.unreadable_lines, parsed.notices.len()), (1000, 101));
}

#[test]
fn dates_without_a_year_are_no_calendar() {
    let (readings, parsed) =
        read("May 23 11:56:35 host unit[1]: VmRSS: 5 kB\nMay 23 11:56:36 host unit[1]: VmRSS: 6 kB\n");
    assert_eq!(readings, ["@11:56:35 VmRSS=5", "@11:56:36 VmRSS=6"]);
    assert!(!parsed.calendar);
}

#[test]
fn the_line_of_a_reading_is_that_of_its_first_value() {
    let parsed =
        RssReport.parse(&expand("D1 | x y z | RssAnon: 1 kB | RssFile: 1 kB | D2 | RssAnon: 2 kB | "));
    assert_eq!(parsed.processes.iter().map(|reading| reading.line).collect::<Vec<_>>(), [3, 6]);
}

#[test]
fn a_record_line_is_told_from_others() {
    for (line, is_record) in [
        ("RssAnon:\t  941804 kB", true),
        ("a b c VmRSS: 1 KB more", true),
        ("\u{1b}[01;31mPss\u{1b}[m: 1 kB", true),
        ("RssAnon:\t  941804", false),
        ("RssAnon: 5 MB", false),
        ("VmPeak: 5 kB", false),
        ("SwapPss: 5 kB", false),
        ("MemTotal: 5 kB", false),
        ("a.py:7: size=0 B (-816 B), count=0 (-2)", false),
    ] {
        assert_eq!(is_record_line(&without_escapes(line)), is_record, "{line}");
    }
    assert!(
        (RssReport.recognise("x\nRssAnon: 1 kB\n") == Recognition::Yes)
            && !(RssReport.recognise("x\nRssAnon\n") == Recognition::Yes)
    );
}

#[test]
fn headings_are_told_from_errors_sentences_and_ornaments() {
    for (line, name) in [
        ("pod-a", Some("pod-a")),
        ("pod-a:", Some("pod-a")),
        ("=== pod-a ===", Some("pod-a")),
        ("--- pod-a ---", Some("pod-a")),
        ("[pod-a]", Some("pod-a")),
        ("shop/pod-a", Some("shop/pod-a")),
        ("Pod: pod-a", Some("pod-a")),
        ("PID 123", Some("123")),
        ("error-reporter-0", Some("error-reporter-0")),
        ("### nginx worker ###", Some("nginx worker")),
        ("=====", None),
        ("-900", None),
        ("3144 kB", None),
        ("7441500919753", None),
        ("error: unable to upgrade connection", None),
        ("command terminated with exit code 137", None),
        ("Killed", None),
        ("Unable to connect to the server: EOF", None),
        ("waiting for the pod", None),
        ("Memory Information", None),
        ("State:\tS (sleeping)", None),
        ("$ uname -r", None),
    ] {
        assert_eq!(lines::heading(line).map(|Heading { name, .. }| name).as_deref(), name, "{line}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_stumble(
        text in "\\PC{0,200}",
        lines in proptest::collection::vec(
            "(Rss|VmRSS|RssAnon|Pss)?:?[ \t]{0,2}[0-9]{0,6} ?(kB)?|[0-9a-f]{4}-[0-9a-f]{4} rw-p 00 00:00 0|=?[a-z-]{1,6}:?|\\$ cat /proc/[0-9*]{1,2}/smaps?|Name:\t[a-z]|Pid: [0-9]|2024-05-2[0-9] 1[0-9]:00:0[0-9].{0,3}|==> .{0,9} <==|\u{1b}\\[.{0,3}",
            0..30,
        ),
    ) {
        for text in [&text, &lines.join("\n")] {
            let parsed = RssReport.parse(text);
            prop_assert!(distinct_times(&parsed.processes) <= parsed.processes.len());
            prop_assert_eq!(RssReport.recognise(text) == Recognition::Yes, !parsed.processes.is_empty());
            for reading in &parsed.processes {
                let mut metrics: Vec<_> = reading.values.iter().map(|(metric, _)| *metric).collect();
                metrics.dedup();
                prop_assert!(!metrics.is_empty() && metrics.len() == reading.values.len());
            }
        }
    }

    #[test]
    fn a_report_survives_each_dress_of_its_dates(
        start in 1_262_304_000_i64..2_000_000_000,
        samples in proptest::collection::vec((0_i64..90_000, 0_u64..1 << 40, 0_u64..1 << 30), 1..40),
        dress in 0_usize..8,
    ) {
        const DRESSES: [&str; 8] = [
            "%a %b %e %H:%M:%S UTC %Y", "%a %d %b %Y %I:%M:%S %p UTC", "%a, %d %b %Y %H:%M:%S +0000", "%Y-%m-%dT%H:%M:%S+00:00",
            "%Y年 %m月 %d日 星期四 %H:%M:%S UTC", "%Y. %m. %d. (목) %H:%M:%S UTC", "%s", "=== %Y-%m-%d %H:%M:%S ===",
        ];
        let (mut at, mut report, mut expected) = (start, String::new(), Vec::new());
        for (step, anon, file) in samples {
            at += step;
            let stamp = jiff::Timestamp::from_second(at).unwrap();
            let zoned = jiff::tz::Offset::UTC.to_datetime(stamp).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
            let line = zoned.strftime(DRESSES[dress]).to_string();
            report += &format!("{line}\nRssAnon:\t{anon:8} kB\nRssFile:\t{file:8} kB\n");
            expected.push((Some(at as f64), vec![anon * 1024, file * 1024]));
        }
        let parsed = RssReport.parse(&report);
        let read: Vec<_> = parsed.processes.iter().map(|reading| {
            (reading.at.map(|at| at.seconds), reading.values.iter().map(|(_, bytes)| *bytes).collect::<Vec<_>>())
        }).collect();
        prop_assert_eq!(distinct_times(&parsed.processes), expected.len());
        prop_assert_eq!(read, expected);
        prop_assert!(parsed.notices.is_empty() && parsed.calendar, "{:?}", parsed.notices);
    }
}
