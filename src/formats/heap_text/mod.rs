//! Heap profiles in text: of gperftools and tcmalloc, of Go (`debug=1`), of jemalloc.
//!
//! Each lists the stacks that hold blocks, with the numbers of blocks and bytes that were recorded. Where blocks were
//! sampled the numbers are those of the sample, and are multiplied here.

mod header;
mod maps;
mod profile;
#[cfg(test)]
mod tests;

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::EXAMPLE_CHARS;
use super::line::{Claim, Damage, Line};
use super::options::Grouping;
use super::sink::Sink;

use header::{Header, NotInUse};
use profile::Profile;

/// Profiles of gperftools, tcmalloc and Go.
pub static FORMAT: Format = Format {
    name: "heap-profile",
    reads: "heap profiles in text, of gperftools, tcmalloc and Go's debug=1 (\"heap profile: 15: 15360 [ 34: 39582] @ heapprofile\")",
    example: "heap profile:     15:    15360 [    34:    39582] @ heapprofile\n    \
              15:    15360 [    34:    39582] @ 0x5578d202519e 0x5578d20252de\n\nMAPPED_LIBRARIES:\n\
              5578d2025000-5578d2026000 r-xp 00001000 00:00 846066      /srv/app/shop\n",
    detect: Detect::Needles(&["heap profile:"]),
    parser: |options| parser(options.grouping, header::heap_profile),
};

/// Profiles of jemalloc.
pub static JEMALLOC: Format = Format {
    name: "jemalloc",
    reads: "heap profiles of jemalloc (jeprof.PID.SEQ.iN.heap: \"heap_v2/524288\")",
    example: "heap_v2/4096\n  t*: 3: 3072 [0: 0]\n  t0: 3: 3072 [0: 0]\n@ 0x564b8fe9922c 0x564b8fe992ee\n  \
              t*: 3: 3072 [0: 0]\n  t0: 3: 3072 [0: 0]\n\nMAPPED_LIBRARIES:\n\
              564b8fe99000-564b8fe9a000 r-xp 00001000 fe:00 846066      /srv/app/shop\n",
    detect: Detect::Needles(&["heap_v2/"]),
    parser: |options| parser(options.grouping, |line| header::jemalloc(line).map(Ok)),
};

fn parser(grouping: Grouping, header: FirstLine) -> Parser {
    Parser::Lines(Box::new(Profiles { grouping, header, open: None }))
}

/// Parses the first line of a profile.
type FirstLine = fn(&str) -> Option<Result<Header, NotInUse>>;

/// Reads profiles.
struct Profiles {
    grouping: Grouping,
    header: FirstLine,
    open: Option<Profile>,
}

impl Profiles {
    fn close(&mut self, out: &mut Sink<'_>) {
        if let Some(profile) = self.open.take() {
            profile.finish(self.grouping, out);
        }
    }
}

impl LineParser for Profiles {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(header) = (self.header)(line.text) {
            self.close(out);
            let header = header.map_err(not_in_use)?;
            if line.ended {
                if !out.has_first_line() {
                    let text: String = line.text.chars().take(EXAMPLE_CHARS).collect();
                    out.note_first_line(line.number, &text);
                }
                let time = out.bare_scope().time;
                self.open = Some(Profile::begin(header, time, line.number));
            }
            return Ok(Claim::MoreBelow);
        }
        if self.open.as_mut().is_some_and(|profile| profile.line(line.text, line.ended)) {
            return Ok(Claim::MoreBelow);
        }
        self.close(out);
        Ok(Claim::NotMine)
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        self.close(out);
    }
}

fn not_in_use(kind: NotInUse) -> Damage {
    let message = match kind {
        NotInUse::Growth => {
            "growthz has the stacks that made the heap larger, which only ever rise: record /pprof/heap instead"
        }
        NotInUse::Fragmentation => "fragmentationz has memory that is free: record /pprof/heap instead",
        NotInUse::Unknown => "expected a heap profile \"@ heapprofile\", \"@ heap_v2/N\" or \"@ heap/N\"",
    };
    Damage { column: None, message: message.to_owned() }
}
