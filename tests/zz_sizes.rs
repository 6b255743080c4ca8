use std::mem::size_of;
#[test]
fn sizes() {
    use leakdiff::{model::*, reconstruct::*, report::document::*, verdict::*};
    println!(
        "JudgedSite {} Trend {} Tests {} NamedTests {} Profile {} SiteHistory {} Site {} Place {} SiteRow {} TrendRow {} ProcessRow {} JudgedProcess {}",
        size_of::<JudgedSite>(),
        size_of::<Trend>(),
        size_of::<Tests>(),
        size_of::<NamedTests>(),
        size_of::<Profile>(),
        size_of::<SiteHistory>(),
        size_of::<Site>(),
        size_of::<Place>(),
        size_of::<SiteRow>(),
        size_of::<TrendRow>(),
        size_of::<ProcessRow>(),
        size_of::<JudgedProcess>()
    );
}
#[test]
fn more_sizes() {
    use leakdiff::{report::document::*, verdict::*};
    println!(
        "ScoredSite {} Evidence {} Reason {} Rate {} Timestamp {} SubjectRow {} SinceRow {} Worded {}",
        size_of::<ScoredSite>(),
        size_of::<Evidence>(),
        size_of::<Reason>(),
        size_of::<Rate>(),
        size_of::<Timestamp>(),
        size_of::<SubjectRow>(),
        size_of::<SinceRow>(),
        size_of::<Worded<Reason>>()
    );
}
