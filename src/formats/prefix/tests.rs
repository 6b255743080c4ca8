//! Logs of one and of several workers. Their prefixes are in `tests/workers`; here it is the records that differ.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

/// A line: the text before the record, the record's key, its size and its time.
type Line<'a> = (&'a str, u64, f64, Option<f64>);

/// Returns the names (and ids, after `#`) of the workers of all lines, `-` where there is none.
fn workers<'a>(lines: impl IntoIterator<Item = Line<'a>>, sorted: bool) -> Vec<String> {
    let mut prefixes = Prefixes::default();
    let mut take = |(text, key, bytes, at): Line<'_>| {
        let prefix = prefixes.intern("", text);
        prefixes.observe(Observation { prefix, key, bytes, rank: sorted.then_some(bytes), at });
        prefix
    };
    let ids: Vec<PrefixId> = lines.into_iter().map(&mut take).collect();
    let workers = prefixes.resolve();
    let shown = |worker: &Worker| {
        let name = worker.name.clone().unwrap_or_else(|| "-".to_owned());
        worker.pid.map_or_else(|| name.clone(), |pid| format!("{name}#{pid}"))
    };
    ids.into_iter().map(|id| workers.of(id).map_or_else(|| "-".to_owned(), shown)).collect()
}

/// The distinct names in the order in which they come.
fn names<'a>(lines: impl IntoIterator<Item = Line<'a>>) -> String {
    let mut names = workers(lines, false);
    let mut seen = Vec::new();
    names.retain(|name| {
        let is_new = !seen.contains(name);
        seen.push(name.clone());
        is_new
    });
    names.join(" ")
}

/// Samples of one metric, in the order of the letters: each letter is a prefix, and has a size of its own, or all
/// grow together.
fn samples<'a>(order: &str, prefix: impl Fn(char) -> &'a str, own_sizes: bool) -> Vec<Line<'a>> {
    let size = |letter: char, nth: usize| {
        if own_sizes { 1000.0 * f64::from(letter as u32) + nth as f64 } else { 90_000.0 + 500.0 * nth as f64 }
    };
    order.chars().enumerate().map(|(nth, letter)| (prefix(letter), 1, size(letter, nth), None)).collect()
}

#[test]
fn what_takes_turns_names_workers_and_what_gives_way_does_not() {
    let names = |order: &str, prefix: fn(char) -> &'static str, own_sizes: bool| {
        names(samples(order, prefix, own_sizes))
    };
    let gunicorn = |letter: char| match letter {
        'a' => "[1201] [INFO] ",
        'b' => "[1202] [INFO] ",
        _ => "[1203] [INFO] ",
    };
    for (order, expected) in [
        ("abababab", "1201#1201 1202#1202"),
        ("abab", "1201#1201 1202#1202"),
        ("aabbaabb", "1201#1201 1202#1202"),
        ("aaaabaaaabaaaab", "1201#1201 1202#1202"),
        ("aaaaaabababab", "1201#1201 1202#1202"),
        ("abababaaaaaa", "1201#1201 1202#1202"),
        ("abcabcabc", "1201#1201 1202#1202 1203#1203"),
        ("abcbacacbbac", "1201#1201 1202#1202 1203#1203"),
        ("aaaaaabbbbbb", "-#1201 -#1202"),
        ("aaaabbbbcccc", "-#1201 -#1202 -#1203"),
        ("aaaaaaaa", "-#1201"),
        // Each sample has another: that is no id.
        ("abc", "-"),
    ] {
        assert_eq!(names(order, gunicorn, true), expected, "{order}");
    }
    let labelled = |letter: char| if letter == 'a' { "pid=7 " } else { "pid=8 " };
    assert_eq!(names("abababab", labelled, false), "7#7 8#8", "a label needs no sizes of its own");
    let threads = |letter: char| if letter == 'a' { "[7] [1]" } else { "[7] [2]" };
    assert_eq!(names("abababab", threads, false), "-");
    let collected = |letter: char| if letter == 'a' { "web-1 | " } else { "web-2 | " };
    assert_eq!(names("abababab", collected, false), "web-1 web-2");
    let bare = |letter: char| if letter == 'a' { "(web-1) " } else { "(web-2) " };
    assert_eq!(names("abababab", bare, false), "-", "one series, whoever prints it");
    assert_eq!(names("abababab", bare, true), "web-1 web-2");
}

