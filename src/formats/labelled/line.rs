//! The numbers of a line with the words that say what they are.

use super::tokens::{Number, Token, TokenKind};

/// A number, and the words beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Labelled<'t> {
    /// The words.
    pub label: &'t str,
    /// The same with the words and numbers before it, up to a sign that ends a phrase: `Memory usage after 3 rounds`
    /// where `label` is `rounds`.
    pub phrase: &'t str,
    /// The byte of the line at which the label begins, or the number if the label stands after it.
    pub start: usize,
    /// The byte at which the phrase begins.
    pub phrase_start: usize,
    /// How the words are tied to the number.
    pub tie: Tie,
    /// The number.
    pub number: Number,
    /// The byte after the number and its unit.
    pub end: usize,
    /// The number after it that bounds it: `3.8GiB / 14.2GiB`, `611.6M of 1G`.
    pub bound: Option<Number>,
    /// The word after the number: `512 MB limit`.
    pub after: &'t str,
    /// Whether words are tied to it by a sign that are not these: `Disk: 20 GB free`.
    pub is_of_other: bool,
}

/// How words are tied to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// `rss: 5`, `rss=5`, `rss -> 5`.
    Sign,
    /// `rss 5`, `memory_allocated(0) 5`.
    Blank,
    /// `5 MiB RSS`.
    After,
    /// `5 MiB/7 MiB GO alloc/total`: the place of the number in its list.
    List(usize),
    /// `memory (current, peak): (5, 7)`: the place of the number in its tuple.
    Tuple(usize),
}

/// Most words of a label.
const MOST_WORDS: usize = 12;
/// Most pieces of a text in brackets within a label.
const MOST_IN_BRACKETS: usize = 12;

/// Calls `found` for each number of a line that has words beside it: with those before it, and where these tell it
/// nothing, for which it returns `false`, with those after.
pub fn labelled<'t>(text: &'t str, tokens: &[Token], mut found: impl FnMut(Labelled<'t>) -> bool) {
    let line = LineTokens { text, tokens };
    for (place, token) in tokens.iter().enumerate() {
        let TokenKind::Number(number) = token.kind else { continue };
        let is_level = !number.is_signed && !number.is_share && !number.is_rate && number.value.is_finite();
        if !is_level || line.is_changed(place) {
            continue;
        }
        let before = line.in_tuple(place, number).or_else(|| line.before(place, number));
        let is_known = before.is_some_and(&mut found);
        if number.unit.is_some()
            && !is_known
            && let Some(labelled) = line.after(place, number)
        {
            let is_of_other = before.is_some_and(|before| before.tie == Tie::Sign);
            found(Labelled { is_of_other, ..labelled });
        }
    }
}

struct LineTokens<'t, 'k> {
    text: &'t str,
    tokens: &'k [Token],
}

