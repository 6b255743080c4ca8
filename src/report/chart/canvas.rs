//! A canvas of character cells, in which points are set by their coordinates. Braille characters have eight dots in a
//! cell.

/// Parts of a chart, which are coloured apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Words and blanks.
    Label,
    /// The lines of the axes.
    Axis,
    /// Measured values.
    Reading,
    /// The line of the rate.
    Fit,
    /// A restart.
    Restart,
}

/// Dots of a Braille character: columns and rows.
const DOTS: [usize; 2] = [2, 4];
/// The bit of each dot in the character's code, by row and column (Unicode, Braille Patterns).
const BITS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
/// The Braille character without a dot.
const NO_DOT: u32 = 0x2800;

/// Share of the canvas by which a point on its edge may lie outside.
const EDGE: f64 = 1e-9;

/// Cells between two bounds of coordinates each way. Later signs cover earlier ones.
#[derive(Debug)]
pub struct Canvas {
    columns: usize,
    rows: usize,
    x: [f64; 2],
    y: [f64; 2],
    /// From the top left, row by row.
    cells: Vec<(char, Ink)>,
}

impl Canvas {
    /// Returns an empty canvas, whose outermost cells are at these coordinates.
    pub fn new([columns, rows]: [usize; 2], x: [f64; 2], y: [f64; 2]) -> Self {
        Self { columns, rows, x, y, cells: vec![(' ', Ink::Label); columns * rows] }
    }

    /// Draws a sign at a point, if it lies on the canvas.
    pub fn sign(&mut self, x: f64, y: f64, sign: char, ink: Ink) {
        if let Some([column, row]) = self.place(x, y, [1, 1]) {
            self.cells[row * self.columns + column] = (sign, ink);
        }
    }

    /// Draws a dot at a point, if it lies on the canvas; it joins the dots of the same ink in its cell.
    pub fn dot(&mut self, x: f64, y: f64, ink: Ink) {
        let Some([column, row]) = self.place(x, y, DOTS) else { return };
        let cell = &mut self.cells[row / DOTS[1] * self.columns + column / DOTS[0]];
        let there = match *cell {
            (sign, same) if same == ink && (NO_DOT..NO_DOT + 0x100).contains(&u32::from(sign)) => {
                u32::from(sign)
            }
            _ => NO_DOT,
        };
        let bit = BITS[row % DOTS[1]][column % DOTS[0]];
        *cell = (char::from_u32(there | bit).unwrap_or(' '), ink);
    }

    /// Draws a straight line of signs between two points, as far as it lies on the canvas.
    pub fn line(&mut self, x: [f64; 2], y: [f64; 2], sign: char, ink: Ink) {
        let between = |ends: [f64; 2], share: f64| ends[0] + (ends[1] - ends[0]) * share;
        // The line lies on the canvas between these shares of its length.
        let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
        for (ends, bounds) in [(x, self.x), (y, self.y)] {
            if ends[0] != ends[1] {
                let share = |bound: f64| (bound - ends[0]) / (ends[1] - ends[0]);
                let [one, other] = bounds.map(share);
                (enters, leaves) = (enters.max(one.min(other)), leaves.min(one.max(other)));
            }
        }
        let length = |ends: [f64; 2], bounds: [f64; 2], cells: usize| {
            let span = (between(ends, leaves) - between(ends, enters)).abs() / (bounds[1] - bounds[0]);
            span * cells.saturating_sub(1) as f64
        };
        // A step for each cell of the longer side leaves no gap.
        let steps =
            length(x, self.x, self.columns).max(length(y, self.y, self.rows)).ceil().max(1.0) as usize;
        for step in (0..=steps).filter(|_| enters <= leaves) {
            let share = between([enters, leaves], step as f64 / steps as f64);
            self.sign(between(x, share), between(y, share), sign, ink);
        }
    }

    /// Returns the rows from the top, each in pieces of one ink.
    pub fn rows(&self) -> impl Iterator<Item = Vec<(String, Ink)>> {
        self.cells.chunks(self.columns.max(1)).map(|row| {
            let pieces = row.chunk_by(|a, b| a.1 == b.1);
            pieces.map(|cells| (cells.iter().map(|cell| cell.0).collect(), cells[0].1)).collect()
        })
    }

