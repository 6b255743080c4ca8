//! Prefixes that name the workers of one log.

use super::recording::{Recording, Worker};
use super::stamps;

/// Templates as of [`stamps::Stamp`], in which `{pid}` is a process id, `{n}` counts the workers from 1, `{k}` from 0,
/// and `{pod}` is the end of a pod's name. Each names a worker, but not all name a time.
pub const PREFIXES: &[&str] = &[
    // The pid.
    "%Y-%m-%d %H:%M:%S PID {pid} | {}",
    "%Y-%m-%dT%H:%M:%SZ P {pid} | {}",
    "[%Y-%m-%d %H:%M:%S +0000] [{pid}] [INFO] {}",
    "%Y-%m-%d %H:%M:%S.313 {pid} DEBUG mgr [-] MEMORY {}",
    "%Y-%m-%d %H:%M:%S,000 INFO {pid} mem {}",
    "%Y-%m-%d %H:%M:%S,000 [{pid}] INFO mem: {}",
    "%Y-%m-%d %H:%M:%S INFO pid={pid} {}",
    "[{pid}] %Y-%m-%d %H:%M:%S {}",
    "(Trainer pid={pid}) %Y-%m-%d %H:%M:%S {}",
    "(pid={pid}, ip=10.0.0.{n}) %Y-%m-%d %H:%M:%S {}",
    "[pid: {pid}|app: 0|req: 1/1] %Y-%m-%d %H:%M:%S {}",
    "%b %e %H:%M:%S host svc[{pid}]: {}",
    "%Y/%m/%d %H:%M:%S [info] {pid}#0: {}",
    "I%m%d %H:%M:%S.000000 {pid} mem.go:42] {}",
    "%m-%d %H:%M:%S.000  {pid}  {pid} I mem: {}",
    "I, [%Y-%m-%dT%H:%M:%S.000000 #{pid}]  INFO -- : {}",
    "%Y-%m-%d %H:%M:%S.000 | INFO     | {pid} | app.mem:report:12 - {}",
    r#"{"time": "%Y-%m-%d %H:%M:%S", "pid": {pid}, "msg": "{}"}"#,
    r#"{"__REALTIME_TIMESTAMP":"{us}","_PID":"{pid}","MESSAGE":"{}"}"#,
    r#"time=%Y-%m-%dT%H:%M:%SZ level=info pid={pid} msg="{}""#,
    // A worker's name.
    "[%Y-%m-%d %H:%M:%S,000: WARNING/ForkPoolWorker-{n}] {}",
    "%Y-%m-%d %H:%M:%S (SpawnProcess-{n}) {}",
    "%Y-%m-%d %H:%M:%S,000 - ForkProcess-{n} - INFO - {}",
    "worker_{n}  | %Y-%m-%d %H:%M:%S {}",
    "worker-{n}  | {}",
    "web.{n}.x7k2p@node1    | %Y-%m-%d %H:%M:%S {}",
    "%H:%M:%S web.{n}  | {}",
    "%Y-%m-%dT%H:%M:%S.000000+00:00 app[web.{n}]: {}",
    "worker{n}\t%Y-%m-%d %H:%M:%S {}",
    // A pod.
    "[pod/web-{pod}/app] %Y-%m-%dT%H:%M:%S.000Z {}",
    "web-{pod} api %Y-%m-%d %H:%M:%S {}",
    "[web-{pod}] %Y-%m-%d %H:%M:%S {}",
    // A rank.
    "[gw{k}] %Y-%m-%d %H:%M:%S {}",
    "[rank{k}]: %Y-%m-%d %H:%M:%S {}",
    "[1,{k}]<stdout>:%Y-%m-%d %H:%M:%S {}",
    "{k}|web      | %Y-%m-%d %H:%M:%S: {}",
    "[{k}] {}",
];

/// Ends of the names of pods.
const PODS: [&str; 3] = ["7d9f4c-x2k8p", "7d9f4c-b4qzt", "7d9f4c-m9w2c"];

/// Whether the records show that the prefix names a worker. A number that nothing marks may be a thread's, unless half
/// of the records are of sites that several of its values have.
pub fn decides(template: &str, recording: &Recording) -> bool {
    let is_marked = !template.contains(" {pid} ");
    let sites = |worker: &Worker| worker.heap.len();
    let of_others = |this: &Worker| {
        let others = recording.workers.iter().filter(|other| other.index != this.index);
        others.map(sites).max().unwrap_or(0)
    };
    let shared: usize = recording.workers.iter().map(|this| sites(this).min(of_others(this))).sum();
    is_marked || 2 * shared >= recording.workers.iter().map(sites).sum()
}

/// A line of a worker.
pub fn line(template: &str, recording: &Recording, moment: usize, worker: &Worker, record: &str) -> String {
    let template = stamps::fill(template, recording, moment, 0)
        .replace("{pid}", &(1201 + worker.index).to_string())
        .replace("{n}", &(worker.index + 1).to_string())
        .replace("{k}", &worker.index.to_string())
        .replace("{pod}", PODS[worker.index]);
    stamps::with_record(&template, record)
}
