//! Files whose names differ in a number or a date only.

/// Endings of compressed files.
const COMPRESSED: [&str; 7] = [".gz", ".xz", ".bz2", ".zst", ".zstd", ".lzma", ".lz4"];

/// Returns the name of a source without its numbers, dates and ages: equal for the files of one rotated log, and for
/// the files of one folder that are numbered or dated.
///
/// Of the folders on the way only dates and archives are left out, since numbered folders mostly tell processes apart.
#[must_use]
pub fn family(source: &str) -> String {
    let mut folders: Vec<&str> = source.split(['/', '\\']).collect();
    let mut file = folders.pop().unwrap_or_default();
    while let Some(rest) = COMPRESSED.iter().find_map(|ending| file.strip_suffix(ending)) {
        file = rest;
    }
    let mut text = String::new();
    for folder in folders.into_iter().filter(|folder| !is_archive(folder)) {
        text.push_str(if is_date(folder) { "" } else { folder });
        text.push('/');
    }
    text + &without_numbers(file)
}

/// Whether two families have one file name in folders beside one another, such as `web-7d9f/app.log` and
/// `web-x2k4/app.log`: the folders are those of several pods or services.
pub(super) fn are_siblings(one: &str, other: &str) -> bool {
    let parts =
        |family: &str| family.rsplit_once('/').map(|(folder, file)| (folder.to_owned(), file.to_owned()));
    let (Some((one, file)), Some((other, other_file))) = (parts(one), parts(other)) else { return false };
    let depth = |folder: &str| folder.matches('/').count();
    file == other_file && one != other && depth(&one) == depth(&other)
}

/// Whether the name of a folder is a date: digits and signs between them.
fn is_date(folder: &str) -> bool {
    let digits = folder.bytes().filter(u8::is_ascii_digit).count();
    digits >= 6 && folder.bytes().all(|b| b.is_ascii_digit() || b"-_.T:Z".contains(&b))
}

/// Whether the name of a folder says that older files are kept in it.
fn is_archive(folder: &str) -> bool {
    const ARCHIVES: [&str; 6] = ["old", "archive", "archived", "rotated", "backup", "previous"];
    ARCHIVES.iter().any(|known| known.eq_ignore_ascii_case(folder))
}

/// Whether a word of a file's name is a weekday or a month, or says that the file is an older one.
fn is_age(word: &str) -> bool {
    const WORDS: [&str; 42] = [
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "old",
        "bak",
        "prev",
        "previous",
        "orig",
    ];
    WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Splits a name at the signs that people put between its words.
fn words(file: &str) -> impl DoubleEndedIterator<Item = &str> {
    file.split(['.', '-', '_', ' ', ':', '@', '+'])
}

/// Removes runs of digits with the signs around them.
fn without_numbers(file: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for word in words(file) {
        let bare = word.trim_matches(|c: char| c.is_ascii_digit());
        // `T` and `Z` of a time stand among digits.
        let of_time = matches!(bare, "T" | "t" | "Z" | "z") && bare.len() < word.len();
        if !bare.is_empty() && !of_time && !is_age(bare) {
            kept.push(bare);
        }
    }
    kept.join(".")
}

/// Returns the number that counts the files of a family, and the name without it: `pod2-0001.txt` is the first of
/// `pod2`.
#[must_use]
pub fn place_in_family(source: &str) -> (String, Option<u64>) {
    let file = source.rsplit(['/', '\\']).next().unwrap_or(source);
    let all: Vec<&str> = words(file).collect();
    let number = |word: &str| word.parse::<u64>().ok();
    let Some(last) = all.iter().rposition(|word| number(word).is_some()) else {
        return (file.to_owned(), None);
    };
    let others: Vec<&str> =
        all.iter().enumerate().filter(|(at, _)| *at != last).map(|(_, word)| *word).collect();
    (others.join("."), number(all[last]))
}

#[cfg(test)]
mod tests {
    use super::{family, place_in_family};

    #[test]
    fn the_last_number_counts() {
        for (name, place) in [
            ("dump/pod2-0001.txt", ("pod2.txt", Some(1))),
            ("service.log", ("service.log", None)),
            ("service.log.3", ("service.log", Some(3))),
        ] {
            assert_eq!(place_in_family(name), (place.0.to_owned(), place.1));
        }
    }

    #[test]
    fn files_that_differ_in_a_number_or_a_date_are_one_family() {
        for (names, one) in [
            (&["report.0.txt", "report.1.txt", "report.txt", "report.10.txt.gz"][..], true),
            (&["2024-05-23.txt", "2024-05-24.txt", "20240525.txt", "2024-05-23T12:00:00Z.txt"], true),
            (&["service.log", "service.log.1", "service.log.2.gz", "service.log-20240523.xz"], true),
            (&["dump/0001.txt", "dump/0002.txt"], true),
            (&["2024-05-23/mem.txt", "2024-05-24/mem.txt"], true),
            (&["mem-Mon.txt", "mem-Tue.txt", "mem.txt"], true),
            (&["mem.log", "mem.log.old", "old/mem.log.1", "archive/mem.log.2.gz"], true),
            (&["pod-1/mem.txt", "pod-2/mem.txt"], false),
            (&["before.txt", "after.txt"], false),
            (&["web.txt", "db.txt"], false),
            (&["a/1.txt", "b/1.txt"], false),
        ] {
            let families: Vec<String> = names.iter().map(|name| family(name)).collect();
            assert_eq!(families.windows(2).all(|pair| pair[0] == pair[1]), one, "{families:?}");
        }
    }
}
