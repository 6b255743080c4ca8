//! Words of dates: names of months and weekdays, halves of the day, and words that stand between them.

use std::sync::LazyLock;

use foldhash::HashMap;

use super::languages::LANGUAGES;

/// A month or a weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// A month, 1 to 12.
    Month(i8),
    /// A weekday, from 0 for Sunday.
    Weekday(i8),
}

/// A meaning of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) name: Name,
    /// The languages in which it means that, as bits, the most common one lowest.
    pub(super) languages: u64,
}

/// A word of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// A name with all its meanings: `mar` is March, and Tuesday in French, Spanish and Italian.
    Name(&'static [Meaning]),
    /// A month that is no weekday in any language.
    Month(i8),
    /// A weekday in a script without blanks, or of several words. A wrong one is no reason to refuse a date.
    Weekday,
    /// Before or after noon.
    HalfDay {
        /// Whether it is after noon.
        afternoon: bool,
    },
    /// A word before the number of a month, `tháng 5`.
    MonthNumberFollows,
    /// A word after the number of a year in a date that goes on with the day, `2024. gada 6. maijs`.
    AfterYear,
    /// A word that means nothing by itself: `de`, `Uhr`.
    Filler,
}

/// Names of all languages in lower case, with their meanings.
static NAMES: LazyLock<HashMap<&'static str, Vec<Meaning>>> = LazyLock::new(|| {
    let mut names: HashMap<&'static str, Vec<Meaning>> = HashMap::default();
    let mut add = |word: &'static str, name: Name, language: usize| {
        let meanings = names.entry(word).or_default();
        match meanings.iter_mut().find(|meaning| meaning.name == name) {
            Some(meaning) => meaning.languages |= 1 << language,
            None => meanings.push(Meaning { name, languages: 1 << language }),
        }
    };
    for (language, words) in LANGUAGES.iter().enumerate() {
        for (number, forms) in (1..).zip(words.months.split(';')) {
            forms.split_whitespace().for_each(|word| add(word, Name::Month(number), language));
        }
        for (number, forms) in (0..).zip(words.weekdays.split(';')) {
            forms.split_whitespace().for_each(|word| add(word, Name::Weekday(number), language));
        }
    }
    names
});

/// The longest word in bytes; longer ones need not be looked up.
const LONGEST: usize = 30;

/// Returns the meaning of a word, in any case and without its full stop; `None` for a word that no date has.
pub(super) fn lookup(word: &str) -> Option<Word> {
    if word.len() > LONGEST {
        return None;
    }
    let mut ascii = [0_u8; LONGEST];
    if word.is_ascii() {
        let lower = ascii.get_mut(..word.len())?;
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        return meaning(std::str::from_utf8(lower).ok()?);
    }
    meaning(&word.to_lowercase())
}

fn meaning(word: &str) -> Option<Word> {
    if let Some(meanings) = NAMES.get(word) {
        return Some(Word::Name(meanings));
    }
    Some(match word {
        "am" | "a.m" | "öö" | "πμ" | "π.μ" | "fh" | "ص" => Word::HalfDay { afternoon: false },
        "pm" | "p.m" | "ös" | "μμ" | "μ.μ" | "eh" | "م" => Word::HalfDay { afternoon: true },
        "gada" | "gads" => Word::AfterYear,
        "de" | "del" | "of" | "the" | "at" | "um" | "uhr" | "den" | "der" | "le" | "kl" | "klo"
        | "klockan" | "à" | "às" | "ore" | "alle" | "om" | "г" | "р" | "года" | "року" | "в" | "о"
        | "feira" | "saat" | "m" | "d" | "year" | "წლის" | "ertəsi" | "axşamı" | "günü" => {
            Word::Filler
        }
        // Catalan and French elide: `d’abril`.
        _ => {
            let elided = word.strip_prefix("d\u{2019}").or_else(|| word.strip_prefix("d'"))?;
            NAMES.get(elided).map(|meanings| Word::Name(meanings))?
        }
    })
}

/// Returns the month that a word means; `None` if it means none.
pub(super) fn month(word: &str) -> Option<i8> {
    match lookup(word)? {
        Word::Name(meanings) => meanings.iter().find_map(|meaning| match meaning.name {
            Name::Month(month) => Some(month),
            Name::Weekday(_) => None,
        }),
        _ => None,
    }
}

