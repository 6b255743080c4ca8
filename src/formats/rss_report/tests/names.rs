//! Whose values they are.

use super::super::lines::{self, Heading};
use super::assert_read;

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
