//! The lines about processes: does it grow, how fast, since when, how sure.

use super::document::{ProcessRow, RateUnit, Slope, TrendRow, VerdictWord};
use super::quantity::{counted, duration, p_value, percent, rate, time};
use super::untrusted::for_terminal;
use super::{Detail, Style};

const SECONDS_PER_30_DAYS: f64 = 30.0 * 86_400.0;

/// What is said of one process.
pub struct Headline {
    /// The verdict that the first line gives.
    pub verdict: VerdictWord,
    /// The first line.
    pub first: String,
    /// The lines below it.
    pub below: Vec<String>,
}

/// The rows of each process of each source, in their order.
pub fn by_process(rows: &[ProcessRow]) -> Vec<Vec<&ProcessRow>> {
    let mut groups: Vec<Vec<&ProcessRow>> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|g| g[0].source == row.source && g[0].process == row.process) {
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
    let first = format!("{name} {}; {extent}", movement(main, style));
    let mut below = Vec::new();
    if style.detail != Detail::Quiet {
        below.push(because(trend));
        below.extend(history(main));
        below.extend(forecast(main, style));
        below.extend(others(group, main, style));
        below.extend(tests(trend, style).filter(|_| style.detail == Detail::Verbose));
    }
    Headline { verdict: trend.verdict, first, below }
}

/// Whether processes of more than one source are told of, so that each says which it is of.
pub fn of_several_sources(rows: &[ProcessRow]) -> bool {
    rows.windows(2).any(|pair| pair[0].source != pair[1].source)
}

/// What a row is called: its metric, and what tells its process from others.
pub fn name(row: &ProcessRow, several_sources: bool) -> String {
    let mut name = String::new();
    if several_sources {
        name += &format!("{}: ", for_terminal(&row.source));
    }
    if let Some(process) = &row.process {
        name += &format!("{} ", for_terminal(process));
    }
    name + row.metric
}

/// What the series does, in a few words.
fn movement(row: &ProcessRow, style: &Style) -> String {
    let size = |bytes: f64| style.units.size(bytes);
    let (first, last) = (size(row.first_bytes), size(row.last_bytes));
    match row.trend.verdict {
        VerdictWord::Growing => moving("grows", row, row.trend.slope.clone(), style),
        VerdictWord::Shrinking => {
            moving("shrinks", row, row.trend.slope.clone().map(|slope| falling(&slope)), style)
        }
        VerdictWord::Settled if row.last_bytes > row.first_bytes => {
            format!("has settled at {last} after growing {}", size(row.last_bytes - row.first_bytes))
        }
        VerdictWord::Settled => format!("has settled at {last}"),
        VerdictWord::Steady if row.min_bytes == row.max_bytes => format!("stays at {last}"),
        VerdictWord::Steady => match (size(row.min_bytes), size(row.max_bytes)) {
            // Ends that look the same say less than what lies between them.
            (low, high) if low == high => {
                format!("is steady at {last} (within {})", size(row.max_bytes - row.min_bytes))
            }
            (low, high) => format!("is steady at {last} (between {low} and {high})"),
        },
        VerdictWord::Unclear if row.samples == 1 => format!("is {last}"),
        VerdictWord::Unclear if row.last_bytes == row.first_bytes => {
            format!("is unclear: {last} now as at first")
        }
        VerdictWord::Unclear if last == first => {
            let more = if row.last_bytes > row.first_bytes { "more" } else { "less" };
            let change = size((row.last_bytes - row.first_bytes).abs());
            format!("is unclear: {last} now, {change} {more} than at first")
        }
        VerdictWord::Unclear => format!("is unclear: {last} now, {first} at first"),
    }
}

