//! Lines that are wholly a date, and lines that are none.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{date, parse, text};
use crate::time::Timestamps;

#[test]
fn a_line_that_is_a_date_is_read_in_any_notation() {
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
        "1:23",
        "12:60",
        "24:00",
        "12:34:56:78:9a:bc",
        "00:1a:2b:3c:4d:5e",
        "127.0.0.1:8080",
        "::1",
        "16:9",
        "1.2.24 11:56",
        "app.py:10:20",
        "/srv/app.py:10",
        "v1.2.3",
        "1.5",
        "600",
        "12 kB",
        "30 MiB",
        "600 samples",
        "10 min average",
        "3/4",
        "50%",
        "d41d8cd98f00b204e9800998ecf8427e",
        "550e8400-e29b-41d4-a716-446655440000",
        "2024.1",
        "2024-05",
        "Python 3.12.3",
        "snapshot 3",
        "Day",
        "pid 1201",
        "[1201]",
        "#12",
        "12345678901234",
        "version 2024-05-23",
        "released on 2024-05-23 11:56:35",
        "31.02.24 11:56:35",
        "99/99/99 11:56:35",
        "1 2 3",
        "size: 10:30",
    ] {
        assert_eq!(date(line), None, "{line}");
    }
}

#[test]
fn the_output_of_date_is_read_in_many_languages() {
    for line in include_str!("date_output.tsv").lines() {
        let mut fields = line.splitn(3, '\t');
        let [locale, seconds, output] = [(); 3].map(|()| fields.next().unwrap());
        let expected = jiff::Timestamp::from_second(seconds.parse().unwrap()).unwrap().to_string();
        assert_eq!(date(output), Some(expected), "{locale}");
    }
}

#[test]
fn a_month_that_two_languages_use_is_told_by_the_weekday() {
    for (line, expected) in [
        // Polish July, Croatian June.
        ("pon, 3 lip 2024, 07:00:00 UTC", "2024-06-03T07:00:00Z"),
        ("pon, 1 lip 2024, 07:00:00 UTC", "2024-07-01T07:00:00Z"),
        ("czw, 6 lip 2024, 07:00:00 UTC", "2024-07-06T07:00:00Z"),
        ("čet, 4 lip 2024, 07:00:00 UTC", "2024-06-04T07:00:00Z"),
        ("čet 4. srp 2024, 07:00:00 UTC", "2024-07-04T07:00:00Z"),
        ("čt 4. srp 2024, 07:00:00 UTC", "2024-08-04T07:00:00Z"),
        ("mar 12 mar 2024 11:56:35 UTC", "2024-03-12T11:56:35Z"),
    ] {
        assert_eq!(date(line).as_deref(), Some(expected), "{line}");
    }
}

#[test]
fn decoration_labels_and_prefixes_may_stand_around_a_date() {
    const NOON: &str = "2024-05-23T11:56:35Z";
    for line in [
        "=== Thu May 23 11:56:35 UTC 2024 ===",
        "--- 2024-05-23 11:56:35 ---",
        "# 2024-05-23 11:56:35",
        "[2024-05-23 11:56:35]",
        "[Thu May 23 11:56:35 2024]:",
        "\"2024-05-23T11:56:35Z\",",
        "Date: Thu May 23 11:56:35 UTC 2024",
        "date: 2024-05-23 11:56:35",
        "Time: 2024-05-23T11:56:35Z",
        "timestamp=1716465395",
        "Log file created at: 2024/05/23 11:56:35",
        "started: Thu May 23 11:56:35 UTC 2024",
        "  \"timestamp\": \"2024-05-23T11:56:35Z\",",
        "\t\"__REALTIME_TIMESTAMP\" : \"1716465395000000\",",
        "__REALTIME_TIMESTAMP=1716465395000000",
        "app-1  | Thu May 23 11:56:35 UTC 2024",
        "app-1  | Thu 23 May 2024 01:56:35 PM CEST",
        "[pod/web-7d9f/app] Thu May 23 11:56:35 UTC 2024",
        "> 2024-05-23 11:56:35",
        "INFO: 2024-05-23 11:56:35",
        "<6>2024-05-23T11:56:35Z",
    ] {
        assert_eq!(date(line).as_deref(), Some(NOON), "{line}");
    }
}

