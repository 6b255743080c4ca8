//! Stamps at the head of lines, and lines that have none.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::stamp;

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
        let (time, found) = stamp(line).unwrap_or_else(|| panic!("no stamp: {line}"));
        assert_eq!((time.as_str(), &line[found.end..]), (expected, rest), "{line}");
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
        assert_eq!(stamp(line), None, "{line}");
    }
}
