//! Globs of sites.

use globset::{Glob, GlobSet};

use crate::error::Error;
use crate::model::{Metric, Site};
use crate::reconstruct::ProcessSeries;

/// Keeps the series of the metrics with these names, or all if there are none.
///
/// # Errors
/// [`Error::Usage`] if a name is that of no metric of the recording. Those of the kernel are known, whatever it holds.
pub(super) fn keep_metrics(processes: &mut Vec<ProcessSeries>, names: &[String]) -> Result<(), Error> {
    if names.is_empty() {
        return Ok(());
    }
    let is = |metric: Metric, name: &str| metric.name().eq_ignore_ascii_case(name);
    let is_kernel = |name: &&String| Metric::KERNEL.into_iter().any(|metric| is(metric, name));
    let is_here = |name: &&String| processes.iter().any(|process| is(process.metric, name));
    if let Some(unknown) = names.iter().find(|name| !is_kernel(name) && !is_here(name)) {
        let mut known: Vec<&str> = processes.iter().map(|process| process.metric.name()).collect();
        known.sort_unstable();
        known.dedup();
        let expected = match known[..] {
            [] => "a recording with metrics of a process".to_owned(),
            [only] => format!("{only}, which alone the recording has"),
            _ => format!("one of those in the recording: {}", known.join(", ")),
        };
        return Err(Error::Usage { option: "--metric", expected, found: unknown.clone() });
    }
    processes.retain(|process| names.iter().any(|name| is(process.metric, name)));
    Ok(())
}

/// Globs that are compiled into one automaton: it has a bound, which a few thousand reach.
const TOGETHER: usize = 1000;

/// Any number of globs; a text is held against all at once.
#[derive(Debug)]
pub(super) struct Globs(Vec<GlobSet>);

impl Globs {
    /// Compiles patterns; returns the place of each glob's pattern as well.
    fn new(patterns: &[String]) -> Result<(Self, Vec<usize>), Error> {
        let (mut globs, mut places) = (Vec::new(), Vec::new());
        for (place, pattern) in patterns.iter().enumerate() {
            for glob in globs_of(pattern)? {
                globs.push(glob);
                places.push(place);
            }
        }
        let set = |globs: &[Glob]| GlobSet::new(globs).map_err(|e| Error::Request(e.to_string()));
        Ok((Self(globs.chunks(TOGETHER).map(set).collect::<Result<_, _>>()?), places))
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a text is that of one of the globs.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.0.iter().any(|set| set.is_match(text))
    }

    /// Returns the first glob whose text this is.
    fn first(&self, text: &str) -> Option<usize> {
        let of_set =
            |(set, globs): (usize, &GlobSet)| Some(set * TOGETHER + globs.matches(text).into_iter().min()?);
        self.0.iter().enumerate().find_map(of_set)
    }
}

/// Globs of sites that are allowed to grow.
#[derive(Debug)]
pub(super) struct Allowed {
    globs: Globs,
    /// The place of each glob's pattern among those that were given.
    places: Vec<usize>,
}

impl Allowed {
    pub(super) fn new(patterns: &[String]) -> Result<Self, Error> {
        Globs::new(patterns).map(|(globs, places)| Self { globs, places })
    }

    /// Returns the place of the first glob that is that of a site or of its file.
    pub(super) fn first(&self, site: &Site) -> Option<usize> {
        let texts = [Some(site.text()), site.file().map(str::to_owned)];
        let found = texts.into_iter().flatten().filter_map(|text| self.globs.first(&text));
        found.filter_map(|glob| self.places.get(glob).copied()).min()
    }
}

/// The choice of the sites to analyse.
#[derive(Debug)]
pub(super) struct SiteFilter {
    include: Option<Globs>,
    exclude: Globs,
}

impl SiteFilter {
    pub(super) fn new(include: &[String], exclude: &[String]) -> Result<Self, Error> {
        let include = if include.is_empty() { None } else { Some(globs(include)?) };
        Ok(Self { include, exclude: globs(exclude)? })
    }

    pub(super) fn keeps_all(&self) -> bool {
        self.include.is_none() && self.exclude.is_empty()
    }

    /// A glob is held against the whole text of a site and against its file, so that `*/openstack/*` and
    /// `app.py` both match.
    pub(super) fn keeps(&self, text: &str, file: Option<&str>) -> bool {
        let matches = |globs: &Globs| globs.is_match(text) || file.is_some_and(|file| globs.is_match(file));
        self.include.as_ref().is_none_or(matches) && !matches(&self.exclude)
    }
}

/// Compiles globs.
pub(super) fn globs(patterns: &[String]) -> Result<Globs, Error> {
    Globs::new(patterns).map(|(globs, _)| globs)
}

/// Compiles a pattern. A bare file name means that file wherever it lies.
fn globs_of(pattern: &str) -> Result<Vec<Glob>, Error> {
    let glob =
        |text: &str| Glob::new(text).map_err(|e| Error::Request(format!("glob \"{pattern}\": {}", e.kind())));
    let mut all = vec![glob(pattern)?];
    if !pattern.contains(['/', '\\', '*']) {
        all.push(glob(&format!("*[/\\\\]{pattern}"))?);
    }
    Ok(all)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn globs_select_sites() {
        let texts: Vec<String> = vec!["*/openstack/*".into(), "app.py".into()];
        let filter = SiteFilter::new(&texts, &["*/openstack/config/*".into()]).unwrap();
        for (text, file, kept) in [
            ("/usr/lib/openstack/proxy.py:161", "/usr/lib/openstack/proxy.py", true),
            ("/usr/lib/openstack/config/loader.py:9", "/usr/lib/openstack/config/loader.py", false),
            ("/srv/app.py:3", "/srv/app.py", true),
            ("app.py:3", "app.py", true),
            ("/srv/myapp.py:3", "/srv/myapp.py", false),
        ] {
            assert_eq!(filter.keeps(text, Some(file)), kept, "{text}");
        }
        assert!(SiteFilter::new(&["a[".into()], &[]).is_err());
    }

    #[test]
    fn globs_may_be_many() {
        let mut patterns: Vec<String> = (0..6000).map(|k| format!("*/m{k}.py:*")).collect();
        patterns.push("*/m2500.py:7".into());
        let allowed = Globs::new(&patterns).unwrap().0;
        for (text, first) in [
            ("/srv/m7.py:1", Some(7)),
            ("/srv/m2500.py:7", Some(2500)),
            ("/srv/m5999.py:3", Some(5999)),
            ("/srv/m6000.py:3", None),
        ] {
            assert_eq!((allowed.first(text), allowed.is_match(text)), (first, first.is_some()), "{text}");
        }
    }
}
