//! Unpacks and decodes the next pieces of an input on another thread while one piece is parsed.

use std::sync::mpsc::{channel, sync_channel};
use std::{panic, thread};

use super::{Content, Source};
use crate::error::Error;

/// Pieces that are decoded and not parsed yet, at most.
const MOST_DECODED: usize = 3;
/// Pieces that are read without a thread, which would take longer to begin.
const AT_ONCE: usize = 2;

impl Source {
    /// Calls `look` with each remaining piece, in order, while it returns true. Costs a thread and a copy of each
    /// piece: worth it for an archive where a core has nothing else to do.
    ///
    /// # Errors
    ///
    /// Those of [`Source::next_piece`], after the pieces that could be read.
    pub fn read_ahead(&mut self, mut look: impl FnMut(Content<'_>) -> bool) -> Result<(), Error> {
        for _ in 0..AT_ONCE {
            match self.next_piece()? {
                Some(piece) if look(piece) => {}
                _ => return Ok(()),
            }
        }
        thread::scope(|scope| {
            let (fetched, decoded) = sync_channel(MOST_DECODED);
            // Buffers of parsed pieces go back to be reused.
            let (used, free) = channel::<String>();
            let fetcher = scope.spawn(move || {
                // A document is one piece, which was the first.
                while let Some(Content::Text(piece)) = self.next_piece()? {
                    let mut buffer = free.try_recv().unwrap_or_default();
                    buffer.clear();
                    buffer.push_str(piece);
                    if fetched.send(buffer).is_err() {
                        break;
                    }
                }
                Ok(())
            });
            for piece in &decoded {
                if !look(Content::Text(&piece)) {
                    break;
                }
                // Fails where nothing is fetched any more.
                let _ = used.send(piece);
            }
            // Nothing more is fetched where nobody takes it.
            drop(decoded);
            fetcher.join().unwrap_or_else(|cause| panic::resume_unwind(cause))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::{self, Read};

    use super::super::tests::packed;
    use super::super::{Buffer, Content, Documents, Entry, Place};
    use crate::bounds::Bounds;
    use crate::error::Notice;

    /// The text of an input, read ahead or not, and its notices or error.
    type Shown = (String, Result<Vec<Notice>, String>);

    fn shown(source: impl Read + Send + 'static, ahead: bool) -> Shown {
        let entry = Entry {
            name: "log".into(),
            place: Place::StandardInput,
            named: true,
            argument: 0,
            notices: vec![],
        };
        let mut text =
            match entry.open_source(source, Buffer::default(), Documents::default(), &Bounds::default()) {
                Ok(text) => text,
                Err(error) => return (String::new(), Err(error.to_string())),
            };
        let mut all = String::new();
        let mut add = |piece: Content<'_>| {
            if let Content::Text(piece) = piece {
                all.push_str(piece);
            }
            true
        };
        let ended = if ahead {
            text.read_ahead(add)
        } else {
            loop {
                match text.next_piece() {
                    Ok(Some(piece)) if add(piece) => {}
                    Ok(_) => break Ok(()),
                    Err(error) => break Err(error),
                }
            }
        };
        (all, ended.map(|()| text.notices()).map_err(|error| error.to_string()))
    }

    /// Numbered lines.
    fn lines(count: usize) -> Vec<u8> {
        (0..count).map(|n| format!("RssAnon: {n} kB\n")).collect::<String>().into_bytes()
    }

    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is on fire"))
        }
    }

    #[test]
    fn what_is_read_ahead_is_the_same_to_its_end_and_to_its_error() {
        for count in [1, 20_000, 40_000, 200_000] {
            let whole = || io::Cursor::new(lines(count));
            let (text, ended) = shown(whole(), true);
            assert_eq!(
                (&text, &ended),
                (&String::from_utf8(lines(count)).unwrap(), &Ok(vec![])),
                "{count} lines"
            );
            let broken = |ahead| shown(whole().chain(Broken), ahead);
            assert_eq!(broken(true), broken(false), "{count} lines and an error");
            assert!(broken(true).1.is_err());
        }
        let mut cut = packed(&lines(200_000), niffler::compression::Format::Gzip);
        cut.truncate(cut.len() - 1000);
        let of_cut = shown(io::Cursor::new(cut.clone()), true);
        assert!(of_cut.0.len() > 1_000_000 && of_cut.1.as_ref().is_ok_and(|notices| notices.len() == 1));
        assert_eq!(of_cut, shown(io::Cursor::new(cut), false), "an archive that breaks off");
        let nothing = shown(&b"  \n"[..], true);
        assert_eq!(nothing, shown(&b"  \n"[..], false));
        assert!(nothing.1.is_err());
    }
}
