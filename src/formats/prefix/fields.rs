//! The fields of the text before a record: `[1201] [INFO]`, `"pid": 12`, `web-1 api`, `svc[12]:`.

use super::words::{self, Label};

/// Longer prefixes are looked at up to here, in bytes.
const LONGEST: usize = 512;
/// Further fields of a prefix name nobody.
const MOST_FIELDS: usize = 16;
/// Longer words name nobody, in bytes.
const LONGEST_WORD: usize = 80;
/// The greatest process id of Linux. Greater numbers are threads, times or counters, unless their label says otherwise.
const GREATEST_PID: u64 = 1 << 22;

/// The place of a field among those of its prefix; the same in all lines of one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place<'a> {
    /// By a label: `pid=12`, `"pid": 12`, `PID 12`.
    Label(&'a str),
    /// By its number among the unlabelled ones, with the bracket that it stands in (0 for none).
    Number(u8, u8),
}

/// Marks of a field that make a name of it more or less likely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks {
    /// It stands in brackets.
    pub(super) bracketed: bool,
    /// It stands beside a level: `12 DEBUG`, `INFO 12`.
    pub(super) beside_level: bool,
    /// A bar follows: `worker_1  |`.
    pub(super) before_bar: bool,
    /// It stands before the time stamp.
    pub(super) before_stamp: bool,
    /// It is the only field.
    pub(super) alone: bool,
    /// It is a number right after another: of a thread after its process, say.
    pub(super) after_number: bool,
}

impl Marks {
    /// Returns the marks of both.
    pub(super) const fn or(self, other: Self) -> Self {
        Self {
            bracketed: self.bracketed || other.bracketed,
            beside_level: self.beside_level || other.beside_level,
            before_bar: self.before_bar || other.before_bar,
            before_stamp: self.before_stamp || other.before_stamp,
            alone: self.alone || other.alone,
            after_number: self.after_number || other.after_number,
        }
    }
}

/// A field of a prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub(super) place: Place<'a>,
    pub(super) value: &'a str,
    pub(super) marks: Marks,
}

/// Collects the fields of a prefix: of the text before the time stamp, and of that between the stamp and the record.
///
/// Levels, times, amounts, ranks (`#3`), words such as `before`, and places in code are no fields: none of them names a
/// worker, and their absence must not move the others.
pub(super) fn collect<'a>(before_stamp: &'a str, after_stamp: &'a str, fields: &mut Vec<Field<'a>>) {
    fields.clear();
    let mut collector = Collector { fields, unlabelled: 0, after_level: false };
    for (text, marks) in [
        (before_stamp, Marks { before_stamp: true, ..Marks::default() }),
        (after_stamp, Marks::default()),
    ] {
        let tokens = Tokens::of(start(text));
        collector.read(tokens.as_slice(), marks);
    }
    if let [only] = fields.as_mut_slice() {
        only.marks.alone = true;
    }
}

fn start(text: &str) -> &str {
    let end = (0..=LONGEST.min(text.len())).rfind(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}

/// A word between blanks, brackets, quotes and bars.
#[derive(Debug, Clone, Copy, Default)]
struct Token<'a> {
    text: &'a str,
    /// The bracket in which it stands; 0 for none.
    bracket: u8,
    /// Whether the bracket stands right after a word: `svc[12]`.
    glued: bool,
    /// The byte after it, or after the quote that closes it.
    next: u8,
    /// Whether a bar comes next.
    bar: bool,
    quoted: bool,
    /// Whether it is the first word of an object.
    begins_object: bool,
}

const MOST_TOKENS: usize = 48;

struct Tokens<'a> {
    all: [Token<'a>; MOST_TOKENS],
    count: usize,
}

