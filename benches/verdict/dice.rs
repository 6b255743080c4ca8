//! Chance that is the same in every run: a seeded generator, and the draws that families need.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Binomial, Distribution, Exp1, Poisson, StandardNormal, StudentT};

/// Draws of one series.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of one series: the four numbers are the key of the cipher, so that two series that differ in any of
    /// them have nothing in common. The threads that draw them and their order do not matter.
    pub fn of(seed: u64, family: &str, n: usize, index: usize) -> Self {
        let mut key = [0; 32];
        for (part, number) in key.chunks_mut(8).zip([seed, name_number(family), n as u64, index as u64]) {
            part.copy_from_slice(&number.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Evenly between `low` and `high`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.random::<f64>()
    }

    /// Ten to a power that lies evenly between `low` and `high`.
    pub fn power(&mut self, low: f64, high: f64) -> f64 {
        10_f64.powf(self.uniform(low, high))
    }

    /// Evenly on the logarithm between `low` and `high`.
    pub fn even_ratio(&mut self, low: f64, high: f64) -> f64 {
        self.uniform(low.ln(), high.ln()).exp()
    }

    /// A whole number from `low` to less than `high`.
    pub fn whole(&mut self, low: usize, high: usize) -> usize {
        self.0.random_range(low..high)
    }

    /// One of a few numbers.
    pub fn one_of<const N: usize>(&mut self, of: [f64; N]) -> f64 {
        of[self.whole(0, N)]
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.0.random::<f64>() < p
    }

    /// Normal with mean 0 and standard deviation 1.
    pub fn normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.0)
    }

    /// `len` independent normal values of standard deviation `sd`.
    pub fn white(&mut self, len: usize, sd: f64) -> Vec<f64> {
        (0..len).map(|_| self.normal() * sd).collect()
    }

    /// Student's t with two degrees of freedom, cut at ±40.
    pub fn heavy(&mut self) -> f64 {
        let student: f64 = StudentT::new(2.0).map_or(0.0, |t| t.sample(&mut self.0));
        student.clamp(-40.0, 40.0)
    }

    /// Exponential with this mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        let drawn: f64 = Exp1.sample(&mut self.0);
        drawn * mean
    }

    /// A count of rare events with this mean.
    pub fn poisson(&mut self, mean: f64) -> f64 {
        Poisson::new(mean).map_or(0.0, |p| p.sample(&mut self.0))
    }

    /// Number of events that happen among `of`, each with probability `p`.
    pub fn binomial(&mut self, of: f64, p: f64) -> f64 {
        Binomial::new(of as u64, p).map_or(0.0, |b| b.sample(&mut self.0) as f64)
    }
}

/// A number of a family's name that does not change when families are added (FNV-1a).
fn name_number(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
