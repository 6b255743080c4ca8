//! Properties of times in any text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;

use super::{notices, stamp};
use crate::time::{Timestamps, resolve};

/// A text with one character after the other replaced.
fn mutated(line: &str, changes: &[(usize, char)]) -> String {
    let mut letters: Vec<char> = line.chars().collect();
    for (at, letter) in changes {
        let count = letters.len().max(1);
        if let Some(place) = letters.get_mut(at % count) {
            *place = *letter;
        }
    }
    letters.into_iter().collect()
}

/// Returns seconds since 1970 in a form of `strftime`.
fn written(seconds: i64, form: &str) -> String {
    let civil = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::from_second(seconds).unwrap());
    civil.to_zoned(jiff::tz::TimeZone::UTC).unwrap().strftime(form).to_string()
}

/// Complete times, as programs write them.
const COMPLETE: [&str; 11] = [
    "%a %b %e %H:%M:%S UTC %Y",
    "%a %d %b %Y %I:%M:%S %p UTC",
    "%a, %d %b %Y %H:%M:%S +0000",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y%m%dT%H%M%SZ",
    "%Y/%m/%d %H:%M:%S",
    "%d/%b/%Y:%H:%M:%S +0000",
    "%Y年 %m月 %d日 星期四 %H:%M:%S UTC",
    "%Y. %m. %d. (목) %H:%M:%S UTC",
    "%d. %B %Y %H:%M:%S",
    "%Y-%m-%d %H:%M:%S,000 +0000",
];

const FORMS: [&str; 15] = [
    "%a %b %e %H:%M:%S UTC %Y",
    "%a %d %b %Y %I:%M:%S %p UTC",
    "%a, %d %b %Y %H:%M:%S +0200",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M:%S.329",
    "%Y-%m-%dT%H:%M:%S,25+02:00",
    "%d/%b/%Y:%H:%M:%S +0000",
    "%d/%m/%Y %H:%M:%S",
    "%m-%d-%Y %I:%M:%S %p",
    "%b %e %H:%M:%S",
    "%Y年 %m月 %d日 星期四 %H:%M:%S CST",
    "%s",
    "%H:%M:%S %Y-%m-%d",
    "%a %b %e %H:%M:%S XYZT %Y",
    "%d.%m.%Y %H.%M.%S",
];

/// Lines as loggers, runtimes and collectors write them.
const STYLES: [&str; 48] = [
    "%Y-%m-%dT%H:%M:%SZ x",
    "%Y-%m-%d %H:%M:%S x",
    "%Y-%m-%d %H:%M:%S,000 INFO x",
    "[%Y-%m-%d %H:%M:%S +0000] [12] x",
    "[I %Y-%m-%d %H:%M:%S.000 ServerApp] x",
    "[I %y%m%d %H:%M:%S mem:42] x",
    "I%Y%m%d %H:%M:%S.000000 123 f.cc:1] x",
    "I%y%m%d %H:%M:%S.000000 151 s.go:1 x",
    "%y%m%d %H:%M:%S 3 Note x",
    "%Y-%m-%d_%H-%M-%S x",
    "%Y%m%d_%H%M%S x",
    "%Y%m%dT%H%M%SZ x",
    "%Y-%m-%d-%H-%M-%S x",
    "%Y-%m-%dT%H-%M-%S x",
    "%Y.%m.%d_%H.%M.%S x",
    "%Y_%m_%d_%H_%M_%S x",
    "%Y-%b-%d %H:%M:%S x",
    "%d-%b-%Y %H:%M:%S.000 x",
    "%d-%b-%y %H:%M:%S x",
    "%A, %d-%b-%y %H:%M:%S GMT x",
    "1.2.3.4 - - [%d/%b/%Y:%H:%M:%S +0000] x",
    "[%a %b %d %H:%M:%S.000000 %Y] x",
    "%b %d, %Y %I:%M:%S %p x",
    "####<%b %d, %Y %I:%M:%S %p UTC> x",
    "<13>1 %Y-%m-%dT%H:%M:%SZ host x",
    "[pod/web-7d9f/app] %Y-%m-%dT%H:%M:%SZ x",
    "web-1  | %Y-%m-%d %H:%M:%S x",
    "(Trainer pid=12) %Y-%m-%d %H:%M:%S x",
    "[gw1] %Y-%m-%d %H:%M:%S x",
    "app[web.1]: %Y-%m-%d %H:%M:%S x",
    "host/unit %Y-%m-%d %H:%M:%S x",
    "app.log:12:%Y-%m-%d %H:%M:%S x",
    "INFO:root:%Y-%m-%d %H:%M:%S x",
    "time=%Y-%m-%dT%H:%M:%SZ level=info",
    "level=info ts=%Y-%m-%dT%H:%M:%SZ x",
    "{\"msg\":\"x\",\"time\":\"%Y-%m-%dT%H:%M:%SZ\"}",
    "{\"msg\":\"x\",\"ts\":%s.000}",
    "{\"time\":%s000,\"msg\":\"x\"}",
    "{\"MESSAGE\":\"x\",\"__REALTIME_TIMESTAMP\":\"%s000000\"}",
    "{'asctime': '%Y-%m-%d %H:%M:%S,000'}",
    "%s x",
    "@%s x",
    "%s.000 host x",
    "%Y/%m/%d - %H:%M:%S | 200",
    "[%Y-%m-%d][%H:%M:%S][app] x",
    "1:M %d %b %Y %H:%M:%S.000 * x",
    "%a, %d %b %Y %H:%M:%S GMT app x",
    "%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time) x",
];

