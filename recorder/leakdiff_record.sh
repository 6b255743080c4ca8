#!/bin/sh
# Records the memory of a process from outside, for leakdiff: sh leakdiff_record.sh PID [SECONDS] >> report.txt
# For containers without Python; needs /proc, date, grep and sleep.
pid=${1:?usage: leakdiff_record.sh PID [SECONDS]}
while grep -q '^VmRSS' "/proc/$pid/status" 2> /dev/null; do
  date -u +%Y-%m-%dT%H:%M:%SZ
  grep -E '^(Name|Pid|VmRSS|RssAnon|RssFile|RssShmem|VmSwap|VmSize|Threads):' "/proc/$pid/status"
  for file in memory.current memory.max memory/memory.usage_in_bytes memory/memory.limit_in_bytes; do
    [ -r "/sys/fs/cgroup/$file" ] && echo "/sys/fs/cgroup/$file:$(cat "/sys/fs/cgroup/$file")"
  done
  sleep "${2:-10}" || exit
done
