//! Pickles as Python writes them, and as nobody does.
#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::FORMAT;
use crate::formats::{Dispatcher, FormatOptions, Found, GroupBy, Grouping};

/// The bytes of a text of protocol 2 and newer.
fn text(text: &str) -> Vec<u8> {
    [b"X", &u32::try_from(text.len()).unwrap().to_le_bytes()[..], text.as_bytes()].concat()
}

/// A snapshot of protocol 2 with a list of traces, as opcodes.
fn snapshot(traces: &[u8]) -> Vec<u8> {
    [
        b"\x80\x02ctracemalloc\nSnapshot\n)\x81}(",
        &text("traces")[..],
        b"ctracemalloc\n_Traces\n)\x81}",
        &text("_traces"),
        b"](",
        traces,
        b"esb",
        &text("traceback_limit"),
        b"K\x02ub.",
    ]
    .concat()
}

/// Blocks of two functions: of 5, 7 and 300 bytes below `a.py:1` and `m.py:9`, of 40 below `b.py:1` in `b.py:1`.
fn example() -> Vec<u8> {
    let frame = |file: &str, line: &[u8]| [&text(file)[..], line, b"\x86"].concat();
    let (a, m, b) = (frame("a.py", b"K\x01"), frame("m.py", b"K\x09"), frame("b.py", b"M\x01\0"));
    let stack = [&a[..], &m, b"\x86q\x05"].concat();
    let traces = [
        b"(K\0K\x05",
        &stack[..],
        b"K\x02t",
        // The same stack by its memo, and without a count of frames, as Python 3.8 and older write it.
        b"K\0K\x07h\x05\x87",
        // The same frames in another tuple.
        b"(K\0\x8a\x02\x2c\x01",
        &a,
        &m,
        b"\x86K\x02t",
        b"K\0K\x28",
        &b,
        &b,
        b"\x86\x87",
    ]
    .concat();
    snapshot(&traces)
}

fn found(bytes: &[u8], by: GroupBy, cumulative: bool) -> (Found, Vec<String>) {
    let options = FormatOptions {
        grouping: Grouping { by: Some(by), cumulative, domain: None },
        ..FormatOptions::default()
    };
    let mut dispatcher = Dispatcher::with_options(&[&FORMAT], &options);
    dispatcher.read_bytes(bytes);
    let found = dispatcher.finish();
    let sites = dispatcher.into_sites();
    let row = |row: usize| {
        let reading = found.records.readings.get(row);
        let site = crate::model::Site::of(sites.place(reading.site).clone());
        format!("{} {} {}", site.text(), reading.size.value, reading.blocks.unwrap())
    };
    let rows = (0..found.records.readings.len()).map(row).collect();
    (found, rows)
}

/// The message of a pickle that cannot be read.
fn refusal(bytes: &[u8]) -> String {
    let (found, rows) = found(bytes, GroupBy::Line, false);
    assert!(rows.is_empty() && found.unreadable_lines() == 1, "{rows:?}");
    found.notices[0].message.clone()
}

#[test]
fn blocks_are_grouped_as_cpython_groups_them() {
    let bytes = example();
    for (by, cumulative, expected) in [
        (GroupBy::Line, false, &["a.py:1 312 3", "b.py:1 40 1"][..]),
        (GroupBy::File, false, &["a.py 312 3", "b.py 40 1"]),
        (GroupBy::Traceback, false, &["a.py:1 < m.py:9 312 3", "b.py:1 < b.py:1 40 1"]),
        // Of equals the later name is the first. A block counts once for each frame of a recursive function.
        (GroupBy::Line, true, &["m.py:9 312 3", "a.py:1 312 3", "b.py:1 80 2"]),
        (GroupBy::File, true, &["m.py 312 3", "a.py 312 3", "b.py 80 2"]),
    ] {
        let (found, rows) = found(&bytes, by, cumulative);
        assert_eq!(rows, expected, "{by:?} {cumulative}: {:?}", found.notices);
    }
}

#[test]
fn each_pickle_of_a_file_is_a_snapshot() {
    let bytes = [example(), snapshot(b""), example(), b"\n".to_vec()].concat();
    let (found, _) = found(&bytes, GroupBy::Line, false);
    let lengths: Vec<usize> = found.records.snapshots.iter().map(|list| list.readings.len()).collect();
    assert_eq!((lengths, found.unreadable_lines()), (vec![2, 0, 2], 0));
}

