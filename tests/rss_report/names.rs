//! Whose values they are.

use super::{assert_read, brief, expand, read};

#[test]
fn processes_are_named_in_many_ways() {
    assert_read(&[
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
    ]);
}

#[test]
fn labels_of_samples_name_no_process() {
    let with_labels = |label: &str| {
        let line = |k: usize| format!("{} | VmRSS: {} kB | ", label.replace('N', &k.to_string()), 100 + k);
        (1..=3).map(line).collect::<String>()
    };
    for label in [
        "=== N hours ===",
        "## Day N",
        "(14:5N)",
        "--- run N ---",
        "Iteration N",
        "after N00 requests",
        "After N00 requests:",
        "N",
        "step-N",
        "Snapshot #N",
        "T+N0min",
        "N0%",
        "10:0N",
        "[N0s]",
    ] {
        // Some of them give a time.
        let read = read(&expand(&with_labels(label)));
        let without_time = |index| brief(&read, index).split(' ').next_back().unwrap_or_default().to_owned();
        let samples: Vec<String> = (0..read.samples().len()).map(without_time).collect();
        let names =
            read.found.records.subjects.all().iter().filter(|subject| !subject.is_anonymous()).count();
        assert_eq!((samples.join(" ").as_str(), names), ("VmRSS=101 VmRSS=102 VmRSS=103", 0), "{label}");
    }
    assert_read(&[
        // each once
        ("# before | VmRSS: 1 kB | # after | VmRSS: 2 kB | ", "VmRSS=1; VmRSS=2", 2),
        (
            "baseline: | VmRSS: 1 kB | loaded: | VmRSS: 2 kB | after gc: | VmRSS: 3 kB | ",
            "VmRSS=1; VmRSS=2; VmRSS=3",
            3,
        ),
        ("load-model | VmRSS: 1 kB | run-inference | VmRSS: 2 kB | ", "VmRSS=1; VmRSS=2", 2),
        // again and again
        (
            "before | VmRSS: 1 kB | after | VmRSS: 2 kB | before | VmRSS: 3 kB | after | VmRSS: 4 kB | ",
            "VmRSS=1; VmRSS=2; VmRSS=3; VmRSS=4",
            4,
        ),
        // names
        (
            "nginx: | VmRSS: 1 kB | redis: | VmRSS: 2 kB | nginx: | VmRSS: 3 kB | redis: | VmRSS: 4 kB | ",
            "nginx VmRSS=1; redis VmRSS=2; nginx VmRSS=3; redis VmRSS=4",
            2,
        ),
        ("shop/web | VmRSS: 1 kB | shop/api | VmRSS: 2 kB | ", "shop/web VmRSS=1; shop/api VmRSS=2", 1),
    ]);
}

#[test]
fn workers_are_named_by_the_text_before_their_values() {
    assert_read(&[
        // The lines of one sample, among those of another.
        (
            "[71] VmRSS: 1 kB | [72] VmRSS: 9 kB | [71] RssAnon: 1 kB | [72] RssAnon: 9 kB | [71] VmRSS: 2 kB | [72] VmRSS: 9 kB | [71] RssAnon: 2 kB | [72] RssAnon: 9 kB | ",
            "71#71 VmRSS=1 RssAnon=1; 72#72 VmRSS=9 RssAnon=9; 71#71 VmRSS=2 RssAnon=2; 72#72 VmRSS=9 RssAnon=9",
            2,
        ),
        // A thread that takes over within a sample.
        (
            "[a1] VmRSS: 1 kB | [a2] RssAnon: 1 kB | [a1] VmRSS: 2 kB | [a2] RssAnon: 2 kB | [a2] VmRSS: 3 kB | [a1] RssAnon: 3 kB | ",
            "VmRSS=1 RssAnon=1; VmRSS=2 RssAnon=2; VmRSS=3 RssAnon=3",
            3,
        ),
        // Messages of several lines.
        (
            "2024-05-23 11:01:00 [71] INFO memory: | VmRSS: 1 kB | RssAnon: 1 kB | 2024-05-23 11:01:01 [72] INFO memory: | VmRSS: 9 kB | RssAnon: 9 kB | 2024-05-23 11:02:00 [71] INFO memory: | VmRSS: 2 kB | 2024-05-23 11:02:01 [72] INFO memory: | VmRSS: 9 kB | ",
            "71#71@11:01:00 VmRSS=1 RssAnon=1; 72#72@11:01:01 VmRSS=9 RssAnon=9; 71#71@11:02:00 VmRSS=2; 72#72@11:02:01 VmRSS=9",
            4,
        ),
        // Another life of one process, and an id that is new each time.
        (
            "svc[71]: VmRSS: 1 kB | svc[71]: VmRSS: 2 kB | svc[75]: VmRSS: 1 kB | svc[75]: VmRSS: 2 kB | ",
            "#71 VmRSS=1; #71 VmRSS=2; #75 VmRSS=1; #75 VmRSS=2",
            2,
        ),
        (
            "root[71]: VmRSS: 1 kB RssAnon: 1 kB | root[75]: VmRSS: 2 kB RssAnon: 2 kB | root[78]: VmRSS: 3 kB RssAnon: 3 kB | ",
            "VmRSS=1 RssAnon=1; VmRSS=2 RssAnon=2; VmRSS=3 RssAnon=3",
            3,
        ),
        // Words that come once each.
        ("pod-a VmRSS: 1 kB | pod-b VmRSS: 2 kB | ", "VmRSS=1; VmRSS=2", 2),
    ]);
}
