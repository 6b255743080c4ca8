//! The effect of every option: a run with it differs from a run without it in nothing else.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const SNAPSHOTS: &str = "fixtures/recordings/two-rates/snapshots";
const BLOG: &str = "fixtures/rss-report/blog.txt";
const ATEXIT: &str = "fixtures/recordings/openstack-atexit/report.txt";

fn leakdiff(args: &[&str]) -> Command {
    let mut command = Command::cargo_bin("leakdiff").unwrap();
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(args)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE");
    command
}

fn text(args: &[&str]) -> String {
    String::from_utf8(leakdiff(args).assert().code(0).get_output().stdout.clone()).unwrap()
}

fn json(args: &[&str]) -> Value {
    let mut all = args.to_vec();
    all.extend(["--format", "json"]);
    serde_json::from_str(&text(&all)).unwrap()
}

fn sites(found: &Value) -> Vec<&str> {
    found["sites"].as_array().unwrap().iter().map(|s| s["site"].as_str().unwrap()).collect()
}

#[test]
fn top_cuts_what_is_shown_and_never_what_is_computed() {
    let all = json(&[SNAPSHOTS]);
    let three = json(&[SNAPSHOTS, "--top", "3"]);
    assert_eq!(sites(&three), &sites(&all)[..3]);
    assert_eq!(all["recording"], three["recording"]);
    assert_eq!(json(&[SNAPSHOTS, "--top", "0"])["sites"], all["sites"]);
    let table = text(&[SNAPSHOTS, "--top", "2"]);
    assert!(table.contains("Not shown: 2 unclear, 1 settled"), "{table}");
    assert!(table.contains("Folded: ") && table.contains(" that gained less than "), "{table}");
    assert_eq!(text(&[SNAPSHOTS, "--top", "0"]).matches(" steady ").count(), 11);
}

#[test]
fn sort_orders_by_what_it_names() {
    let by = |key: &str, field: fn(&Value) -> f64| {
        let found = json(&[SNAPSHOTS, "--sort", key]);
        let values: Vec<f64> = found["sites"].as_array().unwrap().iter().map(field).collect();
        assert!(values.windows(2).all(|w| w[0] >= w[1]), "{key}: {values:?}");
    };
    by("rate", |s| s["trend"]["slope"]["value"].as_f64().unwrap());
    by("gained", |s| s["last_bytes"].as_f64().unwrap() - s["first_bytes"].as_f64().unwrap());
    by("size", |s| s["last_bytes"].as_f64().unwrap());
    by("probability", |s| s["trend"]["probability"].as_f64().unwrap());
    by("blocks", |s| s["block_trend"]["slope"]["value"].as_f64().unwrap());
    let found = json(&[SNAPSHOTS, "--sort", "name"]);
    assert!(sites(&found).is_sorted());
    assert_eq!(json(&[SNAPSHOTS, "--sort", "growth"]), json(&[SNAPSHOTS]));
}

#[test]
fn sites_are_filtered_by_globs() {
    let only = json(&[SNAPSHOTS, "--include", "/srv/app/*"]);
    assert!(!sites(&only).is_empty() && sites(&only).iter().all(|s| s.starts_with("/srv/app/")));
    let without = json(&[SNAPSHOTS, "--exclude", "/srv/app/*", "--exclude", "tracemalloc.py"]);
    assert!(!sites(&without).iter().any(|s| s.starts_with("/srv/app/") || s.contains("tracemalloc.py")));
    assert_eq!(only["recording"]["sites_seen"], without["recording"]["sites_seen"]);
    assert!(text(&[SNAPSHOTS, "--include", "worker.py"]).contains("left out by filters"));
}

