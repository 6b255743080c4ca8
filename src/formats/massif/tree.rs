//! The tree of a snapshot: callers stand below the functions that they call, each with the bytes that it holds.

use crate::formats::allocators;
use crate::formats::options::{GroupBy, Grouping};
use crate::formats::stacks::{FrameId, InUse, Stacks};
use crate::model::{Frame, Truncation};

/// Deeper trees are no trees of massif, whose `--depth` is at most 200.
const MOST_DEPTH: usize = 1000;

/// The text of a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Label {
    /// All that is below it: `(heap allocation functions) malloc/new/new[], --alloc-fns, etc.`.
    Root,
    /// A place in the program.
    Place(Frame),
    /// Nodes that are not shown, for each has less than this share of the total.
    Below { share: f64 },
}

impl Label {
    /// Parses what stands after the bytes of a node.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.starts_with('(') {
            return Some(Self::Root);
        }
        if text.starts_with("in ") && text.contains("below ") {
            let share = text.rsplit_once('(')?.1.strip_suffix("%)")?.replace(',', ".");
            let share = share.parse::<f64>().ok().filter(|share| (0.0..=100.0).contains(share))?;
            return Some(Self::Below { share: share / 100.0 });
        }
        let (address, name) = text.split_once(": ")?;
        address.strip_prefix("0x").filter(|digits| is_hexadecimal(digits))?;
        Some(Self::Place(place(address, name)))
    }
}

