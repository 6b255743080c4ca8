//! One chart in lines of text. The widget of ratatui places axes, labels and points into cells; here the cells become text.

use ratatui_core::buffer::Buffer;
use ratatui_core::layout::{Alignment, Rect};
use ratatui_core::style::{Color, Style as CellStyle};
use ratatui_core::symbols::Marker;
use ratatui_core::widgets::Widget;
use ratatui_widgets::chart::{Axis, Chart, Dataset, GraphType};

use super::axis::Sizes;
use crate::report::document::Plot;

/// What a piece of a chart is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Words and blanks.
    Label,
    /// The lines of the axes.
    Axis,
    /// What was measured.
    Reading,
    /// The line of the rate.
    Fit,
    /// A restart.
    Restart,
}

impl Ink {
    /// The colour that marks a cell until it is read again; what people see is decided later.
    const fn colour(self) -> Color {
        match self {
            Self::Label => Color::Reset,
            Self::Axis => Color::Indexed(1),
            Self::Reading => Color::Indexed(2),
            Self::Fit => Color::Indexed(3),
            Self::Restart => Color::Indexed(4),
        }
    }

    fn of(colour: Color) -> Self {
        [Self::Axis, Self::Reading, Self::Fit, Self::Restart]
            .into_iter()
            .find(|ink| ink.colour() == colour)
            .unwrap_or(Self::Label)
    }

    const fn style(self) -> CellStyle {
        CellStyle::new().fg(self.colour())
    }
}

/// Signs that stand for what is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Signs {
    /// A reading.
    pub reading: char,
    /// The line of the rate.
    pub fit: char,
    /// A restart.
    pub restart: char,
}

/// What stands for readings that share a cell, in the legend.
pub const CROWDED: char = '⠢';
/// The signs on a terminal that shows every character.
pub const SIGNS: Signs = Signs { reading: '•', fit: '─', restart: '┊' };
/// The signs in ASCII.
pub const ASCII_SIGNS: Signs = Signs { reading: '*', fit: '-', restart: ':' };

/// What is to be drawn.
pub struct Drawing<'a> {
    /// The series.
    pub plot: &'a Plot,
    /// Its axis of sizes.
    pub sizes: &'a Sizes,
    /// What is written below.
    pub positions: Vec<String>,
    /// Whether the line of the rate is drawn.
    pub with_fit: bool,
    /// Columns.
    pub width: u16,
    /// Rows that the readings take, more or less.
    pub rows: usize,
    /// Whether only ASCII characters may be used.
    pub ascii: bool,
}

/// The lines of a chart, each in pieces of one ink.
pub fn draw(drawing: &Drawing<'_>) -> Vec<Vec<(String, Ink)>> {
    let Drawing { plot, sizes, .. } = drawing;
    let (Some(&first), Some(&last)) = (plot.at.first(), plot.at.last()) else { return Vec::new() };
    let signs = if drawing.ascii { ASCII_SIGNS } else { SIGNS };
    // One point has nothing beside it, and stands in the middle.
    let bounds = if last > first { [first, last] } else { [first - 1.0, first + 1.0] };
    let readings: Vec<(f64, f64)> = plot.at.iter().copied().zip(plot.bytes.iter().copied()).collect();
    let restarts: Vec<[(f64, f64); 2]> =
        plot.restarts.iter().map(|&at| [(at, sizes.bounds[0]), (at, sizes.bounds[1])]).collect();
    let fit = plot.fit.as_ref().filter(|_| drawing.with_fit);
    let fit: Vec<(f64, f64)> =
        fit.iter().flat_map(|fit| fit.at.iter().copied().zip(fit.bytes.iter().copied())).collect();
    let reading = if is_crowded(plot, usize::from(drawing.width), drawing.ascii) {
        Marker::Braille
    } else {
        Marker::Custom(signs.reading)
    };
    let set = |data, marker, graph, ink: Ink| {
        Dataset::default().data(data).marker(marker).graph_type(graph).style(ink.style())
    };
    let mut sets: Vec<Dataset<'_>> = restarts
        .iter()
        .map(|line| set(line, Marker::Custom(signs.restart), GraphType::Line, Ink::Restart))
        .collect();
    sets.push(set(&fit, Marker::Custom(signs.fit), GraphType::Line, Ink::Fit));
    sets.push(set(&readings, reading, GraphType::Scatter, Ink::Reading));
    let horizontal =
        Axis::default().bounds(bounds).labels(drawing.positions.clone()).style(Ink::Axis.style());
    let vertical = Axis::default()
        .bounds(sizes.bounds)
        .labels(sizes.labels.clone())
        .labels_alignment(Alignment::Right)
        .style(Ink::Axis.style());
    let chart = Chart::new(sets)
        .x_axis(horizontal.labels_alignment(Alignment::Center))
        .y_axis(vertical)
        .legend_position(None);
    let area = Rect::new(0, 0, drawing.width, height(drawing.rows, sizes.labels.len()));
    let mut cells = Buffer::empty(area);
    chart.render(area, &mut cells);
    lines(&cells, drawing.ascii)
}

/// Whether there are more points than columns: several share a cell then, and Braille dots within it show them apart.
pub fn is_crowded(plot: &Plot, width: usize, ascii: bool) -> bool {
    plot.at.len() > width && !ascii
}

/// Rows of the whole chart: such that each label of the sizes has a row of its own, equally far from the next, with
/// the axis and its labels below.
fn height(rows: usize, labels: usize) -> u16 {
    let stretches = labels.saturating_sub(1).max(1);
    let each = (rows.saturating_sub(1) + stretches / 2) / stretches;
    u16::try_from(each.max(1) * stretches + 1).unwrap_or(u16::MAX - 2) + 2
}

fn lines(cells: &Buffer, ascii: bool) -> Vec<Vec<(String, Ink)>> {
    cells
        .content()
        .chunks(usize::from(cells.area().width).max(1))
        .map(|row| {
            let mut pieces: Vec<(String, Ink)> = Vec::new();
            for cell in row {
                let symbol = if ascii { in_ascii(cell.symbol()) } else { cell.symbol() };
                let ink = Ink::of(cell.fg);
                match pieces.last_mut() {
                    Some((text, last)) if *last == ink => text.push_str(symbol),
                    _ => pieces.push((symbol.to_owned(), ink)),
                }
            }
            pieces
        })
        .collect()
}

/// The lines of the axes in ASCII; all else is ASCII already.
fn in_ascii(symbol: &str) -> &str {
    match symbol {
        "│" => "|",
        "─" => "-",
        "└" => "+",
        other => other,
    }
}
