//! Blocks of a traceback: `N memory blocks: 62.5 KiB`, then `File "F", line N` and source lines by turns.

use super::size::{count, size};
use crate::model::{Amount, Frame};

/// The head of a block: number of blocks and their size.
///
/// The recipe prints `"%s memory blocks: %.1f KiB"`, so the size is known to half of 102.4 bytes.
pub fn head(line: &str) -> Option<(u64, Amount)> {
    let (before, after) = line.split_once(" memory blocks: ")?;
    let digits = before.rsplit(|c: char| !c.is_ascii_digit() && c != ',').next().unwrap_or_default();
    let (_, blocks) = count(digits).ok()?;
    let (_, size) = size(after).ok()?;
    Some((blocks, size))
}

/// A frame: `  File "/srv/app/manager.py", line 129`, after any prefix.
pub fn frame(line: &str) -> Option<Frame> {
    let (_, quoted) = line.split_once("File \"")?;
    let (file, after) = quoted.rsplit_once("\", line ")?;
    let (_, number) = count(after).ok()?;
    Some(Frame::at(file, u32::try_from(number).ok()?))
}

/// Puts the frames of all blocks innermost first.
///
/// Since Python 3.7 a traceback is printed oldest first, before it most recent first. All stacks of a
/// program share their oldest frames, so the end at which fewer different frames stand is the old one; where
/// the ends do not tell, the newer way is taken.
pub fn innermost_first(blocks: &mut [Vec<Frame>]) {
    let different = |pick: fn(&Vec<Frame>) -> Option<&Frame>| {
        let mut frames: Vec<&Frame> = blocks.iter().filter(|b| b.len() > 1).filter_map(pick).collect();
        frames.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        frames.dedup();
        frames.len()
    };
    let (first, last) = (different(|b| b.first()), different(|b| b.last()));
    if first > 2 * last.max(1) {
        return;
    }
    for frames in blocks {
        frames.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(lines: &[u32]) -> Vec<Frame> {
        lines.iter().map(|&line| Frame::at("a.py", line)).collect()
    }

    #[test]
    fn heads_and_frames() {
        for (line, blocks, kib) in [
            ("120 memory blocks: 32.8 KiB", 120, 32.8),
            ("INFO 1 memory blocks: 0.5 KiB", 1, 0.5),
            ("98 memory blocks: 10 KiB", 98, 10.0),
        ] {
            let read = head(line);
            assert!(
                read.is_some_and(|(n, s)| n == blocks && (s.measured().value / 1024.0 - kib).abs() < 1e-9),
                "{line}: {read:?}"
            );
        }
        for line in [
            "memory_blocks=2138, size_kB=213",
            "memory blocks: 3 KiB",
            "120 memory blocks",
            "x memory blocks: 1.0 KiB",
        ] {
            assert_eq!(head(line), None, "{line}");
        }
        let expected = Frame::at("/srv/my app/x.py", 129);
        for line in [
            "  File \"/srv/my app/x.py\", line 129",
            "12:00 INFO |   File \"/srv/my app/x.py\", line 129, in f",
        ] {
            assert_eq!(frame(line), Some(expected.clone()), "{line}");
        }
        assert_eq!(frame("    main()"), None);
    }

    #[test]
    fn the_end_that_stacks_share_is_the_oldest() {
        let mut oldest_first = vec![stack(&[1, 5, 9]), stack(&[1, 5, 7]), stack(&[1, 2])];
        innermost_first(&mut oldest_first);
        assert_eq!(oldest_first[0], stack(&[9, 5, 1]));
        let mut newest_first = vec![stack(&[9, 5, 1]), stack(&[7, 5, 1]), stack(&[2, 1])];
        innermost_first(&mut newest_first);
        assert_eq!(newest_first[0], stack(&[9, 5, 1]));
        let mut alone = vec![stack(&[1, 9])];
        innermost_first(&mut alone);
        assert_eq!(alone[0], stack(&[9, 1]));
    }
}
