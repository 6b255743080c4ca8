//! The names of numbers that share one label: `memory (current, peak): (5, 7)`, `5 MiB/7 MiB GO alloc/idle`.

/// Returns the name of one number of a tuple: `memory peak` of the second of `memory (current, peak)`.
#[must_use]
pub fn name_in_tuple(label: &str, rank: usize) -> Option<String> {
    let (heading, names) = label.strip_suffix(')')?.rsplit_once('(')?;
    let name = names.split(',').nth(rank)?.trim();
    Some(format!("{} {name}", heading.trim()).trim().to_owned())
}

/// Returns the name of one number of a list: `GO total` of the third in `GO alloc/idle/total`.
#[must_use]
pub fn name_in_list(label: &str, rank: usize) -> Option<String> {
    let mut names = label.split('/').map(str::trim);
    let first = names.next()?;
    let shared = first.rsplit_once(' ').map_or("", |(shared, _)| shared);
    if rank == 0 {
        return Some(first.to_owned());
    }
    let name = names.nth(rank - 1)?;
    Some(format!("{shared} {name}").trim().to_owned())
}
