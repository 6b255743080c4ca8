//! A series in a few characters.

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII: [char; 8] = ['_', '.', ',', '-', '~', '=', '^', '#'];

/// One character a value, from its smallest to its largest; a blank where nothing is known. A constant
/// series is a low line.
#[must_use]
pub fn sparkline(values: &[Option<f64>], ascii: bool) -> String {
    let marks = if ascii { ASCII } else { BLOCKS };
    let known = || values.iter().flatten().copied();
    let (low, high) =
        known().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let mark = |value: f64| {
        if high <= low {
            return marks[0];
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let step = ((value - low) / (high - low) * 7.0).round() as usize;
        marks[step.min(7)]
    };
    values.iter().map(|value| value.map_or(' ', mark)).collect()
}

/// Returns at most `most` values: of each stretch the last known one.
#[must_use]
pub fn coarser(values: &[Option<f64>], most: usize) -> Vec<Option<f64>> {
    if values.len() <= most || most == 0 {
        return values.to_vec();
    }
    (0..most)
        .map(|cell| {
            let (from, to) = (cell * values.len() / most, (cell + 1) * values.len() / most);
            values[from..to].iter().rev().copied().flatten().next()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_characters() {
        let known = |values: &[f64]| values.iter().map(|v| Some(*v)).collect::<Vec<_>>();
        for (values, drawn) in [
            (known(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), "▁▂▃▄▅▆▇█"),
            (known(&[5.0, 5.0]), "▁▁"),
            (vec![Some(0.0), None, Some(9.0)], "▁ █"),
            (vec![], ""),
        ] {
            assert_eq!(sparkline(&values, false), drawn);
        }
        assert_eq!(sparkline(&known(&[0.0, 7.0]), true), "_#");
        assert_eq!(coarser(&known(&[1.0, 2.0, 3.0, 4.0]), 2), known(&[2.0, 4.0]));
    }
}