#[test]
fn a_date_in_compact_notation_is_a_line_of_its_own() {
    const NOON: &str = "2022-10-06T14:54:51Z";
    for line in [
        "2022-10-06_14-54-51",
        "2022-10-06-14-54-51",
        "2022-10-06T14-54-51",
        "2022-10-06T14-54-51Z",
        "2022-10-06 14-54-51",
        "2022-10-06 14.54.51",
        "2022-10-06_14.54.51",
        "2022.10.06_14.54.51",
        "2022.10.06-14:54:51",
        "2022_10_06_14_54_51",
        "2022-10-06_14_54_51",
        "2022-10-06_145451",
        "2022-10-06T145451Z",
        "2022-10-06_14h54m51s",
        "2022-10-06_14:54:51",
        "20221006_145451",
        "20221006-145451",
        "20221006T145451",
        "20221006T145451Z",
        "20221006T145451.000Z",
        "20221006T165451+0200",
        "20221006145451",
        "20221006 14:54:51",
        "2022/10/06 - 14:54:51",
        "2022-10-06, 14:54:51",
        "2022-10-06 2:54:51 PM",
        "2022-Oct-06 14:54:51",
        "2022-Oct-06_14-54-51",
        "2022/Oct/06 14:54:51",
        "06-Oct-2022 14:54:51",
        "06-Oct-2022::14:54:51",
        "06/Oct/2022 14:54:51",
        "06-Oct-22 14:54:51",
        "6 Oct 2022 14:54:51",
        "Thursday, 06-Oct-22 14:54:51 GMT",
        "Thu Oct 06 2022 14:54:51 GMT+0000 (Coordinated Universal Time)",
        "Thu Oct 06 2022 16:54:51 GMT+0200 (Central European Summer Time)",
        "Thursday, October 6, 2022 2:54:51 PM",
        "Thu 10/06/2022 14:54:51",
        "22-10-06 14:54:51",
        "221006 14:54:51",
        "1665068091",
        "1665068091000",
    ] {
        assert_eq!(date(line).as_deref(), Some(NOON), "{line}");
    }
    assert_eq!(date("2022-10-06_14-54").as_deref(), Some("2022-10-06T14:54:00Z"));
    assert_eq!(date("2022-10-06T14-54-51-250").as_deref(), Some("2022-10-06T14:54:51.25Z"));
    assert_eq!(date("20221006_145451250").as_deref(), Some("2022-10-06T14:54:51.25Z"));
}

#[test]
fn a_line_may_be_a_time_of_day_or_the_time_since_a_start() {
    for (line, expected) in [
        ("12:34", "Clock 45240"),
        ("(14:54)", "Clock 53640"),
        ("11:56:35", "Clock 42995"),
        ("[11:56:35.250]", "Clock 42995.25"),
        ("11:56:35 UTC", "Clock 42995"),
        ("11:56:35Z", "Clock 42995"),
        ("13:56:35+02:00", "Clock 42995"),
        ("1:56:35 PM", "Clock 50195"),
        ("07:00", "Clock 25200"),
        ("time: 07:00", "Clock 25200"),
        ("=== 14:54 ===", "Clock 53640"),
        ("app-1  | 14:54:00", "Clock 53640"),
        ("600s", "Elapsed 600"),
        ("t=600s", "Elapsed 600"),
        ("600.00 4321.09", "Elapsed 600"),
        ("t = 600s", "Elapsed 600"),
        ("T+600", "Elapsed 600"),
        ("T+00:10:00", "Elapsed 600"),
        ("+12.5s", "Elapsed 12.5"),
        ("00:10:00 elapsed", "Elapsed 600"),
        ("elapsed: 00:10:00", "Elapsed 600"),
        ("elapsed=600", "Elapsed 600"),
        ("25:10:00", "Elapsed 90600"),
        ("1h2m3s", "Elapsed 3723"),
        ("1 hour 5 min", "Elapsed 3900"),
        ("=== 2 hours ===", "Elapsed 7200"),
        ("## Day 2", "Elapsed 172800"),
        ("after 10 minutes", "Elapsed 600"),
        ("10 minutes later:", "Elapsed 600"),
        ("[160.123456]", "Elapsed 160.123456"),
        ("uptime: 600 s", "Elapsed 600"),
    ] {
        assert_eq!(date(line).as_deref(), Some(expected), "{line}");
    }
}

