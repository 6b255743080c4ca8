//! Names of months and weekdays in the languages that `date` speaks, abbreviated and in full.

/// What a word of a date means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// A month, 1 to 12.
    Month(i8),
    /// A weekday. Which one does not matter: the date says it, and a wrong one is no reason to refuse the
    /// date.
    Weekday,
    /// Either of the two: `mar` is March, and Tuesday in French, Spanish and Italian.
    MonthOrWeekday(i8),
    /// Before or after noon.
    HalfDay {
        /// Whether it is after noon.
        afternoon: bool,
    },
    /// A word that says nothing: `de`, `Uhr`.
    Filler,
}

/// The longest name in bytes; longer words need not be looked up.
const LONGEST: usize = 26;

/// What a word means, in any case and without its trailing full stop; `None` for a word that no date has.
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
    if let Some(month) = month(word) {
        return Some(Word::Month(month));
    }
    Some(match word {
        "mar" => Word::MonthOrWeekday(3),
        "am" | "a.m" | "öö" | "上午" | "午前" | "오전" | "凌晨" | "早上" => {
            Word::HalfDay { afternoon: false }
        }
        "pm" | "p.m" | "ös" | "下午" | "午後" | "오후" | "晚上" => Word::HalfDay { afternoon: true },
        "de" | "del" | "of" | "the" | "at" | "um" | "uhr" | "den" | "der" | "le" | "kl" | "klo"
        | "klockan" | "à" | "às" | "ore" | "alle" | "om" | "г" | "р" | "года" | "року" | "в" | "о"
        | "feira" | "saat" => Word::Filler,
        _ if is_weekday(word) => Word::Weekday,
        _ => return None,
    })
}

