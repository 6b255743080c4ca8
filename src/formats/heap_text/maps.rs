//! The binaries that are mapped into memory, as `/proc/PID/maps` lists them.

use super::header::address;

/// Characters of a binary's name that are kept.
const MOST_NAME: usize = 200;

/// A mapped part of a binary.
#[derive(Debug)]
struct Mapping {
    start: u64,
    end: u64,
    offset: u64,
    name: Box<str>,
    path_is_allocator: bool,
}

/// The mapped binaries of a process.
#[derive(Debug, Default)]
pub struct Maps {
    mappings: Vec<Mapping>,
}

impl Maps {
    /// Adds a line: `564b8fe99000-564b8fe9a000 r-xp 00001000 fe:00 846066   /srv/app/cleaky`. Returns whether it is one
    /// of a mapping.
    pub fn add(&mut self, line: &str) -> bool {
        let mut words = line.split_ascii_whitespace();
        let Some((start, end)) = words.next().and_then(|range| range.split_once('-')) else { return false };
        let (Some(start), Some(end)) = (address(start), address(end)) else { return false };
        let is_mode = |word: &str| word.len() == 4 && word.bytes().all(|byte| b"rwxsp-".contains(&byte));
        let (true, Some(offset)) = (words.next().is_some_and(is_mode), words.next().and_then(address)) else {
            return false;
        };
        let path = words.nth(2).unwrap_or_default();
        if path.is_empty() || start >= end {
            return true;
        }
        let name: String = path.rsplit('/').next().unwrap_or(path).chars().take(MOST_NAME).collect();
        let path_is_allocator = crate::formats::allocators::is_library(path);
        self.mappings.push(Mapping { start, end, offset, name: name.into(), path_is_allocator });
        true
    }

    /// Puts the mappings in order, before addresses are looked up.
    pub fn sort(&mut self) {
        self.mappings.sort_by_key(|mapping| mapping.start);
    }

    /// Returns the name of an address, `cleaky+0x122c`, or the address where no binary has it; and whether the binary
    /// is an allocator.
    pub fn name(&self, address: u64) -> (String, bool) {
        let after = self.mappings.partition_point(|mapping| mapping.start <= address);
        let mapping = after.checked_sub(1).and_then(|place| self.mappings.get(place));
        match mapping.filter(|mapping| address < mapping.end) {
            Some(mapping) => {
                let offset = (address - mapping.start).wrapping_add(mapping.offset);
                (format!("{}+{offset:#x}", mapping.name), mapping.path_is_allocator)
            }
            None => (format!("{address:#x}"), false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_binaries() {
        let mut maps = Maps::default();
        for (line, is_mapping) in [
            ("7f7ab6009000-7f7ab60af000 r-xp 00009000 fe:00 15695961   /usr/lib/libjemalloc.so.2", true),
            ("564b8fe99000-564b8fe9a000 r-xp 00001000 fe:00 846066     /srv/app/cleaky", true),
            ("7f9fbe21a000-7f9fbe21e000 rw-p 00000000 00:00 0 ", true),
            ("2026-11-26 rw-p 12:00:00", false),
            ("12-13", false),
            ("hello", false),
        ] {
            assert_eq!(maps.add(line), is_mapping, "{line}");
        }
        maps.sort();
        for (address, name, is_allocator) in [
            (0x564b_8fe9_922c, "cleaky+0x122c", false),
            (0x7f7a_b60a_2630, "libjemalloc.so.2+0xa2630", true),
            (0x564b_8fe9_a000, "0x564b8fe9a000", false),
            (1, "0x1", false),
        ] {
            assert_eq!(maps.name(address), (name.to_owned(), is_allocator));
        }
    }
}
