//! The fields of the text before a record: `[1201] [INFO]`, `"pid": 12`, `web-1 api`, `svc[12]:`.

use super::forms::{is_month_or_day, is_number, is_short_level, is_time, parted, pid_of_path};
use super::tokens::{Token, Tokens};
use super::words::{self, Label, Lists};

/// Longer prefixes are looked at up to here, in bytes.
const LONGEST: usize = 512;
/// Further fields of a prefix name nobody.
const MOST_FIELDS: usize = 16;
/// Longer words name nobody, in bytes.
const LONGEST_WORD: usize = 80;
/// The number of the first word after a record, and the words there that may name a worker: `5 MB for web`.
const FIRST_AFTER: u8 = 128;
const MOST_WORDS_AFTER: u8 = 4;
/// The greatest process id of Linux. Greater numbers are threads, times or counters, unless their label says
/// otherwise.
const GREATEST_PID: u64 = 1 << 22;

/// A number before a time of day may be the day of a month.
const LAST_DAY: u64 = 31;

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
    /// It stands after the record.
    pub(super) after_record: bool,
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
            after_record: self.after_record || other.after_record,
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
/// Levels, times, amounts, ranks (`#3`), words such as `before`, and places in code are no fields: none of them
/// names a worker, and their absence must not move the others.
pub(super) fn collect<'a>(before_stamp: &'a str, after_stamp: &'a str, fields: &mut Vec<Field<'a>>) {
    fields.clear();
    let mut collector = Collector { fields, unlabelled: 0, after_level: false };
    for (text, marks) in
        [(before_stamp, Marks { before_stamp: true, ..Marks::default() }), (after_stamp, Marks::default())]
    {
        let tokens = Tokens::of(start(text));
        collector.read(tokens.as_slice(), marks);
    }
    if let [only] = fields.as_mut_slice() {
        only.marks.alone = true;
    }
}

/// Adds the fields after a record: those with a label, and the first words. A number is one only where its label says
/// that it is an id or names a worker: most are other figures of the same line.
pub(super) fn collect_after<'a>(after: &'a str, fields: &mut Vec<Field<'a>>) {
    let tokens = Tokens::of(start(after));
    let mut found = Vec::new();
    Collector { fields: &mut found, unlabelled: FIRST_AFTER, after_level: false }
        .read(tokens.as_slice(), Marks { after_record: true, ..Marks::default() });
    let is_of_number = |label: &str| {
        matches!(words::label(label), Label::Pid | Label::Worker)
            || label.to_ascii_lowercase().ends_with("id")
    };
    let may_name = |field: &Field<'_>| match field.place {
        Place::Label(label) => !is_number(field.value) || is_of_number(label),
        Place::Number(number, _) => number < FIRST_AFTER + MOST_WORDS_AFTER && !is_number(field.value),
    };
    let left = MOST_FIELDS.saturating_sub(fields.len());
    fields.extend(found.into_iter().filter(may_name).take(left));
}

