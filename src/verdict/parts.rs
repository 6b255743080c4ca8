//! The parts of the procedure, each of which can be left out to see what it is worth.

/// A part of the procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The seven terms of the shape.
    Shape,
    /// The stories.
    Stories,
    /// A site's blocks beside its bytes.
    Blocks,
    /// Jumps that obey a law are believed.
    Laws,
    /// A pause at the end that is one of many is left out.
    Pauses,
    /// A sawtooth is read by its floors.
    Floors,
    /// A cycle is taken out.
    Cycles,
    /// Lives of a process are weighed together.
    Lives,
    /// The shape without a start-up counts where the stories say that growth goes on.
    StartUps,
    /// Where something is given back, the rate must differ from zero.
    RateBeyondDoubt,
    /// Small blocks that pile up slowly are trails.
    Trails,
    /// A container that is resized fills.
    Containers,
    /// What all sites say of how common leaks are.
    Prevalence,
    /// Sites in lockstep are judged as one.
    Groups,
}

impl Part {
    /// All parts, with a name of a few words each.
    pub const ALL: [(Self, &'static str); 14] = [
        (Self::Shape, "the shape"),
        (Self::Stories, "the stories"),
        (Self::Blocks, "blocks beside bytes"),
        (Self::Laws, "laws of jumps"),
        (Self::Pauses, "pauses"),
        (Self::Floors, "floors of a sawtooth"),
        (Self::Cycles, "cycles"),
        (Self::Lives, "lives together"),
        (Self::StartUps, "start-ups"),
        (Self::RateBeyondDoubt, "a rate beyond doubt"),
        (Self::Trails, "trails"),
        (Self::Containers, "containers"),
        (Self::Prevalence, "prevalence"),
        (Self::Groups, "groups"),
    ];
}

/// The parts that speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    left_out: Option<Part>,
}

impl Parts {
    /// All but this one.
    #[must_use]
    pub const fn all_but(part: Part) -> Self {
        Self { left_out: Some(part) }
    }

    /// Whether a part speaks.
    #[must_use]
    pub fn has(self, part: Part) -> bool {
        self.left_out != Some(part)
    }
}
