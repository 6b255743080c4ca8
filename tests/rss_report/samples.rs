//! Where a sample begins and ends, when it was, and what is no value.

use super::assert_read;

#[test]
fn samples_are_read_in_all_their_variants() {
    assert_read(&[
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
            "#1@11:01:00.5 VmRSS=123; #1@11:02:00.5 VmRSS=124",
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
            "python3#7@11:01:00 VmRSS=5 Threads=1; python3#8@11:02:00 VmRSS=6",
            2,
        ),
        (
            "Name:\tpython3 | Pid:\t7 | VmRSS:\t 5 kB | Name:\tpython3 | Pid:\t8 | VmRSS:\t 6 kB | Name:\tpython3 | Pid:\t7 | VmRSS:\t 7 kB | ",
            "python3 (7)#7 VmRSS=5; python3 (8)#8 VmRSS=6; python3 (7)#7 VmRSS=7",
            2,
        ),
        (
            "D1 | 55d0a0000000-7ffc00000000 ---p 00000000 00:00 0                  [rollup] | Rss:  31 kB | Pss:  9 kB | Pss_Anon: 4 kB | SwapPss: 3 kB | ",
            "@11:01:00 Rss=31 Pss=9 Pss_Anon=4 SwapPss=3",
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
        // mappings without headers: a sum for each date
        (
            "D1 | Rss: 100 kB | Rss: 2000 kB | D2 | Rss: 100 kB | Rss: 2600 kB | Rss: 4 kB | ",
            "@11:01:00 Rss=2100; @11:02:00 Rss=2704",
            2,
        ),
        (
            "D1 | Rss: 4 kB | Pss: 1 kB | Rss: 8 kB | Pss: 8 kB | D2 | Rss: 5 kB | Pss: 5 kB | ",
            "@11:01:00 Rss=12 Pss=9; @11:02:00 Rss=5 Pss=5",
            2,
        ),
        ("--- 1 | Rss: 4 kB | Rss: 8 kB | --- 2 | Rss: 4 kB | Rss: 9 kB | ", "Rss=12; Rss=13", 2),
        // smaps_rollup of two processes
        (
            "D1 | Rss: 5000 kB | Rss: 9000 kB | D2 | Rss: 5000 kB | Rss: 9100 kB | ",
            "process 1@11:01:00 Rss=5000; process 2@11:01:00 Rss=9000; process 1@11:02:00 Rss=5000; process 2@11:02:00 Rss=9100",
            2,
        ),
        // one mapping is not the process
        (
            "D1 | 1000-2000 rw-p 00000000 00:00 0   [heap] | Rss: 8 kB | D2 | 1000-2000 rw-p 00000000 00:00 0   [heap] | Rss: 9 kB | ",
            "[heap]@11:01:00 Rss=8; [heap]@11:02:00 Rss=9",
            2,
        ),
        // a diff holds two states
        ("@@ -1,2 +1,2 @@ | -VmRSS: 8 kB | +VmRSS: 9 kB | VmRSS: 10 kB | ", "VmRSS=10", 1),
        // what is no value of a process
        ("MemTotal: 489992 KB | MemAvailable: 3 kB | VmPeak: 9 kB | VmRSS: 1 kB | 3144 kB | ", "VmRSS=1", 1),
        ("The key VmRSS: means resident memory | ", "", 0),
        ("D1 | RssAnon: 1 kB | RssFile:\t  94", "@11:01:00 RssAnon=1", 1),
        ("D1 | RssAnon: 1 pages | RssFile: 2 kB | ", "@11:01:00 RssFile=2", 1),
        ("D1 | RssAnon: 1 MB | RssFile: 2 kB | ", "@11:01:00 RssAnon=1024 RssFile=2", 1),
        ("", "", 0),
    ]);
}
