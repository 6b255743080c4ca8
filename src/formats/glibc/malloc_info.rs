//! Documents of `malloc_info()`: the free blocks of each arena, and the totals after them.

use super::{IN_USE, SYSTEM, expected, number};
use crate::formats::contract::{Detect, Format, LineParser, Parser};
use crate::formats::line::{Claim, Damage, Line};
use crate::formats::sink::Sink;
use crate::model::{Measured, Subject};

/// Documents of `malloc_info()`.
pub static FORMAT: Format = Format {
    name: "malloc-info",
    reads: "documents of glibc's malloc_info() (\"<malloc version=…>\" to \"</malloc>\")",
    example: "<malloc version=\"1\">\n<heap nr=\"0\">\n<sizes>\n</sizes>\n</heap>\n\
              <total type=\"fast\" count=\"0\" size=\"0\"/>\n<total type=\"rest\" count=\"1\" size=\"1024\"/>\n\
              <total type=\"mmap\" count=\"0\" size=\"0\"/>\n<system type=\"current\" size=\"135168\"/>\n</malloc>\n",
    detect: Detect::Needles(&["<malloc version="]),
    parser: |_| Parser::Lines(Box::new(MallocInfo { open: None })),
};

/// The totals of a document so far, in bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Totals {
    is_in_heap: bool,
    free: f64,
    mapped: f64,
    system: Option<f64>,
}

/// Reads documents, each over several lines.
struct MallocInfo {
    open: Option<Totals>,
}

/// Returns the value of an attribute.
fn attribute<'t>(element: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = element.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0)
}

impl LineParser for MallocInfo {
    fn line(&mut self, line: Line<'_>, out: &mut Sink<'_>) -> Result<Claim, Damage> {
        if line.text.trim_start().starts_with("<malloc version=") {
            // A time above the document is its own.
            out.bare_scope();
            self.open = Some(Totals::default());
            return Ok(Claim::MoreBelow);
        }
        let Some(totals) = &mut self.open else { return Ok(Claim::NotMine) };
        let element = line.text.trim();
        if element == "</malloc>" {
            let Totals { free, mapped, system, .. } = *totals;
            self.open = None;
            let system =
                system.ok_or_else(|| expected("<system type=\"current\" size=…/> before </malloc>"))?;
            let in_use = Measured::exact((system - free).max(0.0) + mapped);
            let sample = out.sample(line, Subject::process());
            sample.set(IN_USE, in_use).set(SYSTEM, Measured::exact(system + mapped)).push();
            return Ok(Claim::Mine);
        }
        if !element.starts_with('<') {
            return Ok(Claim::NotMine);
        }
        if element.starts_with("<heap ") || element == "</heap>" {
            totals.is_in_heap = element != "</heap>";
        } else if !totals.is_in_heap && (element.starts_with("<total ") || element.starts_with("<system ")) {
            let size = attribute(element, "size").and_then(number);
            let size = size.ok_or_else(|| expected("a size in bytes"))?;
            match (element.starts_with("<system "), attribute(element, "type")) {
                (false, Some("fast" | "rest")) => totals.free += size,
                (false, Some("mmap")) => totals.mapped = size,
                (true, Some("current")) => totals.system = Some(size),
                _ => {}
            }
        }
        Ok(Claim::MoreBelow)
    }

    fn follows(&self) -> bool {
        self.open.is_some()
    }

    fn finish(&mut self, _out: &mut Sink<'_>) {
        self.open = None;
    }
}

#[cfg(test)]
mod tests {
    use super::attribute;

    #[test]
    fn attributes() {
        let element = "<total type=\"rest\" count=\"1\" size=\"1024\"/>";
        for (name, expected) in [("type", Some("rest")), ("size", Some("1024")), ("ype", None)] {
            assert_eq!(attribute(element, name), expected);
        }
        assert_eq!(attribute("<total size=\"10", "size"), None);
    }
}