#[test]
fn metrics_are_chosen() {
    let metrics = |args: &[&str]| -> Vec<String> {
        json(args)["processes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p["metric"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(metrics(&[BLOG]), ["VmRSS", "RssAnon", "RssFile", "RssShmem"]);
    assert_eq!(metrics(&[BLOG, "--metric", "RssFile,rssanon"]), ["RssAnon", "RssFile"]);
    let mprof = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/mprof/two-runs.txt");
    assert_eq!(metrics(&[mprof, "--metric", "mem"]), metrics(&[mprof]));
}

#[test]
fn a_window_of_time_leaves_the_rest_out() {
    let samples = |args: &[&str]| json(args)["processes"][0]["samples"].as_u64().unwrap();
    assert_eq!(samples(&[BLOG]), 5);
    assert_eq!(samples(&[BLOG, "--since", "2024-05-23T12:06:35Z"]), 4);
    assert_eq!(samples(&[BLOG, "--until", "2024-05-23 12:10:00"]), 2);
    assert_eq!(samples(&[BLOG, "--since", "2024-05-23", "--until", "1716467000"]), 3);
    // Before the end of the recording, and at the last such time in it: not before now.
    assert_eq!(samples(&[BLOG, "--since", "20min"]), 3);
    assert_eq!(samples(&[BLOG, "--until", "10m"]), 4);
    assert_eq!(samples(&[BLOG, "--since", "12:10", "--until", "12:30"]), 2);
    let log = "fixtures/recordings/openstack-atexit/diff.log";
    let whole = json(&[log])["recording"]["snapshots"].as_u64().unwrap();
    let part = json(&[log, "--since", "2024-05-23T15:00:00Z"])["recording"]["snapshots"].as_u64().unwrap();
    assert!(part > 5 && part < whole, "{part} of {whole}");
}

#[test]
fn a_window_of_time_holds_for_snapshots_that_have_their_times_from_the_names_of_their_files() {
    let folder = tempfile::tempdir().unwrap();
    for minute in 0..20 {
        let name = format!("2024-05-23T12-{minute:02}-00.txt");
        let text = format!("/srv/a.py:1: size={} KiB, count=10, average=1 KiB\n", 100 + minute);
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    let report = |args: &[&str]| json(&[&[path], args].concat())["recording"].clone();
    assert_eq!(report(&[])["snapshots"], 20);
    let last = report(&["--since", "5min"]);
    assert_eq!((&last["snapshots"], &last["start"]), (&6.into(), &"2024-05-23T12:14:00Z".into()));
    assert_eq!(report(&["--until", "2024-05-23 12:04"])["snapshots"], 5);
}

#[test]
fn a_limit_makes_a_forecast() {
    assert_eq!(json(&[BLOG])["processes"][0]["forecast"]["limit_bytes"], Value::Null);
    // A limit is one of all resident memory.
    let limited = json(&[BLOG, "--limit", "1GiB"]);
    assert_eq!(limited["processes"][1]["forecast"]["limit_bytes"], Value::Null);
    let forecast = &limited["processes"][0]["forecast"];
    assert_eq!(forecast["limit_bytes"], 1_073_741_824.0);
    // (1048576 − 954160) kB at 1.677 MiB/h are 55 hours after 12:36:36 on 23 May.
    assert!(
        forecast["reaches_limit_at"]["value"].as_str().unwrap().starts_with("2024-05-25T19:"),
        "{forecast}"
    );
    let (low, high) = (&forecast["reaches_limit_at"]["low"], &forecast["reaches_limit_at"]["high"]);
    assert!(low.as_str().unwrap() < high.as_str().unwrap());
    // Two and a half days are far beyond forty minutes.
    assert!(text(&[BLOG, "--limit", "1GiB"]).contains("VmRSS reaches 1.00 GiB in about 2 d"));
    assert!(
        text(&[BLOG, "--limit", "935MiB"]).contains("VmRSS would have reached 935 MiB on 2024-05-23 14:")
    );
    assert!(text(&[BLOG, "--limit", "900MiB"]).contains("has reached 900 MiB"));
}

#[test]
fn units_are_honoured() {
    for (units, shown) in [
        ("auto", "grows 1.68 MiB/h"),
        ("kib", "grows 1,718 KiB/h"),
        ("b", "grows 1,758,768 B/h"),
        ("decimal", "grows 1.76 MB/h"),
        ("gib", "RssAnon grows 0.00 GiB/h"),
    ] {
        let table = text(&[BLOG, "--units", units]);
        assert!(table.contains(shown), "{units}: {table}");
    }
}

#[test]
fn an_input_format_overrules_what_it_looks_like() {
    let mixed = "a.py:1: size=56 B, count=1, average=56 B\nRssAnon: 5 kB\n";
    let formats = |args: &[&str]| {
        let out = leakdiff(args)
            .args(["-", "--format", "json"])
            .write_stdin(mixed)
            .assert()
            .code(0)
            .get_output()
            .stdout
            .clone();
        let found: Value = serde_json::from_slice(&out).unwrap();
        found["inputs"][0]["format"].as_str().unwrap().to_owned()
    };
    assert_eq!(formats(&[]), "rss-report+tracemalloc");
    assert_eq!(formats(&["--input-format", "rss-report"]), "rss-report");
    assert_eq!(formats(&["--input-format", "tracemalloc"]), "tracemalloc");
}

#[test]
fn colours_come_only_where_they_are_wanted() {
    let coloured = |args: &[&str], env: &[(&str, &str)]| {
        let mut command = leakdiff(args);
        for (key, value) in env {
            command.env(key, value);
        }
        command.assert().code(0).get_output().stdout.contains(&0x1b)
    };
    assert!(!coloured(&[BLOG], &[]), "a pipe is no terminal");
    assert!(coloured(&[BLOG, "--color", "always"], &[]));
    assert!(coloured(&[BLOG], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[BLOG], &[("NO_COLOR", "1")]));
    assert!(
        coloured(&[BLOG, "--color", "always"], &[("NO_COLOR", "1")]),
        "the flag goes before the environment"
    );
    assert!(!coloured(&[BLOG, "--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[BLOG, "--format", "json", "--color", "always"], &[]));
}

#[test]
fn quiet_says_less_and_verbose_more() {
    let lines = |args: &[&str]| text(args).lines().count();
    let normal = lines(&[SNAPSHOTS]);
    assert!(lines(&[SNAPSHOTS, "-q"]) < normal && normal < lines(&[SNAPSHOTS, "-v"]));
    assert_eq!(lines(&[BLOG, "-q"]), 1);
    assert!(text(&[ATEXIT, "-v"]).contains("rss-report, 160 lines, 40 records, 40 snapshots"));
}

#[test]
fn ascii_draws_nothing_else() {
    assert!(!text(&[SNAPSHOTS, "-v"]).is_ascii());
    assert!(text(&[SNAPSHOTS, BLOG, "--ascii", "--top", "0", "-v", "--limit", "1GiB"]).is_ascii());
}

#[test]
fn plots_are_added_to_the_table_and_to_nothing_else() {
    let (with, without) = (text(&[SNAPSHOTS, BLOG, "--plot"]), text(&[SNAPSHOTS, BLOG]));
    // Five of sites at most, and one of the process.
    assert!(!without.contains(" charts: ") && with.contains("\n6 charts: •"), "{with}");
    assert_eq!(with.matches('└').count(), 6);
    assert!(
        with.starts_with(without.split("\n\nLimitations").next().unwrap().trim_end()),
        "the rest is as without charts"
    );
    assert_eq!(text(&[SNAPSHOTS, "--plot", "--top", "2"]).matches('└').count(), 2);
    assert!(text(&[SNAPSHOTS, BLOG, "--plot", "--ascii"]).is_ascii());
    for format in ["json", "csv", "markdown", "html", "junit", "github", "sarif"] {
        let refused = leakdiff(&[BLOG, "--plot", "--format", format]).assert().code(2);
        let said = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
        assert!(said.contains(&format!("--plot: expected an output with a place for charts, such as --format table, found --format {format}\n")), "{said}");
    }
    // Out of a file they come where they have a place.
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("leakdiff.toml");
    std::fs::write(&config, "plot = true\n").unwrap();
    let config = ["--config", config.to_str().unwrap()];
    assert!(text(&[[BLOG].as_slice(), &config].concat()).contains("\n1 chart: •"));
    assert_eq!(json(&[[BLOG].as_slice(), &config].concat()), json(&[BLOG]));
}

#[test]
fn completions_and_the_manual_need_no_input() {
    for what in ["bash", "zsh", "fish", "powershell", "elvish", "man"] {
        let made = text(&["--generate", what]);
        assert!(made.contains("leakdiff"), "{what}: {made}");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("made");
        assert_eq!(text(&["--generate", what, "--output", file.to_str().unwrap()]), "");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), made);
    }
    leakdiff(&["--generate", "man", BLOG]).assert().code(2);
    leakdiff(&["--generate", "tcsh"]).assert().code(2);
}

#[test]
fn a_width_holds_for_every_line() {
    for width in ["40", "60", "80", "120", "200"] {
        let table = text(&[SNAPSHOTS, BLOG, "--width", width, "--limit", "1GiB"]);
        let widest = table.lines().map(|l| l.chars().count()).max().unwrap();
        assert!(widest <= width.parse().unwrap(), "{width}: {widest}\n{table}");
    }
}

#[test]
fn the_version_is_the_package_s() {
    assert_eq!(text(&["--version"]), format!("leakdiff {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn recordings_may_be_mixed_and_compressed() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let packed = folder.path().join("report.txt.gz");
    let plain = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(ATEXIT)).unwrap();
    let file = std::fs::File::create(&packed).unwrap();
    let mut writer =
        niffler::get_writer(Box::new(file), niffler::compression::Format::Gzip, niffler::Level::Six).unwrap();
    writer.write_all(&plain).unwrap();
    drop(writer);
    let found = json(&[packed.to_str().unwrap(), "fixtures/recordings/openstack-atexit/diff.log", SNAPSHOTS]);
    assert_eq!(found["inputs"].as_array().unwrap().len(), 42);
    assert_eq!(found["processes"].as_array().unwrap().len(), 4);
    assert_eq!(found["recording"]["snapshots"], 79);
    assert_eq!(found["attribution"], Value::Null);
    assert_eq!(found["attribution_reason"]["code"], "no-overlap");
}

/// Every file that is read stays as it was: an input under another name, one of a folder, standard input, the baseline,
/// the settings.
#[test]
fn an_output_never_takes_the_place_of_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("logs")).unwrap();
    let kept = ["report.txt", "logs/a.txt", "known.json", "leakdiff.toml"];
    let report = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(ATEXIT)).unwrap();
    for name in ["report.txt", "logs/a.txt"] {
        std::fs::write(at(name), &report).unwrap();
    }
    std::fs::write(at("known.json"), "{\"schema\": \"leakdiff-baseline/1\", \"known\": []}").unwrap();
    std::fs::write(at("leakdiff.toml"), "top = 3\n").unwrap();
    std::fs::hard_link(at("report.txt"), at("hard.txt")).unwrap();
    let before = kept.map(|name| std::fs::read(at(name)).unwrap());
    let here = |args: &[&str]| {
        let mut command = leakdiff(args);
        command.current_dir(folder.path());
        command
    };
    for (args, role) in [
        (vec!["report.txt", "-o", "report.txt"], "an input"),
        (vec!["report.txt", "-o", "./logs/../report.txt"], "an input"),
        (vec!["report.txt", "-o", "hard.txt"], "an input"),
        (vec!["logs", "--format", "json", "-o", "logs/a.txt"], "an input"),
        (vec!["report.txt", "--baseline", "known.json", "-o", "known.json"], "the baseline"),
        (vec!["report.txt", "--baseline", "new.json", "--write-baseline", "-o", "new.json"], "the baseline"),
        (vec!["report.txt", "-o", "leakdiff.toml"], "the configuration file"),
        (vec!["--compare", "logs", "report.txt", "-o", "logs/a.txt"], "an input"),
        (vec!["--compare", "logs", "report.txt", "-o", "hard.txt"], "an input"),
    ] {
        let assert = here(&args).assert().code(2);
        let output = assert.get_output();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.stdout.is_empty() && said.contains(&format!(": is {role}, which --output")),
            "{args:?}: {said}"
        );
    }
    let redirected = std::process::Command::new(assert_cmd::cargo::cargo_bin("leakdiff"))
        .current_dir(folder.path())
        .args(["-", "-o", "report.txt"])
        .stdin(std::fs::File::open(at("report.txt")).unwrap())
        .output()
        .unwrap();
    assert_eq!(redirected.status.code(), Some(2));
    assert_eq!(kept.map(|name| std::fs::read(at(name)).unwrap()), before);
    assert!(!at("new.json").exists());
    // A pipe is written as it is, also by a name of its own.
    #[cfg(target_os = "linux")]
    for pipe in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        let written = here(&["report.txt", "-o", pipe]).assert().code(0);
        assert_eq!(written.get_output().stdout, here(&["report.txt"]).assert().get_output().stdout, "{pipe}");
    }
    // Another file next to them is written, a second time too.
    for _ in 0..2 {
        here(&["report.txt", "-o", "logs.html", "--format", "html"]).assert().code(0);
        assert!(std::fs::read_to_string(at("logs.html")).unwrap().ends_with("</html>\n"));
    }
}