#[test]
fn the_record_of_both_is_what_counts() {
    // Each record has its own module.
    let lines =
        (0..12).map(|k| if k % 2 == 0 { ("app.main ", 1, 900.0, None) } else { ("app.db ", 2, 500.0, None) });
    assert_eq!(names(lines), "-");
    // Lists of three sites, whose ranks stand before them.
    let ranks = ["1 ", "2 ", "3 "];
    let lines = (0..12).map(|k| (ranks[k % 3], k as u64 % 3, 1000.0 - k as f64, None));
    assert_eq!(names(lines), "-");
}

/// Rounds of lists of `sites` sites; `writer` is the prefix of a line by its round and site.
fn lists<'a>(rounds: usize, sites: usize, writer: impl Fn(usize, usize) -> &'a str) -> Vec<Line<'a>> {
    let line = |round: usize, site: usize| {
        (writer(round, site), site as u64, 1e6 / (site + 1) as f64 + round as f64, None)
    };
    (0..rounds)
        .flat_map(|round| (0..sites).map(move |site| (round, site)))
        .map(|(round, site)| line(round, site))
        .collect()
}

#[test]
fn a_thread_that_takes_over_within_a_list_does_not_tear_it() {
    const WRITERS: [&str; 3] = ["[11] ", "[12] ", "[13] "];
    for (sites, step) in [(5, 1), (7, 1), (10, 3), (9, 2)] {
        let lines = lists(20, sites, |round, site| WRITERS[(round * sites + site) / step % 3]);
        assert!(workers(lines, true).iter().all(|name| name == "-"), "{sites} {step}");
    }
    // Four metrics a sample, in the order of the kernel.
    let lines = (0..40).map(|k| (WRITERS[k % 3], k as u64 % 4, 1e6 + k as f64, None));
    assert_eq!(names(lines), "-");
}

#[test]
fn lists_that_run_into_one_another_are_taken_apart() {
    let mut lines: Vec<(f64, Line<'_>)> = Vec::new();
    for round in 0..6 {
        for site in 0..10 {
            let size = |worker: f64| 1e6 * worker / (site + 1) as f64 + f64::from(round);
            // The second list begins before the first one ends, now earlier and now later.
            let begins = f64::from(round) * 100.0 + f64::from(round % 3) * 3.0 + 1.5;
            lines.push((f64::from(round) * 100.0 + site as f64, ("[11] ", site, size(1.0), None)));
            lines.push((begins + site as f64, ("[12] ", site, size(1.01), None)));
        }
    }
    lines.sort_by(|a, b| a.0.total_cmp(&b.0));
    let found = workers(lines.iter().map(|(_, line)| *line), true);
    let id = |text: &str| text.trim_matches(['[', ']', ' ']).to_owned();
    assert!(
        lines.iter().zip(&found).all(|((_, line), name)| *name == format!("{0}#{0}", id(line.0))),
        "{found:?}"
    );
}

#[test]
fn several_fields_name_one_worker() {
    let turns = |prefixes: &'static [&'static str], order: &'static [usize]| {
        names(
            order
                .iter()
                .enumerate()
                .map(|(nth, &k)| (prefixes[k], 1, 1e5 * (k + 1) as f64 + nth as f64, None)),
        )
    };
    for (prefixes, order, expected) in [
        // The name lasts longer than the id.
        (
            &["[12] [Worker-1] INFO ", "[13] [Worker-2] INFO ", "[15] [Worker-1] INFO "][..],
            &[0, 1, 0, 1, 0, 1, 2, 1, 2, 1, 2, 1][..],
            "Worker-1#12 Worker-2#13 Worker-1#15",
        ),
        (
            &["pid=112 worker=1 ", "pid=113 worker=2 ", "pid=115 worker=1 "],
            &[0, 1, 0, 1, 0, 1, 2, 1, 2, 1, 2, 1],
            "worker 1#112 worker 2#113 worker 1#115",
        ),
        // Containers with the same ids in them.
        (
            &["web-1 | pid=7 ", "web-1 | pid=8 ", "web-2 | pid=7 ", "web-2 | pid=8 "],
            &[0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3],
            "web-1 7#7 web-1 8#8 web-2 7#7 web-2 8#8",
        ),
        // A request beside the id.
        (
            &["pid=107 req=a ", "pid=108 req=a ", "pid=107 req=b ", "pid=108 req=b "],
            &[0, 1, 2, 3, 2, 1, 0, 3, 0, 1, 2, 3],
            "107#107 108#108",
        ),
        // One of them in one place only.
        (&["web-1 | ", "web-2 | ", "total "], &[0, 1, 0, 1, 2, 0, 1, 0, 1, 2], "web-1 web-2 total"),
    ] {
        assert_eq!(turns(prefixes, order), expected, "{prefixes:?}");
    }
}

