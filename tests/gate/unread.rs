//! Rows of the table about inputs of which something was not read.

use super::inputs::{Inputs, gzip, noisy_samples, partly_unreadable, samples, utf32};

/// Makes the inputs of a row; returns the arguments, without `--check`. `None`: the row is of another kind.
pub fn make(case: &str, to: &Inputs) -> Option<Vec<&'static str>> {
    let steady = samples(60, 0);
    match case {
        "an archive is cut" => {
            let packed = gzip(&noisy_samples());
            to.file("a.gz", &packed[..packed.len() * 3 / 4]);
            return Some(vec!["a.gz"]);
        }
        "an archive is damaged amid" => {
            let mut packed = gzip(&noisy_samples());
            let middle = packed.len() * 3 / 4;
            packed[middle..middle + 64].fill(0xff);
            to.file("a.gz", packed);
            return Some(vec!["a.gz"]);
        }
        "nothing can be unpacked of an archive in a folder" => {
            to.file("logs/a.txt", steady);
            to.file("logs/b.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03");
            return Some(vec!["logs"]);
        }
        "a file in a folder cannot be opened" => {
            to.file("logs/a.txt", steady);
            #[cfg(unix)]
            std::os::unix::fs::symlink("nowhere", to.path().join("logs/b.txt")).unwrap();
            return Some(vec!["logs"]);
        }
        "no record of a file in a folder can be read" => {
            to.file("logs/a.txt", steady);
            to.file("logs/b.txt", partly_unreadable(0, 30));
            return Some(vec!["logs"]);
        }
        "two records in a hundred cannot be read" => to.file("a.txt", partly_unreadable(98, 2)),
        "two records in a hundred cannot be read, with `--allow-unread 5%`" => {
            to.file("a.txt", partly_unreadable(98, 2));
            return Some(vec!["a.txt", "--allow-unread", "5%"]);
        }
        "one record in a thousand cannot be read" => to.file("a.txt", partly_unreadable(999, 1)),
        "the last line is broken off, as in a log that is written to" => {
            to.file("a.txt", samples(30, 0) + "VmRSS:\t1000");
        }
        "a line has more than 32 MiB" => {
            to.file("a.gz", gzip(&(samples(60, 0) + &"x".repeat(33 << 20) + "\n" + &samples(60, 0))));
            return Some(vec!["a.gz"]);
        }
        "another table stands among the records, in a form that is known and not read" => {
            let table = "  S0     S1     E      O      M     CCS    YGC     YGCT    FGC    FGCT     CGC    CGCT       GCT\n  0.00 100.00  20.00  40.00  95.00  90.00    12    0.100     0    0.000     4    0.010    0.110\n";
            to.file("a.txt", steady.replacen("VmRSS", &format!("{table}VmRSS"), 20));
        }
        "a table of times and sizes begins amid a report" => {
            let row = |k: usize| format!("2024-05-23T{:02}:{:02}:00Z,{}.5\n", k / 60, k % 60, 100 + k);
            to.file("a.txt", steady + "time,rss_mb\n" + &(0..60).map(row).collect::<String>());
        }
        "a column of memory beside others has no unit" => {
            let row =
                |k: usize| format!("2024-05-23T{:02}:{:02}:00Z,100.5,{}\n", k / 60, k % 60, 70_001 + 301 * k);
            to.file("a.csv", "time,web_rss_mb,job_rss\n".to_owned() + &(0..60).map(row).collect::<String>());
            return Some(vec!["a.csv"]);
        }
        "a program's own words stand between the reports of `pidstat`" => {
            let report = |k: usize| {
                let (hour, minute) = (k / 6, k % 6);
                format!(
                    "{hour:02}:{minute}0:00  UID  PID  minflt/s  majflt/s  VSZ  RSS  %MEM  Command\n{hour:02}:{minute}0:00  0  4711  0.00  0.00  200000  {}  0.50  web\n\n2024-05-23T{hour:02}:{minute}0:00Z INFO job: RSS: {} MB\n",
                    100_000 + 4 * (k * 7 % 5),
                    60 + k
                )
            };
            to.file("a.txt", (0..60).map(report).collect::<String>());
        }
        "rows of numbers that may be memory stand between the records of a tool" => {
            let sample = |k: usize| {
                format!(
                    "{}\n   4103 {} {} python3 app.py\nVmRSS:\t90000 kB\n",
                    1_716_465_395 + 600 * k,
                    60_072 + 400 * k,
                    72_996 + 400 * k
                )
            };
            to.file("a.txt", (0..60).map(sample).collect::<String>());
        }
        "lines of a time, a name and a number that may be memory stand between the records of a tool" => {
            let sample = |k: usize| {
                let time = format!("2024-05-{:02}T{:02}:{}0:00Z", 10 + k / 144, k / 6 % 24, k % 6);
                format!("{time}\nVmRSS:\t90000 kB\n{time},job,{}\n", 60_072 + 404 * k)
            };
            to.file("a.txt", (0..60).map(sample).collect::<String>());
        }
        "a file in a folder has rows of numbers that may be memory, and nothing else but dates" => {
            let sample =
                |k: usize| format!("{}\n   4103 {} python3\n", 1_716_465_395 + 600 * k, 60_072 + 404 * k);
            to.file("logs/a.txt", samples(60, 0));
            to.file("logs/b.txt", (0..60).map(sample).collect::<String>());
            return Some(vec!["logs"]);
        }
        "objects of a list have memory and no names" => {
            let line = |k: usize| {
                let time = 1_716_465_395 + 600 * k;
                format!(
                    "{{\"ts\": {time}, \"rss_mb\": 90, \"parts\": [{{\"rss_mb\": {}}}, {{\"rss_mb\": 87}}]}}\n",
                    60 + k
                )
            };
            to.file("a.txt", (0..60).map(line).collect::<String>());
        }
        "the sizes of half of the records are in digits of another script" => {
            let wide =
                |c: char| char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_digit()).unwrap_or(c);
            let record = |line: &str| match line.strip_prefix("VmRSS:\t") {
                Some(size) => format!("VmRSS:\t{}\n", size.chars().map(wide).collect::<String>()),
                None => format!("{line}\n"),
            };
            to.file("a.txt", steady + &samples(60, 200).lines().map(record).collect::<String>());
        }
        "a file in a folder is of a form that is known and not read" => {
            to.file("logs/a.txt", steady);
            to.file("logs/b.txt", " r b w     avm   fre   flt  re  pi  po    fr   sr\n 1 0 0   900000 80000   100   0   0   0     0    0\n");
            return Some(vec!["logs"]);
        }
        "an archive in a folder is of a kind that is not unpacked" => {
            to.file("logs/a.txt", steady);
            to.file("logs/b.txt.lz4", b"\x04\x22\x4D\x18\x64\x40\xa7\x00\x00\x00\x00");
            return Some(vec!["logs"]);
        }
        "a file in a folder is in an encoding that is not read" => {
            to.file("logs/b.txt", utf32(&samples(60, 200)));
            to.file("logs/a.txt", steady);
            return Some(vec!["logs"]);
        }
        "a file in a folder has the name of a text and is binary data" => {
            to.file("logs/a.txt", steady);
            to.file("logs/b.log", [1, 2, 3, 0, 255, 254].repeat(99));
            return Some(vec!["logs"]);
        }
        "a file in a folder is an image or a program" => {
            to.file("logs/a.txt", steady);
            to.file("logs/app", [&b"\x7FELF\x02\x01\x01"[..], &[0; 9], b"\x03\0\x3E\0"].concat());
            to.file("logs/chart.png", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xE0\x08\x06\0\0\0");
            to.file("logs/app.pyc", b"\xCB\x0D\x0D\x0A\0\0\0\0\x5C\x9A\x4F\x66\x10\0\0\0\xE3\0\0\0\0");
            return Some(vec!["logs"]);
        }
        "a file in a folder has nothing to do with memory" => {
            to.file("logs/a.txt", steady);
            to.file("logs/README", "The logs of one night.\n");
            return Some(vec!["logs"]);
        }
        "the work of `--per` cannot be held against the memory" => {
            to.file("a.txt", samples(60, 0) + "requests=5\n");
            return Some(vec!["a.txt", "--per", "requests=(?<n>\\d+)"]);
        }
        _ => return None,
    }
    Some(vec!["a.txt"])
}