#[test]
fn dates_with_a_year_of_two_digits_are_read_by_the_source() {
    for (lines, expected) in [
        (vec!["23.05.24 11:56:35"], "2024-05-23T11:56:35Z"),
        (vec!["05/23/24 11:56:35"], "2024-05-23T11:56:35Z"),
        (vec!["24/05/06 07:00:00"], "2024-05-06T07:00:00Z"),
        (vec!["24/05/31 07:00:00"], "2024-05-31T07:00:00Z"),
        (vec!["24-05-06 07:00:00"], "2024-05-06T07:00:00Z"),
        (vec!["24/05/12 07:00:00", "24/05/13 07:00:00", "24/05/14 07:00:00"], "2024-05-12T07:00:00Z"),
        (vec!["12/05/24 07:00:00", "13/05/24 07:00:00"], "2024-05-12T07:00:00Z"),
        (vec!["5/6/24 7:00:00:123 UTC", "5/13/24 7:00:00:123 UTC"], "2024-05-06T07:00:00.123Z"),
    ] {
        let (source, times) = parse(&lines);
        assert_eq!(text(&source, times[0]), expected, "{lines:?}");
    }
}

#[test]
fn headers_of_tools_hold_a_date() {
    for (line, expected) in [
        ("Every 2.0s: grep Rss /proc/1/status      titan: Sat Feb  7 23:12:18 2026", "2026-02-07T23:12:18Z"),
        ("Every 10.0s: kubectl top pods            Fri Mar  1 14:52:34 2019", "2019-03-01T14:52:34Z"),
        ("Every 2.0s: cat /proc/1/status  host: Thu May 23 11:56:35 2024", "2024-05-23T11:56:35Z"),
        ("Linux 6.8.0-79-generic (host) \t10/23/2025 \t_x86_64_\t(2 CPU)", "2025-10-23T00:00:00Z"),
        ("Linux 5.15.0 (host)  2025-10-23  _x86_64_  (2 CPU)", "2025-10-23T00:00:00Z"),
    ] {
        assert_eq!(date(line).as_deref(), Some(expected), "{line}");
    }
    assert_eq!(date("Every 2.0s: grep Rss /proc/1/status"), None);
    assert_eq!(date("Linux 6.8.0-79-generic (host) x"), None);
    // Rows of pidstat have a time of day only.
    let lines = [
        "Linux 6.18.2 (los) \t01/13/2026 \t_x86_64_\t(16 CPU)",
        "12:21:53 AM   UID       PID",
        "12:21:54 AM  0  12",
    ];
    let (source, times) = parse(&lines);
    assert_eq!(text(&source, times[2]), "2026-01-13T00:21:54Z");
}

#[test]
fn a_column_may_hold_a_date_that_no_line_would_be() {
    for (column, expected) in [
        ("05/23/2024", Some("2024-05-23T00:00:00Z")),
        ("2024-05-23", Some("2024-05-23T00:00:00Z")),
        ("2024-05-23 11:56", Some("2024-05-23T11:56:00Z")),
        ("23.05.2024", Some("2024-05-23T00:00:00Z")),
        ("1.5", None),
        ("May 23", None),
    ] {
        let mut timestamps = Timestamps::new();
        let time = timestamps.date(column);
        let source = timestamps.finish();
        assert_eq!(time.map(|time| text(&source, time)).as_deref(), expected, "{column}");
    }
}