#[test]
fn what_no_snapshot_has_is_refused_by_name() {
    let traces = |opcodes: &[u8]| snapshot(opcodes);
    let frames = [&text("a.py")[..], b"K\x01\x86\x85"].concat();
    let sized = |size: &[u8]| traces(&[b"K\0", size, &frames, b"\x87"].concat());
    for (bytes, word) in [
        (b"\x80\x02cos\nsystem\n".to_vec(), "a pickle of os.system: only snapshots"),
        (b"\x80\x04\x8c\x05numpy\x8c\x07ndarray\x93.".to_vec(), "a pickle of numpy.ndarray"),
        (b"\x80\x04\x8c\x02\x1b[\x8c\x01\n\x93.".to_vec(), "a pickle of ?[.?"),
        (b"\x80\x02ctracemalloc\nStatistic\n.".to_vec(), "save the snapshot itself"),
        (b"\x80\x05}.".to_vec(), "a pickle of a dictionary"),
        (b"\x80\x05N.".to_vec(), "a pickle of nothing"),
        (b"\x80\x02c__builtin__\nobject\n)\x81.".to_vec(), "made in another way"),
        (b"\x80\x02ccopy_reg\n_reconstructor\nN\x85R.".to_vec(), "a call"),
        (b"\x80\x02ctracemalloc\nSnapshot\n)R.".to_vec(), "a call"),
        (b"\x80\x02(S'ls'\ni__main__\nX\n.".to_vec(), "the opcode 0x53"),
        (b"\x80\x02P1\n.".to_vec(), "the opcode 0x50"),
        (b"\x80\x02\x82\x01.".to_vec(), "the opcode 0x82"),
        (b"\x80\x02ctracemalloc\nSnapshot\n)\x81.".to_vec(), "without traces"),
        (traces(b"N"), "expected a trace, found nothing"),
        (traces(b"]"), "expected a trace, found a list"),
        (traces(b"K\0K\x05\x86"), "traces of two fields"),
        (traces(b"K\0\x85"), "found 1"),
        (traces(b"K\0K\x05)\x87"), "without frames"),
        (traces(b"K\0K\x05N\x87"), "expected the frames"),
        (traces(b"K\0K\x05N\x85\x87"), "expected a frame"),
        (sized(b"J\xFF\xFF\xFF\xFF"), "the size of a block"),
        (sized(b"\x8a\x08\0\0\0\0\0\0\0\x7F"), "the size of a block"),
        (sized(b"\x8a\x09\0\0\0\0\0\0\0\0\x01"), "more than 64 bits"),
        // A tuple of frames that is a frame as well.
        (traces(&[b"K\0K\x05", &frames[..], b"q\0\x87K\0K\x05h\0\x85\x87"].concat()), "expected a frame"),
    ] {
        let message = refusal(&bytes);
        assert!(message.contains(word), "{}: {message}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn hostile_pickles_cost_little() {
    let many = |prefix: &[u8], opcode: &[u8], count: usize| [prefix, &opcode.repeat(count), b"."].concat();
    let huge = 9_000_000;
    for (bytes, word) in [
        (many(b"\x80\x02", b"(", 5000), "nested more deeply"),
        (many(b"\x80\x02", b"]", 5000), "more lists"),
        (many(b"\x80\x02", b"}", 5000), "more lists"),
        (many(b"\x80\x02N", b"\x85", 100_000), "more values than a snapshot"),
        (many(b"\x80\x02N", b"2", huge), "wait on the stack"),
        (many(b"\x80\x02N", b"\x94", 100_000), "a pickle of nothing"),
        (many(b"\x80\x02N", b"r\0\0\0\x7F", 1), "no number of the memo"),
        (many(b"\x80\x02", b"X\xFF\xFF\xFF\xFF", 1), "breaks off"),
        (many(b"\x80\x04", b"\x8D\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 1), "breaks off"),
        (many(b"\x80\x02", b"\x8B\xFF\xFF\xFF\xFF", 1), "breaks off"),
        (many(b"\x80\x02", b"j\0\0\0\x7F", 1), "in the memo"),
        (many(b"\x80\x02L", b"9", 100_000), "breaks off"),
        (many(b"\x80\x02", b"0", 1), "missing on the stack"),
        (many(b"\x80\x02", b"t", 1), "a mark is missing"),
        (many(b"\x80\x02", b"", 0), "missing on the stack"),
        (many(b"\x80\x02NN", b"a", 1), "expected a list"),
        (many(b"\x80\x02}(N", b"u", 1), "a key has no value"),
        (b"\x80\x02".to_vec(), "breaks off"),
    ] {
        let message = refusal(&bytes);
        assert!(message.contains(word), "{:?}: {message}", &bytes[..bytes.len().min(20)]);
    }
    // Many stacks of one frame with a name of a mebibyte: the names of the sites are not all made.
    let mut traces = [&text(&"a".repeat(1 << 20))[..], b"q\x010"].concat();
    (0..20_000_u16).for_each(|line| {
        traces.extend([b"K\0K\x05h\x01M", &line.to_le_bytes()[..], b"\x86\x85\x87"].concat());
    });
    assert!(refusal(&snapshot(&traces)).contains("names of all frames"));
}

proptest! {
    /// No bytes make the machine panic.
    #[test]
    fn whatever_is_changed_in_a_pickle_is_survived(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = example();
        for (place, byte) in changes {
            let at = place.index(bytes.len() - 2) + 2;
            bytes[at] = byte;
        }
        for by in [GroupBy::Line, GroupBy::File, GroupBy::Traceback] {
            found(&bytes, by, by == GroupBy::File);
            found(&bytes[..end.index(bytes.len())], by, false);
        }
    }

    #[test]
    fn any_opcodes_are_survived(opcodes in proptest::collection::vec(
        prop::sample::select(b"(.012NKIJMLXVt)lead}us]bRcqrphgj\x81\x85\x86\x87\x8a\x8c\x93\x94\x95\0\x01\n".to_vec()),
        0..200,
    )) {
        found(&[b"\x80\x02", &opcodes[..]].concat(), GroupBy::Traceback, false);
    }
}