fn start(text: &str) -> &str {
    let end = (0..=LONGEST.min(text.len())).rfind(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
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
            let word = text.trim_end_matches([':', '#', '=']);
            let lists = Lists::of(word);
            let next_word = next.map_or("", |next| next.text.trim_end_matches([':', ',']));
            // `12 ms`, `step 3`, `100 requests`
            let is_amount = word.starts_with(|c: char| c.is_ascii_digit()) && token.next == b' ';
            if is_amount && (words::is_unit(next_word) || is_number(word) && words::counts(next_word))
                || is_number(next_word) && words::counts(word)
            {
                self.skip();
                self.skip();
                at += 1;
                continue;
            }
            // `PID 12`, `pid: 12`, `worker 3`
            if lists.is_label()
                && let Some(value) = next.filter(|value| value.bracket == token.bracket && token.next != b',')
                && value.text.bytes().any(|b| b.is_ascii_digit())
                && !is_time(value.text)
            {
                self.label(word, value.text, Marks { before_bar: value.bar, ..marks });
                at += 1;
                continue;
            }
            self.word(text, token, next_word, marks);
        }
    }

    /// Reads a word without a label; `next` is the one after it.
    fn word(&mut self, text: &'a str, token: Token<'a>, next: &str, marks: Marks) {
        let text = text.trim_end_matches([':', '-', '=', '*', '~', ',', '.', '#', '>']);
        let lists = Lists::of(text);
        if lists.is_level() || is_short_level(text) {
            self.level();
            return;
        }
        // `#3` before a site is its rank; before other fields, `#1201` may be a process.
        let text =
            text.strip_prefix('#').filter(|number| is_number(number) && !next.is_empty()).unwrap_or(text);
        let is_long = text.len() > LONGEST_WORD || text.starts_with('#');
        // `1. ` and `1) ` before a site are ranks as well.
        let is_item = token.text.ends_with('.') || token.next == b')' && token.bracket == 0;
        let is_rank = is_item && next.is_empty() && is_number(text);
        if is_rank
            || is_long
            || lists.is_phase()
            || is_time(text)
            || words::is_amount(text)
            || is_month_or_day(text)
        {
            self.skip();
            return;
        }
        // `DEBUG:root`, `WARNING/ForkPoolWorker-1`, `12:MainProcess`, `1201:1210`, `1201#0`
        if let Some((left, right)) = parted(text) {
            self.word(left, Token { next: b':', bar: false, ..token }, "", marks);
            self.word(right, token, next, marks);
            return;
        }
        let after_level = std::mem::take(&mut self.after_level);
        let is_number_here = is_number(text);
        if is_number_here {
            let number: u64 = text.parse().unwrap_or(u64::MAX);
            if number <= LAST_DAY && is_time(next) || number > GREATEST_PID {
                self.skip();
                return;
            }
            if token.glued && token.bracket == b'[' {
                self.label("pid", text, marks);
                return;
            }
        }
        let follows_number = |last: &Field<'_>| {
            matches!(last.place, Place::Number(number, _) if number + 1 == self.unlabelled)
                && is_number(last.value)
        };
        let after_number = is_number_here && self.fields.last().is_some_and(follows_number);
        let marks = Marks { beside_level: after_level && is_number_here, after_number, ..marks };
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
        // `[pid 1201:tid 140737353]`
        let value = value.split_once(':').map_or(
            value,
            |(pid, _)| {
                if is_pid() && is_number(pid) { pid } else { value }
            },
        );
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The fields of a prefix as text: `pid=12`, `[0=gw0`, `0=web-1|`.
    fn shown(before: &str, after: &str) -> String {
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
            ("", " [info] 1201#0: ", "1=1201! 2=0"),
            ("I, ", " #1201]  INFO -- : ", "1=1201!"),
            ("", " INFO #3: ", ""),
            ("", " [pid 1201:tid 140737353] ", "pid=1201"),
            ("", "1. `", ""),
            ("", " 12) ", ""),
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
            assert_eq!(shown(before, after), fields, "{before:?} {after:?}");
        }
    }

    #[test]
    fn fields_after_a_record_are_names_and_no_figures() {
        for (after, expected) in [
            (" module=web cpu=3 pid=12", "module=web pid=12"),
            ("\", \"module\": \"web\", \"n\": 7, \"tid\": 8}", "module=web tid=8"),
            (" (web)", "(128=web"),
            (" for web", "128=for 129=web"),
            (", VMS: 569 MB, +1.2 MB, 12 ms", "128=VMS"),
            (" used by one of the many words of a text", "128=used 129=by 130=one 131=of"),
        ] {
            let mut fields = Vec::new();
            collect_after(after, &mut fields);
            let text = |field: &Field<'_>| match field.place {
                Place::Label(label) => format!("{label}={}", field.value),
                Place::Number(number, 0) => format!("{number}={}", field.value),
                Place::Number(number, bracket) => format!("{}{number}={}", char::from(bracket), field.value),
            };
            assert_eq!(fields.iter().map(text).collect::<Vec<_>>().join(" "), expected, "{after}");
        }
    }
}
