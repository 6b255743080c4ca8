//! Stamps at the head of lines, and lines that have none.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::{parse, stamp, text};
use crate::time::Timestamps;

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

/// 2024-05-06T07:00:00Z
const SEVEN: &str = "2024-05-06T07:00:00Z";
/// The same with milliseconds.
const MILLIS: &str = "2024-05-06T07:00:00.123Z";

#[test]
fn stamps_of_usual_loggers_are_read() {
    for (line, expected, rest) in [
        // Python: logging, tornado, jupyter, absl, rich, structlog, celery, gunicorn, django, airflow, uwsgi, xdist,
        // ray
        ("[I 2024-05-06 07:00:00.123 ServerApp] x", MILLIS, " ServerApp] x"),
        ("[I 240506 07:00:00 mem:42] x", SEVEN, " mem:42] x"),
        ("[W 07:00:00.123 NotebookApp] x", "Clock 25200.123", " NotebookApp] x"),
        ("I20240506 07:00:00.123000 123 file.cc:1] x", MILLIS, " 123 file.cc:1] x"),
        ("I240506 07:00:00.123000 151 server/s.go:1 x", MILLIS, " 151 server/s.go:1 x"),
        ("2024-05-06 07:00.00 [info     ] x", SEVEN, " [info     ] x"),
        ("[2024-05-06 07:00:00,123: INFO/ForkPoolWorker-1] x", MILLIS, ": INFO/ForkPoolWorker-1] x"),
        ("[2024-05-06 07:00:00 +0000] [1201] [INFO] x", SEVEN, " [1201] [INFO] x"),
        ("[06/May/2024 07:00:00] \"GET / HTTP/1.1\"", SEVEN, " \"GET / HTTP/1.1\""),
        ("[2024-05-06T07:00:00.123+0000] {taskinstance.py:1} INFO x", MILLIS, " {taskinstance.py:1} INFO x"),
        ("{taskinstance.py:1} [2024-05-06T07:00:00.123+0000] INFO x", MILLIS, " INFO x"),
        ("Mon May  6 07:00:00 2024 - x", SEVEN, " - x"),
        ("[gw1] 2024-05-06 07:00:00 x", SEVEN, " x"),
        ("(Trainer pid=12) 2024-05-06 07:00:00,123 INFO x", MILLIS, " INFO x"),
        ("INFO:root:2024-05-06 07:00:00,123 x", MILLIS, " x"),
        ("INFO 2024-05-06 07:00:00,123 views 1201 140 x", MILLIS, " views 1201 140 x"),
        ("2024-05-06 07:00:00,123:INFO:app:x", MILLIS, ":INFO:app:x"),
        ("07:00:00,123 INFO x", "Clock 25200.123", " INFO x"),
        ("[07:00:00] INFO x", "Clock 25200", " INFO x"),
        ("11:04:42[ERROR]RSS: 2055MB", "Clock 39882", "[ERROR]RSS: 2055MB"),
        // Go: log, klog, zap, zerolog, gin, hclog, logrus
        ("2024/05/06 07:00:00 x", SEVEN, " x"),
        ("2024/05/06 07:00:00.123000 x.go:1: x", MILLIS, " x.go:1: x"),
        ("2024-05-06T07:00:00.123Z\tINFO\tx", MILLIS, "\tINFO\tx"),
        ("7:00AM INF x", "Clock 25200", " INF x"),
        ("[GIN] 2024/05/06 - 07:00:00 | 200 | x", SEVEN, " | 200 | x"),
        ("2024-05-06T07:00:00.123Z [INFO]  x", MILLIS, " [INFO]  x"),
        ("time=2024-05-06T07:00:00.123Z level=INFO msg=x", MILLIS, " level=INFO msg=x"),
        ("ts=2024-05-06T07:00:00.123Z caller=main.go:1 x", MILLIS, " caller=main.go:1 x"),
        ("level=info ts=2024-05-06T07:00:00.123Z caller=x", MILLIS, " caller=x"),
        ("logger=x t=2024-05-06T07:00:00.123Z level=info", MILLIS, " level=info"),
        ("date=2024-05-06 time=07:00:00 level=info", SEVEN, " level=info"),
        ("date=\"2024-05-06\" time=\"07:00:00\" x", SEVEN, " x"),
        ("2024-W19-1 07:00:00 x", SEVEN, " x"),
        ("2024-W19-1T07:00:00Z x", SEVEN, " x"),
        ("2024-127T07:00:00Z x", SEVEN, " x"),
        ("2024:05:06 07:00:00 x", SEVEN, " x"),
        ("ts=1714978800.123 level=info", MILLIS, " level=info"),
        ("level=info msg=\"a b c\" time=\"2024-05-06T07:00:00Z\" x", SEVEN, " x"),
        // Java: log4j, logback, java.util.logging, Tomcat, Spark, the collector, WebLogic, WebSphere, WildFly
        ("2024-05-06 07:00:00,123 INFO  [main] x", MILLIS, " INFO  [main] x"),
        ("07:00:00.123 [main] INFO x", "Clock 25200.123", " [main] INFO x"),
        ("May 06, 2024 7:00:00 AM com.foo.Bar run", SEVEN, " com.foo.Bar run"),
        ("06-May-2024 07:00:00.123 INFO [main] x", MILLIS, " INFO [main] x"),
        ("24/05/06 07:00:00 INFO SparkContext: x", SEVEN, " INFO SparkContext: x"),
        ("[2024-05-06T07:00:00.123+0000][info][gc] x", MILLIS, "[info][gc] x"),
        ("[0.123s][info][gc] x", "Elapsed 0.123", "[info][gc] x"),
        ("INFO  [main] 2024-05-06 07:00:00,123 File.java:1 - x", MILLIS, " File.java:1 - x"),
        ("####<May 6, 2024 7:00:00 AM UTC> <Notice> x", SEVEN, " <Notice> x"),
        ("[31/5/24 7:00:00:123 UTC] 00000001 x", "2024-05-31T07:00:00.123Z", " 00000001 x"),
        ("2024-05-06T07:00:00.123Z  INFO 1 --- [main] x", MILLIS, "  INFO 1 --- [main] x"),
        // JavaScript: pino and bunyan are JSON; nest, log4js, pm2, console
        ("[Nest] 123  - 05/31/2024, 7:00:00 AM     LOG [x] y", "2024-05-31T07:00:00Z", "     LOG [x] y"),
        ("[2024-05-06T07:00:00.123] [INFO] default - x", MILLIS, " [INFO] default - x"),
        ("1|app  | 2024-05-06T07:00:00: x", SEVEN, ": x"),
        ("Mon May 06 2024 07:00:00 GMT+0000 (Coordinated Universal Time) x", SEVEN, " x"),
        ("Mon, 06 May 2024 07:00:00 GMT app:x y", SEVEN, " app:x y"),
        // Rust: env_logger, tracing, flexi_logger, fern, slog
        ("[2024-05-06T07:00:00Z INFO  app] x", SEVEN, " INFO  app] x"),
        ("2024-05-06T07:00:00.123000Z  INFO app: x", MILLIS, "  INFO app: x"),
        ("[2024-05-06 07:00:00.123000 +00:00] INFO x", MILLIS, " INFO x"),
        ("[2024-05-06][07:00:00][app][INFO] x", SEVEN, "[app][INFO] x"),
        ("   0.123456s  INFO app: x", "Elapsed 0.123456", "  INFO app: x"),
        // Ruby, .NET, PHP, Erlang
        ("I, [2024-05-06T07:00:00.123000 #123]  INFO -- : x", MILLIS, " #123]  INFO -- : x"),
        ("2024-05-06T07:00:00.123Z pid=123 tid=abc INFO: x", MILLIS, " pid=123 tid=abc INFO: x"),
        ("[07:00:00 INF] x", "Clock 25200", " INF] x"),
        ("2024-05-06 07:00:00.1230|INFO|x", MILLIS, "|INFO|x"),
        ("[06-May-2024 07:00:00 UTC] PHP Warning: x", SEVEN, " PHP Warning: x"),
        ("=INFO REPORT==== 6-May-2024::07:00:00.123 === x", MILLIS, " === x"),
        // servers: nginx, Apache, Postgres, MySQL, MariaDB, Redis, MongoDB, squid
        ("2024/05/06 07:00:00 [error] 123#123: *1 x", SEVEN, " [error] 123#123: *1 x"),
        ("1.2.3.4 - - [06/May/2024:07:00:00 +0000] \"GET", SEVEN, " \"GET"),
        ("1.2.3.4 - bob [06/May/2024:07:00:00 +0000] \"GET", SEVEN, " \"GET"),
        ("[Mon May 06 07:00:00.123000 2024] [core:error] x", MILLIS, " [core:error] x"),
        ("2024-05-06 07:00:00.123 UTC [12] LOG:  x", MILLIS, " [12] LOG:  x"),
        ("2024-05-06  7:00:00 0 [Note] x", SEVEN, " 0 [Note] x"),
        ("240506  7:00:00 [Note] x", SEVEN, " [Note] x"),
        ("1:M 06 May 2024 07:00:00.123 * x", MILLIS, " * x"),
        ("1714978800.123    45 1.2.3.4 TCP_MISS/200", MILLIS, "    45 1.2.3.4 TCP_MISS/200"),
        // systems: journald, dmesg, logcat, syslog, TAI64N, runtimes, orchestrators, uptime
        ("Mon 2024-05-06 07:00:00.123 UTC [s=1;i=2]", MILLIS, " [s=1;i=2]"),
        ("2024-05-06T07:00:00+0000 host unit[1]: x", SEVEN, " host unit[1]: x"),
        ("1714978800.123000 host unit[1]: x", MILLIS, " host unit[1]: x"),
        ("[  160.123456] x", "Elapsed 160.123456", " x"),
        ("[160.123456] x", "Elapsed 160.123456", " x"),
        ("[    12.345] (II) x", "Elapsed 12.345", " (II) x"),
        ("05-06 07:00:00.123  1234  1234 I tag: x", "Yearless 10825200.123", "  1234  1234 I tag: x"),
        ("[05/06 07:00:00 d2.engine]: x", "Yearless 10825200", " d2.engine]: x"),
        ("<13>1 2024-05-06T07:00:00.123Z host app 1 - - x", MILLIS, " host app 1 - - x"),
        ("<34>May  6 07:00:00 host x", "Yearless 10825200", " host x"),
        ("*May  6 07:00:00.123: %SYS-5: x", "Yearless 10825200.123", ": %SYS-5: x"),
        ("May  6 2024 07:00:00: %ASA: x", SEVEN, ": %ASA: x"),
        ("@4000000066387ffa0754d4c0 x", MILLIS, " x"),
        ("[pod/web-7d9f/app] 2024-05-06T07:00:00.123Z x", MILLIS, " x"),
        ("web-1  | 2024-05-06T07:00:00.123Z x", MILLIS, " x"),
        ("web-1  | 07:00:00 x", "Clock 25200", " x"),
        ("web-1  | May  6 07:00:00 x", "Yearless 10825200", " x"),
        ("web.1.abc@node1    | 2024-05-06 07:00:00 x", SEVEN, " x"),
        ("07:00:00 web.1  | x", "Clock 25200", " web.1  | x"),
        ("app[web.1]: 2024-05-06 07:00:00 x", SEVEN, " x"),
        ("2024-05-06T07:00:00+00:00 app[web.1]: x", SEVEN, " app[web.1]: x"),
        ("host/unit 2024-05-06 07:00:00 x", SEVEN, " x"),
        ("web-7d9f app 2024-05-06 07:00:00 x", SEVEN, " x"),
        ("+ web-7d9f › app 2024-05-06 07:00:00 x", SEVEN, " x"),
        ("app.log:2024-05-06 07:00:00 x", SEVEN, " x"),
        ("app.log:12:2024-05-06 07:00:00 x", SEVEN, " x"),
        ("12345 2024-05-06 07:00:00 x", SEVEN, " x"),
        ("svc,12,2024-05-06T07:00:00Z,x", SEVEN, ",x"),
        ("\"05/31/2024 07:00:00.123\",\"1234\"", "2024-05-31T07:00:00.123Z", ",\"1234\""),
        ("top - 07:00:00 up  3:46,  0 users", "Clock 25200", " up  3:46,  0 users"),
        ("2024-05-06 07:00:00,79.9,215.8", SEVEN, ",79.9,215.8"),
        ("2024-05-06 07:00:00,5374888,0", SEVEN, ",5374888,0"),
        (" 07:00:00 up 3 days,  2:01,  1 user", "Clock 25200", " up 3 days,  2:01,  1 user"),
        ("07:00:00 VmRSS: 1 kB", "Clock 25200", " VmRSS: 1 kB"),
        ("11:30:00Z VmRSS: 98500 kB", "Clock 41400", " VmRSS: 98500 kB"),
        ("14:54 VmRSS: 1 kB", "Clock 53640", " VmRSS: 1 kB"),
        ("(14:54) VmRSS: 1 kB", "Clock 53640", " VmRSS: 1 kB"),
        ("600s VmRSS: 1 kB", "Elapsed 600", " VmRSS: 1 kB"),
        ("t=600s VmRSS: 1 kB", "Elapsed 600", " VmRSS: 1 kB"),
        ("t=600 VmRSS: 1 kB", "Elapsed 600", " VmRSS: 1 kB"),
        ("T+00:10:00 VmRSS: 1 kB", "Elapsed 600", " VmRSS: 1 kB"),
        ("t+600s VmRSS: 1 kB", "Elapsed 600", " VmRSS: 1 kB"),
        ("+12.5s VmRSS: 1 kB", "Elapsed 12.5", " VmRSS: 1 kB"),
        ("00:10:00 elapsed VmRSS: 1 kB", "Elapsed 600", " VmRSS: 1 kB"),
        ("elapsed=600 rss=1", "Elapsed 600", " rss=1"),
        ("2022-10-06_14-54-51 VmRSS: 1 kB", "2022-10-06T14:54:51Z", " VmRSS: 1 kB"),
        ("[2022-10-06_14-54-51] VmRSS: 1 kB", "2022-10-06T14:54:51Z", " VmRSS: 1 kB"),
        ("2022-Oct-06 14:54:51 VmRSS: 1 kB", "2022-10-06T14:54:51Z", " VmRSS: 1 kB"),
        ("Snapshot taken at 2024-05-06 07:00:00: x", SEVEN, ": x"),
        ("Po  3. jún 2024, 07:00:00 UTC x", "2024-06-03T07:00:00Z", " x"),
    ] {
        let (time, found) = stamp(line).unwrap_or_else(|| panic!("no stamp: {line}"));
        assert_eq!((time.as_str(), &line[found.end..]), (expected, rest), "{line}");
    }
}

