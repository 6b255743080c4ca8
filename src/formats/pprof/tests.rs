//! Profiles as their writers write them, and as nobody does.
#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::{FORMAT, begins};
use crate::formats::{Dispatcher, FormatOptions, Found, GroupBy, Grouping};
use crate::model::Site;

fn number(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7F).unwrap() | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap());
    bytes
}

fn field(field: u64, value: u64) -> Vec<u8> {
    [number(field << 3), number(value)].concat()
}

fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [&number(field << 3 | 2)[..], &number(value.len() as u64), value].concat()
}

fn message(tag: u64, fields: &[(u64, u64)]) -> Vec<u8> {
    bytes(tag, &fields.iter().flat_map(|(tag, value)| field(*tag, *value)).collect::<Vec<u8>>())
}

const TEXTS: [&str; 14] = [
    "",
    "inuse_objects",
    "count",
    "inuse_space",
    "bytes",
    "main.keep",
    "/srv/app/main.go",
    "main.main",
    "runtime.mallocgc",
    "/usr/lib/go/malloc.go",
    "space",
    "/srv/app/shop",
    "alloc_space",
    "samples",
];

fn texts() -> Vec<u8> {
    TEXTS.iter().flat_map(|text| bytes(6, text.as_bytes())).collect()
}

/// The types of the values: objects and bytes in use.
fn types() -> Vec<u8> {
    [message(1, &[(1, 1), (2, 2)]), message(1, &[(1, 3), (2, 4)])].concat()
}

/// A stack with its values.
fn sample(locations: &[u64], values: &[u64]) -> Vec<u8> {
    let packed = |values: &[u64]| values.iter().flat_map(|value| number(*value)).collect::<Vec<u8>>();
    bytes(2, &[bytes(1, &packed(locations)), bytes(2, &packed(values))].concat())
}

/// A location of functions and their lines, the innermost first.
fn location(id: u64, lines: &[(u64, u64)]) -> Vec<u8> {
    let lines = lines.iter().flat_map(|(function, line)| message(4, &[(1, *function), (2, *line)]));
    bytes(4, &[field(1, id), field(2, 1), field(3, 0x40_1000 + id), lines.collect()].concat())
}

fn function(id: u64, name: u64, file: u64) -> Vec<u8> {
    message(5, &[(1, id), (2, name), (4, file)])
}

/// Two stacks of `main.keep`: of 3 blocks in line 22, inlined into `main.main`, and of one in line 24; with the
/// allocator's own frame innermost. And an address without lines.
fn example() -> Vec<u8> {
    [
        types(),
        sample(&[3, 1], &[3, 3000]),
        sample(&[2], &[1, 500]),
        sample(&[4], &[1, 70]),
        sample(&[2], &[0, 0]),
        message(3, &[(1, 1), (2, 0x40_0000), (3, 0x50_0000), (4, 0x1000), (5, 11)]),
        location(1, &[(1, 22), (2, 9)]),
        location(2, &[(1, 24)]),
        location(3, &[(3, 1)]),
        location(4, &[]),
        function(1, 5, 6),
        function(2, 7, 6),
        function(3, 8, 9),
        texts(),
        field(9, 1_795_689_515_888_000_000),
        message(11, &[(1, 10), (2, 4)]),
        field(12, 1000),
    ]
    .concat()
}

fn found(bytes: &[u8], by: Option<GroupBy>) -> (Found, Vec<(String, f64)>) {
    let options =
        FormatOptions { grouping: Grouping { by, ..Grouping::default() }, ..FormatOptions::default() };
    let mut dispatcher = Dispatcher::with_options(&[&FORMAT], &options);
    dispatcher.read_bytes(bytes);
    let found = dispatcher.finish();
    let sites = dispatcher.into_sites();
    let records = &found.records;
    let rows = records.snapshots.iter().flat_map(|snapshot| snapshot.readings.clone());
    let named = rows.map(|row| {
        let reading = records.readings.get(row);
        (Site::of(sites.place(reading.site).clone()).text(), reading.size.value)
    });
    let named = named.collect();
    (found, named)
}

/// The message of a profile that is refused.
fn refusal(bytes: &[u8]) -> String {
    let (found, sites) = found(bytes, None);
    assert!(sites.is_empty() && found.records.samples.is_empty(), "{sites:?}");
    found.notices.iter().map(|notice| format!("{notice:?}")).collect()
}

#[test]
fn stacks_are_grouped() {
    let line = "main.keep (/srv/app/main.go:22)";
    for (by, expected) in [
        (None, &[("main.keep (/srv/app/main.go)", 3500.0), ("shop+0x2004", 70.0)][..]),
        (
            Some(GroupBy::Line),
            &[(line, 3000.0), ("main.keep (/srv/app/main.go:24)", 500.0), ("shop+0x2004", 70.0)],
        ),
        (Some(GroupBy::File), &[("/srv/app/main.go", 3500.0), ("shop", 70.0)]),
        (
            Some(GroupBy::Traceback),
            &[
                ("main.keep (/srv/app/main.go:22) < main.main (/srv/app/main.go:9)", 3000.0),
                ("main.keep (/srv/app/main.go:24)", 500.0),
                ("shop+0x2004", 70.0),
            ],
        ),
    ] {
        let (found, sites) = found(&example(), by);
        let sites: Vec<(&str, f64)> = sites.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        assert_eq!(sites, expected, "{by:?}");
        let samples = &found.records.samples;
        let total: Vec<_> = samples.values(0).collect();
        assert_eq!((samples.len(), total[0].0.name, total[0].1.value), (1, "inuse_space", 3570.0));
        // 3 blocks of 1000 of a sample of one byte in 1000.
        assert!(total[0].1.half_width > 1.96 * 1000.0, "{:?}", total[0]);
        assert!(samples.time(0).is_some());
    }
}