/// A verb with its rate, or with both ends where no rate bears it out.
fn moving(verb: &str, row: &ProcessRow, slope: Option<Slope>, style: &Style) -> String {
    let Some(slope) = slope.filter(|slope| slope.value > 0.0) else {
        return format!("{verb} from {}", style.units.span(row.first_bytes, row.last_bytes, "to"));
    };
    let shown = rate(&slope, style.units);
    // What falls meets a floor that nobody knows: only growth is drawn out into the future.
    let month = if row.trend.verdict == VerdictWord::Growing && slope.unit == RateUnit::BytesPerSecond {
        format!(", {} in 30 days", style.units.size(slope.value * SECONDS_PER_30_DAYS))
    } else {
        String::new()
    };
    format!("{verb} {}{}{}{month}", shown.value, shown.per, bracketed(&shown.interval))
}

/// The rate at which something shrinks: the verb has the sign.
fn falling(slope: &Slope) -> Slope {
    let Slope { value, low, high, level, unit } = *slope;
    Slope { value: -value, low: high.map(|v| -v), high: low.map(|v| -v), level, unit }
}

fn bracketed(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

fn because(trend: &TrendRow) -> String {
    match trend.verdict {
        VerdictWord::Growing => {
            format!("{} sure that it goes on: {}", percent(trend.probability), trend.reason)
        }
        VerdictWord::Unclear if trend.tests.stories.is_some() => {
            format!("{} likely to go on growing: {}", percent(trend.probability), trend.reason)
        }
        _ => trend.reason.clone(),
    }
}

/// Since when, and through how many lives.
fn history(row: &ProcessRow) -> Option<String> {
    let mut parts: Vec<String> = since(&row.trend, "sample").into_iter().collect();
    if row.trend.segments > 1 {
        parts.push(format!(
            "{}; the rate is that of the last life long enough",
            counted(row.trend.segments - 1, "restart")
        ));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// `since 2024-05-23 11:56 UTC`, or until when it grew; by number where there are no times.
pub fn since(trend: &TrendRow, of_what: &str) -> Option<String> {
    let since = trend.since.as_ref()?;
    // It is the growth that ended then, not the verdict.
    let word = if trend.verdict == VerdictWord::Growing { "since" } else { "grew until" };
    Some(match &since.time {
        Some(at) => format!("{word} {}", time(at)),
        None => format!("{word} {of_what} {}", since.index + 1),
    })
}

fn forecast(row: &ProcessRow, style: &Style) -> Option<String> {
    let forecast = row.forecast.as_ref()?;
    let limit = style.units.size(forecast.limit_bytes?);
    let Some(reach) = &forecast.reaches_limit_at else {
        return Some(format!("does not reach {limit} within ten years"));
    };
    let (Some(at), Some(seconds)) = (&reach.value, reach.in_seconds) else {
        return Some(format!("may reach {limit} within ten years, though not at the estimated rate"));
    };
    if seconds == 0.0 {
        return Some(format!("has reached {limit}"));
    }
    let end =
        |t: &Option<String>| t.as_deref().map_or_else(|| "more than ten years from now".to_owned(), time);
    Some(format!(
        "reaches {limit} on {} (in {}; between {} and {}) if nothing changes",
        time(at),
        duration(seconds),
        end(&reach.low),
        end(&reach.high)
    ))
}

/// What the verdict looked at, for those who want to know.
pub fn tests(trend: &TrendRow, style: &Style) -> Option<String> {
    let tests = &trend.tests;
    let in_rate = |value: f64| {
        let slope = trend.slope.as_ref()?;
        let shown =
            rate(&Slope { value, low: None, high: None, level: slope.level, unit: slope.unit }, style.units);
        Some(format!("{}{}", shown.value, shown.per))
    };
    let mut parts = Vec::new();
    if let Some(ols) = &tests.ols {
        parts.push(format!("least squares {}, r² {:.3}", in_rate(ols.slope)?, ols.r2));
    }
    if let Some(sen) = &tests.theil_sen {
        parts.push(format!("Theil–Sen {}", in_rate(sen.slope)?));
    }
    if let Some(mk) = &tests.mann_kendall {
        parts.push(format!("Mann–Kendall z {:.2}, p {}", mk.z, p_value(mk.exact_p.unwrap_or(mk.p))));
    }
    if let Some(corner) = tests.change_point.as_ref().filter(|c| c.p < 0.01) {
        parts.push(format!("corner at sample {}, p {}", corner.index + 1, p_value(corner.p)));
    }
    if let Some(stories) = &tests.stories {
        parts.push(format!("likeliest story: {}", stories.likeliest));
    }
    if let (Some(reading), Some(score)) = (tests.reading, tests.score) {
        parts.push(format!("read {reading}, score {score:.2}"));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// The other metrics of the process, in short.
fn others(group: &[&ProcessRow], main: &ProcessRow, style: &Style) -> Option<String> {
    let short: Vec<String> = group
        .iter()
        .filter(|row| row.metric != main.metric)
        .map(|row| {
            let size = style.units.size(row.last_bytes);
            match row.trend.verdict {
                VerdictWord::Steady if row.min_bytes == row.max_bytes => {
                    format!("{} {size} throughout", row.metric)
                }
                _ if row.samples == 1 => format!("{} {size}", row.metric),
                verdict => format!("{} {size} ({})", row.metric, verdict.as_str()),
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
        let growing = "RssAnon grows 1.68 MiB/h (1.44 to 1.92), 1.18 GiB in 30 days; 5 samples, 40 min";
        assert_eq!(first(|_| {}), growing);
        // A restart: the last value lies below the first, and the rates still tell which part grows.
        assert_eq!(first(|row| row.first_bytes *= 2.0), growing);
        let shrinking = first(|row| {
            row.trend.verdict = VerdictWord::Shrinking;
            row.trend.slope = row.trend.slope.as_ref().map(falling);
        });
        assert_eq!(shrinking, "RssAnon shrinks 1.68 MiB/h (1.44 to 1.92); 5 samples, 40 min");
        assert_eq!(
            first(|row| row.trend.slope = None),
            "RssAnon grows from 920 to 921 MiB; 5 samples, 40 min"
        );
    }

    #[test]
    fn ends_that_look_the_same_are_not_told_twice() {
        let said = |verdict: VerdictWord, first_bytes: f64, last_bytes: f64| {
            first(move |row| {
                row.trend.verdict = verdict;
                (row.first_bytes, row.last_bytes) = (first_bytes, last_bytes);
                (row.min_bytes, row.max_bytes) = (first_bytes.min(last_bytes), first_bytes.max(last_bytes));
            })
        };
        let mib = 1_048_576.0;
        for (verdict, from, to, text) in [
            (VerdictWord::Steady, 499.0, 499.0, "RssAnon stays at 499 MiB"),
            (VerdictWord::Steady, 499.0, 499.25, "RssAnon is steady at 499 MiB (within 256 KiB)"),
            (VerdictWord::Steady, 490.0, 499.0, "RssAnon is steady at 499 MiB (between 490 MiB and 499 MiB)"),
            (VerdictWord::Unclear, 499.0, 499.0, "RssAnon is unclear: 499 MiB now as at first"),
            (
                VerdictWord::Unclear,
                499.25,
                499.0,
                "RssAnon is unclear: 499 MiB now, 256 KiB less than at first",
            ),
            (VerdictWord::Unclear, 490.0, 499.0, "RssAnon is unclear: 499 MiB now, 490 MiB at first"),
            (VerdictWord::Settled, 490.0, 499.0, "RssAnon has settled at 499 MiB after growing 9.00 MiB"),
            (VerdictWord::Settled, 499.0, 490.0, "RssAnon has settled at 490 MiB"),
        ] {
            assert_eq!(said(verdict, from * mib, to * mib), format!("{text}; 5 samples, 40 min"));
        }
        let single = first(|row| row.samples = 1);
        assert!(single.ends_with("; 1 sample"), "{single}");
    }
}
