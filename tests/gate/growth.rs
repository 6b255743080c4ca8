//! Rows of the table about growth, its limits, and verdicts that rest on too little.

use super::inputs::{Inputs, samples, samples_of, snapshots};

/// Makes the inputs of a row; returns the arguments, without `--check`. `None`: the row is of another kind.
pub fn make(case: &str, to: &Inputs) -> Option<Vec<&'static str>> {
    let steady = samples(60, 0);
    let leak = samples(60, 200);
    match case {
        "nothing grows" => to.file("a.txt", steady),
        "a process grows" => to.file("a.txt", leak),
        "a line of a time, a name and a size below each record grows" => {
            let time = |k: usize| format!("2024-05-{:02}T{:02}:{}0:00Z", 10 + k / 144, k / 6 % 24, k % 6);
            let sample = |k: usize| {
                format!(
                    "{}\nVmRSS:\t{} kB\n{} job {}.5MiB\n",
                    time(k),
                    100_000 + 4 * (k * 7 % 5),
                    time(k),
                    60 + k
                )
            };
            to.file("a.txt", (0..60).map(sample).collect::<String>());
        }
        "a line of a time, a name and a size in MB above each record grows" => {
            let sample = |k: usize| {
                let time = format!("2024-05-{:02}T{:02}:{}0:00Z", 10 + k / 144, k / 6 % 24, k % 6);
                format!("{time} job {}.5MB\n{time}\nVmRSS:\t{} kB\n", 60 + k, 100_000 + 4 * (k * 7 % 5))
            };
            to.file("a.txt", (0..60).map(sample).collect::<String>());
        }
        "a column that is named for a subject, `worker`, has sizes that grow" => {
            let row = |k: usize| format!("{},390.5 MiB,{}.5 MiB\n", 1_716_465_395 + 600 * k, 190 + k);
            to.file("a.txt", "time,api,worker\n".to_owned() + &(0..60).map(row).collect::<String>());
        }
        "one of two subjects that a column `shard` names grows" => {
            let row = |k: usize| {
                let time = 1_716_465_395 + 600 * k;
                format!("{time},a,390.5\n{time},b,{}.5\n", 190 + k)
            };
            to.file("a.txt", "time,shard,rss_mb\n".to_owned() + &(0..60).map(row).collect::<String>());
        }
        "one of two subjects grows that a column of any name, `module`, parts" => {
            let row = |k: usize| {
                let time = 1_716_465_395 + 600 * k;
                format!("{time},a,{}.5\n{},b,{}.5\n", 390 - 2 * k, time + 300, 190 + k)
            };
            to.file("a.txt", "time,module,rss_mb\n".to_owned() + &(0..60).map(row).collect::<String>());
        }
        "one of two subjects grows that a word after the size names" => {
            let time = |k: usize| format!("2024-05-{:02}T{:02}:{}0:00Z", 10 + k / 144, k / 6 % 24, k % 6);
            let row = |k: usize| {
                format!("{0} RSS: {1}.5 MB for a\n{0} RSS: {2}.5 MB for b\n", time(k), 390 - 2 * k, 190 + k)
            };
            to.file("a.txt", (0..60).map(row).collect::<String>());
        }
        "one of two subjects grows that a line above each table names" => {
            let table = |k: usize, name: &str, after: usize, size: usize| {
                format!(
                    "{}\n$ ssh {name} free -k\n       total        used        free      shared  buff/cache   available\nMem:  8000000     {size}      500000        1000      500000      7200000\n",
                    1_716_465_395 + 600 * k + after
                )
            };
            let round =
                |k: usize| table(k, "a", 0, 4_000_000 - 9000 * k) + &table(k, "b", 1, 1_000_000 + 9000 * k);
            to.file("a.txt", (0..60).map(round).collect::<String>());
        }
        "a row without a header below each table of processes grows" => {
            let sample = |k: usize| {
                format!(
                    "{}\n  PID   RSS CMD\n 4711 {} web\nroot 4800 0.3 0.1 900000 {} ? Ssl 11:00 0:01 job\n",
                    1_716_465_395 + 600 * k,
                    100_000 + 4 * (k * 7 % 5),
                    70_000 + 1000 * k
                )
            };
            to.file("a.txt", (0..60).map(sample).collect::<String>());
        }
        "a row of `smem` below each `systemctl status` grows" => {
            let sample = |k: usize| {
                let time = format!("2024-05-{:02} {:02}:{}0:00", 10 + k / 144, k / 6 % 24, k % 6);
                format!(
                    "{time}\n● web.service - A service\n     Active: active (running)\n     Memory: 87.9M\n{time}\n  PID User     Command        Swap      USS      PSS      RSS\n 4800 root     job               0    {0}    {0}    {0}\n",
                    70_000 + 1000 * k
                )
            };
            to.file("a.txt", (0..60).map(sample).collect::<String>());
        }
        "one of two units of `systemctl show` grows, and no blank lines part them" => {
            let sample = |k: usize| {
                format!(
                    "{}\nId=web.service\nMemoryCurrent=90001408\nId=job.service\nMemoryCurrent={}\n",
                    1_716_465_395 + 600 * k,
                    70_000_640 + 409_600 * k
                )
            };
            to.file("a.txt", (0..60).map(sample).collect::<String>());
        }
        "sizes of what a log says by the way rise" => {
            let said = |k: usize| match k % 13 {
                3 => format!("2024-05-23T11:00:00Z downloaded {k}.5MiB\n"),
                7 | 11 if k < 20 => format!("2024-05-23T11:00:00Z upstream {k}.5MiB\n"),
                _ => String::new(),
            };
            let text: String =
                steady.lines().zip(0..).map(|(line, k)| format!("{line}\n{}", said(k))).collect();
            to.file("a.txt", text);
        }
        "a process of a list in JSON lines grows" => {
            let line = |k: usize| {
                let (time, size) = (1_716_465_395 + 600 * k, 68 + k);
                format!(
                    "{{\"ts\": {time}, \"procs\": [{{\"name\": \"job\", \"rss_mb\": {size}}}, {{\"name\": \"web\", \"rss_mb\": 87}}]}}\n"
                )
            };
            to.file("a.txt", (0..60).map(line).collect::<String>());
        }
        "a process grows faster than `--max-growth`" => {
            to.file("a.txt", leak);
            return Some(vec!["a.txt", "--max-growth", "1MiB/h"]);
        }
        "a process grows more slowly than `--max-growth`" => {
            to.file("a.txt", leak);
            return Some(vec!["a.txt", "--max-growth", "2MiB/h"]);
        }
        "a process will reach `--limit` `--within` a time" => {
            to.file("a.txt", leak);
            return Some(vec!["a.txt", "--limit", "200MiB", "--within", "30d", "--max-growth", "2MiB/h"]);
        }
        "a process is above `--limit`" => {
            to.file("a.txt", steady);
            return Some(vec!["a.txt", "--limit", "90MiB"]);
        }
        "a site grows" => to.file("a.txt", snapshots(30, 4)),
        "a site grows faster than `--max-site-growth`" => {
            to.file("a.txt", snapshots(30, 4));
            return Some(vec!["a.txt", "--max-site-growth", "3KiB/snapshot"]);
        }
        "a site grows that `leakdiff.toml` allows" => {
            to.file("a.txt", snapshots(30, 4));
            to.file("leakdiff.toml", "[[allow]]\nsite = '*/cache.py'\nreason = 'a cache of tenants'\n");
        }
        "something grows that the baseline knows" => {
            to.file("before.txt", samples(60, 200));
            to.run(&["before.txt", "--baseline", "known.json", "--write-baseline"]);
            to.file("a.txt", samples(50, 200));
            return Some(vec!["a.txt", "--baseline", "known.json"]);
        }
        "something grows faster than the baseline knows" => {
            to.file("before.txt", samples(60, 100));
            to.run(&["before.txt", "--baseline", "known.json", "--write-baseline"]);
            to.file("a.txt", samples(50, 200));
            return Some(vec!["a.txt", "--baseline", "known.json"]);
        }
        "a second process grows as fast as the one that the baseline knows" => {
            to.file("a.txt", samples(60, 200));
            to.run(&["a.txt", "--baseline", "known.json", "--write-baseline"]);
            to.file("z.txt", samples_of("", 300_000, 60, 200));
            return Some(vec!["a.txt", "z.txt", "--baseline", "known.json"]);
        }
        "something grows, and a limit is per unit of time in a recording without times" => {
            to.file(
                "a.txt",
                leak.lines().filter(|line| line.contains("VmRSS")).collect::<Vec<_>>().join("\n"),
            );
            return Some(vec!["a.txt", "--max-growth", "1MiB/h"]);
        }
        "a process has too few samples" => to.file("a.txt", samples(4, 0)),
        "a process restarts after each fourth sample" => {
            let of_life = |pid: usize| {
                let sample = |k: usize| {
                    let time = 1_716_465_395 + 600 * (4 * pid + k);
                    format!("{time}\nName: a\nPid: {}\nVmRSS:\t{} kB\n", 100 + pid, 100_000 + 50_000 * k)
                };
                (0..4).map(sample).collect::<String>()
            };
            to.file("a.txt", (0..8).map(of_life).collect::<String>());
        }
        "a process grows, and is low in its last sample" => {
            let (grown, last) = (samples(59, 200), 1_716_465_395 + 600 * 59);
            to.file("a.txt", format!("{grown}{last}\nVmRSS:\t100000 kB\n"));
        }
        "a process grows, and its samples stand in no order" => {
            let leak = samples(60, 200);
            let lines: Vec<&str> = leak.lines().collect();
            let samples: Vec<String> = lines.chunks(2).map(|sample| sample.join("\n") + "\n").collect();
            // 37 has no divisor in common with 60.
            to.file("a.txt", (0..60).map(|k| samples[k * 37 % 60].as_str()).collect::<String>());
        }
        "a heap has too few snapshots" => to.file("a.txt", snapshots(4, 0)),
        "the evidence does not decide, with `--fail-on unclear`" => {
            to.file("a.txt", samples(6, 0));
            return Some(vec!["a.txt", "--fail-on", "growing,unclear"]);
        }
        _ => return None,
    }
    Some(vec!["a.txt"])
}
