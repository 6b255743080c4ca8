//! Families of memory series whose future is known.
//!
//! The truth is the structure of a family, not the luck of one realisation: a random walk that happens to rise is
//! no leak. A series is drawn together with its future, three times as long as the prefix that is judged.

mod blocks;
mod controls;
mod leaks;
mod open;
mod parts;
mod processes;
mod sites;

pub use parts::block;

use crate::dice::Dice;

/// The behaviour of a series after its prefix.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Truth {
    /// It keeps growing.
    Leak,
    /// It does not.
    Not,
    /// Nothing in the prefix decides.
    Open,
}

impl Truth {
    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Leak => "leak",
            Self::Not => "not",
            Self::Open => "open",
        }
    }
}

/// Facts about a series other than its values.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The family's own measure of how clear the growth is; NaN where it has none.
    pub snr: f64,
    /// Growth of the path over the prefix, in bytes.
    pub growth: f64,
    /// Standard deviation of the noise about the path, cycles being of the path; of a random walk and of a sum of
    /// random steps that of its end. 0 without noise.
    pub noise: f64,
    /// Whether that noise is independent and normal, and the growth beneath it even: then ten times the noise is
    /// clear, else thirty.
    pub white: bool,
    /// Periods of the cycle within the prefix; 0 without a cycle.
    pub periods: f64,
}

impl Default for Facts {
    fn default() -> Self {
        Self { snr: f64::NAN, growth: 0.0, noise: 0.0, white: false, periods: 0.0 }
    }
}

impl Facts {
    /// Growth that is not even, under white noise.
    fn beside_noise(growth: f64, snr: f64) -> Self {
        Self { snr, growth, noise: growth / snr, white: false, periods: 0.0 }
    }

    /// Growth over noise; infinite without noise.
    pub fn clarity(&self) -> f64 {
        if self.noise > 0.0 { self.growth / self.noise } else { f64::INFINITY }
    }
}

/// A drawn series: prefix and future, before any rounding.
pub struct Draw {
    /// Bytes, the prefix first.
    y: Vec<f64>,
    /// Growth per step over the future, 0 without.
    rate: f64,
    /// Further facts.
    facts: Facts,
    /// The size of the blocks that it is made of, in bytes; `None` where any blocks will do.
    block: Option<f64>,
}

impl Draw {
    /// A series that keeps growing at this rate.
    fn leak(y: Vec<f64>, rate: f64, facts: Facts) -> Self {
        Self { y, rate, facts, block: None }
    }

    /// A series that does not.
    fn not_growing(y: Vec<f64>, facts: Facts) -> Self {
        Self { y, rate: 0.0, facts, block: None }
    }

    /// The same series, of blocks of this size.
    fn of_blocks(self, size: f64) -> Self {
        Self { block: Some(size), ..self }
    }

    /// A series about a level.
    fn about(y: Vec<f64>, noise: f64, white: bool) -> Self {
        Self::after(y, 0.0, noise, white)
    }

    /// A series that has grown by `growth` in its prefix.
    fn after(y: Vec<f64>, growth: f64, noise: f64, white: bool) -> Self {
        Self::not_growing(y, Facts { growth, noise, white, ..Facts::default() })
    }
}

/// A family: its name, its truth, and the function that draws a series (lengths of the prefix, of prefix and future).
pub struct Family {
    /// The name, as in the tables.
    pub name: &'static str,
    /// The truth of its series.
    pub truth: Truth,
    draw: fn(usize, usize, &mut Dice) -> Draw,
}

/// A series of a family.
pub struct Series {
    /// Its prefix, before any rounding.
    pub prefix: Vec<f64>,
    /// Growth per step over the future, 0 where there is none.
    pub rate: f64,
    /// Further facts.
    pub facts: Facts,
    /// The size of the blocks that it is made of, in bytes; `None` where any blocks will do.
    pub block: Option<f64>,
}

impl Family {
    /// Draws a series whose prefix has `n` values.
    pub fn series(&self, n: usize, dice: &mut Dice) -> Series {
        let len = n + (3 * n).max(30);
        let Draw { y, rate, facts, block } = (self.draw)(n, len, dice);
        let prefix = y.into_iter().take(n).map(|v| v.max(0.0)).collect();
        Series { prefix, rate, facts, block }
    }
}

/// The family of this name.
pub fn named(name: &str) -> Option<&'static Family> {
    ALL.iter().chain(SITES).chain(PROCESSES).find(|family| family.name == name)
}

/// Makes the table below: truth, then the module and its functions, each named as its family.
macro_rules! families {
    ($($truth:ident $module:ident: $($name:ident)*;)*) => {
        &[$($(Family { name: stringify!($name), truth: Truth::$truth, draw: $module::$name },)*)*]
    };
}

/// All families.
pub const ALL: &[Family] = families! {
    Leak leaks: linear_white linear_ar linear_heavy linear_exact every_kth random_steps saw_leak diurnal_leak
        late_start warm_then_leak restart_leak poisson_leak churn_leak bursty_leak accelerating count_leak pool_leak;
    Not controls: white ar heavy spikes constant walk walk_zero step_start step_mid lazy_steps cache cache_mid
        fill_stops saw_only diurnal restart_flat ratchet shrinking noisy_step noisy_ramp;
    Not blocks: churn relax coupons trickle few_blocks lattice_walk;
    Open open: cache_slow fill_later log_growth slow_wave slow_saw;
    Open blocks: relax_slow coupons_slow;
};

/// Families of sites that are judged together, in addition to those of [`ALL`].
pub const SITES: &[Family] = families! {
    Leak sites: line_5 line_10 line_30 line_ar6_10 line_ar9_10 one_block;
    Not sites: level_white level_ar6 level_ar9 walk_within queue;
};

/// Families of processes, in addition to those of [`ALL`].
pub const PROCESSES: &[Family] = families! {
    Leak processes: process_5 process_10 process_30 process_ar6_10 process_ar9_10 start_up_leak;
    Leak leaks: restart_deep restart_seen;
    Open leaks: restart_shallow;
};
