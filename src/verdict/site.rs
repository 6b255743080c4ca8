//! Facts about a site other than the score of its bytes: its blocks, and forms that look like a leak or hide one.

use super::free_list_drift::is_free_list_drift;
use super::resized_container::is_filling;
use super::rules::{Apply, Rule, Rules, SiteFacts, SiteScore};
use super::score::{Gain, site_break_even};
use super::types::SiteKind;
use crate::stats::step_pattern::{lasting, step_pattern};

/// The score of a free-list drift is at most this.
const DRIFT: f64 = -1.0;
/// The score of a container that fills is at least the break-even one less this: nearly as likely to go on as not.
const FILLING: f64 = 0.25;

/// A site's blocks in addition to its bytes.
pub const BLOCKS: Rule = Rule { name: "blocks", apply: Apply::Site(with_blocks) };
/// Small blocks that build up slowly are no leak.
pub const FREE_LIST_DRIFT: Rule = Rule { name: "free-list-drift", apply: Apply::Site(free_list_drift) };
/// A container that was resized may be filling.
pub const RESIZED_CONTAINER: Rule =
    Rule { name: "resized-containers", apply: Apply::Site(resized_container) };

/// Returns the score of a site by all facts, from the `score` of its bytes.
#[must_use]
pub fn score_site(score: SiteScore, facts: &SiteFacts<'_>, rules: &Rules) -> SiteScore {
    rules.iter().fold(score, |mut score, rule| {
        if let Apply::Site(apply) = rule.apply {
            apply(facts, &mut score);
        }
        score
    })
}

fn with_blocks(facts: &SiteFacts<'_>, site: &mut SiteScore) {
    if let Some(blocks) = facts.blocks_score {
        site.score = f64::midpoint(site.score, blocks);
    }
}

fn free_list_drift(facts: &SiteFacts<'_>, site: &mut SiteScore) {
    let &SiteFacts { blocks, complete, .. } = facts;
    let Some(&last) = facts.bytes.last().filter(|_| site.kind == SiteKind::Plain) else { return };
    // Without the first quarter, in which everything starts up.
    let has_pattern = || step_pattern(&lasting(blocks)[blocks.len() / 4..], 0.0).is_some();
    if site.score > DRIFT && is_free_list_drift(blocks, last, complete) && !has_pattern() {
        *site = SiteScore { score: DRIFT, kind: SiteKind::FreeListDrift };
    }
}

fn resized_container(facts: &SiteFacts<'_>, site: &mut SiteScore) {
    let gain = Gain::of(facts.bytes, facts.blocks);
    let nearly_even = site_break_even(facts.points, gain) - FILLING;
    if site.kind == SiteKind::Plain && site.score < nearly_even && is_filling(facts.bytes, facts.blocks) {
        *site = SiteScore { score: nearly_even, kind: SiteKind::ResizedContainer };
    }
}