impl<'t> LineTokens<'t, '_> {
    fn kind(&self, place: usize) -> Option<TokenKind> {
        self.tokens.get(place).map(|token| token.kind)
    }

    fn is_sign(&self, place: usize, signs: &[char]) -> bool {
        matches!(self.kind(place), Some(TokenKind::Sign(sign)) if signs.contains(&sign))
    }

    fn is_number(&self, place: usize) -> bool {
        matches!(self.kind(place), Some(TokenKind::Number(_)))
    }

    fn word(&self, place: usize) -> Option<&'t str> {
        let token = self.tokens.get(place)?;
        (token.kind == TokenKind::Word).then(|| self.text.get(token.start..token.end)).flatten()
    }

    fn text(&self, from: usize, to: usize) -> &'t str {
        let (Some(first), Some(last)) =
            (self.tokens.get(from), to.checked_sub(1).and_then(|to| self.tokens.get(to)))
        else {
            return "";
        };
        self.text.get(first.start..last.end).unwrap_or("")
    }

    /// Whether a number is one side of a change: `12 -> 14`.
    fn is_changed(&self, place: usize) -> bool {
        let is_arrow = |at: usize| {
            self.is_sign(at, &['\u{2192}']) || self.is_sign(at, &['-']) && self.is_sign(at + 1, &['>'])
        };
        let after = is_arrow(place + 1);
        let before = place.checked_sub(2).is_some_and(|at| {
            self.is_number(at) && is_arrow(at + 1)
                || at.checked_sub(1).is_some_and(|at| self.is_number(at) && is_arrow(at + 1))
        });
        after || before
    }

    /// The place of the bracket that opens the one that closes before `end`.
    fn opening(&self, end: usize) -> Option<usize> {
        let (close, open) = match self.kind(end.checked_sub(1)?)? {
            TokenKind::Sign(')') => (')', '('),
            TokenKind::Sign(']') => (']', '['),
            _ => return None,
        };
        let least = end.saturating_sub(MOST_IN_BRACKETS);
        let mut depth = 0;
        (least..end).rev().find(|&at| {
            depth += usize::from(self.is_sign(at, &[close]));
            depth -= usize::from(self.is_sign(at, &[open]));
            depth == 0
        })
    }

    /// The words before a number.
    fn before(&self, place: usize, number: Number) -> Option<Labelled<'t>> {
        let mut end = place;
        let (mut in_parentheses, mut quoted) = (false, false);
        while end > 0 && self.is_sign(end - 1, &['\'', '"', '`', '[', '(', '~', '\u{2248}', '*', '\\']) {
            in_parentheses |= self.is_sign(end - 1, &['(']);
            quoted |= self.is_sign(end - 1, &['\'', '"']);
            end -= 1;
        }
        let skip_gap = |end: usize| {
            if end > 0 && self.kind(end - 1) == Some(TokenKind::Gap) { end - 1 } else { end }
        };
        let wide = skip_gap(end);
        let mut tie = Tie::Blank;
        if wide > 0 && self.is_sign(wide - 1, &[':', '=']) {
            tie = Tie::Sign;
            end = wide - 1;
        } else if wide > 1 && self.is_sign(wide - 1, &['>']) && self.is_sign(wide - 2, &['-', '=']) {
            tie = Tie::Sign;
            end = wide - 2;
        } else if wide > 1 && self.is_sign(wide - 1, &['\u{2502}', '|']) && self.is_cell(wide - 1) {
            // `| rss | 5 |`.
            tie = Tie::Sign;
            end = skip_gap(wide - 1);
        } else if in_parentheses || quoted && number.unit.is_none() {
            return None;
        }
        // `~=`, `:=`, `"rss": 5`, `**RSS**: 5`, `rss : 5`.
        if tie == Tie::Sign {
            while end > 0 && self.is_sign(end - 1, &['~', ':', '=', '"', '\'', '`', '*', '\\'])
                || skip_gap(end) < end
            {
                end -= 1;
            }
        } else if number.unit.is_some() {
            end = wide;
        }
        let (from, phrase_from) = self.label(end, tie);
        if from == end && phrase_from == end {
            return None;
        }
        // `Working set / Private: 5 MB / 7 MB`.
        let is_of_list = from > 0 && self.is_sign(from - 1, &['/']) && self.is_sign(place + 1, &['/']);
        if is_of_list && self.is_number(place + 2) {
            return None;
        }
        let start = |at: usize| self.tokens.get(at).map_or(0, |token| token.start);
        let bound = self.bound(place);
        // `512 / 1024 MB`.
        let number = Number { unit: number.unit.or_else(|| bound?.unit), ..number };
        Some(Labelled {
            label: self.text(from, end),
            phrase: self.text(phrase_from, end),
            start: start(from),
            phrase_start: start(phrase_from),
            tie,
            number,
            end: self.end(place),
            bound,
            after: self.word_after(place),
            is_of_other: false,
        })
    }

    /// The byte after the piece at a place.
    fn end(&self, place: usize) -> usize {
        self.tokens.get(place).map_or(self.text.len(), |token| token.end)
    }

    /// The word after a number, unless it is the label of the next one.
    fn word_after(&self, place: usize) -> &'t str {
        let is_label = self.is_sign(place + 2, &[':', '=', '-']) || self.is_number(place + 2);
        self.word(place + 1).filter(|_| !is_label).unwrap_or("")
    }

    /// The words before a tuple of numbers that name each of them.
    fn in_tuple(&self, place: usize, number: Number) -> Option<Labelled<'t>> {
        let mut rank = 0;
        while place >= 2 * rank + 2
            && self.is_sign(place - 2 * rank - 1, &[','])
            && self.is_number(place - 2 * rank - 2)
        {
            rank += 1;
        }
        let open = place.checked_sub(2 * rank + 1).filter(|open| self.is_sign(*open, &['(', '[']))?;
        let sign = open.checked_sub(1).filter(|sign| self.is_sign(*sign, &[':', '=']))?;
        let names = self.opening(sign).filter(|names| self.is_sign(*names, &['(']))?;
        let is_list = (names + 1..sign - 1).any(|at| self.is_sign(at, &[',']));
        let (from, _) = self.label(sign, Tie::Blank);
        let label = self.text(from, sign);
        let start = self.tokens.get(from).map_or(0, |token| token.start);
        is_list.then_some(Labelled {
            label,
            phrase: label,
            start,
            phrase_start: start,
            tie: Tie::Tuple(rank),
            number,
            end: self.end(place),
            bound: None,
            after: "",
            is_of_other: false,
        })
    }

    /// Where the label that ends at a place begins, and where its phrase does.
    fn label(&self, end: usize, tie: Tie) -> (usize, usize) {
        let mut from = end;
        let mut label = None;
        let mut words = 0;
        while from > 0 && words < MOST_WORDS {
            match self.kind(from - 1) {
                Some(TokenKind::Word) => words += 1,
                Some(TokenKind::Sign(')')) => match self.opening(from) {
                    Some(opening) => {
                        from = opening;
                        continue;
                    }
                    None => break,
                },
                // A number or a text in brackets is an index of the phrase; a label ends there.
                Some(TokenKind::Number(number)) if tie == Tie::Sign && number.unit.is_none() => {
                    if from.checked_sub(2).is_some_and(|before| self.is_sign(before, &[':', '='])) {
                        break;
                    }
                    label = label.or(Some(from));
                }
                // `RSS after 20k requests`, but not a time of day.
                Some(TokenKind::Opaque) if tie == Tie::Sign && !self.text(from - 1, from).contains(':') => {
                    label = label.or(Some(from));
                }
                Some(TokenKind::Sign(']')) if tie == Tie::Sign => match self.opening(from) {
                    Some(opening) => {
                        label = label.or(Some(from));
                        from = opening;
                        continue;
                    }
                    None => break,
                },
                Some(TokenKind::Gap) if tie == Tie::Sign && label.is_some() => {}
                _ => break,
            }
            from -= 1;
        }
        // The word after `=` is the value of another name: `dyno=web.1 memory_rss=5MB`.
        let is_value = |at: usize| at > 0 && self.is_sign(at - 1, &['=']) && at + 1 < end;
        let skip = |at: usize| if is_value(at) { at + 1 } else { at };
        (skip(label.unwrap_or(from)), skip(from))
    }

    /// Whether a stroke is the one between the two cells of a row: a name, and a number.
    fn is_cell(&self, stroke: usize) -> bool {
        let strokes =
            |from: usize, to: usize| (from..to).filter(|at| self.is_sign(*at, &['\u{2502}', '|'])).count();
        strokes(0, stroke) == 1 && strokes(stroke + 1, self.tokens.len()) == 1
    }

    /// The bound after a number: `/ 14.2GiB`, `of 1G`.
    fn bound(&self, place: usize) -> Option<Number> {
        let follows = self.is_sign(place + 1, &['/']) || matches!(self.word(place + 1), Some("of" | "from"));
        let far = self.word(place + 1) == Some("out") && self.word(place + 2) == Some("of");
        match self.kind(place + if far { 3 } else { 2 }) {
            Some(TokenKind::Number(bound)) if (follows || far) && bound.unit.is_some() => Some(bound),
            _ => None,
        }
    }

    /// The words after a number with a unit that has none before it.
    fn after(&self, place: usize, number: Number) -> Option<Labelled<'t>> {
        let is_unit_number =
            |at: usize| matches!(self.kind(at), Some(TokenKind::Number(n)) if n.unit.is_some());
        // The place in a list of numbers that share one list of words.
        let mut rank = 0;
        while place >= 2 * rank + 2
            && self.is_sign(place - 2 * rank - 1, &['/'])
            && is_unit_number(place - 2 * rank - 2)
        {
            rank += 1;
        }
        let mut last = place;
        while self.is_sign(last + 1, &['/']) && is_unit_number(last + 2) {
            last += 2;
        }
        let begins = place - 2 * rank;
        // `is using 88 MB of RAM`.
        let is_of = self.word(last + 1) == Some("of");
        let uses = begins.checked_sub(1).and_then(|before| self.word(before)).filter(|_| is_of);
        let uses =
            uses.is_some_and(|word| matches!(word, "using" | "uses" | "used" | "consumes" | "consuming"));
        let is_free = begins == 0
            || uses
            || self.is_sign(begins - 1, &[',', ':', ';', '|', '(', '['])
            || self.is_gap(begins - 1);
        let is_list = last > begins;
        let from = last + 1 + usize::from(uses);
        let is_in = |at: usize| self.word(at).is_some() || is_list && self.is_sign(at, &['/']);
        let to = (from..self.tokens.len()).find(|at| !is_in(*at)).unwrap_or(self.tokens.len());
        let ends =
            to == self.tokens.len() || self.is_sign(to, &[',', ';', '|', ')', '(', '.']) || self.is_gap(to);
        if !is_free
            || !ends
            || to == from
            || to - from > MOST_WORDS
            || self.word(from).is_some_and(|word| word == "of")
        {
            return None;
        }
        let label = self.text(from, to);
        let start = self.tokens.get(place).map_or(0, |token| token.start);
        let tie = if is_list { Tie::List(rank) } else { Tie::After };
        Some(Labelled {
            label,
            phrase: label,
            start,
            phrase_start: start,
            tie,
            number,
            end: self.end(place),
            bound: None,
            after: "",
            is_of_other: false,
        })
    }

    fn is_gap(&self, place: usize) -> bool {
        self.kind(place) == Some(TokenKind::Gap)
    }
}

