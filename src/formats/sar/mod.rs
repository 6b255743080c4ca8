//! The memory reports of sysstat: `sar -r`, `sar -S`, and what `sadf` makes of them.

mod columns;
mod json;
mod table;

use super::contract::{Detect, Format, Parser};

/// `sar -r`, `sadf -d` and `sadf -p`.
pub static FORMAT: Format = Format {
    name: "sar",
    reads: "sar -r, sadf -d, sadf -p (\"kbmemfree   kbavail kbmemused\")",
    example: "10:36:11    kbmemfree   kbavail kbmemused  %memused kbbuffers\n\
              10:36:13     16728800  22321980   1987796      8.05    278684\n",
    detect: Detect::Needles(&["kbmemfree", "kbmemused", "kbavail", "kbswpused", "\tkb"]),
    parser: |_| Parser::Lines(Box::<table::Reader>::default()),
};

/// `sadf -j`.
pub static JSON: Format = Format {
    name: "sadf-json",
    reads: "sadf -j -- -r (\"{\\\"sysstat\\\": {\\\"hosts\\\": […\")",
    example: "{\"sysstat\": {\"hosts\": [{\"nodename\": \"node1\", \"statistics\": [\n\
              {\"timestamp\": {\"date\": \"2026-11-26\", \"time\": \"10:36:13\", \"utc\": 1, \"interval\": 2},\n\
              \"memory\": {\"memfree\": 16728800, \"avail\": 22321980, \"memused\": 1987796}}]}]}}\n",
    detect: Detect::Json(json::is_sadf),
    parser: |_| Parser::Document(Box::new(json::Document)),
};