#[rustfmt::skip]
fn month(word: &str) -> Option<i8> {
    // In each line: English and what is spelt like it, German, French, Spanish, Italian, Portuguese, Dutch,
    // Polish, Czech, Scandinavian, Finnish, Hungarian, Romanian, Turkish, Russian, Ukrainian.
    Some(match word {
        "jan" | "january" | "januar" | "jän" | "jänner" | "janv" | "janvier" | "ene" | "enero" | "gen" | "gennaio"
        | "janeiro" | "januari" | "sty" | "stycznia" | "styczeń" | "led" | "ledna" | "leden" | "tammi" | "tammikuuta"
        | "január" | "ian" | "ianuarie" | "oca" | "ocak" | "янв" | "января" | "январь" | "січ" | "січня" | "січень" => 1,
        "feb" | "february" | "februar" | "févr" | "fév" | "février" | "febrero" | "febbraio" | "fev" | "fevereiro"
        | "februari" | "lut" | "lutego" | "luty" | "úno" | "února" | "únor" | "helmi" | "helmikuuta" | "febr"
        | "február" | "februarie" | "şub" | "şubat" | "фев" | "февр" | "февраля" | "февраль" | "лют" | "лютого"
        | "лютий" => 2,
        "march" | "mär" | "märz" | "mrz" | "mars" | "marzo" | "março" | "mrt" | "maart" | "marca" | "marzec" | "bře"
        | "března" | "březen" | "marts" | "maalis" | "maaliskuuta" | "márc" | "március" | "martie" | "mart" | "мар"
        | "марта" | "март" | "бер" | "березня" | "березень" => 3,
        "apr" | "april" | "avr" | "avril" | "abr" | "abril" | "aprile" | "kwi" | "kwietnia" | "kwiecień" | "dub"
        | "dubna" | "duben" | "huhti" | "huhtikuuta" | "ápr" | "április" | "aprilie" | "nis" | "nisan" | "апр"
        | "апреля" | "апрель" | "кві" | "квіт" | "квітня" | "квітень" => 4,
        "may" | "mai" | "mayo" | "mag" | "maggio" | "maio" | "mei" | "maj" | "maja" | "kvě" | "května" | "květen"
        | "touko" | "toukokuuta" | "máj" | "május" | "mayıs" | "мая" | "май" | "тра" | "трав" | "травня"
        | "травень" => 5,
        "jun" | "june" | "juni" | "juin" | "junio" | "giu" | "giugno" | "junho" | "cze" | "czerwca" | "czerwiec"
        | "čen" | "června" | "červen" | "kesä" | "kesäkuuta" | "jún" | "június" | "iun" | "iunie" | "haz" | "haziran"
        | "июн" | "июня" | "июнь" | "чер" | "черв" | "червня" | "червень" => 6,
        "jul" | "july" | "juli" | "juil" | "juillet" | "julio" | "lug" | "luglio" | "julho" | "lip" | "lipca"
        | "lipiec" | "čec" | "července" | "červenec" | "heinä" | "heinäkuuta" | "júl" | "július" | "iul" | "iulie"
        | "tem" | "temmuz" | "июл" | "июля" | "июль" | "лип" | "липня" | "липень" => 7,
        "aug" | "august" | "août" | "aoû" | "ago" | "agosto" | "augustus" | "sie" | "sierpnia" | "sierpień" | "srp"
        | "srpna" | "srpen" | "augusti" | "elo" | "elokuuta" | "augusztus" | "ağu" | "ağustos" | "авг" | "августа"
        | "август" | "сер" | "серп" | "серпня" | "серпень" => 8,
        "sep" | "sept" | "september" | "septembre" | "septiembre" | "set" | "settembre" | "setembro" | "wrz"
        | "września" | "wrzesień" | "zář" | "září" | "syys" | "syyskuuta" | "szept" | "szeptember" | "septembrie"
        | "eyl" | "eylül" | "сен" | "сент" | "сентября" | "сентябрь" | "вер" | "вересня" | "вересень" => 9,
        "oct" | "october" | "okt" | "oktober" | "octobre" | "octubre" | "ott" | "ottobre" | "out" | "outubro"
        | "paź" | "października" | "październik" | "říj" | "října" | "říjen" | "loka" | "lokakuuta" | "október"
        | "octombrie" | "eki" | "ekim" | "окт" | "октября" | "октябрь" | "жов" | "жовт" | "жовтня" | "жовтень" => 10,
        "nov" | "november" | "novembre" | "noviembre" | "novembro" | "lis" | "listopada" | "listopad" | "listopadu"
        | "marras" | "marraskuuta" | "noi" | "noiembrie" | "kas" | "kasım" | "ноя" | "нояб" | "ноября" | "ноябрь"
        | "лис" | "листоп" | "листопада" | "листопад" => 11,
        "dec" | "december" | "dez" | "dezember" | "déc" | "décembre" | "dic" | "diciembre" | "dicembre" | "dezembro"
        | "gru" | "grudnia" | "grudzień" | "pro" | "prosince" | "prosinec" | "des" | "desember" | "joulu"
        | "joulukuuta" | "decembrie" | "ara" | "aralık" | "дек" | "декабря" | "декабрь" | "гру" | "груд" | "грудня"
        | "грудень" => 12,
        _ => return None,
    })
}