impl<'a> Tokens<'a> {
    fn of(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
        let mut tokens = Self { all: [Token::default(); MOST_TOKENS], count: 0 };
        let (mut bracket, mut glued, mut begins_object) = (0, false, false);
        let mut at = 0;
        while at < bytes.len() && tokens.count < MOST_TOKENS {
            let first = byte(at);
            if is_delimiter(bytes, at) {
                match first {
                    b'[' | b'(' | b'<' | b'{' => {
                        bracket = if first == b'{' { 0 } else { first };
                        begins_object |= first == b'{';
                        glued = at > 0 && (byte(at - 1).is_ascii_alphanumeric() || byte(at - 1) >= 0x80);
                    }
                    b']' | b')' | b'>' | b'}' => bracket = 0,
                    _ => {}
                }
                at += 1;
                continue;
            }
            let from = at;
            while at < bytes.len() && !is_delimiter(bytes, at) {
                at += 1;
            }
            let quoted = from > 0 && matches!(byte(from - 1), b'"' | b'\'') && byte(at) == byte(from - 1);
            let next = byte(at + usize::from(quoted));
            let blanks = bytes[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            let bar = byte(at + blanks) == b'|';
            if let Some(text) = text.get(from..at).filter(|text| text.contains(char::is_alphanumeric)) {
                tokens.all[tokens.count] = Token { text, bracket, glued, next, bar, quoted, begins_object };
                tokens.count += 1;
                begins_object = false;
            }
            glued = glued && byte(at) != b']' && byte(at) != b')';
        }
        tokens
    }

    fn as_slice(&self) -> &[Token<'a>] {
        &self.all[..self.count]
    }
}

fn is_delimiter(bytes: &[u8], at: usize) -> bool {
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    match bytes[at] {
        b' ' | b'\t' | b'[' | b']' | b'(' | b')' | b'<' | b'>' | b'{' | b'}' | b'"' | b'\'' | b'`' | b'|' | b';' => true,
        // `[1,0]` is one word.
        b',' => !(is_digit(at.checked_sub(1)) && is_digit(Some(at + 1))),
        _ => false,
    }
}

struct Collector<'c, 'a> {
    fields: &'c mut Vec<Field<'a>>,
    /// Number of unlabelled fields.
    unlabelled: u8,
    /// Whether the last word was a level.
    after_level: bool,
}

impl<'a> Collector<'_, 'a> {
    fn read(&mut self, tokens: &[Token<'a>], marks: Marks) {
        let mut at = 0;
        while let Some(&token) = tokens.get(at) {
            at += 1;
            let next = tokens.get(at).copied();
            let marks = Marks { bracketed: token.bracket != 0, before_bar: token.bar, ..marks };
            if let Some(pid) = pid_of_path(token.text) {
                self.label("pid", pid, marks);
                continue;
            }
            // `"pid": 12`
            if token.quoted && token.next == b':' {
                if let Some(value) = next.filter(|value| !value.begins_object) {
                    self.label(token.text, value.text, marks);
                    at += 1;
                }
                continue;
            }
            let text = token.text.trim_start_matches(['-', '=', '*', '~', '+', '@', ':']);
            // `pid=12`, `pid="12"`
            if let Some((label, value)) = text.split_once('=')
                && label.starts_with(|c: char| c.is_alphabetic() || c == '_')
            {
                if !value.is_empty() {
                    self.label(label, value, marks);
                } else if let Some(value) = next {
                    self.label(label, value.text, marks);
                    at += 1;
                }
                continue;
            }
            // `12 ms`, `step 3`, `100 requests`
            let is_amount = token.text.starts_with(|c: char| c.is_ascii_digit()) && token.next == b' ';
            let follows = |is: fn(&str) -> bool| next.is_some_and(|next| is(next.text.trim_end_matches([':', ','])));
            if is_amount && follows(words::is_unit)
                || is_amount && is_number(text) && follows(words::counts)
                || words::counts(text.trim_end_matches([':', '#', '='])) && follows(is_number)
            {
                self.skip();
                self.skip();
                at += 1;
                continue;
            }
            // `PID 12`, `pid: 12`, `worker 3`
            let word = text.trim_end_matches([':', '#', '=']);
            if words::is_label_word(word)
                && let Some(value) = next.filter(|value| value.bracket == token.bracket && token.next != b',')
                && value.text.bytes().any(|b| b.is_ascii_digit())
                && !is_time(value.text)
            {
                self.label(word, value.text, Marks { before_bar: value.bar, ..marks });
                at += 1;
                continue;
            }
            let is_beside_time = next.is_some_and(|next| is_time(next.text));
            self.word(text, token, is_beside_time, marks);
        }
    }

    /// Reads a word without a label.
    fn word(&mut self, text: &'a str, token: Token<'a>, is_beside_time: bool, marks: Marks) {
        let text = text.trim_end_matches([':', '-', '=', '*', '~', ',', '.', '#', '>']);
        if words::is_level(text) || is_short_level(text) {
            self.level();
            return;
        }
        let is_long = text.len() > LONGEST_WORD || text.starts_with('#');
        if is_long || is_time(text) || words::is_amount(text) || words::is_phase(text) || is_month_or_day(text) {
            self.skip();
            return;
        }
        // `DEBUG:root`, `WARNING/ForkPoolWorker-1`, `12:MainProcess`, `1201:1210`
        if let Some((left, right)) = parted(text) {
            self.word(left, Token { next: b':', bar: false, ..token }, false, marks);
            self.word(right, token, is_beside_time, marks);
            return;
        }
        let after_level = std::mem::take(&mut self.after_level);
        if is_number(text) {
            if is_beside_time || text.parse().map_or(true, |number: u64| number > GREATEST_PID) {
                self.skip();
                return;
            }
            if token.glued && token.bracket == b'[' {
                self.label("pid", text, marks);
                return;
            }
        }
        let after_number = is_number(text)
            && self.fields.last().is_some_and(|last| {
                matches!(last.place, Place::Number(number, _) if number + 1 == self.unlabelled) && is_number(last.value)
            });
        let marks = Marks { beside_level: after_level && is_number(text), after_number, ..marks };
        self.push(Field { place: Place::Number(self.unlabelled, token.bracket), value: text, marks });
        self.skip();
    }

    /// A level: the number before it is that of a process, and of several in a row the first.
    fn level(&mut self) {
        let numbers = self.fields.iter_mut().rev().filter(|field| matches!(field.place, Place::Number(..)));
        let mut place = self.unlabelled;
        let mut last = None;
        for field in numbers {
            let is_before = matches!(field.place, Place::Number(number, _) if number + 1 == place);
            if !is_before || !is_number(field.value) {
                break;
            }
            place -= 1;
            last = Some(field);
        }
        if let Some(field) = last {
            field.marks.beside_level = true;
        }
        self.after_level = true;
        self.skip();
    }

    /// Passes over a place without a field, so that the next ones have the same place in all lines.
    const fn skip(&mut self) {
        self.unlabelled = self.unlabelled.saturating_add(1);
    }

    fn label(&mut self, label: &'a str, value: &'a str, marks: Marks) {
        self.after_level = false;
        let value = value.trim_start_matches(':').trim_end_matches([',', ':', ';', '-', '.', '#']);
        // Python calls the id so.
        let label = if is_number(value) && label.eq_ignore_ascii_case("process") { "pid" } else { label };
        let is_pid = || words::label(label) == Label::Pid;
        let is_name = !value.is_empty() && value.len() <= LONGEST_WORD && label.len() <= LONGEST_WORD;
        if is_name && (!is_time(value) && !words::is_amount(value) || is_pid()) && !words::is_level(value) {
            self.push(Field { place: Place::Label(label), value, marks });
        }
    }

    fn push(&mut self, field: Field<'a>) {
        if self.fields.len() < MOST_FIELDS {
            self.fields.push(field);
        }
    }
}

/// Returns what stands before the first word that is a part of a time.
pub(super) fn before_time(text: &str) -> &str {
    let mut at = 0;
    let is_blank = |c: char| c.is_whitespace() || "[](){}<>\"'|".contains(c);
    for word in text.split_inclusive(is_blank) {
        let bare = word.trim_end_matches(is_blank).trim_end_matches([',', ':']);
        let is_epoch = bare.len() >= 9 && bare.bytes().all(|b| b.is_ascii_digit());
        let is_klog = bare.len() == 5 && bare.starts_with(['I', 'W', 'E', 'F', 'D']) && is_number(&bare[1..]);
        let label = bare.rsplit_once(['=', ':']).map_or(bare, |(_, value)| value);
        if is_epoch || is_klog || is_time(bare) || is_time(label) || is_month_or_day(bare) {
            break;
        }
        at += word.len();
    }
    text.get(..at).unwrap_or("")
}

/// Whether a text is a whole number without sign.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The process id in `/proc/12/status`, wherever in a word.
fn pid_of_path(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("/proc/")?;
    let (pid, _) = rest.split_once('/')?;
    is_number(pid).then_some(pid)
}

/// The two parts of a word that holds two fields.
fn parted(text: &str) -> Option<(&str, &str)> {
    if let Some((left, right)) = text.split_once('/')
        && words::is_level(left)
    {
        return Some((left, right));
    }
    if text.contains("://") {
        return None;
    }
    let (left, right) = text.split_once(':')?;
    let all_numbers = is_number(left) && is_number(right);
    // `app.py:84` and `10.0.0.1:4000` are one.
    let is_port_or_line = is_number(right.rsplit(':').next().unwrap_or(right)) && !all_numbers;
    (!left.is_empty() && !right.is_empty() && !is_port_or_line).then_some((left, right))
}

/// Whether a word is a level of one letter, as Android and klog have them.
fn is_short_level(word: &str) -> bool {
    matches!(word, "D" | "I" | "W" | "E" | "C" | "F" | "V")
}

fn is_month_or_day(word: &str) -> bool {
    const NAMES: [&str; 19] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mon", "tue", "wed", "thu",
        "fri", "sat", "sun",
    ];
    word.len() == 3 && NAMES.iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// Whether a word is a time, a date, a number with a fraction, or one number of several: `12:00:00,123`, `2024-05-06`,
/// `0.53`, `3/10`, `+0000`.
fn is_time(word: &str) -> bool {
    let bytes = word.as_bytes();
    let body = word.strip_prefix(['+', '-']).unwrap_or(word);
    if !body.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    if body.len() < word.len() {
        return true;
    }
    let digits_at = |at: usize| bytes.get(at..at + 2).is_some_and(|two| two.iter().all(u8::is_ascii_digit));
    // `12:00`, anywhere in `2024-05-06T12:00:00Z`
    let has_clock = (2..bytes.len()).any(|at| {
        bytes[at] == b':' && digits_at(at - 2) && digits_at(at + 1) && !bytes.get(at + 3).is_some_and(u8::is_ascii_digit)
    });
    let others = word.bytes().filter(|b| !b.is_ascii_digit());
    let signs = |sign: u8| word.bytes().filter(|b| *b == sign).count();
    let only = |sign: u8, count: usize| others.clone().all(|b| b == sign) && signs(sign) == count;
    has_clock
        || only(b'.', 1)
        || only(b'/', 1)
        || only(b'-', 2)
        || only(b'/', 2)
        || (only(b'.', 2) && word.len() >= 8)
        || (word.len() >= 16 && others.clone().all(|b| b"TZ-_:.,+".contains(&b)) && others.count() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fields of a prefix as text: `pid=12`, `[0=gw0`, `0=web-1|`.
    fn told(before: &str, after: &str) -> String {
        let mut fields = Vec::new();
        collect(before, after, &mut fields);
        let text = |field: &Field<'_>| {
            let place = match field.place {
                Place::Label(label) => label.to_owned(),
                Place::Number(number, 0) => number.to_string(),
                Place::Number(number, bracket) => format!("{}{number}", char::from(bracket)),
            };
            let level = if field.marks.beside_level { "!" } else { "" };
            let bar = if field.marks.before_bar { "|" } else { "" };
            format!("{place}={}{level}{bar}", field.value)
        };
        fields.iter().map(text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn prefixes_are_split_into_fields() {
        for (before, after, fields) in [
            ("", " [1201] [INFO] ", "[0=1201!"),
            ("", " 12 DEBUG ironic.manager [-] MEMORY ", "0=12! 2=ironic.manager 3=MEMORY"),
            ("", " INFO 1201 --- [main] ", "1=1201! [2=main"),
            ("", ": WARNING/ForkPoolWorker-1] ", "1=ForkPoolWorker-1"),
            ("worker_1  | ", "", "0=worker_1|"),
            ("", "worker_1  | ", "0=worker_1|"),
            ("[pod/web-1/api] ", " ", "[0=pod/web-1/api"),
            ("", " web-1 api ", "0=web-1 1=api"),
            ("", " (SpawnProcess-1) ", "(0=SpawnProcess-1"),
            ("(Trainer pid=12) ", "", "(0=Trainer pid=12"),
            ("(Trainer pid=12, ip=10.0.0.1) ", "", "(0=Trainer pid=12 ip=10.0.0.1"),
            ("", " P 1201 | ", "0=P 1=1201|"),
            ("", " PID 1 | ", "PID=1|"),
            ("", " | INFO     | PID 98960 | #1: ", "PID=98960|"),
            ("", ", \"pid\": 1, \"msg\": \"", "pid=1"),
            ("", ",\"host\":\"a-1\",\"level\":\"INFO\",\"process\":\"12\",\"msg\":\"", "host=a-1 pid=12"),
            ("", ", \"k8s\": {\"pod\": \"a-1\"}, \"cpu\": \"12%\"", "pod=a-1"),
            ("", "pid=7 pod_name=web-1 ", "pid=7 pod_name=web-1"),
            ("[1,0]<stdout>:", "", "[0=1,0"),
            ("[rank0]:", "", "[0=rank0"),
            ("0: ", "", "0=0"),
            ("", " app[web.1]: ", "0=app [1=web.1"),
            ("", " host svc[12]: ", "0=host 1=svc pid=12"),
            ("", "12:00:00 web.1  | ", "1=web.1|"),
            ("0|app  | ", "", "0=0| 1=app|"),
            ("[gw0] ", " ", "[0=gw0"),
            ("", " tcp://10.0.0.1:4000 - ", "0=tcp://10.0.0.1:4000"),
            ("", " [pid: 12|app: 0|req: 3/9] ", "pid=12| [0=app [1=0| [2=req"),
            ("", " [1201:1210] ", "[0=1201 [1=1210"),
            ("", " [1201] [140137] [28] ", "[0=1201 [1=140137 [2=28"),
            ("", " 1201 1210 I tag: ", "0=1201! 1=1210 3=tag"),
            ("", " [140735236] ", ""),
            ("", "/proc/12/status:22:", "pid=12"),
            ("", "INFO:huey:Worker-1:", "1=huey 2=Worker-1"),
            ("", " DEBUG:root:", "1=root"),
            ("", " 0.53 s after 12 ms 40% step 3 in 100 requests ", "8=in"),
            ("", " app/mem.py:84 ", "0=app/mem.py:84"),
            ("", "May 06 07:00:00 host ", "3=host"),
            ("# ", " > ", ""),
        ] {
            assert_eq!(told(before, after), fields, "{before:?} {after:?}");
        }
    }

    #[test]
    fn times_are_known_by_their_form() {
        for (word, time) in [
            ("12:00:00", true), ("12:00:00,123", true), ("2024-05-06", true), ("06.05.2024", true), ("0.53", true),
            ("+0000", true), ("2024-05-06T12:00:00Z", true), ("3/10", true), ("20240506T120000Z", true),
            ("1201", false), ("10.0.0.1:4000", false), ("1,0", false), ("1201:1210", false), ("web-1", false),
            ("3f2a9c1b77aa", false), ("10.0.0.12", false),
        ] {
            assert_eq!(is_time(word), time, "{word}");
        }
    }
}
