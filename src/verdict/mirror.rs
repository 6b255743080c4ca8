//! The score of a site upside down: a sample of what chance brings in this recording.
//!
//! A series that moves without a trend, a random walk or a queue, is as likely as its mirror image max + min − y. The
//! scores of mirror images are therefore those that such series reach by chance, whatever their noise, and need no
//! model of it. A leak upside down falls, and scores low.

use super::evidence::upside_down;
use super::rules::{Rules, SiteFacts, SiteScore};
use super::site::score_site;
use super::types::{SiteKind, Thresholds};
use crate::reconstruct::SiteSeries;

/// Returns the score of a site upside down, by all facts that its own score rests on. `None` for a site that did not
/// fall in all: upside down it did not rise. `complete` is whether no list can have hidden it, `points` the number of
/// measured points.
pub fn mirrored_score(
    series: &SiteSeries,
    complete: bool,
    points: usize,
    thresholds: &Thresholds,
    rules: &Rules,
) -> Option<f64> {
    let SiteSeries { bytes, blocks, extent, .. } = series;
    let (first, last) = (bytes.first()?.value.value, bytes.last()?.value.value);
    if last >= first {
        return None;
    }
    let (score, mirrored) = upside_down(bytes, extent, thresholds, rules)?;
    if blocks.samples().is_empty() {
        return Some(score);
    }
    let (blocks_score, mirrored_blocks) = upside_down(blocks, extent, thresholds, rules).unzip();
    let blocks = mirrored_blocks.unwrap_or_default();
    let facts = SiteFacts { bytes: &mirrored, blocks: &blocks, blocks_score, complete, points };
    Some(score_site(SiteScore { score, kind: SiteKind::Plain }, &facts, rules).score)
}
