#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{Clock, Doubt, Stamp};
use crate::model::Moment;
use proptest::prelude::*;

/// A moment as RFC 3339 in UTC, to the millisecond.
fn rfc(moment: Moment) -> String {
    let millis = (moment.seconds * 1e3).round() as i64;
    jiff::Timestamp::from_millisecond(millis).unwrap().to_string()
}

fn date(line: &str) -> Option<String> {
    Clock::new().date_line(line).map(rfc)
}

#[test]
fn a_line_that_is_a_date_is_read_in_any_dress() {
    const NOON: &str = "2024-05-23T11:56:35Z";
    for (line, expected) in [
        // C and English
        ("Thu May 23 11:56:35 UTC 2024", NOON),
        ("  Thu May 23 11:56:35 UTC 2024 \r", NOON),
        ("Mon May 23 11:56:35 UTC 2024", NOON),
        ("May 23 11:56:35 UTC 2024", NOON),
        ("Thu May  2 01:06:05 GMT 2024", "2024-05-02T01:06:05Z"),
        ("Thu May 23 11:56:35 AM UTC 2024", NOON),
        ("Thu May 23 12:06:35 AM UTC 2024", "2024-05-23T00:06:35Z"),
        ("Thu May 23 12:06:35 PM UTC 2024", "2024-05-23T12:06:35Z"),
        ("Thu 23 May 2024 11:56:35 AM UTC", NOON),
        ("Thu 23 May 2024 11:56:35 PM UTC", "2024-05-23T23:56:35Z"),
        ("Thu 23 May 2024 11:56:35 a.m. UTC", NOON),
        ("Thu 23 May 11:56:35 UTC 2024", NOON),
        ("Thu 23 May 12:56:35 BST 2024", NOON),
        ("Thursday, May 23, 2024 11:56:35 AM", NOON),
        ("Thursday, 23 May 2024 11:56:35", NOON),
        ("May 23rd, 2024 11:56", "2024-05-23T11:56:00Z"),
        ("Thu May 23 11:56:35.25 UTC 2024", "2024-05-23T11:56:35.25Z"),
        ("Thu May 23 11:56:35 2024", NOON),
        ("Thu 2024-05-23 11:56:35 UTC", NOON),
        // other languages
        ("Do 23. Mai 11:56:35 UTC 2024", NOON),
        ("Do 23. Mai 13:56:35 CEST 2024", NOON),
        ("Do 23. Mai 2024, 11:56:35 Uhr", NOON),
        ("Mi 6. Mär 11:56:35 UTC 2024", "2024-03-06T11:56:35Z"),
        ("jeu. 23 mai 2024 11:56:35 UTC", NOON),
        ("jeudi 23 mai 2024, 13:56:35 (UTC+0200)", NOON),
        ("mar. 12 mars 2024 11:56:35 UTC", "2024-03-12T11:56:35Z"),
        ("mar. 23 juil. 2024 11:56:35 UTC", "2024-07-23T11:56:35Z"),
        ("mer. 14 août 2024 11:56:35 UTC", "2024-08-14T11:56:35Z"),
        ("jue 23 may 2024 11:56:35 UTC", NOON),
        ("jue 23 de mayo de 2024 11:56:35 p. m. UTC", "2024-05-23T23:56:35Z"),
        ("mar 12 mar 2024 11:56:35 UTC", "2024-03-12T11:56:35Z"),
        ("gio 23 mag 2024, 11:56:35, UTC", NOON),
        ("gio 23 mag 2024, 13:56:35, CEST", NOON),
        ("qui 23 mai 2024 11:56:35 UTC", NOON),
        ("qui 23 de mai de 2024 11:56:35 UTC", NOON),
        ("quinta-feira, 23 de maio de 2024, 11:56:35 UTC", NOON),
        ("sex 24 mai 2024 08:56:35 -03", "2024-05-24T11:56:35Z"),
        ("do 23 mei 2024 11:56:35 UTC", NOON),
        ("do mrt 7 11:56:35 UTC 2024", "2024-03-07T11:56:35Z"),
        ("czw, 23 maj 2024, 11:56:35 UTC", NOON),
        ("śro, 23 paź 2024, 11:56:35 UTC", "2024-10-23T11:56:35Z"),
        ("Čt 23. května 2024, 11:56:35 UTC", NOON),
        ("čt kvě 23 11:56:35 UTC 2024", NOON),
        ("tor 23 maj 2024 11:56:35 UTC", NOON),
        ("tors 23 maj 2024 kl 11:56:35 UTC", NOON),
        ("to 23.5.2024 klo 11.56.35 +0000", NOON),
        ("2024. máj. 23., csütörtök, 11:56:35 UTC", NOON),
        ("joi 23 mai 2024, 14:56:35 +0300", NOON),
        ("Чт 23 мая 2024 11:56:35 UTC", NOON),
        ("чт, 23 мая 2024 г. 14:56:35 MSK", NOON),
        ("четвер, 23 травня 2024 11:56:35 UTC", NOON),
        ("п'ятниця, 23 травня 2024 14:56:35 +0300", NOON),
        ("чт 23 тра 2024 11:56:35 UTC", NOON),
        ("Per 23 May 2024 11:56:35 UTC", NOON),
        ("23 Ağu 2024 Cum 11:56:35 +03", "2024-08-23T08:56:35Z"),
        ("2024年 5月 23日 木曜日 11:56:35 UTC", NOON),
        ("2024年  5月 23日 木曜日 20:56:35 JST", NOON),
        ("2024年5月23日 19時06分04秒", "2024-05-23T19:06:04Z"),
        ("2024年 05月 23日 星期四 11:56:35 UTC", NOON),
        ("2024年 05月 23日 星期四 19:56:35 CST", NOON),
        ("四  5月 23 19:56:35 CST 2024", NOON),
        ("週四  5月 23 19:56:35 CST 2024", NOON),
        ("木  5月 23 20:56:35 JST 2024", NOON),
        ("2024年05月23日 星期四 下午 01:56:35 UTC", "2024-05-23T13:56:35Z"),
        ("2024. 05. 23. (목) 11:56:35 UTC", NOON),
        ("2024. 05. 23. (목) 20:56:35 KST", NOON),
        ("2024년 05월 23일 목요일 오후 01:56:35 UTC", "2024-05-23T13:56:35Z"),
        // RFC 5322, RFC 3339, ISO 8601
        ("Thu, 23 May 2024 11:56:35 +0000", NOON),
        ("Thu, 23 May 2024 13:56:35 +0200", NOON),
        ("2024-05-23T11:56:35+00:00", NOON),
        ("2024-05-23T13:56:35+02:00", NOON),
        ("2024-05-23T11:56:35Z", NOON),
        ("2024-05-23 11:56:35", NOON),
        ("2024-05-23_11:56:35", NOON),
        ("2024-05-23 11:56:35,250", "2024-05-23T11:56:35.25Z"),
        ("2024-05-23T11:56:35.329123456Z", "2024-05-23T11:56:35.329Z"),
        ("2024-05-23T13:56:35+0200", NOON),
        ("2024-05-23T13:56:35+02", NOON),
        ("2024-05-23 07:56:35 -0400", NOON),
        ("2024-05-23 13:56:35+02:00[Europe/Berlin]", NOON),
        ("2024-05-23 11:56", "2024-05-23T11:56:00Z"),
        ("2024-05-23", "2024-05-23T00:00:00Z"),
        ("20240523T115635Z", NOON),
        ("20240523_115635", NOON),
        ("20240523 11:56:35", NOON),
        // numbers in other orders
        ("23.05.2024 11:56:35", NOON),
        ("23.5.2024, 11:56:35", NOON),
        ("05/23/2024 11:56:35", NOON),
        ("5/23/2024 11:56:35 AM", NOON),
        ("23/05/2024 11:56:35", NOON),
        ("Thu 05/23/2024 11:56:35.25", "2024-05-23T11:56:35.25Z"),
        ("05/06/2024 11:56:35", "2024-05-06T11:56:35Z"),
        ("05.06.2024 11:56:35", "2024-06-05T11:56:35Z"),
        ("2024/05/23 11:56:35", NOON),
        ("2024.05.23 11:56:35", NOON),
        ("23/May/2024:13:56:35 +0200", NOON),
        ("23-May-2024 11:56:35", NOON),
        // seconds since 1970
        ("1716465395", NOON),
        ("1716465395.25", "2024-05-23T11:56:35.25Z"),
        ("@1716465395", NOON),
        ("1716465395250", "2024-05-23T11:56:35.25Z"),
        ("1716465395250000000", "2024-05-23T11:56:35.25Z"),
        // the edges of clocks and calendars
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("Thu Feb 29 23:59:59 UTC 2024", "2024-02-29T23:59:59Z"),
        ("Thu May 23 11:56:35 XYZT 2024", NOON),
        ("Thu May 23 17:26:35 IST 2024", NOON),
        ("Thu May 23 08:56:35 -03 2024", NOON),
        ("Thu May 23 21:41:35 NPT 2024", "2024-05-23T15:56:35Z"),
    ] {
        assert_eq!(date(line).as_deref(), Some(expected), "{line}");
    }
}

