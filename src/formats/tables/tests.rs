//! Headers and rows of tables.

use super::{Column, Header, Row, Table};
use crate::formats::ps::{RSS, VSZ};
use crate::formats::size::Multiples;

static TABLE: Table = Table {
    words: &[
        ("PID", Column::Pid),
        ("RSS", Column::Memory(RSS)),
        ("VSZ", Column::Memory(VSZ)),
        ("STARTED", Column::Started),
        ("STAT", Column::State),
        ("ELAPSED", Column::Age),
        ("COMMAND", Column::Command),
    ],
    words_of_others: &["USS"],
    ends_with_command: true,
    bare: 1024.0,
    multiples: Multiples::Binary,
};

#[test]
fn a_header_has_a_column_of_memory_and_one_of_a_process() {
    for (line, is_header) in [
        ("    PID   RSS COMMAND", true),
        ("10:34:08 AM   UID       PID     VSZ     RSS   %MEM  Command", true),
        ("# Time        UID       PID     VSZ     RSS   %MEM  Command", true),
        ("ELAPSED   RSS", true),
        ("  PID   RSS BEFEHL", true),
        ("RSS VSZ", false),
        ("PID COMMAND", false),
        ("PID RSS USS COMMAND", false),
        ("pid 4103 has an rss of 12 kB", false),
        ("", false),
    ] {
        assert_eq!(Header::parse(line, &TABLE).is_some(), is_header, "{line}");
    }
}

#[test]
fn rows_are_split_by_the_columns_of_their_header() {
    let row = |header: &str, text: &str| {
        let header = Header::parse(header, &TABLE)?;
        let row = Row::parse(&header, text, &TABLE)?.ok()?;
        Some((row.subject.id?, row.subject.name?, row.values.first()?.1.value / 1024.0))
    };
    const STARTED: &str = "PID STARTED RSS COMMAND";
    const STATE: &str = "PID STAT VSZ COMMAND";
    const AMID: &str = "PID COMMAND RSS %MEM";
    for (header, text, expected) in [
        ("PID RSS COMMAND", " 4103 10072 python3 app.py 85", Some(("python3 app.py 85", 10072.0))),
        ("PID RSS BEFEHL", " 4103 12m python3 app.py", Some(("python3 app.py", 12288.0))),
        (STARTED, "4103 Thu Nov 26 10:34:08 2026 10072 a b", Some(("a b", 10072.0))),
        (STARTED, "4103 Do 26. Nov 10:34:08 2026 10072 a b", Some(("a b", 10072.0))),
        (STARTED, "4103 10:34:08 10072 a b", Some(("a b", 10072.0))),
        (STARTED, "4103   Nov 26 10072 a b", Some(("a b", 10072.0))),
        (STARTED, "4103 2:24pm 10072 a 2026", Some(("a 2026", 10072.0))),
        (STATE, "4103 S 10072 a", Some(("a", 10072.0))),
        (STATE, "4103 S < 10072 a", Some(("a", 10072.0))),
        (AMID, "4103 Web Content 10072 0.1", Some(("Web Content", 10072.0))),
        (AMID, "4103 10072 0.1", None),
        ("PID RSS COMMAND", "1795689248 4103 10072", None),
        ("PID RSS COMMAND", "Thu Nov 26 10:34:08 2026", None),
        ("PID RSS %MEM", "4103 10072 0.1 more", None),
    ] {
        let expected = expected.map(|(name, size): (&str, f64)| ("4103".to_owned(), name.to_owned(), size));
        assert_eq!(row(header, text), expected, "{text}");
    }
}

#[test]
fn what_has_no_memory_is_no_sample() {
    for (text, expected) in [
        ("4103 10072 python3 app.py", Some(true)),
        ("4103 - python3 app.py", Some(false)),
        ("2 0 [kthreadd]", Some(false)),
        ("9847 2040 grep -E python", Some(false)),
        ("4103 12q72 python3 app.py", None),
        ("4103 9.84 MB python3 app.py", None),
        ("4103 10,072 python3 app.py", None),
    ] {
        let header = Header::parse("PID RSS COMMAND", &TABLE);
        let row = header.and_then(|header| Row::parse(&header, text, &TABLE));
        assert_eq!(row.and_then(Result::ok).map(|row| row.is_sample()), expected, "{text}");
    }
}
