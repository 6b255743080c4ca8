//! The times of one source once it is read.

use super::date_order::{
    DateOrder, DateOrderReason, Decision, Evidence, EvidenceByNotation, NOTATIONS, Notation,
};
use super::direction::record_order;
use super::notice::TimeNotice;
use super::place::place_all;
use super::raw_stamp::{Calendar, RawStamp, TimeRef, seconds};
use super::strays::strays;
use super::zones::ZoneLog;
use crate::model::base::Base;
use crate::model::{Moment, RecordOrder, SourceTimeline, Span, Time, TimeBase};

/// The times of one source, all of one base.
///
/// They are settled by the source's own evidence; [`resolve`](super::resolve) settles the sources of a recording
/// together.
#[derive(Debug, Clone)]
pub struct SourceTimes {
    pub(super) stamps: Vec<RawStamp>,
    pub(super) evidence: EvidenceByNotation,
    /// The order of each notation, and the reason for it.
    pub(super) decisions: [Decision; NOTATIONS],
    pub(super) calendar: Calendar,
    /// The year in which a source without dates begins; a small number is counted from that of another source.
    pub(super) start_year: i16,
    /// Days between the first day of a source without dates and that of another source.
    pub(super) start_day: i32,
    /// Whether the year comes from a sibling.
    pub(super) borrowed_year: bool,
    zones: ZoneLog,
    base: TimeBase,
    /// Whether elapsed times were found to be none.
    not_elapsed: bool,
    /// Places of stamps that are wrong, in ascending order.
    strays: Vec<usize>,
    order: RecordOrder,
}

/// Counts by which a source's times of day and times since a start prove to be such.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    /// Records without a time.
    pub(super) untimed_records: u64,
    /// Times since a start that were not of a format's column.
    pub(super) elapsed: u64,
    /// Lines that are a date with a time.
    pub(super) dated_lines: u64,
    /// Lines that are a time of day.
    pub(super) clock_lines: u64,
}

impl Default for SourceTimes {
    /// Returns the times of a source without any.
    fn default() -> Self {
        Self::new(Vec::new(), EvidenceByNotation::default(), ZoneLog::default(), Counts::default())
    }
}

impl SourceTimes {
    pub(super) fn new(
        stamps: Vec<RawStamp>,
        evidence: EvidenceByNotation,
        zones: ZoneLog,
        counts: Counts,
    ) -> Self {
        let decisions = evidence.decisions();
        let mut times = Self {
            stamps,
            evidence,
            decisions,
            calendar: Calendar::new(decisions.map(|decision| decision.order)),
            start_year: 0,
            start_day: 0,
            borrowed_year: false,
            zones,
            base: TimeBase::Index,
            not_elapsed: false,
            strays: Vec::new(),
            order: RecordOrder::AsWritten,
        };
        times.count_hours_beyond_a_day();
        times.drop_stray_clock(counts);
        let guessed = counts.elapsed > 0;
        let constant =
            counts.elapsed > 1 && times.elapsed().all(|nanos| times.elapsed().next() == Some(nanos));
        times.not_elapsed = guessed && (counts.untimed_records > 0 || constant || !times.elapsed_rises());
        times.place();
        times
    }

    fn elapsed(&self) -> impl Iterator<Item = i64> {
        self.stamps.iter().filter_map(|stamp| match stamp {
            RawStamp::Elapsed { nanos, .. } => Some(*nanos),
            _ => None,
        })
    }

    /// Whether the elapsed times never fall.
    fn elapsed_rises(&self) -> bool {
        self.elapsed().zip(self.elapsed().skip(1)).all(|(before, after)| before <= after)
    }

    /// Takes `00:10:00` for the time since a start if `25:10:00` follows.
    fn count_hours_beyond_a_day(&mut self) {
        let only_those = |stamp: &RawStamp| {
            matches!(stamp, RawStamp::Elapsed { .. } | RawStamp::Clock { written: None, .. })
        };
        if self.elapsed().next().is_none() || !self.stamps.iter().all(only_those) {
            return;
        }
        let before = self.stamps.clone();
        for stamp in &mut self.stamps {
            if let RawStamp::Clock { time, .. } = *stamp {
                *stamp = RawStamp::Elapsed { nanos: time, column: false };
            }
        }
        if !self.elapsed_rises() {
            self.stamps = before;
        }
    }