#[test]
fn other_lines_are_no_dates() {
    for line in [
        "",
        " ",
        "3144",
        "7441500919753",
        "941804 kB",
        "2024",
        "-900",
        "12:34",
        "11:56:35",
        "11:56:35 UTC",
        "5.15.0-105",
        "3.5.0-rc2+",
        "1.2.2024",
        "10.11.2012",
        "192.168.1.10",
        "10.0.0.1:8080",
        "May 2024",
        "Thu",
        "Thu May 23",
        "UTC",
        "2024-02-30 11:56:35",
        "Thu Feb 30 11:56:35 UTC 2024",
        "29.02.2023 11:56:35",
        "32.05.2024 11:56:35",
        "13/13/2024 11:56:35",
        "2024-13-01 11:56:35",
        "2024-05-23 24:56:35",
        "2024-05-23 11:60:35",
        "2024-05-23 11:56:61",
        "2024-05-23 15:30 AM",
        "2024-05-23 11:56:35 INFO",
        "2024-05-23 11:56:35 start",
        "Thu May 23 11:56:35 UTC 2024 restarted",
        "started Thu May 23 11:56:35 UTC 2024",
        "0001-01-01T00:00:00Z",
        "1073741824",
        "2147483648",
        "23.05.24 11:56:35",
        "2024-05-23 2024-05-24 11:56:35",
        "23 May May 2024 11:56:35",
        "2024-05-23 11:56:35 11:57:35",
        "may 5 set 10",
        "---",
        "RssAnon:\t  941804 kB",
        "pod-a",
        "Sun Sun 3 Mar 2024 1:00",
        "Error from server (NotFound): pods \"pod-a\" not found",
        "00400000-0040b000 r-xp 00000000 fd:01 1 /bin/x",
        "command terminated with exit code 1",
        "2024-05-23-rc1",
        "20241399T115635Z",
        "99999999",
        "1e9",
        "17164653950",
    ] {
        assert_eq!(date(line), None, "{line}");
    }
}