#[test]
fn the_time_of_a_json_object_is_read_wherever_it_stands() {
    let long = "x".repeat(5000);
    let late = format!(r#"{{"MESSAGE":"{long} \" : {{","__REALTIME_TIMESTAMP":"1714978800123000"}}"#);
    for (line, expected) in [
        (r#"{"__REALTIME_TIMESTAMP":"1714978800123000","MESSAGE":"x"}"#, MILLIS),
        (r#"{"MESSAGE":"x","_PID":"7","__REALTIME_TIMESTAMP":"1714978800123000"}"#, MILLIS),
        (late.as_str(), MILLIS),
        (r#"{"level":30,"time":1714978800123,"msg":"x"}"#, MILLIS),
        (r#"{"level":"info","ts":1714978800.123,"msg":"x"}"#, MILLIS),
        (r#"{"level":"info","ts":1.714978800123e9,"msg":"x"}"#, MILLIS),
        (r#"{"msg":"a, b","asctime":"2024-05-06 07:00:00,123"}"#, MILLIS),
        (r#"{"msg":"x","@timestamp":"2024-05-06T07:00:00.123Z"}"#, MILLIS),
        (r#"{"@t":"2024-05-06T07:00:00.123Z","@m":"x"}"#, MILLIS),
        (r#"{"msg":"x","datetime":"2024-05-06T07:00:00.123Z"}"#, MILLIS),
        (r#"{"msg":"x","t":"2024-05-06T07:00:00.123Z"}"#, MILLIS),
        (r#"{"t":{"$date":"2024-05-06T07:00:00.123+00:00"},"s":"I"}"#, MILLIS),
        (r#"{"timestamp":{"seconds":1714978800,"nanos":123000000},"m":1}"#, MILLIS),
        (r#"{"instant":{"epochSecond":1714978800,"nanoOfSecond":123000000},"m":1}"#, MILLIS),
        (r#"{"timeMillis":1714978800123,"m":1}"#, MILLIS),
        (r#"{"TimeCreated":"/Date(1714978800123)/","m":1}"#, MILLIS),
        (r#"{"log":"2024-05-06 07:00:00 x\n","stream":"stderr","time":"2024-05-06T07:00:01Z"}"#, SEVEN),
        (r#"{"log":"12:30 x\n","stream":"stderr","time":"2024-05-06T07:00:00.123Z"}"#, MILLIS),
        (r#"{"user":{"time":"2020-01-01T00:00:00Z"},"time":"2024-05-06T07:00:00.123Z"}"#, MILLIS),
        (r#"{ "time" : "2024-05-06T07:00:00.123Z" }"#, MILLIS),
        (r#"{'time': '2024-05-06 07:00:00.123', 'rss': 1}"#, MILLIS),
        (r#"app-1  | {"msg":"x","time":"2024-05-06T07:00:00.123Z"}"#, MILLIS),
        (r#"{"msg":"x","time":"07:00:00"}"#, "Clock 25200"),
        (r#"{"date":1714978800.123,"log":"x"}"#, MILLIS),
    ] {
        let (time, _) = stamp(line).unwrap_or_else(|| panic!("no stamp: {line}"));
        assert_eq!(time, expected, "{line}");
    }
    for line in [
        r#"{"times":"2024-05-06T07:00:00Z"}"#,
        r#"{"msg":"time: 2024-05-06T07:00:00Z"}"#,
        r#"{"user":{"time":"2020-01-01T00:00:00Z"}}"#,
        r#"{"time":12}"#,
        r#"{"time":"soon"}"#,
        r#"{"time":{"a":1}}"#,
        r#"{"time""#,
        r#"{"a\"#,
    ] {
        assert_eq!(stamp(line), None, "{line}");
    }
}

#[test]
fn text_and_numbers_are_no_stamps() {
    for line in [
        "1.2.3.4:8080 connected",
        "10.20.30.40 - - x",
        "v1.2.3 released",
        "Python 3.12.3 (main, Apr 10 2024, 05:33:47)",
        "app.py:10:20: warning: x",
        "/srv/app.py:10: size=30.6 MiB (+5868 B), count=229614 (+42), average=140 B",
        "#1: /srv/app.py:31: 62.5 KiB",
        "#12: /srv/app.py:10:20: 62.5 KiB",
        "backup of 2024-05-06 07:00:00 is complete",
        "valid until 2024-05-06 07:00:00",
        "it was on Mon May  6 07:00:00 UTC 2024 that it broke",
        "took 12.5s",
        "waited for 600s",
        "ratio 16:9",
        "lunch is at 12:30 today",
        "see line 12:30",
        "a 12:30:45 b",
        "1:23 x",
        "16:9 x",
        "12:30/h x",
        "12:30-13:00 x",
        "12:34:56:78:9a:bc x",
        "00:1a:2b:3c:4d:5e x",
        "2001:db8::1 x",
        "127.0.0.1 - x",
        "d41d8cd98f00b204e9800998ecf8427e x",
        "550e8400-e29b-41d4-a716-446655440000 x",
        "[1201] x",
        "[12] [34] x",
        "[1.5] x",
        "12 kB x",
        "30.6 MiB x",
        "600 x",
        "5 samples",
        "20240506 x",
        "2024-05-06 x",
        "05/06/2024 x",
        "2024-05-06/app.py:10 x",
        "/data/2024-05-06T07:00:00/app.py:3: size=1 B",
        "12345678901234567890 x",
        "1e9 x",
        "0x7f 12:30 x",
        "99-99 07:00:00.123 x",
        "I0532 07:00:00.123456 1 x.go:1] x",
        "<34> x",
        "---",
        "[ Top 10 differences ]",
        "Every 2.0s: grep Rss /proc/1/status",
        "may 5 set 10",
        "sun 3",
    ] {
        assert_eq!(stamp(line), None, "{line}");
    }
}

#[test]
fn a_stamp_begins_after_its_prefix() {
    for (line, before) in [
        ("2024-05-06 07:00:00 x", ""),
        ("[2024-05-06 07:00:00] x", ""),
        ("[1201] [2024-05-06 07:00:00] x", "[1201] "),
        ("[pod/web-7d9f/app] 2024-05-06T07:00:00Z x", "[pod/web-7d9f/app] "),
        ("(Trainer pid=12) 2024-05-06 07:00:00 x", "(Trainer pid=12) "),
        ("web-1  | 2024-05-06 07:00:00 x", "web-1  | "),
        ("level=info ts=2024-05-06T07:00:00Z x", "level=info ts="),
        ("[  160.123456] x", ""),
    ] {
        let (_, found) = stamp(line).unwrap();
        assert_eq!(&line[..found.start], before, "{line}");
    }
}

#[test]
fn a_line_that_is_not_wanted_leaves_no_trace() {
    let mut timestamps = Timestamps::new();
    assert_eq!(timestamps.stamp_if("May 23 12:00:00 host x", |rest| rest == " y"), None);
    let time = timestamps.stamp_if("2024-05-06 07:00:00 x", |rest| rest == " x").unwrap().time;
    let source = timestamps.finish();
    assert_eq!((text(&source, time).as_str(), source.notices().len()), (SEVEN, 0));
}

#[test]
fn a_long_line_costs_no_more_than_its_head() {
    let line = format!("{} 2024-05-06 07:00:00", "word/".repeat(100_000));
    assert_eq!(stamp(&line), None);
    let line = format!("{}2024-05-06 07:00:00", "[x] ".repeat(100_000));
    assert_eq!(stamp(&line), None);
    let (source, times) = parse(&["[x] [y] 2024-05-06 07:00:00"]);
    assert_eq!(text(&source, times[0]), SEVEN);
}