    /// Gives the only time of day among many date lines the time of the date before it: it counts something else.
    fn drop_stray_clock(&mut self, counts: Counts) {
        let is_clock = |stamp: &RawStamp| matches!(stamp, RawStamp::Clock { .. });
        if counts.clock_lines != 1 || counts.dated_lines < 3 {
            return;
        }
        let only = self.stamps.iter().filter(|stamp| is_clock(stamp)).count() == 1;
        if let Some(place) = self.stamps.iter().position(is_clock).filter(|place| only && *place > 0) {
            self.stamps.copy_within(place - 1..place, place);
        }
    }

    /// Gives each stamp its year and day by the orders and the start that are known now.
    pub(super) fn place(&mut self) {
        self.calendar = Calendar::new(self.decisions.map(|decision| decision.order));
        place_all(&mut self.stamps, &mut self.calendar, self.start_year);
        self.base = self.find_base();
        let mut seconds: Vec<f64> =
            self.stamps.iter().map(|stamp| self.seconds_of(*stamp).unwrap_or(f64::NAN)).collect();
        self.strays.clear();
        if self.base == TimeBase::Utc {
            self.strays = strays(&seconds);
            self.strays.iter().for_each(|place| seconds[*place] = f64::NAN);
        }
        self.order = record_order(seconds, self.base == TimeBase::Utc);
    }

    /// Returns the order of the records, as far as their stamps tell it.
    #[must_use]
    pub const fn order(&self) -> RecordOrder {
        self.order
    }

    /// Returns the base of most stamps, where fields of records count twice: a date outweighs stamps without a year,
    /// these outweigh times of day.
    fn find_base(&self) -> TimeBase {
        let mut counts = [0_usize; 4];
        for stamp in &self.stamps {
            let Some((base, _)) = self.calendar.instant(*stamp) else { continue };
            match base {
                // A record's own field is the better witness: dates may be of lines between.
                TimeBase::Elapsed
                    if matches!(stamp, RawStamp::Elapsed { column: true, .. }) && !self.not_elapsed =>
                {
                    counts[3] += 2;
                }
                TimeBase::Utc => counts[0] += 1,
                TimeBase::Yearless => counts[1] += 1,
                TimeBase::Clock => counts[2] += 1,
                TimeBase::Elapsed if !self.not_elapsed => counts[3] += 1,
                TimeBase::Elapsed | TimeBase::Index => {}
            }
        }
        match counts {
            [0, 0, 0, 0] => TimeBase::Index,
            [utc, yearless, clock, elapsed] if elapsed > utc + yearless + clock => TimeBase::Elapsed,
            [0, 0, ..] => TimeBase::Clock,
            [0, ..] => TimeBase::Yearless,
            _ => TimeBase::Utc,
        }
    }

    /// Returns the base of all times of the source; [`TimeBase::Index`] if it has none.
    #[must_use]
    pub const fn base(&self) -> TimeBase {
        self.base
    }

    /// Returns a time in seconds since the origin of [`Self::base`]; `None` for a stamp of another base.
    #[must_use]
    pub fn seconds(&self, time: TimeRef) -> Option<f64> {
        self.seconds_at(time.place())
    }

    fn seconds_at(&self, place: usize) -> Option<f64> {
        let is_stray = !self.strays.is_empty() && self.strays.binary_search(&place).is_ok();
        self.stamps.get(place).filter(|_| !is_stray).and_then(|stamp| self.seconds_of(*stamp))
    }

    /// Returns all times of the source, by their places.
    #[must_use]
    pub fn timeline(&self) -> SourceTimeline {
        let seconds =
            (0..self.stamps.len()).map(|place| self.seconds_at(place).unwrap_or(f64::NAN)).collect();
        SourceTimeline { base: self.base, seconds, order: self.order }
    }

    fn seconds_of(&self, stamp: RawStamp) -> Option<f64> {
        let (base, nanos) = self.calendar.instant(stamp)?;
        let start = if base == TimeBase::Clock { f64::from(self.start_day) * 86_400.0 } else { 0.0 };
        (base == self.base).then(|| seconds(nanos) + start)
    }

    /// Returns a time with its base; `None` for a stamp of another base than [`Self::base`].
    #[must_use]
    pub fn time(&self, time: TimeRef) -> Option<Time> {
        self.seconds(time).map(|seconds| Time::new(self.base, seconds))
    }

    /// Returns a time as an instant of UTC; `None` if the base is another.
    #[must_use]
    pub fn moment(&self, time: TimeRef) -> Option<Moment> {
        self.moment_in(time)
    }

