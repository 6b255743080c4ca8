//! Zone words as `date` prints them.

/// A zone word: its offset in seconds east of Greenwich, and what else it is used for, where that is common.
pub(super) struct ZoneWord {
    pub(super) seconds: i32,
    pub(super) also: Option<&'static str>,
}

/// The zone that a word stands for; `None` if it is not in the table.
///
/// Where a word has several meanings, the one with the most users who write English dates.
pub(super) fn lookup(word: &str, chinese: bool) -> Option<ZoneWord> {
    let hours = |hours: i32| Some(ZoneWord { seconds: hours * 3600, also: None });
    let minutes = |minutes: i32| Some(ZoneWord { seconds: minutes * 60, also: None });
    let doubtful = |minutes: i32, also| Some(ZoneWord { seconds: minutes * 60, also: Some(also) });
    match word {
        "UTC" | "GMT" | "Z" | "UCT" | "WET" | "utc" | "gmt" | "Zulu" => hours(0),
        "CET" | "MEZ" | "WEST" | "WAT" => hours(1),
        "CEST" | "MESZ" | "EET" | "CAT" | "SAST" => hours(2),
        "EEST" | "MSK" | "EAT" | "TRT" | "IDT" => hours(3),
        "MSD" | "SAMT" => hours(4),
        "PKT" | "YEKT" => hours(5),
        "NPT" => minutes(345),
        "OMST" => hours(6),
        "WIB" | "ICT" | "KRAT" | "NOVT" => hours(7),
        "CST" if chinese => hours(8),
        "HKT" | "SGT" | "AWST" | "PHT" | "WITA" | "IRKT" => hours(8),
        "JST" | "KST" | "WIT" | "YAKT" => hours(9),
        "ACST" => minutes(570),
        "AEST" | "VLAT" | "ChST" => hours(10),
        "ACDT" => minutes(630),
        "AEDT" => hours(11),
        "NZST" => hours(12),
        "NZDT" => hours(13),
        "BRT" => hours(-3),
        "NST" => minutes(-210),
        "NDT" => minutes(-150),
        "EST" => hours(-5),
        "EDT" => hours(-4),
        "ADT" => hours(-3),
        "CDT" => hours(-5),
        "MST" => hours(-7),
        "MDT" => hours(-6),
        "PST" => hours(-8),
        "PDT" => hours(-7),
        "AKST" => hours(-9),
        "AKDT" => hours(-8),
        "HST" => hours(-10),
        "HDT" => hours(-9),
        "CST" => doubtful(-360, "China Standard Time, +08:00"),
        "BST" => doubtful(60, "Bangladesh Standard Time, +06:00"),
        "IST" => doubtful(330, "Irish Standard Time, +01:00, and Israel Standard Time, +02:00"),
        "AST" => doubtful(-240, "Arabia Standard Time, +03:00"),
        "GST" => doubtful(240, "South Georgia Time, -02:00"),
        "SST" => doubtful(-660, "Singapore Standard Time, +08:00"),
        _ => None,
    }
}

/// An offset in seconds east of Greenwich, as it is written: `+05:30`.
pub(super) fn offset(east: i32) -> String {
    let sign = if east < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", east.abs() / 3600, east.abs() / 60 % 60)
}

/// Whether a word that is in no table may be a zone: capitals like all zone words, and no word of log lines.
pub(super) fn may_be_zone(word: &str) -> bool {
    const LOG_WORDS: [&str; 22] = [
        "INFO", "WARN", "ERROR", "ERR", "DEBUG", "FATAL", "TRACE", "CRIT", "NOTE", "START", "STOP", "BEGIN",
        "END", "DONE", "FAIL", "PASS", "OOM", "RSS", "PSS", "MEM", "KILL", "TOTAL",
    ];
    (3..=5).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_uppercase())
        && !LOG_WORDS.contains(&word)
}
