//! What the numbers of a column say of their unit.

use super::cells::Cell;
use super::row::{Row, Style};

/// The numbers of a column in the first rows.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    numbers: Vec<f64>,
    /// Whether a cell is neither a number nor a gap.
    has_text: bool,
    /// Whether all are whole.
    pub are_whole: bool,
    /// Whether all cells have a unit.
    pub have_units: bool,
    /// The most digits after the point of a number that is not whole.
    pub decimals: u32,
}

/// Numbers that must agree.
const ENOUGH: usize = 3;
/// Numbers that must agree where one in four does by chance.
const MANY: usize = 5;
/// Least number that may be memory in bytes.
const LEAST_BYTES: f64 = 65_536.0;

impl Evidence {
    /// Returns the evidence of the column at a place.
    #[must_use]
    pub fn of(rows: &[Row], place: usize, style: Style) -> Self {
        let mut found = Self { are_whole: true, have_units: true, ..Self::default() };
        for row in rows {
            match style.cell(row.cells.get(place).map_or("", String::as_str)) {
                Cell::Number(number) => {
                    found.have_units &= number.unit.is_some() || number.value == 0.0;
                    if number.value.fract() != 0.0 {
                        found.are_whole = false;
                        found.decimals = found.decimals.max(number.decimals.unwrap_or(0));
                    }
                    if number.value != 0.0 {
                        found.numbers.push(number.value);
                    }
                }
                Cell::Gap => {}
                Cell::Text => found.has_text = true,
            }
        }
        found.numbers.sort_by(f64::total_cmp);
        found.numbers.dedup();
        found.have_units &= !found.numbers.is_empty();
        found
    }

    /// Whether there are no numbers but 0.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Whether the column holds numbers and gaps.
    #[must_use]
    pub const fn are_numbers(&self) -> bool {
        !self.has_text && !self.numbers.is_empty()
    }

    /// Whether the numbers may be memory in bytes.
    #[must_use]
    pub fn may_be_bytes(&self) -> bool {
        self.are_numbers() && self.are_whole && self.numbers.iter().all(|number| *number >= LEAST_BYTES)
    }

    /// Whether all numbers are whole pages in bytes: of other numbers one in 4096 is by chance.
    #[must_use]
    pub fn are_whole_pages(&self) -> bool {
        self.numbers.len() >= ENOUGH
            && self.are_numbers()
            && self.numbers.iter().all(|number| number % 4096.0 == 0.0)
    }

    /// Whether the numbers are whole pages in KiB and cannot be whole pages in bytes.
    #[must_use]
    pub fn are_kibibytes_of_pages(&self) -> bool {
        self.numbers.len() >= MANY
            && self.are_numbers()
            && self.numbers.iter().all(|number| number % 4.0 == 0.0)
            && self.numbers.iter().any(|number| number % 4096.0 != 0.0)
    }
}
