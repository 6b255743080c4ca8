//! The movement of a series from value to value, in sums.

/// Number of sums that need not wait for each other.
const LANES: usize = 4;

/// A series gives nothing back if no more than this share of its movement is downward.
pub const GIVEN_BACK: f64 = 0.02;

/// The movement of a series.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Movement {
    /// Sum of the rises.
    pub up: f64,
    /// Sum of the falls, as a positive number.
    pub down: f64,
    /// Sum of the squares of all steps.
    pub squares: f64,
}

impl Movement {
    /// The movement of `y`. Cost: one pass.
    #[must_use]
    pub fn of(y: &[f64]) -> Self {
        let (from, to) = (&y[..y.len().saturating_sub(1)], y.get(1..).unwrap_or_default());
        let (mut up, mut down, mut squares) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        let ((from, from_left), (to, to_left)) = (from.as_chunks::<LANES>(), to.as_chunks::<LANES>());
        for (from, to) in from.iter().zip(to) {
            for lane in 0..LANES {
                let d = to[lane] - from[lane];
                up[lane] += if d > 0.0 { d } else { 0.0 };
                down[lane] += if d < 0.0 { d } else { 0.0 };
                squares[lane] += d * d;
            }
        }
        for (from, to) in from_left.iter().zip(to_left) {
            let d = to - from;
            up[0] += if d > 0.0 { d } else { 0.0 };
            down[0] += if d < 0.0 { d } else { 0.0 };
            squares[0] += d * d;
        }
        let [up, down, squares] = [up, down, squares].map(|lanes| lanes.iter().sum::<f64>());
        Self { up, down: -down, squares }
    }

    /// The share of the movement that is downward; 0 where nothing moved.
    #[must_use]
    pub fn falls_share(&self) -> f64 {
        if self.up + self.down > 0.0 { self.down / (self.up + self.down) } else { 0.0 }
    }

    /// The number of equal steps that the growth is worth, (Σd)² / Σd²: 1 for one jump, n − 1 for an even leak, 0 if it
    /// did not grow.
    #[must_use]
    pub fn effective_rises(&self) -> f64 {
        let net = self.up - self.down;
        if net > 0.0 { net * net / self.squares } else { 0.0 }
    }

    /// Whether more than this share of the movement is downward.
    #[must_use]
    pub fn gives_back(&self, share: f64) -> bool {
        self.down > share * (self.up + self.down)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_summed() {
        for (y, up, down, squares) in [
            (vec![], 0.0, 0.0, 0.0),
            (vec![3.0], 0.0, 0.0, 0.0),
            (vec![3.0, 5.0, 5.0, 1.0], 2.0, 4.0, 20.0),
            (vec![0.0, 3.0, 0.0, 3.0, 0.0, 3.0, 0.0, 3.0, 2.0, 3.0], 13.0, 10.0, 65.0),
        ] {
            assert_eq!(Movement::of(&y), Movement { up, down, squares }, "{y:?}");
        }
        let given_back = Movement::of(&[0.0, 9.0, 8.0]);
        assert!(given_back.gives_back(0.09) && !given_back.gives_back(0.1));
    }

    #[test]
    fn effective_rises_count_equal_steps() {
        let cases: [(&[f64], f64); 5] = [
            (&[0.0, 1.0, 2.0, 3.0], 3.0),
            (&[0.0, 0.0, 7.0, 7.0], 1.0),
            (&[0.0, 1.0, 1.0, 2.0], 2.0),
            (&[3.0, 2.0, 1.0], 0.0),
            (&[5.0, 5.0], 0.0),
        ];
        for (y, expected) in cases {
            assert_eq!(Movement::of(y).effective_rises(), expected, "{y:?}");
        }
    }
}
