//! `tracemalloc` output as people save it: statistics, differences, the documentation's recipe and
//! tracebacks, after any prefix.

mod between;
mod dialects;
mod fast_path;
mod line;
mod lists;
mod notation;
mod order;
mod pauses;
mod place;
mod rank;
mod reader;
mod recipe;
mod record_log;
mod record_start;
mod site_cache;
mod site_rows;
mod size;
mod split;
mod traceback;

use super::contract::{Detect, Format, Parser};

/// All dialects of `tracemalloc`.
pub static FORMAT: Format = Format {
    name: "tracemalloc",
    reads: "tracemalloc lines (\"file.py:84: size=30.6 MiB (+5868 B), count=229614 (+42), average=140 B\", \"#1: file.py:84: 62.5 KiB\")",
    example: "/srv/app/cache.py:31: size=40.0 KiB (+8064 B), count=320 (+63), average=128 B\n",
    // A recipe's first line has rank 1 (or another below ten, where the beginning was lost); the lines below follow it.
    detect: Detect::Needles(&[
        "size=",
        " memory blocks: ",
        " other: ",
        "Total allocated size",
        " KiB",
        " MiB",
        " GiB",
        " KB",
        " MB",
        " GB",
        "#1: ",
        "#2: ",
        "#3: ",
        "#4: ",
        "#5: ",
        "#6: ",
        "#7: ",
        "#8: ",
        "#9: ",
    ]),
    parser: |_| Parser::Lines(Box::<reader::Reader>::default()),
};
