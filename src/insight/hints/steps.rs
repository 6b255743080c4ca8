//! Address space in steps of one size.

use crate::model::Sample;

/// Bytes of address space that glibc reserves for an arena (`HEAP_MAX_SIZE` on 64 bits).
pub const ARENA_BYTES: f64 = 67_108_864.0;
/// Bytes of the stack that a new thread has beside its arena, with some mappings around it.
const STACK_BYTES: f64 = 9.0 * 1_048_576.0;
/// A step may be this much smaller: something else was given back meanwhile.
const LESS: f64 = 524_288.0;
/// Rises of less than this are no candidates: heaps and buffers of their own sizes.
const LARGE: f64 = ARENA_BYTES / 4.0;

/// The large rises of a series.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rises {
    /// Those of one or several arenas that were not filled at once.
    pub of_arenas: u64,
    /// All of them.
    pub all: u64,
}

/// Counts the rises of address space, `resident` being the resident memory at the same positions.
pub fn rises(address_space: &[Sample], resident: &[Sample]) -> Rises {
    let mut found = Rises::default();
    let mut resident = resident.iter().peekable();
    let mut at = |position: f64| {
        let mut last = None;
        while let Some(sample) = resident.next_if(|sample| sample.at <= position) {
            last = Some(sample.value.value);
        }
        last
    };
    let mut before: Option<(f64, Option<f64>)> = None;
    for sample in address_space {
        let now = (sample.value.value, at(sample.at));
        if let Some((size, filled)) = before {
            let rise = now.0 - size;
            let filled = now.1.zip(filled).map_or(0.0, |(now, before)| now - before);
            if rise >= LARGE {
                found.all += 1;
                // A buffer that is as large is filled at once.
                found.of_arenas += u64::from(is_of_arenas(rise) && filled < rise / 2.0);
            }
        }
        before = Some((now.0, now.1.or(before.and_then(|(_, filled)| filled))));
    }
    found
}

/// Whether a rise is a small number of arenas, each with a stack or without.
fn is_of_arenas(rise: f64) -> bool {
    let arenas = ((rise + LESS) / ARENA_BYTES).floor();
    let rest = rise - arenas * ARENA_BYTES;
    // Of more than three arenas, stacks and all, nearly any rise might be made.
    (1.0..=3.0).contains(&arenas) && rest <= arenas * STACK_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Measured;

    const MIB: f64 = 1_048_576.0;

    fn samples(mebibytes: &[f64]) -> Vec<Sample> {
        let value = |size: &f64| Measured::exact(size * MIB);
        (0..).map(f64::from).zip(mebibytes).map(|(at, size)| Sample { at, value: value(size) }).collect()
    }

    #[test]
    fn arenas_are_told_from_other_rises() {
        for (address_space, resident, of_arenas, all) in [
            // An arena; an arena and a stack; two of both.
            (&[100.0, 164.0, 236.1, 380.0][..], &[50.0, 51.0, 52.0, 53.0][..], 3, 3),
            // A buffer of the size of an arena, filled at once.
            (&[100.0, 164.0, 228.0], &[50.0, 114.0, 178.0], 0, 2),
            // Other sizes, small and large, and a fall.
            (&[100.0, 140.0, 141.0, 239.0, 175.0], &[50.0, 50.0, 50.0, 50.0, 50.0], 0, 2),
        ] {
            let found = rises(&samples(address_space), &samples(resident));
            assert_eq!(found, Rises { of_arenas, all }, "{address_space:?}");
        }
    }
}
