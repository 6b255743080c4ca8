//! One chart in lines of text: axes with their labels, and a canvas of cells between them.

use super::axis::Sizes;
use super::canvas::{Canvas, Ink};
use crate::report::document::Plot;

/// Characters of a chart.
#[derive(Debug, Clone, Copy)]
pub struct Signs {
    /// A reading.
    pub reading: char,
    /// The line of the rate.
    pub fit: char,
    /// A restart.
    pub restart: char,
    /// The axis of sizes, their corner, and the axis of positions.
    axes: [char; 3],
}

/// The character of readings that share a cell, in the legend.
pub const CROWDED: char = '⠢';
/// The signs on a terminal that shows every character.
pub const SIGNS: Signs = Signs { reading: '•', fit: '─', restart: '┊', axes: ['│', '└', '─'] };
/// The signs in ASCII.
pub const ASCII_SIGNS: Signs = Signs { reading: '*', fit: '-', restart: ':', axes: ['|', '+', '-'] };

/// A chart to be drawn.
pub struct Drawing<'a> {
    /// The series.
    pub plot: &'a Plot,
    /// Its axis of sizes.
    pub sizes: &'a Sizes,
    /// The labels below: at the left end, in the middle if there are three, at the right end.
    pub positions: Vec<String>,
    /// Whether the line of the rate is drawn.
    pub with_fit: bool,
    /// Columns of the whole chart.
    pub width: usize,
    /// Rows that the readings take, more or less.
    pub rows: usize,
    /// Whether only ASCII characters may be used.
    pub ascii: bool,
}

/// Returns the lines of a chart, each in pieces of one ink; none if the labels alone are as wide as the chart.
pub fn draw(drawing: &Drawing<'_>) -> Vec<Vec<(String, Ink)>> {
    let Drawing { plot, sizes, width, ascii, .. } = drawing;
    let (Some(&first), Some(&last)) = (plot.at.first(), plot.at.last()) else { return Vec::new() };
    let signs = if *ascii { ASCII_SIGNS } else { SIGNS };
    let margin = sizes.labels.iter().map(String::len).max().unwrap_or(0);
    let Some(columns) = width.checked_sub(margin + 1).filter(|columns| *columns > 0) else {
        return Vec::new();
    };
    // Each label of the sizes has a row of its own, equally far from the next.
    let stretches = sizes.labels.len().saturating_sub(1).max(1);
    let each = ((drawing.rows.saturating_sub(1) + stretches / 2) / stretches).max(1);
    // A single point stands in the middle.
    let bounds = if last > first { [first, last] } else { [first - 1.0, first + 1.0] };
    let mut canvas = Canvas::new([columns, each * stretches + 1], bounds, sizes.bounds);
    for &at in &plot.restarts {
        canvas.line([at; 2], sizes.bounds, signs.restart, Ink::Restart);
    }
    if let Some(fit) = plot.fit.as_ref().filter(|_| drawing.with_fit) {
        canvas.line(fit.at, fit.bytes, signs.fit, Ink::Fit);
    }
    let is_crowded = is_crowded(plot, *width, *ascii);
    for (&at, &bytes) in plot.at.iter().zip(&plot.bytes) {
        if is_crowded {
            canvas.dot(at, bytes, Ink::Reading);
        } else {
            canvas.sign(at, bytes, signs.reading, Ink::Reading);
        }
    }
    let mut lines = Vec::new();
    for (from_above, cells) in canvas.rows().enumerate() {
        let row = each * stretches - from_above;
        let label = sizes.labels.get(row / each).filter(|_| row.is_multiple_of(each));
        let label = format!("{:>margin$}", label.map_or("", String::as_str));
        let mut line = vec![(label, Ink::Label), (signs.axes[0].to_string(), Ink::Axis)];
        line.extend(cells);
        lines.push(line);
    }
    let axis = signs.axes[1].to_string() + &signs.axes[2].to_string().repeat(columns);
    lines.push(vec![(" ".repeat(margin), Ink::Label), (axis, Ink::Axis)]);
    lines.push(vec![(below(&drawing.positions, margin, *width), Ink::Label)]);
    lines
}

