//! Profiles in protocol buffers.

use leakdiff::formats::{FormatOptions, GroupBy, Grouping};

use super::records::{format, hold_bytes, options};

/// The first byte chooses how stacks are grouped; the rest is the profile.
pub fn profiles(data: &[u8]) {
    let Some((&way, profile)) = data.split_first() else { return };
    let by = [GroupBy::Line, GroupBy::File, GroupBy::Package, GroupBy::Function, GroupBy::Traceback];
    let by = by.get(usize::from(way & 7)).copied();
    let cumulative = way & 8 != 0 && by != Some(GroupBy::Traceback);
    let grouping = Grouping { by, cumulative, ..Grouping::default() };
    hold_bytes(profile, format("pprof"), &FormatOptions { grouping, ..options() });
}
