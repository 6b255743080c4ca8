//! The lines about processes: growth, its rate, its begin and its probability.

use std::collections::HashMap;

use super::document::{ForecastRow, PerWork, ProcessRow, ReachRow, SinceRow, Timestamp, TrendRow};
use super::names::need_sources;
use super::quantity::{about, counted, duration, p_value, percent, rate};
use super::untrusted::for_terminal;
use super::{Detail, Style, wording};
use crate::model::Role;
use crate::stats::mann_kendall::MannKendall;
use crate::stats::ols::Ols;
use crate::stats::theil_sen::TheilSen;
use crate::verdict::{NamedTests, Rate, RateUnit, Tests, Verdict};

const SECONDS_PER_30_DAYS: f64 = 30.0 * 86_400.0;
/// A recording of some seconds shows this many times as far ahead; what lies beyond is said in round words.
const SEEN_AHEAD: f64 = 10.0;

/// The lines about one process.
pub struct Headline {
    /// The verdict that the first line gives.
    pub verdict: Verdict,
    /// The first line.
    pub first: String,
    /// The lines below it.
    pub below: Vec<String>,
}

/// The rows of each process of each source, in their order.
pub fn by_process(rows: &[ProcessRow]) -> Vec<Vec<&ProcessRow>> {
    let mut groups: Vec<Vec<&ProcessRow>> = Vec::new();
    // Names are out of logs: a hash that can be foreseen can be made to collide.
    let mut places: HashMap<(&str, Option<&str>), usize> = HashMap::new();
    for row in rows {
        let place = *places.entry((&row.source, row.process.as_deref())).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// One headline for each process of each source, in their order.
pub fn headlines(rows: &[ProcessRow], style: &Style) -> Vec<Headline> {
    let groups = by_process(rows);
    let several_sources = of_several_sources(rows);
    groups.iter().map(|group| headline(group, several_sources, style)).collect()
}

fn headline(group: &[&ProcessRow], several_sources: bool, style: &Style) -> Headline {
    // Of each process one metric leads.
    let main = group.iter().find(|row| row.leading).unwrap_or(&group[0]);
    let trend = &main.trend;
    let name = name(main, several_sources);
    let extent = match main.duration_seconds {
        _ if main.samples == 1 => "1 sample".to_owned(),
        Some(seconds) => format!("{}, {}", counted(main.samples, "sample"), duration(seconds)),
        None => format!("{} without times", counted(main.samples, "sample")),
    };
    let moves = movement(main, style);
    let first = match other_side(main) {
        Some(other) => format!("{name} {moves}: {other}; {extent}"),
        None => format!("{name} {moves}; {extent}"),
    };
    let mut below = Vec::new();
    if style.detail != Detail::Quiet {
        below.push(because(trend));
        below.extend(main.per_work.as_ref().map(|work| wording::per_work(work, style.units)));
        below.extend(history(main));
        below.extend(limited(group).and_then(|row| forecast(row, group, main, style)));
        below.extend(others(group, main, style));
        below.extend(tests(trend, style).filter(|_| style.detail == Detail::Verbose));
    }
    // Free memory that grows is no alarm, and one that shrinks no good news.
    let verdict = if main.is_free() { Verdict::Unclear } else { trend.verdict };
    Headline { verdict, first, below }
}

/// Whether each process is named with its source.
pub fn of_several_sources(rows: &[ProcessRow]) -> bool {
    need_sources(rows.iter().map(|row| (row.process.as_deref(), row.source.as_str())))
}

/// The name of a row: its metric, and the name of its process among others.
pub fn name(row: &ProcessRow, several_sources: bool) -> String {
    let mut name = String::new();
    if several_sources {
        name += &format!("{}: ", for_terminal(&row.source));
    }
    if let Some(process) = &row.process {
        name += &format!("{} ", for_terminal(process));
    }
    name + &metric(row)
}

/// The name of its metric, which may be that of a column.
fn metric(row: &ProcessRow) -> String {
    for_terminal(&row.metric)
}

/// The development of a series in a few words.
fn movement(row: &ProcessRow, style: &Style) -> String {
    let size = |value: f64| amount(row, value, style);
    let (first, last) = (size(row.first_bytes), size(row.last_bytes));
    match row.trend.verdict {
        Verdict::Growing => moving("grows", row, row.trend.slope, style),
        Verdict::Shrinking => moving("shrinks", row, row.trend.slope.map(falling), style),
        Verdict::Settled if row.last_bytes > row.first_bytes => {
            format!("has settled at {last} after growing {}", size(row.last_bytes - row.first_bytes))
        }
        Verdict::Settled => format!("has settled at {last}"),
        Verdict::Steady if row.min_bytes == row.max_bytes => format!("stays at {last}"),
        Verdict::Steady => match (size(row.min_bytes), size(row.max_bytes)) {
            // Ends that look the same say less than their difference.
            (low, high) if low == high => {
                format!("is steady at {last} (within {})", size(row.max_bytes - row.min_bytes))
            }
            (low, high) => format!("is steady at {last} (between {low} and {high})"),
        },
        Verdict::Unclear if row.samples == 1 => format!("is {last}"),
        Verdict::Unclear if row.last_bytes == row.first_bytes => {
            format!("is unclear: {last} now as at first")
        }
        Verdict::Unclear if last == first => {
            let more = if row.last_bytes > row.first_bytes { "more" } else { "less" };
            let change = size((row.last_bytes - row.first_bytes).abs());
            format!("is unclear: {last} now, {change} {more} than at first")
        }
        Verdict::Unclear => format!("is unclear: {last} now, {first} at first"),
    }
}

/// What the movement of free memory means: it is the other side of that of memory in use.
fn other_side(row: &ProcessRow) -> Option<&'static str> {
    match row.trend.verdict {
        Verdict::Shrinking if row.is_free() => Some("something else grows"),
        Verdict::Growing if row.is_free() => Some("memory is given back"),
        _ => None,
    }
}

/// A value of a row: a size, or a number of things.
fn amount(row: &ProcessRow, value: f64, style: &Style) -> String {
    if row.is_count() { format!("{value:.0}") } else { style.units.size(value) }
}

/// A verb with its rate, or with both ends where no rate bears it out.
fn moving(verb: &str, row: &ProcessRow, slope: Option<Rate>, style: &Style) -> String {
    if row.is_count() {
        let (first, last) = (row.first_bytes, row.last_bytes);
        return format!("{verb} from {} to {}", amount(row, first, style), amount(row, last, style));
    }
    let Some(slope) = slope.filter(|slope| slope.value > 0.0) else {
        return format!("{verb} from {}", style.units.span(row.first_bytes, row.last_bytes, "to"));
    };
    let shown = rate(&slope, style.units);
    // A fall ends at an unknown place: only growth is extrapolated.
    let month = if row.trend.verdict == Verdict::Growing
        && !row.is_free()
        && slope.unit == RateUnit::BytesPerSecond
        && sees_ahead(row, SECONDS_PER_30_DAYS)
    {
        format!(", {} in 30 days", style.units.size(slope.value * SECONDS_PER_30_DAYS))
    } else {
        String::new()
    };
    let of_work = match &row.per_work {
        Some(PerWork::Known(work)) if slope.unit == RateUnit::BytesPerWork => {
            Some(format!(" {}", wording::a_unit(&work.unit)))
        }
        _ => None,
    };
    let per = of_work.as_deref().unwrap_or(shown.per);
    format!("{verb} {}{per}{}{month}", shown.value, bracketed(&shown.interval))
}

/// Whether the recording is long enough to say something of a time so far ahead.
fn sees_ahead(row: &ProcessRow, seconds: f64) -> bool {
    row.duration_seconds.is_some_and(|recorded| seconds <= SEEN_AHEAD * recorded)
}

/// The rate at which something shrinks: the verb has the sign.
fn falling(slope: Rate) -> Rate {
    let Rate { value, low, high, unit } = slope;
    Rate { value: -value, low: high.map(|v| -v), high: low.map(|v| -v), unit }
}

fn bracketed(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

fn because(trend: &TrendRow) -> String {
    match trend.verdict {
        Verdict::Growing => {
            format!("{} likely to keep growing: {}", percent(trend.probability), trend.reason.text)
        }
        Verdict::Unclear if trend.tests.growth_models.is_some() => {
            format!("{} likely to keep growing: {}", percent(trend.probability), trend.reason.text)
        }
        _ => trend.reason.text.clone(),
    }
}

/// The begin of growth, and the number of restarts.
fn history(row: &ProcessRow) -> Option<String> {
    let mut parts: Vec<String> = since(&row.trend, "sample").into_iter().collect();
    if row.trend.segments > 1 {
        parts.push(format!(
            "{}; the rate is that of the last segment that is long enough",
            counted(row.trend.segments as u64 - 1, "restart")
        ));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// `since 2024-05-23 11:56 UTC`, or the time at which growth ended; by number where there are no times.
pub fn since(trend: &TrendRow, of_what: &str) -> Option<String> {
    let SinceRow { index, time } = trend.since.as_ref()?;
    // It is the growth that ended then, not the verdict.
    let word = if trend.verdict == Verdict::Growing { "since" } else { "grew until" };
    Some(match time {
        Some(at) => format!("{word} {}", at.to_minute()),
        None => format!("{word} {of_what} {}", index + 1),
    })
}

/// The row of a process whose forecast is held against a limit.
pub fn limited<'a>(group: &[&'a ProcessRow]) -> Option<&'a ProcessRow> {
    group.iter().copied().find(|row| row.forecast.as_ref().is_some_and(|f| f.limit_bytes.is_some()))
}

fn forecast(row: &ProcessRow, group: &[&ProcessRow], main: &ProcessRow, style: &Style) -> Option<String> {
    let mut text = reach(row, style)?;
    if row.metric != main.metric {
        text = format!("{} {text}", metric(row));
    }
    // A limit that was recorded with the part is its own.
    let is_recorded = row.forecast.as_ref().is_some_and(|f| f.limit_bytes == row.limit_bytes);
    if row.role == Role::Part && !is_recorded && !group.iter().any(|row| row.role == Role::Resident) {
        text += &format!("; sooner, for {} is a part of what is resident", metric(row));
    }
    Some(text)
}

fn reach(row: &ProcessRow, style: &Style) -> Option<String> {
    let ForecastRow { limit_bytes, reaches_limit_at, per_day_bytes: _ } = row.forecast.as_ref()?;
    let limit = style.units.size((*limit_bytes)?);
    let Some(ReachRow { value, low, high, in_seconds }) = reaches_limit_at else {
        return Some(format!("does not reach {limit} within ten years"));
    };
    let Some(seconds) = *in_seconds else {
        return Some(format!("may reach {limit} within ten years, though not at the estimated rate"));
    };
    if seconds == 0.0 {
        return Some(format!("has reached {limit}"));
    }
    if !sees_ahead(row, seconds) {
        return Some(format!("reaches {limit} in about {} if nothing changes", about(seconds)));
    }
    // A clock without dates has no date to name.
    let Some(at) = value else {
        return Some(format!("reaches {limit} in {} if nothing changes", duration(seconds)));
    };
    let end = |time: &Option<Timestamp>| {
        time.map_or_else(|| "more than ten years from now".to_owned(), Timestamp::to_minute)
    };
    let (at_minute, after) = (at.to_minute(), duration(seconds));
    let (low, high) = (end(low), end(high));
    let is_past = style.now_seconds.is_some_and(|now| at.seconds() < now);
    Some(if is_past {
        format!(
            "would have reached {limit} on {at_minute} ({after} after the recording; between {low} and {high})"
        )
    } else {
        format!("reaches {limit} on {at_minute} (in {after}; between {low} and {high}) if nothing changes")
    })
}

/// The numbers that the verdict rests on, in one line.
pub fn tests(trend: &TrendRow, style: &Style) -> Option<String> {
    let Tests { named, transform, score, shape: _, growth_models } = &trend.tests;
    let NamedTests { mann_kendall, theil_sen, ols } = named;
    let in_rate = |value: f64| {
        let shown = rate(&Rate { value, low: None, high: None, unit: trend.slope?.unit }, style.units);
        Some(format!("{}{}", shown.value, shown.per))
    };
    let mut parts = Vec::new();
    if let Some(Ols { slope, r2, .. }) = ols.as_deref() {
        parts.push(format!("least squares {}, r² {r2:.3}", in_rate(*slope)?));
    }
    if let Some(TheilSen { slope, .. }) = theil_sen.as_deref() {
        parts.push(format!("Theil–Sen {}", in_rate(*slope)?));
    }
    if let Some(MannKendall { z, p, exact_p, .. }) = mann_kendall.as_deref() {
        parts.push(format!("Mann–Kendall z {z:.2}, p {}", p_value(exact_p.unwrap_or(*p))));
    }
    if let Some(models) = growth_models {
        parts.push(format!("likeliest growth model: {}", wording::growth_model(models.likeliest)));
    }
    if let (Some(transform), Some(score)) = (transform, score) {
        parts.push(format!("transform: {}, score {score:.2}", wording::transform(*transform)));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// The other metrics of the process, in short.
fn others(group: &[&ProcessRow], main: &ProcessRow, style: &Style) -> Option<String> {
    let short: Vec<String> = group
        .iter()
        .filter(|row| {
            row.metric != main.metric && !(row.samples > 1 && row.min_bytes == 0.0 && row.max_bytes == 0.0)
        })
        .map(|row| {
            let size = amount(row, row.last_bytes, style);
            match row.trend.verdict {
                Verdict::Steady if row.min_bytes == row.max_bytes => {
                    format!("{} {size} throughout", metric(row))
                }
                _ if row.samples == 1 => format!("{} {size}", metric(row)),
                verdict => format!("{} {size} ({})", metric(row), verdict.as_str()),
            }
        })
        .collect();
    (!short.is_empty()).then(|| short.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    /// The blog's headline after its rows were changed.
    fn first(change: impl Fn(&mut ProcessRow)) -> String {
        let mut rows = sample::blog().processes;
        rows.iter_mut().for_each(change);
        headlines(&rows, &Style::default()).remove(0).first
    }

    #[test]
    fn what_is_said_first() {
        let growing = "RssAnon grows 1.68 MiB/h (1.44 to 1.92); 5 samples, 40 min";
        assert_eq!(first(|_| {}), growing);
        // A restart: the last value lies below the first, and the rates still show which part grows.
        assert_eq!(first(|row| row.first_bytes *= 2.0), growing);
        let shrinking = first(|row| {
            row.trend.verdict = Verdict::Shrinking;
            row.trend.slope = row.trend.slope.map(falling);
        });
        assert_eq!(shrinking, "RssAnon shrinks 1.68 MiB/h (1.44 to 1.92); 5 samples, 40 min");
        assert_eq!(
            first(|row| row.trend.slope = None),
            "RssAnon grows from 920 to 921 MiB; 5 samples, 40 min"
        );
    }

    #[test]
    fn ends_that_look_the_same_are_not_told_twice() {
        let said = |verdict: Verdict, first_bytes: f64, last_bytes: f64| {
            first(move |row| {
                row.trend.verdict = verdict;
                (row.first_bytes, row.last_bytes) = (first_bytes, last_bytes);
                (row.min_bytes, row.max_bytes) = (first_bytes.min(last_bytes), first_bytes.max(last_bytes));
            })
        };
        let mib = 1_048_576.0;
        for (verdict, from, to, text) in [
            (Verdict::Steady, 499.0, 499.0, "RssAnon stays at 499 MiB"),
            (Verdict::Steady, 499.0, 499.25, "RssAnon is steady at 499 MiB (within 256 KiB)"),
            (Verdict::Steady, 490.0, 499.0, "RssAnon is steady at 499 MiB (between 490 MiB and 499 MiB)"),
            (Verdict::Unclear, 499.0, 499.0, "RssAnon is unclear: 499 MiB now as at first"),
            (Verdict::Unclear, 499.25, 499.0, "RssAnon is unclear: 499 MiB now, 256 KiB less than at first"),
            (Verdict::Unclear, 490.0, 499.0, "RssAnon is unclear: 499 MiB now, 490 MiB at first"),
            (Verdict::Settled, 490.0, 499.0, "RssAnon has settled at 499 MiB after growing 9.00 MiB"),
            (Verdict::Settled, 499.0, 490.0, "RssAnon has settled at 490 MiB"),
        ] {
            assert_eq!(said(verdict, from * mib, to * mib), format!("{text}; 5 samples, 40 min"));
        }
        let single = first(|row| row.samples = 1);
        assert!(single.ends_with("; 1 sample"), "{single}");
    }
}
