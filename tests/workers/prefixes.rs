//! Prefixes of logs.
//!
//! `{a|b}` is `a` in lines of the first worker and `b` in those of the second, `T` a time stamp, `C` the same without a
//! date, `N` the number of the line, `R` an id of eight digits that is new on each line, `S` that of the round.

/// Prefixes that tell two workers apart, with the names of the two.
pub const OF_TWO_WORKERS: &[(&str, [&str; 2])] = &[
    // the process id, in all places
    ("[T +0000] [{1201|1202}] [INFO] ", ["1201", "1202"]),
    ("T {12|13} DEBUG oslo.manager [-] MEMORY ", ["12", "13"]),
    ("T INFO {1201|1202} --- [main] app.mem : ", ["1201", "1202"]),
    ("T INFO {1201|1202} ", ["1201", "1202"]),
    ("T [{1201|1202}] INFO app.mem: ", ["1201", "1202"]),
    ("T host svc[{12|13}]: ", ["12", "13"]),
    ("T PID {1|2} | ", ["1", "2"]),
    ("T P {1201|1202} | ", ["1201", "1202"]),
    ("T pid={1201|1202} ", ["1201", "1202"]),
    ("T INFO mem pid: {1201|1202} - ", ["1201", "1202"]),
    ("T INFO app [pid {1201|1202}] ", ["1201", "1202"]),
    ("T [PID {1201|1202}] [Thread-4] [app.mem] [INFO] ", ["1201", "1202"]),
    ("T (pid {1201|1202}) ", ["1201", "1202"]),
    ("T {1201|1202}:MainThread INFO ", ["1201", "1202"]),
    ("{1201|1202} T ", ["1201", "1202"]),
    ("[{1201|1202}] ", ["1201", "1202"]),
    ("{1201|1202}: ", ["1201", "1202"]),
    ("T [pid: {1201|1202}|app: 0|req: N/N] ", ["1201", "1202"]),
    ("T [{1201|1202}:140737353] INFO ", ["1201", "1202"]),
    ("T | INFO     | {1201|1202}:MainProcess | app.mem:report:42 - ", ["1201", "1202"]),
    ("T/proc/{12|13}/status:", ["12", "13"]),
    // names of processes
    ("[T: WARNING/ForkPoolWorker-{1|2}] ", ["ForkPoolWorker-1", "ForkPoolWorker-2"]),
    ("[T: INFO/{MainProcess|ForkPoolWorker-3}] ", ["MainProcess", "ForkPoolWorker-3"]),
    ("T (SpawnProcess-{1|2}) ", ["SpawnProcess-1", "SpawnProcess-2"]),
    ("T {SpawnProcess-1|SpawnProcess-2} INFO app - ", ["SpawnProcess-1", "SpawnProcess-2"]),
    ("T INFO:huey:Worker-{1|2}:", ["Worker-1", "Worker-2"]),
    ("T worker={3|4} mem ", ["worker 3", "worker 4"]),
    ("T worker {3|4}: ", ["worker 3", "worker 4"]),
    ("T [worker-{1|2}] INFO ", ["worker-1", "worker-2"]),
    ("[gw{0|1}] T ", ["gw0", "gw1"]),
    ("[gw{0|1}] ", ["gw0", "gw1"]),
    ("T {alpha|beta} ", ["alpha", "beta"]),
    // containers, pods, machines
    ("worker_{1|2}  | ", ["worker_1", "worker_2"]),
    ("app-worker-{1|2}  | T ", ["app-worker-1", "app-worker-2"]),
    ("app_web.{1.k3j2h@node1|2.m8s7d@node2}    | ", ["app_web.1.k3j2h@node1", "app_web.2.m8s7d@node2"]),
    ("{web|db}  | ", ["web", "db"]),
    ("[pod/web-{1|2}/api] ", ["pod/web-1/api", "pod/web-2/api"]),
    (
        "[pod/web-7c9d8f6b5-{x2kq9|h7m4p}/api] T ",
        ["pod/web-7c9d8f6b5-x2kq9/api", "pod/web-7c9d8f6b5-h7m4p/api"],
    ),
    ("T web-{1|2} api ", ["web-1", "web-2"]),
    ("web-{1|2} api ", ["web-1", "web-2"]),
    ("default/web-{1|2}[api]: ", ["default/web-1", "default/web-2"]),
    ("T app[web.{1|2}]: ", ["web.1", "web.2"]),
    ("C web.{1|2}  | ", ["web.1", "web.2"]),
    ("web.{1|2} | T ", ["web.1", "web.2"]),
    ("{0|1}|app  | ", ["0", "1"]),
    ("T {node-a1|node-b2} svc[1]: ", ["node-a1", "node-b2"]),
    ("T {host1|host2} app: ", ["host1", "host2"]),
    ("T host={a|b} level=info msg=", ["a", "b"]),
    ("T 10.0.0.{1|2} - ", ["10.0.0.1", "10.0.0.2"]),
    // ranks
    ("(Trainer pid={12|13}) ", ["12", "13"]),
    ("(Trainer pid={12|13}, ip=10.0.0.1) ", ["12", "13"]),
    ("[1,{0|1}]<stdout>:", ["1,0", "1,1"]),
    ("[rank{0|1}]:", ["rank0", "rank1"]),
    ("[default{0|1}]:T ", ["default0", "default1"]),
    ("{0|1}: ", ["0", "1"]),
    ("T rank={0|1} ", ["rank 0", "rank 1"]),
    ("T [Rank {0|1}] ", ["Rank 0", "Rank 1"]),
    // JSON
    ("{\"time\": \"T\", \"pid\": {1|2}, \"msg\": \"", ["1", "2"]),
    ("{\"pid\": {1201|1202}, \"time\": \"T\", \"msg\": \"", ["1201", "1202"]),
    (
        "{\"ts\":\"T\",\"level\":\"info\",\"process\":{1201|1202},\"logger\":\"app\",\"msg\":\"",
        ["1201", "1202"],
    ),
    (
        "{\"time\": \"T\", \"processName\": \"Worker-{1|2}\", \"process\": {1201|1202}, \"message\": \"",
        ["Worker-1", "Worker-2"],
    ),
    ("{\"time\": \"T\", \"hostname\": \"web-{1|2}\", \"pid\": 7, \"msg\": \"", ["web-1", "web-2"]),
    (
        "{\"time\": \"T\", \"kubernetes\": {\"pod_name\": \"api-{1|2}\", \"namespace\": \"shop\"}, \"log\": \"",
        ["api-1", "api-2"],
    ),
    ("{\"container\":\"c{1|2}\",\"log\":\"", ["c1", "c2"]),
    ("web-{1|2} api {\"ts\":\"T\",\"pid\":7,\"msg\":\"", ["web-1", "web-2"]),
    ("{\"host\": {\"name\": \"web-{1|2}\"}, \"process\": {\"pid\": 7}, \"message\": \"", ["web-1", "web-2"]),
    // other loggers
    ("I, [T #{1201|1202}]  INFO -- : ", ["1201", "1202"]),
    ("T +0000: #{1201|1202} TID-abc INFO: ", ["1201", "1202"]),
    ("T [info] {1201|1202}#0: ", ["1201", "1202"]),
    ("<13>1 T host app {1201|1202} - - ", ["1201", "1202"]),
    ("T;{1201|1202};", ["1201", "1202"]),
    ("/var/log/pods/web-{1|2}.log:T stdout F ", ["/var/log/pods/web-1.log", "/var/log/pods/web-2.log"]),
    ("[{INFO/Process-1|INFO/Process-2}] ", ["Process-1", "Process-2"]),
    ("[INFO/ForkPoolWorker-{1|2}] ", ["ForkPoolWorker-1", "ForkPoolWorker-2"]),
    ("T - distributed.nanny - INFO - Worker-{1|2} ", ["Worker-1", "Worker-2"]),
    ("T DEBG 'worker-{01|02}' stdout output: ", ["worker-01", "worker-02"]),
    ("[web{1|2}] out: ", ["web1", "web2"]),
    ("host{1|2} | CHANGED => ", ["host1", "host2"]),
    ("job{1|2}\t", ["job1", "job2"]),
    ("T [wsgi:error] [pid {1201|1202}:tid 140737353] ", ["1201", "1202"]),
    ("T UTC [{1201|1202}] LOG:  ", ["1201", "1202"]),
    // several fields at once
    ("T [{1201|1202}] [ForkPoolWorker-{1|2}] INFO ", ["ForkPoolWorker-1", "ForkPoolWorker-2"]),
    ("T [{1201|1202}] [req-R] [INFO] ", ["1201", "1202"]),
    ("T [{1201|1202}] [INFO] [line N] took 0.53 s ", ["1201", "1202"]),
    ("worker_{1|2}  | [T +0000] [7] [INFO] ", ["worker_1", "worker_2"]),
    ("T [S] [{1201|1202}] INFO ", ["1201", "1202"]),
];