/// Returns whether there are more points than columns, so that Braille dots show points apart that share a cell.
pub fn is_crowded(plot: &Plot, width: usize, ascii: bool) -> bool {
    plot.at.len() > width && !ascii
}

/// Returns the line of labels of the axis of positions: the first around its left end, others in the middle and at the
/// right end. Where labels would meet, the middle one is left out, then the last.
fn below(labels: &[String], margin: usize, width: usize) -> String {
    let last = labels.len().saturating_sub(1);
    let mut placed: Vec<(usize, &str)> = labels
        .iter()
        .enumerate()
        .map(|(i, label)| match i {
            0 => (margin.saturating_sub(label.len() / 2), label.as_str()),
            _ if i == last => (width.saturating_sub(label.len()), label.as_str()),
            _ => ((margin + 1 + width).saturating_sub(label.len()) / 2, label.as_str()),
        })
        .filter(|(from, label)| from + label.len() <= width)
        .collect();
    let meet = |placed: &[(usize, &str)]| placed.windows(2).any(|w| w[0].0 + w[0].1.len() >= w[1].0);
    while placed.len() > 1 && meet(&placed) {
        placed.remove(if placed.len() > 2 { 1 } else { placed.len() - 1 });
    }
    placed.iter().fold(String::new(), |line, (from, label)| format!("{line:<from$}{label}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Axis;
    use crate::report::document::Fit;

    fn plot(at: Vec<f64>, bytes: Vec<f64>) -> Plot {
        let samples = at.len() as u64;
        Plot {
            axis: Axis::Snapshots,
            at,
            bytes,
            half_width: Vec::new(),
            restarts: Vec::new(),
            fit: None,
            corner: None,
            samples,
        }
    }

    fn text(plot: &Plot, width: usize, ascii: bool) -> String {
        let labels = ["0 B", "50 B", "100 B"].map(str::to_owned).to_vec();
        let lines = draw(&Drawing {
            plot,
            sizes: &Sizes { bounds: [0.0, 100.0], labels },
            positions: vec!["snapshot 1".to_owned(), "11".to_owned(), "21".to_owned()],
            with_fit: true,
            width,
            rows: 7,
            ascii,
        });
        let line = |line: &Vec<(String, Ink)>| line.iter().map(|(text, _)| text.as_str()).collect::<String>();
        lines.iter().map(|pieces| line(pieces).trim_end().to_owned() + "\n").collect()
    }

    #[test]
    fn a_chart() {
        let mut plot =
            plot((0..21).map(f64::from).collect(), (0..21).map(|k| f64::from(k * k) / 4.0).collect());
        plot.restarts = vec![10.0];
        plot.fit = Some(Fit { at: [0.0, 20.0], bytes: [0.0, 80.0], low: None, high: None });
        // Fewer points than columns, the same in ASCII, more points than columns.
        insta::assert_snapshot!(
            "chart",
            [(40, false), (40, true), (20, false)].map(|(width, ascii)| text(&plot, width, ascii)).join("\n")
        );
        // Narrower than the labels.
        assert_eq!(text(&plot, 6, false), "");
    }

    #[test]
    fn labels_below_do_not_meet() {
        let labels = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        for (texts, width, line) in [
            (&["first", "middle", "last"][..], 40, "  first            middle           last"),
            (&["first", "middle", "last"], 20, "  first  middle last"),
            (&["first", "middle", "last"], 17, "  first      last"),
            (&["a long first one", "last"], 40, "a long first one                    last"),
            (&["a long first one", "last"], 19, "a long first one"),
            (&["wider than the chart"], 10, ""),
            (&[], 40, ""),
        ] {
            assert_eq!(below(&labels(texts), 4, width), line, "{texts:?} {width}");
        }
    }
}