#[test]
fn frames_that_the_profile_drops() {
    let profile = [example(), bytes(6, b"main\\.k.*"), field(7, TEXTS.len() as u64)].concat();
    let (_, sites) = found(&profile, None);
    // A stack of nothing else is kept.
    assert_eq!(sites[0].0, "main.main (/srv/app/main.go)");
    assert_eq!(sites[1].0, "main.keep (/srv/app/main.go)");
}

#[test]
fn other_names_of_bytes_in_use() {
    let profile = [
        message(1, &[(1, 10), (2, 4)]),
        sample(&[2], &[500]),
        location(2, &[(1, 24)]),
        function(1, 5, 6),
        texts(),
    ]
    .concat();
    let (found, sites) = found(&profile, None);
    assert_eq!(sites, [("main.keep (/srv/app/main.go)".to_owned(), 500.0)]);
    let (metric, total) = found.records.samples.values(0).next().unwrap();
    assert!(metric.name == "space" && total.is_exact());
}

#[test]
fn profiles_are_recognised() {
    let example = example();
    assert!(begins(&example) && begins(FORMAT.example.as_bytes()));
    let of_go = [message(11, &[(1, 1), (2, 2)]), field(12, 524_288), example.clone()].concat();
    assert!(begins(&of_go));
    let long = [example.clone(), example.repeat(20)].concat();
    assert!(begins(&long) && begins(long.get(..4096).unwrap()));
    for other in [
        &b""[..],
        b"\n",
        b"\n\n\nsome text\n",
        b"Z\x04\x08\x01\x10\x02",
        b"\x7fELF\x02\x01\x01",
        b"\x0a\x04abcd\x12\x01a\x12\x01a\x12\x01a",
        b"\x0a\x04\x08\x01\x10\x02\x0a\x03abc\x12\x01a\x12\x01a",
        b"\x0a\x04\x08\x01\x10\x02\xC2\x3E\x01a\x12\x01a\x12\x01a",
        b"\x80\x04\x95",
    ] {
        assert!(!begins(other), "{other:?}");
    }
}

#[test]
fn profiles_that_are_refused() {
    let one = |name: u64| [message(1, &[(1, name), (2, 4)]), sample(&[2], &[500]), texts()].concat();
    for (bytes, word) in [
        (one(12), "only ever rise"),
        (one(13), "not of a heap"),
        ([message(1, &[(1, 3), (2, 2)]), sample(&[2], &[5]), texts()].concat(), "no unit of memory"),
        ([types(), sample(&[2], &[5]), texts()].concat(), "expected 2 values"),
        ([types(), sample(&[2], &[1, 5]), texts()].concat(), "location 2"),
        ([types(), sample(&[], &[u64::MAX, 5_u64.wrapping_neg()]), texts()].concat(), "difference of two"),
        ([example(), field(9, 1)].concat(), "several profiles"),
        (example().get(..200).unwrap().to_vec(), "breaks off"),
    ] {
        let message = refusal(&bytes);
        assert!(message.contains(word), "{word}: {message}");
    }
}

#[test]
fn hostile_profiles_cost_little() {
    let begin = [types(), texts()].concat();
    let with = |bytes: &[u8]| [&begin[..], bytes].concat();
    // A length of 2^63.
    let length = with(b"\x12\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F");
    assert!(refusal(&length).contains("breaks off"));
    // Numbers of texts, functions and mappings that nothing has.
    let lost = with(
        &[sample(&[1], &[1, 9]), location(1, &[(77, u64::MAX)]), function(77, u64::MAX, 1 << 40)].concat(),
    );
    assert_eq!(found(&lost, Some(GroupBy::Line)).1, [("?".to_owned(), 9.0)]);
    // Ten mebibytes of tags of an unknown field.
    let tags = with(&b"\x70\x01".repeat(5 << 20));
    assert!(found(&tags, None).1.is_empty());
    // Many functions with one name of a mebibyte.
    let functions: Vec<u8> = (1..20_000_u64)
        .flat_map(|id| {
            [location(id, &[(id, id)]), function(id, TEXTS.len() as u64, 0), sample(&[id], &[1, 9])].concat()
        })
        .collect();
    let names = with(&[&bytes(6, &[b'a'; 1 << 20])[..], &functions].concat());
    assert!(refusal(&names).contains("names of all frames"));
    // Many stacks of a location of many lines.
    let deep = location(1, &[(1, 1); 2000]);
    let stacks = sample(&[1; 2000], &[1, 9]).repeat(100);
    assert!(refusal(&with(&[deep, stacks].concat())).contains("too many frames"));
}

proptest! {
    #[test]
    fn whatever_is_changed_in_a_profile_is_survived(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = example();
        for (place, byte) in changes {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        for by in [GroupBy::Line, GroupBy::Function, GroupBy::Traceback] {
            found(&bytes, Some(by));
            found(&bytes[..end.index(bytes.len())], Some(by));
        }
    }

    #[test]
    fn any_fields_are_survived(rest in proptest::collection::vec(any::<u8>(), 0..300)) {
        found(&[types(), texts(), rest].concat(), None);
    }
}
