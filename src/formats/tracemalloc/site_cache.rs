//! Texts that name a site, and were met before: a dump names the same ten thousand sites in each of its snapshots, and
//! nearly in the same order.

use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use memchr::memmem::Finder;

use crate::model::SiteId;

/// The text after a site in a statistic.
const END: &[u8] = b" size=";
/// Longer names are read in the usual way.
const LONGEST: usize = 512;

/// Sites by the texts that name them (`/srv/app/cache.py:31:`).
#[derive(Debug)]
pub struct SiteCache {
    /// All texts, one after the other.
    texts: Vec<u8>,
    names: Vec<Name>,
    index: HashTable<u32>,
    keys: RandomState,
    /// The name that was met last.
    last: u32,
    end: Finder<'static>,
}

#[derive(Debug)]
struct Name {
    text: Range<usize>,
    site: SiteId,
    /// The name that followed it when it was met last.
    next: u32,
}

impl Default for SiteCache {
    fn default() -> Self {
        let (texts, names, index, keys) = Default::default();
        Self { texts, names, index, keys, last: 0, end: Finder::new(END) }
    }
}

impl SiteCache {
    /// Learns that `text`, which ends where ` size=` begins, names a site.
    #[allow(clippy::cast_possible_truncation)]
    pub fn learn(&mut self, text: &[u8], site: SiteId) {
        if text.len() > LONGEST {
            return;
        }
        let Self { texts, names, index, keys, .. } = self;
        let hash = keys.hash_one(text);
        let found = index.find(hash, |&name| texts[names[name as usize].text.clone()] == *text).copied();
        let name = found.unwrap_or_else(|| {
            let (start, name) = (texts.len(), names.len() as u32);
            texts.extend_from_slice(text);
            names.push(Name { text: start..texts.len(), site, next: 0 });
            index.insert_unique(hash, name, |&name| keys.hash_one(&texts[names[name as usize].text.clone()]));
            name
        });
        self.follow(name);
    }

    /// Returns the site that is named where `text` begins, and where after ` size=` its numbers begin; `None` if no
    /// cached name stands there.
    pub fn lookup(&mut self, text: &[u8]) -> Option<(SiteId, usize)> {
        // Sites keep their order from one snapshot to the next, but for few: no need to look for the end of the name.
        let expected = self.names.get(self.names.get(self.last as usize)?.next as usize)?;
        let length = expected.text.len();
        if text.starts_with(&self.texts[expected.text.clone()]) && text[length..].starts_with(END) {
            self.last = self.names[self.last as usize].next;
            return Some((expected.site, length + END.len()));
        }
        let length = self.end.find(&text[..text.len().min(LONGEST + END.len())])?;
        let name = &text[..length];
        let Self { texts, names, index, keys, .. } = self;
        let found =
            *index.find(keys.hash_one(name), |&known| texts[names[known as usize].text.clone()] == *name)?;
        self.follow(found);
        Some((self.names[found as usize].site, length + END.len()))
    }

    fn follow(&mut self, name: u32) {
        if let Some(last) = self.names.get_mut(self.last as usize) {
            last.next = name;
        }
        self.last = name;
    }
}