    /// Returns a time as an instant of a base; `None` if the base of the source is another.
    #[must_use]
    pub fn moment_in<B: Base>(&self, time: TimeRef) -> Option<Moment<B>> {
        self.time(time)?.moment()
    }

    /// Returns the time from the first stamp to the last; `None` if there is none.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        Span::of(self.seconds_in_order().map(|seconds| Time::new(self.base, seconds)))
    }

    /// Returns the seconds of all stamps of the base, in the order in which they were found.
    fn seconds_in_order(&self) -> impl Iterator<Item = f64> {
        (0..self.stamps.len()).filter_map(|place| self.seconds_at(place))
    }

    /// Returns the longest time from one stamp to the next, in whole seconds.
    #[expect(clippy::cast_possible_truncation, reason = "seconds of any year fit 64 bits")]
    pub(super) fn largest_step(&self) -> i64 {
        let steps = self
            .seconds_in_order()
            .zip(self.seconds_in_order().skip(1))
            .map(|(before, after)| after - before);
        steps.fold(0.0, f64::max).ceil() as i64
    }

    /// Whether dates of the notation are there, ambiguous or not.
    pub(super) fn has_dates_in(&self, notation: Notation) -> bool {
        self.evidence.get(notation).is_some_and(Evidence::has_dates)
    }

    /// Returns the order of a notation, and the reason for it.
    pub(super) fn decision(&self, notation: Notation) -> Decision {
        let usual = notation.orders().first().copied().unwrap_or(DateOrder::DayFirst);
        let decision = self.decisions.get(notation.index()).copied();
        decision.unwrap_or(Decision { order: usual, reason: DateOrderReason::Custom })
    }

    /// Returns the order in which dates of numbers are read, in each notation in which some are ambiguous.
    pub(super) fn ambiguous_orders(&self) -> impl Iterator<Item = (Notation, Decision)> {
        let all = Notation::all().zip(self.decisions);
        all.filter(|(notation, _)| self.evidence.get(*notation).is_some_and(Evidence::is_ambiguous))
    }

    /// Returns the assumptions that were made about the times, each once.
    #[must_use]
    pub fn notices(&self) -> Vec<TimeNotice> {
        let mut notices = Vec::new();
        notices.extend(self.zones.unknown().iter().cloned().map(TimeNotice::UnknownZone));
        notices.extend(self.zones.ambiguous().iter().filter_map(|(word, zone)| {
            Some(TimeNotice::AmbiguousZone { word: word.clone(), offset: zone.seconds, also: zone.also? })
        }));
        for (notation, Decision { order, reason }) in self.ambiguous_orders() {
            notices.push(TimeNotice::date_order(notation, order, reason));
            if self.evidence.get(notation).is_some_and(Evidence::is_contradictory) {
                notices.push(TimeNotice::ContradictoryDateOrder(order));
            }
        }
        notices.extend(self.zones.several().map(TimeNotice::SeveralZones));
        notices.extend(self.zones.is_partly_unzoned().then_some(TimeNotice::UnzonedBesideZoned));
        notices.extend(match self.base {
            TimeBase::Utc if self.borrowed_year => Some(TimeNotice::YearFromSibling(self.start_year)),
            TimeBase::Utc | TimeBase::Index => None,
            TimeBase::Yearless => Some(TimeNotice::NoYear),
            TimeBase::Clock => Some(TimeNotice::NoDate),
            TimeBase::Elapsed => Some(TimeNotice::ElapsedOnly),
        });
        notices.extend(self.not_elapsed.then_some(TimeNotice::NotElapsed));
        let is_used = |stamp: &&RawStamp| {
            self.seconds_of(**stamp).is_some()
                || (self.not_elapsed && matches!(stamp, RawStamp::Elapsed { .. }))
        };
        let unused = self.stamps.len() - self.stamps.iter().filter(is_used).count();
        notices.extend((unused > 0).then_some(TimeNotice::OtherBase { times: unused }));
        notices.extend((!self.strays.is_empty()).then_some(TimeNotice::Stray { times: self.strays.len() }));
        notices.extend(match self.order {
            RecordOrder::AsWritten => None,
            RecordOrder::NewestFirst => Some(TimeNotice::NewestFirst),
            RecordOrder::ByTime => Some(TimeNotice::LateRecords),
        });
        notices
    }
}
