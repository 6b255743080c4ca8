//! The units of `free`, which it does not print: those of its command, or of the numbers themselves.

use crate::formats::size::Multiples;

/// Units, as far as they are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Units {
    pub(super) bare: f64,
    pub(super) multiples: Multiples,
}

/// Returns the unit of bare numbers: the total is that of a machine, and the kernel counts in pages, which are at least
/// four KiB.
pub(super) fn bare(row: &[f64]) -> (f64, &'static str) {
    const MIB: f64 = 1_048_576.0;
    let total = row.first().copied().unwrap_or(0.0);
    let all_are_multiples_of = |of: f64| row.iter().all(|number| number % of == 0.0);
    if total >= 64.0 * MIB && all_are_multiples_of(1024.0) {
        (1.0, "bytes")
    } else if total >= MIB && total % 4.0 != 0.0 && row.iter().skip(1).any(|number| number % 4.0 != 0.0) {
        (1000.0, "kilobytes of 1000 bytes")
    } else if total >= MIB || total >= 65_536.0 && all_are_multiples_of(4.0) {
        (1024.0, "KiB")
    } else if total >= 128.0 {
        (MIB, "MiB")
    } else {
        (1024.0 * MIB, "GiB")
    }
}

/// Returns the meaning of `G`. Columns are one wider since `Gi` is written for powers of 1024: there, `G` is one of
/// 1000.
pub(super) fn multiples(line: &str, fields: &[&str]) -> Multiples {
    const OF_TOTAL: usize = 20;
    let Some(total) = fields.first() else { return Multiples::Binary };
    let end = total.as_ptr() as usize + total.len() - line.as_ptr() as usize;
    let columns = line.get(..end).map_or(0, |text| text.chars().count());
    let is_without_i = fields.iter().all(|field| !field.contains('i'));
    if is_without_i && columns == OF_TOTAL { Multiples::Decimal } else { Multiples::Binary }
}

/// Returns the units that a command asks for, if a line has one: `$ free -m -s 2`, `free --si`.
pub(super) fn command(line: &str) -> Option<Units> {
    let mut words = line.split_ascii_whitespace().skip_while(|word| !is_free(word));
    words.next()?;
    let (mut power, mut base) = (None, None);
    for word in words {
        match word {
            "--si" => base = Some(Multiples::Decimal),
            "--bytes" => power = Some(0),
            "--kilo" | "--mega" | "--giga" => {
                base = Some(Multiples::Decimal);
                power = Some(match word {
                    "--kilo" => 1,
                    "--mega" => 2,
                    _ => 3,
                });
            }
            "--kibi" => power = Some(1),
            "--mebi" => power = Some(2),
            "--gibi" => power = Some(3),
            "--human" => power = Some(1),
            _ if word.starts_with('-') && !word.starts_with("--") => {
                for letter in word.chars().skip(1) {
                    match letter {
                        'b' => power = Some(0),
                        'k' | 'h' => power = Some(1),
                        'm' => power = Some(2),
                        'g' => power = Some(3),
                        _ => {}
                    }
                }
            }
            _ if word.starts_with(|c: char| c.is_ascii_digit()) => {}
            _ => break,
        }
    }
    let multiples = base.unwrap_or(Multiples::Binary);
    let power = power.or_else(|| base.map(|_| 1))?;
    let step: f64 = if multiples == Multiples::Decimal { 1000.0 } else { 1024.0 };
    Some(Units { bare: step.powi(power), multiples })
}

/// Whether a word is the program, perhaps with a path or the sign of a loop.
fn is_free(word: &str) -> bool {
    word.rsplit('/').next().is_some_and(|name| name.trim_matches(['$', '(', '`', '"', '\'']) == "free")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_bare_numbers() {
        for (row, unit) in [
            (&[25_276_510_208.0, 2_380_500_992.0, 17_188_093_952.0][..], "bytes"),
            (&[24_684_092.0, 2_227_024.0, 12_613_328.0], "KiB"),
            (&[25_276_510.0, 2_380_500.0, 12_613_327.0], "kilobytes of 1000 bytes"),
            (&[505_012.0, 102_400.0, 89_600.0], "KiB"),
            (&[515_873.0, 102_401.0, 89_600.0], "MiB"),
            (&[24_105.0, 2_270.0, 16_391.0], "MiB"),
            (&[23.0, 2.0, 16.0], "GiB"),
        ] {
            assert_eq!(bare(row).1, unit, "{row:?}");
        }
    }

    #[test]
    fn units_of_commands() {
        let bytes = |line| command(line).map(|units| units.bare);
        for (line, expected) in [
            ("$ free -m -s 2", Some(1_048_576.0)),
            ("node1:~$ free --mega -t", Some(1e6)),
            ("$ free -m --si", Some(1e6)),
            ("$ /usr/bin/free -wb", Some(1.0)),
            ("$ free", None),
            ("lock-free -m", None),
        ] {
            assert_eq!(bytes(line), expected, "{line}");
        }
    }
}
