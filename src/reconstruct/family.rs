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
    match profile_of_process(file) {
        Some((prefix, pid)) => text + &format!("{prefix}.{{{pid}}}.heap"),
        None => text + &without_numbers(file),
    }
}

/// Returns the prefix and the process id of the name that jemalloc gives to a profile: `jeprof.13.10.i10.heap` is the
/// tenth of process 13; the letter is its reason (an interval, by hand, a new maximum, the end).
fn profile_of_process(file: &str) -> Option<(&str, &str)> {
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let mut words = file.strip_suffix(".heap")?.rsplitn(4, '.');
    let (reason, sequence, pid, prefix) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let number = reason.strip_prefix(['i', 'm', 'u', 'f'])?;
    let is_reason = is_number(number) || reason == "f";
    (is_reason && is_number(sequence) && is_number(pid)).then_some((prefix, pid))
}

/// Whether two families have one file name in folders beside one another, such as `web-7d9f/app.log` and
/// `web-x2k4/app.log`: the folders are those of several pods or services. Profiles with process ids in their names,
/// in one folder, are those of several processes.
pub(super) fn are_siblings(one: &str, other: &str) -> bool {
    let parts =
        |family: &str| family.rsplit_once('/').map(|(folder, file)| (folder.to_owned(), file.to_owned()));
    let (Some((one, file)), Some((other, other_file))) = (parts(one), parts(other)) else { return false };
    let depth = |folder: &str| folder.matches('/').count();
    let of_processes = |file: &str| file.split_once('{').is_some_and(|(_, rest)| rest.ends_with("}.heap"));
    if one == other && file != other_file && of_processes(&file) && of_processes(&other_file) {
        return true;
    }
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
    use super::{are_siblings, family, place_in_family};

    #[test]
    fn profiles_of_several_processes_are_siblings() {
        for (one, other, siblings) in [
            ("a/jeprof.13.9.i9.heap", "a/jeprof.14.9.i9.heap", true),
            ("a/jeprof.13.9.i9.heap", "a/jeprof.13.10.f.heap", false),
            ("a/shop.0009.heap", "a/web.0009.heap", false),
        ] {
            assert_eq!(are_siblings(&family(one), &family(other)), siblings, "{one} {other}");
        }
    }

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
            (
                &[
                    "jeprof.13.9.i9.heap",
                    "jeprof.13.10.i10.heap",
                    "jeprof.13.11.f.heap",
                    "jeprof.13.3.m3.heap",
                ],
                true,
            ),
            (&["jeprof.13.9.i9.heap", "jeprof.14.9.i9.heap"], false),
            (&["shop.0009.heap", "shop.0010.heap"], true),
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