#[test]
fn one_time_for_all_says_nothing_and_one_for_each_round_does() {
    let at = |time: fn(usize) -> f64| {
        names(
            (0..12)
                .map(|k| (["(web-1) ", "(web-2) "][k % 2], 1, 9e4 + 500.0 * (k / 2) as f64, Some(time(k)))),
        )
    };
    assert_eq!(at(|k| (k / 2) as f64 * 60.0), "web-1 web-2");
    assert_eq!(at(|k| (k / 2) as f64 * 60.0 + (k % 2) as f64), "web-1 web-2");
    let even = |time: fn(usize) -> f64| {
        names((0..12).map(|k| (["(web-1) ", "(web-2) "][k % 2], 1, 9e4 + 500.0 * k as f64, Some(time(k)))))
    };
    assert_eq!(even(|k| k as f64 * 30.0), "-");
    assert_eq!(even(|_| 7.0), "-");
    // Each of them once, but at one time.
    assert_eq!(names([("pod-a ", 1, 1.0, Some(5.0)), ("pod-b ", 1, 2.0, Some(5.0))]), "pod-a pod-b");
    assert_eq!(names([("pod-a ", 1, 1.0, Some(5.0)), ("pod-b ", 1, 2.0, Some(65.0))]), "-");
}

#[test]
fn twenty_thousand_processes_cost_no_more_than_their_lines() {
    let texts: Vec<String> = (0..20_000).map(|k| format!("svc[{}]: ", 1000 + k)).collect();
    let lines = (0..3).flat_map(|round| {
        texts
            .iter()
            .enumerate()
            .map(move |(k, text)| (text.as_str(), 1, (k * 7) as f64, Some(f64::from(round))))
    });
    let began = std::time::Instant::now();
    let found = workers(lines, false);
    assert_eq!(found[19_999], "20999#20999");
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    // Ids that are new on each line name nobody, and are not all kept.
    let mut prefixes = Prefixes::default();
    for k in 0..300_000_u64 {
        let prefix = prefixes.intern("", &format!("[req-{k:08x}] [{k}] [{}] ", k % 7));
        prefixes.observe(Observation { prefix, key: 1, bytes: k as f64, rank: None, at: None });
    }
    let last = prefixes.intern("", "[req-0] [7] [3] ");
    assert!(prefixes.table.prefixes() < 70_000);
    assert_eq!(prefixes.resolve().of(last), None);
}

proptest! {
    #[test]
    fn no_text_makes_it_stumble(
        texts in prop::collection::vec("\\PC{0,60}|[\\[(<{\"' |:=,.a-c0-2-]{0,40}", 1..20),
        order in prop::collection::vec((0_usize..20, 0_u64..4, 0.0..1e9_f64), 0..60),
    ) {
        let lines = order.iter().map(|&(k, key, bytes)| (texts[k % texts.len()].as_str(), key, bytes, None));
        prop_assert_eq!(workers(lines, true).len(), order.len());
        for text in &texts {
            prop_assert!(text.starts_with(before_stamp(text)));
        }
    }

    #[test]
    fn names_of_workers_do_not_matter(
        names in prop::collection::btree_set("[a-z]{2,6}-[1-9]{1,3}", 3..=3),
        order in prop::collection::vec(0_usize..3, 20..60),
    ) {
        let names: Vec<String> = names.into_iter().map(|name| format!("[{name}] ")).collect();
        let lines = order.iter().enumerate().map(|(nth, &k)| (names[k].as_str(), 1, 1e6 * (k + 1) as f64 + nth as f64, None));
        let found = workers(lines, false);
        let is_right = |(k, name): (&usize, &String)| format!("[{name}] ") == names[*k];
        // Words that count something are of samples.
        let counted = names.iter().all(|name| words::labels_a_sample(name));
        let all = order.iter().collect::<std::collections::BTreeSet<_>>().len() > 1;
        prop_assert!(counted || !all || order.iter().zip(&found).all(is_right), "{:?}", found);
    }
}