#[test]
fn a_stamp_at_the_head_of_a_line_is_read_and_measured() {
    const FULL: &str = "2024-05-23T12:06:35.329Z";
    const WHOLE: &str = "2024-05-23T11:56:35Z";
    for (line, expected, rest) in [
        ("2024-05-23 12:06:35.329 1 DEBUG nova", FULL, " 1 DEBUG nova"),
        ("2024-05-23 12:06:35.329 INFO nova", FULL, " INFO nova"),
        ("2024-01-15 10:30:00,123 - root", "2024-01-15T10:30:00.123Z", " - root"),
        ("2021-11-21_17:14:21|INFO", "2021-11-21T17:14:21Z", "|INFO"),
        ("[2019-09-11 17:09:33 INFO] x", "2019-09-11T17:09:33Z", " INFO] x"),
        ("[2019-09-11 17:09:33] x", "2019-09-11T17:09:33Z", " x"),
        ("2024-05-23T11:56:35Z x", WHOLE, " x"),
        ("2024-05-23T13:56:35+02:00 x", WHOLE, " x"),
        ("2024-05-23T13:56:35+0200 host unit[1]: x", WHOLE, " host unit[1]: x"),
        ("2024-05-23 13:56:35 +0200 x", WHOLE, " x"),
        ("2024-05-23 13:56:35 CEST [12] LOG:  x", WHOLE, " [12] LOG:  x"),
        ("2024-05-23 11:56:35 [12] x", WHOLE, " [12] x"),
        ("2024-05-23 11:56:35 -12 x", WHOLE, " -12 x"),
        ("2024-05-23 11:56:35: x", WHOLE, ": x"),
        (r#"{"ts": "2024-05-23T12:06:35.329Z", "m": 1}"#, FULL, r#", "m": 1}"#),
        (r#"{"timestamp": 1716465395.5, "m": 1}"#, "2024-05-23T11:56:35.5Z", r#", "m": 1}"#),
        (
            r#"{"level":"info","ts":1.716465395e9,"m":1}"#,
            WHOLE,
            r#""level":"info","ts":1.716465395e9,"m":1}"#,
        ),
        (
            r#"{"message":"x: 1","@timestamp":"2024-05-23T11:56:35Z"}"#,
            WHOLE,
            "\"message\":\"x: 1\",\"@timestamp\":\"2024-05-23T11:56:35Z\"}",
        ),
        (r#"{"time":"2024-05-23 11:56:35","m":1}"#, WHOLE, r#","m":1}"#),
        ("1716465395.500000 host unit[1]: x", "2024-05-23T11:56:35.5Z", " host unit[1]: x"),
        ("1716465395 VmRSS: 1 kB", WHOLE, " VmRSS: 1 kB"),
        ("<34>1 2024-05-23T11:56:35Z host app - - x", WHOLE, " host app - - x"),
        ("2024-05-23T12:06:35.329000000Z stdout F 2024-05-23 12:06:35.3 1 INFO x", FULL, " 1 INFO x"),
        ("2024-05-23T12:06:35.329000000Z stderr P x y", FULL, "x y"),
        ("2024-05-23T12:06:35.329000000Z 2024-05-23 12:06:35.3 1 INFO x", FULL, " 1 INFO x"),
        ("2024-05-23T12:06:35.329000000Z x", FULL, " x"),
        ("[23/May/2024:11:56:35 +0000] \"GET", WHOLE, " \"GET"),
        ("2024-05-23 12:06:35.329 | INFO", FULL, " | INFO"),
        ("# 2024-05-23 12:06:35.329 x", FULL, " x"),
        (" > > 2024-05-23 12:06:35.329 x", FULL, " x"),
        ("\t'2024-05-23 12:06:35.329' x", FULL, " x"),
        ("Thu May 23 11:56:35 UTC 2024 RssAnon: 1 kB", WHOLE, " RssAnon: 1 kB"),
        ("Thu, 23 May 2024 11:56:35 +0000 x", WHOLE, " x"),
        ("Thu May 23 14:56:35 +03 2024 x", WHOLE, " x"),
        ("INFO 2024-05-23 12:06:35.329 x", FULL, " x"),
        ("[INFO] [2024-05-23 12:06:35.329] x", FULL, " x"),
        ("time=\"2024-05-23T11:56:35Z\" level=info", WHOLE, " level=info"),
        ("web-1  | 2024-05-23 12:06:35.329 x", FULL, " x"),
        ("5/23/2024 11:56:35 AM - x", WHOLE, " - x"),
        ("20240523T115635Z x", WHOLE, " x"),
        ("2024年 05月 23日 星期四 11:56:35 UTC x", WHOLE, " x"),
    ] {
        let Some(Stamp { moment, end }) = Clock::new().stamp(line) else { panic!("no stamp: {line}") };
        assert_eq!((rfc(moment).as_str(), &line[end..]), (expected, rest), "{line}");
    }
}

#[test]
fn lines_without_a_stamp_have_none() {
    for line in [
        "",
        "Traceback (most recent call last):",
        "/usr/lib/python3.9/x.py:84: size=30.6 MiB (+5868 B)",
        "12345 x",
        "[  12.345] x",
        "5.15.0-105-generic",
        "#1: /srv/app/x.py:31: size=1 B",
        "1.2.3.4 - - x",
        "{\"a\": 1}",
        "{}",
        "{",
        "\"",
        "<1234>x",
        "May the force",
        "Mon",
        "2024-02-30 11:56:35 x",
        "1073741824 bytes at 11:56",
        "VmRSS:\t  941804 kB",
        "é",
        "<é>",
    ] {
        assert_eq!(Clock::new().stamp(line), None, "{line}");
    }
}

#[test]
fn times_without_a_year_go_forward_through_new_year() {
    let mut clock = Clock::new();
    let mut at = |line: &str| clock.stamp(line).unwrap().moment.seconds;
    let december = at("Dec 31 23:59:59 host unit[1]: x");
    let january = at("<34>Jan  1 00:00:01 host unit[1]: x");
    let klog = at("I0101 00:00:02.500000    1 x.go:1] x");
    assert_eq!((january - december, klog - january), (2.0, 1.5));
    let late = at("Jan 31 00:00:00 host");
    assert_eq!(at("Jan 30 00:00:00 host") - late, -86_400.0);
    assert!(!clock.has_calendar());
    assert_eq!(clock.take_notices(), ["some times have no year: only the time between them is known"]);
    assert!(clock.take_notices().is_empty());
}

#[test]
fn a_leap_day_makes_a_year_without_number_leap() {
    let mut clock = Clock::new();
    let days = ["Feb 28 0:00", "Feb 29 0:00", "Mar 1 0:00", "Feb 28 0:00"]
        .map(|line| clock.date_line(line).unwrap().seconds / 86_400.0);
    assert_eq!([days[1] - days[0], days[2] - days[1], days[3] - days[0]], [1.0, 1.0, 0.0]);
}

#[test]
fn a_time_without_year_takes_the_year_of_its_source() {
    let mut clock = Clock::new();
    clock.date_line("Tue Dec 31 23:00:00 UTC 2024").unwrap();
    assert_eq!(rfc(clock.stamp("Jan  1 00:10:00 host").unwrap().moment), "2025-01-01T00:10:00Z");
}

#[test]
fn a_zone_that_changes_within_a_source_gives_right_differences() {
    let mut clock = Clock::new();
    let before = clock.date_line("So 31. Mär 01:59:50 CET 2024").unwrap();
    let after = clock.date_line("So 31. Mär 03:00:10 CEST 2024").unwrap();
    assert_eq!(after.seconds - before.seconds, 20.0);
    assert_eq!(clock.take_notices(), ["times are in several zones (CET, CEST); each was read in its own"]);
}

#[test]
fn what_is_assumed_is_said_once() {
    for (lines, said) in [
        (vec!["2024-05-23 11:56:35", "2024-05-23 11:57:35"], vec![]),
        (vec!["2024-05-23 11:56:35Z", "2024-05-23 11:57:35+00:00"], vec![]),
        (
            vec!["2024-05-23 11:56:35Z", "2024-05-23 11:57:35"],
            vec!["some times name no zone and were taken as UTC"],
        ),
        (
            vec!["Thu May 23 11:56:35 XYZT 2024", "Thu May 23 11:56:36 XYZT 2024"],
            vec!["the zone XYZT is not known and was taken as UTC"],
        ),
        (
            vec!["Thu May 23 11:56:35 CST 2024", "Thu May 23 11:56:36 CST 2024"],
            vec!["the zone CST was taken as -06:00; it can also mean China Standard Time, +08:00"],
        ),
        (
            vec!["05/06/2024 11:56:35", "05/06/2024 11:56:36"],
            vec![
                "dates such as 05/06/2024 are read month first, which is a guess: nothing in the source tells the order",
            ],
        ),
        (vec!["05/05/2024 11:56:35"], vec![]),
    ] {
        let mut clock = Clock::new();
        for line in lines {
            clock.date_line(line).unwrap();
        }
        assert_eq!(clock.take_notices(), said);
    }
}

#[test]
fn the_order_of_day_and_month_is_learned_from_the_source() {
    for (source, first, said) in [
        ("05/06/2024 10:00\n13/06/2024 10:00", "2024-06-05T10:00:00Z", "above 12"),
        ("05.06.2024 10:00\n05.13.2024 10:00", "2024-05-06T10:00:00Z", "above 12"),
        ("11/05/2024 10:00\n12/05/2024 10:00\n01/06/2024 10:00", "2024-05-11T10:00:00Z", "go forward"),
        ("05/06/2024 10:00\n05/07/2024 10:00", "2024-05-06T10:00:00Z", "closer"),
        ("05/06/2024 10:00\n06/06/2024 10:00\n07/06/2024 10:00", "2024-06-05T10:00:00Z", "closer"),
        ("x\n[05-06-2024 10:00] x", "2024-06-05T10:00:00Z", "a guess"),
    ] {
        let mut clock = Clock::for_source(source);
        let moments: Vec<_> =
            source.lines().filter_map(|line| clock.stamp(line)).map(|s| rfc(s.moment)).collect();
        assert_eq!(moments[0], first, "{source}");
        let notices = clock.take_notices();
        assert!(notices.len() == 1 && notices[0].contains(said), "{notices:?}");
        // A clock for a stream says the same of all moments, some of them only in the end.
        let mut clock = Clock::for_stream();
        let held: Vec<_> = source
            .lines()
            .filter_map(|line| clock.stamp(line).map(|stamp| (stamp.moment, clock.doubt())))
            .collect();
        let settled = |(moment, doubt): (Moment, Option<Doubt>)| {
            rfc(doubt.and_then(|doubt| clock.settled(doubt)).unwrap_or(moment))
        };
        assert_eq!(held.into_iter().map(settled).collect::<Vec<_>>(), moments, "{source}");
        assert_eq!(clock.take_notices(), notices, "{source}");
    }
    // Line by line the evidence can come too late; then it is said.
    let mut clock = Clock::new();
    clock.date_line("05/06/2024 10:00");
    assert_eq!(rfc(clock.date_line("13/06/2024 10:00").unwrap()), "2024-06-13T10:00:00Z");
    assert!(clock.take_notices().iter().any(|said| said.contains("from there on dates are read day first")));
}

/// A text with one byte after the other replaced.
fn mutated(line: &str, changes: &[(usize, char)]) -> String {
    let mut letters: Vec<char> = line.chars().collect();
    for (at, letter) in changes {
        let count = letters.len().max(1);
        if let Some(place) = letters.get_mut(at % count) {
            *place = *letter;
        }
    }
    letters.into_iter().collect()
}

proptest! {
    #[test]
    fn a_clock_reads_the_same_with_and_without_memory_of_the_last_date(
        dress in 0_usize..16,
        stream in any::<bool>(),
        start in 1_262_304_000_i64..2_000_000_000,
        lines in proptest::collection::vec(
            (0_i64..40_000, proptest::collection::vec((0_usize..60, proptest::char::ranges(vec!['0'..='9', '0'..=':', ' '..='~'].into())), 0..2)),
            1..30,
        ),
    ) {
        const DRESSES: [&str; 16] = [
            "%a %b %e %H:%M:%S UTC %Y", "%a %d %b %Y %I:%M:%S %p UTC", "%a, %d %b %Y %H:%M:%S +0200", "%Y-%m-%dT%H:%M:%SZ",
            "%Y-%m-%d %H:%M:%S.329", "%Y-%m-%dT%H:%M:%S,25+02:00", "%d/%b/%Y:%H:%M:%S +0000", "%d/%m/%Y %H:%M:%S",
            "%m-%d-%Y %I:%M:%S %p", "%b %e %H:%M:%S", "%Y年 %m月 %d日 星期四 %H:%M:%S CST", "%s", "%H:%M:%S %Y-%m-%d",
            "%a %b %e %H:%M:%S XYZT %Y", "%d.%m.%Y %H.%M.%S", "%H:%M:%S:25 %d %b %Y",
        ];
        let clock = if stream { Clock::for_stream() } else { Clock::new() };
        let (mut with, mut without) = (clock.clone(), clock);
        let mut at = start;
        for (step, changes) in lines {
            at += step;
            let civil = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::from_second(at).unwrap());
            let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).unwrap();
            let line = mutated(&zoned.strftime(DRESSES[dress]).to_string(), &changes);
            without.forget();
            prop_assert_eq!(with.date_line(&line), without.date_line(&line), "{}", line);
            prop_assert_eq!(with.doubt(), without.doubt(), "{}", line);
            prop_assert_eq!(with.stamp(&line), without.stamp(&line), "{}", line);
            // Times without a year are placed by the ones before.
            prop_assert_eq!(with.stamp("Jan 31 00:00:00 host"), without.stamp("Jan 31 00:00:00 host"));
        }
        prop_assert_eq!(with.has_calendar(), without.has_calendar());
        prop_assert_eq!(with.take_notices(), without.take_notices());
    }

    #[test]
    fn a_stream_tells_in_the_end_what_the_whole_source_tells(
        dates in proptest::collection::vec((1..29, 1..13, 0..24), 1..20),
        separator in 0_usize..3,
        day_first in any::<bool>(),
    ) {
        let sign = ["/", ".", "-"][separator];
        let lines: Vec<String> = dates
            .into_iter()
            .map(|(day, month, hour)| if day_first { (day, month, hour) } else { (month, day, hour) })
            .map(|(first, second, hour)| format!("{first:02}{sign}{second:02}{sign}2024 {hour:02}:00"))
            .collect();
        let mut whole = Clock::for_source(&lines.join("\n"));
        let mut stream = Clock::for_stream();
        let expected: Vec<_> = lines.iter().map(|line| whole.date_line(line).unwrap()).collect();
        let held: Vec<_> = lines.iter().map(|line| (stream.date_line(line).unwrap(), stream.doubt())).collect();
        let settled = |(moment, doubt): (Moment, Option<Doubt>)| doubt.and_then(|d| stream.settled(d)).unwrap_or(moment);
        prop_assert_eq!(held.into_iter().map(settled).collect::<Vec<_>>(), expected);
        prop_assert_eq!(stream.take_notices(), whole.take_notices());
    }

    #[test]
    fn no_text_makes_it_stumble(line in "\\PC{0,60}", day in "[0-9 :./T+-]{0,40}", word in "[A-Za-z0-9äй年月日 :.,+\\-\\[\\]{}\"<>@]{0,50}") {
        for line in [&line, &day, &word] {
            let mut clock = Clock::for_source(line);
            if let Some(moment) = clock.date_line(line) {
                prop_assert!(moment.seconds.is_finite());
            }
            if let Some(Stamp { moment, end }) = clock.stamp(line) {
                prop_assert!(moment.seconds.is_finite() && line.is_char_boundary(end));
            }
        }
    }

    #[test]
    fn a_time_survives_each_of_its_dresses(seconds in 1_262_304_000_i64..2_147_483_647) {
        let stamp = jiff::Timestamp::from_second(seconds).unwrap();
        let civil = jiff::tz::Offset::UTC.to_datetime(stamp);
        for dress in [
            "%a %b %e %H:%M:%S UTC %Y", "%a %d %b %Y %I:%M:%S %p UTC", "%a, %d %b %Y %H:%M:%S +0000", "%Y-%m-%dT%H:%M:%SZ",
            "%Y%m%dT%H%M%SZ", "%Y/%m/%d %H:%M:%S", "%d/%b/%Y:%H:%M:%S +0000", "%Y年 %m月 %d日 星期四 %H:%M:%S UTC",
            "%Y. %m. %d. (목) %H:%M:%S UTC", "%d. %B %Y %H:%M:%S", "%Y-%m-%d %H:%M:%S,000 +0000",
        ] {
            let line = civil.strftime(dress).to_string();
            prop_assert_eq!(Clock::new().date_line(&line), Some(Moment::from_seconds(seconds as f64)), "{}", line);
            let stamped = Clock::new().stamp(&format!("{line} : some text")).unwrap();
            prop_assert_eq!(stamped, Stamp { moment: Moment::from_seconds(seconds as f64), end: line.len() });
        }
    }
}
