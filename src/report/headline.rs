//! The lines about processes: does it grow, how fast, since when, how sure.

use super::document::{ProcessRow, Slope, TrendRow, VerdictWord};
use super::quantity::{counted, duration, p_value, percent, rate, time};
use super::untrusted::for_terminal;
use super::{Detail, Style};

const SECONDS_PER_30_DAYS: f64 = 30.0 * 86_400.0;
/// A part that carries this share of the growth is named instead of the whole.
const MOST_OF_IT: f64 = 0.9;

/// What is said of one process.
pub struct Headline {
    /// The verdict that the first line gives.
    pub verdict: VerdictWord,
    /// The first line.
    pub first: String,
    /// The lines below it.
    pub below: Vec<String>,
}

/// One headline for each process of each source, in their order.
pub fn headlines(rows: &[ProcessRow], style: &Style) -> Vec<Headline> {
    let mut groups: Vec<Vec<&ProcessRow>> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|g| g[0].source == row.source && g[0].process == row.process) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    let several_sources = groups.windows(2).any(|w| w[0][0].source != w[1][0].source);
    groups.iter().map(|group| headline(group, several_sources, style)).collect()
}

fn headline(group: &[&ProcessRow], several_sources: bool, style: &Style) -> Headline {
    let main = telling(group);
    let trend = &main.trend;
    let mut name = String::new();
    if several_sources {
        name += &format!("{}: ", for_terminal(&main.source));
    }
    if let Some(process) = &main.process {
        name += &format!("{} ", for_terminal(process));
    }
    let extent = match main.duration_seconds {
        Some(seconds) => format!("{}, {}", counted(main.samples, "sample"), duration(seconds)),
        None => format!("{} without times", counted(main.samples, "sample")),
    };
    let first = format!("{name}{} {}; {extent}", main.metric, movement(main, style));
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

/// The metric that tells the story: resident memory, or the part of it that carries its growth.
fn telling<'a>(group: &[&'a ProcessRow]) -> &'a ProcessRow {
    let total = group[0];
    let grown = |row: &ProcessRow| row.last_bytes - row.first_bytes;
    let parts = ["RssAnon", "RssFile", "RssShmem"];
    group
        .iter()
        .copied()
        .filter(|row| total.metric == "VmRSS" && parts.contains(&row.metric))
        .find(|row| {
            row.trend.verdict == total.trend.verdict
                && grown(total) > 0.0
                && grown(row) >= MOST_OF_IT * grown(total)
        })
        .unwrap_or(total)
}

/// What the series does, in a few words.
fn movement(row: &ProcessRow, style: &Style) -> String {
    let size = |bytes: f64| style.units.size(bytes);
    match row.trend.verdict {
        VerdictWord::Growing | VerdictWord::Shrinking => {
            let verb = if row.trend.verdict == VerdictWord::Growing { "grows" } else { "shrinks" };
            let Some(slope) = &row.trend.slope else { return verb.to_owned() };
            let shown = rate(slope, style.units);
            let month = match row.duration_seconds {
                Some(_) => format!(", {} in 30 days", size(slope.value * SECONDS_PER_30_DAYS)),
                None => String::new(),
            };
            format!("{verb} {}{}{}{month}", shown.value, shown.per, bracketed(&shown.interval))
        }
        VerdictWord::Settled => {
            format!(
                "has settled at {} after growing {}",
                size(row.last_bytes),
                size(row.last_bytes - row.first_bytes)
            )
        }
        VerdictWord::Steady if row.min_bytes == row.max_bytes => format!("stays at {}", size(row.last_bytes)),
        VerdictWord::Steady => format!(
            "is steady at {} (between {} and {})",
            size(row.last_bytes),
            size(row.min_bytes),
            size(row.max_bytes)
        ),
        VerdictWord::Unclear if row.samples == 1 => format!("is {}", size(row.last_bytes)),
        VerdictWord::Unclear => {
            format!("is unclear: {} now, {} at first", size(row.last_bytes), size(row.first_bytes))
        }
    }
}

fn bracketed(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" ({text})") }
}

fn because(trend: &TrendRow) -> String {
    match trend.verdict {
        VerdictWord::Growing => {
            format!("{} sure that it goes on: {}", percent(trend.probability), trend.reason)
        }
        VerdictWord::Unclear if trend.points >= 5 => {
            format!("{} likely to go on growing: {}", percent(trend.probability), trend.reason)
        }
        _ => trend.reason.clone(),
    }
}

/// Since when, and through how many lives.
fn history(row: &ProcessRow) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(since) = &row.trend.since {
        let verb = if row.trend.verdict == VerdictWord::Growing { "since" } else { "until" };
        parts.push(match &since.time {
            Some(at) => format!("{verb} {}", time(at)),
            None => format!("{verb} sample {}", since.index + 1),
        });
    }
    if row.trend.segments > 1 {
        parts.push(format!(
            "{}, the last life long enough is judged",
            counted(row.trend.segments - 1, "restart")
        ));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
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
fn tests(trend: &TrendRow, style: &Style) -> Option<String> {
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