#[test]
fn stacks_are_grouped_by_line_by_file_or_whole() {
    const PICKLES: &str = "fixtures/tracemalloc-pickle/protocol-0.txt";
    let last = |args: &[&str]| -> Vec<(String, f64, f64)> {
        let found = json(&[&[PICKLES], args].concat());
        let of = |s: &Value| {
            let number = |key: &str| s[key].as_f64().unwrap();
            (s["site"].as_str().unwrap().to_owned(), number("last_bytes"), number("last_blocks"))
        };
        let mut all: Vec<_> = found["sites"].as_array().unwrap().iter().map(of).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all.retain(|(site, ..)| site.contains("cache") || site.contains("main"));
        all
    };
    let site = |name: &str, bytes: u32, blocks: u32| (name.to_owned(), f64::from(bytes), f64::from(blocks));
    assert_eq!(last(&[]), [site("/srv/app/cache.py:31", 4362, 3)]);
    for word in ["file", "filename"] {
        assert_eq!(last(&["--group-by", word]), [site("/srv/app/cache.py", 4362, 3)]);
    }
    assert_eq!(
        last(&["--group-by", "traceback"]),
        [
            site("/srv/app/cache.py:31 < /srv/app/jobs.py:12", 4096, 1),
            site("/srv/app/cache.py:31 < /srv/app/main.py:8", 266, 2),
            site("/srv/app/中.py:5 < /srv/app/main.py:9", 70_000_000, 1),
        ]
    );
    assert_eq!(
        last(&["--group-by", "lineno", "--cumulative"]),
        [
            site("/srv/app/cache.py:31", 4362, 3),
            site("/srv/app/main.py:8", 266, 2),
            site("/srv/app/main.py:9", 70_000_000, 1),
        ]
    );
    assert_eq!(last(&["--domain", "0"]), last(&[]));
    let refused = leakdiff(&[PICKLES, "--domain", "7"]).assert().code(2);
    let message = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(message.contains("a snapshot without blocks of domain 7"), "{message}");
    assert!(text(&["-v", BLOG, "--domain", "0"]).contains("--domain has no effect"));
    let refused = leakdiff(&[PICKLES, "--group-by", "traceback", "--cumulative"]).assert().code(2);
    let message = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    assert_eq!(
        message,
        "leakdiff: --cumulative: expected --group-by line, file or function, found traceback\n"
    );
    let of_no_use = |args: &[&str]| text(&[&["-v"], args].concat()).contains("--group-by has no effect");
    assert!(of_no_use(&[BLOG, "--group-by", "file"]) && !of_no_use(&[PICKLES, "--group-by", "file"]));
}

