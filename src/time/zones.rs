//! Zones of times: words as `date` prints them, and a source's record of those it has.

use super::civil::Zone;

/// Distinct zones of a source that are remembered by name.
const MOST_ZONES: usize = 32;

/// The zones that a source has had so far.
#[derive(Debug, Clone, Default)]
pub(super) struct ZoneLog {
    /// Words, whether in a Chinese date, and their offsets in seconds.
    words: Vec<(String, bool, i32)>,
    /// Distinct offsets in seconds, each with the form it was first written in.
    offsets: Vec<(i32, String)>,
    /// Whether a time had no zone.
    unzoned: bool,
    /// Words that are in no table.
    unknown: Vec<String>,
    /// Words with several meanings.
    ambiguous: Vec<(String, ZoneWord)>,
}

impl ZoneLog {
    /// Returns the seconds east of Greenwich of a zone, 0 for an unknown word; `None` where none is written.
    pub(super) fn offset(&mut self, zone: Zone<'_>, chinese: bool) -> Option<i32> {
        match zone {
            Zone::None => {
                self.unzoned = true;
                None
            }
            Zone::Offset(offset) => {
                let name = || if offset == 0 { "UTC".to_owned() } else { self::offset(offset) };
                self.note_offset(offset, name);
                Some(offset)
            }
            Zone::Word(word) => self.word(word, chinese),
        }
    }

    /// Notes that a time had no zone.
    pub(super) const fn note_unzoned(&mut self) {
        self.unzoned = true;
    }

    fn note_offset(&mut self, offset: i32, name: impl FnOnce() -> String) {
        if self.offsets.len() < MOST_ZONES && !self.offsets.iter().any(|(known, _)| *known == offset) {
            self.offsets.push((offset, name()));
        }
    }

    fn word(&mut self, word: &str, chinese: bool) -> Option<i32> {
        if let Some((.., offset)) = self.words.iter().find(|(known, was, _)| known == word && *was == chinese)
        {
            return Some(*offset);
        }
        let zone = lookup(word, chinese);
        let offset = zone.as_ref().map_or(0, |zone| zone.seconds);
        if self.words.len() < MOST_ZONES {
            match zone {
                Some(zone) if zone.also.is_some() => self.ambiguous.push((word.to_owned(), zone)),
                Some(_) => {}
                None => self.unknown.push(word.to_owned()),
            }
            self.words.push((word.to_owned(), chinese, offset));
        }
        self.note_offset(offset, || word.to_owned());
        Some(offset)
    }

    /// Returns the words that are in no table.
    pub(super) fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// Returns the words with several meanings.
    pub(super) fn ambiguous(&self) -> &[(String, ZoneWord)] {
        &self.ambiguous
    }

    /// Returns the names of the zones if there are several.
    pub(super) fn several(&self) -> Option<Vec<String>> {
        (self.offsets.len() > 1).then(|| self.offsets.iter().map(|(_, name)| name.clone()).collect())
    }

    /// Whether some times have a zone, and others none.
    pub(super) const fn is_partly_unzoned(&self) -> bool {
        self.unzoned && !self.offsets.is_empty()
    }
}

/// A zone word: its offset in seconds east of Greenwich, and its other meanings where they are common.
#[derive(Debug, Clone)]
pub(super) struct ZoneWord {
    pub(super) seconds: i32,
    pub(super) also: Option<&'static str>,
}

/// Returns the zone that a word stands for; `None` if it is not in the table.
///
/// Where a word has several meanings, the one with the most users who write English dates.
pub(super) fn lookup(word: &str, chinese: bool) -> Option<ZoneWord> {
    let hours = |hours: i32| Some(ZoneWord { seconds: hours * 3600, also: None });
    let minutes = |minutes: i32| Some(ZoneWord { seconds: minutes * 60, also: None });
    let ambiguous = |minutes: i32, also| Some(ZoneWord { seconds: minutes * 60, also: Some(also) });
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
        "CST" => ambiguous(-360, "China Standard Time, +08:00"),
        "BST" => ambiguous(60, "Bangladesh Standard Time, +06:00"),
        "IST" => ambiguous(330, "Irish Standard Time, +01:00, and Israel Standard Time, +02:00"),
        "AST" => ambiguous(-240, "Arabia Standard Time, +03:00"),
        "GST" => ambiguous(240, "South Georgia Time, -02:00"),
        "SST" => ambiguous(-660, "Singapore Standard Time, +08:00"),
        _ => None,
    }
}

/// Returns an offset in seconds east of Greenwich as it is written: `+05:30`.
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
