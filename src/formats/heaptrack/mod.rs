//! Recordings of heaptrack (`heaptrack.APP.PID.zst`): each allocation and each release of the heap, with its stack.
//!
//! Numbers are hexadecimal. `t IP PARENT` is a stack, `a SIZE TRACE` a size allocated by a stack, `+ N` and `- N` a
//! block of these that is allocated or freed, `c N` milliseconds since the start, `R N` resident pages. The blocks in
//! use of each stack are counted while the recording is read, and kept at a bounded number of moments.

mod downsampled;
mod recording;

use super::contract::{Detect, Format, LineParser, Parser};
use super::line::{Claim, Damage, Line};
use super::options::Grouping;
use super::sink::Sink;

use recording::{Recording, version};

/// Recordings of heaptrack.
pub static FORMAT: Format = Format {
    name: "heaptrack",
    reads: "recordings of heaptrack (heaptrack.APP.PID.zst: \"t 4 3\", \"a 400 4\", \"+ 0\", \"c 9cae\")",
    example: "v 10400 3\nX ./app\nI 1000 5e298f\ns 4 keep\ns 5 app.c\ni 5583ae2780d0 0 1 2 d\nt 1 0\na 400 1\n+ 0\n\
              c a\n+ 0\nc 14\n",
    detect: Detect::Head(is_recording),
    parser: |options| Parser::Lines(Box::new(Heaptrack { grouping: options.grouping, recording: None })),
};

/// Whether a text begins as a recording does: its version, and the command, the system or the attachment.
fn is_recording(head: &str) -> bool {
    let mut lines = head.lines();
    let has_version = lines.next().and_then(version).is_some();
    has_version
        && lines
            .next()
            .is_some_and(|line| ["X ", "x ", "I ", "A", "s "].iter().any(|key| line.starts_with(key)))
}

/// Reads the recordings of one source.
struct Heaptrack {
    grouping: Grouping,
    recording: Option<Recording>,
}

const RAW: &str = "a raw recording has no names and no sizes of freed blocks: use the file that heaptrack writes \
                   without --raw, or heaptrack_interpret";

impl LineParser for Heaptrack {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if let Some(version) = version(line.text) {
            self.end_of_lines(out);
            self.recording = Some(Recording::new(version, self.grouping));
            if !out.has_first_line() {
                out.note_first_line(line.number, line.text);
            }
            return Ok(Claim::MoreBelow);
        }
        let Some(recording) = &mut self.recording else { return Ok(Claim::NotMine) };
        // The modules of a process, of which heaptrack_interpret makes places.
        if line.text.starts_with("m ") {
            self.recording = None;
            return Err(Damage { column: None, message: RAW.to_owned() });
        }
        // The last line may be cut in a number.
        if line.ended {
            recording.event(line.text, line.number)?;
        }
        Ok(Claim::MoreBelow)
    }

    fn bulk(&mut self, text: &str, out: &mut Sink<'_>) -> usize {
        let Some(recording) = &mut self.recording else { return 0 };
        let mut taken = 0;
        let mut number = out.line_number();
        while let Some(length) = text.get(taken..).and_then(|rest| memchr::memchr(b'\n', rest.as_bytes())) {
            let line = text.get(taken..taken + length).unwrap_or_default();
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.starts_with(['v', 'm']) || recording.event(line, number).is_err() {
                break;
            }
            taken += length + 1;
            number += 1;
        }
        taken
    }

    fn end_of_lines(&mut self, out: &mut Sink<'_>) {
        if let Some(mut recording) = self.recording.take() {
            recording.finish(out.line_number(), out);
        }
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        self.recording = None;
    }
}

#[cfg(test)]
mod tests {
    use super::is_recording;

    #[test]
    fn the_beginning_is_known() {
        for (head, expected) in [
            ("v 10400 3\nX ./app\n", true),
            ("v 10100 1\nx /srv/app\n", true),
            ("v 10400 3\nv 1.0 0.0 0.0\n", false),
            ("v 1.0 2.0\nX\n", false),
            ("value 3\nX a\n", false),
        ] {
            assert_eq!(is_recording(head), expected, "{head}");
        }
    }
}