/// No date, though nearly one.
const NO_DATE: &str = "%H:%M:%S:25 %d %b %Y";

proptest! {
    #[test]
    fn the_form_of_the_last_date_line_changes_nothing(
        form in proptest::sample::select([&FORMS[..], &[NO_DATE]].concat()),
        start in 1_262_304_000_i64..2_000_000_000,
        lines in proptest::collection::vec(
            (0_i64..40_000, proptest::collection::vec((0_usize..60, proptest::char::ranges(vec!['0'..='9', '0'..=':', ' '..='~'].into())), 0..2)),
            1..30,
        ),
    ) {
        let (mut with, mut without) = (Timestamps::new(), Timestamps::new());
        let mut at = start;
        let mut times = Vec::new();
        for (step, changes) in lines {
            at += step;
            let line = mutated(&written(at, form), &changes);
            without.forget();
            let time = with.date_line(&line);
            prop_assert_eq!(time, without.date_line(&line), "{}", line);
            prop_assert_eq!(with.stamp(&line), without.stamp(&line), "{}", line);
            // Times without a year are placed by the ones before.
            prop_assert_eq!(with.stamp("Jan 31 00:00:00 host"), without.stamp("Jan 31 00:00:00 host"));
            times.extend(time);
        }
        let (with, without) = (with.finish(), without.finish());
        for time in times {
            prop_assert_eq!(with.seconds(time), without.seconds(time));
        }
        prop_assert_eq!((with.base(), with.span()), (without.base(), without.span()));
        prop_assert_eq!(notices(&with), notices(&without));
    }

    #[test]
    fn the_prefix_of_the_last_stamp_changes_nothing(
        prefixes in proptest::collection::vec("[A-Za-z0-9|:<>(){} \\[\\]=,.\"'/-]{0,24}", 1..3),
        lines in proptest::collection::vec(
            (0_usize..3, 1_262_304_000_i64..2_000_000_000, 0_usize..4, proptest::collection::vec((0_usize..60, proptest::char::range(' ', '~')), 0..2)),
            1..20,
        ),
    ) {
        let (mut with, mut without) = (Timestamps::new(), Timestamps::new());
        for (prefix, at, form, changes) in lines {
            let form = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.250Z", "%Y-%m-%d %H:%M:%S,250] [12]", "%Y-%m-%d_%H:%M:%S +0200"][form];
            let line = format!("{}{} x", prefixes[prefix % prefixes.len()], written(at, form));
            let line = if changes.len() == 1 { mutated(&line, &changes) } else { line };
            without.forget();
            prop_assert_eq!(with.stamp(&line), without.stamp(&line), "{}", line);
        }
        let (with, without) = (with.finish(), without.finish());
        prop_assert_eq!(with.span(), without.span());
        prop_assert_eq!(notices(&with), notices(&without));
    }

    #[test]
    fn a_source_cut_in_two_has_the_same_times(
        form in 0_usize..FORMS.len(),
        start in 1_262_304_000_i64..2_000_000_000,
        steps in proptest::collection::vec(0_i64..400_000, 2..30),
        cut in 0_usize..30,
    ) {
        let lines: Vec<String> = steps.iter().scan(start, |at, step| { *at += step; Some(written(*at, FORMS[form])) }).collect();
        let cut = cut % lines.len();
        let mut whole = Timestamps::new();
        let mut halves = [Timestamps::new(), Timestamps::new()];
        let whole_times: Vec<_> = lines.iter().map(|line| whole.date_line(line).unwrap()).collect();
        let half_times: Vec<_> = lines.iter().enumerate().map(|(at, line)| (usize::from(at >= cut), halves[usize::from(at >= cut)].date_line(line).unwrap())).collect();
        let mut whole = [whole.finish()];
        let mut halves = halves.map(Timestamps::finish);
        resolve(&mut whole);
        resolve(&mut halves);
        // Sources without a year count from the year of their own first one.
        let seconds = |half: (usize, _)| halves[half.0].seconds(half.1).unwrap();
        let (first, first_of_whole) = (seconds(half_times[0]), whole[0].seconds(whole_times[0]).unwrap());
        let dated = whole[0].base() == crate::model::TimeBase::Utc;
        for (half, time) in half_times.into_iter().zip(whole_times) {
            let (a, b) = (seconds(half), whole[0].seconds(time).unwrap());
            if dated {
                prop_assert_eq!(a, b, "{:?} cut at {}", lines, cut);
            } else {
                prop_assert_eq!(a - first, b - first_of_whole, "{:?} cut at {}", lines, cut);
            }
        }
    }

    #[test]
    fn a_dated_source_is_the_same_beside_one_without_years(
        dated in proptest::collection::vec(1_262_304_000_i64..2_000_000_000, 1..5),
        other in proptest::collection::vec(1_262_304_000_i64..2_000_000_000, 1..5),
        form in 0_usize..FORMS.len(),
    ) {
        let source = |seconds: &[i64], form: &str| {
            let mut timestamps = Timestamps::new();
            let times: Vec<_> = seconds.iter().map(|at| timestamps.date_line(&written(*at, form)).unwrap()).collect();
            (timestamps.finish(), times)
        };
        let (alone, times) = source(&dated, FORMS[form]);
        prop_assume!(alone.base() == crate::model::TimeBase::Utc);
        let mut alone = [alone];
        let mut both = [source(&other, "%b %e %H:%M:%S").0, alone[0].clone()];
        resolve(&mut alone);
        resolve(&mut both);
        for time in times {
            prop_assert_eq!(both[1].moment(time), alone[0].moment(time));
        }
        prop_assert_eq!(notices(&both[1]), notices(&alone[0]));
    }

    #[test]
    fn no_text_makes_it_stumble(line in "\\PC{0,60}", day in "[0-9 :./T+-]{0,40}", word in "[A-Za-z0-9äй年月日 :.,+\\-\\[\\]{}\"<>@]{0,50}") {
        for line in [&line, &day, &word] {
            let mut timestamps = Timestamps::new();
            let date = timestamps.date_line(line);
            let stamp = timestamps.stamp(line);
            if let Some(stamp) = stamp {
                prop_assert!(stamp.start <= stamp.end && line.is_char_boundary(stamp.start) && line.is_char_boundary(stamp.end));
            }
            let mut sources = [timestamps.finish()];
            resolve(&mut sources);
            for time in date.into_iter().chain(stamp.map(|stamp| stamp.time)) {
                prop_assert!(sources[0].seconds(time).is_none_or(f64::is_finite));
            }
        }
    }

    #[test]
    fn a_stamp_is_the_same_in_each_style(seconds in 1_420_070_400_i64..1_900_000_000, style in 0_usize..STYLES.len()) {
        let (first, other) = (written(seconds, STYLES[0]), written(seconds, STYLES[style]));
        let (expected, _) = stamp(&first).unwrap();
        let found = stamp(&other);
        prop_assert_eq!(found.map(|(time, _)| time), Some(expected), "{}", other);
    }

    #[test]
    fn a_log_of_times_of_day_cut_in_two_has_the_same_times(
        start in 0_i64..86_400, step in 1_i64..40_000, count in 4_usize..60, cut in 2_usize..58, form in 0_usize..2,
    ) {
        let form = ["%H:%M:%S x", "[%H:%M:%S INF] x"][form];
        let lines: Vec<String> = (0..count).map(|at| written(1_700_006_400 + start + step * at as i64, form)).collect();
        let cut = cut.min(count - 2);
        let parse = |lines: &[String]| {
            let mut timestamps = Timestamps::new();
            let times: Vec<_> = lines.iter().map(|line| timestamps.stamp(line).unwrap().time).collect();
            (timestamps.finish(), times)
        };
        let (first, second) = (parse(&lines[..cut]), parse(&lines[cut..]));
        let mut halves = [first.0, second.0];
        resolve(&mut halves);
        let times: Vec<f64> = first.1.into_iter().map(|time| halves[0].seconds(time).unwrap())
            .chain(second.1.into_iter().map(|time| halves[1].seconds(time).unwrap())).collect();
        for pair in times.windows(2) {
            prop_assert_eq!(pair[1] - pair[0], step as f64, "{:?} cut at {}", lines, cut);
        }
    }

    #[test]
    fn a_time_is_the_same_in_each_notation(seconds in 1_262_304_000_i64..2_147_483_647) {
        for form in COMPLETE {
            let line = written(seconds, form);
            let mut timestamps = Timestamps::new();
            let time = timestamps.date_line(&line).unwrap();
            let source = timestamps.finish();
            prop_assert_eq!(source.seconds(time), Some(seconds as f64), "{}", line);
            let (text, stamp) = stamp(&format!("{line} : some text")).unwrap();
            prop_assert_eq!((text, stamp.end), (super::text(&source, time), line.len()));
        }
    }
}
