//! Completions for shells and the manual page, from the definition of the flags.

use std::io::{self, Write as _};
use std::path::Path;

use clap::{Command, ValueEnum};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::output;

/// The name of the completed command.
const NAME: &str = "leakdiff";

/// The heading of clap for the text below the options.
const EXTRA: &str = ".SH EXTRA\n";

/// Texts that are generated from the definition of the flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Generated {
    /// Completions for Bash
    Bash,
    /// Completions for Zsh
    Zsh,
    /// Completions for fish
    Fish,
    /// Completions for PowerShell
    #[value(name = "powershell")]
    PowerShell,
    /// Completions for Elvish
    Elvish,
    /// The manual page, in roff
    Man,
}

impl Generated {
    /// Writes the text for the options of a command to a file or to standard output.
    ///
    /// # Errors
    /// Those of writing.
    pub fn write(self, command: Command, file: Option<&Path>) -> io::Result<()> {
        let text = self.text(command)?;
        match file {
            Some(path) => output::write(path, |out| out.write_all(&text)),
            None => io::stdout().lock().write_all(&text),
        }
    }

    /// Returns the text for the options of a command.
    fn text(self, mut command: Command) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        let shell = match self {
            Self::Bash => Shell::Bash,
            Self::Zsh => Shell::Zsh,
            Self::Fish => Shell::Fish,
            Self::PowerShell => Shell::PowerShell,
            Self::Elvish => Shell::Elvish,
            Self::Man => {
                page(command, &mut text)?;
                return Ok(text);
            }
        };
        generate(shell, &mut command, NAME, &mut text);
        Ok(text)
    }
}

/// Writes the manual page. The text below the options is lines of commands, which must not be filled.
fn page(command: Command, text: &mut Vec<u8>) -> io::Result<()> {
    let man = Man::new(command);
    man.render_title(text)?;
    man.render_name_section(text)?;
    man.render_synopsis_section(text)?;
    man.render_description_section(text)?;
    man.render_options_section(text)?;
    let mut below = Vec::new();
    man.render_extra_section(&mut below)?;
    // The title precedes the heading a second time.
    let below = String::from_utf8_lossy(&below);
    let (_, below) = below.split_once(EXTRA).unwrap_or(("", &below));
    write!(text, ".SH EXAMPLES\n.nf\n{below}.fi\n")?;
    man.render_version_section(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use std::fs;
    use std::process::{Command as Program, Output};

    use clap::CommandFactory;

    use super::super::flags::Flags;
    use super::*;

    fn text(what: Generated) -> String {
        String::from_utf8(what.text(Flags::command()).unwrap()).unwrap()
    }

    /// Returns the output of a program for a file with this text in place of `{}`; `None`, with a message, where there
    /// is no such program. In CI there has to be one: a test that does not run must not pass.
    fn asked(program: &str, arguments: &[&str], text: &str) -> Option<Output> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("generated");
        fs::write(&file, text).unwrap();
        let file = file.to_str().unwrap();
        let arguments: Vec<String> = arguments.iter().map(|a| a.replace("{}", file)).collect();
        let output = Program::new(program).args(&arguments).output();
        if let Err(cause) = &output {
            assert!(std::env::var_os("CI").is_none(), "{program}: {cause}; .ci/run installs it");
            eprintln!("skipped: there is no {program} here");
        }
        output.ok()
    }

    #[test]
    fn every_long_option_is_in_all_of_them() {
        let mut command = Flags::command();
        command.build();
        let options: Vec<&str> = command.get_arguments().filter_map(clap::Arg::get_long).collect();
        assert!(options.len() > 15, "{options:?}");
        for what in Generated::value_variants() {
            let text = text(*what);
            for option in &options {
                let written = match what {
                    Generated::Fish => format!("-l {option}"),
                    Generated::Man => format!("\\-\\-{}", option.replace('-', "\\-")),
                    _ => format!("--{option}"),
                };
                assert!(text.contains(&written), "{what:?} lacks {written}");
            }
        }
    }

    #[test]
    fn shells_take_them() {
        for (what, shell) in [(Generated::Bash, "bash"), (Generated::Zsh, "zsh"), (Generated::Fish, "fish")] {
            let Some(output) = asked(shell, &["-n", "{}"], &text(what)) else { continue };
            assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {output:?}");
        }
    }

    #[test]
    fn bash_completes_values_and_options() {
        for (words, offered) in
            [("--format ''", "table json"), ("--sort s", "size"), ("--inp", "--input-format")]
        {
            let last = words.split(' ').next_back().unwrap();
            let script = format!(
                "source {{}}; COMP_WORDS=(leakdiff {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
                 _leakdiff leakdiff {last} \"${{COMP_WORDS[COMP_CWORD - 1]}}\"; echo \"${{COMPREPLY[@]}}\""
            );
            let Some(output) = asked("bash", &["-c", &script], &text(Generated::Bash)) else { return };
            let reply = String::from_utf8_lossy(&output.stdout);
            assert!(reply.starts_with(offered), "{words}: {output:?}");
        }
    }

    #[test]
    fn the_manual_page_is_sound() {
        let page = text(Generated::Man);
        let Some(output) = asked("groff", &["-man", "-ww", "-Tutf8", "{}"], &page) else { return };
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        // An example keeps its line.
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(shown.lines().any(|line| line.contains("leakdiff report.txt   ")), "{shown}");
    }
}