    /// Returns the place of a point from the top left, in dots of which each cell has `across` and `down`; `None`
    /// outside the canvas.
    fn place(&self, x: f64, y: f64, [across, down]: [usize; 2]) -> Option<[usize; 2]> {
        let place = |at: f64, [low, high]: [f64; 2], dots: usize| {
            let share = (at - low) / (high - low);
            // A point on the edge may be a rounding error away from it; NaN is nowhere.
            (-EDGE..=1.0 + EDGE)
                .contains(&share)
                .then(|| (share * dots.saturating_sub(1) as f64).round().max(0.0) as usize)
        };
        let column = place(x, self.x, self.columns * across)?;
        let row = place(y, self.y, self.rows * down)?;
        Some([column, self.rows * down - 1 - row])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(canvas: &Canvas) -> Vec<String> {
        canvas.rows().map(|row| row.into_iter().map(|(text, _)| text).collect()).collect()
    }

    #[test]
    fn points_stand_in_the_nearest_cell() {
        let mut canvas = Canvas::new([5, 3], [0.0, 8.0], [10.0, 20.0]);
        for (x, y, sign) in [
            (0.0, 10.0, 'a'),
            (8.0, 20.0, 'b'),
            (3.9, 15.0, 'c'),
            (1.1, 12.6, 'd'),
            (8.1, 15.0, 'x'),
            (4.0, 9.9, 'x'),
            (f64::NAN, 15.0, 'x'),
            (4.0, f64::INFINITY, 'x'),
        ] {
            canvas.sign(x, y, sign, Ink::Reading);
        }
        assert_eq!(text(&canvas), ["    b", " dc  ", "a    "]);
    }

    #[test]
    fn dots_share_a_cell() {
        // Each dot of one cell by itself, from the top left.
        for (row, bits) in BITS.iter().enumerate() {
            for (column, bit) in bits.iter().enumerate() {
                let mut canvas = Canvas::new([1, 1], [0.0, 1.0], [0.0, 3.0]);
                canvas.dot(column as f64, 3.0 - row as f64, Ink::Reading);
                assert_eq!(
                    text(&canvas),
                    [char::from_u32(NO_DOT + bit).map(String::from).unwrap_or_default()]
                );
            }
        }
        let mut canvas = Canvas::new([3, 1], [0.0, 5.0], [0.0, 3.0]);
        canvas.line([0.0, 5.0], [0.0, 0.0], '-', Ink::Fit);
        (0..4).for_each(|k| canvas.dot(f64::from(k), f64::from(k), Ink::Reading));
        assert_eq!(text(&canvas), ["⡠⠊-"]);
        let inks: Vec<Ink> = canvas.rows().flatten().map(|(_, ink)| ink).collect();
        assert_eq!(inks, [Ink::Reading, Ink::Fit]);
    }

    #[test]
    fn lines_have_no_gaps_and_end_at_the_edge() {
        for (x, y, expected) in [
            ([0.0, 4.0], [0.0, 2.0], ["   ##", " ##  ", "#    "]),
            ([2.0, 2.0], [0.0, 2.0], ["  #  ", "  #  ", "  #  "]),
            ([-1e6, 1e6], [1.0, 1.0], ["     ", "#####", "     "]),
            ([0.0, 4.0], [9.0, 9.0], ["     ", "     ", "     "]),
            ([1.0, 1.0], [1.0, 1.0], ["     ", " #   ", "     "]),
            ([-9.0, -1.0], [1.0, 1.0], ["     ", "     ", "     "]),
            ([f64::NAN, 4.0], [0.0, 2.0], ["     ", "     ", "     "]),
        ] {
            let mut canvas = Canvas::new([5, 3], [0.0, 4.0], [0.0, 2.0]);
            canvas.line(x, y, '#', Ink::Fit);
            assert_eq!(text(&canvas), expected, "{x:?} {y:?}");
        }
    }
}
