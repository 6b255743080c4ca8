//! The formats of a dispatcher, and the lines that concern them.

use std::sync::Arc;

use super::contract::{Detect, Format};
use super::needles::{FormatSet, Needles};
use super::needles_of_all::{needles_of, place_of_tables};

/// The formats of a dispatcher, in the order in which they are asked where nothing speaks for one of them.
#[derive(Debug)]
pub struct FormatList {
    formats: Vec<&'static Format>,
    needles: Arc<Needles>,
    guesses: FormatSet,
    whole_objects: FormatSet,
    patterns: FormatSet,
    amid: FormatSet,
    /// Where tables stand that are known by sight.
    tables: FormatSet,
}

/// The formats that have a text of theirs in a line.
#[derive(Debug, Clone, Copy)]
pub struct Concerned {
    /// Those that know their records by it.
    pub known: FormatSet,
    /// Those that may guess.
    pub guesses: FormatSet,
    /// Those whose objects are not taken apart.
    pub whole_objects: FormatSet,
    /// Whether it may be the header of a table that is known by sight, and not read.
    pub is_table: bool,
}

impl FormatList {
    /// Returns a list of formats, at most 128.
    pub fn new(formats: &[&'static Format]) -> Self {
        let places_of =
            |is: fn(&Format) -> bool| (0..formats.len()).filter(|place| is(formats[*place])).collect();
        Self {
            formats: formats.to_vec(),
            needles: needles_of(formats),
            guesses: places_of(Format::is_guess),
            whole_objects: places_of(|format| matches!(format.detect, Detect::Objects(_))),
            patterns: places_of(|format| matches!(format.detect, Detect::AllLines)),
            amid: places_of(|format| matches!(format.detect, Detect::Head(_))),
            tables: place_of_tables(formats).into_iter().collect(),
        }
    }

    /// Returns the formats.
    pub fn formats(&self) -> &[&'static Format] {
        &self.formats
    }

    /// Returns the texts by which lines are found.
    pub fn needles(&self) -> &Needles {
        &self.needles
    }

    /// Returns the patterns of the user.
    pub const fn patterns(&self) -> FormatSet {
        self.patterns
    }

    /// Returns the formats that may look at lines amid those of others.
    pub const fn amid(&self) -> FormatSet {
        self.amid
    }

    /// Returns the formats that have a text of theirs in a line.
    pub fn concerned(&self, line: &str) -> Concerned {
        let all = self.needles.formats_of(line);
        Concerned {
            known: all.without(self.guesses).without(self.tables),
            guesses: all.only(self.guesses),
            whole_objects: all.only(self.whole_objects),
            is_table: !all.only(self.tables).is_empty(),
        }
    }

    /// Whether the objects of a format are not taken apart.
    pub fn reads_whole_objects(&self, place: usize) -> bool {
        self.whole_objects.contains(place)
    }
}