#[test]
fn tracebacks_of_a_log_are_folded_like_those_of_pickles() {
    let frame = |line: u32| format!("  File \"/srv/app/api.py\", line {line}\n");
    let stack = |blocks: u32, kib: f64, lines: [u32; 2]| {
        format!("{blocks} memory blocks: {kib:.1} KiB\n{}{}", frame(lines[0]), frame(lines[1]))
    };
    let log: String = (0..6_u8)
        .map(|at| {
            let size = 10.0 + f64::from(at);
            format!(
                "2024-05-23 12:0{at}:00\n{}{}{}",
                stack(7, size, [3, 52]),
                stack(2, 4.0, [9, 52]),
                stack(1, 1.0, [9, 9])
            )
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.txt");
    std::fs::write(&path, log).unwrap();
    let last = |args: &[&str]| {
        let found = json(&[&[path.to_str().unwrap()], args].concat());
        let size = |site: &Value| {
            (site["site"].as_str().unwrap().to_owned(), site["last_bytes"].as_f64().unwrap() / 1024.0)
        };
        let mut sizes: Vec<_> = found["sites"].as_array().unwrap().iter().map(size).collect();
        sizes.sort_by(|a, b| b.1.total_cmp(&a.1));
        sizes
    };
    let site = |name: &str, kib: f64| (format!("/srv/app/api.py{name}"), kib);
    let stacks = [
        site(":52 < /srv/app/api.py:3", 15.0),
        site(":52 < /srv/app/api.py:9", 4.0),
        site(":9 < /srv/app/api.py:9", 1.0),
    ];
    assert_eq!(last(&[]), stacks);
    assert_eq!(last(&["--group-by", "traceback"]), stacks);
    for by in ["line", "function"] {
        assert_eq!(last(&["--group-by", by]), [site(":52", 19.0), site(":9", 1.0)], "{by}");
    }
    assert_eq!(last(&["--group-by", "file"]), [site("", 20.0)]);
    // A block counts for each line of its stack, and once for a line that calls itself.
    let cumulative = [site(":52", 19.0), site(":3", 15.0), site(":9", 5.0)];
    assert_eq!(last(&["--group-by", "line", "--cumulative"]), cumulative);
    assert_eq!(last(&["--cumulative"]), cumulative);
}