/// Prefixes that look like the beginning of a site, so that only values of processes are found after them.
pub const BEFORE_PROCESSES: &[(&str, [&str; 2])] = &[
    ("<14>T {host1|host2} app: ", ["host1", "host2"]),
    ("T tcp://10.0.0.1:{4000|4001} - INFO - ", ["tcp://10.0.0.1:4000", "tcp://10.0.0.1:4001"]),
];

/// Prefixes of one process, in which something changes or takes turns all the same.
pub const OF_ONE_PROCESS: &[&str] = &[
    "T {INFO|DEBUG} ",
    "T [{INFO|WARNING}] app.mem: ",
    "T {D|I} mem: ",
    "{DEBUG|INFO}:root:",
    "T INFO {app.main|app.db} ",
    "T [{app.main|app.db}] ",
    "T [req-R] ",
    "T [req-R] [user N] INFO ",
    "T [req-S] INFO ",
    "T #N ",
    "T N ",
    "N: ",
    "[N] ",
    "T step N: ",
    "T epoch {1|2} ",
    "T [batch {1|2}] ",
    "T {before|after} gc ",
    "T [{start|end}] ",
    "T took {0.53|0.61} s ",
    "T took {12|13} ms ",
    "T {12|13}ms ",
    "T cpu={40|41}% ",
    "T [7] [{Thread-1|Thread-2}] INFO ",
    "T [1201] [{140735236|140735240}] [INFO] ",
    "T 1201 {1210|1211} INFO ",
    "T [1201:{1210|1211}] INFO ",
    "T [{MainThread|ThreadPoolExecutor-0_1}] ",
    "T thread={7|8} ",
    "T [waitress-thread-{0|1}] ",
    "T pid=1201 tid={1210|1211} ",
    "T tenant={acme|globex} ",
    "T user_id={17|18} ",
    "T app/mem.py:{84|91} ",
    "T svc[1201] {worker-1|worker-2} ",
    "{\"time\": \"T\", \"level\": \"{info|debug}\", \"msg\": \"",
    "{\"time\": \"T\", \"threadName\": \"T-{1|2}\", \"process\": 1201, \"msg\": \"",
    "{\"time\": \"T\", \"request_id\": \"R\", \"msg\": \"",
    "{\"time\": \"T\", \"lineno\": {12|13}, \"funcName\": \"{a|b}\", \"msg\": \"",
    "{\"time\": \"T\", \"trace\": {\"id\": \"{a1|b2}\"}, \"msg\": \"",
    "T after {100|200} requests: ",
    "T {GET|POST} /memory ",
    "T [{train|eval}] ",
];

