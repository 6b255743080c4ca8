//! Tools of Windows: `tasklist`, PowerShell's `Get-Process`, and logs of performance counters.

mod get_counter;
mod get_process;
mod pdh_csv;
mod properties;
mod tasklist;

pub use get_counter::FORMAT as GET_COUNTER;
pub use get_process::FORMAT as GET_PROCESS;
pub use pdh_csv::FORMAT as PDH_CSV;
pub use properties::FORMAT as PROPERTIES;
pub use tasklist::FORMAT as TASKLIST;