fn is_hexadecimal(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns the place of `keep (leaky.c:15)`, `malloc (in /usr/lib/libc.so.6)`, `???`.
fn place(address: &str, name: &str) -> Frame {
    // Of two functions without names in one object, only the address tells.
    let function = |name: &str| Some(if name == "???" { address.into() } else { name.into() });
    let parts = name.strip_suffix(')').and_then(|name| name.rsplit_once(" ("));
    if let Some((name, at)) = parts {
        if let Some(object) = at.strip_prefix("in ") {
            return Frame { function: function(name), ..Frame::at(object, 0) };
        }
        if let Some((file, line)) = at.rsplit_once(':')
            && let Ok(line) = line.parse()
        {
            return Frame { function: function(name), ..Frame::at(file, line) };
        }
    }
    Frame { function: function(name), ..Frame::at("", 0) }
}

/// A node whose callers are being read.
#[derive(Debug, Clone, Copy)]
struct Open {
    bytes: f64,
    /// Bytes of the nodes below it so far, …
    shown: f64,
    /// … and of those that are not shown.
    hidden: f64,
    /// Its frame; the root has none.
    frame: Option<FrameId>,
    is_allocator: bool,
    has_callers: bool,
}

impl Open {
    /// Whether it is no site: what it holds belongs to its callers.
    const fn is_above_sites(&self) -> bool {
        self.frame.is_none() || self.is_allocator
    }
}

/// Adds up the stacks of a tree while it is read from its root on.
#[derive(Debug, Default)]
pub struct Tree {
    /// The nodes from the root to the last one.
    open: Vec<Open>,
    total: f64,
    /// The most that a place which is not shown may hold, if there may be one.
    hidden: Option<f64>,
    is_damaged: bool,
}

impl Tree {
    /// Whether nothing was read.
    pub const fn is_empty(&self) -> bool {
        self.total == 0.0 && self.open.is_empty()
    }

    /// Adds a node. Returns `false` for one that is none of this tree.
    pub fn node(
        &mut self,
        depth: usize,
        bytes: f64,
        label: Label,
        grouping: Grouping,
        stacks: &mut Stacks,
    ) -> bool {
        if depth > self.open.len() || depth > MOST_DEPTH || (depth == 0) != self.is_empty() {
            return false;
        }
        while self.open.len() > depth {
            self.close(grouping, stacks);
        }
        if let Some(parent) = self.open.last_mut() {
            parent.has_callers = true;
            let part =
                if matches!(label, Label::Below { .. }) { &mut parent.hidden } else { &mut parent.shown };
            *part += bytes;
            if parent.shown + parent.hidden > parent.bytes {
                return false;
            }
        }
        let (frame, is_allocator) = match label {
            Label::Below { share } => {
                if self.hides_sites(grouping) {
                    self.hide(bytes.min(share * self.total));
                }
                return true;
            }
            Label::Root => {
                self.total = bytes;
                (None, false)
            }
            Label::Place(frame) => {
                let is_allocator = frame.function.as_deref().is_some_and(allocators::is_function);
                (Some(stacks.frame(frame)), is_allocator)
            }
        };
        let (shown, hidden, has_callers) = (0.0, 0.0, false);
        self.open.push(Open { bytes, shown, hidden, frame, is_allocator, has_callers });
        true
    }

    /// Whether a site may stand below the last node and nowhere else. Where whole stacks are the groups, each hidden
    /// caller hides one.
    fn hides_sites(&self, grouping: Grouping) -> bool {
        grouping.cumulative
            || grouping.by == Some(GroupBy::Traceback)
            || self.open.iter().all(Open::is_above_sites)
    }

    fn hide(&mut self, bytes: f64) {
        if bytes > 0.0 {
            self.hidden = Some(self.hidden.map_or(bytes, |hidden| hidden.max(bytes)));
        }
    }

    /// Ends the last node: what no node below it holds has its stack and unknown callers.
    fn close(&mut self, grouping: Grouping, stacks: &mut Stacks) {
        let Some(&last) = self.open.last() else { return };
        let (rest, is_whole) = (last.bytes - last.shown, !last.has_callers);
        let missing = rest - last.hidden;
        // Where a tree breaks off, its root has more than is below it.
        if missing > 0.0 && (last.frame.is_none() || last.has_callers) && self.hides_sites(grouping) {
            self.is_damaged = true;
            self.hide(missing);
        }
        if rest > 0.0 || is_whole && last.frame.is_some() {
            let allocators = self.open.iter().take_while(|node| node.is_above_sites()).count();
            let from = match (is_whole, allocators == self.open.len()) {
                // A stack that is known in part is no group of whole stacks, and one of allocators alone is no site.
                (false, true) => self.open.len(),
                (false, false) if grouping.by == Some(GroupBy::Traceback) => self.open.len(),
                (true, true) => 0,
                (_, false) => allocators,
            };
            let frames: Vec<FrameId> = self.open[from..].iter().filter_map(|node| node.frame).collect();
            stacks.push(frames, InUse::counted(rest, None));
        }
        self.open.pop();
    }

    /// Ends the tree; returns whether sites may be missing.
    pub fn finish(&mut self, grouping: Grouping, stacks: &mut Stacks) -> Truncation {
        while !self.open.is_empty() {
            self.close(grouping, stacks);
        }
        let tree = std::mem::take(self);
        match tree.hidden {
            at_most if tree.is_damaged => Truncation::Partial { at_most },
            Some(at_most) => Truncation::TopK { at_most },
            None => Truncation::Complete,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        let place = |function: &str, file: &str, line| {
            Some(Label::Place(Frame { function: Some(function.into()), ..Frame::at(file, line) }))
        };
        for (text, expected) in [
            ("(heap allocation functions) malloc/new/new[], --alloc-fns, etc.", Some(Label::Root)),
            ("(page allocation syscalls) mmap/mremap/brk, --alloc-fns, etc.", Some(Label::Root)),
            ("0x1091A9: keep (leaky.c:15)", place("keep", "leaky.c", 15)),
            ("0x48: malloc (in /usr/lib/libc.so.6)", place("malloc", "/usr/lib/libc.so.6", 0)),
            ("0x4B05: ??? (in /usr/lib/libc.so.6)", place("0x4B05", "/usr/lib/libc.so.6", 0)),
            ("0x4B05: ???", place("0x4B05", "", 0)),
            (
                "0x1F: std::map<int, std::less<int> >::operator()(int) const (map.h:7)",
                place("std::map<int, std::less<int> >::operator()(int) const", "map.h", 7),
            ),
            ("0x1F: apply(int (*)(int))", place("apply(int (*)(int))", "", 0)),
            ("in 3 places, all below massif's threshold (1.00%)", Some(Label::Below { share: 0.01 })),
            ("in 1 place, below massif's threshold (0.50%)", Some(Label::Below { share: 0.005 })),
            ("in 1+ places, all below ms_print's threshold (01.00%)", Some(Label::Below { share: 0.01 })),
            ("in 3 places, all below massif's threshold (x%)", None),
            ("keep (leaky.c:15)", None),
            ("0xzz: keep", None),
        ] {
            assert_eq!(Label::parse(text), expected, "{text}");
        }
    }

    /// The tree of a cache, a list of two callers, and a rest.
    fn tree(grouping: Grouping) -> (Truncation, f64, usize) {
        let (mut tree, mut stacks) = (Tree::default(), Stacks::default());
        for (depth, bytes, label) in [
            (0, 1000.0, "(heap allocation functions) malloc"),
            (1, 600.0, "0x1: keep (a.c:1)"),
            (2, 595.0, "0x2: main (a.c:9)"),
            (2, 5.0, "in 1 place, below massif's threshold (1.00%)"),
            (1, 392.0, "0x3: operator new(unsigned long) (in /usr/lib/libc++.so)"),
            (2, 392.0, "0x4: lookup (a.c:3)"),
            (1, 8.0, "in 2 places, all below massif's threshold (1.00%)"),
        ] {
            assert!(tree.node(depth, bytes, Label::parse(label).unwrap(), grouping, &mut stacks), "{label}");
        }
        let truncation = tree.finish(grouping, &mut stacks);
        assert!(tree.is_empty());
        (truncation, stacks.total().bytes, stacks.len())
    }

    #[test]
    fn the_rest_is_hidden_and_counted() {
        // The stacks of keep < main and of keep, of lookup, and none.
        assert_eq!(tree(Grouping::default()), (Truncation::TopK { at_most: 8.0 }, 1000.0, 4));
        let whole = Grouping { by: Some(GroupBy::Traceback), ..Grouping::default() };
        assert_eq!(tree(whole), (Truncation::TopK { at_most: 8.0 }, 1000.0, 4));
    }

    #[test]
    fn nodes_of_no_tree_are_refused() {
        let root = || (0, 10.0, Label::Root);
        let place = || Label::Place(Frame::at("a.c", 1));
        for nodes in [
            vec![(1, 10.0, place())],
            vec![root(), root()],
            vec![root(), (2, 1.0, place())],
            vec![root(), (1, 11.0, place())],
            vec![root(), (1, 6.0, place()), (1, 5.0, place())],
        ] {
            let (mut tree, mut stacks) = (Tree::default(), Stacks::default());
            let last = nodes.into_iter().all(|(depth, bytes, label)| {
                tree.node(depth, bytes, label, Grouping::default(), &mut stacks)
            });
            assert!(!last);
        }
    }
}
