//! The unit of each tool, and the step of what it prints: one row for each way to write a size of memory.
#![allow(clippy::unwrap_used)]

mod reading;

use leakdiff::formats::{Dispatcher, FormatOptions, ValueUnit};
use reading::Read;

const KIB: f64 = 1024.0;
const MIB: f64 = KIB * KIB;
const GIB: f64 = KIB * MIB;

const PS: &str = "  PID   RSS    VSZ COMMAND\n 4103 10072 13000 python3\n";
const BUSYBOX: &str =
    "PID   USER     VSZ  RSS  COMMAND\n    7 root     9.8m 7332 python3\n    8 root     120m  12m python3\n";
const TOP: &str = "top - 10:34:08 up 18 min,  0 user,  load average: 6.39, 3.58, 1.57\n\n    PID USER      PR  NI    VIRT    \
                   RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n";
const PIDSTAT: &str = "Linux 6.1.0 (node1) \t11/26/26 \t_x86_64_\t(2 CPU)\n\n10:34:08      UID       PID  minflt/s  majflt/s     \
                       VSZ     RSS   %MEM  Command\n";
const SMEM: &str = "  PID User     Command                         Swap      USS      PSS      RSS \n";
const FREE: &str = "               total        used        free      shared  buff/cache   available\n";
const VMSTAT: &str = "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n r  b   swpd   free   \
                      buff  cache   si   so    bi    bo   in   cs us sy id wa st\n";
const SAR: &str = "Linux 6.1.0 (node1) \t11/26/26 \t_x86_64_\t(2 CPU)\n\n10:36:12    kbmemfree   kbavail kbmemused  %memused \
                   kbbuffers  kbcached\n";
const DOCKER: &str =
    "CONTAINER ID   NAME   CPU %     MEM USAGE / LIMIT     MEM %     NET I/O       BLOCK I/O   PIDS\n";
const PODMAN: &str =
    "ID            NAME   CPU %       MEM USAGE / LIMIT  MEM %       NET IO             BLOCK IO    PIDS\n";

/// Returns each value of a metric with half of its step, in bytes.
fn values(text: &str, metric: &str, unit: &str) -> Vec<(f64, f64)> {
    let mut options = FormatOptions::default();
    options.columns.unit = ValueUnit::parse(unit).ok();
    let dispatcher = Dispatcher::with_options(leakdiff::formats::FORMATS, &options);
    let read = Read::by(dispatcher, &[text]);
    let samples = read.samples();
    let of_row = |row: usize| {
        let found = samples.values(row).find(|(known, _)| known.name == metric);
        found.map(|(_, value)| (value.value, value.half_width))
    };
    (0..samples.len()).filter_map(of_row).collect()
}

