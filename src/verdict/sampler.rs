//! The code that takes the snapshots, recognised by its file.
//!
//! A line that keeps something of each snapshot, a number in a list or a handle, runs for the first time after the
//! first snapshot was taken. So all sites of its file that move hold nothing in that snapshot, some hold something
//! within the next few (or, where a cut list shows them later, one block for each snapshot since the first, and no
//! more), and they gain about one small block a snapshot, because they run once for each. A program's own modules moved
//! before, and by its work.

use super::rules::{Apply, Peers, Rule};
use super::types::{Beginning, ScoredSite, SiteKind};

/// The file of the sampling code is recognised.
pub const SAMPLER: Rule = Rule { name: "sampler", apply: Apply::Peers(sampler) };

/// At least this many sites of a file …
const LEAST_SITES: usize = 2;
/// … hold memory within this many snapshots after the first.
const SOON: usize = 3;
/// One block a snapshot, and a list that is enlarged now and then: what one line keeps for each. At least one site of
/// the file gains so little …
const ONE_A_SNAPSHOT: f64 = 1.3;
/// … and others that are known to have begun with nothing at most this: a line may keep a record of a few values.
const A_RECORD_A_SNAPSHOT: f64 = 4.0;
/// Numbers, handles and entries of a dictionary are not larger than this, in bytes.
const LARGEST_BLOCK: f64 = 128.0;

fn sampler(sites: &mut [ScoredSite], peers: &Peers<'_>) {
    for file in peers.files {
        let moves = |i: &usize| sites[*i].bytes.form.steps.grew + sites[*i].bytes.form.steps.shrank > 0;
        let moving: Vec<usize> = file.iter().copied().filter(moves).collect();
        let began_soon = |i: usize| match sites[i].profile.beginning {
            Beginning::Nothing { until } => until <= SOON,
            Beginning::Unknown { listed } => {
                sites[i].profile.first_blocks.is_some_and(|blocks| blocks <= listed as u64)
            }
            Beginning::Something => false,
        };
        let gains_one = |i: usize| keeps_small_blocks(&sites[i], ONE_A_SNAPSHOT);
        let is_sampler = moving.iter().all(|&i| sites[i].profile.beginning != Beginning::Something)
            && moving.iter().filter(|&&i| began_soon(i)).count() >= LEAST_SITES
            && moving.iter().any(|&i| gains_one(i));
        for i in moving.into_iter().filter(|_| is_sampler) {
            let known = matches!(sites[i].profile.beginning, Beginning::Nothing { .. });
            let most = if known { A_RECORD_A_SNAPSHOT } else { ONE_A_SNAPSHOT };
            if sites[i].kind == SiteKind::Plain && keeps_small_blocks(&sites[i], most) {
                sites[i].kind = SiteKind::Sampler;
            }
        }
    }
}

/// Whether a site holds small blocks, at most this many for each snapshot.
fn keeps_small_blocks(site: &ScoredSite, per_snapshot: f64) -> bool {
    let (profile, steps) = (&site.profile, site.bytes.values.saturating_sub(1));
    profile.last_blocks.is_some_and(|blocks| {
        let blocks = blocks as f64;
        blocks <= per_snapshot * steps as f64 && profile.last_bytes.value <= LARGEST_BLOCK * blocks
    })
}
