//! Sources that are being read, on several threads if there are several.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::bounds::Passed;
use crate::formats::{Dispatcher, Format, FormatOptions, Found, with_pattern};
use crate::model::SiteTable;

/// Dispatchers that are free, each with its number. Names of sites that were met in one source make the next one
/// quicker to read.
#[derive(Debug, Default)]
pub(super) struct Dispatchers {
    free: Mutex<Vec<(usize, Box<Dispatcher>)>>,
    made: AtomicUsize,
    /// Records of all sources so far.
    records: AtomicU64,
}

impl Dispatchers {
    /// Takes a dispatcher for one format, or for all.
    fn take(&self, only: Option<&'static Format>, options: &FormatOptions) -> (usize, Box<Dispatcher>) {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.unwrap_or_else(|| {
            let options = FormatOptions { asked_for: only.is_some(), ..options.clone() };
            let formats = with_pattern(only, &options);
            (
                self.made.fetch_add(1, Ordering::Relaxed),
                Box::new(Dispatcher::with_options(&formats, &options)),
            )
        })
    }

    fn give_back(&self, dispatcher: (usize, Box<Dispatcher>)) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(dispatcher);
    }

    /// Returns the sites that each dispatcher met, by its number.
    pub(super) fn into_tables(self) -> Vec<SiteTable> {
        let mut all = self.free.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.sort_by_key(|(number, _)| *number);
        all.into_iter().map(|(_, dispatcher)| dispatcher.into_sites()).collect()
    }
}

/// A source that is being read, piece by piece.
#[derive(Debug)]
pub struct Reading<'a> {
    dispatchers: &'a Dispatchers,
    dispatcher: Option<(usize, Box<Dispatcher>)>,
    name: &'a str,
    most_records: u64,
    /// Records of the source that were counted among those of all sources.
    counted: u64,
    passed: Option<Passed>,
}

/// A source that was read, and waits for its turn to be taken over.
#[derive(Debug)]
pub struct ReadSource {
    pub(super) name: String,
    /// The number of the table of its sites.
    pub(super) table: usize,
    /// The bound of the recording that was passed while the source was read.
    pub(super) passed: Option<Passed>,
    pub(super) found: Found,
    pub(super) bytes: u64,
    /// The time at which its file was last written, in seconds since 1970.
    pub(super) written_seconds: Option<f64>,
}

impl ReadSource {
    /// Adds the time at which the file was last written, in seconds since 1970.
    #[must_use]
    pub fn written_at(self, seconds: Option<f64>) -> Self {
        Self { written_seconds: seconds, ..self }
    }
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        dispatchers: &'a Dispatchers,
        only: Option<&'static Format>,
        options: &FormatOptions,
        name: &'a str,
    ) -> Self {
        let (dispatcher, most_records) = (Some(dispatchers.take(only, options)), options.bounds.records);
        Self { dispatchers, dispatcher, name, most_records, counted: 0, passed: None }
    }

    /// Reads the next piece of a text: whole lines, of which the very last may lack its end. Returns whether there may
    /// be more: not where a bound was passed.
    pub fn read(&mut self, piece: &str) -> bool {
        if let Some((_, dispatcher)) = &mut self.dispatcher {
            dispatcher.read(piece);
        }
        self.count()
    }

    /// Reads the bytes of a source that is no text.
    pub fn read_bytes(&mut self, bytes: &[u8]) -> bool {
        if let Some((_, dispatcher)) = &mut self.dispatcher {
            dispatcher.read_bytes(bytes);
        }
        self.count()
    }

    /// Counts the records; returns whether no bound was passed.
    fn count(&mut self) -> bool {
        let Some((_, dispatcher)) = &self.dispatcher else { return false };
        let (records, passed) = dispatcher.extent();
        let more = records - self.counted;
        self.counted += more;
        let all = self.dispatchers.records.fetch_add(more, Ordering::Relaxed) + more;
        let records = (all > self.most_records).then_some(Passed::Records);
        self.passed = self.passed.or(records).or(passed);
        self.passed.is_none()
    }

    /// Ends the source. `bytes` is its size as it lay in the input.
    #[must_use]
    pub fn finish(mut self, bytes: u64) -> ReadSource {
        let (table, found) = self.leave();
        let (name, passed) = (self.name.to_owned(), self.passed);
        ReadSource { name, table, passed, found, bytes, written_seconds: None }
    }

    /// Gives the dispatcher back.
    fn leave(&mut self) -> (usize, Found) {
        let Some((number, mut dispatcher)) = self.dispatcher.take() else { return Default::default() };
        let found = dispatcher.finish();
        // Records that waited for the end of the source.
        let more = found.records().saturating_sub(self.counted);
        let all = self.dispatchers.records.fetch_add(more, Ordering::Relaxed) + more;
        let records = (all > self.most_records).then_some(Passed::Records);
        self.passed = self.passed.or(records).or(found.passed);
        self.dispatchers.give_back((number, dispatcher));
        (number, found)
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        // A source that broke off must not run into the next one.
        let _ = self.leave();
    }
}