#[cfg(test)]
mod tests {
    use super::super::lists::{name_in_list, name_in_tuple};
    use super::super::tokens;
    use super::{Tie, labelled};

    fn described(text: &str) -> String {
        let mut all = Vec::new();
        let mut pieces = Vec::new();
        tokens::split(text, 0, &mut pieces);
        labelled(text, &pieces, |one| {
            let phrase = if one.phrase == one.label { String::new() } else { format!(" <{}>", one.phrase) };
            let label = match one.tie {
                Tie::List(rank) => name_in_list(one.label, rank).unwrap_or_default(),
                Tie::Tuple(rank) => name_in_tuple(one.label, rank).unwrap_or_default(),
                _ => one.label.to_owned(),
            };
            let bound = one.bound.map_or(String::new(), |bound| format!(" of {}", bound.value));
            all.push(format!("{label}{phrase} = {}{bound}", one.number.value));
            false
        });
        all.join("; ")
    }

    #[test]
    fn numbers_have_the_words_beside_them() {
        let mut wrong = Vec::new();
        for (text, expected) in [
            ("rss=142MB\tvms=569MB", "rss = 142; vms = 569"),
            ("Iteration 1000. rss 52MB, heap 20MB", "Iteration = 1000; rss = 52; heap = 20"),
            (
                "Memory usage after 0 prediction(s): 306.641 MiB",
                "Memory usage after = 0; prediction(s) <Memory usage after 0 prediction(s)> = 306.641",
            ),
            ("resident 581 MiB (+64 MiB),  virtual 599 MiB", "resident = 581; virtual = 599"),
            ("Requests count: 0 RAM: 22 MB, runtime: 2 s", "Requests count = 0; RAM = 22; runtime = 2"),
            ("11:04:42[ERROR]RSS: 2055MB, Growth: +1952MB (>1GB growth)", "RSS <[ERROR]RSS> = 2055"),
            ("{\"rss\":\"260.79 MB\",\"heapTotal\":5}", "rss = 260.79; heapTotal = 5"),
            ("  heapUsed: '8.98 MB',", "heapUsed = 8.98"),
            ("pmem(rss=10760192, vms=15769600)", "rss = 10760192; vms = 15769600"),
            (
                "Mem memory (MB) | allocated: 20.4 | max allocated: 21.8",
                "allocated = 20.4; max allocated = 21.8",
            ),
            ("nvidia-smi GPU-1 memory (MB) 1494", "nvidia-smi GPU-1 memory (MB) = 1494"),
            ("torch.cuda.memory_allocated(0) 685223936", "torch.cuda.memory_allocated(0) = 685223936"),
            (
                "Memory usage (cuda): alloc cur 427.8MB alloc peak 1.9GB",
                "alloc cur = 427.8; alloc peak = 1.9",
            ),
            (
                "stats: 184 MiB RSS, 105 MiB/37 MiB GO alloc/idle, 1 cgo",
                "stats = 184; RSS = 184; GO alloc = 105; GO idle = 37",
            ),
            ("mem=3.819GiB / 14.2GiB  ", "mem = 3.819 of 14.2"),
            ("mem=513M(100.4%)", "mem = 513"),
            (
                "Worker [240] After get: [62304256] bytes",
                "Worker = 240; After get <Worker [240] After get> = 62304256",
            ),
            ("worker_rss_kb 280032560 -> 280235436, +202876 kB", ""),
            ("Memory Growth: [('State', 1313, 2)]", ""),
            (
                "traced memory (current, peak): (41898, 526227)",
                "traced memory current = 41898; traced memory peak = 526227",
            ),
            ("\u{2502} rss          \u{2502} 46075904 \u{2502}", "rss = 46075904"),
            ("| Initial | 316088 | 3286616 |", ""),
            ("Memory usage: 12696 (kb)", "Memory usage = 12696"),
            ("needs 16GB of memory", "needs = 16"),
            ("is using 88 MB of RAM", "is using = 88; RAM = 88"),
            ("RSS after 20k requests: 17624", "requests <RSS after 20k requests> = 17624"),
            ("Memory: 12 MB out of 512 MB", "Memory = 12 of 512; out of = 512"),
            ("mem 12 / 512 MiB", "mem = 12 of 512"),
            ("**RSS**: 5 MB", "RSS = 5"),
            ("dyno=web.1 sample#memory_rss=5MB", "sample#memory_rss = 5"),
            ("{\"log\":\"{\\\"rss\\\":5}\"}", "rss = 5"),
            ("Worker RSS ~= 234.076 GiB", "Worker RSS = 234.076"),
        ] {
            let found = described(text);
            if found != expected {
                wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