/// Words of Vietnamese, which writes a blank within words; longer ones first.
const VIETNAMESE: [(&str, Word); 26] = [
    ("chủ nhật", Word::Weekday),
    ("thứ hai", Word::Weekday),
    ("thứ ba", Word::Weekday),
    ("thứ tư", Word::Weekday),
    ("thứ năm", Word::Weekday),
    ("thứ sáu", Word::Weekday),
    ("thứ bảy", Word::Weekday),
    ("tháng mười hai", Word::Month(12)),
    ("tháng mười một", Word::Month(11)),
    ("tháng mười", Word::Month(10)),
    ("tháng giêng", Word::Month(1)),
    ("tháng một", Word::Month(1)),
    ("tháng hai", Word::Month(2)),
    ("tháng ba", Word::Month(3)),
    ("tháng tư", Word::Month(4)),
    ("tháng năm", Word::Month(5)),
    ("tháng sáu", Word::Month(6)),
    ("tháng bảy", Word::Month(7)),
    ("tháng tám", Word::Month(8)),
    ("tháng chín", Word::Month(9)),
    ("tháng chạp", Word::Month(12)),
    ("tháng", Word::MonthNumberFollows),
    ("thg", Word::MonthNumberFollows),
    ("năm", Word::Filler),
    ("ngày", Word::Filler),
    ("lúc", Word::Filler),
];

/// Returns the word of Vietnamese at the start of a text, and its length in bytes.
fn vietnamese(text: &str) -> Option<(Word, usize)> {
    let may_be = text.starts_with(['t', 'T', 'c', 'C', 'n', 'N', 'l', 'L'])
        && (!text.as_bytes().get(..text.len().min(6))?.is_ascii()
            || text.get(..3)?.eq_ignore_ascii_case("thg"));
    if !may_be {
        return None;
    }
    VIETNAMESE.iter().find_map(|(name, word)| {
        let mut letters = text.char_indices();
        let same = name.chars().all(|letter| {
            letters.next().is_some_and(|(_, other)| other == letter || other.to_lowercase().eq([letter]))
        });
        let rest = letters.as_str();
        (same && !rest.starts_with(char::is_alphabetic)).then(|| (*word, text.len() - rest.len()))
    })
}

/// Words of the scripts that put none between words, longest first, and whether they are Chinese.
const UNSPACED: [(&str, Word, bool); 33] = {
    const AM: Word = Word::HalfDay { afternoon: false };
    const PM: Word = Word::HalfDay { afternoon: true };
    const DAY: Word = Word::Weekday;
    [
        ("西元", Word::Filler, true),
        ("公元", Word::Filler, true),
        ("星期一", DAY, true),
        ("星期二", DAY, true),
        ("星期三", DAY, true),
        ("星期四", DAY, true),
        ("星期五", DAY, true),
        ("星期六", DAY, true),
        ("星期日", DAY, true),
        ("星期天", DAY, true),
        ("月曜日", DAY, false),
        ("火曜日", DAY, false),
        ("水曜日", DAY, false),
        ("木曜日", DAY, false),
        ("金曜日", DAY, false),
        ("土曜日", DAY, false),
        ("日曜日", DAY, false),
        ("월요일", DAY, false),
        ("화요일", DAY, false),
        ("수요일", DAY, false),
        ("목요일", DAY, false),
        ("금요일", DAY, false),
        ("토요일", DAY, false),
        ("일요일", DAY, false),
        ("上午", AM, true),
        ("下午", PM, true),
        ("凌晨", AM, true),
        ("早上", AM, true),
        ("晚上", PM, true),
        ("午前", AM, false),
        ("午後", PM, false),
        ("오전", AM, false),
        ("오후", PM, false),
    ]
};

/// Single letters that are a weekday, in brackets or alone: `(목)`, `(木)`.
const WEEKDAY_LETTERS: &str = "월화수목금토일月火水木金土日";

/// The same in Chinese, which counts the days.
const WEEKDAY_NUMBERS: &str = "一二三四五六";

/// Returns the word at the start of a text that does not end at a blank, as in East Asian dates: its meaning, its
/// length in bytes, whether it is Chinese.
pub(super) fn unspaced(text: &str) -> Option<(Word, usize, bool)> {
    if let Some((word, length)) = vietnamese(text) {
        return Some((word, length, false));
    }
    if text.starts_with(|first: char| first.is_ascii()) {
        return None;
    }
    // `周四`, `週四`, `禮拜四`
    let counted = ["周", "週", "禮拜"].iter().find_map(|week| text.strip_prefix(week));
    if let Some(rest) = counted
        && let Some(letter) = rest.chars().next()
        && (letter == '日' || WEEKDAY_NUMBERS.contains(letter))
    {
        return Some((Word::Weekday, text.len() - rest.len() + letter.len_utf8(), true));
    }
    if let Some((name, word, chinese)) = UNSPACED.iter().find(|(name, ..)| text.starts_with(name)) {
        return Some((*word, name.len(), *chinese));
    }
    let letter = text.chars().next()?;
    let chinese = WEEKDAY_NUMBERS.contains(letter);
    (chinese || WEEKDAY_LETTERS.contains(letter)).then_some((Word::Weekday, letter.len_utf8(), chinese))
}