/// The same, with a path that a site may begin with.
pub const OF_ONE_PROCESS_WITH_PATH: &[&str] =
    &["T \"GET /{users|orders} HTTP/1.1\" {200|404} ", "T method={GET|POST} path=/{a|b} "];

/// Returns the prefix of a line: of its worker (0 or 1), its number, and its round.
pub fn prefix(template: &str, worker: usize, line: usize, round: usize) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, choice)) = rest.split_once('{').filter(|(_, choice)| choice.contains('|')) {
        let (choice, after) = choice.split_once('}').unwrap_or((choice, ""));
        // A brace of JSON.
        if let Some((left, right)) = choice.split_once('|').filter(|(left, _)| !left.contains(['"', ':'])) {
            text += before;
            text += if worker == 0 { left } else { right };
            rest = after;
        } else {
            let (head, tail) = rest.split_at(before.len() + 1);
            text += head;
            rest = tail;
        }
    }
    text += rest;
    let date = format!("2024-05-06 07:{:02}:{:02}", round % 60, worker);
    let words = |c: char| !c.is_ascii_alphabetic();
    let mut filled = String::new();
    for word in text.split_inclusive(words) {
        let end = word.len() - word.chars().next_back().filter(|c| words(*c)).map_or(0, char::len_utf8);
        let (name, sign) = word.split_at(end);
        filled += &match name {
            "T" => date.clone(),
            "C" => date[11..].to_owned(),
            "N" => (line + 1).to_string(),
            "R" => format!("{:08x}", (line as u32 + 1).wrapping_mul(2_654_435_761)),
            "S" => format!("{:08x}", (round as u32 + 1).wrapping_mul(2_246_822_519)),
            name => name.to_owned(),
        };
        filled += sign;
    }
    filled
}