#[test]
fn each_tool_has_its_unit_and_its_step() {
    let table: Vec<(&str, String, &str, &str, f64, f64)> = vec![
        // 1024, whole.
        ("ps", PS.to_owned(), "RSS", "", 10072.0 * KIB, 0.0),
        ("ps, VSZ", PS.to_owned(), "VSZ", "", 13000.0 * KIB, 0.0),
        (
            "top",
            format!("{TOP}   4103 root      20   0   12996  10072   6212 R   0.0   0.0   0:00.02 python3\n"),
            "RES",
            "",
            10072.0 * KIB,
            0.0,
        ),
        (
            "pidstat",
            format!("{PIDSTAT}10:34:10        0      4103    251.00      0.00   13408   10532   0.04  python3\n"),
            "RSS",
            "",
            10532.0 * KIB,
            0.0,
        ),
        (
            "smem",
            format!("{SMEM} 4103 root     python3 app.py                     0     3944     4513    10156 \n"),
            "PSS",
            "",
            4513.0 * KIB,
            0.0,
        ),
        (
            "sar",
            format!("{SAR}10:36:13     16728800  22321980   1987796      8.05    278684   5313912\n"),
            "kbmemused",
            "",
            1_987_796.0 * KIB,
            0.0,
        ),
        (
            "pmap -x",
            "Thu Nov 26 10:34:08 UTC 2026\ntotal kB           13000   10072    3860\n".to_owned(),
            "RSS",
            "",
            10072.0 * KIB,
            0.0,
        ),
        (
            "meminfo",
            "MemTotal:       24684092 kB\nMemFree:        16711308 kB\nMemAvailable:   22328092 kB\n".to_owned(),
            "MemAvailable",
            "",
            22_328_092.0 * KIB,
            0.0,
        ),
        (
            "vmstat",
            format!("{VMSTAT} 1  0   1024 16838492 278684 5622788    0    0  1625  2059  297  536 36  3 60  0  0\n"),
            "free",
            "",
            16_838_492.0 * KIB,
            0.0,
        ),
        (
            "tasklist",
            "Image Name                     PID Session Name        Session#    Mem Usage\n\
             ========================= ======== ================ =========== ============\n\
             python.exe                    4103 Console                    1     10,072 K\n"
                .to_owned(),
            "Mem Usage",
            "",
            10072.0 * KIB,
            0.0,
        ),
        ("ru_maxrss", "resource.struct_rusage(ru_utime=0.1, ru_maxrss=12696)\n".to_owned(), "ru_maxrss", "", 12696.0 * KIB, 0.0),
        ("/proc/PID/status", "VmRSS:\t   10072 kB\n".to_owned(), "VmRSS", "", 10072.0 * KIB, 0.0),
        // 1024, rounded.
        (
            "top, wide",
            format!("{TOP}   4103 root      20   0 22.177g 1.234g   6212 R   0.0   0.0   0:00.02 python3\n"),
            "RES",
            "",
            1.234 * GIB,
            0.0005 * GIB,
        ),
        (
            "top -e m",
            format!("{TOP}   4103 root      20   0   12.7m   9.8m   6.1m R   0.0   0.0   0:00.02 python3\n"),
            "RES",
            "",
            9.8 * MIB,
            0.05 * MIB,
        ),
        ("busybox ps", BUSYBOX.to_owned(), "VSZ", "", 9.8 * MIB, 0.05 * MIB),
        (
            "pidstat --human",
            format!("{PIDSTAT}10:34:10        0      4103    251.00      0.00   13.1M   10.3M   0.0%  python3\n"),
            "RSS",
            "",
            10.3 * MIB,
            0.05 * MIB,
        ),
        (
            "smem -k",
            format!("{SMEM} 4103 root     python3 app.py                     0     9.8M    10.8M    11.8M \n"),
            "RSS",
            "",
            11.8 * MIB,
            0.05 * MIB,
        ),
        ("free -h", format!("{FREE}Mem:            23Gi       2.2Gi        16Gi       8.7Mi       5.6Gi        21Gi\n"), "used", "", 2.2 * GIB, 0.1 * GIB),
        (
            "free -m",
            format!("$ free -m\n{FREE}Mem:           24105        2270       16391           8        5761       21835\n"),
            "used",
            "",
            2270.0 * MIB,
            MIB,
        ),
        // 1000.
        (
            "free --mega",
            format!("$ free --mega\n{FREE}Mem:           16733        1843        5670           5        9220       14546\n"),
            "used",
            "",
            1.843e9,
            1e6,
        ),
        (
            "vmstat -S m",
            format!("$ vmstat -S m 5\n{VMSTAT} 1  0      0  17187    285   5755    0    0  1625  2059  297  536 36  3 60  0  0\n"),
            "free",
            "",
            17.187e9,
            1e6,
        ),
        (
            "podman",
            format!("{PODMAN}4f2e3d1c0b9a  web    0.53%       212.4MB / 536.9MB  39.56%      1.2kB / 0B         0B / 0B     7\n"),
            "MEM USAGE",
            "",
            212.4e6,
            0.05e6,
        ),
        // 1024², whatever is written.
        (
            "psrecord",
            "# Elapsed time   CPU (%)     Real (MB)   Virtual (MB)\n       0.000        0.000        9.836       12.766\n".to_owned(),
            "Real",
            "",
            9.836 * MIB,
            0.0005 * MIB,
        ),
        ("mprof", "CMDLINE python3 app.py\nMEM 9.835938 1795689248.0734\n".to_owned(), "MEM", "", 9.835_938 * MIB, 0.0),
        ("own words", "RSS: 14.5 MB\nRSS: 14.5 MB\nRSS: 14.6 MB\n".to_owned(), "RSS", "", 14.5 * MIB, 0.05 * MIB),
        // Bytes.
        ("psutil", "pmem(rss=10760192, vms=15769600)\n".to_owned(), "rss", "", 10_760_192.0, 0.0),
        (
            "node",
            "{ rss: 45940736, heapTotal: 4636672, heapUsed: 4153192, external: 1124126 }\n".to_owned(),
            "heapUsed",
            "",
            4_153_192.0,
            0.0,
        ),
        (
            "MemStats",
            "[Memory] Sys: 71125000, HeapAlloc: 206336, HeapSys: 66813952\n".to_owned(),
            "HeapAlloc",
            "",
            206_336.0,
            0.0,
        ),
        ("prometheus", "process_resident_memory_bytes 4.5940736e+07\n".to_owned(), "process_resident_memory_bytes", "", 45_940_736.0, 0.0),
        ("docker", format!("{DOCKER}4f2e3d1c0b9a   web    0.53%     1.281GiB / 2GiB   64.05%    1.2kB / 0B    0B / 0B     7\n"), "MEM USAGE", "", 1.281 * GIB, 0.0005 * GIB),
        ("kubectl top", "NAME    CPU(cores)   MEMORY(bytes)\nweb-1   2m           212Mi\n".to_owned(), "MEMORY", "", 212.0 * MIB, 0.5 * MIB),
        // Pages.
        ("statm", "3249 2518 1553 1 0 1273 0\n".to_owned(), "resident", "pages", 2518.0 * 4096.0, 0.0),
        ("statm, large pages", "3249 2518 1553 1 0 1273 0\n".to_owned(), "resident", "pages:64K", 2518.0 * 65536.0, 0.0),
    ];
    let mut wrong = Vec::new();
    for (tool, text, metric, unit, bytes, half) in table {
        let found = values(&text, metric, unit);
        let is_right = found
            .first()
            .is_some_and(|(value, width)| (value - bytes).abs() < 1.0 && (width - half).abs() < 1.0);
        if !is_right {
            wrong.push(format!("{tool}: {metric}: expected {bytes} ± {half}, found {found:?}\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `top -e m` above its column, `ps` of busybox: the unit changes from row to row.
#[test]
fn a_unit_holds_for_its_number_alone() {
    let rows = [(7332.0 * KIB, 0.0), (12.0 * MIB, 0.5 * MIB)];
    assert_eq!(values(BUSYBOX, "RSS", ""), rows);
    let words = "alloc memory: 427.8MB\nalloc memory: 1.9GB\nalloc memory: 2GB\n";
    let found: Vec<f64> = values(words, "alloc memory", "").iter().map(|(value, _)| value.round()).collect();
    assert_eq!(found, [(427.8 * MIB).round(), (1.9 * GIB).round(), 2.0 * GIB]);
}

/// On macOS ru_maxrss counts bytes, of whole pages.
#[test]
fn the_same_name_has_the_unit_of_its_system() {
    let text = "ru_maxrss=12926976\nru_maxrss=13008896\n";
    assert_eq!(values(text, "ru_maxrss", ""), [(12_926_976.0, 0.0), (13_008_896.0, 0.0)]);
}
