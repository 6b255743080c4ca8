//! Sources, read piece by piece: each line goes to the format that it concerns.

mod amid;
mod facts;
mod hand_over;
mod head;
use std::borrow::Cow;
use std::sync::Arc;

use memchr::memchr;

use self::amid::SizeEnds;
use super::columns::is_header_amid;
use super::contract::{Detect, DocumentParser, Format, FormatOptions, LineParser, Parser};
use super::document::{self, Document};
use super::escapes::without_escapes;
use super::format_list::FormatList;
use super::found::Found;
use super::json_lines;
use super::line::{Claim, Damage, EXAMPLE_CHARS, Line};
use super::look_behind::{count_lines, start};
use super::needles::next_line;
use super::quotation::Mark;
use super::sink::Sink;
use super::source::{FormatFound, Source, Unclaimed};
use super::unsupported;
use super::{FORMATS, FormatSet};
use crate::bounds::Bounds;
use crate::model::SiteTable;

/// Text of a source that is kept to say what it looks like, if nothing can be read in it.
const KEPT_HEAD: usize = 64 * 1024;

/// A way to show a parser a line.
type Ask = fn(&mut (dyn LineParser + 'static), Line<'_>, &mut Sink<'_>) -> Result<Claim, Damage>;

/// Reads one source after the other with a parser for each format. Names of sites that were met in one source make the
/// next one quicker to read.
pub struct Dispatcher {
    formats: Arc<FormatList>,
    parsers: Vec<Parser>,
    sites: SiteTable,
    bounds: Bounds,
    source: Source,
    asked_for: bool,
    grouping: super::options::Grouping,
    /// Number of lines that were read.
    lines: u64,
    head: String,
    /// Text that waits until the beginning of the source is complete, and tells its formats; `None` once it has.
    beginning: Option<String>,
    /// The format that claimed the last line, if it can read in bulk.
    last: Option<usize>,
    /// The format that asked for the next line.
    next: Option<usize>,
    /// The formats that were shown a line of the source.
    shown: FormatSet,
    /// The formats that are shown all lines of the source.
    all_lines: FormatSet,
    /// The formats that asked for the lines below a header.
    following: FormatSet,
    /// The format that reads the whole source, and what came of it so far.
    document: Option<Document>,
    /// The kind of a source of which nothing is to be read.
    refused: Option<&'static str>,
    /// The mark in front of its lines.
    mark: Option<Mark>,
    size_ends: Arc<SizeEnds>,
    /// Memory for the next source.
    recycled: Vec<FormatFound>,
}

impl Dispatcher {
    /// Returns a dispatcher for one format, or for all.
    #[must_use]
    pub fn new(only: Option<&'static Format>) -> Self {
        match only {
            Some(format) => Self::with(&[format], true),
            None => Self::with(FORMATS, false),
        }
    }

    /// Returns a dispatcher for a list of formats, at most 128. `asked_for` says that the user named them.
    #[must_use]
    pub fn with(formats: &[&'static Format], asked_for: bool) -> Self {
        Self::with_options(formats, &FormatOptions { asked_for, ..FormatOptions::default() })
    }

    /// Returns a dispatcher for a list of formats, at most 128, with options.
    #[must_use]
    pub fn with_options(formats: &[&'static Format], options: &FormatOptions) -> Self {
        let parsers = formats.iter().map(|format| (format.parser)(options)).collect();
        let mut dispatcher = Self {
            size_ends: Arc::default(),
            formats: Arc::new(FormatList::new(formats)),
            parsers,
            sites: SiteTable::bounded(options.bounds.sites),
            bounds: options.bounds,
            source: Source::default(),
            asked_for: options.asked_for,
            grouping: options.grouping,
            lines: 0,
            head: String::new(),
            beginning: None,
            last: None,
            next: None,
            shown: FormatSet::default(),
            all_lines: FormatSet::default(),
            following: FormatSet::default(),
            document: None,
            refused: None,
            mark: None,
            recycled: Vec::new(),
        };
        dispatcher.begin();
        dispatcher
    }

    /// Begins a source, and returns what was found in the one before.
    fn begin(&mut self) -> Source {
        let names = self.formats.formats().iter().map(|format| format.name);
        let source = Source::new(std::mem::take(&mut self.recycled), names, &self.bounds);
        (self.lines, self.last, self.next) = (0, None, None);
        (self.shown, self.all_lines, self.following) = Default::default();
        (self.document, self.refused, self.mark) = (None, None, None);
        self.beginning = Some(String::new());
        std::mem::replace(&mut self.source, source)
    }

    /// Reads all bytes of a source that is no text.
    pub fn read_bytes(&mut self, bytes: &[u8]) {
        let format = self.formats.formats().iter().position(|format| format.begins(bytes));
        if let Some(format) = format {
            let Self { parsers, source, sites, .. } = self;
            let read =
                |parser: &mut dyn DocumentParser, out: &mut Sink<'_>| document::read(bytes, parser, out);
            hand_over::to_document(parsers, format, (source, sites), read);
        }
    }

    /// Reads the next piece of a text: whole lines, of which the very last may lack its end.
    pub fn read(&mut self, piece: &str) {
        let text = match self.beginning.take() {
            None => return self.read_text(piece),
            Some(beginning) if beginning.is_empty() => Cow::Borrowed(piece),
            Some(beginning) => Cow::Owned(beginning + piece),
        };
        if head::whole(&text).is_some() {
            self.recognise(&text);
            self.read_text(&text);
        } else {
            self.beginning = Some(text.into_owned());
        }
    }

    /// Asks the formats that are recognised by the beginning of a source.
    fn recognise(&mut self, text: &str) {
        let beginning = head::of(text);
        self.mark = Mark::of(beginning);
        let beginning = self.mark.as_ref().map_or(Cow::Borrowed(beginning), |mark| mark.strip(beginning));
        let beginning = &*beginning;
        self.refused = unsupported::refused(beginning);
        for (place, format) in self.formats.formats().iter().enumerate() {
            match format.detect {
                Detect::Json(holds) if self.document.is_none() && (self.asked_for || holds(beginning)) => {
                    self.document = Some(Document::new(place));
                }
                Detect::Magic(_) | Detect::Bytes(_)
                    if self.document.is_none() && (self.asked_for || format.begins(beginning.as_bytes())) =>
                {
                    self.document = Some(Document::new(place));
                }
                Detect::AllLines => self.all_lines.insert(place),
                Detect::Head(holds) if self.asked_for || holds(beginning) => self.all_lines.insert(place),
                _ => {}
            }
        }
    }

    fn read_text(&mut self, piece: &str) {
        if self.head.len() < KEPT_HEAD {
            self.head.push_str(start(piece, KEPT_HEAD - self.head.len()));
        }
        if let Some(document) = &mut self.document {
            let bare = self.mark.as_ref().map(|mark| mark.strip(piece));
            document.extend(bare.as_deref().unwrap_or(piece).as_bytes());
            self.lines += count_lines(piece) + u64::from(!piece.is_empty() && !piece.ends_with('\n'));
            return;
        }
        if self.refused.is_some() {
            self.lines += count_lines(piece);
            return;
        }
        let text = without_escapes(piece);
        match &self.mark {
            Some(mark) => {
                let bare = mark.strip(&text).into_owned();
                self.read_lines(&bare);
            }
            None => self.read_lines(&text),
        }
    }

    fn read_lines(&mut self, piece: &str) {
        let formats = Arc::clone(&self.formats);
        let mut search = formats.needles().search();
        let size_ends = Arc::clone(&self.size_ends);
        let mut sizes = (!formats.amid().is_empty()).then(|| size_ends.search(piece));
        let mut at = 0;
        // Where the unclaimed text of this piece begins, and the number of its first line.
        let mut unclaimed = (0, self.lines + 1);
        while at < piece.len() {
            if let Some(place) = self.last
                && unclaimed.0 == at
                && !self.source.has_above()
            {
                let bytes = self.read_in_bulk(place, &piece[at..]);
                if bytes > 0 {
                    at += bytes;
                    unclaimed = (at, self.lines + 1);
                    continue;
                }
            }
            let begin = match self.next {
                Some(_) => at,
                None if !self.all_lines.or(self.following).is_empty() => at,
                None => {
                    let size = sizes.as_mut().and_then(|sizes| sizes.next_line(piece, at));
                    let needle = next_line(piece, at, &mut search);
                    match needle.map_or(size, |needle| Some(size.map_or(needle, |size| size.min(needle)))) {
                        Some(begin) => begin,
                        None => break,
                    }
                }
            };
            self.lines += count_lines(&piece[at..begin]);
            let end = memchr(b'\n', &piece.as_bytes()[begin..]).map(|length| begin + length);
            let text = &piece[begin..end.unwrap_or(piece.len())];
            let line = Line {
                text: text.strip_suffix('\r').unwrap_or(text),
                number: self.lines + 1,
                ended: end.is_some(),
            };
            self.source.cut_line = (!line.ended).then_some(line.number);
            let above = Unclaimed { text: &piece[unclaimed.0..begin], first: unclaimed.1 };
            let (claimed, looked_above) = self.show(line, above, &formats);
            self.lines += 1;
            at = end.map_or(piece.len(), |end| end + 1);
            if claimed {
                unclaimed = (at, self.lines + 1);
            } else if looked_above {
                unclaimed = (begin, self.lines);
            }
        }
        self.lines += count_lines(&piece[at..]) + u64::from(at < piece.len() && !piece.ends_with('\n'));
        self.source.carry(Unclaimed { text: &piece[unclaimed.0..], first: unclaimed.1 });
    }

    /// Lets the format of the last line read on; returns the number of bytes that it took.
    fn read_in_bulk(&mut self, place: usize, text: &str) -> usize {
        let Self { parsers, source, sites, lines, .. } = self;
        let Parser::Lines(parser) = &mut parsers[place] else { return 0 };
        let mut taken = 0;
        loop {
            let mut sink = Sink {
                source,
                sites,
                format: place,
                unclaimed: Unclaimed::default(),
                looked_above: false,
                line: *lines + 1,
            };
            let number = sink.line;
            let bytes = parser.bulk(&text[taken..], &mut sink);
            *lines += count_lines(&text[taken..taken + bytes]);
            taken += bytes;
            if bytes > 0 {
                let found = &mut source.formats[place];
                found.last_claimed = *lines;
                if found.first.is_none() {
                    let first = text[taken - bytes..].lines().next().unwrap_or_default();
                    found.first = Some((number, first.chars().take(EXAMPLE_CHARS).collect()));
                }
            }
            // A date between records mostly differs from the one before in the time of day.
            let Some(length) = memchr(b'\n', &text.as_bytes()[taken..]) else { return taken };
            let line = &text[taken..taken + length];
            if !source.take_date_like_last(line.strip_suffix('\r').unwrap_or(line)) {
                return taken;
            }
            *lines += 1;
            taken += length + 1;
        }
    }

    /// Shows a line to the formats that it concerns; returns whether one of them claimed it, and whether the lines
    /// above were looked at.
    fn show(&mut self, line: Line<'_>, above: Unclaimed<'_>, formats: &FormatList) -> (bool, bool) {
        let mut unclaimed = above;
        let concerned = formats.concerned(line.text);
        let is_whole = self.next.is_some_and(|place| formats.reads_whole_objects(place))
            || !concerned.whole_objects.is_empty();
        let holds_record = |text: &str| !formats.concerned(text).known.is_empty();
        let object = if is_whole { None } else { json_lines::object(line.text, holds_record) };
        let mut claimed;
        match &object {
            None => claimed = self.show_one(line, &mut unclaimed, concerned.known),
            Some(object) => {
                // All that an object holds has its time and its fields, wherever they stand in it.
                self.source.look_above(std::mem::take(&mut unclaimed));
                self.source.begin_object(line.text, object.start, &object.fields);
                // Those that are shown all lines read the object itself, if it is one of theirs.
                let whole = Line { text: line.text.get(object.start..).unwrap_or_default(), ..line };
                let is_apart = object.texts.first().is_none_or(|text| text.trim() != whole.text.trim());
                claimed = is_apart && self.show_to(self.all_lines, whole, &mut unclaimed);
                let texts = if claimed { &[][..] } else { object.texts.as_slice() };
                for text in texts.iter().flat_map(|text| text.lines()) {
                    let known = formats.concerned(text).known;
                    if self.show_one(Line { text, ..line }, &mut unclaimed, known) {
                        claimed = true;
                    } else {
                        self.source.look_behind.push(line.number, text);
                    }
                }
            }
        }
        if !claimed {
            self.show_to(concerned.guesses, line, &mut unclaimed);
            self.source.not_read.see(line, concerned.is_table, is_header_amid(line.text));
            let others = formats.amid().without(self.all_lines);
            claimed = others.iter().any(|place| self.ask(place, line, &mut unclaimed, LineParser::amid));
        }
        if object.is_some() {
            self.source.end_object();
        }
        if claimed {
            self.source.forget_above();
        }
        (claimed, unclaimed.first != above.first)
    }

    /// Shows a line to the formats that it concerns, and to those that are shown all lines.
    fn show_one(&mut self, line: Line<'_>, unclaimed: &mut Unclaimed<'_>, known: FormatSet) -> bool {
        // A row is of the table above it, whatever other tables there were, unless it has the needle of another format.
        let table = FormatSet::of(self.last).only(self.following);
        let row = if known.is_empty() { table } else { table.only(known) };
        let (next, others) = (FormatSet::of(self.next.take()), self.all_lines.or(self.following));
        let order = [next, self.formats.patterns(), row, known, table, others];
        let mut asked = FormatSet::default();
        order.into_iter().any(|formats| {
            let formats = formats.without(asked);
            asked = asked.or(formats);
            self.show_to(formats, line, unclaimed)
        })
    }

    fn show_to(&mut self, formats: FormatSet, line: Line<'_>, unclaimed: &mut Unclaimed<'_>) -> bool {
        formats.iter().any(|place| self.ask(place, line, unclaimed, LineParser::line))
    }

    /// Shows a line to one format, and says whether it claimed it.
    fn ask(&mut self, place: usize, line: Line<'_>, unclaimed: &mut Unclaimed<'_>, how: Ask) -> bool {
        let Self { parsers, source, sites, .. } = self;
        let Parser::Lines(parser) = &mut parsers[place] else { return false };
        self.shown.insert(place);
        let mut sink = Sink {
            source,
            sites,
            format: place,
            unclaimed: *unclaimed,
            looked_above: false,
            line: line.number,
        };
        let claim = how(parser.as_mut(), line, &mut sink).unwrap_or_else(|damage| {
            sink.damaged(line.number, damage);
            Claim::Mine
        });
        if sink.looked_above {
            *unclaimed = Unclaimed::default();
        }
        if parser.follows() {
            self.following.insert(place);
        } else {
            self.following.remove(place);
        }
        if claim == Claim::NotMine {
            return false;
        }
        let found = &mut source.formats[place];
        found.last_claimed = line.number;
        if found.first.is_none() {
            let example = || (line.number, line.text.chars().take(EXAMPLE_CHARS).collect());
            if found.records + found.damaged > 0 {
                found.first = Some(example());
            } else if found.claimed.is_none() {
                found.claimed = Some(example());
            }
        }
        self.last = Some(place);
        self.next = (claim == Claim::MoreBelow).then_some(place);
        true
    }

    /// Ends the source, and returns everything that was found in it.
    pub fn finish(&mut self) -> Found {
        if let Some(text) = self.beginning.take().filter(|text| !text.is_empty()) {
            self.recognise(&text);
            self.read_text(&text);
        }
        let Self { parsers, source, sites, lines, .. } = self;
        if let Some(document) = self.document.take() {
            let format = document.format();
            let read = |parser: &mut dyn DocumentParser, out: &mut Sink<'_>| document.read(parser, out);
            hand_over::to_document(parsers, format, (source, sites), read);
        }
        // The last lines may give a time, or belong to a record.
        source.look_above(Unclaimed::default());
        // Where no line is left, those that saw none have nothing to add.
        let formats = if source.has_above() { FormatSet::first(parsers.len()) } else { self.shown };
        hand_over::to_each(parsers, formats, (source, sites), *lines, |parser, sink| {
            parser.end_of_lines(sink)
        });
        source.resolve();
        let above = std::mem::take(&mut source.look_behind);
        hand_over::to_each(parsers, formats, (source, sites), *lines, |parser, sink| {
            sink.source.look_behind.clone_from(&above);
            parser.finish(sink);
        });
        self.source.part_by_sections();
        super::fold::fold_tracebacks(&mut self.source, &mut self.sites, self.grouping);
        let (refused, (_, passed)) = (self.refused, self.extent());
        let (lines, head) = (self.lines, std::mem::take(&mut self.head));
        let mut found;
        (found, self.recycled) = Found::new(self.begin(), self.formats.formats(), lines, self.asked_for);
        found.passed = passed;
        if found.formats.is_empty() {
            found.looks_like = refused.or_else(|| unsupported::looks_like(&without_escapes(&head)));
        }
        found
    }
}