#[rustfmt::skip]
fn is_weekday(word: &str) -> bool {
    matches!(
        word,
        "mon" | "tue" | "tues" | "wed" | "thu" | "thur" | "thurs" | "fri" | "sat" | "sun" | "monday" | "tuesday"
        | "wednesday" | "thursday" | "friday" | "saturday" | "sunday"
        | "mo" | "di" | "mi" | "do" | "fr" | "sa" | "so" | "montag" | "dienstag" | "mittwoch" | "donnerstag"
        | "freitag" | "samstag" | "sonnabend" | "sonntag"
        | "lun" | "mer" | "jeu" | "ven" | "sam" | "dim" | "lundi" | "mardi" | "mercredi" | "jeudi" | "vendredi"
        | "samedi" | "dimanche"
        | "mié" | "mie" | "jue" | "vie" | "sáb" | "sab" | "dom" | "lunes" | "martes" | "miércoles" | "jueves"
        | "viernes" | "sábado" | "domingo"
        | "gio" | "lunedì" | "martedì" | "mercoledì" | "giovedì" | "venerdì" | "sabato" | "domenica"
        | "seg" | "ter" | "qua" | "qui" | "sex" | "segunda" | "terça" | "quarta" | "quinta" | "sexta"
        | "segunda-feira" | "terça-feira" | "quarta-feira" | "quinta-feira" | "sexta-feira"
        | "ma" | "wo" | "vr" | "za" | "zo" | "maandag" | "dinsdag" | "woensdag" | "donderdag" | "vrijdag" | "zaterdag"
        | "zondag"
        | "pon" | "pn" | "wto" | "wt" | "śro" | "śr" | "czw" | "pią" | "pt" | "sob" | "nie" | "nd" | "niedz"
        | "poniedziałek" | "wtorek" | "środa" | "czwartek" | "piątek" | "sobota" | "niedziela"
        | "po" | "út" | "st" | "čt" | "pá" | "ne" | "pondělí" | "úterý" | "středa" | "čtvrtek" | "pátek" | "neděle"
        | "mån" | "tis" | "ons" | "tor" | "tors" | "fre" | "lör" | "sön" | "måndag" | "tisdag" | "onsdag" | "torsdag"
        | "fredag" | "lördag" | "söndag" | "man" | "tir" | "lør" | "søn" | "mandag" | "tirsdag" | "lørdag" | "søndag"
        | "ti" | "ke" | "to" | "pe" | "la" | "su"
        | "hétfő" | "kedd" | "szerda" | "csütörtök" | "péntek" | "szombat" | "vasárnap" | "sze" | "cs" | "szo"
        | "joi" | "vin" | "mâ" | "luni" | "marți" | "miercuri" | "vineri" | "sâmbătă" | "duminică"
        | "pzt" | "sal" | "çrş" | "çar" | "prş" | "per" | "cum" | "cmt" | "cts" | "paz" | "pazartesi" | "salı"
        | "çarşamba" | "perşembe" | "cuma" | "cumartesi" | "pazar"
        | "пн" | "вт" | "ср" | "чт" | "пт" | "сб" | "вс" | "понедельник" | "вторник" | "среда" | "четверг" | "пятница"
        | "суббота" | "воскресенье"
        | "нд" | "понеділок" | "вівторок" | "середа" | "четвер" | "п'ятниця" | "п’ятниця" | "субота" | "неділя"
    )
}

/// Words of the scripts that put none between words, longest first, and whether they are Chinese.
const UNSPACED: [(&str, Word, bool); 31] = {
    const AM: Word = Word::HalfDay { afternoon: false };
    const PM: Word = Word::HalfDay { afternoon: true };
    const DAY: Word = Word::Weekday;
    [
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

/// A word of an East Asian date at the start of a text: its meaning, its length in bytes, whether it is
/// Chinese.
pub(super) fn unspaced(text: &str) -> Option<(Word, usize, bool)> {
    let counted = text.strip_prefix(['周', '週']).and_then(|rest| rest.chars().next());
    if let Some(letter) = counted.filter(|letter| *letter == '日' || WEEKDAY_NUMBERS.contains(*letter)) {
        return Some((Word::Weekday, '周'.len_utf8() + letter.len_utf8(), true));
    }
    if let Some((name, word, chinese)) = UNSPACED.iter().find(|(name, ..)| text.starts_with(name)) {
        return Some((*word, name.len(), *chinese));
    }
    let letter = text.chars().next()?;
    let chinese = WEEKDAY_NUMBERS.contains(letter);
    (chinese || WEEKDAY_LETTERS.contains(letter)).then_some((Word::Weekday, letter.len_utf8(), chinese))
}
