//! Hints by the growing sites of one heap.

use super::types::{HintEvidence, HintId};
use crate::model::{Place, is_library_folder, is_package_folder};
use crate::verdict::{JudgedSite, Verdict};

/// The sites of a library, by the endings of their files or by folders on the way to them.
struct Library {
    hint: HintId,
    /// The last names of files, with the folders above them as far as they matter.
    files: &'static [&'static str],
    /// Folders of packages.
    folders: &'static [&'static str],
}

const fn files(hint: HintId, files: &'static [&'static str]) -> Library {
    Library { hint, files, folders: &[] }
}

const fn folders(hint: HintId, folders: &'static [&'static str]) -> Library {
    Library { hint, files: &[], folders }
}

const LIBRARIES: &[Library] = &[
    files(HintId::LruCache, &["functools.py"]),
    files(HintId::Loggers, &["logging/__init__.py", "logging/handlers.py", "logging/config.py"]),
    folders(HintId::AsyncioTasks, &["asyncio"]),
    files(HintId::TlsContexts, &["ssl.py", "urllib3/util/ssl_.py", "OpenSSL/SSL.py"]),
    folders(
        HintId::Clients,
        &[
            "requests",
            "urllib3",
            "httpx",
            "httpcore",
            "aiohttp",
            "botocore",
            "boto3",
            "keystoneauth1",
            "openstack",
            "grpc",
            "redis",
            "pymongo",
        ],
    ),
    folders(HintId::MetricLabels, &["prometheus_client", "opentelemetry/sdk/metrics", "statsd", "datadog"]),
    files(HintId::Finalizers, &["weakref.py"]),
    files(HintId::ContextManagers, &["contextlib.py"]),
    files(HintId::ThreadObjects, &["threading.py"]),
    folders(HintId::SignalReceivers, &["blinker", "django/dispatch"]),
    folders(HintId::Templates, &["jinja2", "mako", "django/template"]),
    folders(HintId::Figures, &["matplotlib"]),
    files(HintId::Mocks, &["unittest/mock.py", "mock/mock.py"]),
    files(HintId::SharedMemory, &["multiprocessing/shared_memory.py"]),
];

/// Sites of a library matter from this share of the growth on.
const LEAST_SHARE: f64 = 0.1;
/// A site of own code that grows by this share of the first site may be the one that keeps it.
const MAY_KEEP: f64 = 0.01;
/// The sites that are named.
const NAMED: usize = 3;
/// The profiler's own growth is worth a word from this size on.
const MATTERS_BYTES: f64 = 1_048_576.0;

/// Returns all hints of a heap with these sites.
pub fn found(sites: &[&JudgedSite]) -> Vec<(HintId, HintEvidence)> {
    let grows = |site: &&JudgedSite| site.bytes.verdict == Verdict::Growing && !site.is_profiler_overhead();
    let mut growing: Vec<&JudgedSite> = sites.iter().copied().filter(grows).collect();
    growing.sort_by(|a, b| rate(b).total_cmp(&rate(a)));
    let all: f64 = growing.iter().map(|site| rate(site)).sum();
    let of = |members: &[&JudgedSite]| HintEvidence::Sites {
        sites: members.iter().take(NAMED).map(|site| site.history.site.text()).collect(),
        number: members.len() as u64,
        share_of_growth: members.iter().map(|site| rate(site)).sum::<f64>() / all,
    };
    let mut found = Vec::new();
    if all > 0.0 {
        for library in LIBRARIES {
            let is_of = |site: &&&JudgedSite| site.history.site.file().is_some_and(|file| library.has(file));
            let members: Vec<&JudgedSite> = growing.iter().filter(is_of).copied().collect();
            let share = members.iter().map(|site| rate(site)).sum::<f64>() / all;
            if !members.is_empty() && share >= LEAST_SHARE {
                found.push((library.hint, of(&members)));
            }
        }
        found.extend(callers_unknown(&growing).then(|| (HintId::MoreFrames, of(&growing[..1]))));
    }
    let profiler: Vec<&JudgedSite> = sites
        .iter()
        .copied()
        .filter(|site| site.is_profiler_overhead() && site.profile.grown() > 0.0)
        .collect();
    let gained = |sites: &[&JudgedSite]| sites.iter().map(|site| site.profile.grown().max(0.0)).sum::<f64>();
    let (own, whole) = (gained(&profiler), gained(sites));
    if own >= MATTERS_BYTES && own > LEAST_SHARE * whole {
        let texts = profiler.iter().take(NAMED).map(|site| site.history.site.text()).collect();
        let (number, share_of_growth) = (profiler.len() as u64, own / whole);
        let evidence = HintEvidence::Sites { sites: texts, number, share_of_growth };
        found.push((HintId::ProfilerOverhead, evidence));
    }
    found
}

/// Whether the first site is a line of a Python library, without the frames that called it, and no line of own code
/// grows beside it.
fn callers_unknown(growing: &[&JudgedSite]) -> bool {
    let Some(first) = growing.first() else { return false };
    let is_line = matches!(&first.history.site.place, Place::Line(frame)
        if frame.function.is_none() && frame.file.ends_with(".py"));
    let keeps = |site: &&JudgedSite| site.history.site.is_own_code() && rate(site) >= MAY_KEEP * rate(first);
    is_line && !growing.iter().any(keeps)
}

fn rate(site: &JudgedSite) -> f64 {
    site.bytes.slope.map_or(0.0, |slope| slope.value.max(0.0))
}

impl Library {
    /// Whether a file is of the library: of the standard library or of an installed package, never of a folder of own
    /// code that has its name.
    fn has(&self, file: &str) -> bool {
        let file = file.replace('\\', "/");
        let parts: Vec<&str> = file.split('/').collect();
        let ends = |name: &&str| {
            let name: Vec<&str> = name.split('/').collect();
            parts.ends_with(&name) && is_root(parts.len().checked_sub(name.len() + 1).map(|at| parts[at]))
        };
        let within = |folder: &&str| {
            let folder: Vec<&str> = folder.split('/').collect();
            let starts = parts.windows(folder.len()).position(|window| window == folder.as_slice());
            starts.is_some_and(|at| is_root(at.checked_sub(1).map(|above| parts[above])))
        };
        self.files.iter().any(ends) || self.folders.iter().any(within)
    }
}

/// Whether a folder holds the standard library or installed packages; a cut path begins below one.
fn is_root(folder: Option<&str>) -> bool {
    let is_cut = |folder: &str| matches!(folder, "…" | "...");
    folder.is_some_and(|folder| is_library_folder(folder) || is_package_folder(folder) || is_cut(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_known_by_its_place() {
        for (file, hint) in [
            ("/usr/lib/python3.12/logging/__init__.py", Some(HintId::Loggers)),
            ("/usr/lib/python3.12/asyncio/locks.py", Some(HintId::AsyncioTasks)),
            ("/srv/app/asyncio/locks.py", None),
            ("/srv/app/logging/__init__.py", None),
            ("C:\\Python312\\Lib\\functools.py", Some(HintId::LruCache)),
            ("/opt/venv/lib/python3.11/site-packages/urllib3/util/ssl_.py", Some(HintId::TlsContexts)),
            ("/opt/venv/lib/python3.11/site-packages/requests/sessions.py", Some(HintId::Clients)),
            ("/srv/requests/handlers.py", None),
            ("functools.py", None),
            ("/srv/app/myfunctools.py", None),
        ] {
            let found = LIBRARIES.iter().find(|library| library.has(file)).map(|library| library.hint);
            assert_eq!(found, hint, "{file}");
        }
    }
}
