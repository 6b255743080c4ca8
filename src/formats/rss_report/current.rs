//! Lines that name everything below them.

use super::lines::{Command, Target};

/// The names that such lines give to the next sample.
#[derive(Debug, Clone, Default)]
pub(super) struct Current {
    /// Name and process id by a command, a file's heading or `Name:` and `Pid:`.
    pub(super) name: Option<String>,
    pub(super) pid: Option<u64>,
    /// Several processes whose values follow each other, with their ids if they are known.
    pub(super) several: Option<Vec<u64>>,
    /// The next of them.
    pub(super) next: usize,
    /// Whether the values of all mappings are to be summed.
    pub(super) sums: bool,
}

impl Current {
    /// The meaning of the values below a command, as the command gives it.
    pub(super) fn of_command(command: Command) -> Self {
        let Command { name, target, sums, .. } = command;
        match target {
            Target::Pids(pids) => match *pids.as_slice() {
                // A name is more than the number that every container calls its first process.
                [pid] => Self {
                    name: name.or_else(|| Some(pid.to_string())),
                    pid: Some(pid),
                    sums,
                    ..Self::default()
                },
                _ => Self { several: Some(pids), sums, ..Self::default() },
            },
            Target::Several if !sums => Self { several: Some(Vec::new()), ..Self::default() },
            Target::Several | Target::Unknown => Self { name, sums, ..Self::default() },
        }
    }

    /// Name and process id of the next sample, if lines above say so.
    pub(super) fn take_name(&mut self) -> Option<(String, Option<u64>)> {
        if let Some(pids) = &self.several {
            let index = self.next;
            self.next += 1;
            return Some(match pids.get(index % pids.len().max(1)) {
                Some(pid) => (pid.to_string(), Some(*pid)),
                None => (format!("process {}", index + 1), None),
            });
        }
        let name = self.name.clone().or_else(|| self.pid.map(|pid| pid.to_string()))?;
        Some((name, self.pid))
    }
}
