//! Texts judged as the inputs of one recording.

use leakdiff::analysis::{Analysis, Options, Outcome};
use leakdiff::formats::FormatOptions;
use leakdiff::model::SourceCode;

use super::BOUNDS;

/// The outcome, and the errors of inputs that could not be used.
pub struct Judged {
    pub outcome: Option<Outcome>,
    pub errors: Vec<String>,
}

impl Judged {
    /// Judges texts with these options; `pieces` cuts each into pieces of whole lines.
    pub fn of<'a>(
        options: Options,
        texts: &'a [impl AsRef<str>],
        pieces: impl Fn(&'a str) -> Vec<&'a str>,
    ) -> Self {
        let mut errors = Vec::new();
        let mut analysis = match Analysis::new(options) {
            Ok(analysis) => analysis,
            Err(error) => return Self { outcome: None, errors: vec![error.to_string()] },
        };
        for (name, text) in ["a.log", "b.log", "c.log"].iter().zip(texts) {
            let text = text.as_ref();
            let mut reading = analysis.begin(name);
            for piece in pieces(text) {
                if !reading.read(piece) {
                    break;
                }
            }
            let read = reading.finish(text.len() as u64);
            errors.extend(analysis.take(read).err().map(|error| error.to_string()));
        }
        let outcome = analysis.join().map(|joined| joined.judge(SourceCode::default()));
        errors.extend(outcome.as_ref().err().map(ToString::to_string));
        Self { outcome: outcome.ok(), errors }
    }

    /// The same of whole texts.
    pub fn whole(options: Options, texts: &[impl AsRef<str>]) -> Self {
        Self::of(options, texts, |text| vec![text])
    }

    /// Everything as text.
    pub fn described(&self) -> String {
        let outcome = self.outcome.as_ref().map(|Outcome { report, baseline }| {
            format!(
                "{}\n{}",
                serde_json::to_string(report).unwrap(),
                serde_json::to_string(baseline).unwrap()
            )
        });
        format!("{:?}\n{}", self.errors, outcome.unwrap_or_default())
    }
}

/// The options of a check of these bounds, that folds no growth.
pub fn options() -> Options {
    Options {
        check: true,
        fold_below_bytes: Some(0.0),
        reading: FormatOptions { bounds: BOUNDS, ..FormatOptions::default() },
        ..Options::default()
    }
}
